"""Reading a sheet: its projects and all that a row shows or is judged by. A fixed number of queries for any rows."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from liangzhou import permissions, series
from liangzhou.months import Month
from monthly.models import AnnualPlan, FundingRecord, InvestmentRecord, ProgressReport
from monthly.models.amounts import MonthlyAmount
from monthly.slips import MONTHS_LOOKED_AT, Figures, Severity, Slip, slips
from projects import duplicates
from projects.actions import facts_of, waived
from projects.models import Milestone, NotTheSame, Project
from projects.stages import Status

from .amounts import Pair, pair_of
from .tabs import Tab

Kind = MonthlyAmount.Kind


@dataclass
class Row:
    """One project in one month of one series, as the database has it. Amounts in 万元, None where not known."""

    project: Project
    month: Month
    today: Month
    may_write: bool = False
    amounts: dict[Month, Decimal] = field(default_factory=dict)  # of this year and the last, corrections and all
    records: list = field(default_factory=list)  # the rows that make the month's amount
    report: ProgressReport | None = None
    plan: AnnualPlan | None = None
    plan_is_shared: bool = False  # it is of all origins, and the series of one
    dates: dict = field(default_factory=dict)
    let_through: frozenset[str] = frozenset()
    all_time: Decimal = Decimal(0)
    all_year: Decimal = Decimal(0)  # the year to date of all origins, as stored
    look_alikes: tuple[str, ...] = ()

    @property
    def entry(self):
        """The month's own row; None where there is none."""
        return next((one for one in self.records if one.kind == Kind.ENTRY), None)

    @property
    def corrections(self) -> list:
        """The rows that correct it, the first entered first."""
        return [one for one in self.records if one.kind != Kind.ENTRY]

    @property
    def amount(self) -> Decimal | None:
        """当月: the sum of the month's rows; None where it is not filled."""
        return series.total(one.amount for one in self.records)

    @property
    def before(self) -> Decimal | None:
        """上月累计; None in January and where nothing is known."""
        return None if self.month.number == 1 else series.year_to_date(self.amounts, self.month.plus(-1))

    @property
    def pair(self) -> Pair:
        """当月 and 累计 as they stand there."""
        return pair_of(self.amount, self.before)

    @property
    def elsewhere(self) -> Decimal:
        """What a plan of all origins is measured by beside this series: the year to date of the others."""
        own = series.year_to_date(self.amounts, self.month) or Decimal(0)
        return self.all_year - own if self.plan_is_shared else Decimal(0)

    @property
    def last_year(self) -> Decimal | None:
        """上年同期: the cumulative of the same months of last year."""
        return series.year_to_date(self.amounts, self.month.last_year)

    def figures(self, amount: Decimal | None) -> Figures:
        """What the slips look at, with this amount in the month."""
        december = Month(self.month.year - 1, 12)
        so_far = self.month.so_far()[:-1]
        back = [self.month.plus(-months) for months in range(1, MONTHS_LOOKED_AT + 1)]
        return Figures(
            month=self.month,
            amount=amount,
            this_month=self.today,
            before=self.before,
            this_year=tuple(self.amounts[one] for one in so_far if one in self.amounts),
            earlier=tuple(self.amounts[one] for one in back if one in self.amounts),
            last_december=self.amounts.get(december),
            last_year=series.year_to_date(self.amounts, december),
            others=self.all_time - (self.amount or 0),
            investment=self.project.total_investment,
            facts=facts_of(self.project, self.dates),
            stage=self.project.stage,
            let_through=self.let_through,
            look_alikes=self.look_alikes,
        )

    def slips(self) -> list[Slip]:
        """What looks wrong with it as it is stored: nothing of it blocks, for nobody types it now."""
        return [replace(one, severity=Severity.WARNING) for one in slips(self.figures(self.amount))]


def projects_of(month: Month, user) -> QuerySet:
    """The projects of a month's sheet, as far as somebody sees them: signed by then and not terminated, or with
    amounts in the year."""
    year = {"project": OuterRef("pk"), "month__gte": month.january.first, "month__lte": month.first}
    amounts = Q(Exists(FundingRecord.objects.filter(**year))) | Q(Exists(InvestmentRecord.objects.filter(**year)))
    later = Milestone.objects.filter(project=OuterRef("pk"), kind=Milestone.Kind.SIGNED, actual__gt=month.last)
    stages = Project.objects.implemented().order_by().values("pk")
    running = Q(pk__in=stages) & ~Q(status=Status.TERMINATED) & ~Q(Exists(later))
    seen = permissions.visible(user, Project.objects.select_related("enterprise", "chain", "place"))
    return seen.filter(running | amounts).order_by("pk")


