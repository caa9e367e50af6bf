"""Months that are over and not filled in, and months that were opened again."""

from collections import defaultdict
from datetime import date

from django.db.models import Count, Min
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liangzhou.months import MONTHS_A_YEAR, Month
from monthly.models import FundingRecord, ReportingMonth
from projects.stages import Stage, Status

from .matters import Matter, own_projects, sheet_url

State = ReportingMonth.State
MOST = MONTHS_A_YEAR  # so many months are asked for at most


def not_filled(user, *, on: date, after_days: int = 1) -> list[Matter]:
    """The months that are due, at least `after_days` over, and lack a row of some of somebody's projects.

    A row of 0 is a row. Asked for are projects that were implemented by the end of the month, not paused or
    terminated, not at capacity. Four queries.
    """
    months = [month for month in due(on) if (on - month.last).days >= after_days]
    if not months:
        return []
    expected = own_projects(user).implemented().filter(status=Status.NORMAL).exclude(stage=Stage.AT_CAPACITY)
    since = dict(expected.with_dates().values_list("pk", "known_since"))
    filled = defaultdict(set)
    rows = FundingRecord.objects.filter(month__in=[month.first for month in months]).order_by()
    for month, project in rows.filter(project__in=expected.values("pk")).values_list("month", "project").distinct():
        filled[Month.of(month)].add(project)
    counts = {
        month: sum(_expected(day, month) for key, day in since.items() if key not in filled[month]) for month in months
    }
    return [_told(month, count) for month, count in counts.items() if count]


def _expected(known_since: date | None, month: Month) -> bool:
    return known_since is None or known_since <= month.last


def _told(month: Month, count: int) -> Matter:
    text = ngettext(
        "%(month)s: %(count)d project is not filled in.", "%(month)s: %(count)d projects are not filled in.", count
    )
    url = f"{sheet_url(month)}?show=unfilled"
    return Matter("month", str(month), text % {"month": month.label, "count": count}, url)


def due(on: date) -> list[Month]:
    """The months that are over and wait to be filled in and locked, the earliest first.

    Those since the newest locked month, across the turn of the year, at most MOST of them; where none was ever
    locked, those of the last one's year, from the first month on that has any row. And whichever were locked and
    opened again. At most two queries.
    """
    last, states = Month.of(on).plus(-1), _states()
    locked = [month for month, (state, _versions) in states.items() if state == State.LOCKED and month <= last]
    start = max(locked).plus(1) if locked else _first_of_year(last)
    latest = [last.plus(-back) for back in range(MOST)]
    again = {month for month in _opened_again(states) if month <= last}
    return sorted({month for month in latest if month >= start} | again)


def _first_of_year(last: Month) -> Month:
    """The first month of the year up to `last` that has any row, else `last`: earlier years are not asked for."""
    year = FundingRecord.objects.filter(month__gte=last.january.first, month__lte=last.first)
    begins = year.aggregate(first=Min("month"))["first"]
    return Month.of(begins) if begins else last


def opened_again(user, *, on: date) -> list[Matter]:
    """Months that were locked once and are open for changes, for who has projects in them. Two queries."""
    months = _opened_again(_states())
    if not months or not own_projects(user).implemented().exists():
        return []
    return [
        Matter(
            "unlocked",
            f"{month}:{versions}",
            _("%(month)s was opened again for changes.") % {"month": month.label},
            sheet_url(month),
        )
        for month, versions in sorted(months.items())
    ]


def _opened_again(states: dict) -> dict[Month, int]:
    """Months that are open although they have locked versions, with the number of these."""
    return {month: versions for month, (state, versions) in states.items() if state == State.OPEN and versions}


def _states() -> dict[Month, tuple[str, int]]:
    """The state of each month that has a row, and the number of its versions."""
    rows = ReportingMonth.objects.order_by().annotate(number=Count("versions")).values_list("month", "state", "number")
    return {Month.of(month): (state, number) for month, state, number in rows}
