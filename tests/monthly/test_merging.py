"""Two projects become one: their months, too, with every amount and without counting one twice."""

from datetime import date
from decimal import Decimal as D

import pytest

from liangzhou.batches import undo
from liangzhou.months import Month
from monthly import figures, locking
from monthly.books import LiveBooks
from monthly.models import FundingRecord, Indicator, ProgressReport
from projects import merging
from projects.stages import Stage
from tests.factories import (
    AnnualPlanFactory,
    AssignmentFactory,
    ExemptionFactory,
    FundingRecordFactory,
    InvestmentRecordFactory,
    ProgressPhotoFactory,
    ProgressReportFactory,
    ProjectFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
MAY, JUNE = Month(2025, 5), Month(2025, 6)


@pytest.fixture
def boss():
    return UserFactory(is_superuser=True)


@pytest.fixture
def pair():
    return ProjectFactory(stage=Stage.BUILDING), ProjectFactory(stage=Stage.BUILDING)


def merge(pair, boss):
    return merging.merge(*pair, choices={}, by=boss, reason="同一项目")


def rows(project):
    return sorted(project.funding_records.values_list("month", "kind", "amount"))


def test_amounts_move_and_add_up(boss, pair):
    keep, other = pair
    FundingRecordFactory(project=keep, amount=D(10))
    FundingRecordFactory(project=other, amount=D(4))
    FundingRecordFactory(project=other, month=JUNE.first, amount=D(3))
    InvestmentRecordFactory(project=other, amount=D(8))

    merge(pair, boss)

    assert rows(keep) == [
        (MAY.first, "correction", D(4)),
        (MAY.first, "entry", D(10)),
        (JUNE.first, "entry", D(3)),
    ]
    correction = keep.funding_records.get(kind="correction")
    assert other.code in correction.reason
    assert keep.investment_records.get().kind == "entry"
    assert figures.line(LiveBooks(JUNE), Indicator.FUNDING).ytd == D(17)


def test_entry_moves_into_a_locked_month_as_a_correction_and_undo_brings_it_back(boss, pair):
    keep, other = pair
    FundingRecordFactory(project=other, amount=D(4), reason="说明")
    locking.lock(MAY, by=boss)

    batch = merge(pair, boss)
    moved = FundingRecord.objects.get()
    assert (moved.project, moved.kind, moved.amount) == (keep, "correction", D(4))
    undo.undo(batch, by=boss, reason="不是同一项目")

    back = FundingRecord.objects.get()
    assert (back.project.code, back.kind, back.amount, back.reason) == (other.code, "entry", D(4), "说明")


def test_undo_of_a_merge_leaves_amounts_that_a_version_locked_since_has(boss, pair):
    keep, other = pair
    FundingRecordFactory(project=other, amount=D(4))
    batch = merge(pair, boss)
    locking.lock(MAY, by=boss)

    done = undo.undo(batch, by=boss, reason="不是同一项目")

    assert FundingRecord.objects.get().project == keep
    assert [one.model for one in done.kept if one.model is FundingRecord] == [FundingRecord]


def test_progress_of_a_month_is_joined_and_what_differs_is_noted(boss, pair):
    keep, other = pair
    ProgressReportFactory(project=keep, site_progress="封顶")
    theirs = ProgressReportFactory(project=other, site_progress="完成六成", problem="缺电")
    photo = ProgressPhotoFactory(report=theirs)
    ProgressReportFactory(project=other, month=JUNE.first)

    merge(pair, boss)

    report = ProgressReport.objects.get(month=MAY.first)
    assert (report.project, report.site_progress, report.problem) == (keep, "封顶", "缺电")
    assert list(report.photos.all()) == [photo]
    assert ProgressReport.objects.get(month=JUNE.first).project == keep
    keep.refresh_from_db()
    assert "完成六成" in keep.internal_remark


def test_plans_exemptions_and_assignments_move(boss, pair):
    keep, other = pair
    AnnualPlanFactory(project=keep, value=D(100))
    AnnualPlanFactory(project=other, value=D(77))
    AnnualPlanFactory(project=other, year=2026, value=D(5))
    ExemptionFactory(project=other, since=date(2025, 5, 1))
    AssignmentFactory(project=other)

    merge(pair, boss)

    assert sorted(keep.annual_plans.values_list("year", "value")) == [(2025, D(100)), (2026, D(5))]
    assert (keep.exemptions.count(), keep.assignments.count()) == (1, 1)
    keep.refresh_from_db()
    assert "77" in keep.internal_remark


def test_preview_names_what_would_move(pair):
    keep, other = pair
    FundingRecordFactory(project=other, amount=D(4))

    shown = merging.preview(keep, other)

    assert [texts for _label, texts in shown.moves if texts[0].startswith("2025")] == [["2025-05 4 万元"]]
