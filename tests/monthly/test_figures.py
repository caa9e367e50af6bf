"""Figures of live books: worked examples, and the same by hand in Python."""

import random
from datetime import date
from decimal import Decimal as D

import pytest

from liangzhou import series
from liangzhou.months import Month
from monthly import figures
from monthly.books import LiveBooks
from monthly.models import Indicator, Origin
from projects.models import Milestone, Project
from projects.stages import Stage, Status
from tests.factories import (
    AnnualTargetFactory,
    CreditShareFactory,
    FundingRecordFactory,
    IndustryChainFactory,
    InvestmentRecordFactory,
    MilestoneFactory,
    PlaceFactory,
    ProjectFactory,
    UnitFactory,
)

pytestmark = pytest.mark.django_db
MAY = Month(2025, 5)


def fund(project, month, amount, origin=Origin.OTHER_PROVINCES, **how):
    return FundingRecordFactory(project=project, month=month.first, amount=D(amount), origin=origin, **how)


def implemented(**how):
    return ProjectFactory(stage=how.pop("stage", Stage.BUILDING), **how)


def started(project, day):
    return MilestoneFactory(project=project, kind=Milestone.Kind.STARTED, actual=day, actual_precision="day")


def test_the_article_s_figures_come_out_of_the_records():
    project = implemented()
    fund(project, Month(2024, 3), "641800")
    fund(project, Month(2025, 4), "885600")
    fund(project, MAY, "100")
    AnnualTargetFactory(indicator=Indicator.OTHER_PROVINCES, value=D(2_000_000))

    found = figures.line(LiveBooks(MAY), Indicator.OTHER_PROVINCES)

    assert (found.month, found.ytd, found.last_month, found.last_ytd) == (D(100), D(885_700), None, D(641_800))
    assert series.two_places(found.growth) == D("38.00")
    assert series.two_places(found.completion) == D("44.29")
    assert series.two_places(found.ahead) == D("2.62")
    assert found.projects == 1


def test_funds_and_investment_are_never_added():
    project = implemented()
    fund(project, MAY, 5)
    InvestmentRecordFactory(project=project, amount=D(7))

    assert figures.line(LiveBooks(MAY), Indicator.FUNDING).ytd == 5
    assert figures.line(LiveBooks(MAY), Indicator.INVESTMENT).ytd == 7


def test_later_months_and_the_year_before_last_are_left_out():
    project = implemented()
    for month in (Month(2023, 5), Month(2025, 6), Month(2026, 1)):
        fund(project, month, 1000)

    assert figures.line(LiveBooks(MAY), Indicator.FUNDING).ytd is None


def test_a_correction_adds_to_its_month():
    project = implemented()
    fund(project, MAY, 50)
    fund(project, MAY, -8, kind="correction", reason="核减")

    assert figures.line(LiveBooks(MAY), Indicator.FUNDING).month == 42


def test_a_unit_has_its_share_of_the_amounts():
    project, first, second = implemented(), UnitFactory(), UnitFactory()
    CreditShareFactory(project=project, unit=first, percent=D(60))
    CreditShareFactory(project=project, unit=second, percent=D(30))
    fund(project, MAY, 1000)
    fund(implemented(), MAY, 7)

    found = figures.lines(LiveBooks(MAY), Indicator.FUNDING, "unit")

    assert [(one.label, one.ytd) for one in found] == [(first.name, 600), (second.name, 300), ("未归属", 107)]


def test_a_chain_with_a_target_and_no_amounts_is_in_the_table():
    chain, silent = IndustryChainFactory(name="奶产业"), IndustryChainFactory(name="新材料")
    fund(implemented(chain=chain), MAY, 50)
    AnnualTargetFactory(chain=chain, value=D(100))
    AnnualTargetFactory(chain=silent, value=D(100))

    found = figures.lines(LiveBooks(MAY), Indicator.FUNDING, "chain")

    assert [(one.label, one.ytd, one.completion, one.rank) for one in found] == [
        ("奶产业", 50, 50, 1),
        ("新材料", None, None, None),
    ]


def test_sizes_are_nested_and_phases_follow_the_start():
    big, huge, small = (implemented(total_investment=D(amount)) for amount in (10_000, 100_000, 9_999))
    started(big, date(2025, 3, 1))
    started(huge, date(2024, 12, 31))
    started(small, date(2025, 6, 1))
    for project, amount in ((big, 1), (huge, 2), (small, 4)):
        fund(project, MAY, amount)

    sizes = figures.lines(LiveBooks(MAY), Indicator.FUNDING, "size")
    phases = figures.lines(LiveBooks(MAY), Indicator.FUNDING, "phase")

    assert [(one.key, one.ytd, one.projects) for one in sizes] == [("100m", 3, 2), ("1bn", 2, 1)]
    assert [(one.key, one.ytd) for one in phases] == [("new", 1), ("continuing", 2), ("not_started", 4)]


def test_origins_keep_their_order_and_their_targets():
    project = implemented()
    fund(project, MAY, 30, Origin.ABROAD)
    AnnualTargetFactory(indicator=Indicator.ABROAD, value=D(60))

    found = figures.lines(LiveBooks(MAY), Indicator.FUNDING, "origin")

    assert [(one.key, one.ytd, one.completion) for one in found] == [
        ("other_provinces", None, None),
        ("other_cities", None, None),
        ("other_districts", None, None),
        ("abroad", 30, 50),
    ]


