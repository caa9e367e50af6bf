"""What may not happen any more to the amounts that a locked version sums: they are only corrected, by new rows.

Asked by the models' `clean` (forms, going back to an earlier version), by deletions, and by what takes a batch
of changes back. The sheet of a month asks `is_closed` once for all its rows.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _

from liangzhou.batches.undo_plan import CHUNK, Plan, Share, in_chunks
from liangzhou.batches.undo_ties import past_rows
from liangzhou.months import Month
from monthly.models.month import MonthVersion

WHAT_COUNTS = ("project_id", "month", "origin", "amount", "kind")  # the columns that figures are made of
ENTRY = "entry"


def is_closed(month: Month) -> bool:
    """Whether amounts of a month are only corrected, although it may be open again, or never have been locked."""
    return month in closed_months([month])


def closed_months(months: Iterable[Month]) -> set[Month]:
    """Those of the months that a locked version sums; one query."""
    return {Month.of(day) for day in _closed(month.first for month in months)}


def why_closed(record, *, before=None) -> str:
    """Why an amount must not be saved as it is; empty where it may.

    `before` is the stored row that it changes, looked up where it is not given. In a month that a locked version
    sums only corrections are entered, and nothing of a row changes but its remark, its evidence and its reason.
    """
    if before is None and record.pk is not None:
        before = type(record)._base_manager.filter(pk=record.pk).first()
    if before is None:
        return _why_not_new(record)
    if not any(_differs(record, before, name) for name in WHAT_COUNTS):
        return ""
    return _sentence(_closed({before.month, record.month}))


def _why_not_new(record) -> str:
    """Neither an entry nor what was deleted before the locking: it would seem to have been there all the time."""
    if record.kind != ENTRY and record.pk is None:
        return ""
    return _sentence(_closed({record.month}))


def why_not_deleted(rows: Iterable) -> list[str]:
    """Why amounts must not be deleted, a sentence for each closed month among them; empty where they may."""
    return [_sentence([month]) for month in _closed({row.month for row in rows})]


def check(record) -> None:
    """Raises ValidationError where an amount must not be saved. In a transaction its months are held until the end."""
    before = type(record)._base_manager.filter(pk=record.pk).first() if record.pk is not None else None
    if connection.in_atomic_block:
        _hold({row.month for row in (before, record) if row is not None})
    if refusal := why_closed(record, before=before):
        raise ValidationError(refusal, code="closed")


def check_deletion(rows: Iterable) -> None:
    """Raises ValidationError where amounts must not be deleted. In a transaction their months are held."""
    rows = list(rows)
    if connection.in_atomic_block:
        _hold({row.month for row in rows})
    if refused := why_not_deleted(rows):
        raise ValidationError(refused, code="closed")


def _hold(days: Iterable[date]) -> None:
    from . import locking  # which imports the models, that ask here

    locking.hold_all(Month.of(day) for day in days)


def _differs(record, before, name: str) -> bool:
    return getattr(record, name, None) != getattr(before, name, None)


def _closed(days: Iterable[date | None]) -> list[date]:
    known = {day for day in days if day is not None}
    years = {day.year + later for day in known for later in (0, 1)}
    versions = MonthVersion.objects.filter(month__year__in=years).order_by()
    return sorted(_summed(known, versions.values_list("month", flat=True).distinct()))


def _summed(days: Iterable[date], versions: Iterable[date]) -> set[date]:
    """The months that versions of some months sum: those of the year up to each, and the same of the year before.

    Those are the cumulative and what it is compared with. Neither changes but by a correction that is told.
    """
    until = defaultdict(int)
    for version in versions:
        for year in (version.year, version.year - 1):
            until[year] = max(until[year], version.month)
    return {day for day in days if day.month <= until[day.year]}


def _sentence(days: list[date]) -> str:
    if not days:
        return ""
    said = _("A locked version sums %(month)s: enter the difference as a correction, with its reason.")
    return said % {"month": Month.of(days[0]).label}


# Taking batches of changes back


def must_stay(plan: Plan, model) -> Iterator[tuple]:
    """(model, pk, (), sentence) of the amounts that taking a batch back must leave: a version locked since has them.

    What is in no version that was locked after the batch may go back: the newest version says the same then.
    """
    share = plan.shares.get(model)
    months = _months_touched(share) if share else {}
    if connection.in_atomic_block:
        _hold({day for days in months.values() for day in days})
    since = _locked_since(plan.batch.at, {day for days in months.values() for day in days})
    for pk, days in sorted(months.items()):
        if closed := sorted(days & since):
            said = _("%(month)s was locked since: the amount stays.")
            yield model, pk, (), said % {"month": Month.of(closed[0]).label}


def _months_touched(share: Share) -> dict[int, set[date]]:
    """The months of each amount that would be deleted, changed or entered again: those it has and would have."""
    found = defaultdict(set)
    changed = {pk: values for pk, values in share.set_back.items() if values.keys() & set(WHAT_COUNTS)}
    for keys in in_chunks(sorted(share.delete | changed.keys()), CHUNK):
        for pk, day in share.model._base_manager.filter(pk__in=keys).values_list("pk", "month"):
            found[pk] |= {day, changed.get(pk, {}).get("month", day)}
    for keys in in_chunks(sorted(share.create), CHUNK):
        for pk, row in past_rows(share, keys).items():
            found[pk].add(row.month)
    return found


def _locked_since(moment: datetime, days: set[date]) -> set[date]:
    """Those of the months that a version sums which was locked after a moment."""
    return _summed(days, MonthVersion.objects.filter(locked_at__gte=moment).values_list("month", flat=True))
