"""The rules of red, amber, green: which of them fire for a project, in words. Pure: no database, no clock.

The thresholds are data (LightThresholds); the facts are read by lights.py.
"""

import calendar
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liangzhou import series
from liangzhou.money import show_wan
from liangzhou.months import MONTHS_A_YEAR, Month
from liangzhou.periods import PartialDate, Precision
from projects.stages import PUBLIC_STAGES, SMALLEST_IN_STATISTICS, Stage, Status

from .models import Indicator, LightThresholds, Rule


class Light(models.TextChoices):
    """What a project shows; always printed with its word."""

    RED = "red", gettext_lazy("red")
    AMBER = "amber", gettext_lazy("amber")
    EXEMPT = "exempt", gettext_lazy("exempt")
    GREEN = "green", gettext_lazy("green")
    NONE = "none", gettext_lazy("no light")


# Where each rule makes sense. At capacity none does: the project is built, registered and paid for.
# A start is asked for until it has come; 入库 from then on; the year's money as long as money may still arrive.
ASKED_IN = {
    Rule.START: (Stage.SIGNED, Stage.LANDED),
    Rule.MONEY: (Stage.SIGNED, Stage.LANDED, Stage.STARTED, Stage.BUILDING, Stage.PRODUCING),
    Rule.REGISTRATION: (Stage.SIGNED, Stage.LANDED, Stage.STARTED, Stage.BUILDING, Stage.PRODUCING),
    Rule.UPDATE: (Stage.SIGNED, Stage.LANDED, Stage.STARTED, Stage.BUILDING, Stage.PRODUCING),
}


@dataclass(frozen=True)
class Finding:
    """One rule that fired, or why there is no light (`rule` is empty), in the language that was active.

    `exempted_by` is the justified reason for which it does not count; empty where there is none.
    """

    rule: str
    light: str
    sentence: str
    exempted_by: str = ""

    @property
    def shown(self) -> str:
        """What its own light is: `exempt` where a reason exempts."""
        return Light.EXEMPT if self.exempted_by else self.light


@dataclass(frozen=True)
class ProjectLight:
    """The light of one project, and the rules that fired, the worst first."""

    light: str
    findings: tuple[Finding, ...] = ()

    @property
    def label(self) -> str:
        """Its word."""
        return str(Light(self.light).label)

    @property
    def sentences(self) -> tuple[str, ...]:
        """What is wrong, or why there is no light, with the reasons that exempt."""
        exempted = _("%(finding)s Justified reason: %(reason)s")
        return tuple(
            exempted % {"finding": one.sentence, "reason": one.exempted_by} if one.exempted_by else one.sentence
            for one in self.findings
        )

    def reasons(self) -> list[dict]:
        """The findings as a snapshot keeps them (SnapshotProject.light_reasons)."""
        names = ("rule", "light", "sentence", "exempted_by")
        return [{name: str(getattr(one, name)) for name in names} for one in self.findings]


def kept(light: str, reasons: Iterable[Mapping]) -> ProjectLight:
    """A light as a snapshot kept it: the other way round than `ProjectLight.reasons`; an empty light is none."""
    return ProjectLight(light or Light.NONE, tuple(Finding(**reason) for reason in reasons))


@dataclass(frozen=True)
class Facts:
    """What is known of one project, as far as a rule asks for it. Amounts are in 万元.

    `start` is when the works started, `begun` whether they have (also where nobody knows when). `done` is the year
    to date, at the end of `month`, of the series that `plan` is for; None where nothing is recorded.
    """

    stage: str
    month: Month
    status: str = Status.NORMAL
    status_reason: str = ""
    planned_start: PartialDate | None = None
    start: PartialDate | None = None
    begun: bool = False
    registered: bool = False
    total_investment: Decimal | None = None
    plan: Decimal | None = None
    plan_of: str = Indicator.FUNDING
    done: Decimal | None = None
    updated: date | None = None
    exemptions: Mapping[str, str] = field(default_factory=dict)  # rule -> reason


def months_after(day: date, months: int) -> date:
    """The last day of a period of so many months: the day with the same number, else the last of that month.

    As periods are reckoned by law (民法典, article 202): from 30 November three months end on 28 February.
    """
    years, number = divmod(day.year * MONTHS_A_YEAR + day.month - 1 + months, MONTHS_A_YEAR)
    return date(years, number + 1, min(day.day, calendar.monthrange(years, number + 1)[1]))


def period_ends(begins: PartialDate, months: int) -> date:
    """The last day of a period of so many months from a date that may be known only in part.

    From the end of a month, quarter or year that is meant as a whole (2025年2月) it is the end of a month again:
    31 May, not 28 May; from a day it is the day with the same number.
    """
    end = months_after(begins.last, months)
    ends_a_month = begins.precision != Precision.DAY and begins.last == Month.of(begins.last).last
    return Month.of(end).last if ends_a_month else end


