"""The kinds of charts as plain data: what is drawn, and the table that stands beside it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from liangzhou import series
from liangzhou.money import common_unit, plain

MOST_COLUMNS = 12
UNKNOWN = "—"

Amounts = Sequence[Decimal | None]


@dataclass(frozen=True)
class Bar:
    """One bar. `percent` is its length, of the longest; `shown` is its value in words; `exact` is for the table."""

    label: str
    value: float
    shown: str
    percent: float = 0
    url: str = ""
    exact: str = ""


@dataclass(frozen=True)
class BarChart:
    """Horizontal bars from a zero baseline."""

    title: str
    rows: tuple[Bar, ...]
    note: str = ""
    table_headers: tuple[str, str] = ("", "")


def bar_chart(title: str, bars: Iterable[Bar], *, table_headers: tuple[str, str], note: str = "") -> BarChart:
    """A chart of bars, each as long as its share of the longest (0–100, one decimal); below zero there is no bar."""
    bars = list(bars)
    longest = max((bar.value for bar in bars), default=0)
    longest = longest if longest > 0 else 1
    rows = (
        Bar(bar.label, bar.value, bar.shown, max(round(100 * bar.value / longest, 1), 0), bar.url, bar.exact)
        for bar in bars
    )
    return BarChart(title, tuple(rows), note=note, table_headers=table_headers)


@dataclass(frozen=True)
class Series:
    """One number for each label; None where it is not known."""

    name: str
    values: tuple[Decimal | None, ...]


@dataclass(frozen=True)
class ColumnChart:
    """Columns over time, of one series or of two side by side; over them a line, on a scale of its own."""

    title: str
    labels: tuple[str, ...]
    columns: tuple[Series, ...]
    line: Series | None
    unit: str
    label_header: str
    note: str = ""

    @property
    def table_headers(self) -> list[str]:
        """The heads of the table, with the unit."""
        named = _("%(label)s (%(unit)s)")
        return [self.label_header, *(named % {"label": one.name, "unit": self.unit} for one in self._all())]

    @property
    def table_rows(self) -> list[tuple[str, list[str]]]:
        """(label, its numbers) of every row of the table."""
        return [(label, [number(one.values[index]) for one in self._all()]) for index, label in enumerate(self.labels)]

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is known."""
        return all(value is None for one in self._all() for value in one.values)

    def _all(self) -> list[Series]:
        return [*self.columns, *([self.line] if self.line else [])]


def column_chart(
    title: str,
    labels: Sequence[str],
    columns: Sequence[Series],
    *,
    unit: str,
    label_header: str,
    line: Series | None = None,
    note: str = "",
) -> ColumnChart:
    """A chart of at most 12 columns, or pairs of them (this year's first).

    Raises ValueError for more of either, and where a series has not one value for each label.
    """
    every = [*columns, *([line] if line else [])]
    if len(labels) > MOST_COLUMNS or len(columns) not in (1, 2):
        raise ValueError("a column chart has one or two series and at most 12 labels")
    if any(len(one.values) != len(labels) for one in every):
        raise ValueError("every series has one value for each label")
    return ColumnChart(title, tuple(labels), tuple(columns), line, unit, label_header, note)


@dataclass(frozen=True)
class Target:
    """What was done against what is to be done in a year, in one unit; None where it is not known or not set."""

    label: str
    done: Decimal | None
    target: Decimal | None

    @property
    def completion(self) -> Decimal | None:
        """完成率 in per cent."""
        return series.completion(self.done, self.target)

    def against(self, pace: Decimal) -> str:
        """How far ahead of the pace (per cent of the year) or behind it, in words; empty without a target."""
        if self.completion is None:
            return ""
        ahead = series.two_places(self.completion - pace)
        if not ahead:
            return _("on the pace of the year")
        words = _("%(points)s points ahead of the pace") if ahead > 0 else _("%(points)s points behind the pace")
        return words % {"points": number(abs(ahead))}


@dataclass(frozen=True)
class TargetChart:
    """Years to date against annual targets, with a mark where the year stands (序时进度)."""

    title: str
    rows: tuple[Target, ...]
    pace: Decimal
    unit: str
    note: str = ""

    @property
    def table_headers(self) -> list[str]:
        """The heads of the table, with the unit."""
        named = _("%(label)s (%(unit)s)")
        return [
            _("Target"),
            named % {"label": _("year to date"), "unit": self.unit},
            named % {"label": _("annual target"), "unit": self.unit},
            _("completion (%)"),
            _("pace of the year (%)"),
            _("ahead of the pace (points)"),
        ]

    @property
    def table_rows(self) -> list[tuple[str, list[str]]]:
        """(label, its numbers) of every row of the table."""
        return [
            (
                row.label,
                [
                    number(row.done),
                    number(row.target),
                    number(row.completion),
                    number(self.pace),
                    number(None if row.completion is None else row.completion - self.pace),
                ],
            )
            for row in self.rows
        ]

    @property
    def is_empty(self) -> bool:
        """Whether there is no target at all."""
        return not self.rows


def target_chart(title: str, rows: Iterable[Target], *, pace: Decimal, unit: str, note: str = "") -> TargetChart:
    """A chart of targets; `pace` is in per cent of the year."""
    return TargetChart(title, tuple(rows), pace, unit, note)


def in_one_unit(*lists: Amounts) -> tuple[str, list[tuple[Decimal | None, ...]]]:
    """The unit that suits the largest of these amounts in 万元, and the amounts in that unit; nothing is rounded."""
    divisor, unit = common_unit(amount for one in lists for amount in one)
    return unit, [tuple(None if amount is None else amount / divisor for amount in one) for one in lists]


def number(value: Decimal | int | None, places: int = 2) -> str:
    """A number of a table or at a column: so many decimals, half up; a whole count has none; — where not known."""
    if value is None:
        return UNKNOWN
    if isinstance(value, int):
        return plain(value)
    return format(value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) + 0, "f")
