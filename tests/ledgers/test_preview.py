"""What the preview shows of an import that waits to be confirmed."""

import pytest

from ledgers.models import LedgerRow
from ledgers.preview import letter
from projects.stages import Stage, labels
from tests.answers import page_of
from tests.factories import ProjectFactory
from tests.ledgers.desk import READ, SHEET, address, ready, signed_in

pytestmark = pytest.mark.django_db

Outcome = LedgerRow.Outcome


@pytest.fixture
def client():
    return signed_in()


# The preview


def tabs(page):
    return {link["href"]: link.one("strong").text for link in page.one(".tabs").all("a")}


def test_preview_counts_each_kind_and_shows_first_what_needs_a_look(client):
    page = page_of(client.get(address(ready(Outcome.NEW, Outcome.NEW, Outcome.WRONG, Outcome.UNCHANGED))))

    assert tabs(page) == {
        "?outcome=new#rows": "2",
        "?outcome=changed#rows": "0",
        "?outcome=conflict#rows": "0",
        "?outcome=duplicate#rows": "0",
        "?outcome=wrong#rows": "1",
        "?outcome=unchanged#rows": "1",
        "?outcome=skipped#rows": "0",
    }
    assert page.one("a", aria_current="page", href="?outcome=wrong#rows").one("strong").text == "1"


def test_rows_come_fifty_to_a_page(client):
    found = ready(*[Outcome.NEW] * 51)

    first, second = (page_of(client.get(address(found) + f"?outcome=new&p={number}")) for number in (1, 2))

    assert [len(page.all("article")) for page in (first, second)] == [50, 1]


@pytest.mark.parametrize(
    "query", ["outcome=x", "outcome=waiting", "p=x", "p=0", "p=99999999999999999999", "outcome=%25"]
)
def test_hostile_query_shows_the_preview(client, query):
    assert len(page_of(client.get(address(ready(Outcome.NEW)) + f"?{query}")).all("article")) == 1


def test_changed_row_shows_each_cell_before_and_after(client):
    project, found = ProjectFactory(), ready(Outcome.CHANGED)
    found.rows.update(project=project, sheet=0, number=7, changes=[["总投资(万元)", "130000", "140000", ""]])

    row = page_of(client.get(address(found))).one("article")

    assert "7" in row.one("h3").one("span").text
    assert row.one("h3").one("a")["href"] == f"/admin/projects/project/{project.pk}/change/"
    assert row.texts("td") == ["130000", "140000"]


def test_project_that_was_deleted_meanwhile_is_not_linked(client):
    found = ready(Outcome.CHANGED)
    found.rows.update(project=10**9)

    assert page_of(client.get(address(found))).one("article").all("a") == []


def test_wrong_cell_is_told_with_its_place_and_what_it_holds(client):
    found = ready(Outcome.WRONG)
    found.rows.update(cells=["1", "x", "y", "很多"], problems=[["总投资(万元)", 3, "这不是金额。", "13亿"]])

    row = page_of(client.get(address(found))).one("article")

    assert "D" in row.one("tbody").one("span").text
    assert row.texts("td") == ["很多", "这不是金额。", "13亿"]


def test_skipped_row_says_what_it_was(client):
    found = ready(Outcome.SKIPPED)
    found.rows.update(cells=["合计", None, None, 3.31], problems=[["", None, "total", ""]])

    row = page_of(client.get(address(found) + "?outcome=skipped")).one("article")

    assert row.one("p").text.endswith("合计 · 3.31")


def test_row_says_what_it_is_let_through_without_and_why(client):
    found = ready(Outcome.NEW)
    found.rows.update(values={"write": {"stage": "signed", "_overridden": ["enterprise", "place"], "_reason": "补录"}})

    said = page_of(client.get(address(found))).one("article").one("p.let-through").text

    assert [word in said for word in (*map(str, labels("enterprise place")), "补录")] == [True] * 3


