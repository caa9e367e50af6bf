"""The part of the report that names projects: what was signed, begun and finished, lights, problems, all of them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum

from liangzhou import series
from monthly import figures, wording
from monthly.books import Books, described
from monthly.figures import Counts
from monthly.light_rules import Light, ProjectLight, counted
from monthly.models import Indicator, ProgressReport
from projects.models import Project
from projects.stages import Stage

from .structure import UNKNOWN, Column, Kind, Section, Table

DETAIL, PROBLEMS = "项目明细", "问题"  # sheets
TEXTS = ("site_progress", "problem", "help_needed", "next_step")
STAGES = {
    Stage.RESERVE: "储备",
    Stage.LEAD: "线索",
    Stage.NEGOTIATING: "在谈",
    Stage.SIGNED: "签约",
    Stage.LANDED: "落地",
    Stage.STARTED: "开工",
    Stage.BUILDING: "在建",
    Stage.PRODUCING: "投产",
    Stage.AT_CAPACITY: "达产",
}
WORDS = {Light.RED: "红", Light.AMBER: "黄", Light.EXEMPT: "免", Light.GREEN: "绿", Light.NONE: UNKNOWN}
STATUSES = {"paused": "(暂停)", "terminated": "(终止)"}
NEW_ONES = (("signed_month", "新签约项目", "signed_on"), ("started_month", "新开工项目", "started_on"),
            ("producing_month", "新投产项目", "producing_on"))  # fmt: skip


@dataclass(frozen=True)
class ProjectLine:
    """One project as the report names it. Amounts in 万元."""

    key: int
    name: str
    company: str
    chain: str
    place: str
    stage: str
    status: str
    investment: Decimal | None
    plan: Decimal | None
    dates: dict[str, date | None]
    month: Decimal | None
    ytd: Decimal | None
    last_ytd: Decimal | None
    light: ProjectLight
    site_progress: str = ""
    problem: str = ""
    help_needed: str = ""
    next_step: str = ""
    implemented: bool = True

    @property
    def completion(self) -> Decimal | None:
        """Of the year's plan, in per cent."""
        return series.completion(self.ytd, self.plan)

    @property
    def stage_in_words(self) -> str:
        """Its stage, and whether it stands still."""
        return STAGES[Stage(self.stage)] + wording.full_width(STATUSES.get(self.status, ""))


def lines(books: Books, lights: Mapping[int, ProjectLight]) -> list[ProjectLine]:
    """All projects of the books, those with amounts that are not implemented last; the largest first."""
    amounts = _amounts(books)
    known = list(books.projects())
    others = list(_others(books, set(amounts) - {row.project_key for row in known}))
    texts = _texts(books)
    found = [_line(row, amounts, lights, texts, implemented=True) for row in known]
    found += [_line(row, amounts, lights, texts, implemented=False) for row in others]
    return sorted(found, key=lambda one: (not one.implemented, -(one.investment or 0), one.name, one.key))


def _amounts(books: Books) -> dict[int, tuple]:
    """当月, 累计 and 上年同期 of each project that has any."""
    month = books.month
    asked = {
        "now": Sum("amount", filter=Q(month=month.first)),
        "ytd": Sum("amount", filter=Q(month__gte=month.january.first)),
        "last": Sum("amount", filter=Q(month__lte=month.last_year.first)),
    }
    rows = books.amounts(Indicator.FUNDING).values_list(books.project_key).annotate(**asked)
    return {key: sums for key, *sums in rows}


def _others(books: Books, keys: set[int]) -> QuerySet:
    if books.version is not None:
        return books.version.projects.filter(project_key__in=keys).order_by()
    return described(Project.objects.filter(pk__in=keys).with_dates(), books.month).order_by()


def _texts(books: Books) -> dict[int, ProgressReport] | None:
    """What live projects report of the month; None of a locked month, whose projects have their texts themselves."""
    if books.version is not None:
        return None
    return {row.project_id: row for row in ProgressReport.objects.filter(month=books.month.first)}


def _line(row, amounts: Mapping, lights: Mapping, texts: Mapping | None, *, implemented: bool) -> ProjectLine:
    now, ytd, last = amounts.get(row.project_key, (None, None, None))
    said = row if texts is None else texts.get(row.project_key)
    return ProjectLine(
        key=row.project_key,
        name=row.name,
        company=row.enterprise_name,
        chain=row.chain_name,
        place=row.place_name,
        stage=row.stage,
        status=row.status,
        investment=row.total_investment,
        plan=row.plan,
        dates={name: getattr(row, name) for name in ("signed_on", "started_on", "producing_on")},
        month=now,
        ytd=ytd,
        last_ytd=last,
        light=lights.get(row.project_key) or ProjectLight(Light.NONE),
        implemented=implemented,
        **{name: getattr(said, name) if said else "" for name in TEXTS},
    )


# Sections


