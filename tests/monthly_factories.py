"""Rows of what is entered month by month, one factory per model, with fixed values."""

from datetime import UTC, date, datetime
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from liangzhou.demo import DemoMark
from monthly.models import (
    AnnualPlan,
    AnnualTarget,
    Exemption,
    FundingRecord,
    Indicator,
    InvestmentRecord,
    LightThresholds,
    MonthVersion,
    Origin,
    ProgressPhoto,
    ProgressReport,
    Rate,
    RateDefinition,
    Reminder,
    ReportingMonth,
    Rule,
    SnapshotFunding,
    SnapshotInvestment,
    SnapshotProject,
    SnapshotShare,
    SnapshotTarget,
)
from projects.models import Assignment, SigningEvent
from projects.stages import Stage, Status

MAY = date(2025, 5, 1)
PROJECT = "tests.factories.ProjectFactory"


class DemoMarkFactory(DjangoModelFactory):
    class Meta:
        model = DemoMark

    seed = 1


class SigningEventFactory(DjangoModelFactory):
    class Meta:
        model = SigningEvent

    name = factory.Sequence(lambda n: f"招商推介会{n}")
    held_on = date(2025, 3, 18)


class AssignmentFactory(DjangoModelFactory):
    class Meta:
        model = Assignment

    project = factory.SubFactory(PROJECT)
    leader_name = "李某某"
    since = date(2025, 1, 1)


class FundingRecordFactory(DjangoModelFactory):
    class Meta:
        model = FundingRecord

    project = factory.SubFactory(PROJECT)
    month = MAY
    origin = Origin.OTHER_PROVINCES
    amount = Decimal(1200)


class InvestmentRecordFactory(DjangoModelFactory):
    class Meta:
        model = InvestmentRecord

    project = factory.SubFactory(PROJECT)
    month = MAY
    amount = Decimal(800)


class ProgressReportFactory(DjangoModelFactory):
    class Meta:
        model = ProgressReport

    project = factory.SubFactory(PROJECT)
    month = MAY
    site_progress = "主体工程完成六成"


class ProgressPhotoFactory(DjangoModelFactory):
    class Meta:
        model = ProgressPhoto

    report = factory.SubFactory(ProgressReportFactory)
    image = "monthly/2025/05/photo.png"
    caption = "厂房"


class AnnualTargetFactory(DjangoModelFactory):
    class Meta:
        model = AnnualTarget

    year = 2025
    indicator = Indicator.FUNDING
    value = Decimal(2_000_000)


class AnnualPlanFactory(DjangoModelFactory):
    class Meta:
        model = AnnualPlan

    project = factory.SubFactory(PROJECT)
    year = 2025
    indicator = Indicator.FUNDING
    value = Decimal(12_000)


class ReportingMonthFactory(DjangoModelFactory):
    class Meta:
        model = ReportingMonth

    month = MAY


class MonthVersionFactory(DjangoModelFactory):
    class Meta:
        model = MonthVersion

    reporting_month = factory.SubFactory(ReportingMonthFactory)
    month = factory.SelfAttribute("reporting_month.month")
    number = 1
    locked_at = datetime(2025, 6, 5, 2, 0, tzinfo=UTC)


class RateDefinitionFactory(DjangoModelFactory):
    class Meta:
        model = RateDefinition

    rate = Rate.START
    valid_from = date(2024, 1, 1)
    numerator_stage = Stage.STARTED
    wording = "已开工(含在建、投产、达产)项目数 ÷ 签约项目数"


class LightThresholdsFactory(DjangoModelFactory):
    class Meta:
        model = LightThresholds

    valid_from = date(2024, 1, 1)


class ExemptionFactory(DjangoModelFactory):
    class Meta:
        model = Exemption

    project = factory.SubFactory(PROJECT)
    rule = Rule.START
    reason = "用地规划调整"
    since = date(2025, 5, 1)


class ReminderFactory(DjangoModelFactory):
    class Meta:
        model = Reminder

    person = factory.SubFactory("tests.factories.UserFactory")
    kind = "month"
    subject = "2025-05"
    sent_at = datetime(2025, 6, 5, 2, 0, tzinfo=UTC)


class SnapshotProjectFactory(DjangoModelFactory):
    class Meta:
        model = SnapshotProject

    version = factory.SubFactory(MonthVersionFactory)
    project_key = factory.Sequence(lambda n: 1000 + n)
    code = factory.Sequence(lambda n: f"LZ9{n:05d}")
    name = factory.Sequence(lambda n: f"锁定示例项目{n}")
    stage = Stage.BUILDING
    status = Status.NORMAL


class SnapshotFundingFactory(DjangoModelFactory):
    class Meta:
        model = SnapshotFunding

    project = factory.SubFactory(SnapshotProjectFactory)
    month = MAY
    origin = Origin.OTHER_PROVINCES
    amount = Decimal(1200)


class SnapshotInvestmentFactory(DjangoModelFactory):
    class Meta:
        model = SnapshotInvestment

    project = factory.SubFactory(SnapshotProjectFactory)
    month = MAY
    amount = Decimal(800)


class SnapshotShareFactory(DjangoModelFactory):
    class Meta:
        model = SnapshotShare

    project = factory.SubFactory(SnapshotProjectFactory)
    unit_key = 1
    unit_name = "区招商局"
    percent = Decimal(100)


class SnapshotTargetFactory(DjangoModelFactory):
    class Meta:
        model = SnapshotTarget

    version = factory.SubFactory(MonthVersionFactory)
    indicator = Indicator.FUNDING
    value = Decimal(2_000_000)
