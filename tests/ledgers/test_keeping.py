import json

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from openpyxl import load_workbook

from ledgers import imports, keeping
from ledgers.forms import ColumnsForm
from ledgers.headings import signature
from ledgers.marked import marked_workbook
from tests.factories import LedgerTemplateFactory, UserFactory
from tests.ledgers.desk import LIST, address, signed_in
from tests.ledgers.sheets import checked, csv_file
from tests.ledgers.test_imports import book

pytestmark = pytest.mark.django_db

NAME, PHONE = "王小明", "13812345678"
HEADINGS = ["项目名称", "总投资", "联系人", "联系电话", "对接情况"]
ROWS = [HEADINGS, ["甲项目", "5", NAME, PHONE, "在谈"], ["乙项目", "6", NAME, PHONE, ""]]


@pytest.fixture
def editor():
    return UserFactory(roles=["editor"])


def stored(found):
    """All that the database holds of an import, as one text."""
    found.refresh_from_db()
    rows = found.rows.values("cells", "values", "changes", "problems")
    return json.dumps([found.sheets, list(rows)], ensure_ascii=False)


def holds(found):
    """Which of the name and the number are still there."""
    return [word for word in (NAME, PHONE) if word in stored(found)]


def sheet_of(found, tmp_path, number=0):
    """One sheet of the marked workbook."""
    marked_workbook(found, tmp_path / "marked.xlsx")
    return load_workbook(tmp_path / "marked.xlsx").worksheets[number]


def values(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_contacts_are_not_kept_when_a_file_comes_in(editor, tmp_path):
    found = imports.start(csv_file(tmp_path / "a.csv", ROWS), "a.csv", by=editor)

    assert (found.state, holds(found)) == ("mapping", [])
    assert found.sheets[0]["meanings"] == ["name", "total_investment", "contact", "contact", ""]
    assert [row.cells for row in found.rows.all()] == [
        HEADINGS,
        ["甲项目", "5", None, None, "在谈"],
        ["乙项目", "6"],
    ]


@pytest.mark.parametrize("role", ["auditor", "publisher", "editor"])
def test_columns_page_says_what_is_not_kept_and_shows_no_contact(client, editor, tmp_path, role, settings):
    settings.REVIEW_CHANGES = True
    found = imports.start(csv_file(tmp_path / "a.csv", ROWS), "a.csv", by=editor)
    client.force_login(UserFactory(roles=[role]))

    html = client.get(address(found)).content.decode()

    assert [text in html for text in (NAME, PHONE, "联系电话", str(keeping.why_not_kept("contact")))] == [
        False,
        False,
        True,
        True,
    ]


def test_marked_workbook_has_the_column_without_its_cells(tmp_path):
    found = checked(csv_file(tmp_path / "a.csv", ROWS))

    sheet = sheet_of(found, tmp_path)

    assert [row[:5] for row in values(sheet)] == [
        HEADINGS,
        ["甲项目", "5", None, None, None],
        ["乙项目", "6", None, None, None],
    ]
    assert [cell.comment is not None for cell in sheet[1]][:5] == [False, False, True, True, True]


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("对接", [PHONE, PHONE]),
        ("说明事项", [f"{NAME} {PHONE}", ""]),
        ("备注", [f"找{NAME}: {PHONE}", PHONE]),
        ("序号", [PHONE, 2]),
    ],
)
def test_column_that_holds_numbers_of_people_is_not_kept_whatever_its_heading(tmp_path, heading, cells):
    rows = [["项目名称", "总投资", heading], *(["甲项目", 1, cell] for cell in cells)]

    found = imports.start(csv_file(tmp_path / "a.csv", rows), "a.csv", by=None)

    assert (found.sheets[0]["meanings"][2], holds(found)) == ("contact", [])


@pytest.mark.parametrize("heading", ["总投资(元)", "年产值(元)"])
def test_amount_that_looks_like_a_number_of_somebody_is_kept(tmp_path, heading):
    found = imports.start(
        csv_file(tmp_path / "a.csv", [["项目名称", "占地", heading], ["甲项目", 1, PHONE]]), "a.csv", by=None
    )

    assert (found.sheets[0]["meanings"][2] == "contact", found.rows.last().cells) == (False, ["甲项目", "1", PHONE])


def test_left_out_column_is_emptied_when_it_is_named(editor, tmp_path):
    rows = [["项目名称", "总投资", "包抓"], ["甲项目", 1, NAME], [None, None, NAME], ["合计", 1, NAME]]
    found = imports.start(csv_file(tmp_path / "a.csv", rows), "a.csv", by=editor)
    before = holds(found)

    imports.name_columns(found, {"包抓": "leave"}, by=editor)

    assert (before, holds(found)) == ([NAME], [])
    assert found.rows.get(number=1).cells == ["项目名称", "总投资", "包抓"]


