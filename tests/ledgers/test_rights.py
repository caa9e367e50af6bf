"""Who sees an import, who goes on with it, and the second person whom changes of published projects wait for."""

import pytest
from django.test import Client

from ledgers import imports, rights
from ledgers.models import LedgerImport, LedgerRow, LedgerTemplate
from liangzhou.audit import AuditEntry
from projects.models import Project
from projects.stages import Stage
from tests.answers import page_of
from tests.factories import (
    EnterpriseFactory,
    IndustryChainFactory,
    LedgerTemplateFactory,
    PlaceFactory,
    ProjectFactory,
    UserFactory,
)
from tests.ledgers.desk import LIST, SHEET, address, ready, signed_in, told
from tests.ledgers.sheets import checked, csv_file

pytestmark = pytest.mark.django_db

State, Outcome, Decision = LedgerImport.State, LedgerRow.Outcome, LedgerRow.Decision
PAGES = ["change", "columns"]
BUTTONS = ["columns", "check", "decide", "options", "confirm", "discard"]
CODE_OF_A_COMPANY = "91110000600037341L"


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def member(*roles, **given):
    return UserFactory(roles=[*roles], **given)


def force():
    """Somebody of the task force of one chain."""
    return member("task_force", chains=[IndustryChainFactory()])


def clerk_of_a_place():
    return member("place_clerk", places=[PlaceFactory()])


def state_of(found):
    """All that a button could change."""
    rows = list(found.rows.order_by("pk").values("outcome", "decision"))
    return LedgerImport.objects.filter(pk=found.pk).values().get(), rows, Project.objects.count()


FORGED = {"outcome": "duplicate", "all": "other", "leave_out_wrong": "on", "override_reason": "x", "column-0": "name"}


# Own imports


@pytest.mark.parametrize("role", [force, clerk_of_a_place])
@pytest.mark.parametrize("owner", ["colleague", "nobody"])
def test_limited_person_does_not_find_imports_of_others(role, owner):
    person = role()
    found = ready(Outcome.DUPLICATE, by=force() if owner == "colleague" else None, file_name="FOREIGN.xlsx")
    client, before = client_of(person), state_of(found)

    opened = [client.get(address(found, page)).status_code for page in (*PAGES, *BUTTONS)]
    pressed = [client.post(address(found, page), FORGED).status_code for page in BUTTONS]
    marked = client.get(f"{LIST}{found.pk}/marked.xlsx").status_code

    assert {*opened, *pressed, marked} == {404}
    assert state_of(found) == before
    assert "FOREIGN" not in client.get(LIST).content.decode()
    assert AuditEntry.objects.filter(action__in=["export", "import"]).count() == 0


@pytest.mark.parametrize("role", [force, clerk_of_a_place])
def test_limited_person_goes_on_with_an_own_import(role):
    person = role()
    client = client_of(person)
    found = ready(Outcome.NEW, by=person, file_name="六月.xlsx")
    ready(Outcome.NEW, by=force(), file_name="五月.xlsx")

    assert page_of(client.get(LIST)).one("main").texts("th.field-file_name") == ["六月.xlsx"]
    assert page_of(client.get(address(found))).all("form", id="confirm") != []
    client.post(address(found, "discard"))
    found.refresh_from_db()
    assert found.state == State.DISCARDED


def test_bureau_goes_on_with_the_import_of_a_task_force():
    found = ready(Outcome.NEW, by=force())

    response = client_of(member("editor")).post(address(found, "discard"))

    found.refresh_from_db()
    assert (response.url, found.state) == (address(found), State.DISCARDED)


def test_forged_decision_for_a_row_of_another_import_changes_nothing():
    person = force()
    own, other = ready(Outcome.DUPLICATE, by=person), ready(Outcome.DUPLICATE, by=force())
    forged = {"outcome": "duplicate", f"decision-{other.rows.get().pk}": "other"}

    client_of(person).post(address(own, "decide"), forged)

    assert [row.decision for row in LedgerRow.objects.all()] == ["", ""]


