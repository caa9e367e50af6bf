"""What a merge of two projects does with their months: no amount is lost, none is counted twice.

Registered in apps.py: projects/merging.py knows nothing of months.
"""

from django.utils.translation import gettext as _

from liangzhou.months import Month
from projects.merge_parts import PartsAbove
from projects.models import Project

from . import closed, locking
from .models import FundingRecord, InvestmentRecord, ProgressReport
from .models.amounts import MonthlyAmount

AMOUNTS = ("funding_records", "investment_records")
TEXTS = ("site_progress", "problem", "help_needed", "next_step")


def hold(keep: Project, other: Project) -> None:
    """The months in which the project that goes has amounts."""
    locking.hold_all(_months(other))


def _months(project: Project) -> set[Month]:
    rows = (kind.objects.filter(project=project) for kind in (FundingRecord, InvestmentRecord))
    return {Month.of(day) for some in rows for day in some.order_by().values_list("month", flat=True).distinct()}


def move(merge) -> None:
    """Everything of the months of `merge.other` comes to `merge.keep`."""
    summed = closed.closed_months(_months(merge.other))
    for accessor in AMOUNTS:
        _move_amounts(merge, accessor, summed)
    _move_progress(merge)
    _move_plans(merge)
    for exemption in merge.other.exemptions.all():
        exemption.project = merge.keep
        merge.write(exemption)


def _move_amounts(merge, accessor: str, summed: set[Month]) -> None:
    """An entry becomes a correction where there is one already, and in a month that a locked version sums.

    So what the project that stays had in such a month changes only by a row that says why.
    """
    own = {_place(row) for row in getattr(merge.keep, accessor).filter(kind=MonthlyAmount.Kind.ENTRY)}
    for row in getattr(merge.other, accessor).order_by("pk"):
        if row.kind == MonthlyAmount.Kind.ENTRY and (_place(row) in own or Month.of(row.month) in summed):
            row.kind = MonthlyAmount.Kind.CORRECTION
            row.reason = _reason(merge.other, row.reason)
        row.project = merge.keep
        merge.write(row)


def _place(row: MonthlyAmount) -> tuple:
    return row.month, getattr(row, "origin", "")


def _reason(other: Project, said: str) -> str:
    merged = _("Merged from %(code)s %(name)s.") % {"code": other.code, "name": other.name}
    most = FundingRecord._meta.get_field("reason").max_length
    return f"{merged} {said}".strip()[:most]


def _move_progress(merge) -> None:
    """One report a month: what only the other one says is taken over, what both say differently is noted."""
    own = {row.month: row for row in merge.keep.progress_reports.all()}
    for report in merge.other.progress_reports.all():
        if report.month in own:
            _join_progress(merge, own[report.month], report)
        else:
            report.project = merge.keep
            merge.write(report)


def _join_progress(merge, mine: ProgressReport, theirs: ProgressReport) -> None:
    missing = [name for name in TEXTS if getattr(theirs, name) and not getattr(mine, name)]
    for name in missing:
        setattr(mine, name, getattr(theirs, name))
    if missing:
        merge.write(mine)
    if any(getattr(theirs, name) not in ("", getattr(mine, name)) for name in TEXTS):
        merge.note_part(theirs)
    for photo in theirs.photos.all():
        photo.report = mine
        merge.write(photo)
    merge.delete(ProgressReport.objects.get(pk=theirs.pk))  # without the photos that it was read with


def _move_plans(merge) -> None:
    """The plan of the project that stays holds; that of the other one is noted, for they are of one project."""
    own = {(row.year, row.indicator): row for row in merge.keep.annual_plans.all()}
    for plan in merge.other.annual_plans.all():
        mine = own.get((plan.year, plan.indicator))
        if mine is None:
            plan.project = merge.keep
            merge.write(plan)
            continue
        if mine.value != plan.value:
            merge.note_part(plan)
        merge.delete(plan)


PARTS = PartsAbove((*AMOUNTS, "progress_reports", "annual_plans", "exemptions"), hold, move)
