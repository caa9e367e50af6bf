"""What a project's form in the admin shows of its months: funds and investment of this year, with ways to the rows."""

from dataclasses import dataclass, field

from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone

from liangzhou import permissions, series
from liangzhou.money import show_wan
from liangzhou.months import Month

from .models import AnnualPlan, FundingRecord, InvestmentRecord, ProgressReport


@dataclass(frozen=True)
class MonthRow:
    """One month, in words; empty addresses where there is nothing to lead to."""

    label: str
    funds: str
    funds_url: str
    funds_so_far: str
    investment: str
    investment_url: str


@dataclass(frozen=True)
class Panel:
    """The panel: the template that prints it and what it prints."""

    year: int
    total: str  # of the funds since January
    rows: list[MonthRow]
    links: list[tuple[str, str]] = field(default_factory=list)  # (kind of record, the list of the project's)
    template: str = "admin/monthly/_project_months.html"


def of_project(request, project) -> Panel | None:
    """The panel of a stored project; None for who may not see its funds."""
    if not permissions.may(request.user, "view", FundingRecord(project=project)):
        return None
    month = Month.of(timezone.localdate())
    funds, investment = (_by_month(kind, project, month) for kind in (FundingRecord, InvestmentRecord))
    so_far = series.cumulatives(funds, month)
    rows = [
        MonthRow(
            one.label,
            show_wan(funds.get(one)),
            _rows_of(FundingRecord, project, one) if one in funds else "",
            show_wan(so_far[one]),
            show_wan(investment.get(one)),
            _rows_of(InvestmentRecord, project, one) if one in investment else "",
        )
        for one in month.so_far()
    ]
    kinds = (FundingRecord, InvestmentRecord, ProgressReport, AnnualPlan)
    links = [(str(kind._meta.verbose_name_plural), _rows_of(kind, project)) for kind in kinds]
    return Panel(month.year, show_wan(so_far[month]), rows, links)


def _by_month(kind, project, month: Month) -> dict[Month, object]:
    """What each month of the year has: the sum of its rows. One query."""
    rows = kind.objects.filter(project=project, month__gte=month.january.first, month__lte=month.first)
    sums = rows.order_by().values_list("month").annotate(Sum("amount"))
    return {Month.of(day): amount for day, amount in sums}


def _rows_of(kind, project, month: Month | None = None) -> str:
    opts = kind._meta
    address = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
    return f"{address}?project__id__exact={project.pk}" + (f"&month={month}" if month else "")
