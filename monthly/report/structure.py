"""What a report is made of, as plain data: sections of paragraphs, tables and charts that every format prints."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from liangzhou import series
from liangzhou.charts import BarChart, ColumnChart, TargetChart
from liangzhou.money import plain

UNKNOWN = "—"


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    WORD = "word"  # a short text that stands in the middle: a light, a number in a row
    AMOUNT = "amount"  # 万元
    RATE = "rate"  # per cent
    CHANGE = "change"  # per cent or percentage points, with its sign
    COUNT = "count"
    MONTH = "month"  # a date of which only the month is shown

    @property
    def is_number(self) -> bool:
        """Whether it is right-aligned, and a number in a workbook."""
        return self in (Kind.AMOUNT, Kind.RATE, Kind.CHANGE, Kind.COUNT)


@dataclass(frozen=True)
class Column:
    """One column; `width` is the share of a column of text of what numbers leave to texts."""

    heading: str
    kind: Kind = Kind.TEXT
    width: float = 1


@dataclass(frozen=True)
class Table:
    """A table; `totals` is how many of its first rows are totals."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple, ...]
    note: str = ""
    totals: int = 0


@dataclass(frozen=True)
class Chart:
    """A picture, and the sentence that says what it shows."""

    title: str
    drawn: ColumnChart | TargetChart | BarChart


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it, in order. A wide one is printed across the page."""

    heading: str
    blocks: tuple[str | Table | Chart, ...]
    sheet: str = "总体"
    is_wide: bool = False


@dataclass(frozen=True)
class Report:
    """A whole report."""

    title: str  # 凉州区招商引资月报
    period: str  # 2025年1—5月
    edition: str  # 第1版, 草稿
    as_of: str
    file_name: str  # without its ending, and without the mark of invented records
    sections: tuple[Section, ...]
    mark: str = "内部资料"
    watermark: str = ""
    warnings: tuple[str, ...] = field(default=())  # above everything: a draft, invented records

    @property
    def footer(self) -> str:
        """What stands at the foot of every page."""
        return f"{self.mark} · {self.title} · {self.period} · {self.edition}"

    def on_sheet(self, name: str) -> list[Section]:
        """The sections of one sheet of the workbook."""
        return [section for section in self.sections if section.sheet == name]


def shown(value, kind: Kind) -> str:
    """A cell as it is printed: amounts and rates with two decimals, half up, changes with their sign; — if unknown."""
    if value is None:
        return UNKNOWN
    if kind is Kind.AMOUNT:
        return f"{series.two_places(Decimal(value)):,.2f}"
    if kind in (Kind.RATE, Kind.CHANGE):
        rounded = series.two_places(value)
        return f"{rounded:+f}" if kind is Kind.CHANGE and rounded else f"{rounded:f}"
    if kind is Kind.COUNT:
        return plain(value)
    if kind is Kind.MONTH and isinstance(value, date):
        return f"{value.year}年{value.month}月"
    return str(value) or UNKNOWN


def kept(value, kind: Kind):
    """A cell as a workbook keeps it: amounts to the yuan, rates with two decimals, texts as they are printed."""
    if value is None:
        return None
    if kind is Kind.AMOUNT or kind is Kind.COUNT:
        return Decimal(value)
    if kind in (Kind.RATE, Kind.CHANGE):
        return series.two_places(value)
    return shown(value, kind)


DIGIT, PADDING = 0.63, 0.28  # the width of a digit, of the height of the type; cm beside the text of a cell
POINT = 2.54 / 72  # in cm
SIZES = (9.5, 9, 8.5, 8, 7.5, 7)  # heights of type in points
LEAST_FOR_TEXTS = 1.1  # cm for each unit of the widths of columns of text


def fitted(table: Table, whole: float) -> tuple[float, list[float]]:
    """The largest type in which the numbers of a table fit, and how wide each column is, in cm.

    Numbers have as much as they need; texts share what is left as their columns say.
    """
    texts = sum(column.width for column in table.columns if column.kind is Kind.TEXT)
    room = whole - LEAST_FOR_TEXTS * texts
    size, needs = next(
        ((size, needs) for size in SIZES if sum((needs := _needs(table, size)).values()) <= room),
        (SIZES[-1], _needs(table, SIZES[-1])),
    )
    if sum(needs.values()) > room:  # as narrow as it must be: the numbers are broken
        needs = {index: need * room / sum(needs.values()) for index, need in needs.items()}
    left = whole - sum(needs.values())
    return size, [
        needs[index] if index in needs else left * column.width / texts for index, column in enumerate(table.columns)
    ]


def _needs(table: Table, points: float) -> dict[int, float]:
    em = points * POINT
    return {
        index: max(_digits(table, index), 2 / DIGIT) * DIGIT * em + PADDING
        for index, column in enumerate(table.columns)
        if column.kind is not Kind.TEXT
    }


def _digits(table: Table, index: int) -> float:
    """How many digits wide the widest cell of a column is; its heading may stand in two lines, or three."""
    column = table.columns[index]
    cells = (shown(row[index], column.kind) for row in table.rows)
    return max([*map(_length, cells), _length(column.heading) / 3], default=0)


def _length(text: str) -> float:
    return sum(1 if character.isascii() else 1 / DIGIT for character in text)
