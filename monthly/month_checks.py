"""What is looked at before a month is locked: what stops it, what is not filled yet, what deserves a look."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Abs, Round
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liangzhou.money import DECIMAL_PLACES, LARGEST_WAN
from liangzhou.months import Month
from projects.models import Project
from projects.stages import Stage, Status

from .books import LiveBooks
from .models import FundingRecord, InvestmentRecord, ReportingMonth

NAMED = 5  # of a list of names


def blocking(month: Month, *, today: date) -> list[str]:
    """Sentences of what stops the locking of a month; `today` is a day of the office."""
    found = []
    if month.first > today:
        found.append(_("This month has not begun yet."))
    if open_before := months_open_before(month):
        words = {"months": "、".join(one.label for one in open_before)}
        found.append(_("Lock the months before it first: %(months)s.") % words)
    if large := too_large(month):
        sentence = _("The amounts of %(names)s add up to more than can be kept: correct them first.")
        found.append(sentence % {"names": named(large)})
    return found


def too_large(month: Month) -> list[str]:
    """The names of the projects whose amounts, of all months up to this one, a snapshot cannot hold as a sum.

    Signs are left out: no part of such a sum is too large then, either.
    """
    found = {}
    for kind in (FundingRecord, InvestmentRecord):
        rows = kind.objects.filter(month__lte=month.first).order_by().values("project")
        sums = rows.annotate(sum=Sum(Abs("amount"))).filter(sum__gt=LARGEST_WAN)
        found |= dict(sums.values_list("project", "project__name"))
    return sorted(found.values())


def months_open_before(month: Month) -> list[Month]:
    """The months of the year before this one that have amounts and are not locked."""
    return _not_locked({"month__gte": month.january.first, "month__lt": month.first})


def months_open_last_year(month: Month) -> list[Month]:
    """The months of the year before it that have amounts and are not locked: this one is compared with them."""
    return _not_locked({"month__gte": month.last_year.january.first, "month__lt": month.january.first})


def _not_locked(where: dict) -> list[Month]:
    days = {day for kind in (FundingRecord, InvestmentRecord) for day in _months_of(kind, where)}
    locked = set(ReportingMonth.objects.locked().filter(**where).values_list("month", flat=True))
    return [Month.of(day) for day in sorted(days - locked)]


def _months_of(kind, where: dict) -> Iterable[date]:
    return kind.objects.filter(**where).order_by().values_list("month", flat=True).distinct()


# What is filled


@dataclass(frozen=True)
class Filled:
    """How many projects of a group are to be filled in a month, and how many of them are."""

    label: str
    total: int
    done: int

    @property
    def open(self) -> int:
        """How many are not filled."""
        return self.total - self.done


def to_fill(month: Month, *, only: QuerySet | None = None) -> QuerySet:
    """The projects whose funds are entered each month, each with `filled`: whether there is a row, be it of 0.

    They are implemented by the end of the month, not paused or terminated, not at capacity (as desk/months.py
    reminds of). `only` limits them to some projects.
    """
    rows = LiveBooks(month, only=only).projects().filter(status=Status.NORMAL).exclude(stage=Stage.AT_CAPACITY)
    return rows.annotate(filled=Exists(FundingRecord.objects.filter(project=OuterRef("pk"), month=month.first)))


def filled_by(rows: QuerySet, by: str) -> list[Filled]:
    """`to_fill` by "chain" or "place", those with most left to do first; one query."""
    grouped = rows.values_list(f"{by}__name").annotate(total=Count("pk"), done=Count("pk", filter=Q(filled=True)))
    found = [Filled(name or _("not stated"), total, done) for name, total, done in grouped]
    return sorted(found, key=lambda one: (-one.open, one.label))


# What deserves a look


def warnings(month: Month, *, today: date) -> list[str]:
    """Sentences of what may be in order and should be looked at: they stop nothing."""
    found = [_("This month is not over yet.")] if today <= month.last else []
    if unfilled := to_fill(month).filter(filled=False).count():
        sentence = ngettext("%(count)d project is not filled.", "%(count)d projects are not filled.", unfilled)
        found.append(sentence % {"count": unfilled})
    return [*found, *_odd_amounts(month), *_odd_projects(month), *_open_last_year(month), *_base(month)]


def _base(month: Month) -> list[str]:
    """Growth (同比) compares with what there is of last year, which may not be all."""
    missing = months_without_base(month)
    if not missing:
        return []
    sentence = _("Last year's %(months)s have no funds: growth compares with less than the same months.")
    return [sentence % {"months": "、".join(one.label for one in missing)}]


def months_without_base(month: Month) -> list[Month]:
    """The same months of last year that have no row of funds, where some of them have."""
    same = [one.last_year for one in month.so_far()]
    days = set(_months_of(FundingRecord, {"month__in": [one.first for one in same]}))
    return [one for one in same if days and one.first not in days]


def _odd_amounts(month: Month) -> list[str]:
    found = []
    if above := above_investment(month):
        sentence = ngettext(
            "The funds of %(count)d project are more than its total investment: %(names)s.",
            "The funds of %(count)d projects are more than their total investment: %(names)s.",
            len(above),
        )
        found.append(sentence % {"count": len(above), "names": named(above)})
    if falling := below_zero(month):
        sentence = ngettext(
            "The cumulative of %(count)d project is below 0: %(names)s.",
            "The cumulative of %(count)d projects is below 0: %(names)s.",
            len(falling),
        )
        found.append(sentence % {"count": len(falling), "names": named(falling)})
    return found


def _odd_projects(month: Month) -> list[str]:
    found = []
    if others := not_implemented(month):
        sentence = ngettext(
            "%(count)d project is not implemented, and its amounts are in the sums: %(names)s.",
            "%(count)d projects are not implemented, and their amounts are in the sums: %(names)s.",
            len(others),
        )
        found.append(sentence % {"count": len(others), "names": named(others)})
    if undated := LiveBooks(month).projects().filter(known_since=None).count():
        sentence = ngettext(
            "%(count)d implemented project has no date of any step, and counts in every month.",
            "%(count)d implemented projects have no date of any step, and count in every month.",
            undated,
        )
        found.append(sentence % {"count": undated})
    return found


def _open_last_year(month: Month) -> list[str]:
    labels = [one.label for one in months_open_last_year(month)]
    sentence = _("These months of the year before have amounts and are not locked: %(months)s.")
    return [sentence % {"months": named(labels)}] if labels else []


def named(names: list[str]) -> str:
    """The first names of a list."""
    return "、".join(names[:NAMED]) + ("…" if len(names) > NAMED else "")


def above_investment(month: Month) -> list[str]:
    """The names of the projects whose funds, of all months up to this one, are more than the total investment."""
    sums = FundingRecord.objects.filter(month__lte=month.first).order_by().values("project_id")
    sums = sums.annotate(sum=_exact_sum()).filter(sum__gt=F("project__total_investment"))
    return list(sums.values_list("project__name", flat=True).order_by("project__name"))


def below_zero(month: Month) -> list[str]:
    """The names of the projects whose 累计, of funds from one origin or of investment, is below zero."""
    found = {}
    for kind, group in ((FundingRecord, ("origin",)), (InvestmentRecord, ())):
        rows = kind.objects.filter(month__gte=month.january.first, month__lte=month.first).order_by()
        sums = rows.values("project", *group).annotate(sum=_exact_sum()).filter(sum__lt=0)
        found |= dict(sums.values_list("project", "project__name"))
    return sorted(found.values())


def _exact_sum() -> Round:
    """A sum of amounts to the yuan: SQLite adds in binary, where 0.1 and 0.2 are more than 0.3."""
    return Round(Sum("amount"), DECIMAL_PLACES)


def not_implemented(month: Month) -> list[str]:
    """The names of the projects with amounts in the year to date that count as implemented in no figure of projects."""
    scope = {"month__gte": month.january.first, "month__lte": month.first, "project": OuterRef("pk")}
    funds, investment = (kind.objects.filter(**scope).exclude(amount=0) for kind in (FundingRecord, InvestmentRecord))
    rows = Project.objects.filter(Exists(funds) | Exists(investment))
    rows = rows.exclude(pk__in=LiveBooks(month).projects().values("pk"))
    return list(rows.order_by("name").values_list("name", flat=True))


def projects_filled(month: Month, *, only: QuerySet | None = None) -> Filled:
    """All of `to_fill` as one; one query."""
    rows = to_fill(month, only=only)
    counts = rows.aggregate(total=Count("pk"), done=Count("pk", filter=Q(filled=True)))
    return Filled("", counts["total"], counts["done"])
