"""What ledgers get wrong: the slips of a month's amount, each told in one sentence. Pure: no database, no clock.

An error blocks. A warning asks for a reason where the amount is changed; it may be as it says. A warning it
is wherever an honest figure could look the same.

code                      severity  cell        fires where
future                    error     month       the month has not begun
ten_times_investment      error     month       all that came is more than ten times the total investment
above_investment          warning   month       … or more than the total investment, up to ten times
below_last_month          warning   cumulative  the cumulative is below that of the month before (核减)
month_as_cumulative       warning   cumulative  … and no larger than a month: the month was typed as cumulative
negative                  warning   month       below 0 where no cumulative falls: in January, or nothing came before
cumulative_as_month       warning   month       the month is what the cumulative would be: typed as month
unit                      warning   month       about 10,000 times more or less than is usual: 元, 万元, 亿元
jump                      warning   month       more than ten times as much, or less than a tenth of what is usual
december_carried          warning   month       January repeats December, or goes on from last year's cumulative
before_signing            warning   month       money came in a month before the contract was signed
start_before_signing      warning   project     the four are those of projects/stages.py, unless they were
production_without_start  warning   project     … let through there with a reason
production_before_start   warning   project
statistics_too_small      warning   project     入库 below 500万元
statistics_before_start   warning   project
two_rows                  warning   project     another row of the sheet may be the same project
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from statistics import median

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liangzhou.money import show_wan
from liangzhou.months import Month
from projects.stages import REQUIREMENTS, Facts, Stage

JUMP = 10  # times what is usual
UNIT_SLIP = (
    3_000,
    30_000,
)  # times what is usual: a unit of 10,000 mixed up, and the month itself up to three times off
A_MONTH_MORE = 3  # times the largest month: how far a cumulative typed as month may lie above the last cumulative
CARRIED = Decimal("1.5")  # times last year's cumulative: December's with a January on top
MONTHS_LOOKED_AT = 12
SAME_REASON = 2  # times: how far an amount may change before the reason of its warnings is asked for again
OF_ANOTHER_AMOUNT = gettext_lazy("This reason was given for another amount: say why it is right now.")
STARTED = "started"  # the requirement that production without start does not meet


class Severity(StrEnum):
    """What a slip does to the row."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Slip:
    """One thing that looks wrong: `cell` is where it is shown, the sentence is in the language that was active."""

    code: str
    severity: Severity
    cell: str
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Figures:
    """One project's month in one series, as it would be saved, and what it is judged by. Amounts in 万元.

    `before` is the cumulative of this year's months before, None where none is known; `this_year` their amounts;
    `earlier` the amounts of up to twelve months before, of whichever year. `others` is all that is recorded of
    the project besides this amount, of whatever month (and origin). None is what is not known.
    """

    month: Month
    amount: Decimal | None
    this_month: Month  # the month of today
    before: Decimal | None = None
    this_year: tuple[Decimal, ...] = ()
    earlier: tuple[Decimal, ...] = ()
    last_december: Decimal | None = None
    last_year: Decimal | None = None
    others: Decimal = Decimal(0)
    investment: Decimal | None = None
    facts: Facts = field(default_factory=Facts)
    stage: str = Stage.SIGNED
    let_through: frozenset[str] = frozenset()  # names of requirements
    look_alikes: tuple[str, ...] = ()

    @property
    def cumulative(self) -> Decimal:
        """累计 with this month."""
        return (self.before or Decimal(0)) + (self.amount or Decimal(0))

    @property
    def usual(self) -> Decimal | None:
        """The median of the earlier months in which something came; None where nothing ever did."""
        known = [amount for amount in self.earlier[:MONTHS_LOOKED_AT] if amount > 0]
        return median(known) if known else None


def slips(figures: Figures) -> list[Slip]:
    """Everything that looks wrong with a month's amount and its project, errors first; amounts that are not there
    have no slips."""
    found = [] if figures.amount is None else [one for rule in AMOUNT_RULES if (one := rule(figures))]
    found += project_slips(figures)
    return sorted(found, key=lambda one: one.severity != Severity.ERROR)


def wants_new_reason(now: list[Slip], amount: Decimal, then: list[Slip], stood: Decimal | None) -> bool:
    """Whether the reason given for what `stood` there, with its slips `then`, says nothing of what takes its place.

    It does where nothing new is doubtful, and the amount (万元) has about the size that the reason was given for.
    """
    codes = {one.code for one in now if one.severity == Severity.WARNING}
    if codes - {one.code for one in then}:
        return True
    if stood is None or all(one.cell == "project" for one in now):
        return False
    small, large = sorted((abs(amount), abs(stood)))
    return (amount < 0) != (stood < 0) or large > small * SAME_REASON


def _error(code: str, cell: str, sentence: str) -> Slip:
    return Slip(code, Severity.ERROR, cell, sentence)


def _warning(code: str, cell: str, sentence: str) -> Slip:
    return Slip(code, Severity.WARNING, cell, sentence)


# The amount. Each rule gives its slip, or None.


def future(figures: Figures) -> Slip | None:
    """Nothing has arrived in a month that has not begun."""
    if figures.month <= figures.this_month:
        return None
    return _error("future", "month", _("This month has not begun yet."))