def news(books: Books, counts: Counts, found: Iterable[ProjectLine]) -> Section:
    """What was signed, begun and brought into production in the month, project by project."""
    by_key = {one.key: one for one in found}
    blocks = [wording.acts(counts, books.month, of="month")]
    for kind, caption, dated in NEW_ONES:
        keys = set(figures.counted(books, kind).values_list("project_key", flat=True))
        rows = [
            (str(number), one.name, one.company, one.chain, one.place, one.investment, one.dates[dated])
            for number, one in enumerate((one for key, one in by_key.items() if key in keys), 1)
        ]
        if rows:
            columns = (*_NAMED, Column("总投资(万元)", Kind.AMOUNT, 1.6), Column("时间", Kind.MONTH, 1.4))
            blocks.append(Table(f"本月{caption}", columns, tuple(rows)))
    return Section("本月新签约、新开工、新投产项目", tuple(blocks))


_NAMED = (
    Column("序号", Kind.WORD, 0.6),
    Column("项目名称", width=3.4),
    Column("企业", width=2.6),
    Column("产业链", width=1.6),
    Column("属地", width=1.6),
)


def warned(found: Iterable[ProjectLine]) -> Section:
    """The lights, and the red ones with the rules that fired."""
    judged = [one for one in found if one.implemented]
    numbers = counted(one.light for one in judged)
    rows = [
        (str(number), one.name, one.place, one.stage_in_words, " ".join(one.light.sentences))
        for number, one in enumerate((one for one in judged if one.light.light == Light.RED), 1)
    ]
    if not rows:
        return Section("预警项目", (wording.of_lights(numbers), "本月没有红灯项目。"), PROBLEMS)
    columns = (*_NAMED[:2], Column("属地", width=1.6), Column("阶段", width=0.9), Column("红灯原因", width=5))
    return Section("预警项目", (wording.of_lights(numbers), Table("红灯项目", columns, tuple(rows))), PROBLEMS)


def problems(found: Iterable[ProjectLine]) -> Section:
    """What stands in the way, and the help that is asked for."""
    columns = (*_NAMED[:2], Column("属地", width=1.6), Column("存在问题", width=3.6), Column("需协调帮助", width=3))

    def row(one: ProjectLine) -> tuple:
        return one.name, one.place, one.problem, one.help_needed

    return _listed("存在问题和需要协调的事项", found, lambda one: one.problem or one.help_needed, columns, row)


def next_steps(found: Iterable[ProjectLine]) -> Section:
    """What is to be done next month."""
    columns = (*_NAMED[:2], Column("属地", width=1.6), Column("形象进度", width=3), Column("下一步工作", width=3.4))

    def row(one: ProjectLine) -> tuple:
        return one.name, one.place, one.site_progress, one.next_step

    return _listed("下月工作安排", found, lambda one: one.next_step, columns, row)


def _listed(heading: str, found: Iterable[ProjectLine], chosen: Callable, columns: tuple, row: Callable) -> Section:
    rows = [(str(number), *row(one)) for number, one in enumerate((one for one in found if chosen(one)), 1)]
    if not rows:
        return Section(heading, ("本月各项目没有填报。",), PROBLEMS)
    return Section(heading, (Table(heading, columns, tuple(rows)),), PROBLEMS)


def detail(found: Iterable[ProjectLine]) -> Section:
    """Every project of the books with its amounts."""
    found = list(found)
    columns = (
        *_NAMED,
        Column("阶段", width=0.9),
        Column("总投资", Kind.AMOUNT, 1.4),
        Column("当月", Kind.AMOUNT, 1.2),
        Column("累计", Kind.AMOUNT, 1.3),
        Column("上年同期", Kind.AMOUNT, 1.3),
        Column("年度计划", Kind.AMOUNT, 1.3),
        Column("完成率(%)", Kind.RATE, 1),
        Column("预警", Kind.WORD, 0.6),
        Column("形象进度", width=2.6),
    )
    rows = tuple(_detail_row(number, one) for number, one in enumerate(found, 1))
    note = wording.full_width("金额单位:万元;当月、累计、上年同期为到位资金,年度计划为项目当年计划到位资金。")
    others = sum(not one.implemented for one in found)
    if others:
        note += wording.full_width(f"末{others}项有到位资金但截至本月未列入实施项目,不计入项目个数和总投资。")
    blocks = (Table("项目明细表", columns, rows, note=note),) if rows else ("没有实施的招商引资项目。",)
    return Section("附件 项目明细表", blocks, DETAIL, is_wide=True)


def _detail_row(number: int, one: ProjectLine) -> tuple:
    named = (str(number), one.name, one.company, one.chain, one.place, one.stage_in_words, one.investment)
    return (*named, one.month, one.ytd, one.last_ytd, one.plan, one.completion, WORDS[one.light.light],
            one.site_progress)  # fmt: skip
