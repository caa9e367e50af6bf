from datetime import datetime

import openpyxl
import pytest
from django.utils import translation

from ledgers.columns import LANGUAGE, LEDGER
from ledgers.headings import IGNORED, meaning
from ledgers.marked import HEADING, marked_workbook
from ledgers.models import LedgerRow
from ledgers.reading import files
from ledgers.reading.reader import MAX_COLUMNS
from tests.factories import LedgerImportFactory, LedgerRowFactory

pytestmark = pytest.mark.django_db
Outcome = LedgerRow.Outcome
RED, AMBER, BLUE, NONE = "FFFFC7CE", "FFFFE699", "FFBDD7EE", "00000000"
WRONG = ["总投资", 1, "“很多” is not an amount.", "Write for example 13亿."]


@pytest.fixture
def marked(tmp_path):
    """The marked workbook of an import, opened."""

    def write(ledger_import):
        path = tmp_path / "marked.xlsx"
        marked_workbook(ledger_import, path)
        return openpyxl.load_workbook(path)

    return write


def brought_in(*rows, headings=("项目名称", "总投资"), meanings=("name", "total_investment"), heading_row=2, sheets=1):
    """An import of one sheet with a title, headings and these rows: (cells, outcome, problems)."""
    about = {"heading_row": heading_row, "headings": list(headings), "meanings": list(meanings), "used": True}
    found = LedgerImportFactory(sheets=[{**about, "name": f"台账{n}"} for n in range(1, sheets + 1)])
    for number, cells in ((1, ["招商引资项目台账"]), (heading_row, list(headings))):
        LedgerRowFactory(
            ledger_import=found,
            number=number,
            cells=cells,
            outcome=Outcome.SKIPPED,
            problems=[["", None, "heading", ""]],
        )
    for number, (cells, outcome, problems) in enumerate(rows, heading_row + 1):
        LedgerRowFactory(ledger_import=found, number=number, cells=cells, outcome=outcome, problems=problems)
    return found


def fill(sheet, place):
    return sheet[place].fill.fgColor.rgb if sheet[place].fill.fill_type else NONE


