"""One row of every kind that is somebody's own, one that is somebody else's, and a person of every role."""

from django.core.files.base import ContentFile

from tests.factories import (
    AnnualPlanFactory,
    AnnualTargetFactory,
    ChangeBatchFactory,
    CitationFactory,
    ContactFactory,
    EnterpriseFactory,
    ExemptionFactory,
    FundingRecordFactory,
    IndustryChainFactory,
    InstructionFactory,
    InvestmentRecordFactory,
    LedgerImportFactory,
    LedgerTemplateFactory,
    LightThresholdsFactory,
    MechanismFactory,
    MilestoneFactory,
    OpportunityFactory,
    PlaceDutyFactory,
    PlaceFactory,
    ProgressPhotoFactory,
    ProgressReportFactory,
    ProjectFactory,
    QualificationFactory,
    RateDefinitionFactory,
    ReportedIndicatorFactory,
    SigningEventFactory,
    SourceFactory,
    TaskForceFactory,
    UnitFactory,
    UserFactory,
    WaitingChangeFactory,
)

ROLES = (
    "administrator",
    "security",
    "auditor",
    "editor",
    "task_force",
    "place_clerk",
    "publisher",
    "service_officer",
    "leader",
)
FOREIGN = "FOREIGNMARK"  # in every text of what is somebody else's and limited: nobody limited may ever read it


class Side:
    """The rows of one side: `own` or `foreign`, by their labels."""

    def __init__(self, mark: str, *, by=None, published=False):
        self.chain = IndustryChainFactory()  # chains and places are public, whoever they belong to
        self.place = PlaceFactory()
        company = EnterpriseFactory(name=f"{mark}有限公司", published=published, created_by=by)
        project = ProjectFactory(
            name=f"{mark}项目",
            chain=self.chain,
            place=self.place,
            enterprise=company,
            published=published,
            summary=f"{mark}概况",
            internal_remark=f"{mark}备注",
        )
        self.project, self.company = project, company
        self.rows = {
            "projects.project": project,
            "enterprises.enterprise": company,
            "projects.milestone": MilestoneFactory(project=project, note=f"{mark}节点"),
            "enterprises.qualification": QualificationFactory(enterprise=company, batch=f"{mark}批"),
            "sources.citation": CitationFactory(target=project, quote=f"{mark}句子"),
            "enterprises.contact": ContactFactory(enterprise=company, name=f"{mark}人", note=f"{mark}附注"),
            "projects.instruction": InstructionFactory(project=project, text=f"{mark}批示"),
            "liangzhou.changebatch": self.batch(mark, by),
            "ledgers.ledgertemplate": LedgerTemplateFactory(name=f"{mark}月报", created_by=by),
            "ledgers.ledgerimport": LedgerImportFactory(file_name=f"{mark}.xlsx", by=by),
            "liangzhou.waitingchange": WaitingChangeFactory(target=project, submitted_by=by),
            **self.months(mark, project),
        }

    def months(self, mark, project) -> dict:
        report = ProgressReportFactory(project=project, site_progress=f"{mark}进度", problem=f"{mark}问题")
        proof = {"project": project, "remark": f"{mark}说明"}
        return {
            "monthly.fundingrecord": FundingRecordFactory(**proof, evidence=ContentFile(b"%PDF-", "slip.pdf")),
            "monthly.investmentrecord": InvestmentRecordFactory(**proof, evidence=ContentFile(b"%PDF-", "slip.pdf")),
            "monthly.progressreport": report,
            "monthly.progressphoto": ProgressPhotoFactory(
                report=report, caption=f"{mark}照片", image=ContentFile(b"\xff\xd8\xff", "site.jpg")
            ),
            "monthly.annualplan": AnnualPlanFactory(project=project, reason=f"{mark}理由"),
            "monthly.exemption": ExemptionFactory(project=project, reason=f"{mark}缘由"),
        }

    def batch(self, mark, by):
        made = ChangeBatchFactory(label=f"{mark}批次", by=by)
        self.project.history.update(history_batch=made)
        return made


def shared_rows() -> dict:
    """Rows that are nobody's in particular."""
    return {
        "projects.industrychain": IndustryChainFactory(),
        "enterprises.place": PlaceFactory(),
        "projects.unit": UnitFactory(),
        "projects.reportedindicator": ReportedIndicatorFactory(published=False),
        "projects.opportunity": OpportunityFactory(published=False),
        "projects.mechanism": MechanismFactory(published=False),
        "sources.source": SourceFactory(),
        "monthly.annualtarget": AnnualTargetFactory(),
        "monthly.ratedefinition": RateDefinitionFactory(),
        "monthly.lightthresholds": LightThresholdsFactory(),
        "projects.signingevent": SigningEventFactory(),
        "projects.taskforce": TaskForceFactory(),
        "enterprises.placeduty": PlaceDutyFactory(),
        "auth.user": UserFactory(),
    }


def person(role: str, own: Side | None = None):
    """Somebody with one role; what is limited reaches the chain or the place of `own`."""
    made = UserFactory(username=f"person-{role}", roles=[role])
    if own is not None:
        give(made, role, own)
    return made


def give(somebody, role: str, own: Side) -> None:
    """Make the chain, or the place, of a side somebody's own."""
    if role == "task_force":
        TaskForceFactory(members=[somebody], chains=[own.chain])
    if role == "place_clerk":
        PlaceDutyFactory(person=somebody, places=[own.place])
