"""A ledger that was brought in as a workbook with what is wrong marked and explained, to be mended and brought back."""

import datetime
from collections.abc import Iterator
from pathlib import Path

import xlsxwriter
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ledgers import keeping
from ledgers.cells.texts import EXACT, shown
from ledgers.columns import LANGUAGE, LEDGER
from ledgers.models import LedgerImport, LedgerRow
from ledgers.reading.reader import MAX_COLUMNS
from ledgers.wording import close_up
from ledgers.workbook import CELL_LENGTH
from liangzhou.exports import Kind
from liangzhou.exports.fields import clean
from liangzhou.exports.xlsx_parts import cut, sheet_name

HEADING = gettext_lazy("Notes of the import")  # of the last column; headings.py knows that it is not read
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}
MAX_COMMENTS = 5_000  # Excel becomes slow beyond; the last column explains every row
COMMENT_LENGTH = 2_000
FIRST_DAY = datetime.date(1900, 3, 1)  # before it spreadsheets disagree
DAY, MOMENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"

Outcome = LedgerRow.Outcome
FILLS = {Outcome.WRONG: "#FFC7CE", Outcome.CONFLICT: "#FFE699", Outcome.DUPLICATE: "#BDD7EE"}  # red, amber, blue


def marked_workbook(ledger_import: LedgerImport, path: Path | str) -> None:
    """Write the rows of an import to an .xlsx file as they were read, each in its place, marked and explained."""
    with translation.override(LANGUAGE), xlsxwriter.Workbook(str(path), OPTIONS) as book:
        formats, names, left = _Formats(book), set(), MAX_COMMENTS
        for index, about in enumerate(ledger_import.sheets):
            sheet = book.add_worksheet(_unused(about.get("name", ""), names))
            rows = ledger_import.rows.filter(sheet=index).order_by("number", "id")
            if not about.get("used", True):
                sheet.write_string(0, 0, _("This sheet was not used; its cells were not kept."))
            marks = _Marks(sheet, formats, about, _note_column(about, rows), left)
            for row in rows.iterator(chunk_size=500):
                marks.add(row)
            left = marks.comments_left
        if not ledger_import.sheets:
            book.add_worksheet()


def _unused(name: str, taken: set[str]) -> str:
    """A legal name that no sheet before has."""
    number = 1
    while (legal := sheet_name(name, number)).casefold() in taken:
        number += 1
    taken.add(legal.casefold())
    return legal


def _note_column(about: dict, rows: QuerySet) -> int | None:
    """Where the notes go: where they stand already, else after the last column; None where there is no room."""
    headings = about.get("headings", [])
    if str(HEADING) in headings:
        return headings.index(str(HEADING))
    widths = (len(cells) for cells in rows.values_list("cells", flat=True).iterator(chunk_size=500))
    width = max(len(headings), max(widths, default=0))
    return width if width < MAX_COLUMNS else None


class _Formats:
    """The cell formats of a workbook, each made once."""

    def __init__(self, book: xlsxwriter.Workbook):
        self._book = book
        self._made = {}

    def get(self, fill: str = "", number: str = "", *, bold: bool = False):
        """A format with this colour and number format."""
        key = (fill, number, bold)
        if key not in self._made:
            wanted = {"valign": "top"}
            wanted |= {"bg_color": fill} if fill else {}
            wanted |= {"num_format": number} if number else {}
            wanted |= {"bold": True, "text_wrap": True} if bold else {}
            self._made[key] = self._book.add_format(wanted)
        return self._made[key]


