"""What may be decided for a row, and that nothing else is."""

import pytest

from ledgers.models import LedgerRow
from tests.answers import page_of
from tests.factories import ProjectFactory
from tests.ledgers.desk import address, ready, signed_in

pytestmark = pytest.mark.django_db

Outcome = LedgerRow.Outcome


@pytest.fixture
def client():
    return signed_in()


def choices(page):
    return [radio["value"] for radio in page.one("article").all("input", type="radio")]


def test_conflict_shows_what_is_here_and_asks(client):
    found = ready(Outcome.CONFLICT)
    found.rows.update(project=ProjectFactory(), changes=[["总投资(万元)", "1", "2", "3"]])
    page = page_of(client.get(address(found)))

    assert page.one("article").texts("td") == ["1", "2", "3"]
    assert choices(page) == ["", "take"]


def test_duplicate_may_be_the_project_another_or_neither(client):
    found = ready(Outcome.DUPLICATE)

    assert choices(page_of(client.get(address(found)))) == ["", "same", "other"]


def test_decision_that_would_be_wrong_is_not_offered(client):
    found = ready(Outcome.DUPLICATE)
    found.rows.update(values={"same": {}, "other": {}, "wrong": {"same": "企业不符。", "other": ""}})
    page = page_of(client.get(address(found)))

    assert choices(page) == ["", "other"]
    assert "企业不符。" in page.one(".refused").text


def decide(client, found, **fields):
    client.post(address(found, "decide"), fields)
    return list(found.rows.order_by("pk").values_list("decision", flat=True))


def test_decisions_of_a_page_are_kept(client):
    found = ready(Outcome.CONFLICT, Outcome.CONFLICT)
    first, second = found.rows.order_by("pk")

    fields = {f"decision-{first.pk}": "take", f"decision-{second.pk}": ""}
    assert decide(client, found, outcome="conflict", **fields) == ["take", ""]
    assert decide(client, found, outcome="conflict", **{f"decision-{first.pk}": ""}) == ["", ""]


def test_decision_leads_back_to_its_page_of_rows(client):
    found = ready(Outcome.CONFLICT)

    response = client.post(address(found, "decide"), {"outcome": "conflict", "p": "2"})

    assert response.url == address(found) + "?outcome=conflict&p=2"


def test_decision_for_all_leaves_out_those_that_cannot_have_it(client):
    found = ready(Outcome.DUPLICATE, Outcome.DUPLICATE, Outcome.CONFLICT)
    found.rows.filter(pk=found.rows.order_by("pk")[1].pk).update(values={"other": {}})

    assert decide(client, found, outcome="duplicate", all="same") == ["same", "", ""]
    assert decide(client, found, outcome="duplicate", all="") == ["", "", ""]


@pytest.mark.parametrize("key", ["x", "", "-1", "9" * 30, "1.5", "²"])
def test_hostile_decision_changes_nothing(client, key):
    found = ready(Outcome.NEW, Outcome.CONFLICT)
    new, conflict = found.rows.order_by("pk")

    fields = {f"decision-{key}": "take", f"decision-{new.pk}": "take", f"decision-{conflict.pk}": "same"}
    assert decide(client, found, outcome="conflict", **fields) == ["", ""]
    assert decide(client, found, outcome="new", all="take") == ["", ""]
    assert decide(client, found, outcome="x", all="x") == ["", ""]


def test_decision_reaches_no_row_of_another_import(client):
    mine, other = ready(Outcome.CONFLICT), ready(Outcome.CONFLICT)

    client.post(address(mine, "decide"), {"outcome": "conflict", f"decision-{other.rows.get().pk}": "take"})

    assert other.rows.get().decision == ""


@pytest.mark.parametrize("outcome", ["\x00", "nosuch", "", "wrong"])
@pytest.mark.parametrize("fields", [{"all": "take"}, {}])
def test_decision_for_no_kind_of_rows_is_passed_over(client, outcome, fields):
    found = ready(Outcome.CONFLICT, Outcome.WRONG)
    keys = {f"decision-{row.pk}": "take" for row in found.rows.all()}

    response = client.post(address(found, "decide"), {"outcome": outcome, **keys, **fields})

    assert response.status_code == 302
    assert set(found.rows.values_list("decision", flat=True)) == {""}
