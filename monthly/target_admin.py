"""Targets and plans of a year in the admin."""

import re
import unicodedata
from decimal import Decimal

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liangzhou.admin import LedgerAdmin
from liangzhou.fieldsets import Section, admin_fieldsets
from liangzhou.forms import LedgerForm
from liangzhou.money import parse_wan, plain, show_wan, typed_form

from .models import AnnualPlan, AnnualTarget, Indicator
from .project_rows import ProjectRowAdmin, ProjectRowForm, YearFilter

TARGET = (
    Section(gettext_lazy("Target"), internal=("year", "indicator", "value")),
    Section(gettext_lazy("For whom: for the whole district where all are empty"), internal=("chain", "place", "unit")),
)
PLAN = (Section(gettext_lazy("Plan of a year"), internal=("project", "year", "indicator", "value", "reason")),)
_COUNT = re.compile(r"(\d{1,3}(?:,\d{3})+|\d{1,9})[项个]?", re.ASCII)


def parse_target(text: str, indicator: Indicator) -> Decimal:
    """Read a target as people type it: an amount with its unit, or a number of projects (120, 120项).

    Raises ValidationError with a sentence for everything else.
    """
    if not indicator.counts_projects:
        return parse_wan(text)
    normal = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text[:60]))
    found = _COUNT.fullmatch(normal)
    if found is None:
        raise ValidationError(_("A number of projects is a whole number: 120 or 120项."), code="count")
    return Decimal(found[1].replace(",", ""))


def shown_target(value: Decimal | None, indicator: str) -> str:
    """A target for people: 200 亿元, 120 项; — where it is not known."""
    if value is None or indicator not in Indicator.values:
        return "—"
    return f"{plain(value)} 项" if Indicator(indicator).counts_projects else show_wan(value)


class TargetForm(LedgerForm):
    """A target as it is typed: what its value may be depends on its indicator."""

    value = forms.CharField(max_length=40, widget=forms.TextInput(attrs={"size": 24}))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "value" not in self.fields:
            return
        field = AnnualTarget._meta.get_field("value")
        self.fields["value"].label, self.fields["value"].help_text = capfirst(field.verbose_name), field.help_text
        if self.instance.pk and self.instance.value is not None and self.instance.indicator in Indicator.values:
            counted = Indicator(self.instance.indicator).counts_projects
            self.initial["value"] = f"{plain(self.instance.value)}项" if counted else typed_form(self.instance.value)

    def clean_value(self):
        indicator = self.cleaned_data.get("indicator") or self.instance.indicator
        text = self.cleaned_data["value"]
        return parse_target(text, Indicator(indicator)) if indicator in Indicator.values else parse_wan(text)


@admin.register(AnnualTarget)
class TargetAdmin(LedgerAdmin):
    """What is to be reached by whom."""

    form = TargetForm
    sections = TARGET
    list_display = ("year_shown", "indicator", "whom", "target", "changed")
    list_display_links = ("year_shown",)
    list_filter = (YearFilter, "indicator", "chain", "place", "unit")
    list_select_related = ("chain", "place", "unit", "updated_by")
    search_fields = ("chain__name", "place__name", "unit__name")
    search_help_text = gettext_lazy("Name of the chain, the place or the unit.")
    autocomplete_fields = ("chain", "place", "unit")
    show_facets = admin.ShowFacets.NEVER
    ordering = ("-year", "indicator", "id")

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        told = [(heading, {**how, "fields": ["target" if one == "value" else one for one in how["fields"]]})
                for heading, how in admin_fieldsets(self.sections)]  # fmt: skip
        return [*told, fieldsets[-1]]

    def get_readonly_fields(self, request, obj=None):
        return (*super().get_readonly_fields(request, obj), "target")

    @admin.display(description=gettext_lazy("year"), ordering="year")
    def year_shown(self, obj):
        return str(obj.year)

    @admin.display(description=gettext_lazy("for"))
    def whom(self, obj):
        return getattr(obj, obj.scope) if obj.scope else _("the district")

    @admin.display(description=gettext_lazy("target"), ordering="value")
    def target(self, obj):
        return shown_target(obj.value, obj.indicator)


class PlanForm(ProjectRowForm):
    """A plan as it is typed: one for each year and indicator."""

    once = ("year", "indicator")

    def clean(self):
        cleaned = super().clean()
        told = "reason" in self.changed_data and cleaned.get("reason")
        if self.instance.pk and "value" in self.changed_data and not told:
            self.add_error("reason", _("The target was changed: say why."))
        return cleaned


@admin.register(AnnualPlan)
class PlanAdmin(ProjectRowAdmin):
    """The plans of projects."""

    form = PlanForm
    sections = PLAN
    money = ("value",)
    fixed = ("project", "year", "indicator")
    shown_as = {**ProjectRowAdmin.shown_as, "value": "planned"}
    list_display = ("year_shown", "of_project", "indicator", "planned", "reason", "changed")
    list_display_links = ("year_shown",)
    list_filter = (YearFilter, "indicator", "project__chain", "project__place")
    ordering = ("-year", "-id")

    @admin.display(description=gettext_lazy("year"), ordering="year")
    def year_shown(self, obj):
        return str(obj.year)

    @admin.display(description=gettext_lazy("plan of the year"), ordering="value")
    def planned(self, obj):
        return show_wan(obj.value)
