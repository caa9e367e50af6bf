"""Invented projects with months of funds, for demonstrations, pictures and measurements; never beside real records.

Everything follows from the seed and the last month. Each name begins with a mark, and the database is marked
(liangzhou/demo.py), so that its every page and export says so too.
"""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from django.apps import apps
from django.db import transaction

from enterprises.models import Enterprise, Place, Province
from liangzhou.demo import DemoMark
from liangzhou.months import Month
from monthly.models import (
    AnnualPlan,
    AnnualTarget,
    FundingRecord,
    Indicator,
    InvestmentRecord,
    Origin,
    ProgressReport,
)
from projects.models import CreditShare, IndustryChain, Milestone, Project, SigningEvent, Unit
from projects.stages import PUBLIC_STAGES, Stage, Status

MARK = "【演示】"
AT_ONCE = 1000
STAGES = {
    Stage.RESERVE: 14,
    Stage.LEAD: 8,
    Stage.NEGOTIATING: 8,
    Stage.SIGNED: 10,
    Stage.LANDED: 8,
    Stage.STARTED: 8,
    Stage.BUILDING: 24,
    Stage.PRODUCING: 14,
    Stage.AT_CAPACITY: 6,
}
PRODUCTS = {
    "新能源及装备制造": ("光伏组件", "储能电池", "风电塔筒", "逆变器", "光热集热器"),
    "特色农产品及食品加工": ("马铃薯淀粉", "葡萄汁饮料", "预制菜", "人参果深加工", "藜麦食品"),
    "奶产业": ("低温鲜奶", "奶酪制品", "乳清蛋白粉", "婴幼儿配方奶粉"),
    "新材料": ("碳基复合材料", "镁合金型材", "电解液添加剂", "高纯石英砂"),
    "数字产业": ("智算中心", "数据标注基地", "云呼叫中心", "工业互联网平台"),
    "现代物流": ("冷链物流园", "铁海联运货场", "快递分拨中心"),
    "生物医药": ("中药饮片", "原料药", "医用敷料"),
    "文化旅游": ("沙漠康养酒店", "历史文化街区", "研学营地"),
}
ORIGINS = {Origin.OTHER_PROVINCES: 70, Origin.OTHER_CITIES: 16, Origin.OTHER_DISTRICTS: 10, Origin.ABROAD: 4}
HOMES = (Province.GANSU, "330000", "320000", "440000", "110000", "370000")
UNITS = ("区招商局", "区工信局", "区农业农村局", "区发改局", "区文旅局", "黄羊工业园管委会", "九墩滩园区管委会")
PROGRESS = (  # what a site looks like, in its order, and what comes next
    ("已办结用地手续,施工单位进场", "开工报建,平整场地"),
    ("完成场地平整,正在开挖基础", "完成基础浇筑"),
    ("一号厂房钢结构吊装完成七成", "一号厂房封顶,开始综合楼主体施工"),
    ("综合楼主体封顶,设备陆续进场", "安装生产线"),
    ("生产线安装完成,正在调试", "组织试生产"),
)
PROBLEMS = ("用地指标尚未落实", "供电线路迁改进度慢", "企业融资未到位", "环评批复滞后", "冬季停工,进度受影响")


@dataclass
class World:
    """What projects hang on, and the chance that decides."""

    chance: random.Random
    until: Month
    months: int
    chains: list = field(default_factory=list)
    places: list = field(default_factory=list)
    units: list = field(default_factory=list)
    events: list = field(default_factory=list)

    @property
    def first(self) -> Month:
        """The first month that has funds."""
        return self.until.plus(1 - self.months)


def make(*, projects: int, seed: int, until: Month, months: int = 24, tell: Callable[[str], None] = str) -> None:
    """Fill a database that was found empty; `tell` hears of the progress. One transaction for each chunk."""
    DemoMark.objects.create(seed=seed)
    world = World(random.Random(seed), until, months)  # noqa: S311 - the same seed gives the same data
    with transaction.atomic():
        _frame(world)
    for start in range(0, projects, AT_ONCE):
        with transaction.atomic():
            _chunk(world, range(start, min(start + AT_ONCE, projects)))
        tell(f"{min(start + AT_ONCE, projects)} / {projects}")
    with transaction.atomic():
        _targets(world)


