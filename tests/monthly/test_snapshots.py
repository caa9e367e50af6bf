"""What a locked version keeps, in few queries, and its digest."""

from datetime import date
from decimal import Decimal as D
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from liangzhou.months import Month
from monthly import locking, snapshots
from monthly.models import Indicator, SnapshotFunding, SnapshotProject
from projects.models import Milestone
from projects.stages import Stage
from tests.factories import (
    AnnualPlanFactory,
    AnnualTargetFactory,
    CreditShareFactory,
    FundingRecordFactory,
    InvestmentRecordFactory,
    MilestoneFactory,
    ProgressReportFactory,
    ProjectFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
MAY = Month(2025, 5)


def implemented(**how):
    return ProjectFactory(stage=Stage.BUILDING, **how)


def locked(reason=""):
    return locking.lock(MAY, by=UserFactory(), reason=reason)


def test_project_is_copied_with_its_facts_texts_and_light():
    project = implemented(total_investment=D(50_000), contract_amount=D(40_000))
    for kind, day in ((Milestone.Kind.SIGNED, date(2025, 2, 1)), (Milestone.Kind.TRIAL, date(2025, 4, 1))):
        MilestoneFactory(project=project, kind=kind, actual=day, actual_precision="day")
    FundingRecordFactory(project=project, month=date(2024, 12, 1), amount=D(3))
    FundingRecordFactory(project=project, amount=D("4.5"))
    AnnualPlanFactory(project=project, value=D(12_000))
    ProgressReportFactory(project=project, problem="用地指标未落实")

    copy = locked().projects.get()

    assert (copy.project_key, copy.code, copy.name) == (project.pk, project.code, project.name)
    assert (copy.chain_name, copy.place_name) == (project.chain.name, project.place.name)
    assert (copy.stage, copy.implemented, copy.total_investment, copy.contract_amount) == (
        Stage.BUILDING, True, D(50_000), D(40_000),
    )  # fmt: skip
    assert (copy.signed_on, copy.started_on, copy.registered_on, copy.producing_on) == (
        date(2025, 2, 1), date(2025, 4, 1), None, None,
    )  # fmt: skip
    assert (copy.funds_since_signing, copy.plan) == (D("4.5"), D(12_000))
    assert (copy.site_progress, copy.problem, copy.next_step) == ("主体工程完成六成", "用地指标未落实", "")
    assert (copy.light, {reason["rule"] for reason in copy.light_reasons} >= {"money"}) == ("red", True)


def test_amounts_are_summed_with_corrections_and_zero_is_kept():
    project = implemented()
    FundingRecordFactory(project=project, amount=D(10))
    FundingRecordFactory(project=project, amount=D(-3), kind="correction", reason="更正")
    FundingRecordFactory(project=project, origin="abroad", amount=D(0))
    InvestmentRecordFactory(project=project, month=date(2024, 1, 1), amount=D(8))
    FundingRecordFactory(project=project, month=date(2023, 12, 1))
    FundingRecordFactory(project=project, month=date(2025, 6, 1))

    copy = locked().projects.get()

    funds = copy.funding_records.order_by("origin").values_list("month", "origin", "amount")
    assert list(funds) == [(MAY.first, "abroad", D(0)), (MAY.first, "other_provinces", D(7))]
    assert list(copy.investment_records.values_list("month", "amount")) == [(date(2024, 1, 1), D(8))]


def test_project_with_amounts_that_is_not_implemented_is_there_and_not_counted():
    lead, plain = ProjectFactory(stage=Stage.LEAD), implemented()
    ProjectFactory(stage=Stage.RESERVE)
    FundingRecordFactory(project=lead)

    copies = locked().projects.values_list("project_key", "implemented", "light")

    assert {key: (counted, light == "") for key, counted, light in copies} == {
        plain.pk: (True, False),
        lead.pk: (False, True),
    }


def test_targets_and_shares_are_kept():
    share = CreditShareFactory(project=implemented(), percent=D("33.5"))
    AnnualTargetFactory(chain=share.project.chain, indicator=Indicator.INVESTMENT, value=D(9))
    AnnualTargetFactory(year=2024)

    version = locked()

    target = version.targets.get()
    assert (target.scope, target.scope_key, target.scope_name) == (
        "chain",
        share.project.chain_id,
        share.project.chain.name,
    )
    assert (target.indicator, target.value) == ("investment", D(9))
    kept = version.projects.get().credit_shares.get()
    assert (kept.unit_key, kept.unit_name, kept.percent) == (share.unit_id, share.unit.name, D("33.5"))


def test_locking_asks_as_often_for_many_projects():
    FundingRecordFactory(project=implemented(), month=date(2025, 5, 1))
    with CaptureQueriesContext(connection) as one:
        version = locked()
    assert version.projects.count() == 1
    for _n in range(5):
        FundingRecordFactory(project=implemented())
    with CaptureQueriesContext(connection) as many:
        version = locked("补报")

    assert version.projects.count() == 6
    assert len(many) <= len(one)


def test_digest_says_what_is_kept_and_nothing_else():
    record = FundingRecordFactory(project=implemented())
    version = locked()

    assert snapshots.digest(version) == version.digest
    record.amount = D(5)
    record.save()
    assert snapshots.digest(version) == version.digest
    SnapshotProject.objects.filter(version=version).update(chain_name="别的链")
    assert snapshots.digest(version) != version.digest


def test_what_is_kept_does_not_depend_on_the_language_of_who_locks():
    project = implemented(chain=None)
    AnnualPlanFactory(project=project, value=D(12_000))
    FundingRecordFactory(project=project)
    version = locked()

    with translation.override("en"), pytest.raises(ValidationError):
        locked("again")  # nothing has changed

    assert version.projects.get().light_reasons != []


def test_verify_months_names_the_version_that_was_changed():
    FundingRecordFactory(project=implemented())
    version = locked()
    out = StringIO()
    call_command("verify_months", stdout=out)
    assert out.getvalue().count("\n") == 2

    SnapshotFunding.objects.filter(project__version=version).update(amount=D(1))

    err = StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("verify_months", stdout=StringIO(), stderr=err)
    assert (refused.value.returncode, str(version) in err.getvalue()) == (1, True)
