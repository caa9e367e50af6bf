"""The report as a workbook: a sheet for each part, numbers as numbers, ready to be printed."""

from collections.abc import Iterable

import xlsxwriter

from liangzhou.exports.fields import clean
from liangzhou.exports.xlsx_parts import cut

from . import xlsx_charts
from .projects import DETAIL, PROBLEMS
from .structure import Chart, Kind, Report, Table, kept
from .sums import CHAINS, ORIGINS, PLACES, RANKS, TOTAL

SHEETS = (TOTAL, CHAINS, ORIGINS, PLACES, DETAIL, RANKS, PROBLEMS)
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
CELL_LENGTH = 32_767
A4, MANY_COLUMNS = 9, 7  # from so many columns on a sheet lies across
FORMATS = {
    Kind.AMOUNT: "#,##0.00",
    Kind.RATE: "0.00",
    Kind.CHANGE: "+0.00;-0.00;0.00",
    Kind.COUNT: "#,##0",
    Kind.TEXT: "@",
    Kind.WORD: "@",
    Kind.MONTH: "@",
}
WIDTHS = {Kind.AMOUNT: 15, Kind.RATE: 10, Kind.CHANGE: 11, Kind.COUNT: 9, Kind.WORD: 8, Kind.MONTH: 12}
TEXT_WIDTHS = ((3, 36), (2, 24), (0, 16))  # of a column of text, by its share
LINE, HIGHEST = 15.5, 400  # points
LINE_LENGTH = 2.1  # of width of a sheet, what a Chinese character takes


def write(report: Report, out) -> None:
    """Write the workbook into a file that is open for bytes. No text becomes a formula or a link."""
    book = xlsxwriter.Workbook(out, {**OPTIONS, "in_memory": True})
    book.set_properties({"title": f"{report.title} {report.period} {report.edition}", "author": "", "comments": ""})
    looks = _looks(book)
    for name in SHEETS:
        _Sheet(book, report, name, looks).fill()
    book.close()


def _looks(book) -> dict:
    face = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
    boxed = {**face, "border": 1, "border_color": "#9AA5A0", "text_wrap": True}
    looks = {
        "title": book.add_format({**face, "font_name": "黑体", "font_size": 16}),
        "warning": book.add_format({**face, "bold": True, "font_color": "#B3261E"}),
        "text": book.add_format({**face, "text_wrap": True, "valign": "top"}),
        "caption": book.add_format({**face, "font_name": "黑体", "font_size": 12}),
        "head": book.add_format({**boxed, "bold": True, "bg_color": "#E7EFEA", "align": "center"}),
    }
    for kind, number in FORMATS.items():
        side = {} if kind.is_number else {"align": "left" if kind is Kind.TEXT else "center"}
        looks[kind] = book.add_format({**boxed, **side, "num_format": number})
        looks[kind, "total"] = book.add_format({**boxed, **side, "num_format": number, "bold": True})
    return looks


class _Sheet:
    """One sheet while it is written, from the top down."""

    def __init__(self, book, report: Report, name: str, looks: dict):
        self.book, self.sheet = book, book.add_worksheet(name)
        self.report, self.name, self.looks = report, name, looks
        self.blocks = [block for section in report.on_sheet(name) for block in section.blocks]
        self.tables = [block for block in self.blocks if isinstance(block, Table)]
        self.widths = self._widths()
        self.row = 0

    def fill(self) -> None:
        """Everything: title, what it is, then sentences and tables in their order."""
        report = self.report
        for index, width in enumerate(self.widths):
            self.sheet.set_column(index, index, width)
        self._text(f"{report.title} {report.period} {report.edition} {self.name}", "title")
        for warning in report.warnings:
            self._line(warning, "warning")
        self._line(f"{report.mark} {report.as_of}", "text")
        top = self.row
        for block in self.blocks:
            if isinstance(block, str):
                self._line(block, "text")
            elif isinstance(block, Chart):
                self._chart(block)
            else:
                self._table(block)
        heads = top + 2 if len(self.tables) == 1 and isinstance(self.blocks[0], Table) else 0
        if self.name != TOTAL:
            self.sheet.freeze_panes(heads or top, 2 if self.name == DETAIL else 0)
        self._print(heads)

    def _widths(self) -> list[float]:
        """Each column as wide as its widest use on the sheet."""
        widths = dict.fromkeys(range(8), 12)
        for table in self.tables:
            for index, column in enumerate(table.columns):
                text = next(width for share, width in TEXT_WIDTHS if column.width >= share)
                widths[index] = max(widths.get(index, 0), WIDTHS.get(column.kind, text))
        return list(widths.values())

    def _line(self, text: str, look: str) -> None:
        """A sentence over the whole width."""
        self.sheet.merge_range(self.row, 0, self.row, len(self.widths) - 1, "", self.looks[look])
        self._height([(text, sum(self.widths))])
        self._text(text, look)

    def _height(self, cells: Iterable[tuple[str, float]]) -> None:
        """Make the row as high as the longest of its texts needs; a spreadsheet does not do it by itself."""
        lines = max((-(-len(text) * LINE_LENGTH // (width - 1)) for text, width in cells), default=1)
        self.sheet.set_row(self.row, min(LINE * max(lines, 1), HIGHEST))

    def _text(self, text: str, look: str) -> None:
        self._cell(0, text, self.looks[look])
        self.row += 1

    def _table(self, table: Table) -> None:
        """A table with its caption and note, and an empty row after it."""
        self._text(table.caption, "caption")
        self._height((column.heading, width) for column, width in zip(table.columns, self.widths, strict=False))
        for index, column in enumerate(table.columns):
            self._cell(index, column.heading, self.looks["head"])
        self.row += 1
        for number, values in enumerate(table.rows):
            cells = [kept(value, column.kind) for value, column in zip(values, table.columns, strict=True)]
            self._height(
                (text, width) for text, width in zip(cells, self.widths, strict=False) if isinstance(text, str)
            )
            for index, (value, column) in enumerate(zip(cells, table.columns, strict=True)):
                kind = (column.kind, "total") if number < table.totals else column.kind
                self._cell(index, value, self.looks[kind])
            self.row += 1
        if table.note:
            self._line(table.note, "text")
        self.row += 1

    def _chart(self, chart: Chart) -> None:
        """The numbers, and what the spreadsheet draws of them below."""
        head = self.row + 1
        self._table(xlsx_charts.table_of(chart))
        xlsx_charts.draw(self.book, self.sheet, chart, head=head, row=self.row)
        self.row += xlsx_charts.height(chart)

    def _cell(self, column: int, value, look) -> None:
        if value is None:
            self.sheet.write_blank(self.row, column, None, look)
        elif isinstance(value, str):
            self.sheet.write_string(self.row, column, cut(clean(value), CELL_LENGTH, "…"), look)
        else:
            self.sheet.write_number(self.row, column, float(value), look)

    def _print(self, heads: int) -> None:
        sheet, report = self.sheet, self.report
        sheet.set_paper(A4)
        if len(self.widths) >= MANY_COLUMNS:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.7)
        if heads:
            sheet.repeat_rows(heads - 1)
        head = " ".join((*report.warnings, report.watermark)).strip()
        if head:
            sheet.set_header(f"&C{head}")
        sheet.set_footer(f"&C{report.footer} &P/&N")
