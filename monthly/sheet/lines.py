"""What the page prints: each row as texts, its cells with what is wrong in them, and the line of totals."""

from dataclasses import dataclass, field
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from liangzhou import series
from liangzhou.money import plain
from liangzhou.months import Month
from monthly.slips import Severity, Slip
from projects.stages import Status

from .judging import Judged, Mode
from .rows import Row
from .typed import PREFIX, TEXTS, stored, was_of

NOT_KNOWN = "—"


@dataclass(frozen=True)
class Cell:
    """One cell that can be typed into. `said` are its slips, `label` names its column and project."""

    id: str
    value: str
    was: str
    label: str
    most: int = 40
    writable: bool = True
    said: tuple[Slip, ...] = ()

    @property
    def is_wrong(self) -> bool:
        """Whether something in it blocks."""
        return any(one.severity == Severity.ERROR for one in self.said)


@dataclass
class Line:
    """One row of the page."""

    row: Row
    cells: dict[str, Cell]
    said: list[Slip]  # of the project itself
    was: str
    url: str
    numbers: dict[str, str] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)  # what the script reckons with
    corrections: list[str] = field(default_factory=list)
    plan_note: str = ""

    @property
    def state(self) -> str:
        """What is to be known of the project besides: that it is paused or terminated; empty where it goes on."""
        project = self.row.project
        return "" if project.status == Status.NORMAL else project.get_status_display()

    @property
    def is_changed(self) -> bool:
        """Whether something was typed that is not saved."""
        return any(cell.writable and cell.value != cell.was for cell in self.cells.values())


def amount(value: Decimal | None) -> str:
    """An amount in 万元 with commas, as far as it goes: 13,100.5; — where it is not known."""
    if value is None:
        return NOT_KNOWN
    whole, dot, decimals = plain(value).partition(".")
    return f"{int(whole):,}{dot}{decimals}" if whole not in ("-0", "-") else plain(value)


def percent(value: Decimal | None) -> str:
    """A rate with two decimals: 38.01%."""
    return NOT_KNOWN if value is None else f"{series.two_places(value)}%"


def points(value: Decimal | None) -> str:
    """A difference of rates in percentage points, with its sign: +2.31."""
    return NOT_KNOWN if value is None else f"{series.two_places(value):+}"


def line(row: Row, mode: Mode, judged: Judged | None = None) -> Line:
    """A row as it is printed: as stored, or as it was typed where a form was not saved.

    What was typed stands beside the row that it was judged by: what somebody saved since is met by the next save.
    """
    row, mode = (judged.row, judged.mode) if judged else (row, mode)
    texts = stored(row, corrects=mode.corrects)
    shown = judged.shown if judged else texts
    slips = judged.slips if judged else row.slips()
    plan = row.plan.value if row.plan else None
    columns = labels()
    return Line(
        row=row,
        cells={name: _cell(row, name, columns[name], shown[name], texts[name], mode, slips) for name in PREFIX},
        said=[one for one in slips if one.cell == "project"],
        was=str(was_of(row, corrects=mode.corrects)),
        url=reverse("admin:projects_project_change", args=[row.project.pk]),
        numbers=numbers(row.before, row.amount, row.pair.cumulative, row.last_year, plan, row.elsewhere, row.month),
        facts=_facts(row),
        corrections=[f"{amount(one.amount)} {one.reason}" for one in row.corrections],
        plan_note=_("of all origins") if row.plan_is_shared else "",
    )


def _cell(row: Row, name: str, column: str, value: str, was: str, mode: Mode, slips: list[Slip]) -> Cell:
    said = tuple(one for one in slips if one.cell == name)
    frozen = mode.locked and name in ("site", "problem") and value == was
    label = _("%(column)s, %(project)s") % {"column": column, "project": row.project.name}
    key = f"{PREFIX[name]}-{row.project.pk}"
    if not row.may_write and name not in TEXTS:
        value = amount(Decimal(value) if value else None)
    return Cell(key, value, was, label, TEXTS.get(name, 40), row.may_write and not frozen, said)


def labels() -> dict[str, str]:
    """What the columns are called that can be typed into."""
    return {
        "month": pgettext("a column of the sheet", "This month"),
        "cumulative": _("Cumulative"),
        "plan": _("Target of the year"),
        "site": _("Site progress"),
        "problem": _("Problem"),
        "reason": _("Reason"),
    }


def numbers(before, month_amount, cumulative, last_year, plan, elsewhere, month: Month) -> dict[str, str]:
    """The figures of one row, or of all, that follow from others; rates only where the month is filled in.

    A plan of all origins is measured by all of them: `elsewhere` is what came from the others.
    """
    done = None if cumulative is None else cumulative + elsewhere
    return {
        "before": amount(before),
        "month": amount(month_amount),
        "cumulative": amount(cumulative),
        "last_year": amount(last_year),
        "plan": amount(plan),
        "growth": percent(series.growth(cumulative, last_year)),
        "completion": percent(series.completion(done, plan)),
        "ahead": points(series.ahead(done, plan, month)),
    }


def _facts(row: Row) -> dict[str, str]:
    figures = row.figures(row.amount)
    room = None if figures.investment is None else figures.investment - figures.others
    last_year = plain(row.last_year)
    return {"before": plain(row.before), "last": last_year, "usual": plain(figures.usual), "room": plain(room)} | {
        "elsewhere": plain(row.elsewhere)
    }


def totals(rows: list[Row], month: Month) -> dict[str, str]:
    """The figures of all rows together; the cumulative is that of all months, filled in or not.

    Growth and completion are of the sums: projects without a base or a target count, as in the district's figures.
    """
    cumulative = series.total(one for row in rows for one in (row.before, row.amount))
    plan = series.total(row.plan.value for row in rows if row.plan)
    last_year = series.total(row.last_year for row in rows)
    before = series.total(row.before for row in rows)
    month_amount, elsewhere = series.total(row.amount for row in rows), sum(row.elsewhere for row in rows)
    found = numbers(before, month_amount, cumulative, last_year, plan, elsewhere, month)
    return found | {"exact_last": plain(last_year), "exact_elsewhere": plain(elsewhere)}