def _frame(world: World) -> None:
    for name in PRODUCTS:
        world.chains.append(IndustryChain.objects.create(name=f"{MARK}{name}", is_key_chain=True))
    for name in UNITS:
        world.units.append(Unit.objects.create(name=f"{MARK}{name}"))
    for number in range(1, 7):
        day = world.until.plus(-4 * number).first + timedelta(days=17)
        name = f"{MARK}{day.year}年第{number}次招商推介会"
        world.events.append(SigningEvent.objects.create(name=name, held_on=day))
    fixture = Path(apps.get_app_config("enterprises").path) / "fixtures" / "places.json"
    places = [Place(**row["fields"]) for row in json.loads(fixture.read_text("utf-8"))]
    world.places = Place.objects.bulk_create(places)


@dataclass
class Batch:
    """The rows of one chunk, to be written together."""

    companies: list = field(default_factory=list)
    projects: list = field(default_factory=list)
    milestones: list = field(default_factory=list)
    shares: list = field(default_factory=list)
    funds: list = field(default_factory=list)
    investments: list = field(default_factory=list)
    plans: list = field(default_factory=list)
    reports: list = field(default_factory=list)

    def write(self) -> None:
        """Parents before their parts; their keys are known once they are written."""
        for rows in vars(self).values():
            if rows:
                type(rows[0]).objects.bulk_create(rows, batch_size=AT_ONCE)
        Project.objects.filter(pk__in=[row.pk for row in self.projects]).refresh_latest_milestone()


def _chunk(world: World, numbers: range) -> None:
    batch = Batch()
    for number in numbers:
        _project(world, batch, number)
    batch.write()
    quiet = [row.pk for row in batch.projects]
    now = max(row.updated_at for row in batch.projects)
    for share, days in ((7, 40), (19, 75)):  # some that nobody has touched for a while
        Project.objects.filter(pk__in=quiet[::share]).update(updated_at=now - timedelta(days=days))


def _project(world: World, batch: Batch, number: int) -> None:
    chance = world.chance
    chain = chance.choice(world.chains)
    product = chance.choice(PRODUCTS[chain.name.removeprefix(MARK)])
    stage = chance.choices(list(STAGES), list(STAGES.values()))[0]
    implemented = stage in PUBLIC_STAGES
    terminated = implemented and chance.random() < 0.03
    project = Project(
        code=f"LZ{number + 1:06d}",
        name=f"{MARK}年产{chance.randint(1, 90)}万单位{product}生产及配套设施建设项目({number + 1:05d}号)",
        stage=stage,
        status=Status.TERMINATED if terminated else Status.NORMAL,
        status_reason="演示:投资方退出" if terminated else "",
        chain=chain,
        place=chance.choice(world.places),
        enterprise=_company(world, batch, product, number) if implemented else None,
        total_investment=Decimal(round(min(max(chance.lognormvariate(8.9, 1.1), 500), 300_000), -1)),
        signing_event=chance.choice(world.events) if implemented and chance.random() < 0.5 else None,
        published=implemented and chance.random() < 0.85,
        summary=f"{MARK}本项目为虚构,仅供演示。",
    )
    batch.projects.append(project)
    batch.shares.append(CreditShare(project=project, unit=chance.choice(world.units), percent=Decimal(100)))
    if implemented:
        _life(world, batch, project)


def _company(world: World, batch: Batch, product: str, number: int) -> Enterprise:
    company = Enterprise(
        code=f"QY{number + 1:06d}",
        name=f"{MARK}武威{product}{number + 1:05d}号有限公司",
        origin_province=world.chance.choice(HOMES),
        published=True,
    )
    batch.companies.append(company)
    return company