# Who only looks


@pytest.mark.parametrize(
    ("state", "sheet"), [(State.READY, {}), (State.MAPPING, SHEET), (State.CHECKING, {}), (State.DISCARDED, {})]
)
def test_auditor_sees_an_import_without_a_button(state, sheet):
    client = client_of(member("auditor"))
    options = {"sheets": [sheet]} if sheet else {}
    found = ready(Outcome.DUPLICATE, Outcome.WRONG, by=force(), file_name="六月.xlsx", **options)
    LedgerImport.objects.filter(pk=found.pk).update(state=state)

    page = page_of(client.get(address(found))).one("main")

    assert page_of(client.get(LIST)).one("main").texts("th.field-file_name") == ["六月.xlsx"]
    assert page.all("button", type="submit") == []
    assert page.all("input", type="submit") == []
    assert [link["href"] for link in page.all("a") if link["href"].endswith("/add/")] == []


def test_auditor_presses_nothing():
    client, found = client_of(member("auditor")), ready(Outcome.DUPLICATE, by=force())
    before = state_of(found)

    pressed = [client.post(address(found, page), FORGED).status_code for page in BUTTONS]
    brought = [client.get(f"{LIST}add/").status_code, client.post(f"{LIST}add/").status_code]

    assert set(pressed + brought) == {403}
    assert state_of(found) == before


@pytest.mark.parametrize("role", ["administrator", "security", "publisher", "service_officer", "leader"])
def test_other_roles_see_no_imports(role):
    client, found = client_of(member(role)), ready(Outcome.NEW)

    opened = [client.get(LIST + page).status_code for page in ("", "add/", "template.xlsx", f"{found.pk}/change/")]
    pressed = [client.post(address(found, page), FORGED).status_code for page in BUTTONS]

    assert set(opened + pressed) == {403}


# Templates


TEMPLATES = "/admin/ledgers/ledgertemplate/"


def test_limited_person_uses_a_template_of_others_and_leaves_it_as_it_is(tmp_path):
    person = force()
    path = csv_file(tmp_path / "a.csv", [["工程名", "项目名称"], ["x", "牧场项目"]])
    signature = imports.headings.signature(["工程名", "项目名称"])
    template = LedgerTemplateFactory(signature=signature, meanings={"工程名": "parent"}, created_by=member("editor"))
    before = LedgerTemplate.objects.filter(pk=template.pk).values().get()

    found = imports.start(path, "a.csv", by=person)
    assert (found.state, found.template) == (State.CHECKING, template)
    imports.name_columns(found, {"工程名": "summary"}, template_name="改名", by=person)

    assert found.sheets[0]["meanings"] == ["summary", "name"]
    assert LedgerTemplate.objects.filter(pk=template.pk).values().get() == before


@pytest.mark.parametrize(("role", "statuses"), [("task_force", (302, 302)), ("auditor", (403, 200))])
def test_template_of_others_is_neither_renamed_nor_deleted(role, statuses):
    client, template = client_of(member(role)), LedgerTemplateFactory(created_by=member("editor"))
    change = f"{TEMPLATES}{template.pk}/change/"
    many = {"action": "delete_selected", "_selected_action": template.pk, "post": "yes"}

    client.post(change, {"name": "改名", "_version": template.version})
    refused = client.post(f"{TEMPLATES}{template.pk}/delete/", {"post": "yes"}).status_code
    client.post(TEMPLATES, many)

    assert list(LedgerTemplate.objects.values_list("pk", "name")) == [(template.pk, template.name)]
    assert (refused, client.get(change).status_code) == statuses  # to who is limited it is not there


def test_own_template_is_renamed_and_deleted():
    person = force()
    client, template = client_of(person), LedgerTemplateFactory(created_by=person)

    client.post(f"{TEMPLATES}{template.pk}/change/", {"name": "改名", "_version": template.version})
    assert LedgerTemplate.objects.get().name == "改名"
    client.post(f"{TEMPLATES}{template.pk}/delete/", {"post": "yes"})
    assert LedgerTemplate.objects.count() == 0


