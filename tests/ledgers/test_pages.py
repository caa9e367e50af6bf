"""The pages on which a ledger is brought in, and what each of their buttons does."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from ledgers.models import LedgerImport, LedgerRow, LedgerTemplate
from projects.models import Project
from tests.answers import page_of
from tests.factories import ChangeBatchFactory, LedgerImportFactory, LedgerRowFactory, ProjectFactory
from tests.ledgers.desk import IMPORTING, LIST, READ, SHEET, address, ready, signed_in, told

pytestmark = pytest.mark.django_db

State, Outcome = LedgerImport.State, LedgerRow.Outcome
JSON = {"Accept": "application/json"}
ENTERING = [*IMPORTING, "enterprises.add_enterprise", "projects.add_unit"]


@pytest.fixture
def client():
    return signed_in()


def ledger(text, name="台账.csv"):
    return {"file": SimpleUploadedFile(name, text.encode("gb18030"))}


def brought_in(client, text):
    """An import that was read and checked."""
    client.post(f"{LIST}add/", ledger(text))
    found = LedgerImport.objects.get()
    client.post(address(found, "check"))
    found.refresh_from_db()
    return found


# The file


def test_empty_form_is_told_at_the_field(client):
    page = page_of(client.post(f"{LIST}add/"))

    assert len(page.one("ul.errorlist").all("li")) == 1
    assert page.one("input", type="file")["accept"] == ".xlsx,.xls,.csv,.txt"


@pytest.mark.parametrize(
    ("name", "content"), [("a.xlsx", b"PK\x03\x04 broken"), ("a.csv", b""), ("a.pdf", b"%PDF-1.7")]
)
def test_unreadable_file_is_told_at_the_field_and_nothing_is_kept(client, name, content):
    page = page_of(client.post(f"{LIST}add/", {"file": SimpleUploadedFile(name, content)}))

    assert len(page.one("ul.errorlist").all("li")) == 1
    assert LedgerImport.objects.count() == 0


def test_file_with_known_headings_goes_on_to_the_check(client):
    response = client.post(f"{LIST}add/", ledger("项目名称,总投资\n冷链物流项目,13亿\n"))

    found = LedgerImport.objects.get()
    assert response.url == address(found)
    assert (found.state, found.file_name, found.total_rows) == (State.CHECKING, "台账.csv", 1)
    assert found.by == response.wsgi_request.user


def test_large_file_is_read_from_the_disk(client):
    rows = "".join(f"第{number}个冷链物流项目,13亿,{'长' * 20_000}\n" for number in range(70))

    client.post(f"{LIST}add/", ledger(f"项目名称,总投资,备注\n{rows}"))

    found = LedgerImport.objects.get()
    assert (found.total_rows, found.size > 2_621_440) == (70, True)  # more than Django keeps in memory


# The columns


@pytest.fixture
def mapping():
    return LedgerImportFactory(state=State.MAPPING, sheets=[SHEET], total_rows=1)


def test_unknown_heading_is_asked_with_its_first_values(client, mapping):
    page = page_of(client.get(address(mapping))).one("main")
    asked, known = page.all("tbody")

    assert asked.texts("label") == ["包抓领导"]
    assert asked.one("td.value").text == "李区长 王主任"
    assert known.texts("label") == ["序号", "项目名称", "总投资"]
    options = {option["value"]: option.text for option in asked.all("option")}
    assert "项目名称" in options["name"]  # it is taken
    assert options["summary"] == "简介"


def test_column_must_be_chosen(client, mapping):
    page = page_of(client.post(address(mapping, "columns"), {"column-0": "leave", "column-1": "name"}))

    assert len(page.one("select", name="column-2")["aria-invalid"]) == 4
    mapping.refresh_from_db()
    assert mapping.state == State.MAPPING


SAID = {"column-0": "leave", "column-1": "name", "column-2": "internal_remark", "column-3": "total_investment"}


@pytest.mark.parametrize("meaning", ["name", "published", "x", "__class__"])
def test_meaning_that_cannot_be_is_told_at_its_heading(client, mapping, meaning):
    page = page_of(client.post(address(mapping, "columns"), SAID | {"column-2": meaning}))

    row = next(row for row in page.all("tr") if row.all("select", name="column-2"))
    assert len(row.all("ul.errorlist")) == 1
    mapping.refresh_from_db()
    assert (mapping.state, mapping.sheets) == (State.MAPPING, [SHEET])


def test_meanings_are_remembered_under_the_template_s_name(client, mapping):
    response = client.post(address(mapping, "columns"), SAID | {"template_name": "发改局月报表"})

    mapping.refresh_from_db()
    assert response.url == address(mapping)
    assert mapping.state == State.CHECKING
    assert mapping.sheets[0]["meanings"] == ["ignored", "name", "internal_remark", "total_investment"]
    template = LedgerTemplate.objects.get()
    assert (template.name, template.meanings) == ("发改局月报表", {"包抓领导": "internal_remark"})


def test_columns_can_be_looked_at_again_before_the_confirmation(client):
    found = ready(Outcome.NEW, sheets=[SHEET | {"meanings": ["ignored", "name", "summary", "total_investment"]}])

    page = page_of(client.get(address(found, "columns")))
    client.post(address(found, "columns"), SAID)

    assert len(page.one("tbody").all("select")) == 4
    found.refresh_from_db()
    assert (found.state, found.sheets[0]["meanings"][2]) == (State.CHECKING, "internal_remark")


# The check


@pytest.fixture
def checking():
    found = LedgerImportFactory(state=State.CHECKING, sheets=[READ], total_rows=3)
    for number in range(3):
        LedgerRowFactory(ledger_import=found, cells=[number, f"第{number}个冷链物流项目", "李区长", 1.3])
    return found


def test_check_tells_how_far_it_is(client, checking):
    bar = page_of(client.get(address(checking))).one("progress")

    assert (bar["max"], bar["value"]) == ("3", "0")


def test_script_is_answered_with_the_progress(client, checking):
    answer = client.post(address(checking, "check"), headers={"Accept": "application/json"}).json()

    assert (answer["checked"], answer["total"], answer["done"]) == (3, 3, True)
    assert client.post(address(checking, "check"), headers={"Accept": "application/json"}).json() == answer


def test_button_checks_without_a_script(client, checking):
    response = client.post(address(checking, "check"))

    checking.refresh_from_db()
    assert response.url == address(checking)
    assert (checking.state, checking.counts["new"]) == (State.READY, 3)


# What is done with it


def hindrance(client, found):
    """The sentence beside a confirmation that is not possible, None where it is."""
    page = page_of(client.get(address(found)))
    button = page.one("button", form="confirm")
    said = page.texts(".hindrance")
    assert ("disabled" in button.attrs) == bool(said)
    return said[0] if said else None


def test_wrong_rows_hinder_until_they_are_left_out(client):
    found = ready(Outcome.NEW, Outcome.WRONG)

    assert hindrance(client, found) is not None
    client.post(address(found, "options"), {"leave_out_wrong": "on"})

    assert hindrance(client, found) is None
    found.refresh_from_db()
    assert (found.state, found.leave_out_wrong) == (State.READY, True)


def test_unknown_companies_are_named_and_entered_only_when_asked_for():
    client = signed_in(ENTERING)
    found = brought_in(client, "项目名称,企业名称\n冷链物流项目,甘肃某某物流有限公司\n")
    page = page_of(client.get(address(found)))
    assert (page.texts("details li"), found.counts["wrong"]) == ([], 1)
    assert "甘肃某某物流有限公司" in [item.text for d in page.all("details") for item in d.all("li")]

    client.post(address(found, "options"), {"enter_companies": "on"})
    found.refresh_from_db()
    assert (found.state, found.enter_companies) == (State.CHECKING, True)

    client.post(address(found, "check"))
    client.post(address(found, "confirm"))
    project = Project.objects.get()
    assert (project.enterprise.name, project.enterprise.published) == ("甘肃某某物流有限公司", False)


def test_who_may_not_add_companies_is_not_offered_to_enter_them(client):
    found = brought_in(client, "项目名称,企业名称\n冷链物流项目,甘肃某某物流有限公司\n")
    assert page_of(client.get(address(found))).all("input", name="enter_companies") == []

    page = page_of(client.post(address(found, "options"), {"enter_companies": "on"}))  # forged

    assert len(page.one(".options").one("ul.errorlist").all("li")) == 1
    found.refresh_from_db()
    assert (found.state, found.enter_companies) == (State.READY, False)


def test_what_a_colleague_ticked_can_be_taken_back_without_the_right(client):
    found = ready(Outcome.NEW, enter_companies=True)
    assert len(page_of(client.get(address(found))).all("input", name="enter_companies")) == 1

    client.post(address(found, "options"), {"enter_companies": "on", "leave_out_wrong": "on"})
    found.refresh_from_db()
    assert (found.state, found.enter_companies, found.leave_out_wrong) == (State.READY, True, True)

    client.post(address(found, "options"), {"leave_out_wrong": "on"})
    found.refresh_from_db()
    assert (found.state, found.enter_companies) == (State.CHECKING, False)


def test_reason_for_letting_stages_through_may_not_be_too_long(client):
    found = ready(Outcome.NEW)

    page = page_of(client.post(address(found, "options"), {"override_reason": "因" * 301}))

    assert len(page.one(".options").one("ul.errorlist").all("li")) == 1
    found.refresh_from_db()
    assert (found.state, found.override_reason) == (State.READY, "")


def test_file_that_changes_nothing_says_so_and_cannot_be_confirmed(client):
    page = page_of(client.get(address(ready(Outcome.UNCHANGED))))

    assert page.all("button", form="confirm") == []
    assert page.one(".would").all("strong") == []


def test_file_of_wrong_rows_alone_says_how_many_and_what_hinders(client):
    found = ready(Outcome.WRONG, Outcome.WRONG, Outcome.UNCHANGED)

    page = page_of(client.get(address(found)))

    assert (page.one(".would").texts("strong"), len(page.all(".hindrance"))) == (["2"], 1)
    assert page.all("button", form="confirm") == []


def test_decisions_count_in_what_would_be_written(client):
    found = ready(Outcome.NEW, Outcome.CONFLICT, Outcome.DUPLICATE, Outcome.DUPLICATE)
    assert page_of(client.get(address(found))).one(".would").texts("strong") == ["1", "0"]

    client.post(address(found, "decide"), {"outcome": "conflict", "all": "take"})
    client.post(address(found, "decide"), {"outcome": "duplicate", "all": "other"})

    assert page_of(client.get(address(found))).one(".would").texts("strong") == ["3", "1"]


def test_confirmed_ledger_is_written_and_leads_to_its_batch(client):
    found = brought_in(client, "项目名称,总投资\n冷链物流项目,13亿\n合计,13亿\n")
    assert Project.objects.count() == 0

    response = client.post(address(found, "confirm"))

    found.refresh_from_db()
    assert (response.url, found.state) == (address(found), State.WRITTEN)
    assert list(Project.objects.values_list("name", "total_investment")) == [("冷链物流项目", 130_000)]
    page = page_of(client.get(address(found))).one("main")
    assert page.texts("strong") == ["1", "0"]
    assert page.all("a.button")[0]["href"] == f"/admin/liangzhou/changebatch/{found.batch_id}/change/"


def test_taking_back_is_offered_only_to_those_who_may():
    milestones = ["projects.add_milestone", "projects.change_milestone"]
    clerk, other = (signed_in([*IMPORTING, *more]) for more in (milestones, []))
    found = brought_in(clerk, "项目名称,签约时间\n冷链物流项目,2025年5月\n")
    clerk.post(address(found, "confirm"))

    links = [page_of(c.get(address(found))).one("main").all("a.button")[0] for c in (clerk, other)]

    assert (links[0]["href"], links[0].text != links[1].text) == (links[1]["href"], True)
    batch_pages = [page_of(c.get(links[0]["href"])) for c in (clerk, other)]
    assert [len(page.all("a.button")) for page in batch_pages] == [1, 0]


def test_second_confirmation_writes_nothing_and_says_so(client):
    found = brought_in(client, "项目名称\n冷链物流项目\n")
    client.post(address(found, "confirm"))

    response = client.post(address(found, "confirm"))

    assert response.url == address(found)
    assert len(told(response)) == 2  # of both
    assert Project.objects.count() == 1


def test_refusal_is_told_and_leads_back(client):
    ProjectFactory(code="LZ000001")
    found = brought_in(client, "项目编号,总投资\nLZ000001,14亿\n")
    Project.objects.update(version=99)

    response = client.post(address(found, "confirm"))

    found.refresh_from_db()
    assert (response.url, found.state, found.counts["changed"]) == (address(found), State.READY, 1)
    page = page_of(client.get(address(found)))
    assert (page.one(".messagelist").texts("li"), len(page.all("form", id="confirm"))) == (told(response), 1)
    assert Project.objects.get().total_investment == 130_000


def test_discarded_import_is_kept_in_the_list_and_says_so(client):
    found = ready(Outcome.NEW)

    client.post(address(found, "discard"))

    found.refresh_from_db()
    assert found.state == State.DISCARDED
    assert len(page_of(client.get(address(found))).all("section")) == 1


@pytest.mark.parametrize("state", [State.WRITTEN, State.UNDONE, State.DISCARDED])
@pytest.mark.parametrize("button", ["columns", "decide", "options", "confirm", "discard"])
def test_button_of_a_page_left_open_does_nothing_and_says_so(client, button, state):
    found = ready(Outcome.CONFLICT, state=state, batch=ChangeBatchFactory())

    fields = {"outcome": "conflict", "all": "take", "enter_companies": "on"}
    response = client.post(address(found, button), fields)

    assert (response.url, len(told(response))) == (address(found), 1)
    found.refresh_from_db()
    assert (found.state, found.enter_companies, found.rows.get().decision) == (state, False, "")


@pytest.mark.parametrize("button", ["check", "decide", "options", "confirm", "discard"])
def test_reload_of_a_button_s_address_leads_to_the_page(client, button):
    found = ready(Outcome.NEW)

    assert client.get(address(found, button)).url == address(found)
    found.refresh_from_db()
    assert found.state == State.READY


@pytest.mark.parametrize("button", ["columns", "check", "decide", "options", "confirm", "discard"])
def test_buttons_want_the_csrf_token(client, button):
    client.handler.enforce_csrf_checks = True

    assert client.post(address(ready(Outcome.NEW), button)).status_code == 403
