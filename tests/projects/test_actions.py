"""What a project's stage lacks, what was let through, and the log of stages."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from liangzhou.periods import PartialDate
from projects.actions import facts_of, log_stage, unmet, waived
from projects.models import Project, StageChange
from projects.stages import Facts
from tests.factories import (
    EnterpriseFactory,
    MilestoneFactory,
    ProjectFactory,
    StageChangeFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

CREDIT_CODE = "91620602MA71ABCD0X"


@pytest.fixture
def project():
    company = EnterpriseFactory(credit_code=CREDIT_CODE)
    return MilestoneFactory(project=ProjectFactory(enterprise=company, waived=False)).project


def test_facts_are_read_from_the_project_and_its_milestones(project):
    plan = {"planned": date(2026, 1, 1), "planned_precision": "year", "actual": None, "actual_precision": ""}
    MilestoneFactory(project=project, kind="producing", **plan)
    started = PartialDate.parse("2025年5月下旬")
    assert facts_of(project) == Facts(True, True, True, Decimal(130_000), False, {"started": started})


def test_facts_of_a_project_that_is_not_saved_are_those_in_memory():
    assert facts_of(Project(investment_undisclosed=True)) == Facts(undisclosed=True)
    assert facts_of(ProjectFactory(enterprise=None, place=None), {}) == Facts(investment=Decimal(130_000))


def test_facts_of_many_projects_come_without_a_query_each(project, django_assert_num_queries):
    MilestoneFactory()
    with django_assert_num_queries(2):
        projects = Project.objects.select_related("enterprise").prefetch_related("milestones")
        assert [list(facts_of(row).dates) for row in projects] == [["started"]] * 2


def test_what_was_let_through_is_known_by_project_in_one_query(project, django_assert_num_queries):
    StageChangeFactory(project=project, overridden="signed place", reason="旧档案")
    StageChangeFactory(project=project, overridden="started", reason="旧档案")
    StageChangeFactory(project=project)
    other = ProjectFactory(waived=False)
    with django_assert_num_queries(1):
        names = waived([project, other, Project()])
    assert (names[project.pk], names[other.pk], names[None]) == ({"signed", "place", "started"}, set(), set())
    with django_assert_num_queries(1):
        assert waived(Project.objects.all()) == {project.pk: {"signed", "place", "started"}}


def test_unmet_is_what_is_missing_and_was_not_let_through(project):
    project.place = None
    gaps = unmet(project, facts_of(project), {"signed"})
    assert [(gap.name, gap.field) for gap in gaps] == [("place", "place")]


def test_log_says_who_when_why_from_and_to(project):
    clerk = UserFactory()
    change = log_stage(project, from_stage="landed", by=clerk, reason=" 旧档案 ", overridden=["signed", "place"])
    change.refresh_from_db()
    assert (change.from_stage, change.to_stage, change.reason, change.overridden, change.created_by) == (
        "landed", "started", "旧档案", "signed place", clerk,
    )  # fmt: skip
    assert change.history.get().history_user == clerk


def test_log_refuses_what_is_let_through_without_a_reason(project):
    with pytest.raises(ValidationError):
        log_stage(project, from_stage="", by=None, reason=" ", overridden=["signed"])
    assert StageChange.objects.count() == 0
