"""The sheet of an Excel workbook as XML: its head, its rows, its foot. No cell is ever a formula."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from xml.sax.saxutils import escape

from liangzhou.exports.fields import Field, Kind, clean, local, number_text, worded
from liangzhou.exports.xlsx_parts import CODE, DATE, GENERAL, HEADER, MOMENT, SHEET_FOOT, SHEET_HEAD, cut

CELL_LENGTH = 32_767  # UTF-16 units, what a cell holds
DAY_ZERO = date(1899, 12, 30).toordinal()
FIRST_SAFE_DAY = 61  # 1900-03-01: before it, spreadsheets disagree about the 29th of February 1900
WIDTHS = {Kind.TEXT: 24, Kind.CODE: 24, Kind.NUMBER: 14, Kind.DATE: 12, Kind.MOMENT: 20, Kind.URL: 40}
WIDEST = 60  # in digits

# Makes a value, in the row with this number, into a cell; an empty cell is left out, and every
# other one names its place, as some programs insist.
CellMaker = Callable[[object, int], str]


class Table:
    """What a sheet of these fields is made of. Headers and labels are in the language active when it is made."""

    def __init__(self, fields: Sequence[Field], *, cut_mark: str):
        columns = [_letters(index) for index in range(len(fields))]
        headers = [clean(field.header) for field in fields]
        head = "".join(
            _text_maker(column, HEADER, cut_mark)(text, 1) for column, text in zip(columns, headers, strict=True)
        )
        self.head = SHEET_HEAD.format(columns=_widths(fields, headers), cells=head)
        self._last_column = columns[-1]
        self._makers = [_maker(column, field, cut_mark) for column, field in zip(columns, fields, strict=True)]

    def row(self, number: int, values: tuple) -> str:
        """One record. Raises ValueError where it has more or fewer values than there are fields."""
        cells = [make(value, number) for make, value in zip(self._makers, values, strict=True)]
        return f'<row r="{number}">{"".join(cells)}</row>'

    def note(self, number: int, text: str) -> str:
        """A row with one sentence."""
        return f'<row r="{number}">{_text_maker("A", HEADER, "")(text, number)}</row>'

    def foot(self, last_row: int) -> str:
        """The end of a sheet whose records end in this row."""
        return SHEET_FOOT.format(last_cell=f"{self._last_column}{last_row}")


def _maker(column: str, field: Field, mark: str) -> CellMaker:
    text_maker = _text_maker(column, CODE if field.kind is Kind.CODE else GENERAL, mark)
    if field.labels:
        words = worded(field)
        return lambda value, number: text_maker(words.get(value, value), number)
    if field.kind is Kind.NUMBER:
        return _number_maker(column)
    if field.kind is Kind.DATE:
        return _date_maker(column, text_maker)
    return _moment_maker(column, text_maker) if field.kind is Kind.MOMENT else text_maker


def _text_maker(column: str, style: int, mark: str) -> CellMaker:
    shape = f't="inlineStr" s="{style}"' if style else 't="inlineStr"'

    def make(value, number):
        text = cell_text(value, mark)
        return f'<c r="{column}{number}" {shape}><is><t xml:space="preserve">{text}</t></is></c>' if text else ""

    return make


def _number_maker(column: str) -> CellMaker:
    def make(value, number):
        text = number_text(value)
        return f'<c r="{column}{number}"><v>{text}</v></c>' if text else ""

    return make


def _date_maker(column: str, text_maker: CellMaker) -> CellMaker:
    def make(value, number):
        if value is None:
            return ""
        days = value.toordinal() - DAY_ZERO
        if days < FIRST_SAFE_DAY:
            return text_maker(value.isoformat(), number)
        return f'<c r="{column}{number}" s="{DATE}"><v>{days}</v></c>'

    return make


def _moment_maker(column: str, text_maker: CellMaker) -> CellMaker:
    def make(value, number):
        if value is None:
            return ""
        shown = local(value)
        days = shown.toordinal() - DAY_ZERO
        if days < FIRST_SAFE_DAY:
            return text_maker(shown.isoformat(" "), number)
        days += (shown.hour * 3600 + shown.minute * 60 + shown.second) / 86_400
        return f'<c r="{column}{number}" s="{MOMENT}"><v>{days}</v></c>'

    return make


_LIKE_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def cell_text(value: object, mark: str) -> str:
    """A value as the XML of a cell's text: cut to what a cell holds, with the mark at its end."""
    text = clean(value)
    if len(text) > CELL_LENGTH // 2:
        text = cut(text, CELL_LENGTH, mark)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")  # XML has no other line ends
    if "_x" in text:
        text = _LIKE_ESCAPE.sub("_x005F_", text)  # else Excel reads _x0041_ as A
    return escape(text)


def _widths(fields: Sequence[Field], headers: list[str]) -> str:
    """How wide each column is: as its kind needs, and its header."""
    widths = [
        min(WIDEST, max(WIDTHS[field.kind], _digits(text) + 4)) for field, text in zip(fields, headers, strict=True)
    ]
    return "".join(f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>' for n, width in enumerate(widths, 1))


def _digits(text: str) -> int:
    """How many digits wide a text is; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)


def _letters(index: int) -> str:
    """The name of a column: 0 -> A, 25 -> Z, 26 -> AA."""
    letters = ""
    while index >= 0:
        index, rest = divmod(index, 26)
        letters = chr(65 + rest) + letters
        index -= 1
    return letters