def _life(world: World, batch: Batch, project: Project) -> None:
    """Milestones up to the stage, the next one planned, and the money from the signing on."""
    chance, last = world.chance, world.until.last
    steps = [Milestone.Kind.SIGNED, Milestone.Kind.LANDED, Milestone.Kind.STARTED, Milestone.Kind.PRODUCING]
    reached = {Stage.SIGNED: 1, Stage.LANDED: 2, Stage.STARTED: 3, Stage.BUILDING: 3}.get(project.stage, 4)
    day = last - timedelta(days=chance.randint(0, 120) + 160 * (reached - 1) + chance.randint(0, 200))
    signed = started = day
    for step in steps[:reached]:
        batch.milestones.append(_milestone(project, step, actual=min(day, last)))
        started = min(day, last) if step == Milestone.Kind.STARTED else started
        if step == Milestone.Kind.STARTED and chance.random() < 0.7:
            entered = min(day + timedelta(days=45), last)
            batch.milestones.append(_milestone(project, Milestone.Kind.REGISTERED, actual=entered))
        day += timedelta(days=chance.randint(60, 200))
    if reached < len(steps):
        planned = last + timedelta(days=chance.randint(-150, 240))
        batch.milestones.append(_milestone(project, steps[reached], planned=planned))
    _money(world, batch, project, max(Month.of(signed), world.first))
    if project.stage in (Stage.STARTED, Stage.BUILDING) and chance.random() < 0.9:
        _words(world, batch, project, max(Month.of(started), world.first, world.until.january))


def _words(world: World, batch: Batch, project: Project, month: Month) -> None:
    """What is said of a site, month by month of the last year from its start on."""
    chance, at = world.chance, world.chance.randint(0, 2)
    while month <= world.until:
        looks, then = PROGRESS[at]
        report = ProgressReport(project=project, month=month.first, site_progress=looks, next_step=then)
        if chance.random() < 0.3:
            report.problem = report.help_needed = chance.choice(PROBLEMS)
        batch.reports.append(report)
        at = min(at + (chance.random() < 0.4), len(PROGRESS) - 1)
        month = month.plus(1)


def _milestone(project: Project, kind: str, *, planned: date | None = None, actual: date | None = None) -> Milestone:
    return Milestone(
        project=project,
        kind=kind,
        planned=planned,
        planned_precision="day" if planned else "",
        actual=actual,
        actual_precision="day" if actual else "",
    )


def _money(world: World, batch: Batch, project: Project, month: Month) -> None:
    """Monthly amounts that stay below the total investment, and the plan of the year."""
    chance, left = world.chance, project.total_investment * Decimal("0.95")
    origin = chance.choices(list(ORIGINS), list(ORIGINS.values()))[0]
    year = Decimal(0)
    while month <= world.until and left > 10 and project.status != Status.TERMINATED:
        amount = (left * Decimal(round(chance.uniform(0.02, 0.09), 3))).quantize(Decimal("0.01"))
        if month < world.until or chance.random() < 0.8:  # some of the last month are not filled yet
            came = amount if chance.random() < 0.75 else Decimal(0)
            batch.funds.append(FundingRecord(project=project, month=month.first, origin=origin, amount=came))
            done = (came * Decimal("0.8")).quantize(Decimal("0.01"))
            batch.investments.append(InvestmentRecord(project=project, month=month.first, amount=done))
            left -= came
            year = year + came if month.year == world.until.year else Decimal(0)
        month = month.plus(1)
    elapsed = Decimal(world.until.number) / 12
    plan = (year / elapsed * Decimal(round(chance.uniform(0.7, 1.7), 2))).quantize(Decimal(1))
    if plan:
        batch.plans.append(AnnualPlan(project=project, year=world.until.year, indicator=Indicator.FUNDING, value=plan))


def _targets(world: World) -> None:
    """A little more than what the pace would bring, for the district, its origins and chains."""
    from monthly import figures
    from monthly.books import LiveBooks

    books = LiveBooks(world.until)
    scale = Decimal(12) / world.until.number
    rows = []

    def aim(ytd, share, **whose):
        if ytd:
            value = (ytd * scale * Decimal(share)).quantize(Decimal(100))
            rows.append(AnnualTarget(year=world.until.year, value=value, **whose))

    for indicator in (Indicator.FUNDING, Indicator.OTHER_PROVINCES, Indicator.INVESTMENT):
        aim(figures.line(books, indicator).ytd, "1.06", indicator=indicator)
    for line in figures.lines(books, Indicator.FUNDING, "chain"):
        aim(line.ytd, world.chance.choice(["0.9", "1.05", "1.3"]), indicator=Indicator.FUNDING, chain_id=int(line.key))
    AnnualTarget.objects.bulk_create(rows)
