"""The public tables of a published month: one definition gives the page's rows and those of the files."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liangzhou import series
from liangzhou.columns import Cell
from liangzhou.exports import Field, Kind
from liangzhou.money import common_unit, plain
from monthly import figures
from monthly.books import Books
from monthly.definitions import BY_NAME, KINDS
from monthly.disclosure import PUBLIC_BY, PublicLine, disclosed, public_lines
from monthly.figures import MonthLine
from monthly.models import Indicator

UNKNOWN = "—"
AMOUNT, PERCENT, POINTS, NUMBER = "amount", "percent", "points", "number"

TITLES = {
    "months": gettext_lazy("Funds received, month by month"),
    "origin": gettext_lazy("Funds received by origin"),
    "chain": gettext_lazy("Funds received by industry chain"),
    "place": gettext_lazy("Funds received by place"),
    "projects": gettext_lazy("Projects by kind"),
}
HEADS = {
    "months": gettext_lazy("Month"),
    "origin": gettext_lazy("origin"),
    "chain": gettext_lazy("industry chain"),
    "place": gettext_lazy("place"),
    "projects": gettext_lazy("projects"),
}


@dataclass(frozen=True)
class Heading:
    """A column of numbers; `figure` is the definition that it opens."""

    figure: str
    label: str
    shape: str = AMOUNT  # or PERCENT, POINTS, NUMBER


@dataclass(frozen=True)
class Row:
    """A line of a table: amounts in 万元, rates in per cent, unrounded."""

    key: str
    label: str
    values: tuple[Decimal | int | None, ...]


@dataclass(frozen=True)
class Table:
    """A table of one month; `by` is what its rows are in the addresses of what is behind them."""

    name: str
    title: str
    by: str
    headings: tuple[Heading, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()

    def printed(self, address: Callable[[str, str], str]) -> dict:
        """What `components/_table.html` prints; `address` gives what is behind the figure of a row."""
        amounts = (v for row in self.rows for h, v in zip(self.headings, row.values, strict=True) if h.shape == AMOUNT)
        divisor, unit = common_unit(amounts)
        heads = [(capfirst(h.label), "" if h.shape == NUMBER else _unit(h.shape, unit)) for h in self.headings]
        labels = [_("%(label)s (%(unit)s)") % {"label": label, "unit": u} if u else label for label, u in heads]
        first = {"label": capfirst(str(HEADS[self.name])), "primary": True}
        return {
            "caption": self.title,
            "header": [first, *({"label": label, "kind": "number"} for label in labels)],
            "rows": [self._cells(row, divisor, labels, address) for row in self.rows],
        }

    def _cells(self, row: Row, divisor: Decimal, labels: Sequence[str], address: Callable) -> list[Cell]:
        numbers = [
            Cell(
                shown(value, heading.shape, divisor),
                url="" if value is None or heading.figure == "number" else address(row.key, heading.figure),
                kind="number",
                label=label,
            )
            for heading, label, value in zip(self.headings, labels, row.values, strict=True)
        ]
        return [Cell(row.label, primary=True), *numbers]

    def fields(self) -> list[Field]:
        """The columns of the files: every amount in 万元."""
        named = _("%(label)s (%(unit)s)")
        units = [_unit(heading.shape, "万元") for heading in self.headings]
        heads = [named % {"label": h.label, "unit": unit} for h, unit in zip(self.headings, units, strict=True)]
        return [Field(capfirst(str(HEADS[self.name]))), *(Field(capfirst(head), kind=Kind.NUMBER) for head in heads)]

    def exported(self) -> list[tuple]:
        """The rows of the files: amounts to the yuan, rates with two decimals."""
        shapes = [heading.shape for heading in self.headings]
        return [
            (row.label, *(_kept(value, shape) for value, shape in zip(row.values, shapes, strict=True)))
            for row in self.rows
        ]


def shown(value: Decimal | int | None, shape: str, divisor: Decimal = Decimal(1)) -> str:
    """A number of a table: amounts and rates with two decimals, growth and points with their sign."""
    if value is None:
        return UNKNOWN
    if shape == NUMBER:
        return plain(value)
    rounded = series.two_places(value / divisor if shape == AMOUNT else value)
    return format(rounded, "+f") if shape == POINTS and rounded else format(rounded, "f")


def _unit(shape: str, unit: str) -> str:
    return {AMOUNT: unit, PERCENT: "%", POINTS: "%", NUMBER: "项"}[shape]


def _kept(value: Decimal | int | None, shape: str):
    return series.two_places(value) if shape in (PERCENT, POINTS) and value is not None else value


def _heading(figure: str, shape: str = AMOUNT) -> Heading:
    return Heading(figure, str(BY_NAME[figure].label), shape)


def table(books: Books, name: str) -> Table:
    """A table by its name in addresses. Raises KeyError for one that there is not."""
    if name in PUBLIC_BY:
        return by_group(books, name)
    return {"months": months, "projects": projects}[name](books)


def meaning(table: Table, row: Row) -> str:
    """What a row counts, in words."""
    own = table.by in ("kind", "origin") and row.key in BY_NAME  # origins put together are funds of several
    counted = BY_NAME[row.key if own else Indicator.FUNDING]
    return f"{capfirst(str(counted.label))}: {counted.text}"


def months(books: Books) -> Table:
    """January up to the month."""
    return of_months(figures.months(books, Indicator.FUNDING))


def of_months(lines: Sequence[MonthLine]) -> Table:
    """The same, from figures that are there already."""
    headings = (_heading("month"), _heading("ytd"), _heading("last_month"), _heading("last_ytd"))
    rows = (
        Row(
            str(one.month),
            one.month.label,
            (
                one.amount,
                one.cumulative,
                one.last_amount,
                one.last_cumulative,
                series.growth(one.cumulative, one.last_cumulative),
            ),
        )
        for one in lines
    )
    headings = (*headings, _heading("growth", POINTS))
    return Table("months", str(TITLES["months"]), "month", headings, tuple(rows))


def by_group(books: Books, by: str) -> Table:
    """By chain, place or origin, as far as the public may be shown."""
    lines = public_lines(books, Indicator.FUNDING, by)
    headings = (
        _heading("ytd"),
        _heading("last_ytd"),
        _heading("growth", POINTS),
        _heading("target"),
        _heading("completion", PERCENT),
        Heading("number", _("number of projects"), NUMBER),
    )
    names = ("ytd", "last_ytd", "growth", "target", "completion", "projects")
    rows = (Row(one.line.key, one.line.label, tuple(getattr(one.line, name) for name in names)) for one in lines)
    return Table(by, str(TITLES[by]), by, headings, tuple(rows), tuple(_notes(by, lines)))


def _notes(by: str, lines: Sequence[PublicLine]) -> Iterator[str]:
    """What is to be known of a table."""
    if by == "origin":
        yield _("A project may receive money from several origins; then each of them counts it.")
    if any(one.is_together for one in lines):
        yield _("Groups of few projects are put together, so that nothing is told of a single project.")
    if any(one.base_is_left_out for one in lines):
        yield _("Last year's sum is left out where it would tell something of a single project.")


def projects(books: Books) -> Table:
    """How many projects of each kind, and their total investment."""
    return of_counts(disclosed(figures.counts(books)))


def of_counts(counts: figures.Counts) -> Table:
    """The same, from figures that are there already."""
    headings = (
        Heading("count", _("number of projects"), NUMBER),
        Heading("investment", _("total investment")),
    )
    rows = (Row(kind, str(BY_NAME[kind].label), (counts.numbers[kind], counts.investments[kind])) for kind in KINDS)
    return Table("projects", str(TITLES["projects"]), "kind", headings, tuple(rows))
