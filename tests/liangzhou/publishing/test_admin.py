"""The state of a record in the admin: the panel, the acts of one record, the lists, what waits for whom."""

import pytest
from django.test import Client
from django.urls import reverse

from enterprises.models import Enterprise
from liangzhou.audit import AuditEntry
from projects.models import Project
from tests.answers import page_of
from tests.factories import EnterpriseFactory, IndustryChainFactory, ProjectFactory, UserFactory
from tests.opened_form import open_form

pytestmark = pytest.mark.django_db

STATES = {
    "draft": {"published": False},
    "waiting": {"published": False, "review": "submitted"},
    "returned": {"published": False, "review": "returned", "review_note": "缺来源"},
    "public": {"published": True},
}
TYPED = {"give_back": {"text": "缺立项文号"}, "withdraw": {"text": "数据有误"}}


def signed_in(*roles, user=None, **given):
    client = Client()
    client.user = user or UserFactory(roles=roles, **given)
    client.force_login(client.user)
    return client


def url(page, record):
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_{page}", args=[record.pk])


def post(client, record, code, **typed):
    data = {"act": code, "_version": str(record.version), **TYPED.get(code, {}), **typed}
    response = client.post(url("publishing", record), data)
    record.refresh_from_db()
    return response


def offered(client, record, page="change"):
    """The acts that have a form on a page."""
    section = page_of(client.get(url(page, record))).one("section.publishing")
    return [field["value"] for field in section.all("input", name="act")]


# The panel


@pytest.mark.parametrize(("role", "acts"), [
    ("editor", {"draft": ["submit"], "waiting": [], "returned": ["submit"], "public": []}),
    ("publisher", {"draft": [], "waiting": ["publish", "give_back"], "returned": [], "public": ["withdraw"]}),
    ("leader", {"draft": [], "waiting": [], "returned": [], "public": []}),
])  # fmt: skip
def test_panel_offers_what_the_role_may_do_in_this_state(role, acts):
    client = signed_in(role)
    for state, given in STATES.items():
        record = ProjectFactory(**given)
        assert offered(client, record) == offered(client, record, "publishing") == acts[state]


def test_last_editor_is_told_why_there_is_no_button():
    client = signed_in("editor", "publisher")
    record = ProjectFactory(**STATES["waiting"], updated_by=client.user)
    section = page_of(client.get(url("change", record))).one("section.publishing")
    assert (len(section.all(".refusal")), offered(client, record)) == (1, ["give_back"])


def test_note_of_a_return_is_shown_until_it_is_submitted_again():
    client, record = signed_in("editor"), ProjectFactory(**STATES["returned"])
    assert "缺来源" in client.get(url("change", record)).content.decode()
    assert post(client, record, "submit").status_code == 302
    assert (record.review, record.review_note) == ("submitted", "")
    assert "缺来源" not in client.get(url("change", record)).content.decode()


def test_panel_says_what_becomes_of_changes(settings):
    client, record, said = signed_in("editor"), ProjectFactory(), []
    for settings.REVIEW_CHANGES in (False, True):
        said.append(page_of(client.get(url("publishing", record))).one("section.publishing").text)
    assert said[0] != said[1]


def test_new_record_and_popup_have_no_panel():
    client, record = signed_in("editor"), ProjectFactory()
    pages = [reverse("admin:projects_project_add"), f"{url('change', record)}?_popup=1"]
    assert [page_of(client.get(page)).all("section.publishing") for page in pages] == [[], []]


# The acts of one record


def test_record_goes_from_desk_to_desk():
    editor, publisher, record = signed_in("editor"), signed_in("publisher"), ProjectFactory(**STATES["draft"])
    for client, code in [(editor, "submit"), (publisher, "give_back"), (editor, "submit"), (publisher, "publish")]:
        assert post(client, record, code).status_code == 302
    assert (record.published, record.version) == (True, 5)
    response = post(publisher, record, "withdraw")
    assert (response["Location"], record.published) == (url("change", record), False)


@pytest.mark.parametrize("code", TYPED)
@pytest.mark.parametrize("text", ["", "  ", "长" * 301, "a\x00b"])
def test_missing_or_impossible_note_is_told_at_its_field(code, text):
    client, record = signed_in("publisher"), ProjectFactory(**STATES["waiting" if code == "give_back" else "public"])
    page = page_of(post(client, record, code, text=text))
    assert (len(page.one(f"form.{code}").all("ul.errorlist")), record.version) == (1, 1)
    assert "open" in page.one("section.publishing").one("details", open=None).attrs


@pytest.mark.parametrize("version", ["", "7", "-1", "abc", "9" * 400, "²"])
def test_what_was_not_looked_at_is_not_published(version):
    client, record = signed_in("publisher"), ProjectFactory(**STATES["waiting"])
    page = page_of(post(client, record, "publish", _version=version))
    assert (len(page.all("p.errornote")), record.published) == (1, False)


