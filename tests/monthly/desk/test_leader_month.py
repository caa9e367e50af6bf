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
    FundingRecordFactory(month=date(2025, 7, 1))  # has not begun

    assert leader_month.books_of(boss, on=TODAY) is None


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
