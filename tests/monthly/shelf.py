"""Published months for tests: a few records, and their versions as locking writes them."""

from datetime import UTC, datetime
from decimal import Decimal

from liangzhou.months import Month
from monthly import snapshots
from monthly.models import MonthVersion, Origin, ReportingMonth
from projects.stages import Stage
from tests.factories import FundingRecordFactory, ProjectFactory, ReportingMonthFactory

MAY, MARCH = Month(2025, 5), Month(2025, 3)


def version(month=MAY, number=0, *, reason="", public=True, withdrawn=False):
    """The next version of a month, with a snapshot of the records as they are."""
    row = ReportingMonth.objects.filter(month=month.first).first() or ReportingMonthFactory(month=month.first)
    number = number or row.versions.count() + 1
    at = datetime(month.year, month.number + 1, 4 + number, 2, tzinfo=UTC)
    made = MonthVersion.objects.create(
        reporting_month=row,
        month=month.first,
        number=number,
        locked_at=at,
        reason=reason or ("" if number == 1 else "一家企业更正了上报数"),
        published_at=at if public else None,
        withdrawn_at=at if withdrawn else None,
    )
    snapshots.write(made)
    return made


def funded(amount, *, month=MAY, origin=Origin.OTHER_PROVINCES, **project):
    """A project under construction with an amount in a month."""
    made = ProjectFactory(stage=project.pop("stage", Stage.BUILDING), **project)
    fund(made, amount, month=month, origin=origin)
    return made


def fund(project, amount, *, month=MAY, origin=Origin.OTHER_PROVINCES, **how):
    """An amount of a project in 万元."""
    return FundingRecordFactory(project=project, month=month.first, origin=origin, amount=Decimal(amount), **how)