def test_left_out_column_is_emptied_where_a_ledger_like_it_said_so(tmp_path):
    LedgerTemplateFactory(signature=signature(["项目名称", "总投资", "包抓"]), meanings={"包抓": "leave"})
    rows = [["项目名称", "总投资", "包抓"], ["甲项目", 1, NAME]]

    found = imports.start(csv_file(tmp_path / "a.csv", rows), "a.csv", by=None)

    assert (found.state, found.sheets[0]["samples"][2], holds(found)) == ("checking", [], [])


def test_left_out_column_is_emptied_where_nobody_can_be_asked(tmp_path):
    found = checked(csv_file(tmp_path / "a.csv", [["项目名称", "总投资", "包抓"], ["甲项目", 1, NAME]]))

    assert (found.sheets[0]["meanings"][2], holds(found)) == ("leave", [])


@pytest.mark.parametrize(("heading", "meaning"), [("包抓", "leave"), ("联系人", "contact")])
def test_column_that_is_gone_is_not_named_later(editor, tmp_path, heading, meaning):
    rows = [["项目名称", "总投资", "包抓", "联系人"], ["甲项目", 1, NAME, NAME]]
    found = imports.start(csv_file(tmp_path / "a.csv", rows), "a.csv", by=editor)
    imports.name_columns(found, {"包抓": "leave"}, by=editor)

    with pytest.raises(ValidationError) as refused:
        imports.name_columns(found, {heading: "summary"}, by=editor)

    form = ColumnsForm(found, user=editor)
    assert refused.value.message_dict == {heading: [keeping.why_not_kept(meaning)]}
    assert ("台账" in form.headings, heading in form.headings) == (False, False)
    assert [line[1:] for line in form.not_kept] == [
        ("包抓", keeping.why_not_kept("leave")),
        ("联系人", keeping.why_not_kept("contact")),
    ]


def test_template_does_not_bring_contacts_back(tmp_path):
    LedgerTemplateFactory(signature=signature(["项目名称", "联系人"]), meanings={"联系人": "internal_remark"})

    found = imports.start(csv_file(tmp_path / "a.csv", [["项目名称", "联系人"], ["甲项目", NAME]]), "a.csv", by=None)

    assert (found.sheets[0]["meanings"], holds(found)) == (["name", "contact"], [])


def test_each_sheet_is_looked_at_and_an_unused_one_is_emptied(tmp_path):
    ledger = [["项目名称", "总投资", "联系人"], ["甲项目", 2, NAME]]
    second = [["项目名称", "联系电话", "总投资"], ["乙项目", PHONE, 3]]
    people = [["科室", "姓名"], ["招商局", NAME], ["商务局", PHONE]]
    path = book(tmp_path / "a.xlsx", 一=ledger, 二=second, 通讯录=people)

    found = imports.start(path, "a.xlsx", by=None)

    assert ([sheet["used"] for sheet in found.sheets], holds(found)) == ([True, True, False], [])
    assert found.rows.filter(sheet=1, outcome="waiting").get().cells == ["乙项目", None, 3]
    with translation.override("en"):
        assert len(values(sheet_of(found, tmp_path, 2))) == 1


def test_titles_notes_and_columns_without_heading_name_nobody(tmp_path):
    rows = [
        ["招商台账", "", "", f"填报人:{NAME}", f"电话:{PHONE}"],
        ["项目名称", "总投资", "", "备注", ""],
        ["甲项目", 1, NAME, "选址已定", PHONE],
        [f"注:联系人:{NAME} {PHONE}", "", "", "", ""],
    ]

    found = imports.start(csv_file(tmp_path / "a.csv", rows), "a.csv", by=None)

    assert holds(found) == []
    assert found.rows.get(number=1).cells[0] == "招商台账"
    assert found.rows.get(number=3).cells == ["甲项目", "1", None, "选址已定"]


def test_counter_is_kept_and_words_below_it_are_not(tmp_path):
    rows = [["序号", "项目名称", "总投资"], [1, "甲项目", 2], [NAME, "乙项目", 3], ["一、续建项目", None, None]]

    found = imports.start(csv_file(tmp_path / "a.csv", rows), "a.csv", by=None)

    cells = [row.cells[0] for row in found.rows.all()]
    assert cells == ["序号", "1", None, "一、续建项目"]


def test_preview_says_what_is_not_kept(tmp_path):
    found = checked(csv_file(tmp_path / "a.csv", ROWS))

    html = (
        signed_in(["projects.add_project", "projects.change_project"]).get(f"{LIST}{found.pk}/change/").content.decode()
    )

    assert [text in html for text in (NAME, PHONE, str(keeping.why_not_kept("contact")))] == [False, False, True]
