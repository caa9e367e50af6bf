"""Who the tests of desk and reminders are about, and when."""

from datetime import UTC, date, datetime

from django.db.models import QuerySet

from monthly.models import FundingRecord, InvestmentRecord, ProgressPhoto, ProgressReport
from projects.models import Milestone, Project
from tests.factories import ProjectFactory, UserFactory

TODAY = date(2025, 6, 24)
NEW = datetime(2025, 6, 20, 2, tzinfo=UTC)
MAY, APRIL = date(2025, 5, 1), date(2025, 4, 1)


def a_clerk(**how):
    """A place clerk and a landed project of theirs, without milestones."""
    project = ProjectFactory(stage="landed", **how)
    return UserFactory(roles=["place_clerk"], places=[project.place], email="clerk@example.cn"), project


def last_changed(at: datetime) -> None:
    """All rows that count as an update were changed last at this moment."""
    for model in (Project, Milestone, FundingRecord, InvestmentRecord, ProgressReport, ProgressPhoto):
        QuerySet(model).update(updated_at=at)


def told(matters) -> list[tuple[str, str]]:
    """What a reminder would remember."""
    return [(one.kind, one.subject) for one in matters]
