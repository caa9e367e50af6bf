"""The month on the leader's page: the newest one that is over and can be judged, against its targets."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from liangzhou import permissions, series
from liangzhou.money import show_wan
from liangzhou.months import MONTHS_A_YEAR, Month
from liangzhou.periods import PartialDate, Precision
from monthly import figures, lights, month_checks
from monthly.books import Books, FrozenBooks, LiveBooks
from monthly.figures import Line
from monthly.models import FundingRecord, Indicator, InvestmentRecord, MonthVersion, ReportingMonth
from projects.models import Project

SHOWN = (Indicator.FUNDING, Indicator.OTHER_PROVINCES, Indicator.INVESTMENT)
MOST = MONTHS_A_YEAR  # a locked month that is older is too old to be told
KINDS = (FundingRecord, InvestmentRecord)
NEARLY_FILLED = Decimal("0.9")  # of the projects that are to be filled


@dataclass(frozen=True)
class Tile:
    """One indicator in words. `done` and `pace` are per cent for the bar, None without a target."""

    label: str
    ytd: str
    month: str
    growth: str
    completion: str = ""
    against_pace: str = ""
    lags: bool = False
    done: Decimal | None = None
    pace: Decimal | None = None


@dataclass(frozen=True)
class MonthFacts:
    """What the top of the page says of the month."""

    month: Month
    state: str
    whose: str
    tiles: list[Tile]
    url: str


def books_of(user, *, on: date) -> Books | None:
    """The books of `month_of`: frozen where it is locked; None where there is no such month.

    Who reaches some projects only has the books of these.
    """
    everything = permissions.reaches_all(user, "view", Project)
    only = None if everything else permissions.visible(user, Project.objects.all())
    month = month_of(on)
    if month is None:
        return None
    locked = MonthVersion.objects.filter(month=month.first, reporting_month__state=ReportingMonth.State.LOCKED)
    version = locked.order_by("-number").first()
    return FrozenBooks(version, only=only) if version else LiveBooks(month, only=only)


def month_of(on: date) -> Month | None:
    """The month that leaders are told of on a day: of those that are over and have amounts, the newest complete one.

    That is the newest locked one (of the last MOST months), or a later one of whose projects NEARLY_FILLED have a
    row: a half entered month looks like a bad one. Where none is locked, the newest is told if it is nearly
    filled, else the newest that is due (`lights.judged_month`), else the newest. None where no month has amounts.
    """
    last = Month.of(on).plus(-1)
    over = {"month__lte": last.first}
    rows = [kind.objects.filter(**over).order_by().values_list("month", flat=True).distinct() for kind in KINDS]
    months = sorted({Month.of(day) for days in rows for day in days}, reverse=True)
    days = ReportingMonth.objects.locked().filter(**over, month__gt=last.plus(-MOST).first)
    locked = max((Month.of(day) for day in days.values_list("month", flat=True)), default=None)
    if locked in months:
        return next((month for month in months if month == locked or _nearly_filled(month)), None)
    due = lights.judged_month(on)
    told = [month for month in months if month <= due or (month == months[0] and _nearly_filled(month))]
    return next(iter(told or months), None)


def _nearly_filled(month: Month) -> bool:
    filled = month_checks.projects_filled(month)
    return filled.total > 0 and filled.done >= NEARLY_FILLED * filled.total


def facts(books: Books) -> MonthFacts:
    """The month in words: indicators with figures or a target; funds always."""
    lines = [(indicator, figures.line(books, indicator)) for indicator in SHOWN]
    tiles = [
        _tile(indicator, line, books.month)
        for indicator, line in lines
        if indicator == Indicator.FUNDING or line.ytd is not None or line.target is not None
    ]
    whose = _("The district") if books.only is None else _("My projects")
    return MonthFacts(books.month, _state(books), whose, tiles, reverse("admin:monthly_figures", args=[books.month]))


def _state(books: Books) -> str:
    if books.version is None:
        return _("The month is open: figures as they are now.")
    day = PartialDate(timezone.localdate(books.version.locked_at), Precision.DAY)
    return _("Locked: version %(number)d of %(day)s.") % {"number": books.version.number, "day": day}


def _tile(indicator: Indicator, line: Line, month: Month) -> Tile:
    against = {}
    if line.completion is not None:
        against = {
            "completion": _("%(percent)s%% of the year's %(target)s")
            % {"percent": series.two_places(line.completion), "target": show_wan(line.target)},
            "against_pace": _pace(line.ahead),
            "lags": series.two_places(line.ahead) < 0,
            "done": series.two_places(min(max(line.completion, Decimal(0)), Decimal(100))),
            "pace": series.two_places(series.pace(month)),
        }
    return Tile(str(indicator.label), show_wan(line.ytd), show_wan(line.month), _growth(line.growth), **against)


def _growth(percent: Decimal | None) -> str:
    """How the year to date compares with last year's, if there is anything to compare with."""
    if percent is None:
        return _("nothing to compare with last year")
    rounded = series.two_places(percent)
    if rounded == 0:
        return _("as last year")
    up, down = _("up %(percent)s%% on last year"), _("down %(percent)s%% on last year")
    return (up if rounded > 0 else down) % {"percent": abs(rounded)}


def _pace(points: Decimal) -> str:
    """How completion compares with the months that have passed."""
    rounded = series.two_places(points)
    if rounded == 0:
        return _("as the pace of the year")
    above, below = _("%(points)s points ahead of the pace"), _("%(points)s points behind the pace")
    return (above if rounded > 0 else below) % {"points": abs(rounded)}