def values(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_rows_stand_where_they_stood_with_a_column_of_notes(marked):
    sheet = marked(brought_in((["甲", 13], Outcome.NEW, []), (["乙", "很多"], Outcome.WRONG, [WRONG])))["台账1"]

    with translation.override(LANGUAGE):
        heading, wrong = str(HEADING), str(Outcome.WRONG.label)
    assert values(sheet) == [
        ["招商引资项目台账", None, None],
        ["项目名称", "总投资", heading],
        ["甲", 13, None],
        ["乙", "很多", f"{wrong}\n总投资：“很多” is not an amount. Write for example 13亿."],
    ]
    assert sheet.freeze_panes == "A3"


def test_a_wrong_cell_is_red_and_explained(marked):
    sheet = marked(brought_in((["乙", "很多"], Outcome.WRONG, [WRONG])))["台账1"]

    assert [fill(sheet, place) for place in ("A3", "B3", "C3")] == [NONE, RED, NONE]
    assert sheet["B3"].comment.text == "“很多” is not an amount.\nWrite for example 13亿."


def test_an_empty_wrong_cell_is_marked_too(marked):
    sheet = marked(brought_in((["乙"], Outcome.WRONG, [["总投资", 1, "It is missing.", ""]])))["台账1"]

    assert (sheet["B3"].value, fill(sheet, "B3"), sheet["B3"].comment.text) == (None, RED, "It is missing.")


def test_a_row_that_is_wrong_as_a_whole_says_so_in_its_note(marked):
    sheet = marked(brought_in((["乙", 1], Outcome.WRONG, [["", None, "It stands here twice.", ""]])))["台账1"]

    assert [fill(sheet, place) for place in ("A3", "B3", "C3")] == [NONE, NONE, RED]
    assert sheet["C3"].value.endswith("\nIt stands here twice.")


def test_a_duplicate_is_blue(marked):
    sheet = marked(brought_in((["乙", 1], Outcome.DUPLICATE, [["", None, "It may be LZ000001.", ""]])))["台账1"]

    assert [fill(sheet, place) for place in ("A3", "B3", "C3")] == [BLUE, BLUE, BLUE]


def test_a_conflict_is_amber_in_the_cells_that_clash(marked):
    found = brought_in((["乙", 1], Outcome.CONFLICT, []))
    with translation.override(LANGUAGE):
        label = LEDGER["total_investment"].header
    found.rows.filter(number=3).update(changes=[["x", "1", "2", ""], [label, "130000", "1", "140000"]])

    with translation.override("en"):
        sheet = marked(found)["台账1"]

    assert [fill(sheet, place) for place in ("A3", "B3")] == [NONE, AMBER]
    assert all(number in sheet["B3"].comment.text for number in ("130000", "140000"))


def test_what_is_right_is_not_marked(marked):
    sheet = marked(brought_in((["甲", 1], Outcome.UNCHANGED, [])))["台账1"]

    assert [fill(sheet, place) for place in ("A3", "B3", "C3")] == [NONE, NONE, NONE]
    assert sheet["C3"].value is None


def test_cells_keep_their_kinds_and_nothing_is_run(marked):
    cells = ["=1+1", "http://example.org", {"date": "2025-05-21"}, {"date": "2025-05-21T14:30:00"}, True, 1.5, "#REF!"]
    cells += [{"date": "1900-01-01"}, "0042", "{=1}", None, -1e300]
    sheet = marked(brought_in((cells, Outcome.NEW, []), headings=["a"] * 12, meanings=[""] * 12))["台账1"]

    assert [cell.value for cell in sheet[3]] == [
        "=1+1", "http://example.org", datetime(2025, 5, 21), datetime(2025, 5, 21, 14, 30), True, 1.5, "#REF!",  # noqa: DTZ001
        "1900-01-01", "0042", "{=1}", None, -1e300, None,
    ]  # fmt: skip
    assert [sheet[place].data_type for place in ("A3", "B3", "J3")] == ["s", "s", "s"]
    assert sheet["B3"].hyperlink is None


def test_codes_become_texts_unless_excel_has_damaged_them(marked):
    found = brought_in(
        ([620602, 9.16e17, 1.5], Outcome.NEW, []), headings=["a", "b", "c"], meanings=["code", "row_id", "land_area"]
    )
    sheet = marked(found)["台账1"]

    assert [sheet[place].value for place in ("A3", "B3", "C3")] == ["620602", 9.16e17, 1.5]
    assert [sheet[place].number_format for place in ("A3", "C3")] == ["@", "General"]
    assert sheet.column_dimensions["B"].hidden


def test_the_heading_of_the_notes_is_not_read_when_the_file_comes_back():
    for language in ("en", LANGUAGE):
        with translation.override(language):
            assert meaning(str(HEADING)) == IGNORED


def test_notes_of_a_file_that_comes_back_are_written_anew(marked):
    with translation.override(LANGUAGE):
        heading = str(HEADING)
    rows = ((["甲", 13, "alt"], Outcome.NEW, []), (["乙", "很多", "alt"], Outcome.WRONG, [WRONG]))
    sheet = marked(brought_in(*rows, headings=["项目名称", "总投资", heading], meanings=["name", "", IGNORED]))["台账1"]

    assert [cell.value for cell in sheet[2]] == ["项目名称", "总投资", heading]
    assert sheet["C3"].value is None
    assert "alt" not in sheet["C4"].value


def test_the_marked_file_reads_as_the_one_that_was_brought_in(tmp_path):
    cells = ["甲\n乙", 13.5, {"date": "2025-05-21"}, {"date": "2025-05-21T14:30:00"}, True, "#REF!", "'=1", None, "末"]
    found = brought_in((cells, Outcome.NEW, []), headings=list("abcdefghi"), meanings=[""] * 9)
    marked_workbook(found, tmp_path / "marked.xlsx")

    with files.read(tmp_path / "marked.xlsx", "marked.xlsx") as (sheet,):
        numbers, rows = zip(*sheet.rows, strict=True)
    assert numbers == (1, 2, 3)
    assert rows[2] == cells


def test_sheets_get_legal_names_that_differ(marked):
    found = brought_in(sheets=4)
    for about, name in zip(found.sheets, ["a/b:c", "A B C", "", "长" * 90], strict=True):
        about["name"] = name
    found.save()

    assert marked(found).sheetnames == ["a b c", "A B C (2)", "Sheet", "长" * 31]


@pytest.mark.parametrize("place", [-1, 5_000, None, "x"])
def test_problems_of_no_place_are_in_the_notes(marked, place):
    sheet = marked(brought_in((["乙", 1], Outcome.WRONG, [["额", place, "It is wrong.", ""]])))["台账1"]

    assert sheet["C3"].value.endswith("\n额：It is wrong.")


def test_texts_too_long_for_a_cell_are_cut(marked):
    long = "长" * 40_000
    sheet = marked(brought_in((["乙", long], Outcome.WRONG, [["额", 1, long, long]])))["台账1"]

    assert len(sheet["B3"].value) == len(sheet["C3"].value) == 32_767
    assert len(sheet["B3"].comment.text) == 2_000


def test_a_table_as_wide_as_can_be_gets_no_notes(marked):
    cells = ["x"] * MAX_COLUMNS
    sheet = marked(brought_in((cells, Outcome.WRONG, [WRONG]), headings=cells, meanings=[""] * MAX_COLUMNS))["台账1"]

    assert sheet.max_column == MAX_COLUMNS
    assert fill(sheet, "B3") == RED


def test_comments_end_where_excel_becomes_slow(marked, monkeypatch):
    monkeypatch.setattr("ledgers.marked.MAX_COMMENTS", 1)
    sheet = marked(brought_in(*[(["乙", "很多"], Outcome.WRONG, [WRONG])] * 2))["台账1"]

    assert [sheet[place].comment is not None for place in ("B3", "B4")] == [True, False]
    assert [fill(sheet, place) for place in ("B3", "B4")] == [RED, RED]


def test_an_import_without_sheets_still_gives_a_workbook(marked):
    assert marked(LedgerImportFactory(sheets=[])).sheetnames == ["Sheet1"]


def test_title_over_merged_cells_is_written_once(marked):
    found = brought_in((["是", "是"], Outcome.NEW, []))
    found.rows.filter(number=1).update(cells=["招商引资项目台账"] * 2)

    assert values(marked(found)["台账1"])[0] == ["招商引资项目台账", None, None]
    assert values(marked(found)["台账1"])[2] == ["是", "是", None]
