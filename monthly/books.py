"""Where figures come from: the live records as they are now, or the snapshot of a locked month. One interface.

Both give rows with the same names, so that every figure is one query, written once (figures.py, rates.py):
`amounts()` rows have `month`, `amount` and `project`; `projects()` rows have `project_key`, `code`, `name`,
`enterprise_name`, `chain_key`, `chain_name`, `place_key`, `place_name`, `stage`, `status`,
`total_investment`, `contract_amount`, `event_key`, `event_name`, `signed_on`, `started_on`,
`registered_on`, `producing_on`, `funds_since_signing` and `plan`. Amounts are in 万元.
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.db.models import (
    Case,
    CharField,
    DateField,
    DecimalField,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, TruncMonth

from liangzhou.months import Month
from liangzhou.periods import FIRST_YEAR
from monthly.models import (
    AnnualPlan,
    AnnualTarget,
    FundingRecord,
    Indicator,
    InvestmentRecord,
    MonthVersion,
    Origin,
    SnapshotFunding,
    SnapshotInvestment,
    SnapshotShare,
)
from projects.models import CreditShare, Project
from projects.models.milestone import STARTED_OR_LATER, first_reached

EXACT = DecimalField(max_digits=24, decimal_places=8)
NEW, CONTINUING, NOT_STARTED = "new", "continuing", "not_started"
BIG, HUGE = "100m", "1bn"
SIZES = {BIG: 10_000, HUGE: 100_000}  # 亿元以上 and, of these, 10亿元以上; least total investment in 万元


@dataclass(frozen=True)
class Target:
    """An annual target. `scope` is "chain", "place", "unit" or "" for the district; `value` in 万元 or 项."""

    indicator: str
    scope: str
    key: int | None
    name: str
    value: object


class Books:
    """What the books of a month say; see the module. `only` limits them to some projects (a QuerySet of Project)."""

    version: MonthVersion | None = None

    def __init__(self, month: Month, *, only: QuerySet | None = None):
        self.month = month
        self.only = only

    def amounts(self, indicator: str) -> QuerySet:
        """The rows that an indicator sums, from January of last year up to the month. Funds or investment, never both.

        Raises ValueError for an indicator that counts projects.
        """
        if Indicator(indicator).counts_projects:
            raise ValueError(f"{indicator} is no sum of amounts")
        rows = self._investment() if indicator == Indicator.INVESTMENT else self._funding()
        if indicator in Origin.values:
            rows = rows.filter(origin=indicator)
        return rows.filter(month__gte=self.month.last_year.january.first, month__lte=self.month.first).order_by()

    def years(self, indicator: str) -> QuerySet:
        """The rows of the year to date only."""
        return self.amounts(indicator).filter(month__gte=self.month.january.first)

    def phase(self) -> Case:
        """New (新建) in the year of its start, continuing (续建) from the next January on; for rows of amounts."""
        new_year = self.month.january.first
        begun = self.started()
        return Case(
            When(begun & Q(started__gte=new_year), then=Value(NEW)),
            When(begun, then=Value(CONTINUING)),
            default=Value(NOT_STARTED),
            output_field=CharField(),
        )

    def started(self) -> Q:
        """That a project, of rows annotated with `started`, had started by the end of the month."""
        return Q(started__lte=self.month.last)

    def open_percent(self):
        """How much of the credit for an amount's project no unit has, in per cent; for rows of amounts."""
        shared = self.SHARES.objects.filter(project=OuterRef("project")).order_by().values("project")
        sums = Subquery(shared.annotate(sum=Sum("percent")).values("sum"))
        return Value(100) - Coalesce(sums, Value(0), output_field=EXACT)

    def groups(self, by: str) -> tuple[str, str]:
        """The names that lead from an amount to the key and the label of its chain, place or unit."""
        return self.GROUPS[by]


