"""A year walked through month by month: what was published stays, what was corrected is in the next version."""

from datetime import date
from decimal import Decimal as D

import pytest

from liangzhou.months import Month
from monthly import figures, locking
from monthly.books import FrozenBooks, LiveBooks
from monthly.models import FundingRecord, Indicator, InvestmentRecord, MonthVersion, Origin
from projects.models import Milestone, Project
from projects.stages import Stage, Status
from tests.factories import (
    AnnualPlanFactory,
    AnnualTargetFactory,
    CreditShareFactory,
    FundingRecordFactory,
    IndustryChainFactory,
    InvestmentRecordFactory,
    MilestoneFactory,
    PlaceFactory,
    ProgressReportFactory,
    ProjectFactory,
    UnitFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
MAY, MARCH = Month(2025, 5), Month(2025, 3)
INDICATORS = (Indicator.FUNDING, Indicator.OTHER_PROVINCES, Indicator.ABROAD, Indicator.INVESTMENT)


class District:
    """Four projects in two chains, with funds and investment in 2024 and 2025."""

    def __init__(self):
        self.clerk, self.publisher = UserFactory(roles=["editor"]), UserFactory(roles=["publisher"])
        self.dairy, self.energy = IndustryChainFactory(name="奶产业"), IndustryChainFactory(name="新能源")
        self.park = PlaceFactory(name="黄羊工业园")
        where = [(self.dairy, self.park), (self.dairy, None), (self.energy, self.park), (None, None)]
        self.projects = [
            ProjectFactory(chain=chain, place=place, stage=Stage.BUILDING, total_investment=D(9_000 * (n + 1)))
            for n, (chain, place) in enumerate(where)
        ]
        self.empty = ProjectFactory(chain=self.energy, stage=Stage.SIGNED)
        self.plan_only = ProjectFactory(stage=Stage.LEAD)
        for n, project in enumerate(self.projects):
            day = date(2024 + n % 2, 2, 1)
            MilestoneFactory(project=project, kind=Milestone.Kind.STARTED, actual=day, actual_precision="day")
            AnnualPlanFactory(project=project)
        self.unit = UnitFactory()
        CreditShareFactory(project=self.projects[0], unit=self.unit, percent=D(60))
        self.target = AnnualTargetFactory(value=D(50_000))
        AnnualTargetFactory(chain=self.dairy, value=D(20_000))
        for month in Month(2024, 12).so_far():
            self.enter(month)

    def enter(self, month: Month) -> None:
        """The entries of one month."""
        for n, project in enumerate(self.projects):
            origin = list(Origin)[n % 4]
            FundingRecordFactory(
                project=project, month=month.first, origin=origin, amount=D("100.5") * (n + 1) + month.number
            )
            InvestmentRecordFactory(project=project, month=month.first, amount=D(70 + n) * month.number)

    def correct(self, month: Month, project: Project, amount: str) -> None:
        FundingRecordFactory(
            project=project,
            month=month.first,
            origin=project.funding_records.filter(kind="entry").first().origin,
            amount=D(amount),
            kind="correction",
            reason="银行回单更正",
        )


def said(books) -> dict:
    """Every figure that the books give."""
    found = {}
    for indicator in INDICATORS:
        found[indicator, ""] = figures.line(books, indicator)
        found[indicator, "months"] = figures.months(books, indicator)
        found[indicator, "behind"] = figures.behind(books, indicator)
        for by in figures.BY:
            found[indicator, by] = figures.lines(books, indicator, by)
    return found | {"counts": figures.counts(books)}


def frozen(month: Month, number: int) -> FrozenBooks:
    return FrozenBooks(MonthVersion.objects.get(month=month.first, number=number))


def test_figures_published_in_may_are_the_same_in_december():
    district = District()
    for month in MAY.so_far():
        district.enter(month)
        if month != MAY:
            locking.publish(locking.lock(month, by=district.clerk), by=district.publisher)
    live = said(LiveBooks(MAY))
    version = locking.lock(MAY, by=district.clerk)
    locking.publish(version, by=district.publisher)
    on_the_day = said(frozen(MAY, 1))
    assert on_the_day == live

    change_everything(district)
    for number in range(6, 13):
        month = Month(2025, number)
        district.enter(month)
        locking.lock(month, by=district.clerk)

    assert said(frozen(MAY, 1)) == on_the_day
    again = locking.lock(MAY, by=district.clerk, reason="更正3月、5月数据")
    second = said(frozen(MAY, 2))
    assert again.number == 2
    assert second == said(LiveBooks(MAY))
    before, now = on_the_day[Indicator.FUNDING, ""], second[Indicator.FUNDING, ""]
    assert (now.ytd - before.ytd, now.month - before.month) == (D("200.25") - 50, D(-50))
    assert (before.target, now.target) == (D(50_000), D(60_000))
    assert locking.version_on(MAY, public=True).number == 1
    assert said(frozen(Month(2025, 12), 1)) == said(LiveBooks(Month(2025, 12)))
    assert said(frozen(MAY, 1)) == on_the_day


def change_everything(district: District) -> None:
    """Corrections, and changes of all that a figure is sorted by."""
    district.correct(MARCH, district.projects[0], "200.25")
    district.correct(MAY, district.projects[1], "-50")
    moved = district.projects[0]
    moved.chain, moved.stage, moved.total_investment = district.energy, Stage.PRODUCING, D(150_000)
    moved.save()
    Project.objects.filter(pk=district.projects[1].pk).update(status=Status.TERMINATED, status_reason="撤资")
    district.dairy.name = "奶产业及乳制品"
    district.dairy.save()
    district.empty.delete()
    district.target.value = D(60_000)
    district.target.save()
    district.unit.name = "区工信局"
    district.unit.save()
    MilestoneFactory(
        project=district.projects[2], kind=Milestone.Kind.PRODUCING, actual=date(2025, 3, 1), actual_precision="day"
    )


def test_a_whole_year_is_walked_through_with_corrections_after_locks():
    district = District()
    printed = {}
    for month in Month(2025, 12).so_far():
        district.enter(month)
        ProgressReportFactory(project=district.projects[0], month=month.first)
        version = locking.lock(month, by=district.clerk)
        locking.publish(version, by=district.publisher)
        printed[month] = said(FrozenBooks(version))
        if month.number > 1:  # each month something of the month before turns out to be wrong
            district.correct(month.plus(-1), district.projects[month.number % 4], f"-{month.number}.5")

    assert {month: said(frozen(month, 1)) for month in printed} == printed
    corrections = FundingRecord.objects.filter(kind="correction").count()
    assert corrections == 11
    december = locking.version_on(Month(2025, 12), public=True)
    assert [row.month for row in locking.corrections_since(december)] == [date(2025, 11, 1)]
    november = locking.version_on(Month(2025, 11), public=True)
    assert [row.month.month for row in locking.corrections_since(november)] == [11, 10]
    assert InvestmentRecord.objects.filter(kind="correction").count() == 0
