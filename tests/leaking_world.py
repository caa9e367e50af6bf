"""A ledger in which everything internal carries a mark that must never be seen, and everything public one that must."""

from datetime import UTC, date, datetime
from decimal import Decimal

import time_machine

from enterprises.models import Qualification
from projects.models import Milestone, Project
from projects.stages import Stage, Status
from tests.factories import (
    AnnualPlanFactory,
    AssignmentFactory,
    CitationFactory,
    ContactFactory,
    CreditShareFactory,
    EnterpriseFactFactory,
    EnterpriseFactory,
    ExemptionFactory,
    FormerCodeFactory,
    FundingRecordFactory,
    IndustryChainFactory,
    InstructionFactory,
    InvestmentRecordFactory,
    MeasureFactory,
    MechanismFactory,
    MilestoneFactory,
    OpportunityFactory,
    PlaceFactory,
    ProgressPhotoFactory,
    ProgressReportFactory,
    ProjectFactory,
    ProjectPartyFactory,
    QualificationFactory,
    ReportedIndicatorFactory,
    SigningEventFactory,
    SourceFactory,
    StageChangeFactory,
    UnitFactory,
    UserFactory,
)

# Of records that are not public: also their codes, their amounts and the year of their milestones.
SECRET_FORMS = r"(?i)SECRET\d{4}|LZ9\d{5}|QY9\d{5}|7777|1988"