def investment(figures: Figures) -> Slip | None:
    """All that came, of whatever month and origin, against the total investment."""
    whole = figures.others + figures.amount
    if figures.investment is None or whole <= figures.investment or figures.amount <= 0:
        return None
    told = {"all": show_wan(whole), "investment": show_wan(figures.investment)}
    if whole > figures.investment * JUMP:
        sentence = _("With it %(all)s came in all, more than ten times the total investment of %(investment)s.")
        return _error("ten_times_investment", "month", sentence % told)
    sentence = _("With it %(all)s came in all, more than the total investment of %(investment)s.")
    return _warning("above_investment", "month", sentence % told)


def falling(figures: Figures) -> Slip | None:
    """A cumulative that falls, or an amount below 0 where there is none to fall."""
    if figures.amount >= 0:
        return None
    if figures.before is None:
        return _warning("negative", "month", _("The amount is below 0: say why."))
    told = {"cumulative": show_wan(figures.cumulative), "before": show_wan(figures.before)}
    if 0 < figures.cumulative <= max(figures.this_year, default=Decimal(0)):
        sentence = _("The cumulative is no larger than a month, below %(before)s: is it the amount of the month?")
        return _warning("month_as_cumulative", "cumulative", sentence % told)
    sentence = _("The cumulative %(cumulative)s is below last month's %(before)s: say why.")
    return _warning("below_last_month", "cumulative", sentence % told)


def size(figures: Figures) -> Slip | None:
    """An amount out of all proportion to the months before: the likeliest explanation is told, and one only."""
    if figures.amount <= 0:
        return None
    if _is_cumulative(figures):
        told = {"before": show_wan(figures.before)}
        sentence = _("The month alone is as much as all months before (%(before)s): is it the cumulative?")
        return _warning("cumulative_as_month", "month", sentence % told)
    usual = figures.usual
    if usual is None or usual / JUMP <= figures.amount <= usual * JUMP:
        return None
    told = {"usual": show_wan(usual)}
    times = max(figures.amount / usual, usual / figures.amount)
    if UNIT_SLIP[0] <= times <= UNIT_SLIP[1]:
        sentence = _("About 10,000 times off: %(usual)s a month is usual. Were 元, 万元 and 亿元 mixed up?")
        return _warning("unit", "month", sentence % told)
    if figures.amount > usual:
        return _warning("jump", "month", _("More than ten times what is usual (%(usual)s a month).") % told)
    return _warning("jump", "month", _("Less than a tenth of what is usual (%(usual)s a month).") % told)


def _is_cumulative(figures: Figures) -> bool:
    came = [amount for amount in figures.this_year if amount > 0]
    if not came or not figures.before or figures.before <= 0:
        return False
    if len(came) == 1:  # after one month alone, only where it would be the largest month for long, and is none as sum
        largest = max(known) if len(known := [one for one in figures.earlier if one > 0]) > 2 else None
        return largest is not None and figures.amount - figures.before <= largest < figures.amount
    return figures.before <= figures.amount <= figures.before + A_MONTH_MORE * max(came)


def december_carried(figures: Figures) -> Slip | None:
    """January begins again: it neither repeats December nor goes on from last year's cumulative."""
    if figures.month.number != 1 or figures.amount <= 0:
        return None
    repeats = figures.amount == figures.last_december
    goes_on = figures.last_year and figures.last_year <= figures.amount <= figures.last_year * CARRIED
    if not (repeats or goes_on):
        return None
    sentence = _("The cumulative begins again in January: was December's figure (%(december)s) carried on?")
    december = figures.last_year if goes_on else figures.last_december
    return _warning("december_carried", "month", sentence % {"december": show_wan(december)})


def before_signing(figures: Figures) -> Slip | None:
    """Money before the contract."""
    signed = figures.facts.dates.get("signed")
    if signed is None or figures.amount <= 0 or figures.month.last >= signed.first:
        return None
    return _warning("before_signing", "month", _("The contract was signed later: %(date)s.") % {"date": signed})


AMOUNT_RULES: tuple[Callable[[Figures], Slip | None], ...] = (
    future,
    investment,
    falling,
    size,
    december_carried,
    before_signing,
)


# The project


def project_slips(figures: Figures) -> list[Slip]:
    """What contradicts itself in a project's own facts, and the rows that may be the same project."""
    found = [_warning(code, "project", sentence) for code, sentence in _contradictions(figures)]
    if figures.look_alikes:
        sentence = _("It may be the same project as %(names)s.") % {"names": "、".join(figures.look_alikes)}
        found.append(_warning("two_rows", "project", sentence))
    return found


def _contradictions(figures: Figures) -> Iterable[tuple[str, str]]:
    if STARTED not in figures.let_through and _produces_without_start(figures):
        yield "production_without_start", _("Production has begun, but the start of works has no date.")
    for requirement in REQUIREMENTS:
        apart = requirement.since is not None or requirement.name in (STARTED, *figures.let_through)
        if not apart and not requirement.met(figures.facts):
            yield requirement.name, str(requirement.sentence)


def _produces_without_start(figures: Figures) -> bool:
    dates = figures.facts.dates
    produces = "producing" in dates or Stage(figures.stage).order >= Stage.PRODUCING.order
    return produces and "started" not in dates
