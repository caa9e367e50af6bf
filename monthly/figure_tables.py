"""The tables of the staff page of figures: cells in words, each number with the address of what is behind it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from liangzhou import exports, series
from liangzhou.exports import Kind
from liangzhou.money import show_wan

from . import figures
from .figure_choices import Asked
from .figures import Counts, Line, MonthLine
from .lights import Light
from .models import Indicator, Rate
from .ranking import Ranking
from .rates import Cohort, RateFigure, Rates

UNKNOWN = "—"


@dataclass(frozen=True)
class Cell:
    """One cell: what is printed, where it leads, and what a file has (`value`)."""

    text: str
    value: object = None
    url: str = ""
    note: str = ""
    light: str = ""


@dataclass(frozen=True)
class Table:
    """A table with its heads, rows (the first cell of each is its name) and what its numbers mean."""

    caption: str
    heads: tuple[str, ...]
    rows: list[list[Cell]]
    notes: tuple[str, ...] = ()
    total: list[Cell] | None = None

    @property
    def labelled(self) -> list[list[tuple[str, Cell]]]:
        """Each row's cells, each with the head of its column."""
        return [list(zip(self.heads, row, strict=True)) for row in self.rows]

    @property
    def labelled_total(self) -> list[tuple[str, Cell]]:
        """The last line, likewise."""
        return list(zip(self.heads, self.total or [], strict=False))

    def fields(self) -> list[exports.Field]:
        """The columns of a file; the first one is text, the others are numbers."""
        return [exports.Field(head, Kind.NUMBER if index else Kind.TEXT) for index, head in enumerate(self.heads)]

    def values(self) -> list[tuple]:
        """The rows of a file, the total last."""
        return [tuple(cell.value for cell in row) for row in [*self.rows, *([self.total] if self.total else [])]]


# Words for numbers


def name(text: str, **how) -> Cell:
    """A cell that names its row."""
    return Cell(text, text, **how)


def wan(value: Decimal | None, url: str = "") -> Cell:
    """An amount in 万元, two decimals; a file has all four."""
    return Cell(UNKNOWN if value is None else f"{series.two_places(value):,f}", value, url if value is not None else "")


def percent(value: Decimal | None, url: str = "", *, signed: bool = False) -> Cell:
    """A rate in per cent, or a difference in points, two decimals; `signed` prints a plus."""
    if value is None:
        return Cell(UNKNOWN)
    rounded = series.two_places(value)
    return Cell(f"{rounded:+f}" if signed and rounded else f"{rounded:f}", rounded, url)


def number(value: int | None, url: str = "") -> Cell:
    """A count; one of nothing leads nowhere."""
    return Cell(UNKNOWN if value is None else f"{value:,d}", value, url if value else "")


# The tables


def of_lines(asked: Asked, caption: str, lines: Iterable[Line], whole: Line) -> Table:
    """当月, 累计, 上年同期, 同比, 年度目标, 完成率, 较序时进度, 项目数, 排名 of each group, and of all."""
    heads = (
        capfirst(str(figures.BY[asked.by])),
        _("Amount of the month (万元)"),
        _("Year to date (万元)"),
        _("Same period last year (万元)"),
        _("Growth (%)"),
        _("Annual target (万元)"),
        _("Completion (%)"),
        _("Against the pace (points)"),
        _("Projects"),
        _("Rank"),
    )
    return Table(
        caption,
        heads,
        [[name(line.label), *_numbers(line, asked, by=asked.by, key=line.key)] for line in lines],
        definitions(asked),
        [name(whole.label), *_numbers(whole, asked, by="", key="")],
    )


def _numbers(line: Line, asked: Asked, **group: str) -> list[Cell]:
    month, year, before = (asked.rows(**group, of=of) for of in ("month", "ytd", "last_ytd"))
    return [
        wan(line.month, month),
        wan(line.ytd, year),
        wan(line.last_ytd, before),
        percent(line.growth, year, signed=True),
        wan(line.target),
        percent(line.completion, year),
        percent(line.ahead, year, signed=True),
        number(line.projects, year),
        number(line.rank),
    ]


def definitions(asked: Asked) -> tuple[str, ...]:
    """What the columns mean, and the pace of the month."""
    month = asked.month
    pace = _("Pace of the year (序时进度): %(months)s of 12 months, %(pace)s %%.")
    shared = {
        "unit": _("A project that several units share counts for each with its share; the number counts it once each."),
        "size": _("1 billion yuan and more is part of 100 million yuan and more: the lines are not to be added."),
        "phase": _("New (新建): started this year. Continuing (续建): started before, from the next January on."),
    }
    return (
        _("Year to date (累计): %(span)s; it begins again each January. Growth (同比): year to date ÷ same period − 1.")
        % {"span": month.span},
        _("Completion (完成率): year to date ÷ annual target. Without a target, or with one of zero, there is none."),
        pace % {"months": month.number, "pace": series.two_places(series.pace(month))},
        *([shared[asked.by]] if asked.by in shared else []),
    )


def of_months(asked: Asked, caption: str, months: Iterable[MonthLine]) -> Table:
    """January up to the month, this year and last. Each number leads to its own months' rows."""
    rows = []
    for line in months:
        at = {"by": "", "at": str(line.month)}
        now, year, last, before = (asked.rows(**at, of=of) for of in ("month", "ytd", "last_month", "last_ytd"))
        rows.append(
            [
                name(line.month.label),
                wan(line.amount, now),
                wan(line.cumulative, year),
                wan(line.last_amount, last),
                wan(line.last_cumulative, before),
                percent(series.growth(line.cumulative, line.last_cumulative), year, signed=True),
            ]
        )
    heads = (
        _("Month"),
        _("Amount of the month (万元)"),
        _("Year to date (万元)"),
        _("Same month last year (万元)"),
        _("Same period last year (万元)"),
        _("Growth (%)"),
    )
    return Table(caption, heads, rows)


