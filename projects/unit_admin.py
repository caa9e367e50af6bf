"""Units that answer for projects, and how they share the credit, in the admin. Internal."""

from decimal import Decimal

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from liangzhou import permissions
from liangzhou.admin import LedgerAdmin, LedgerInline
from liangzhou.fieldsets import Section
from liangzhou.forms import PartsFormSet
from liangzhou.money import plain, show_wan

from .models import CreditShare, Project, credit_totals
from .models.unit import WHOLE

SUMS = ("number", "converted", "investment")  # columns of the list
UNIT = (Section(_("Unit"), internal=("name", "short_name", "place")),)


class CreditFormSet(PartsFormSet):
    """The shares of one project, which come to at most 100 %."""

    def clean(self):
        super().clean()
        staying = [form for form in self.forms if form not in self.deleted_forms and not form.errors]
        percents = [form.cleaned_data.get("percent") for form in staying if form.cleaned_data.get("unit")]
        total = sum((percent for percent in percents if percent is not None), Decimal(0))
        if total > WHOLE:
            sentence = _("The shares come to %(total)s %%; together they can be 100 %% at most.")
            raise ValidationError(sentence % {"total": plain(total)}, code="credit")


class CreditShareInline(LedgerInline):
    """Who shares the credit for a project."""

    model = CreditShare
    formset = CreditFormSet
    fields = ("unit", "percent")
    autocomplete_fields = ("unit",)


class OwnSharesInline(LedgerInline):
    """The projects of a unit, to be read; a share is changed in its project."""

    model = CreditShare
    template = "admin/projects/unit/shares.html"
    verbose_name_plural = _("projects that it is credited with")
    fields = readonly_fields = ("credited", "share", "share_of_investment", "stage")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("project", "unit").order_by("-project__updated_at", "-pk")

    def has_view_permission(self, request, obj=None):
        """By kind: a share belongs to its project, not to the unit in whose form it is shown."""
        return permissions.may(request.user, "view", CreditShare)

    def may_tell(self, request, part):
        """Also in the past, a share is told to who may see its project."""
        return permissions.may(request.user, "view", part)

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=_("project"))
    def credited(self, obj):
        address = reverse("admin:projects_project_change", args=[obj.project_id])
        return format_html('<a href="{}">{}</a>', address, obj.project)

    @admin.display(description=_("share (%)"))
    def share(self, obj):
        return plain(obj.percent)

    @admin.display(description=_("its share of the total investment"))
    def share_of_investment(self, obj):
        return show_wan(obj.investment)

    @admin.display(description=_("stage"))
    def stage(self, obj):
        return obj.project.get_stage_display()


class UnitAdmin(LedgerAdmin):
    sections = UNIT
    inlines = (OwnSharesInline,)
    list_display = ("name", "short_name", "place", "number", "converted", "investment", "changed")
    list_select_related = ("place", "updated_by")
    search_help_text = _("Name or pinyin (full or initials).")
    autocomplete_fields = ("place",)
    ordering = ("name",)

    def get_queryset(self, request):
        return super().get_queryset(request).with_credit(self._counted(request))

    def get_list_display(self, request):
        """Without the sums for those who may not see projects."""
        may_count = permissions.may(request.user, "view", Project)
        return [name for name in self.list_display if may_count or name not in SUMS]

    def changelist_view(self, request, extra_context=None):
        """Below the list stands the total of all projects that somebody sees, in which each counts once."""
        extra = {"credit": [], "limited": permissions.is_limited(request.user)}
        if permissions.may(request.user, "view", Project):
            extra["credit"] = totals_in_words(credit_totals(self._counted(request)))
        return super().changelist_view(request, {**extra, **(extra_context or {})})

    def _counted(self, request):
        return permissions.visible(request.user, Project.objects.implemented())

    @admin.display(description=_("projects it has a share in"), ordering="credited_projects")
    def number(self, obj):
        return obj.credited_projects or 0

    @admin.display(description=_("projects, by share"), ordering="credit_percent")
    def converted(self, obj):
        return plain(obj.converted_projects)

    @admin.display(description=_("total investment, by share"), ordering="credit_investment")
    def investment(self, obj):
        return show_wan(obj.converted_investment)


def totals_in_words(totals) -> list[dict]:
    """The lines below the list: what, how many projects, how much."""
    return [
        {
            "label": _("credited to units"),
            "projects": plain(totals.attributed_projects),
            "investment": show_wan(totals.attributed_investment),
        },
        {
            "label": _("not attributed"),
            "projects": plain(totals.open_projects),
            "investment": show_wan(totals.open_investment),
        },
        {
            "label": _("all projects from the signing on, each counted once"),
            "projects": plain(totals.projects),
            "investment": show_wan(totals.investment),
        },
    ]
