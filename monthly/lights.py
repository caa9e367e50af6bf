"""The lights of projects, one or many: their facts, read in a fixed number of queries, and what the rules say.

There is no SQL version: a light needs calendar months, partial dates and sums at once. Lists of some thousand
projects are judged in memory; a locked month keeps each light as it was (`kept`).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.conf import settings
from django.db.models import Max, Q, QuerySet, Sum
from django.utils import timezone

from liangzhou import series
from liangzhou.months import Month
from liangzhou.periods import PartialDate
from projects.models import Milestone, Project
from projects.models.milestone import STARTED_OR_LATER
from projects.stages import Stage

from .light_rules import Facts, Finding, Light, ProjectLight, counted, judge, kept
from .models import (
    AnnualPlan,
    Exemption,
    FundingRecord,
    Indicator,
    InvestmentRecord,
    LightThresholds,
    ProgressReport,
    ReportingMonth,
)

__all__ = ["Finding", "Light", "ProjectLight", "counted", "judged_month", "kept", "of", "of_many", "thresholds_on"]


def thresholds_on(month: Month) -> LightThresholds:
    """The thresholds that hold in a month; the usual ones where none were ever entered."""
    return LightThresholds.objects.on(month.first).first() or LightThresholds()


def judged_month(on: date) -> Month:
    """The month up to which money is judged on a day: the newest one that is over and due.

    It is the month before the day's, once REMIND_MONTH_AFTER_DAYS days have passed since its end (until then
    clerks are given time to enter it) or once it is locked; else the month before that one. At most one query.
    """
    last = Month.of(on).plus(-1)
    if (on - last.last).days >= settings.REMIND_MONTH_AFTER_DAYS:
        return last
    return last if ReportingMonth.objects.locked().filter(month=last.first).exists() else last.plus(-1)


def of_many(projects: Iterable[Project], *, on: date, month: Month | None = None) -> dict[int, ProjectLight]:
    """The light of each project, by its key, on a day. Seven queries for any number, and one to read a QuerySet.

    Money is judged at the end of `month`, where none is given of `judged_month` (which may ask one query more).
    Dates after the day have not come yet; stage, status and the latest change are as they are now.
    """
    month = month or judged_month(on)
    rows = list(projects)
    whole = isinstance(projects, QuerySet) and not projects.query.is_sliced
    keys = projects.order_by().values("pk") if whole else [row.pk for row in rows]
    known = _Known.of(keys, on=on, month=month)
    thresholds = thresholds_on(month)
    return {row.pk: judge(known.facts(row), thresholds, on) for row in rows}


def of(project: Project, *, on: date, month: Month | None = None) -> ProjectLight:
    """The light of one project on a day: see `of_many`."""
    return of_many([project], on=on, month=month)[project.pk]


class _Step(NamedTuple):
    """What is asked of a milestone."""

    planned: date | None
    planned_precision: str
    actual: date | None
    actual_precision: str

    @property
    def planned_date(self) -> PartialDate | None:
        """The plan, as far as known."""
        return PartialDate(self.planned, self.planned_precision) if self.planned else None


@dataclass
class _Known:
    """What the rows of some projects say, by the key of the project."""

    on: date
    month: Month
    steps: dict[int, dict[str, "_Step"]]  # by the kind of milestone
    amounts: dict[int, dict[str, Decimal | None]]  # year to date, by the indicator of one series
    updated: dict[int, datetime]
    plans: dict[int, dict[str, Decimal]]
    exemptions: dict[int, dict[str, str]]

    @classmethod
    def of(cls, keys, *, on: date, month: Month) -> "_Known":
        known = cls(on, month, *(defaultdict(dict) for _n in range(2)), {}, *(defaultdict(dict) for _n in range(2)))
        steps = Milestone.objects.filter(project__in=keys).order_by()
        for key, kind, changed, *step in steps.values_list("project", "kind", "updated_at", *_Step._fields):
            known.steps[key][kind] = _Step(*step)
            known._changed(key, changed)
        reports = _by_project(ProgressReport, keys).annotate(photo=Max("photos__updated_at"))
        for key, changed, photo in reports.values_list("project", "changed", "photo"):
            known._changed(key, max(changed, photo or changed))
        known._read_amounts(keys)
        for row in AnnualPlan.objects.filter(project__in=keys, year=month.year):
            known.plans[row.project_id][row.indicator] = row.value
        for row in Exemption.objects.on(on).filter(project__in=keys).order_by("-since", "-pk"):
            known.exemptions[row.project_id].setdefault(row.rule, row.reason)
        return known

    def _read_amounts(self, keys) -> None:
        so_far = Q(month__gte=self.month.january.first, month__lte=self.month.first)
        for kind, names in ((FundingRecord, ("project", "origin")), (InvestmentRecord, ("project",))):
            rows = _by_project(kind, keys, *names).annotate(done=Sum("amount", filter=so_far))
            for key, *origin, changed, done in rows.values_list(*names, "changed", "done"):
                self.amounts[key][origin[0] if origin else Indicator.INVESTMENT] = done
                self._changed(key, changed)

    def _changed(self, key: int, moment: datetime) -> None:
        self.updated[key] = max(moment, self.updated.get(key, moment))

    def facts(self, project: Project) -> Facts:
        """What the rules ask of one project."""
        key = project.pk
        self._changed(key, project.updated_at)
        reached = {kind: step for kind, step in self.steps[key].items() if step.actual and step.actual <= self.on}
        plan_of_start, start = self.steps[key].get(Milestone.Kind.STARTED), reached.get(Milestone.Kind.STARTED)
        plan_of, plan = self._plan(key)
        return Facts(
            stage=project.stage,
            month=self.month,
            status=project.status,
            status_reason=project.status_reason,
            planned_start=plan_of_start.planned_date if plan_of_start else None,
            start=PartialDate(start.actual, start.actual_precision) if start else None,
            begun=Stage(project.stage).order >= Stage.STARTED.order
            or any(kind in reached for kind in STARTED_OR_LATER),
            registered=Milestone.Kind.REGISTERED in reached,
            total_investment=project.total_investment,
            plan=plan,
            plan_of=plan_of,
            done=self._done(key, plan_of),
            updated=timezone.localdate(self.updated[key]),
            exemptions=self.exemptions[key],
        )

    def _plan(self, key: int) -> tuple[str, Decimal | None]:
        """The year's plan: of all funds, or else the only one there is; which of several counts nobody said."""
        plans = self.plans[key]
        if Indicator.FUNDING not in plans and len(plans) == 1:
            return next(iter(plans.items()))
        return Indicator.FUNDING, plans.get(Indicator.FUNDING)

    def _done(self, key: int, indicator: str) -> Decimal | None:
        amounts = self.amounts[key]
        if indicator == Indicator.FUNDING:
            return series.total(done for of, done in amounts.items() if of != Indicator.INVESTMENT)
        return amounts.get(indicator)


def _by_project(model, keys, *names: str) -> QuerySet:
    """When rows of each project (or of each combination of `names`) were changed last, as `changed`."""
    rows = model.objects.filter(project__in=keys).order_by()
    return rows.values(*(names or ("project",))).annotate(changed=Max("updated_at"))
