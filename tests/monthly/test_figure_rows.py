"""The projects and rows behind a number come to that number, on live and on locked books."""

from datetime import date
from decimal import Decimal as D

import pytest

from liangzhou.months import Month
from monthly import figure_rows, figures
from monthly.books import FrozenBooks, LiveBooks
from monthly.figures import NONE_KEY
from monthly.lights import Light
from monthly.models import Indicator, MonthVersion, Origin
from projects.stages import Stage
from tests.factories import (
    CreditShareFactory,
    FundingRecordFactory,
    IndustryChainFactory,
    InvestmentRecordFactory,
    MilestoneFactory,
    MonthVersionFactory,
    ProjectFactory,
    SnapshotFundingFactory,
    SnapshotProjectFactory,
    SnapshotShareFactory,
    UnitFactory,
)

pytestmark = pytest.mark.django_db
MAY = Month(2025, 5)
DAYS = (date(2025, 5, 1), date(2025, 3, 1), date(2024, 5, 1), date(2024, 2, 1))


def live_books() -> LiveBooks:
    """Three projects: of two chains and none, shared by units in part, started this year, last year and not."""
    chain, unit = IndustryChainFactory(), UnitFactory()
    for n, (of, started) in enumerate([(chain, date(2025, 2, 1)), (None, date(2024, 3, 1)), (chain, None)], start=1):
        project = ProjectFactory(chain=of, stage=Stage.BUILDING, total_investment=D(60_000 * n))
        if started:
            MilestoneFactory(project=project, actual=started, actual_precision="day")
        for position, day in enumerate(DAYS[: 4 - n + 1]):
            FundingRecordFactory(project=project, month=day, amount=D(100 * n + position), origin=Origin.values[n])
            InvestmentRecordFactory(project=project, month=day, amount=D(7 * n))
        if n > 1:
            CreditShareFactory(project=project, unit=unit, percent=D(30 * n))
    FundingRecordFactory(
        project=project, month=MAY.first, amount=D(-5), origin=Origin.values[3], kind="correction", reason="核减"
    )
    return LiveBooks(MAY)


def frozen_books() -> FrozenBooks:
    version = MonthVersionFactory()
    for n in (1, 2, 3):
        project = SnapshotProjectFactory(
            version=version,
            chain_key=None if n == 2 else 4,
            chain_name="" if n == 2 else "奶产业",
            total_investment=D(60_000 * n),
            started_on=date(2024 + n % 2, 2, 1),
        )
        for position, day in enumerate(DAYS[:n]):
            SnapshotFundingFactory(project=project, month=day, amount=D(100 * n + position), origin=Origin.values[n])
        SnapshotShareFactory(project=project, unit_key=9, percent=D(30 * n))
    other = MonthVersionFactory(reporting_month=version.reporting_month, number=2, reason="漏报")
    SnapshotFundingFactory(project__version=other)
    return FrozenBooks(version)


@pytest.mark.parametrize("make", [live_books, frozen_books])
@pytest.mark.parametrize("by", list(figures.BY))
def test_rows_come_to_the_numbers_of_their_line(make, by):
    books = make()
    lines = figures.lines(books, Indicator.FUNDING, by)

    for line in lines:
        for period in figure_rows.PERIODS:
            rows = figure_rows.with_amounts(books, Indicator.FUNDING, by, line.key, period, MAY)
            counted = [row.counts_for(period) for row in rows]
            assert (sum(counted) if counted else None) == getattr(line, period)
            if period == "ytd":
                assert len(rows) == line.projects
    assert lines


def test_records_are_the_rows_with_corrections_and_reasons():
    books = live_books()
    rows = figure_rows.with_amounts(books, Indicator.FUNDING, "", "", "month", MAY)

    figure_rows.add_records(books, Indicator.FUNDING, "", "", [MAY], rows)

    assert [[(one.amount, one.reason) for one in row.records] for row in rows] == [
        [(D(300), ""), (D(-5), "核减")],
        [(D(200), "")],
        [(D(100), "")],
    ]


def test_records_of_a_locked_month_are_those_of_its_version():
    books = frozen_books()
    rows = figure_rows.with_amounts(books, Indicator.FUNDING, "", "", "ytd", MAY)

    figure_rows.add_records(books, Indicator.FUNDING, "", "", MAY.so_far(), rows)

    assert [[(one.month, one.amount, one.who) for one in row.records] for row in rows] == [
        [(Month(2025, 3), D(301), ""), (MAY, D(300), "")],
        [(Month(2025, 3), D(201), ""), (MAY, D(200), "")],
        [(MAY, D(100), "")],
    ]


def test_investment_is_never_mixed_with_funds():
    books = live_books()

    rows = figure_rows.with_amounts(books, Indicator.INVESTMENT, "", "", "month", MAY)

    assert [row.counts_for("month") for row in rows] == [D(21), D(14), D(7)]


def test_earlier_month_of_the_year_has_its_own_periods():
    rows = figure_rows.with_amounts(live_books(), Indicator.FUNDING, "", "", "ytd", Month(2025, 3))

    assert [(row.sums["month"], row.sums["ytd"], row.sums["last_ytd"]) for row in rows] == [
        (D(301), D(301), None),
        (D(201), D(201), None),
        (D(101), D(101), D(103)),
    ]


@pytest.mark.parametrize(("by", "key"), [("chain", "x"), ("origin", "mars"), ("size", ""), ("colour", "1")])
def test_group_that_cannot_be_is_refused(by, key):
    with pytest.raises(ValueError, match="no group"):
        figure_rows.with_amounts(LiveBooks(MAY), Indicator.FUNDING, by, key, "ytd", MAY)


def test_lights_of_a_locked_month_are_as_they_were():
    version = MonthVersionFactory()
    reason = {"rule": "start", "light": "red", "sentence": "计划开工", "exempted_by": ""}
    first = SnapshotProjectFactory(version=version, light="red", light_reasons=[reason])
    second = SnapshotProjectFactory(version=version)

    found = figure_rows.lights_of(FrozenBooks(version))

    assert {key: (one.light, one.sentences) for key, one in found.items()} == {
        first.project_key: (Light.RED, ("计划开工",)),
        second.project_key: (Light.NONE, ()),
    }


def test_groups_of_name_what_has_no_group():
    books = live_books()
    first, second, third = books.projects().order_by("pk")
    chain, unit = first.chain_id, second.credit_shares.get().unit_id

    assert figure_rows.groups_of(books, "chain") == {
        first.pk: [str(chain)],
        second.pk: [NONE_KEY],
        third.pk: [str(chain)],
    }
    assert figure_rows.groups_of(books, "unit") == {
        first.pk: [NONE_KEY],
        second.pk: [str(unit), NONE_KEY],
        third.pk: [str(unit), NONE_KEY],
    }
    assert MonthVersion.objects.count() == 0
