"""The four rates (开工率, 投产率, 资金到位率, 履约率) over cohorts of signed contracts, each with its definition.

A cohort is all implemented projects whose signing is recorded by the end of the month: of one year, or of one
signing event. What a terminated project had reached before is counted, for the formula is what was started ÷ what
was signed; a definition may leave terminated contracts out of both (not out of 履约率, which is about them).

Dates decide what was reached by the end of the month. Where no date is recorded, the stage does; stage and status
of live books are as they are now, those of a locked month as they were then.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from liangzhou import series
from liangzhou.months import Month
from projects.stages import Stage, Status

from .books import Books
from .figures import exact
from .models import Rate, RateDefinition

REACHED_ON = {Stage.STARTED: "started_on", Stage.PRODUCING: "producing_on"}
COLUMNS = (
    "project_key",
    "stage",
    "status",
    "total_investment",
    "contract_amount",
    "event_key",
    "event_name",
    "signed_on",
    "started_on",
    "producing_on",
    "funds_since_signing",
)


@dataclass(frozen=True)
class RateFigure:
    """One rate of one cohort: a part of a whole, both numbers of projects or both 万元, and the definition.

    `percent` is unrounded; None where the whole is nothing, or something is not known. `keys` are the projects that
    count in the part, `of` those that count in the whole.
    """

    rate: str
    definition: RateDefinition | None
    numerator: Decimal | int | None = None
    denominator: Decimal | int | None = None
    keys: tuple[int, ...] = ()
    of: tuple[int, ...] = ()

    @property
    def percent(self) -> Decimal | None:
        """The rate in per cent."""
        return series.share(self.numerator, self.denominator)

    @property
    def is_money(self) -> bool:
        """Whether the part and the whole are amounts in 万元 rather than numbers of projects."""
        return self.rate == Rate.FUNDS


@dataclass(frozen=True)
class Cohort:
    """The contracts of one year or of one event (`key`, as in addresses), and their rates in the order of Rate."""

    key: str
    label: str
    keys: tuple[int, ...]
    rates: tuple[RateFigure, ...]

    @property
    def signed(self) -> int:
        """How many contracts."""
        return len(self.keys)


@dataclass(frozen=True)
class Rates:
    """The rates of the books of a month: all contracts, by year and by event, the newest first.

    `undated` are the keys of implemented projects without a recorded signing: no cohort has them.
    """

    all: Cohort
    years: tuple[Cohort, ...]
    events: tuple[Cohort, ...]
    undated: tuple[int, ...]

    def cohort(self, by: str, key: str) -> Cohort:
        """One of them: by "year", "event" or "" (all). Raises KeyError where there is none."""
        cohorts = {"year": self.years, "event": self.events, "": (self.all,)}[by]
        return {one.key: one for one in cohorts}[key]


def definitions(month: Month) -> dict[str, RateDefinition]:
    """The definition of each rate that holds in a month; a rate without one is left out. One query."""
    found = {}
    for definition in RateDefinition.objects.on(month.first):
        found.setdefault(definition.rate, definition)
    return found


def rates(books: Books) -> Rates:
    """All rates of the books of a month. Two queries."""
    defined, until = definitions(books.month), books.month.last
    rows = [
        row | {"funds_since_signing": exact(row["funds_since_signing"])} for row in books.projects().values(*COLUMNS)
    ]
    signed = [row for row in rows if row["signed_on"] and row["signed_on"] <= until]
    by_year, by_event = defaultdict(list), defaultdict(list)
    for row in signed:
        by_year[row["signed_on"].year].append(row)
        if row["event_key"] is not None:
            by_event[row["event_key"]].append(row)
    events = sorted(by_event.items(), key=lambda one: (max(row["signed_on"] for row in one[1]), one[0]), reverse=True)
    return Rates(
        all=_cohort("", "", signed, defined, until),
        years=tuple(_cohort(str(year), str(year), by_year[year], defined, until) for year in sorted(by_year)[::-1]),
        events=tuple(_cohort(str(key), found[0]["event_name"], found, defined, until) for key, found in events),
        undated=tuple(sorted(row["project_key"] for row in rows if row["signed_on"] is None)),
    )


def has_reached(row: dict, stage: str, until: date) -> bool:
    """Whether a project had come to a stage, or further, by a day, as far as is known.

    A date decides: its own or that of a later stage by then, or its own or that of an earlier stage after it.
    Without one, the stage decides.
    """
    order = Stage(stage).order
    known = [(reached.order, row[name]) for reached, name in REACHED_ON.items() if row[name]]
    if any(at >= order and day <= until for at, day in known):
        return True
    if any(at <= order and day > until for at, day in known):
        return False
    return Stage(row["stage"]).order >= order


def _cohort(key: str, label: str, rows: list[dict], defined: dict, until: date) -> Cohort:
    found = [FORMULAS[rate](rate, defined[rate], rows, until) if rate in defined else RateFigure(rate, None)
             for rate in Rate]  # fmt: skip
    return Cohort(key, label, _keys(rows), tuple(found))


def _keys(rows: Iterable[dict]) -> tuple[int, ...]:
    return tuple(sorted(row["project_key"] for row in rows))


def _is_terminated(row: dict) -> bool:
    return row["status"] == Status.TERMINATED


def _whole(definition: RateDefinition, rows: list[dict]) -> list[dict]:
    return [row for row in rows if not (definition.without_terminated and _is_terminated(row))]


def _of_stage(rate: str, definition: RateDefinition, rows: list[dict], until: date) -> RateFigure:
    """(The definition's stage or later) ÷ signed. A definition that names no stage defines nothing."""
    if not definition.numerator_stage:
        return RateFigure(rate, None)
    whole = _whole(definition, rows)
    part = [row for row in whole if has_reached(row, definition.numerator_stage, until)]
    return RateFigure(rate, definition, len(part), len(whole), _keys(part), _keys(whole))


def _of_funds(rate: str, definition: RateDefinition, rows: list[dict], until: date) -> RateFigure:
    """Funds received since signing ÷ contract amount (or total investment); contracts of no known amount are out."""

    def amount(row) -> Decimal | None:
        total = row["total_investment"]
        if definition.basis == RateDefinition.Basis.TOTAL or row["contract_amount"] is None:
            return total
        return row["contract_amount"]

    whole = [row for row in _whole(definition, rows) if amount(row) is not None]
    part = [row for row in whole if row["funds_since_signing"] is not None]
    received = series.total(row["funds_since_signing"] for row in part)
    return RateFigure(rate, definition, received, series.total(map(amount, whole)), _keys(part), _keys(whole))


def _of_performance(rate: str, definition: RateDefinition, rows: list[dict], until: date) -> RateFigure:
    """(Signed − terminated) ÷ signed."""
    part = [row for row in rows if not _is_terminated(row)]
    return RateFigure(rate, definition, len(part), len(rows), _keys(part), _keys(rows))


FORMULAS: dict[Rate, Callable] = {
    Rate.START: _of_stage,
    Rate.PRODUCTION: _of_stage,
    Rate.FUNDS: _of_funds,
    Rate.PERFORMANCE: _of_performance,
}
