"""Lights of recorded projects: which rows the rules are asked about, in how many queries."""

from datetime import UTC, date, datetime
from decimal import Decimal as D

import pytest
from django.db import models

from liangzhou.months import Month
from monthly import lights
from monthly.lights import Light
from monthly.models import (
    AnnualPlan,
    FundingRecord,
    Indicator,
    InvestmentRecord,
    LightThresholds,
    Origin,
    ProgressPhoto,
    ProgressReport,
    Rule,
)
from projects.models import Milestone, Project
from projects.stages import Stage, Status
from tests.factories import (
    AnnualPlanFactory,
    ExemptionFactory,
    FundingRecordFactory,
    InvestmentRecordFactory,
    LightThresholdsFactory,
    MilestoneFactory,
    ProgressPhotoFactory,
    ProgressReportFactory,
    ProjectFactory,
    ReportingMonthFactory,
)

pytestmark = pytest.mark.django_db
DAY = date(2025, 6, 15)
SEEN = (Project, Milestone, ProgressReport, ProgressPhoto, FundingRecord, InvestmentRecord, AnnualPlan)


def touched(on: datetime) -> None:
    """All rows were changed last at this moment."""
    for model in SEEN:
        models.QuerySet(model).update(updated_at=on)


@pytest.fixture
def project():
    return ProjectFactory(stage=Stage.LANDED)


def rules(project, on=DAY, **how) -> list[tuple[str, str]]:
    touched(datetime(on.year, on.month, on.day, 4, tzinfo=UTC))
    found = lights.of(Project.objects.get(pk=project.pk), on=on, **how)
    return [(one.rule, one.shown) for one in found.findings]


def planned(project, day, precision="day", **how):
    return MilestoneFactory(project=project, planned=day, planned_precision=precision, **how)


def test_start_asks_the_plan_and_what_has_come(project):
    row = planned(project, date(2025, 3, 1), "month", actual=None, actual_precision="")
    assert rules(project) == [(Rule.START, Light.AMBER)]

    row.actual, row.actual_precision = date(2025, 6, 20), "day"
    row.save()
    assert rules(project) == [(Rule.START, Light.AMBER)]  # lies after the day that is asked about
    assert rules(project, on=date(2025, 6, 20)) == []


def test_start_counts_as_come_where_a_later_step_has(project):
    planned(project, date(2025, 1, 1), actual=None, actual_precision="")
    MilestoneFactory(project=project, kind=Milestone.Kind.TRIAL, actual=date(2025, 5, 1), actual_precision="month")

    assert rules(project) == []


def test_money_adds_all_origins_and_corrections_of_the_year_up_to_the_month_before(project):
    AnnualPlanFactory(project=project, value=D(12_000))
    FundingRecordFactory(project=project, month=date(2025, 1, 1), amount=D(1000))
    FundingRecordFactory(project=project, month=date(2025, 5, 1), amount=D(3000), origin=Origin.ABROAD)
    FundingRecordFactory(project=project, month=date(2025, 5, 1), amount=D(-200), kind="correction", reason="核减")
    FundingRecordFactory(project=project, month=date(2025, 6, 1), amount=D(9000))
    FundingRecordFactory(project=project, month=date(2024, 12, 1), amount=D(9000))
    InvestmentRecordFactory(project=project, amount=D(9000))

    assert rules(project) == [(Rule.MONEY, Light.AMBER)]  # 3800 of 12,000 is 10 points behind 41.67 %
    assert rules(project, on=date(2025, 7, 5)) == []
    assert rules(project, on=date(2025, 7, 5), month=Month(2025, 5)) == [(Rule.MONEY, Light.AMBER)]
    assert rules(project, on=date(2026, 1, 31), month=Month(2026, 4)) == []  # no plan for 2026


def judged(*day) -> str:
    return str(lights.judged_month(date(*day)))


def test_money_is_judged_at_the_month_before_once_that_is_due(settings):
    assert [judged(2025, 6, day) for day in (1, 4, 5, 30)] == ["2025-04", "2025-04", "2025-05", "2025-05"]
    assert [judged(2026, 1, day) for day in (4, 5)] == ["2025-11", "2025-12"]
    assert [judged(2026, 2, day) for day in (1, 28)] == ["2025-12", "2026-01"]

    settings.REMIND_MONTH_AFTER_DAYS = 0
    assert judged(2025, 6, 1) == "2025-05"
    settings.REMIND_MONTH_AFTER_DAYS = 40
    assert judged(2025, 6, 30) == "2025-04"


def test_money_is_judged_at_the_month_before_as_soon_as_that_is_locked():
    ReportingMonthFactory(month=date(2025, 5, 1))
    ReportingMonthFactory(month=date(2025, 4, 1), state="locked")
    assert judged(2025, 6, 1) == "2025-04"

    ReportingMonthFactory(month=date(2025, 6, 1), state="locked")
    assert judged(2025, 7, 1) == "2025-06"


