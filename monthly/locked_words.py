"""What was said of sites in a locked month stays as it was locked: words, and the photos beside them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from django.db import connection
from django.utils.translation import gettext as _

from liangzhou.batches.undo_plan import CHUNK, Plan, Share, in_chunks
from liangzhou.batches.undo_ties import past_rows
from liangzhou.months import Month
from monthly.models.month import MonthVersion, ReportingMonth


def why_locked(day: date | None) -> str:
    """Why the words of a month must not be written, empty where they may."""
    locked = day is not None and ReportingMonth.objects.locked().filter(month=day).exists()
    said = _("%(month)s is locked: its words stay as they were locked. Photos may still be added.")
    return said % {"month": Month.of(day).label} if locked else ""


def locked_days(days: Iterable[date]) -> set[date]:
    """Those of the months that are locked. In a transaction all of them are held until its end."""
    days = set(days)
    if connection.in_atomic_block:
        from . import locking  # which imports the models, that ask here

        locking.hold_all(Month.of(day) for day in days)
    return set(ReportingMonth.objects.locked().filter(month__in=days).values_list("month", flat=True))


def must_stay(plan: Plan, model, path: str = "month") -> Iterator[tuple]:
    """(model, pk, (), sentence) of what taking a batch back must leave: its month is locked, and was since the batch.

    `path` leads from a row to its month. What a batch did while the month was locked already, as merging two
    projects may, is in no version and may go back.
    """
    share = plan.shares.get(model)
    months = _months_touched(share, path) if share else {}
    days = locked_days({day for some in months.values() for day in some})
    since = MonthVersion.objects.filter(month__in=days, locked_at__gte=plan.batch.at)
    kept = set(since.values_list("month", flat=True))
    for pk, some in sorted(months.items()):
        if stays := sorted(some & kept):
            yield model, pk, (), _("%(month)s was locked since: its words stay.") % {"month": Month.of(stays[0]).label}


def _months_touched(share: Share, path: str) -> dict[int, set[date]]:
    """The months of each row that would be changed or deleted, and of each that would be entered again with one."""
    found = defaultdict(set)
    for keys in in_chunks(sorted(share.delete | share.set_back.keys()), CHUNK):
        for pk, day in share.model._base_manager.filter(pk__in=keys).values_list("pk", path):
            found[pk] |= {day, share.set_back.get(pk, {}).get(path, day)}
    for keys in in_chunks(sorted(share.create) if path == "month" else [], CHUNK):  # photos may still come
        for pk, row in past_rows(share, keys).items():
            found[pk].add(row.month)
    return found
