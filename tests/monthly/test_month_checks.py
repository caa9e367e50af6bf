"""What is looked at before a month is locked: the sentences, and that amounts are compared to the yuan."""

from datetime import date
from decimal import Decimal as D

import pytest
from django.core.exceptions import ValidationError

from liangzhou.months import Month
from monthly import locking, month_checks
from monthly.models import MonthVersion
from projects.stages import Stage
from tests.factories import (
    FundingRecordFactory,
    InvestmentRecordFactory,
    MilestoneFactory,
    ProjectFactory,
    ReportingMonthFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
MAY = Month(2025, 5)
OVER = date(2025, 6, 3)  # a day on which May is over


def building(**how):
    return ProjectFactory(stage=Stage.BUILDING, **how)


def entered(project, *amounts, month=MAY):
    for number, amount in enumerate(amounts):
        kind = {"kind": "correction", "reason": "更正"} if number else {}
        FundingRecordFactory(project=project, month=month.first, amount=D(amount), **kind)


def test_funds_are_compared_with_the_investment_to_the_yuan():
    entered(building(total_investment=D("0.3")), "0.1", "0.2")  # more than 0.3 in binary
    above = building(total_investment=D("0.3"))
    entered(above, "0.1", "0.2001")

    assert month_checks.above_investment(MAY) == [above.name]


def test_cumulative_is_compared_with_zero_to_the_yuan():
    entered(building(), "0.3", "-0.1", "-0.2")
    below = building()
    entered(below, "0.3", "-0.1", "-0.2001")

    assert month_checks.below_zero(MAY) == [below.name]


@pytest.mark.parametrize("factory", [FundingRecordFactory, InvestmentRecordFactory])
def test_sum_that_a_snapshot_cannot_hold_stops_the_locking_in_words(factory):
    project = building(name="一个笔误很大的项目")
    for month, amount in ((Month(2024, 3), "99999999999"), (MAY, "99999999998")):
        factory(project=project, month=month.first, amount=D(amount))

    with pytest.raises(ValidationError) as refused:
        locking.lock(MAY, by=UserFactory())

    assert ["一个笔误很大的项目" in sentence for sentence in refused.value.messages] == [True]
    assert MonthVersion.objects.count() == 0


def test_projects_that_are_in_the_sums_without_being_implemented_are_named():
    lead, dropped = ProjectFactory(stage=Stage.LEAD, name="一条线索"), building(name="十二月才开工")
    MilestoneFactory(project=dropped, actual=date(2025, 12, 1))
    entered(lead, "5"), entered(dropped, "7"), entered(building(), "9")
    entered(ProjectFactory(stage=Stage.LEAD), "0")

    assert sorted(month_checks.not_implemented(MAY)) == sorted([lead.name, dropped.name])


def test_projects_without_any_date_are_counted():
    entered(building(), "1"), entered(building(), "1")
    dated = building()
    MilestoneFactory(project=dated, actual=date(2025, 3, 1))
    entered(dated, "1")

    assert ["2" in sentence for sentence in month_checks.warnings(MAY, today=OVER)] == [True]


def test_open_months_of_last_year_are_named_and_stop_nothing():
    for month in (Month(2024, 3), Month(2024, 12), Month(2023, 12)):
        FundingRecordFactory(month=month.first)
    InvestmentRecordFactory(month=date(2024, 4, 1))
    ReportingMonthFactory(month=date(2024, 3, 1), state="locked")

    said = month_checks.warnings(Month(2025, 1), today=OVER)

    assert month_checks.months_open_last_year(Month(2025, 1)) == [Month(2024, 4), Month(2024, 12)]
    assert ["2024年4月、2024年12月" in sentence for sentence in said if "2024" in sentence] == [True]
    assert month_checks.blocking(Month(2025, 1), today=OVER) == []


def test_months_of_last_year_without_funds_are_named_for_they_are_the_base():
    project = building()
    entered(project, "5")
    assert month_checks.months_without_base(MAY) == []

    entered(project, "5", month=Month(2024, 2))

    assert month_checks.months_without_base(MAY) == [Month(2024, number) for number in (1, 3, 4, 5)]