class _Marks:
    """One sheet as it is written, row by row."""

    def __init__(self, sheet, formats: _Formats, about: dict, note_column: int | None, comments_left: int):
        self.comments_left = comments_left
        self._sheet, self._formats, self._notes = sheet, formats, note_column
        self._heading_row = about.get("heading_row") or 0
        columns = [LEDGER.get(meaning) for meaning in about.get("meanings", [])]
        self._not_kept = dict(enumerate(map(keeping.why_not_kept, about.get("meanings", []))))
        self._codes = {index for index, column in enumerate(columns) if column and column.kind is Kind.CODE}
        self._labels = {column.header: index for index, column in enumerate(columns) if column}
        self._sheet.freeze_panes(self._heading_row, 0)
        for index, column in enumerate(columns):
            hidden = {"hidden": True} if column and column.hidden else {}
            self._sheet.set_column(index, index, column.width if column else 14, None, hidden)
        if note_column is not None:
            self._sheet.set_column(note_column, note_column, 60)

    def add(self, row: LedgerRow) -> None:
        """Write a row in its own place."""
        marked = self._marked(row)
        fill = FILLS.get(row.outcome, "")
        whole = row.outcome in (Outcome.CONFLICT, Outcome.DUPLICATE) and not marked
        cells = _once(row)
        for index in range(max([len(cells), *(index + 1 for index in marked)])):
            if index != self._notes:
                cell = cells[index] if index < len(cells) else None
                self._write(row.number, index, cell, fill if whole or index in marked else "")
        if row.number == self._heading_row:
            marked = self._not_kept
        for index, comment in marked.items():
            self._comment(row.number - 1, index, comment)
        if self._notes is not None and row.number == self._heading_row:
            self._text(row.number - 1, self._notes, str(HEADING), self._formats.get(bold=True))
        elif self._notes is not None and row.outcome in FILLS:
            self._text(row.number - 1, self._notes, _explained(row), self._formats.get(fill if not marked else ""))

    def _marked(self, row: LedgerRow) -> dict[int, str]:
        """The comment of each cell that something is said of, by its place."""
        if row.outcome not in FILLS:
            return {}
        said = {}
        for _column, index, wrong, right in _problems(row):
            if isinstance(index, int) and 0 <= index < MAX_COLUMNS:
                said.setdefault(index, []).append("\n".join(filter(None, (wrong, right))))
        for label, old, new, here in row.changes if row.outcome == Outcome.CONFLICT else ():
            if here and label in self._labels:
                words = {"old": old or "—", "new": new or "—", "here": here}
                sentence = _("Exported: %(old)s. In this file: %(new)s. In the ledger now: %(here)s.") % words
                said.setdefault(self._labels[label], []).append(sentence)
        return {index: "\n".join(sentences) for index, sentences in sorted(said.items())}

    def _write(self, number: int, index: int, cell, fill: str) -> None:
        bold = number == self._heading_row
        place = (number - 1, index)
        if cell is None or cell == "":
            if fill:
                self._sheet.write_blank(*place, None, self._formats.get(fill))
        elif isinstance(cell, bool):
            self._sheet.write_boolean(*place, cell, self._formats.get(fill))
        elif isinstance(cell, int | float) and not (index in self._codes and abs(cell) < EXACT):
            self._sheet.write_number(*place, cell, self._formats.get(fill))
        elif isinstance(cell, dict) and (moment := _moment(cell)):
            kind = MOMENT if isinstance(moment, datetime.datetime) else DAY
            self._sheet.write_datetime(*place, moment, self._formats.get(fill, kind))
        else:
            self._text(*place, shown(cell), self._formats.get(fill, "@" if index in self._codes else "", bold=bold))

    def _text(self, row: int, index: int, text: str, style) -> None:
        text = clean(text)
        if len(text) > CELL_LENGTH // 2:  # characters, of which some count twice
            text = cut(text, CELL_LENGTH, "…")
        self._sheet.write_string(row, index, text, style)

    def _comment(self, row: int, index: int, text: str) -> None:
        if self.comments_left <= 0 or not text:
            return
        self.comments_left -= 1
        lines = 2 + len(text) // 20 + text.count("\n")
        size = {"width": 260, "height": min(20 * lines, 300), "font_size": 9}
        self._sheet.write_comment(row, index, cut(clean(text), COMMENT_LENGTH, "…"), size)


def _problems(row: LedgerRow) -> Iterator[tuple[str, int | None, str, str]]:
    for problem in row.problems:
        column, index, wrong, right = [*problem, *[""] * 4][:4]
        yield str(column or ""), index, close_up(wrong), close_up(right)


def _once(row: LedgerRow) -> list:
    """The cells of a row; those of a title over merged cells, which were read into each, only in the first."""
    first = row.cells[0] if row.cells else None
    is_title = row.outcome == Outcome.SKIPPED and isinstance(first, str)
    return [first] if is_title and all(cell == first for cell in row.cells) else row.cells


def _explained(row: LedgerRow) -> str:
    """What is wrong with a row, in words: one line for each problem."""
    lines = [str(row.get_outcome_display())]
    for column, _index, wrong, right in _problems(row):
        words = {"column": column, "wrong": wrong, "right": right}
        said = _("%(column)s: %(wrong)s %(right)s") % words if column else f"{wrong} {right}"
        lines.append(close_up(said).strip())
    return "\n".join(lines)


def _moment(cell: dict) -> datetime.date | datetime.datetime | None:
    """The day or moment of a cell; None where a spreadsheet cannot hold it."""
    text = str(cell.get("date", ""))
    try:
        moment = datetime.datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.date() < FIRST_DAY:
        return None
    return moment.replace(tzinfo=None) if "T" in text else moment.date()