class World:
    """The rows, and the marks given out: `public`, `secret` (of records not published), `internal` (never shown)."""

    def __init__(self):
        self.marks = {"PUBLIC": [], "SECRET": [], "INTERN": []}
        with time_machine.travel(datetime(2025, 6, 1, 2, tzinfo=UTC), tick=False):
            self.make_public()
            self.make_secret_companies()
            self.make_secret_projects()
            self.make_other_secrets()

    def public(self):
        return self._mark("PUBLIC")

    def secret(self):
        return self._mark("SECRET")

    def internal(self):
        return self._mark("INTERN")

    def _mark(self, kind):
        given = f"{kind}{len(self.marks[kind]) + 1:04}"
        self.marks[kind].append(given)
        return given

    def make_public(self):
        self.clerk = UserFactory(username=self.internal(), last_name=self.internal(), first_name="")
        self.source = SourceFactory(title=self.public(), note=self.public())
        self.hidden_source = SourceFactory(title=self.secret(), note=self.secret(), authors=self.secret())
        self.chain = IndustryChainFactory(name=self.public(), slug="chain", summary=self.public())
        self.place = PlaceFactory(name=self.public(), slug="place", summary=self.public())
        fields = self.kept(self.public)
        self.company = EnterpriseFactory(code="QY000101", place=self.place, summary=self.public(), **fields)
        self.company_parts(self.company, self.public)
        self.project = self.make_project(self.public, code="LZ000101", enterprise=self.company)
        partner = EnterpriseFactory(name=self.public(), code="QY000102")
        ProjectPartyFactory(project=self.project, enterprise=partner, note=self.public())
        self.others(self.public, published=True)

    def make_secret_companies(self):
        """Each in another tie to what is public: it carries, takes part, leads a chain, stands in a place."""
        self.make_project(self.public, code="LZ000102", enterprise=self.hidden_company("QY900001"))
        ProjectPartyFactory(project=self.project, enterprise=self.hidden_company("QY900002"), note=self.secret())
        IndustryChainFactory(name=self.public(), slug="led", anchor_enterprise=self.hidden_company("QY900003"))
        self.hidden_company("QY900004")

    def hidden_company(self, code):
        fields = self.kept(self.secret)
        made = EnterpriseFactory(code=code, place=self.place, published=False, summary=self.secret(), **fields)
        self.company_parts(made, self.secret)
        return made

    def make_secret_projects(self):
        """Unpublished; published but internal by stage; above and below a public one; with public companies."""
        lonely = {"chain": IndustryChainFactory(name="独链", slug="lonely-chain"),
                  "place": PlaceFactory(name="独地", slug="lonely-place")}  # fmt: skip
        made = [
            self.make_project(self.secret, code="LZ900001", published=False, enterprise=self.company),
            *(
                self.make_project(self.secret, code=f"LZ90001{n}", stage=stage, enterprise=self.company)
                for n, stage in enumerate((Stage.RESERVE, Stage.LEAD, Stage.NEGOTIATING))
            ),
            self.make_project(self.secret, code="LZ900020", published=False, parent=self.project),
            self.make_project(self.secret, code="LZ900021", published=False, **lonely),
        ]
        Project.objects.filter(pk=self.project.pk).update(parent=made[0])
        ProjectPartyFactory(project=made[0], enterprise=self.company, note=self.secret())

    def make_other_secrets(self):
        self.others(self.secret, published=False)

    def kept(self, mark):
        """Fields of a company with marks; the internal ones are internal for public companies too."""
        return {
            "name": mark(), "short_name": mark(), "credit_code": f"91{mark()}000000", "created_by": self.clerk,
            "credit_code_reason": self.internal(), "internal_remark": self.internal(), "updated_by": self.clerk,
        }  # fmt: skip

    def source_of(self, mark):
        return self.hidden_source if mark == self.secret else self.source

    def company_parts(self, company, mark):
        EnterpriseFactFactory(enterprise=company, name=mark(), value=None, unit="", text=mark())
        QualificationFactory(enterprise=company, kind=Qualification.Kind.OTHER, name=mark(), batch=mark())
        CitationFactory(target=company, quote=mark(), supports=mark(), source=self.source_of(mark))
        person = {name: self.internal() for name in ("name", "post", "phone", "note")}
        ContactFactory(enterprise=company, email=f"{self.internal()}@example.com", **person)

    def make_project(self, mark, **given):
        secret = mark == self.secret
        year = 1988 if secret else 2025
        project = ProjectFactory.build(
            **{
                "name": mark(), "summary": mark(), "chain": self.chain, "place": self.place, "stage": Stage.STARTED,
                "status": Status.PAUSED, "status_reason": self.internal(), "internal_remark": self.internal(),
                "enterprise": None, "created_by": self.clerk, "updated_by": self.clerk,
                "total_investment": Decimal("7777") if secret else Decimal(1000), **given,
            }
        )  # fmt: skip
        project._change_reason = self.internal()
        project.save()
        StageChangeFactory(project=project, reason=self.internal(), created_by=self.clerk)
        CreditShareFactory(project=project, unit=UnitFactory(name=self.internal(), short_name=self.internal()))
        InstructionFactory(project=project, text=self.internal(), answer=self.internal())
        FormerCodeFactory(code=f"LZ95{project.pk:04d}", project=project)
        self.months(project)
        MeasureFactory(project=project, name=mark(), value=None, unit="", text=mark())
        MilestoneFactory(project=project, note=mark(), actual=date(year, 5, 21))
        MilestoneFactory(project=project, kind=Milestone.Kind.SIGNED, note=mark(), actual=date(year, 1, 1))
        CitationFactory(target=project, quote=mark(), supports=mark(), source=self.source_of(mark))
        return project

    def months(self, project):
        """What is entered month by month: internal, whatever the project is. 7777 is an amount nobody may see."""
        words = ("site_progress", "problem", "help_needed", "next_step")
        report = ProgressReportFactory(project=project, **{name: self.internal() for name in words})
        ProgressPhotoFactory(report=report, caption=self.internal(), image=f"monthly/{self.internal()}.jpg")
        row = {"project": project, "amount": Decimal("0.7777"), "created_by": self.clerk}
        for make in (FundingRecordFactory, InvestmentRecordFactory):
            texts = {name: self.internal() for name in ("reason", "remark")}
            make(**row, **texts, evidence=f"monthly/{self.internal()}.pdf")
        AnnualPlanFactory(project=project, value=Decimal("7777.7777"), reason=self.internal())
        ExemptionFactory(project=project, reason=self.internal())
        AssignmentFactory(project=project, leader_name=self.internal(), liaison=self.internal(), leader=self.clerk)
        Project.objects.filter(pk=project.pk).update(
            contract_amount=Decimal("7777"), signing_event=SigningEventFactory(name=self.internal())
        )

    def others(self, mark, *, published):
        """An indicator on the home page, a mechanism and an opportunity, each with a sentence."""
        given = {"name": mark(), "headline": True, "value": Decimal(5 if published else 7777)}
        for made in (
            ReportedIndicatorFactory(definition=mark(), published=published, **given),
            MechanismFactory(name=mark(), summary=mark(), kept=mark(), published=published),
            OpportunityFactory(name=mark(), summary=mark(), chain=self.chain, published=published),
        ):
            CitationFactory(target=made, quote=mark(), source=self.source_of(mark))
