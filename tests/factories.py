"""Rows for tests, one factory per model, with fixed values; unique fields are numbered."""

from datetime import date
from decimal import Decimal

import factory
from django.contrib.auth.models import Group, Permission, User
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from factory.django import DjangoModelFactory

from enterprises.models import (
    Contact,
    Enterprise,
    EnterpriseFact,
    LegalForm,
    Place,
    PlaceDuty,
    Province,
    Qualification,
)
from liangzhou.accounts import Account
from liangzhou.audit import Action, AuditEntry, AuditHead
from liangzhou.batches import ChangeBatch
from liangzhou.models import Qualifier
from liangzhou.periods import Precision
from liangzhou.roles import BY_CODE
from liangzhou.waiting import WaitingChange
from projects.models import (
    CreditShare,
    FormerCode,
    IndustryChain,
    Instruction,
    Measure,
    Mechanism,
    Milestone,
    NotTheSame,
    Opportunity,
    Project,
    ProjectParty,
    ReportedIndicator,
    StageChange,
    TaskForce,
    Unit,
)
from projects.stages import REQUIREMENTS, Stage
from sources.models import Citation, Source
from tests.ledger_factories import LedgerImportFactory, LedgerRowFactory, LedgerTemplateFactory  # noqa: F401
from tests.monthly_factories import *  # noqa: F403

PASSWORD = "Jade-and-Ochre-620602"


class UserFactory(DjangoModelFactory):
    """A clerk: staff, without rights until `permissions=["projects.change_project"]` or `is_superuser=True`.

    `roles=["editor", "publisher"]` gives roles by their codes; `chains=[…]` and `places=[…]` make those theirs.
    """

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

    @factory.post_generation
    def roles(self, create, extracted, **kwargs):
        for code in extracted or []:
            self.groups.add(Group.objects.get(name=BY_CODE[code].name))

    @factory.post_generation
    def chains(self, create, extracted, **kwargs):
        if extracted:
            TaskForceFactory(members=[self], chains=extracted)

    @factory.post_generation
    def places(self, create, extracted, **kwargs):
        if extracted:
            PlaceDutyFactory(person=self, places=extracted)


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


class NotTheSameFactory(DjangoModelFactory):
    class Meta:
        model = NotTheSame

    project_a = factory.SubFactory(ProjectFactory)
    project_b = factory.SubFactory(ProjectFactory)


class ContactFactory(DjangoModelFactory):
    class Meta:
        model = Contact

    enterprise = factory.SubFactory(EnterpriseFactory)
    name = factory.Sequence(lambda n: f"张示例{n}")
    post = "总经理"
    phone = factory.Sequence(lambda n: f"138{n:08d}")


class PlaceDutyFactory(DjangoModelFactory):
    class Meta:
        model = PlaceDuty
        skip_postgeneration_save = True

    person = factory.SubFactory(UserFactory)

    @factory.post_generation
    def places(self, create, extracted, **kwargs):
        self.places.set(extracted or [])


class TaskForceFactory(DjangoModelFactory):
    class Meta:
        model = TaskForce
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"新能源产业链专班{n}")

    @factory.post_generation
    def members(self, create, extracted, **kwargs):
        self.members.set(extracted or [])

    @factory.post_generation
    def chains(self, create, extracted, **kwargs):
        self.chains.set(extracted or [])


class InstructionFactory(DjangoModelFactory):
    class Meta:
        model = Instruction

    project = factory.SubFactory(ProjectFactory)
    text = "请加快推进用地手续。"


class WaitingChangeFactory(DjangoModelFactory):
    """A change of a project that waits, without anything typed."""

    class Meta:
        model = WaitingChange
        exclude = ("target",)

    target = factory.SubFactory(ProjectFactory)
    content_type = factory.LazyAttribute(lambda o: ContentType.objects.get_for_model(o.target))
    object_id = factory.SelfAttribute("target.pk")
    label = factory.LazyAttribute(lambda o: str(o.target))
    submitted_by = factory.SubFactory(UserFactory)


class AccountFactory(DjangoModelFactory):
    class Meta:
        model = Account
        django_get_or_create = ("user",)

    user = factory.SubFactory(UserFactory)


class AuditEntryFactory(DjangoModelFactory):
    """An entry outside of any chain, not saved: `audit.record` makes those that are."""

    class Meta:
        model = AuditEntry
        strategy = factory.BUILD_STRATEGY

    number = 1
    at = factory.LazyFunction(timezone.now)
    actor = "clerk"
    action = Action.EXPORT
    result = "done"
    previous_hash = "0" * 64


class AuditHeadFactory(DjangoModelFactory):
    class Meta:
        model = AuditHead
        strategy = factory.BUILD_STRATEGY
