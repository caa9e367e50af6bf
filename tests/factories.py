"""Rows for tests, one factory per model, with fixed values; unique fields are numbered."""

from datetime import date
from decimal import Decimal

import factory
from django.contrib.auth.models import Permission, User
from factory.django import DjangoModelFactory

from enterprises.models import Enterprise, EnterpriseFact, LegalForm, Place, Province, Qualification
from ledgers.models import LedgerImport, LedgerRow, LedgerTemplate
from liangzhou.batches import ChangeBatch
from liangzhou.models import Qualifier
from liangzhou.periods import Precision
from projects.models import (
    CreditShare,
    FormerCode,
    IndustryChain,
    Measure,
    Mechanism,
    Milestone,
    NotTheSame,
    Opportunity,
    Project,
    ProjectParty,
    ReportedIndicator,
    StageChange,
    Unit,
)
from projects.stages import REQUIREMENTS, Stage
from sources.models import Citation, Source

PASSWORD = "Jade-and-Ochre-620602"


class UserFactory(DjangoModelFactory):
    """A clerk: staff, without rights until `permissions=["projects.change_project"]` or `is_superuser=True`."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"clerk{n}")
    last_name = "王"
    first_name = factory.Sequence(lambda n: f"文员{n}")
    password = factory.django.Password(PASSWORD)
    is_staff = True

    @factory.post_generation
    def permissions(self, create, extracted, **kwargs):
        for label in extracted or []:
            app, codename = label.split(".")
            self.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))


class SourceFactory(DjangoModelFactory):
    class Meta:
        model = Source

    slug = factory.Sequence(lambda n: f"article-{n}")
    kind = Source.Kind.ARTICLE
    title = factory.Sequence(lambda n: f"凉州区招商引资报道{n}")


class PlaceFactory(DjangoModelFactory):
    class Meta:
        model = Place

    name = factory.Sequence(lambda n: f"示范园区{n}")
    kind = Place.Kind.PARK


class EnterpriseFactory(DjangoModelFactory):
    class Meta:
        model = Enterprise

    name = factory.Sequence(lambda n: f"武威示例电力有限公司{n}")
    kind = LegalForm.LIMITED
    origin_province = Province.GANSU
    published = True


class EnterpriseFactFactory(DjangoModelFactory):
    class Meta:
        model = EnterpriseFact

    enterprise = factory.SubFactory(EnterpriseFactory)
    name = factory.Sequence(lambda n: f"年处理鲜奶{n}")
    value = Decimal(10)
    unit = "万吨"
    qualifier = Qualifier.OVER


class QualificationFactory(DjangoModelFactory):
    class Meta:
        model = Qualification

    enterprise = factory.SubFactory(EnterpriseFactory)
    kind = Qualification.Kind.HIGH_TECH
    granted_on = date(2024, 11, 1)
    granted_on_precision = Precision.DAY
    valid_to = date(2027, 10, 31)
    valid_to_precision = Precision.DAY
    batch = "2024年第一批"


class IndustryChainFactory(DjangoModelFactory):
    class Meta:
        model = IndustryChain

    name = factory.Sequence(lambda n: f"新能源及装备制造{n}")
    is_key_chain = True


class ProjectFactory(DjangoModelFactory):
    """A published project under construction, of a published company.

    What its stage requires and these values lack was let through once, as for projects from before the
    gates; `waived=False` makes one of which nothing was.
    """

    class Meta:
        model = Project
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"300MW独立储能电站项目{n}")
    stage = Stage.STARTED
    chain = factory.SubFactory(IndustryChainFactory)
    place = factory.SubFactory(PlaceFactory)
    enterprise = factory.SubFactory(EnterpriseFactory)
    total_investment = Decimal(130_000)
    land_area = Decimal(100)
    published = True

    @factory.post_generation
    def waived(self, create, extracted, **kwargs):
        if create and extracted is not False:
            names = " ".join(sorted({gap.name for gap in REQUIREMENTS if gap.since}))
            row = StageChange(project=self, to_stage=self.stage, reason="事实不全", overridden=names)
            StageChange.objects.bulk_create([row])  # without a row of history


class ProjectPartyFactory(DjangoModelFactory):
    class Meta:
        model = ProjectParty

    project = factory.SubFactory(ProjectFactory)
    enterprise = factory.SubFactory(EnterpriseFactory)
    role = ProjectParty.Role.TECHNOLOGY


class MeasureFactory(DjangoModelFactory):
    class Meta:
        model = Measure

    project = factory.SubFactory(ProjectFactory)
    name = factory.Sequence(lambda n: f"装机功率{n}")
    value = Decimal(300)
    unit = "MW"


class MilestoneFactory(DjangoModelFactory):
    """The start of works, late May 2025."""

    class Meta:
        model = Milestone

    project = factory.SubFactory(ProjectFactory)
    kind = Milestone.Kind.STARTED
    actual = date(2025, 5, 21)
    actual_precision = Precision.TEN_DAYS


class CitationFactory(DjangoModelFactory):
    """A sentence about a project, unless `target` is another row."""

    class Meta:
        model = Citation

    source = factory.SubFactory(SourceFactory)
    target = factory.SubFactory(ProjectFactory)
    quote = factory.Sequence(lambda n: f"项目总投资13亿元,占地100亩。({n})")
    supports = "总投资、占地面积"


class ReportedIndicatorFactory(DjangoModelFactory):
    """Funds that arrived from January to May 2025."""

    class Meta:
        model = ReportedIndicator

    name = factory.Sequence(lambda n: f"省外到位资金{n}")
    theme = ReportedIndicator.Theme.INVESTMENT
    period_start = date(2025, 1, 1)
    period_end = date(2025, 5, 1)
    value = Decimal("88.57")
    unit = "亿元"
    growth = Decimal("38.01")
    published = True


class MechanismFactory(DjangoModelFactory):
    class Meta:
        model = Mechanism

    name = factory.Sequence(lambda n: f"帮办代办{n}")
    theme = Mechanism.Theme.SERVICE
    summary = "工作人员帮助企业办理手续。"
    published = True


class OpportunityFactory(DjangoModelFactory):
    class Meta:
        model = Opportunity

    name = factory.Sequence(lambda n: f"冷链物流{n}")
    summary = "面向河西走廊的冷链物流。"
    published = True


class ChangeBatchFactory(DjangoModelFactory):
    class Meta:
        model = ChangeBatch

    kind = ChangeBatch.Kind.IMPORT
    label = "招商台账.xlsx"


class StageChangeFactory(DjangoModelFactory):
    """From landed to started, with everything that it takes."""

    class Meta:
        model = StageChange

    project = factory.SubFactory(ProjectFactory)
    from_stage = Stage.LANDED
    to_stage = Stage.STARTED


class UnitFactory(DjangoModelFactory):
    class Meta:
        model = Unit

    name = factory.Sequence(lambda n: f"凉州区商务局{n}")


class CreditShareFactory(DjangoModelFactory):
    class Meta:
        model = CreditShare

    project = factory.SubFactory(ProjectFactory)
    unit = factory.SubFactory(UnitFactory)
    percent = Decimal(100)


class FormerCodeFactory(DjangoModelFactory):
    class Meta:
        model = FormerCode

    code = factory.Sequence(lambda n: f"LZ9{n:05d}")
    project = factory.SubFactory(ProjectFactory)


class LedgerTemplateFactory(DjangoModelFactory):
    class Meta:
        model = LedgerTemplate

    name = "发改局月报表"
    signature = factory.Sequence(lambda n: f"{n:064x}")
    meanings = {"工程名": "name"}


class LedgerImportFactory(DjangoModelFactory):
    class Meta:
        model = LedgerImport

    file_name = "招商台账.xlsx"
    sha256 = "0" * 64
    size = 2048


class LedgerRowFactory(DjangoModelFactory):
    class Meta:
        model = LedgerRow

    ledger_import = factory.SubFactory(LedgerImportFactory)
    number = factory.Sequence(lambda n: n + 2)
    cells = ["300MW独立储能电站项目"]
    name = "300MW独立储能电站项目"


class NotTheSameFactory(DjangoModelFactory):
    class Meta:
        model = NotTheSame

    project_a = factory.SubFactory(ProjectFactory)
    project_b = factory.SubFactory(ProjectFactory)