def test_duplicate_says_which_decision_lets_it_through(client):
    found = ready(Outcome.DUPLICATE)
    let = {"stage": "signed", "_overridden": ["place"], "_reason": "补录"}
    found.rows.update(values={"same": {"stage": "signed"}, "other": let})

    said = page_of(client.get(address(found))).one("article").one("p.let-through").text

    assert [str(LedgerRow.Decision(d).label) in said for d in ("other", "same")] == [True, False]


@pytest.mark.parametrize(
    ("outcome", "values", "told"),
    [
        (Outcome.NEW, {"write": {"name": "甲"}}, 1),
        (Outcome.NEW, {"write": {"name": "甲", "stage": "signed"}}, 0),
        (Outcome.DUPLICATE, {"other": {"name": "甲"}}, 1),
        (Outcome.CHANGED, {"write": {"name": "甲"}}, 0),
        (Outcome.WRONG, {}, 0),
    ],
)
def test_new_project_without_a_stage_is_told_to_be_a_lead(client, outcome, values, told):
    found = ready(outcome)
    found.rows.update(values=values)

    words = " ".join(page_of(client.get(address(found))).one("article").texts("p"))

    assert words.count(str(Stage.LEAD.label)) == told


@pytest.mark.parametrize("outcome", [Outcome.NEW, Outcome.WRONG, Outcome.DUPLICATE])
def test_row_without_a_project_has_no_before(client, outcome):
    found = ready(outcome)
    found.rows.update(changes=[["阶段", "线索", "签约", ""]])

    assert page_of(client.get(address(found))).one("article").texts("td") == ["签约"]


def test_decision_that_no_row_allows_is_not_offered_for_all(client):
    found = ready(Outcome.DUPLICATE, Outcome.DUPLICATE)
    offered = [button["value"] for button in page_of(client.get(address(found))).all("button", name="all")]
    assert offered == ["", "same", "other"]

    found.rows.update(values={"other": {}, "wrong": {"same": "x"}})
    offered = [button["value"] for button in page_of(client.get(address(found))).all("button", name="all")]
    assert offered == ["", "other"]


def test_decision_that_has_become_impossible_can_be_taken_back(client):
    found = ready(Outcome.DUPLICATE)
    found.rows.update(values={}, decision="same")

    page = page_of(client.get(address(found)))

    assert [button["value"] for button in page.all("button", name="all")] == [""]
    assert [button["value"] for button in page.one("article").all("input")] == [""]


@pytest.mark.parametrize(("unit", "told"), [("", 1), ("亿元", 0), ("万元", 0)])
def test_amounts_without_a_unit_are_told_at_the_top(client, unit, told):
    found = ready(Outcome.NEW, sheets=[READ | {"units": ["", "", "", unit]}])

    assert [text.count("万元") for text in page_of(client.get(address(found))).texts("p.ledger-note")] == [1] * told


def test_sentences_stand_together_without_blanks(client):
    found = ready(Outcome.WRONG)
    found.rows.update(problems=[["总投资", 3, "这不是金额。 请核对。", ""]])

    assert page_of(client.get(address(found))).one("article").texts("td")[1] == "这不是金额。请核对。"


def test_preview_says_what_was_not_read(client):
    found = ready(Outcome.NEW, file_name="a.xlsx")
    found.sheets = [READ, SHEET | {"name": "说明", "used": False}]
    found.save()

    page = page_of(client.get(address(found)))

    assert page.texts("caption") != []
    assert [row.one("th").text for row in page.all("table")[-1].one("tbody").all("tr")] == ["序号", "包抓领导"]
    assert ["亿元" in text for text in page.one("section", aria_labelledby="read-heading").texts("li")] == [True, False]


@pytest.mark.parametrize(("place", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (None, "")])
def test_columns_are_named_as_spreadsheets_do(place, letters):
    assert letter(place) == letters


def test_preview_costs_the_same_queries_for_any_number_of_rows(client, django_assert_num_queries):
    one, three = ready(Outcome.CHANGED), ready(*[Outcome.CHANGED] * 3)
    for found in (one, three):
        for row in found.rows.all():
            row.project = ProjectFactory()
            row.save()
    client.get(address(one))

    for found in (one, three):
        with django_assert_num_queries(11):
            client.get(address(found))
