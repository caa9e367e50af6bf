"""What is not the same in a locked version and in the records as they are now."""

from datetime import date
from decimal import Decimal as D

import pytest

from liangzhou.months import Month
from monthly import locking, month_differences
from monthly.books import FrozenBooks, LiveBooks
from monthly.models import AnnualTarget
from projects import merging
from projects.models import CreditShare
from projects.stages import Stage
from tests.factories import (
    AnnualPlanFactory,
    AnnualTargetFactory,
    CreditShareFactory,
    FundingRecordFactory,
    IndustryChainFactory,
    InvestmentRecordFactory,
    MilestoneFactory,
    ProjectFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
MAY = Month(2025, 5)


@pytest.fixture
def boss():
    return UserFactory(is_superuser=True)


@pytest.fixture
def project():
    return ProjectFactory(stage=Stage.BUILDING, chain=IndustryChainFactory(name="奶产业"))


def books(version):
    return FrozenBooks(version), LiveBooks(MAY)


def test_sums_are_the_same_until_something_changes(boss, project):
    for amount, kind in (("0.1", {}), ("0.2", {"kind": "correction", "reason": "补报"})):
        FundingRecordFactory(project=project, amount=D(amount), **kind)
    InvestmentRecordFactory(project=project)
    before, after = books(locking.lock(MAY, by=boss))

    same = month_differences.same_sums(before, after)
    FundingRecordFactory(project=project, kind="correction", reason="更正")

    assert (same, month_differences.same_sums(before, after)) == (True, False)


def test_merge_and_another_chain_are_seen_although_no_row_is_new(boss, project):
    other = ProjectFactory(stage=Stage.BUILDING, chain=IndustryChainFactory(name="新能源"))
    FundingRecordFactory(project=project, amount=D(100)), FundingRecordFactory(project=other, amount=D(50))
    version = locking.lock(MAY, by=boss)
    same = month_differences.same_sums(*books(version))

    merging.merge(project, other, choices={}, by=boss, reason="同一项目")

    assert [list(rows) for rows in locking.rows_since(version)] == [[], []]
    assert (same, month_differences.same_sums(*books(version))) == (True, False)


def test_whatever_of_a_project_was_changed_is_told(boss, project):
    MilestoneFactory(project=project, kind="started", actual=date(2025, 2, 1))
    plan = AnnualPlanFactory(project=project, value=D(9_000))
    share = CreditShareFactory(project=project)
    version = locking.lock(MAY, by=boss)
    nothing = month_differences.different_projects(*books(version))

    project.milestones.update(actual=date(2025, 3, 1))
    plan.value = D(12_000)
    plan.save()
    CreditShare.objects.update(percent=D("60.5"))

    found = month_differences.different_projects(*books(version))
    assert nothing == []
    assert [one["name"] for one in found] == [project.name]
    ends = ("2025-02-01 → 2025-03-01", "9000 万元 → 1.2 亿元", f"{share.unit.name} 100% → {share.unit.name} 60.5%")
    assert [change.endswith(end) for change, end in zip(found[0]["changes"], ends, strict=True)] == [True] * 3


def test_target_that_was_changed_added_or_dropped_is_told(boss, project):
    AnnualTargetFactory(value=D(100))
    dropped = AnnualTargetFactory(chain=project.chain, value=D(40))
    version = locking.lock(MAY, by=boss)
    nothing = month_differences.different_targets(*books(version))

    AnnualTarget.objects.exclude(pk=dropped.pk).update(value=D(120))
    dropped.delete()
    found = month_differences.different_targets(*books(version))

    assert nothing == []
    assert found == [("funding", "", D(100), D(120)), ("funding", "奶产业", D(40), None)]