@pytest.mark.parametrize(("role", "code", "state"), [
    ("editor", "publish", "waiting"), ("editor", "give_back", "waiting"), ("editor", "withdraw", "public"),
    ("publisher", "submit", "draft"), ("leader", "publish", "waiting"), ("auditor", "submit", "draft"),
])  # fmt: skip
def test_forged_act_is_refused_and_audited(role, code, state):
    client, record = signed_in(role), ProjectFactory(**STATES[state])
    assert (post(client, record, code).status_code, record.version) == (403, 1)
    entry = AuditEntry.objects.get(action={"give_back": "return"}.get(code, code))
    assert (entry.result, entry.actor_id, entry.target_id) == ("refused", client.user.pk, str(record.pk))


def test_records_of_others_are_not_there():
    client = signed_in("task_force", chains=[IndustryChainFactory()])
    record = ProjectFactory(**STATES["draft"], chain=IndustryChainFactory(), name="绝密项目")
    answers = [post(client, record, "submit"), *(client.get(url(page, record)) for page in ("publishing", "preview"))]
    assert [(answer.status_code, "绝密" in answer.content.decode()) for answer in answers] == [(404, False)] * 3
    assert record.version == 1


@pytest.mark.parametrize("role", ["administrator", "security"])
def test_those_who_see_no_records_get_nothing(role):
    client, record = signed_in(role), ProjectFactory()
    assert [client.get(url(page, record)).status_code for page in ("publishing", "preview")] == [403, 403]


@pytest.mark.parametrize("key", ["0", "-1", "abc", "9" * 40, "%00", "储能"])
@pytest.mark.parametrize("page", ["publishing", "preview"])
def test_record_that_is_not_there_is_no_error(key, page):
    assert signed_in("editor").get(f"/admin/projects/project/{key}/{page}/").status_code in (400, 404)


def test_act_that_there_is_not_is_not_found():
    assert post(signed_in("publisher"), ProjectFactory(), "delete").status_code == 404


# Nothing else publishes


def test_form_that_claims_to_publish_does_not():
    client, record = signed_in(user=UserFactory(is_superuser=True)), ProjectFactory(**STATES["draft"])
    data = open_form(client, url("change", record), "project_form")
    forged = {"published": "on", "published_at": "2025-01-01", "review": "submitted", "summary": "新简介"}
    assert ("published" in data, client.post(url("change", record), data | forged).status_code) == (False, 302)
    record.refresh_from_db()
    assert (record.summary, record.published, record.review) == ("新简介", False, "")


def test_company_added_in_a_popup_is_a_draft():
    client = signed_in(user=UserFactory(is_superuser=True))
    add = f"{reverse('admin:enterprises_enterprise_add')}?_popup=1"
    assert client.post(add, open_form(client, add, "enterprise_form") | {"name": "新公司", "published": "on"})
    assert [(company.name, company.published) for company in Enterprise.objects.all()] == [("新公司", False)]


def test_edit_of_a_returned_record_keeps_it_returned_and_its_note():
    client, record = signed_in("editor"), ProjectFactory(**STATES["returned"])
    data = open_form(client, url("change", record), "project_form")
    client.post(url("change", record), data | {"summary": "补了来源"})
    record.refresh_from_db()
    assert (record.summary, record.review, record.review_note) == ("补了来源", "returned", "缺来源")


def test_stage_of_a_published_project_cannot_fall_below_the_signing():
    client, record = signed_in("editor"), ProjectFactory(stage="signed")
    data = open_form(client, url("change", record), "project_form")
    response = client.post(url("change", record), data | {"stage": "lead", "stage_reason": "退回"})
    assert list(response.context["adminform"].form.errors) == ["stage"]


# Lists, and what waits


def test_list_is_narrowed_by_state_and_shows_it():
    client = signed_in("editor")
    for state, given in STATES.items():
        ProjectFactory(name=state, **given)
    address, found = reverse("admin:projects_project_changelist"), {}
    for state in STATES:
        page = page_of(client.get(f"{address}?publishing={state}"))
        found[state] = [(row.one("th.field-name").text, row.one("span.state")["class"])
                        for row in page.one("table", id="result_list").one("tbody").all("tr")]  # fmt: skip
    assert found == {state: [(state, f"state state--{state}")] for state in STATES}
    assert len(client.get(address, {"publishing": "nothing"}).context["cl"].queryset) == 4


def test_first_page_counts_what_waits_for_whom_and_leads_there():
    publisher, editor = signed_in("publisher"), signed_in("editor")
    mine = [ProjectFactory(**STATES["waiting"], updated_by=editor.user) for _number in range(2)]
    ProjectFactory(**STATES["waiting"], updated_by=publisher.user)
    back = EnterpriseFactory(**STATES["returned"], submitted_by=editor.user)
    EnterpriseFactory(**STATES["returned"])
    lists = {}
    for client in (publisher, editor):
        ((sentence, address),) = client.get(reverse("admin:index")).context["waiting_lines"]
        found = client.get(address).context["cl"].queryset
        lists[client] = ([word for word in sentence if word.isdigit()], sorted(found, key=lambda row: row.pk))
    assert lists == {publisher: (["2"], mine), editor: (["1"], [back])}


def test_first_page_of_who_may_neither_tells_nothing():
    ProjectFactory(**STATES["waiting"])
    assert signed_in("leader").get(reverse("admin:index")).context["waiting_lines"] == []
    assert Project.objects.count() == 1