def who_may(user, act: str, tab: Tab) -> Callable[[Project], bool]:
    """Tells of a project whether somebody may view, or enter and change, its row: every kind of record in it."""
    acts = ("add", "change") if act == "change" else (act,)
    asked = [(kind, one) for kind in (tab.model, ProgressReport, AnnualPlan) for one in acts]
    if not all(permissions.may(user, one, kind) for kind, one in asked):
        return lambda project: False
    limited = [(kind, one) for kind, one in asked if not permissions.reaches_all(user, one, kind)]
    return lambda project: all(permissions.may(user, one, kind(project=project)) for kind, one in limited)


def load(
    projects: list[Project], month: Month, tab: Tab, *, today: Month, user, among: list[Project], lock: bool = False
) -> list[Row]:
    """The rows of these projects, in their order; look-alikes are looked for `among` all of the sheet.

    With `lock`, inside a transaction, what a save would change stays as it is until the end; kind by kind and in
    the order of the keys, so that two sheets never wait for each other in a circle.
    """
    may_write = who_may(user, "change", tab)
    rows = {one.pk: Row(one, month, today, tab.is_written and may_write(one)) for one in projects}
    _amounts(rows, month, tab)
    _records(rows, month, tab, lock=lock)
    _reports_and_plans(rows, month, tab, lock=lock)
    _facts(rows, month, tab)
    for pk, names in _look_alikes(among).items():
        if pk in rows:
            rows[pk].look_alikes = tuple(names)
    return list(rows.values())


def _amounts(rows: dict[int, Row], month: Month, tab: Tab) -> None:
    span = {"month__gte": month.last_year.january.first, "month__lte": max(month, Month(month.year - 1, 12)).first}
    sums = tab.rows().filter(project__in=list(rows), **span).order_by().values_list("project", "month")
    for pk, day, amount in sums.annotate(total=Sum("amount")):
        rows[pk].amounts[Month.of(day)] = Decimal(amount)


def _records(rows: dict[int, Row], month: Month, tab: Tab, *, lock: bool) -> None:
    found = tab.rows().filter(project__in=list(rows), month=month.first).order_by("pk")
    for one in _held(found, lock):
        rows[one.project_id].records.append(one)


def _reports_and_plans(rows: dict[int, Row], month: Month, tab: Tab, *, lock: bool) -> None:
    reports = ProgressReport.objects.filter(project__in=list(rows), month=month.first).order_by("pk")
    for one in _held(reports, lock):
        rows[one.project_id].report = one
    plans = AnnualPlan.objects.filter(project__in=list(rows), year=month.year, indicator__in=tab.plan_indicators)
    for one in _held(plans.order_by("pk"), lock):
        row = rows[one.project_id]
        if row.plan is None or one.indicator == tab.plan_indicators[0]:
            row.plan, row.plan_is_shared = one, one.indicator != tab.key


def _held(found: QuerySet, lock: bool) -> QuerySet:
    found = found.select_related("updated_by")
    return found.select_for_update(of=("self",)) if lock else found


def _facts(rows: dict[int, Row], month: Month, tab: Tab) -> None:
    """What the slips need: dates, what was let through, all that ever came."""
    reached = defaultdict(dict)
    for one in Milestone.objects.filter(project__in=list(rows), actual__isnull=False).order_by():
        reached[one.project_id][one.kind] = one.actual_date
    names = waived([row.project for row in rows.values()])
    ever = tab.model.objects.filter(project__in=list(rows)).order_by().values_list("project")
    year = Q(month__gte=month.january.first, month__lte=month.first)
    for pk, total, so_far in ever.annotate(total=Sum("amount"), year=Sum("amount", filter=year)):
        rows[pk].all_time, rows[pk].all_year = Decimal(total), Decimal(so_far or 0)
    for pk, row in rows.items():
        row.dates, row.let_through = reached.get(pk, {}), frozenset(names.get(pk, ()))


def _look_alikes(projects: list[Project]) -> dict[int, list[str]]:
    sketches = [
        duplicates.Sketch(p.pk, p.name, p.official_code, p.enterprise_id, p.place_id, p.pk, p.parent_id)
        for p in projects
    ]
    names, apart = {p.pk: p.name for p in projects}, NotTheSame.objects.pairs([p.pk for p in projects])
    found = defaultdict(list)
    for one, other, _verdict in duplicates.pairs(sketches):
        if (min(one.pk, other.pk), max(one.pk, other.pk)) not in apart:
            found[one.pk].append(names[other.pk])
            found[other.pk].append(names[one.pk])
    return found