def judge(facts: Facts, thresholds: LightThresholds, on: date) -> ProjectLight:
    """The light of one project on a day. Pure: no database, no clock."""
    without = _why_none(facts)
    if without:
        return ProjectLight(Light.NONE, (Finding("", Light.NONE, without),))
    found = []
    for rule, look in RULES.items():
        fired = look(facts, thresholds, on) if facts.stage in ASKED_IN[rule] else None
        if fired:
            found.append(Finding(str(rule), *fired, exempted_by=facts.exemptions.get(rule, "")))
    found.sort(key=lambda one: Light.values.index(one.shown))  # stable: equal ones stay in the order of the rules
    return ProjectLight(found[0].shown if found else Light.GREEN, tuple(found))


def _why_none(facts: Facts) -> str:
    """Why a project has no light, in a sentence; empty where it has one."""
    if facts.stage not in PUBLIC_STAGES:
        return _("Not signed yet: only projects that are implemented have a light.")
    if facts.status == Status.TERMINATED:
        return _("Terminated: %(reason)s") % {"reason": facts.status_reason}
    if facts.status == Status.PAUSED:
        return _("Paused: %(reason)s") % {"reason": facts.status_reason}
    if not any(facts.stage in stages for stages in ASKED_IN.values()):
        return _("At capacity: no rule applies any more.")
    return ""


def _start(facts: Facts, thresholds: LightThresholds, on: date) -> tuple[str, str] | None:
    """A planned start that was missed: amber until three months later (`period_ends`), then red."""
    if facts.begun or facts.planned_start is None or on <= facts.planned_start.last:
        return None
    words = {"date": facts.planned_start, "days": (on - facts.planned_start.last).days}
    late = on > period_ends(facts.planned_start, thresholds.start_red_months)
    sentence = _("The works were to start in %(date)s and have not started: %(days)s days late.")
    return Light.RED if late else Light.AMBER, sentence % words


def _money(facts: Facts, thresholds: LightThresholds, on: date) -> tuple[str, str] | None:
    """Behind the pace by 10 to 30 points, both as printed with two decimals, is amber; more is red."""
    ahead = series.ahead(facts.done or Decimal(0), facts.plan, facts.month)
    if ahead is None:
        return None
    behind = series.two_places(-ahead)
    if behind < thresholds.money_amber_points:
        return None
    words = {
        "span": facts.month.span,
        "plan_of": capfirst(str(Indicator(facts.plan_of).label)),
        "done": show_wan(facts.done),
        "plan": show_wan(facts.plan),
        "behind": behind,
    }
    if facts.done is None:
        sentence = _("%(plan_of)s: nothing is recorded for %(span)s of the year's %(plan)s, %(behind)s points behind.")
    else:
        sentence = _("%(plan_of)s: %(done)s in %(span)s of the year's %(plan)s, %(behind)s points behind the pace.")
    return Light.RED if behind > thresholds.money_red_points else Light.AMBER, sentence % words


def _registration(facts: Facts, thresholds: LightThresholds, on: date) -> tuple[str, str] | None:
    """Started more than a month ago and not in the statistics library is amber, more than two months red."""
    large = facts.total_investment is not None and facts.total_investment >= SMALLEST_IN_STATISTICS
    if facts.registered or not large or facts.start is None:
        return None
    if on <= period_ends(facts.start, thresholds.registration_amber_months):
        return None
    late = on > period_ends(facts.start, thresholds.registration_red_months)
    sentence = _("The works started in %(date)s, %(days)s days ago, and the project is not registered in statistics.")
    words = {"date": facts.start, "days": (on - facts.start.last).days}
    return Light.RED if late else Light.AMBER, sentence % words


def _update(facts: Facts, thresholds: LightThresholds, on: date) -> tuple[str, str] | None:
    """Nothing was entered for 30 days: amber; for 60 days: red."""
    days = 0 if facts.updated is None else (on - facts.updated).days
    if facts.updated is None or days < thresholds.update_amber_days:
        return None
    sentence = _("Nothing was entered for %(days)s days, since %(date)s.")
    words = {"days": days, "date": PartialDate(facts.updated, "day")}
    return Light.RED if days >= thresholds.update_red_days else Light.AMBER, sentence % words


RULES: dict[Rule, Callable] = {
    Rule.START: _start,
    Rule.MONEY: _money,
    Rule.REGISTRATION: _registration,
    Rule.UPDATE: _update,
}


def counted(lights: Iterable[ProjectLight]) -> dict[str, int]:
    """How many projects show each light, every light named, the worst first."""
    shown = [one.light for one in lights]
    return {light: shown.count(light) for light in Light.values}
