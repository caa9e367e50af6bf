"""Ledgers in and out in the admin: which addresses there are, and who may open them."""

from functools import wraps

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.urls import path
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from liangzhou import permissions
from liangzhou.admin import LedgerAdmin
from liangzhou.history.changes import person

from . import pages, taking_out
from .columns import LEDGER
from .headings import CONTACT, IGNORED, LEFT_OUT
from .models import LedgerImport, LedgerTemplate
from .preview import SHOWN


@admin.register(LedgerImport)
class LedgerImportAdmin(LedgerAdmin):
    """A list, and pages of its own in place of the forms."""

    actions = None
    list_display = ("file_name", "state", "outcomes", "brought_in", "who")
    list_filter = ("state",)
    list_select_related = ("by",)
    search_fields = ("file_name",)
    ordering = ("-id",)

    def get_queryset(self, request):
        return permissions.imports(request.user, LedgerImport.objects.order_by(*self.get_ordering(request)))

    def has_module_permission(self, request):
        return permissions.may_see_imports(request.user)

    def has_view_permission(self, request, obj=None):
        return permissions.may_see_imports(request.user)

    def has_change_permission(self, request, obj=None):
        return permissions.may_import(request.user)

    def has_add_permission(self, request):
        return permissions.may_import(request.user)

    def has_delete_permission(self, request, obj=None):
        return False  # discarding keeps what was looked at

    def changelist_view(self, request, extra_context=None):
        title = {"title": capfirst(self.opts.verbose_name_plural)}  # nothing here is chosen to be edited
        return super().changelist_view(request, title | (extra_context or {}))

    def get_urls(self):
        return [
            path("", self.admin_site.admin_view(self.changelist_view), name="ledgers_ledgerimport_changelist"),
            path("add/", self._page(pages.upload, permissions.may_import), name="ledgers_ledgerimport_add"),
            path("template.xlsx", self._page(taking_out.template), name="ledgers_template"),
            path("export.<format:format>", self._open(taking_out.ledger), name="ledgers_export"),
            path("<int:pk>/change/", self._page(pages.show), name="ledgers_ledgerimport_change"),
            path("<int:pk>/columns/", self._page(pages.columns), name="ledgers_columns"),
            path("<int:pk>/check/", self._page(pages.check), name="ledgers_check"),
            path("<int:pk>/decide/", self._page(pages.decide), name="ledgers_decide"),
            path("<int:pk>/options/", self._page(pages.options), name="ledgers_options"),
            path("<int:pk>/confirm/", self._page(pages.confirm), name="ledgers_confirm"),
            path("<int:pk>/discard/", self._page(pages.discard), name="ledgers_discard"),
            path("<int:pk>/marked.xlsx", self._page(taking_out.marked_workbook), name="ledgers_marked"),
        ]

    def _page(self, view, open_to=permissions.may_see_imports):
        """A page of ours, for those of the staff to whom it is open; which import they see is asked by the page."""

        @wraps(view)
        def guarded(model_admin, request, **kwargs):
            if not open_to(request.user):
                raise PermissionDenied
            return view(model_admin, request, **kwargs)

        return self._open(guarded)

    def _open(self, view):
        """A page of ours, for staff; the view itself asks who may see what."""

        @wraps(view)
        def bound(request, **kwargs):
            return view(self, request, **kwargs)

        return self.admin_site.admin_view(bound)

    @admin.display(description=_("when"), ordering="at")
    def brought_in(self, obj):
        return obj.at

    @admin.display(description=_("who"))
    def who(self, obj):
        return person(obj.by)

    @admin.display(description=_("rows"))
    def outcomes(self, obj):
        """The kinds of rows of which there are any."""
        counted = [(outcome.label, obj.counts.get(outcome, 0)) for outcome in SHOWN if outcome != "skipped"]
        return "、".join(f"{label} {count}" for label, count in counted if count) or str(obj.total_rows)


@admin.register(LedgerTemplate)
class LedgerTemplateAdmin(LedgerAdmin):
    """What clerks said of columns; made on the pages of an import, renamed and deleted here."""

    fields = ("name",)
    readonly_fields = ("understood",)
    list_display = ("name", "understood", "changed")

    def get_queryset(self, request):
        rows = permissions.ledger_templates(request.user, LedgerTemplate.objects.all())
        return rows if self.has_view_permission(request) else rows.none()

    def has_module_permission(self, request):
        return permissions.may_see_imports(request.user)

    def has_view_permission(self, request, obj=None):
        return permissions.may_see_imports(request.user)

    def has_change_permission(self, request, obj=None):
        mine = obj is None or permissions.may_rename_template(request.user, obj)
        return permissions.may_import(request.user) and mine

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return self.has_change_permission(request, obj)

    def get_fieldsets(self, request, obj=None):
        return [
            (None, {"fields": ["name", "understood"]}),
            (_("About this record"), {"fields": [("entered", "changed")]}),
        ]

    @admin.display(description=_("meanings"))
    def understood(self, obj):
        """Each heading with the column that it means."""
        labels = {column.name: column.header for column in LEDGER.values()}
        labels |= dict.fromkeys((LEFT_OUT, IGNORED, CONTACT, ""), _("left out"))
        return "\uff1b".join(f"{heading} → {labels.get(name, name)}" for heading, name in obj.meanings.items())
