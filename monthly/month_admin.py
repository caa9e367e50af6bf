"""Months in the admin: the list of them, the addresses of their pages, and who may open which."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, ExtractYear
from django.http import Http404, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.module_loading import import_string
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from liangzhou import permissions
from liangzhou.lists import GuardedList, is_key
from liangzhou.months import Month
from liangzhou.pagination import CappedPaginator
from liangzhou.periods import FIRST_YEAR

from . import figure_choices
from .models import FundingRecord, InvestmentRecord, MonthVersion, ReportingMonth

LOOKS = {"open": "draft", "locked": "public"}


@admin.register(ReportingMonth)
class ReportingMonthAdmin(GuardedList, admin.ModelAdmin):
    """A list, and pages of its own in place of the forms: a month is opened, locked and published by acts."""

    actions = None
    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 36
    list_display = ("name", "state_shown", "filled", "newest", "public", "since")
    list_display_links = None
    list_filter = ("state",)
    date_hierarchy = "month"
    ordering = ("-month",)

    def get_queryset(self, request):
        """Each month with its versions, how many projects have funds in it, and what was entered since."""
        versions = MonthVersion.objects.filter(reporting_month=OuterRef("pk")).order_by("-number")
        rows = (
            super()
            .get_queryset(request)
            .annotate(
                newest_number=Subquery(versions.values("number")[:1]),
                newest_at=Subquery(versions.values("locked_at")[:1]),
                public_number=Subquery(versions.public().values("number")[:1]),
                filled_projects=_count(FundingRecord.objects.filter(month=OuterRef("month")), "project"),
                year=ExtractYear("month"),
            )
        )
        rows = rows.annotate(changed_funds=_since(FundingRecord), changed_investment=_since(InvestmentRecord))
        nobodys = Q(created_by=None, state=ReportingMonth.State.OPEN, newest_number=None, filled_projects=0)
        nobodys &= ~Exists(InvestmentRecord.objects.filter(month=OuterRef("month")))
        return rows.exclude(nobodys)  # a January that only stands for its year: see locking.hold_all

    def changelist_view(self, request, extra_context=None):
        """With the months that nobody has opened yet: those with amounts, and the one that is over last."""
        there = set(ReportingMonth.objects.values_list("month", flat=True))
        due = {Month.of(timezone.localdate()).plus(-1), *figure_choices.months_with_rows()}
        more = sorted((month for month in due if month.first not in there), reverse=True)
        extra = {
            "title": capfirst(self.opts.verbose_name_plural),  # nothing here is chosen to be edited
            "more_months": [(month.label, reverse("admin:monthly_month", args=[month])) for month in more],
        }
        return super().changelist_view(request, extra | (extra_context or {}))

    @admin.display(description=_("month"), ordering="month")
    def name(self, obj):
        month = Month.of(obj.month)
        return format_html('<a href="{}">{}</a>', reverse("admin:monthly_month", args=[month]), month.label)

    @admin.display(description=_("state"), ordering="state")
    def state_shown(self, obj):
        return format_html('<span class="state state--{}">{}</span>', LOOKS[obj.state], obj.get_state_display())

    @admin.display(description=_("projects with funds"))
    def filled(self, obj):
        return obj.filled_projects

    @admin.display(description=_("newest version"))
    def newest(self, obj):
        return obj.newest_number

    @admin.display(description=_("public version"))
    def public(self, obj):
        return obj.public_number

    @admin.display(description=_("rows entered since"))
    def since(self, obj):
        return obj.changed_funds + obj.changed_investment if obj.newest_number else None

    # Who

    def has_module_permission(self, request):
        return permissions.may(request.user, "view", ReportingMonth)

    def has_view_permission(self, request, obj=None):
        return permissions.may(request.user, "view", ReportingMonth)

    def has_add_permission(self, request):
        return permissions.may(request.user, "add", ReportingMonth)

    def has_change_permission(self, request, obj=None):
        return permissions.may(request.user, "change", ReportingMonth)

    def has_delete_permission(self, request, obj=None):
        return False  # a month that was entered stays

    # Addresses

    def get_urls(self):
        month = "<month:month>/"
        return [
            path("", self.admin_site.admin_view(self.changelist_view), name="monthly_reportingmonth_changelist"),
            path("add/", self._page("month_pages.add"), name="monthly_reportingmonth_add"),
            path("<int:pk>/change/", self.admin_site.admin_view(self.by_key), name="monthly_reportingmonth_change"),
            path("leader/", self._page("desk.pages.leader", guarded=False), name="monthly_leader"),
            path(month, self._page("month_pages.show"), name="monthly_month"),
            path(f"{month}lock/", self._page("month_acts.lock"), name="monthly_lock"),
            path(f"{month}unlock/", self._page("month_acts.unlock"), name="monthly_unlock"),
            path(f"{month}<int:number>/publish/", self._page("month_acts.publish"), name="monthly_publish"),
            path(f"{month}<int:number>/withdraw/", self._page("month_acts.withdraw"), name="monthly_withdraw"),
            path(f"{month}compare/", self._page("month_compare.compare"), name="monthly_compare"),
            path(f"{month}sheet/", self._page("sheet.pages.sheet"), name="monthly_sheet"),
            path(f"{month}sheet.<format:format>", self._page("sheet.pages.export"), name="monthly_sheet_export"),
            path(f"{month}figures/", self._page("figure_pages.figures"), name="monthly_figures"),
            path(f"{month}figures.<format:format>", self._page("figure_pages.export"), name="monthly_figures_export"),
            path(f"{month}rows/", self._page("figure_pages.rows"), name="monthly_rows"),
            path(f"{month}rows.<format:format>", self._page("figure_pages.export_rows"), name="monthly_rows_export"),
            path(f"{month}report/", self._page("report.pages.show"), name="monthly_report_page"),
            path(f"{month}report.<str:format>", self._page("report.pages.report"), name="monthly_report"),
        ]

    def _page(self, dotted: str, *, guarded: bool = True):
        """A page of ours by its name inside of `monthly`; a guarded one is for those who may see months.

        Which rows somebody sees there, and what they may do, is asked by the page.
        """

        def bound(request, **kwargs):
            if guarded and not permissions.may(request.user, "view", ReportingMonth):
                raise PermissionDenied
            if "month" in kwargs and kwargs["month"].year <= FIRST_YEAR:  # the year before is asked for too
                raise Http404
            return _view(dotted)(self, request, **kwargs)

        return self.admin_site.admin_view(bound)

    def by_key(self, request, pk: int):
        """Where the admin leads to a month by its key."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = ReportingMonth.objects.filter(pk=pk).first() if is_key(str(pk)) else None
        if row is None:
            raise Http404
        return HttpResponseRedirect(reverse("admin:monthly_month", args=[Month.of(row.month)]))


def _count(rows, of: str):
    """How many different values rows have in a column, for a query that they refer to."""
    whole = rows.order_by().annotate(all=Value(1)).values("all")
    return Coalesce(Subquery(whole.annotate(n=Count(of, distinct=True)).values("n")), 0)


def _since(kind):
    """How many rows were entered since the newest version of a month, in the two years that it sums."""
    scope = {"month__lte": OuterRef("month"), "month__year__gte": OuterRef("year") - 1}
    rows = kind.objects.filter(created_at__gt=OuterRef("newest_at"), **scope).order_by()
    return _count(rows, "pk")


def _view(dotted: str):
    return import_string(f"monthly.{dotted}")