# The second person


@pytest.fixture
def changing(tmp_path):
    """An import of an editor that changes a published project and enters another."""
    project = ProjectFactory(code="LZ000001", stage=Stage.SIGNED, published=True, internal_remark="")
    rows = [["编号", "项目名称", "备注"], [project.code, project.name, "急"], ["", "牧场项目", ""]]
    return checked(csv_file(tmp_path / "a.csv", rows), by=member("editor"))


def press(user, found):
    """What a page of this person sends when they press the button on it."""
    client = client_of(user)
    page = page_of(client.get(address(found)))
    seen = [box["value"] for box in page.all("input", type="hidden") if box["name"] == "seen"]
    return client.post(address(found, "confirm"), {"seen": seen[0]} if seen else {})


def remark():
    return Project.objects.get(code="LZ000001").internal_remark


def test_changes_of_published_projects_are_written_by_who_brought_them_where_nothing_waits(changing):
    press(changing.by, changing)

    assert (remark(), Project.objects.count()) == ("急", 2)


@pytest.mark.parametrize("roles", [["editor"], ["editor", "publisher"]])
def test_who_brought_the_file_in_does_not_confirm_changes_of_published_projects(changing, settings, roles):
    settings.REVIEW_CHANGES = True
    changing.by.groups.set(member(*roles).groups.all())

    page = page_of(client_of(changing.by).get(address(changing))).one("main")
    response = press(changing.by, changing)

    assert "disabled" in page.one("button", form="confirm").attrs
    assert len(told(response)) == 1
    changing.refresh_from_db()
    assert (changing.state, remark(), Project.objects.count()) == (State.READY, "", 1)
    entry = AuditEntry.objects.filter(action="import").latest("number")
    assert (entry.actor_id, entry.result, entry.details["step"]) == (changing.by_id, "refused", "confirmed")


def test_colleague_who_may_not_publish_is_not_the_second_person(changing, settings):
    settings.REVIEW_CHANGES = True

    press(member("editor"), changing)

    assert (remark(), Project.objects.count()) == ("", 1)


def test_publisher_confirms_what_others_brought_in(changing, settings):
    settings.REVIEW_CHANGES = True
    publisher = member("publisher")
    page = page_of(client_of(publisher).get(address(changing))).one("main")
    buttons = [button["form"] for button in page.all("button", type="submit")]

    press(publisher, changing)

    changing.refresh_from_db()
    assert (buttons, changing.state, remark()) == (["confirm"], State.WRITTEN, "急")
    assert set(Project.objects.values_list("updated_by", flat=True)) == {changing.by_id}
    assert changing.batch.by == publisher
    entry = AuditEntry.objects.filter(action="import").latest("number")
    assert (entry.actor_id, entry.result, entry.details["brought_in_by"], entry.details["written"]) == (
        publisher.pk,
        "done",
        changing.by.username,
        2,
    )


def test_second_person_writes_only_what_they_saw(changing, settings):
    settings.REVIEW_CHANGES = True
    seen = rights.as_decided(changing)
    changing.rows.filter(outcome="changed").update(outcome="duplicate", decision="same")

    response = client_of(member("publisher")).post(address(changing, "confirm"), {"seen": seen})

    assert (len(told(response)), remark()) == (1, "")


@pytest.mark.parametrize("seen", [{}, {"seen": ""}, {"seen": "0" * 64}, {"seen": "\x00"}])
def test_forged_confirmation_of_the_second_person_writes_nothing(changing, settings, seen):
    settings.REVIEW_CHANGES = True

    client_of(member("publisher")).post(address(changing, "confirm"), seen)

    assert (remark(), Project.objects.count()) == ("", 1)