COUNTED = (  # kinds of figures.kinds_of_projects, in order, with their words
    ("projects", lambda: _("All implemented projects")),
    ("new", lambda: _("New this year (新建)")),
    ("continuing", lambda: _("Continuing (续建)")),
    ("100m", lambda: _("100 million yuan and more (亿元以上)")),
    ("1bn", lambda: _("Of these, 1 billion yuan and more (10亿元以上)")),
    ("signed_year", lambda: _("Signed this year")),
    ("signed_month", lambda: _("Signed this month")),
    ("started_year", lambda: _("Started this year")),
    ("started_month", lambda: _("Started this month")),
    ("producing_year", lambda: _("Come into production this year")),
    ("producing_month", lambda: _("Come into production this month")),
    ("paused", lambda: _("Paused")),
    ("terminated", lambda: _("Terminated")),
)
WORDS_OF_KINDS: dict[str, Callable[[], str]] = dict(COUNTED)


def of_counts(asked: Asked, counts: Counts) -> Table:
    """How many projects there are of each kind, and their total investment."""
    rows = [
        [
            name(words()),
            number(counts.numbers[kind], asked.rows(by="", count=kind)),
            wan(counts.investments[kind], asked.rows(by="", count=kind)),
        ]
        for kind, words in COUNTED
    ]
    notes = (
        _("Implemented: from the signing on; plans, leads and negotiations are never added. "
          "The total investment adds what is known."),
        _("Terminated projects are left out, except among those signed, started or come into production."),
    )  # fmt: skip
    return Table(_("Numbers of projects"), (_("Kind"), _("Projects"), _("Total investment (万元)")), rows, notes)


def of_rates(asked: Asked, rates: Rates) -> Table:
    """The four rates of all contracts, by year and by event; the definitions that hold in the month beside."""
    rows = [_cohort(asked, "", _("All contracts"), rates.all)]
    rows += [_cohort(asked, "year", _("Signed in %(year)s") % {"year": one.label}, one) for one in rates.years]
    rows += [_cohort(asked, "event", one.label, one) for one in rates.events]
    defined = [one for one in rates.all.rates if one.definition]
    notes = [
        _("%(rate)s: %(wording)s") % {"rate": Rate(one.rate).label, "wording": one.definition.wording}
        for one in defined
    ]
    if rates.undated:
        said = _("%(count)s implemented projects have no recorded date of signing: they are in no cohort.")
        notes.append(said % {"count": len(rates.undated)})
    heads = (_("Contracts"), _("Signed"), *(f"{capfirst(str(one.label))} (%)" for one in Rate))
    return Table(_("Rates over contracts signed"), heads, rows, tuple(notes))


def _cohort(asked: Asked, cohort: str, label: str, of: Cohort) -> list[Cell]:
    """A line; `cohort` is what it is a cohort of: a year, an event, or all."""
    where = {"by": "", "cohort": cohort, "key": of.key}
    return [
        name(label),
        number(of.signed, asked.rows(**where, rate=Rate.PERFORMANCE, part="whole")),
        *(_rate(one, asked.rows(**where, rate=one.rate, part="part")) for one in of.rates),
    ]


def _rate(one: RateFigure, url: str) -> Cell:
    cell = percent(one.percent, url)
    if one.percent is None:
        return cell
    shown = [show_wan(each) if one.is_money else str(each) for each in (one.numerator, one.denominator)]
    return Cell(cell.text, cell.value, url, note=f"{shown[0]} / {shown[1]}")


def of_lights(asked: Asked, numbers: dict[str, int]) -> Table:
    """How many projects show each light."""
    rows = [
        [
            Cell(str(Light(light).label), str(Light(light).label), light=light),
            number(many, asked.rows(by="", light=light)),
        ]
        for light, many in numbers.items()
    ]
    notes = (
        _("The worst rule that fires gives the light. Exempt: every rule that fires has a justified reason (正当理由). "
          "No light: paused, terminated or at capacity."),
    )  # fmt: skip
    return Table(_("Red, amber, green"), (_("Light"), _("Projects")), rows, notes)


def of_ranking(asked: Asked, found: Ranking) -> Table:
    """Who is first, and whose projects show which light; below, who is not ranked and why."""
    heads = (
        capfirst(str(figures.BY[asked.by])),
        _("Rank"),
        _("Year to date (万元)") if found.measure == "ytd" else _("Value (%)"),
        *(capfirst(str(Light(light).label)) for light in (Light.RED, Light.AMBER, Light.EXEMPT, Light.GREEN)),
    )
    rows = []
    for one in found.ranked:
        behind = asked.rows(key=one.line.key, of="ytd")
        value = wan(one.value, behind) if found.measure == "ytd" else percent(one.value, behind)
        rows.append([name(one.line.label), number(one.rank), value, *_lights(asked, one)])
    for one in found.excluded:
        rows.append([name(one.line.label, note=one.reason), Cell(UNKNOWN), Cell(UNKNOWN), *_lights(asked, one)])
    notes = (_("Equal values, as printed, share a rank, and the next one is left out: 1, 2, 2, 4."),)
    return Table(_("Ranking"), heads, rows, notes)


def _lights(asked: Asked, one) -> list[Cell]:
    shown = (Light.RED, Light.AMBER, Light.EXEMPT, Light.GREEN)
    return [number(one.lights.get(light, 0), asked.rows(key=one.line.key, light=light.value)) for light in shown]


def in_words(indicator: str) -> str:
    """The name of an indicator at the head of a table."""
    return capfirst(str(Indicator(indicator).label))
