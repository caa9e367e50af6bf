"""Months in the admin: the list of them, the addresses of their pages, and who may open which."""

from functools import wraps

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.module_loading import import_string
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from liangzhou import permissions
from liangzhou.lists import GuardedList, is_key
from liangzhou.months import Month
from liangzhou.pagination import CappedPaginator

from .models import ReportingMonth


@admin.register(ReportingMonth)
class ReportingMonthAdmin(GuardedList, admin.ModelAdmin):
    """A list, and pages of its own in place of the forms: a month is opened, locked and published by acts."""

    actions = None
    paginator = CappedPaginator
    show_full_result_count = False
    list_per_page = 36
    list_display = ("name", "state_shown", "filled", "newest", "public", "since")
    list_display_links = None
    ordering = ("-month",)

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


def _view(dotted: str):
    return import_string(f"monthly.{dotted}")