@pytest.mark.parametrize("button", ["columns", "check", "decide", "options", "discard"])
def test_second_person_only_confirms(changing, settings, button):
    settings.REVIEW_CHANGES = True
    before = state_of(changing)

    assert client_of(member("publisher")).post(address(changing, button), FORGED).status_code == 403
    assert state_of(changing) == before


def test_publisher_does_not_confirm_what_changes_nothing_published(changing, settings):
    settings.REVIEW_CHANGES = True
    Project.objects.update(published=False)

    refused = client_of(member("publisher")).post(address(changing, "confirm"), {"seen": rights.as_decided(changing)})

    assert (refused.status_code, Project.objects.count()) == (403, 1)


def test_second_person_is_not_enough_where_who_brought_it_in_may_not_any_more(changing, settings):
    settings.REVIEW_CHANGES = True
    type(changing.by).objects.filter(pk=changing.by_id).update(is_active=False)

    press(member("publisher"), changing)

    assert remark() == ""


def test_import_of_nobody_finds_no_second_person(changing, settings):
    settings.REVIEW_CHANGES = True
    LedgerImport.objects.update(by=None)

    press(member("publisher"), changing)

    assert remark() == ""


@pytest.mark.parametrize(("published", "waits"), [(True, True), (False, False)])
def test_credit_code_of_a_published_company_waits_too(tmp_path, settings, published, waits):
    settings.REVIEW_CHANGES = True
    EnterpriseFactory(name="示例公司", credit_code=None, published=published)
    rows = [["项目名称", "企业名称", "信用代码"], ["牧场项目", "示例公司", CODE_OF_A_COMPANY]]
    found = checked(csv_file(tmp_path / "a.csv", rows), by=member("editor"))

    assert rights.waits_for_review(found) is waits


def test_file_publishes_nothing(tmp_path):
    person = member("editor")
    project = ProjectFactory(stage=Stage.SIGNED, published=False, review="submitted")
    rows = [
        ["编号", "项目名称", "是否公开", "备注"],
        [project.code, project.name, "是", "急"],
        ["", "牧场项目", "是", ""],
    ]

    found = checked(csv_file(tmp_path / "a.csv", rows), by=person)
    imports.confirm(found, by=person)

    assert list(Project.objects.order_by("code").values_list("published", "review", "internal_remark")) == [
        (False, "submitted", "急"),
        (False, "", ""),
    ]


# Rights on companies


@pytest.mark.parametrize("carried_by_others", [False, True])
def test_credit_code_is_given_only_to_companies_that_are_theirs(tmp_path, carried_by_others):
    chain = IndustryChainFactory(name="奶产业")
    person = member("task_force", chains=[chain])
    company = EnterpriseFactory(name="示例公司", credit_code=None, published=False)
    own = ProjectFactory(chain=chain, enterprise=company, stage=Stage.LEAD, published=False)
    if carried_by_others:
        ProjectFactory(enterprise=company)
    rows = [["编号", "项目名称", "企业名称", "信用代码"], [own.code, own.name, company.name, CODE_OF_A_COMPANY]]
    found = checked(csv_file(tmp_path / "a.csv", rows), by=person)

    if carried_by_others:
        with pytest.raises(imports.Refused):
            imports.confirm(found, by=person)
    else:
        imports.confirm(found, by=person)

    company.refresh_from_db()
    assert company.credit_code == (None if carried_by_others else CODE_OF_A_COMPANY)


def test_companies_are_entered_by_those_who_may_add_companies_and_units(tmp_path):
    chain = IndustryChainFactory(name="奶产业")
    person = member("task_force", chains=[chain])
    rows = [["项目名称", "产业链", "企业名称"], ["牧场项目", chain.name, "全新公司"]]
    found = checked(csv_file(tmp_path / "a.csv", rows), by=person, enter_companies=True)

    with pytest.raises(imports.Refused):
        imports.confirm(found, by=person)

    assert Project.objects.count() == 0


def test_import_needs_the_rights_it_always_needed():
    assert signed_in(["projects.add_project"]).get(LIST).status_code == 403
