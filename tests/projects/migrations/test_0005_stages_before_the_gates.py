"""What projects from before the gates lack is let through, as today's table names it."""

from datetime import date
from importlib import import_module

import pytest
from django.apps import apps

from projects.actions import facts_of, unmet, waived
from projects.models import Project, StageChange
from tests.factories import EnterpriseFactory, MilestoneFactory, ProjectFactory

pytestmark = pytest.mark.django_db

migration = import_module("projects.migrations.0005_stages_before_the_gates")


def reach(project, **dates):
    for kind, (day, precision) in dates.items():
        MilestoneFactory(project=project, kind=kind, actual=day, actual_precision=precision)


@pytest.fixture
def projects():
    """Projects with every gap there is, and one without any."""
    whole = ProjectFactory(waived=False, enterprise=EnterpriseFactory(credit_code="91620602MA71ABCD0X"))
    reach(whole, signed=(date(2025, 5, 21), "ten_days"), started=(date(2025, 5, 1), "month"))
    ProjectFactory(waived=False, stage="lead", published=False, enterprise=None)
    ProjectFactory(waived=False, stage="at_capacity", enterprise=None, place=None, total_investment=None)
    ProjectFactory(waived=False, stage="signed", total_investment=None, investment_undisclosed=True)
    swapped = ProjectFactory(waived=False, stage="signed", total_investment=499)
    reach(swapped, signed=(date(2025, 1, 1), "day"), started=(date(2024, 1, 1), "year"),
          registered=(date(2023, 12, 1), "month"), producing=(date(2023, 12, 21), "ten_days"))  # fmt: skip
    reach(ProjectFactory(waived=False, stage="landed"), producing=(date(2024, 8, 1), "month"))
    return whole


def test_each_project_is_let_through_with_exactly_what_it_lacks(projects):
    lacking = {
        project.pk: {gap.name for gap in unmet(project, facts_of(project), ())} for project in Project.objects.all()
    }
    migration.let_through(apps, None)

    assert dict(waived(Project.objects.all())) == {pk: names for pk, names in lacking.items() if names}
    assert {name for names in lacking.values() for name in names} == {
        "enterprise", "signed", "investment", "place", "registered", "started", "producing", "start_before_signing",
        "production_before_start", "statistics_too_small", "statistics_before_start",
    }  # fmt: skip


def test_the_log_says_why_and_names_nobody(projects):
    migration.let_through(apps, None)

    rows = StageChange.objects.values_list("from_stage", "to_stage", "reason", "created_by")
    assert set(rows) == {
        (stage, stage, "录入于阶段条件启用之前", None) for stage in ("at_capacity", "signed", "landed")
    }
    assert not projects.stage_changes.exists()