def test_money_does_not_turn_amber_with_the_first_of_a_month(project):
    AnnualPlanFactory(project=project, value=D(12_000))
    FundingRecordFactory(project=project, month=date(2025, 4, 1), amount=D(3700))

    days = (date(2025, 5, 31), date(2025, 6, 1), date(2025, 6, 4), date(2025, 6, 5))
    assert [rules(project, on=day) for day in days] == [[], [], [], [(Rule.MONEY, Light.AMBER)]]
    assert rules(project, on=date(2025, 6, 1), month=Month(2025, 5)) == [(Rule.MONEY, Light.AMBER)]


def test_money_of_the_only_plan_there_is_asks_its_own_series(project):
    AnnualPlanFactory(project=project, value=D(12_000), indicator=Indicator.INVESTMENT)
    FundingRecordFactory(project=project, amount=D(9000))
    assert rules(project) == [(Rule.MONEY, Light.RED)]

    InvestmentRecordFactory(project=project, amount=D(5000))
    assert rules(project) == []

    AnnualPlanFactory(project=project, value=D(12_000), indicator=Indicator.ABROAD)
    assert rules(project) == []  # which of the two counts, nobody said


def test_money_of_one_origin_is_not_reached_by_another(project):
    AnnualPlanFactory(project=project, value=D(12_000), indicator=Indicator.ABROAD)
    FundingRecordFactory(project=project, amount=D(12_000))

    assert rules(project) == [(Rule.MONEY, Light.RED)]


def test_registration_asks_the_start_and_the_registration(project):
    Project.objects.filter(pk=project.pk).update(stage=Stage.BUILDING)
    MilestoneFactory(project=project, actual=date(2025, 5, 1), actual_precision="day")
    assert rules(project) == [(Rule.REGISTRATION, Light.AMBER)]

    MilestoneFactory(project=project, kind=Milestone.Kind.REGISTERED, actual=date(2025, 6, 10))
    assert rules(project) == []


@pytest.mark.parametrize("latest", SEEN[:6])
def test_update_is_the_latest_of_the_project_and_its_rows(project, latest):
    MilestoneFactory(project=project, kind=Milestone.Kind.SIGNED)
    ProgressPhotoFactory(report__project=project)
    FundingRecordFactory(project=project)
    InvestmentRecordFactory(project=project)
    touched(datetime(2025, 4, 1, 4, tzinfo=UTC))
    models.QuerySet(latest).update(updated_at=datetime(2025, 5, 16, 16, 30, tzinfo=UTC))  # 17 May in Shanghai
    row = Project.objects.get(pk=project.pk)

    assert lights.of(row, on=date(2025, 6, 15)).light == Light.GREEN
    assert lights.of(row, on=date(2025, 6, 16)).light == Light.AMBER
    assert lights.of(row, on=date(2025, 7, 16)).light == Light.RED


def test_exemption_counts_on_the_days_it_holds(project):
    planned(project, date(2025, 3, 1), actual=None, actual_precision="")
    ExemptionFactory(project=project, since=date(2025, 5, 1), until=date(2025, 6, 15))
    ExemptionFactory(rule=Rule.START)  # of another project

    assert rules(project) == [(Rule.START, Light.EXEMPT)]
    assert rules(project, on=date(2025, 6, 16)) == [(Rule.START, Light.RED)]


def test_thresholds_are_those_of_the_month(project):
    LightThresholdsFactory(valid_from=date(2025, 5, 1), start_red_months=0)
    planned(project, date(2025, 6, 1), actual=None, actual_precision="")

    assert rules(project) == [(Rule.START, Light.RED)]
    assert rules(project, month=Month(2025, 4)) == [(Rule.START, Light.AMBER)]


def test_usual_thresholds_hold_where_none_are_entered(project):
    LightThresholds.objects.all().delete()
    planned(project, date(2025, 6, 1), actual=None, actual_precision="")

    assert rules(project) == [(Rule.START, Light.AMBER)]


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(("given", "queries"), [("queryset", 8), ("list", 7)])
def test_of_many_takes_the_same_number_of_queries(number, given, queries, django_assert_num_queries):
    for project in ProjectFactory.create_batch(number, stage=Stage.LANDED):
        planned(project, date(2020, 1, 1), actual=None, actual_precision="")
        AnnualPlanFactory(project=project)
        ExemptionFactory(project=project)
        ProgressReportFactory(project=project)
    projects = Project.objects.all()
    projects = list(projects) if given == "list" else projects

    with django_assert_num_queries(queries):
        found = lights.of_many(projects, on=DAY)

    assert [one.light for one in found.values()] == [Light.RED] * number


def test_of_many_judges_a_part_of_a_queryset_and_none(project):
    ProjectFactory(status=Status.PAUSED, status_reason="资金链断裂")

    assert list(lights.of_many(Project.objects.order_by("pk")[:1], on=DAY)) == [project.pk]
    assert lights.of_many([], on=DAY) == {}