class LiveBooks(Books):
    """The records as they are now, up to a month."""

    GROUPS = {
        "chain": ("project__chain_id", "project__chain__name"),
        "place": ("project__place_id", "project__place__name"),
        "unit": ("project__credit_shares__unit_id", "project__credit_shares__unit__name"),
    }
    SHARES = CreditShare
    project_key = "project_id"

    @property
    def as_of(self) -> datetime | None:
        """None: they may change at any moment."""
        return None

    def _funding(self) -> QuerySet:
        return self._own(FundingRecord.objects.all())

    def _investment(self) -> QuerySet:
        return self._own(InvestmentRecord.objects.all())

    def _own(self, rows: QuerySet) -> QuerySet:
        return rows if self.only is None else rows.filter(project__in=self.only.order_by().values("pk"))

    def started_of_amounts(self):
        """When the project of an amount started."""
        return first_reached("project_id", *STARTED_OR_LATER)

    def projects(self) -> QuerySet:
        """The projects implemented by the end of the month: from the signing on, none known to come later."""
        found = Project.objects.implemented() if self.only is None else self.only.implemented()
        in_time = Q(known_since__isnull=True) | Q(known_since__lte=self.month.last)
        return described(found.with_dates().filter(in_time), self.month).order_by()

    def targets(self) -> list[Target]:
        """The targets of the year, of which limited books have none."""
        if self.only is not None:
            return []
        rows = AnnualTarget.objects.filter(year=self.month.year).select_related(*AnnualTarget.SCOPES).order_by("pk")
        return [
            Target(row.indicator, row.scope, whose and whose.pk, whose.name if whose else "", row.value)
            for row in rows
            for whose in [getattr(row, row.scope) if row.scope else None]
        ]


class FrozenBooks(Books):
    """A locked version of a month: what no later change of a record touches."""

    GROUPS = {
        "chain": ("project__chain_key", "project__chain_name"),
        "place": ("project__place_key", "project__place_name"),
        "unit": ("project__credit_shares__unit_key", "project__credit_shares__unit_name"),
    }
    SHARES = SnapshotShare
    project_key = "project__project_key"

    def __init__(self, version: MonthVersion, *, only: QuerySet | None = None):
        super().__init__(Month.of(version.month), only=only)
        self.version = version

    @property
    def as_of(self) -> datetime:
        """When it was locked."""
        return self.version.locked_at

    def _funding(self) -> QuerySet:
        return self._own(SnapshotFunding.objects.filter(project__version=self.version), "project__")

    def _investment(self) -> QuerySet:
        return self._own(SnapshotInvestment.objects.filter(project__version=self.version), "project__")

    def _own(self, rows: QuerySet, prefix: str = "") -> QuerySet:
        if self.only is None:
            return rows
        return rows.filter(**{f"{prefix}project_key__in": self.only.order_by().values("pk")})

    def started_of_amounts(self):
        """When the project of an amount started."""
        return F("project__started_on")

    def projects(self) -> QuerySet:
        """The projects implemented by the end of the month."""
        return self._own(self.version.projects.filter(implemented=True)).order_by()

    def targets(self) -> list[Target]:
        """The targets of the year as they were, of which limited books have none."""
        return self._targets

    @cached_property
    def _targets(self) -> list[Target]:
        """Read once: they never change."""
        if self.only is not None:
            return []
        rows = self.version.targets.order_by("pk")
        return [Target(row.indicator, row.scope, row.scope_key, row.scope_name, row.value) for row in rows]


def described(projects: QuerySet, month: Month) -> QuerySet:
    """Live projects `with_dates()`, under the names that snapshots have, with funds up to the month."""
    since = Coalesce(TruncMonth("signed_on"), Value(date(FIRST_YEAR, 1, 1)), output_field=DateField())
    funds = FundingRecord.objects.filter(project=OuterRef("pk"), month__gte=OuterRef("signing_month"))
    funds = funds.filter(month__lte=month.first).order_by().values("project").annotate(sum=Sum("amount"))
    plans = AnnualPlan.objects.filter(project=OuterRef("pk"), year=month.year, indicator=Indicator.FUNDING)
    return projects.annotate(
        project_key=F("pk"),
        enterprise_name=Coalesce(F("enterprise__name"), Value("")),
        chain_key=F("chain_id"),
        chain_name=Coalesce(F("chain__name"), Value("")),
        place_key=F("place_id"),
        place_name=Coalesce(F("place__name"), Value("")),
        event_key=F("signing_event_id"),
        event_name=Coalesce(F("signing_event__name"), Value("")),
        signing_month=since,
        funds_since_signing=Subquery(funds.values("sum")),
        plan=Subquery(plans.values("value")[:1]),
    )
