"""The columns of the projects' ledger: one table of names for the export, the template and the import."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.utils import translation
from django.utils.functional import lazystr
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ledgers import readings, states
from liangzhou import permissions
from liangzhou.exports import Kind
from liangzhou.models import Qualifier
from projects.models import Milestone, Project
from projects.stages import Stage, Status

LANGUAGE = "zh-hans"  # of every ledger's headings and words, whoever makes it


@dataclass(frozen=True, kw_only=True)
class LedgerColumn:
    """One column of the ledger.

    `get` gives a project's value as canonical text (or a bool); `read` makes the same of a cell of a
    file and raises ValidationError. Without `read` the column is written for people to see, and a
    file that says something else is told so. `words` are the legal values with their labels.
    """

    name: str
    label: str
    get: Callable[[Project], str | bool]
    read: Callable | None = None
    synonyms: tuple[str, ...] = ()
    words: tuple[tuple[str, str], ...] = ()
    kind: Kind = Kind.TEXT
    unit: str = ""
    help: str = ""
    width: int = 16
    hidden: bool = False
    kind_of_record: str = ""  # that it tells of, beyond projects: who may not view these does not see it

    @property
    def readonly(self) -> bool:
        """Whether a file may not change it."""
        return self.read is None

    @property
    def header(self) -> str:
        """Its heading, with the unit."""
        return f"{capfirst(self.label)}({self.unit})" if self.unit else str(capfirst(self.label))

    def shown(self, value: str | bool) -> str:
        """A canonical value as people read it; empty where it is not known."""
        if isinstance(value, bool):
            return str(_("yes") if value else _("no"))
        return str(dict(self.words).get(value, value))


def _field(name: str):
    return Project._meta.get_field(name)


def _own(name: str, read=None, **options) -> LedgerColumn:
    """A column of one of the project's own fields, under the field's label."""
    field = _field(name)
    options.setdefault("help", field.help_text)
    return LedgerColumn(name=name, label=field.verbose_name, get=states.own(name), read=read, **options)


# Headings under which real ledgers have the date of each milestone
_MILESTONE_WORDS = {
    Milestone.Kind.SIGNED: ("签约", "合同签订", "协议签订"),
    Milestone.Kind.LANDED: ("落地", "落户"),
    Milestone.Kind.STARTED: ("开工", "动工"),
    Milestone.Kind.REGISTERED: ("入库", "纳统", "入统"),
    Milestone.Kind.COMPLETED: ("竣工", "完工", "建成"),
    Milestone.Kind.TRIAL: ("试运行", "试生产", "试产"),
    Milestone.Kind.PRODUCING: ("投产", "建成投产", "竣工投产"),
    Milestone.Kind.AT_CAPACITY: ("达产", "达产达效"),
}
_AFTER = ("日期", "时间", "年月")
_ACTUAL, _PLANNED = ("实际",), ("计划", "预计", "拟", "预期", "目标")


def _date_headings(kind: str, before: tuple[str, ...]) -> tuple[str, ...]:
    """实际开工时间, 实际开工, 开工实际时间."""
    words = _MILESTONE_WORDS[kind]
    first = [f"{b}{word}{a}" for word in words for b in before for a in (*_AFTER, "")]
    return (*first, *(f"{word}{b}{a}" for word in words for b in before for a in _AFTER))


def _milestones() -> list[LedgerColumn]:
    """Two columns for each kind of milestone: when it happened, when it is planned."""
    found = []
    for kind in Milestone.Kind:
        word = _MILESTONE_WORDS[kind][0]
        actual = LedgerColumn(
            name=f"{kind}.actual",
            label=lazystr(f"{word}日期"),
            kind_of_record="projects.Milestone",
            get=states.milestone(kind, "actual"),
            read=readings.happened,
            synonyms=(*(f"{w}{a}" for w in _MILESTONE_WORDS[kind] for a in _AFTER), *_date_headings(kind, _ACTUAL)),
            help=_("When it happened, as far as known: 2025, 2025年5月, 2025年5月下旬 or 2025-05-21."),
        )
        planned = LedgerColumn(
            name=f"{kind}.planned",
            label=lazystr(f"计划{word}日期"),
            kind_of_record="projects.Milestone",
            get=states.milestone(kind, "planned"),
            read=readings.planned,
            synonyms=_date_headings(kind, _PLANNED),
            help=_("When it is planned, as far as known: 2025, 2025年5月, 2025年5月下旬 or 2025-05-21."),
        )
        found += [planned, actual]
    return found


_COLUMNS = (
    _own(
        "code",
        readings.code,
        kind=Kind.CODE,
        synonyms=("系统编号", "项目编号", "台账编号"),
        help=_("Given by the system. Leave it empty for a new project, and never change it."),
        width=12,
    ),
    _own(
        "name",
        readings.name,
        synonyms=("项目名称", "项目", "项目名", "工程名称", "建设项目名称", "招商项目名称", "招商引资项目名称"),
        help=_("The full name of the project, as in its contract or its approval. Required."),
        width=36,
    ),
    _own(
        "official_code",
        readings.official_code,
        kind=Kind.CODE,
        synonyms=(
            *("项目代码", "投资项目代码", "统一代码", "项目统一代码", "在线平台代码"),
            *("审批监管平台代码", "国家代码"),
        ),
        width=26,
    ),
    _own(
        "stage",
        readings.stage,
        words=tuple(Stage.choices),
        synonyms=("项目阶段", "进展阶段", "建设阶段", "当前阶段", "所处阶段", "项目状态", "建设状态", "推进阶段"),
        help=_("How far the project is. Left empty, a new project starts as a lead."),
        width=10,
    ),
    LedgerColumn(
        name="stage_reason",
        label=_("why the stage is right although facts are missing"),
        get=lambda project: "",
        read=readings.short(300),
        synonyms=("阶段说明", "补录说明", "补录原因"),
        help=_("Fill it in only where the stage requires facts that nobody can give any more. It is logged."),
        width=20,
    ),
    _own(
        "status",
        readings.status,
        words=tuple(Status.choices),
        synonyms=("项目是否正常",),
        help=_("Whether the project goes on. Paused and terminated ones need a reason in the next column."),
        width=8,
    ),
    _own("status_reason", readings.short(300), synonyms=("暂停原因", "终止原因", "停工原因", "暂停或终止原因")),
    _own(
        "chain",
        readings.short(60),
        synonyms=("所属产业链", "重点产业链", "所属产业", "产业类别", "产业"),
        help=_("One of the chains in the system, by its name."),
        width=18,
    ),
    _own(
        "place",
        readings.short(60),
        synonyms=(
            *("建设地点", "项目地点", "落地园区", "所在园区", "园区", "所属园区", "落户园区", "属地"),
            *("建设地址", "实施地点", "所在乡镇", "落地地点", "项目建设地点", "园区乡镇", "项目所在地"),
            *("拟选址", "所属乡镇"),
        ),
        help=_("One of the places in the system, by its name."),
        width=18,
    ),
    _own(
        "enterprise",
        readings.company_name,
        synonyms=(
            *("企业名称", "投资企业", "投资方", "投资主体", "建设单位", "实施单位", "项目单位", "业主单位"),
            *("承建企业", "投资单位", "招引企业", "公司名称", "投资商", "投资企业名称", "项目业主", "企业"),
            "项目法人单位",
        ),
        help=_("The full registered name of a company in the system. Unknown ones are never entered silently."),
        width=30,
    ),
    LedgerColumn(
        name="credit_code",
        label=_("unified social credit code"),
        get=lambda project: (project.enterprise.credit_code or "") if project.enterprise else "",
        read=readings.credit_code,
        kind=Kind.CODE,
        kind_of_record="enterprises.Enterprise",
        synonyms=("信用代码", "社会信用代码", "统一信用代码", "企业信用代码", "企业统一社会信用代码"),
        help=_("Of the company. It finds the company; where the system has none yet, it is filled in."),
        width=22,
    ),
    _own(
        "total_investment",
        readings.investment,
        kind=Kind.NUMBER,
        unit="万元",
        synonyms=("总投资", "项目总投资", "计划总投资", "投资总额", "总投资额", "投资额", "计划总投资额", "投资规模"),
        help=_("In 万元 where no unit is given. 13亿, 1.31亿元, 约13亿 and 未披露 are understood."),
        width=14,
    ),
    _own(
        "investment_qualifier",
        readings.qualifier,
        words=tuple(Qualifier.choices),
        help=_("How the total investment is stated."),
        width=10,
    ),
    _own("investment_undisclosed", readings.yes_no, synonyms=("总投资未披露", "总投资是否未披露"), width=10),
    _own(
        "land_area",
        readings.land_area,
        kind=Kind.NUMBER,
        unit="亩",
        synonyms=("占地面积", "占地", "用地面积", "用地", "项目用地", "用地规模"),
        width=12,
    ),
    *_milestones(),
    LedgerColumn(
        name="units",
        label=_("responsible units"),
        kind_of_record="projects.CreditShare",
        get=states.units,
        read=readings.units,
        synonyms=("责任单位", "引进单位", "招商单位", "牵头单位", "招引单位", "引资单位", "责任部门"),
        help=_("Units in the system. Where several share the credit, with their shares: 商务局 60%、工信局 40%."),
        width=24,
    ),
    _own(
        "parent",
        readings.code,
        kind=Kind.CODE,
        help=_("The code of the project that this one is a phase of."),
        width=12,
    ),
    _own(
        "summary",
        readings.long_text,
        synonyms=(
            *("建设内容", "建设规模及内容", "主要建设内容", "项目简介", "项目概况", "建设内容及规模", "建设规模"),
            *("主要建设规模及内容", "项目建设内容", "内容"),
        ),
        help=_("What is built and how large, in a few sentences. It is published with the project."),
        width=40,
    ),
    _own("internal_remark", readings.long_text, synonyms=("备注", "说明", "内部备注", "情况说明"), width=24),
    LedgerColumn(
        name="measures", label=_("capacity and other measures"), get=states.measures, width=24,
        kind_of_record="projects.Measure",
        help=_("To be seen only: it is changed on the project's page."),
    ),
    LedgerColumn(
        name="parties", label=_("parties"), get=states.parties, width=24,
        kind_of_record="projects.ProjectParty",
        help=_("To be seen only: it is changed on the project's page."),
    ),
    LedgerColumn(
        name="published", label=_field("published").verbose_name, get=states.own("published"), width=8,
        help=_("To be seen only: publishing is an act of its own."),
    ),
    LedgerColumn(
        name="row_id", label=_("row id (do not change)"), get=lambda project: str(project.pk),
        read=readings.code, kind=Kind.CODE, hidden=True,
        help=_("Kept by the system to know the row again. Do not change it."),
    ),
    LedgerColumn(
        name="row_version", label=_("row version (do not change)"), get=lambda project: str(project.version),
        read=readings.code, kind=Kind.CODE, hidden=True,
        help=_("Kept by the system to know the row again. Do not change it."),
    ),
)  # fmt: skip
LEDGER: dict[str, LedgerColumn] = {column.name: column for column in _COLUMNS}

# Headings that carry nothing to be read: counters, and what the public export derives
NOT_READ = (
    *("序号", "编号序号", "No.", "No", "#"),
    *(_("latest milestone"), _("date of the latest milestone"), _("year of the latest milestone"), _("milestones")),
    *(_("cited sentences"), _("published at"), _("last changed"), _("Notes of the import")),
)
IDENTITY = ("code", "row_id", "row_version")  # they say which project is meant; not among what changes


def seen_by(user) -> list[LedgerColumn]:
    """The columns that somebody may see who may see projects."""
    kinds = {column.kind_of_record for column in LEDGER.values()} - {""}
    seen = {"", *(kind for kind in kinds if permissions.may(user, "view", apps.get_model(kind)))}
    return [column for column in LEDGER.values() if column.kind_of_record in seen]


def choices() -> list[tuple[str, str]]:
    """The columns that a heading can be said to mean, for the mapping form."""
    return [(c.name, c.header) for c in LEDGER.values() if not c.readonly and not c.hidden]


@cache
def known_headings() -> dict[str, str]:
    """Every heading that is understood, normalised, and the column it means; "ignored" for what is not read."""
    from ledgers.headings import normalise

    found = {}
    for language in ("en", LANGUAGE):
        with translation.override(language):
            for column in LEDGER.values():
                found.setdefault(normalise(str(column.label)), column.name)
                found.setdefault(normalise(column.header), column.name)
            found |= {normalise(str(heading)): "ignored" for heading in NOT_READ}
    for column in LEDGER.values():
        for synonym in column.synonyms:
            found.setdefault(normalise(synonym), column.name)
    return found