def test_projects_are_counted_by_what_was_known_by_the_month():
    new, old, later = implemented(total_investment=D(5)), implemented(total_investment=None), implemented()
    started(new, date(2025, 5, 31))
    started(old, date(2023, 1, 1))
    started(later, date(2025, 6, 1))
    ProjectFactory(stage=Stage.RESERVE)
    implemented(status=Status.TERMINATED, status_reason="投资方退出", total_investment=D(6))

    found = figures.counts(LiveBooks(MAY))

    assert (found.projects, found.investment) == (2, 5)
    wanted = ("new", "continuing", "started_year", "started_month", "terminated", "paused")
    assert [found.numbers[kind] for kind in wanted] == [1, 1, 1, 1, 1, 0]
    assert [figures.counted(LiveBooks(MAY), "new").get()] == [new]


def test_limited_books_hold_own_projects_only():
    own, other = implemented(), implemented()
    fund(own, MAY, 3)
    fund(other, MAY, 5)
    books = LiveBooks(MAY, only=Project.objects.filter(pk=own.pk))

    assert figures.line(books, Indicator.FUNDING).ytd == 3
    assert figures.counts(books).projects == 1
    assert figures.behind(books, Indicator.FUNDING) == [own.pk]


@pytest.mark.parametrize(
    ("by", "key"), [("chain", "x"), ("chain", "9" * 30), ("size", "2bn"), ("nothing", "1"), ("origin", "")]
)
def test_a_group_that_cannot_be_is_refused(by, key):
    with pytest.raises(ValueError, match="no group"):
        figures.behind(LiveBooks(MAY), Indicator.FUNDING, by, key)


def test_tables_agree_with_sums_made_by_hand(django_assert_num_queries):
    """Whatever the rows: each table's lines, and what is behind them, are what Python makes of the same rows."""
    chance = random.Random(620602)  # noqa: S311
    chains, places = [IndustryChainFactory() for _ in range(3)], [PlaceFactory() for _ in range(2)]
    projects = [implemented(chain=chance.choice([*chains, None]), place=chance.choice(places)) for _ in range(12)]
    rows = []
    for project in projects:
        for year, number in {(chance.choice([2023, 2024, 2025]), chance.randint(1, 12)) for _ in range(8)}:
            origin = chance.choice(Origin.values)
            rows.append(
                fund(project, Month(year, number), f"{chance.randint(0, 10**7)}.{chance.randint(0, 9999):04}", origin)
            )
    books = LiveBooks(MAY)

    for by, key_of in (("chain", lambda p: p.chain_id), ("place", lambda p: p.place_id)):
        with django_assert_num_queries(3):
            found = {one.key: one for one in figures.lines(books, Indicator.FUNDING, by)}
        for group in {key_of(project) for project in projects}:
            mine = [row for row in rows if key_of(row.project) == group]
            sums = {}
            for row in mine:
                month = Month.of(row.month)
                sums[month] = sums.get(month, 0) + row.amount
            line = found.pop("none" if group is None else str(group), None)
            this_year = {row.project_id for row in mine if row.month.year == 2025 and row.month.month <= 5}
            assert (line.ytd if line else None) == series.year_to_date(sums, MAY)
            assert (line.last_ytd if line else None) == series.year_to_date(sums, MAY.last_year)
            assert (line.growth if line else None) == series.year_on_year(sums, MAY)
            key = "none" if group is None else str(group)
            assert figures.behind(books, Indicator.FUNDING, by, key) == sorted(this_year)
        assert found == {}


def test_total_investment_is_exact_whatever_adds_it_up():
    """SQLite adds floating-point numbers: 421 projects that come to 81.685 亿元 are 81.69, not 81.68."""
    amounts = [D("1940.1937")] * 420 + [D(816_850) - 420 * D("1940.1937")]
    chain, owner = IndustryChainFactory(), implemented().enterprise
    Project.objects.all().delete()
    Project.objects.bulk_create(
        Project(
            code=f"LZ9{n:05}",
            name=f"项目{n}",
            enterprise=owner,
            chain=chain,
            stage=Stage.BUILDING,
            total_investment=wan,
        )
        for n, wan in enumerate(amounts)
    )

    found = figures.counts(LiveBooks(MAY))

    assert (str(found.investment), str(found.investments["100m"])) == ("816850.0000", "None")


def test_terminated_projects_are_a_kind_of_their_own():
    for status in (Status.PAUSED, Status.TERMINATED):
        made = implemented(status=status, status_reason="资金", total_investment=D(200_000))
        started(made, date(2025, 3, 1))

    numbers = figures.counts(LiveBooks(MAY)).numbers

    kinds = ("projects", "new", "100m", "1bn", "paused", "terminated", "started_year")
    assert [numbers[kind] for kind in kinds] == [1, 1, 1, 1, 1, 1, 2]


@pytest.mark.parametrize("by", ["chain", "place", "unit", "origin", "size", "phase"])
def test_projects_of_which_nothing_came_are_not_counted(by):
    """A row of 0, and money that was taken back as a whole."""
    chain = IndustryChainFactory()
    for amounts in (["0.3"], ["0"], ["0.1", "0.2", "-0.3"]):
        project = implemented(chain=chain, total_investment=D(10_000))
        for month, amount in enumerate(amounts, start=1):
            fund(project, Month(2025, month), amount, reason="退回")

    found = figures.lines(LiveBooks(MAY), Indicator.FUNDING, by)

    assert sum(line.projects for line in found) == 1
    assert figures.line(LiveBooks(MAY), Indicator.FUNDING).projects == 1
