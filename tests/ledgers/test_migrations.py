from importlib import import_module

import pytest
from django.apps import apps

from tests.factories import LedgerImportFactory, LedgerRowFactory

pytestmark = pytest.mark.django_db

NAME, PHONE = "王小明", "13812345678"
SHEET = {
    "name": "台账",
    "used": True,
    "heading_row": 1,
    "headings": ["项目名称", "联系人", "电话", "包抓", "总投资"],
    "meanings": ["name", "", "internal_remark", "leave", "total_investment"],
    "units": [""] * 5,
    "samples": [["甲项目"], [NAME], [PHONE], [NAME], ["5"]],
}
PEOPLE = SHEET | {"name": "通讯录", "used": False, "headings": ["姓名"], "meanings": [""], "samples": [[NAME]]}
forget = import_module("ledgers.migrations.0002_forget_contact_data").forget


def earlier(state):
    """An import as it was kept before contact data was not."""
    found = LedgerImportFactory(state=state, sheets=[SHEET, PEOPLE], checked_rows=1, counts={"new": 1})
    heading, cells = SHEET["headings"], ["甲项目", NAME, int(PHONE), NAME, "5"]
    LedgerRowFactory(ledger_import=found, number=1, cells=heading, outcome="skipped")
    LedgerRowFactory(
        ledger_import=found,
        number=2,
        cells=cells,
        outcome="new",
        values={"write": {"name": "甲项目", "internal_remark": PHONE}},
        changes=[["备注", "", PHONE, ""]],
        problems=[["备注", 2, f"“{PHONE}”", ""]],
    )
    LedgerRowFactory(ledger_import=found, number=3, cells=[f"填报人:{NAME}"], outcome="skipped")
    LedgerRowFactory(ledger_import=found, sheet=1, number=1, cells=[NAME, PHONE], outcome="skipped")
    return found


@pytest.mark.parametrize(("before", "after"), [("ready", "checking"), ("mapping", "mapping"), ("written", "written")])
def test_contacts_of_earlier_imports_are_forgotten(before, after):
    found = earlier(before)

    forget(apps, None)

    found.refresh_from_db()
    heading, record, note, unused = found.rows.order_by("id")
    assert (found.state, found.sheets[0]["meanings"]) == (
        after,
        ["name", "contact", "contact", "leave", "total_investment"],
    )
    assert found.sheets[0]["samples"] == [["甲项目"], [], [], [], ["5"]]
    assert [heading.cells, record.cells, note.cells, unused.cells] == [
        SHEET["headings"],
        ["甲项目", None, None, None, "5"],
        [None],
        [],
    ]
    known = {"write": {"name": "甲项目"}} if before == "written" else {}
    assert (record.values, record.changes, record.problems) == (known, [], [])


def test_earlier_import_without_contacts_stays_as_it_is():
    sheet = SHEET | {"headings": ["项目名称", "总投资"], "meanings": ["name", "total_investment"], "samples": [[], []]}
    found = LedgerImportFactory(state="ready", sheets=[sheet], checked_rows=1, counts={"new": 1})
    row = LedgerRowFactory(ledger_import=found, number=2, cells=["甲项目", 5], outcome="new", values={"write": {}})

    forget(apps, None)

    row.refresh_from_db()
    found.refresh_from_db()
    assert (found.state, found.sheets, row.cells, row.outcome) == ("ready", [sheet], ["甲项目", 5], "new")
