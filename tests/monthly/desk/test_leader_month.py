"""The month on the leader's page: which one, in which state, against what."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from monthly.desk import leader_month
from monthly.models import SnapshotFunding
from tests.factories import (
    AnnualTargetFactory,
    FundingRecordFactory,
    InvestmentRecordFactory,
    MonthVersionFactory,
    ProjectFactory,
    ReportingMonthFactory,
    SnapshotFundingFactory,
    SnapshotProjectFactory,
    UserFactory,
)
from tests.monthly.desk.cast import MAY, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    return UserFactory(roles=["leader"])


def facts(user):
    with translation.override("en"):
        return leader_month.facts(leader_month.books_of(user, on=TODAY))


def test_without_figures_there_is_no_month(boss):
    FundingRecordFactory(month=date(2025, 6, 1))  # is not over
    assert leader_month.books_of(boss, on=TODAY) is None


def told_of(*day):
    return str(leader_month.month_of(date(*day)))


def test_month_that_has_just_begun_is_not_told():
    june = FundingRecordFactory(month=date(2025, 6, 1))
    FundingRecordFactory(month=MAY, project=june.project)

    assert [told_of(2025, 6, 30), told_of(2025, 7, 1)] == ["2025-05", "2025-06"]


def test_locked_month_is_told_until_the_open_one_is_nearly_filled_or_locked():
    projects = ProjectFactory.create_batch(10, stage="started")
    FundingRecordFactory(project=projects[0], month=date(2025, 3, 1))
    FundingRecordFactory(project=projects[0], month=date(2025, 4, 1))
    ReportingMonthFactory(month=date(2025, 4, 1), state="locked")
    for project in projects[:8]:
        FundingRecordFactory(project=project, month=MAY, amount=0)
    assert [told_of(2025, 6, 1), told_of(2025, 6, 24)] == ["2025-04", "2025-04"]

    FundingRecordFactory(project=projects[8], month=MAY)
    assert [told_of(2025, 6, 1), told_of(2025, 5, 31)] == ["2025-05", "2025-04"]
    FundingRecordFactory(project=projects[0], month=date(2025, 6, 1))
    assert told_of(2025, 7, 20) == "2025-05"  # filled, although not locked
    ReportingMonthFactory(month=date(2025, 6, 1), state="locked")
    assert told_of(2025, 7, 1) == "2025-06"


def test_where_no_month_is_complete_the_newest_that_is_due_is_told():
    first, _other = ProjectFactory.create_batch(2, stage="started")
    FundingRecordFactory(project=first, month=MAY)
    assert told_of(2025, 6, 1) == "2025-05"  # there is no other

    FundingRecordFactory(project=first, month=date(2025, 4, 1))
    assert [told_of(2025, 6, 4), told_of(2025, 6, 5)] == ["2025-04", "2025-05"]


def test_complete_month_of_long_ago_is_not_told_for_one_that_is_due():
    first, _other = ProjectFactory.create_batch(2, stage="started")
    FundingRecordFactory(project=first, month=MAY)
    FundingRecordFactory(project=first, month=date(2024, 5, 1))
    ReportingMonthFactory(month=date(2024, 5, 1), state="locked")
    assert told_of(2025, 6, 24) == "2025-05"

    FundingRecordFactory(project=first, month=date(2024, 6, 1))
    ReportingMonthFactory(month=date(2024, 6, 1), state="locked")
    assert told_of(2025, 6, 24) == "2024-06"


def test_month_with_investment_alone_is_told():
    InvestmentRecordFactory(month=MAY)

    assert told_of(2025, 6, 24) == "2025-05"


def test_open_month_is_told_as_it_is_now(boss):
    FundingRecordFactory(month=MAY, amount=Decimal(9000))
    FundingRecordFactory(month=MAY.replace(year=2024), amount=Decimal(6000))
    AnnualTargetFactory(value=Decimal(18_000))

    told = facts(boss)

    assert (str(told.month), told.url) == ("2025-05", "/admin/monthly/reportingmonth/2025-05/figures/")
    assert told.state == "The month is open: figures as they are now."
    [funds, provinces] = told.tiles
    assert (funds.ytd, funds.month, funds.growth) == ("9000 万元", "9000 万元", "up 50.00% on last year")
    assert (funds.completion, funds.against_pace) == ("50.00% of the year's 1.8 亿元", "8.33 points ahead of the pace")
    assert (funds.lags, funds.done, funds.pace) == (False, Decimal("50.00"), Decimal("41.67"))
    assert (provinces.completion, provinces.done) == ("", None)  # no target


def test_locked_month_is_told_as_it_was(boss):
    FundingRecordFactory(month=MAY, amount=Decimal(9000))
    locked = ReportingMonthFactory(month=MAY, state="locked")
    MonthVersionFactory(reporting_month=locked)
    version = MonthVersionFactory(reporting_month=locked, number=2, reason="更正")
    SnapshotFundingFactory(project=SnapshotProjectFactory(version=version), amount=Decimal(7000))
    assert SnapshotFunding.objects.count() == 1

    told = facts(boss)

    assert (told.tiles[0].ytd, told.state) == ("7000 万元", "Locked: version 2 of 5 June 2025.")


def test_completion_beyond_the_target_fills_the_bar(boss):
    FundingRecordFactory(month=MAY, amount=Decimal(9000))
    AnnualTargetFactory(value=Decimal(6000))

    [funds, _provinces] = facts(boss).tiles

    assert (funds.done, funds.completion) == (Decimal("100.00"), "150.00% of the year's 6000 万元")


def test_investment_stands_apart_where_there_is_any(boss):
    FundingRecordFactory(month=MAY, origin="abroad", amount=Decimal(9000))
    InvestmentRecordFactory(month=MAY, amount=Decimal(500))

    assert [tile.ytd for tile in facts(boss).tiles] == ["9000 万元", "500 万元"]


def test_clerks_are_told_the_sums_of_their_own_projects_and_no_target():
    project = ProjectFactory()
    FundingRecordFactory(project=project, month=MAY, amount=Decimal(1000))
    FundingRecordFactory(month=MAY, amount=Decimal(9000))
    AnnualTargetFactory()
    clerk = UserFactory(roles=["place_clerk"], places=[project.place])

    told = facts(clerk)

    assert (told.tiles[0].ytd, told.tiles[0].completion, told.whose) == ("1000 万元", "", "My projects")
