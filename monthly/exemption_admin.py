"""Justified reasons (正当理由) in the admin."""

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liangzhou.fieldsets import Section, show_value
from liangzhou.history.changes import UNKNOWN

from .models import Exemption
from .project_rows import ProjectRowAdmin

EXEMPTION = (Section(gettext_lazy("Justified reason"), internal=("project", "rule", "reason", "since", "until")),)


class HoldsFilter(admin.SimpleListFilter):
    """Whether they hold today."""

    title, parameter_name = gettext_lazy("state"), "state"

    def lookups(self, request, model_admin):
        return [("holds", _("holds today")), ("over", _("does not hold today"))]

    def queryset(self, request, queryset):
        today = Exemption.objects.on(timezone.localdate()).values("pk")
        return {
            "holds": queryset.filter(pk__in=today),
            "over": queryset.exclude(pk__in=today),
        }.get(self.value(), queryset)


@admin.register(Exemption)
class ExemptionAdmin(ProjectRowAdmin):
    """Which rule does not count for which project, and why."""

    sections = EXEMPTION
    list_display = ("of_project", "rule", "reason", "from_day", "to_day", "changed")
    list_display_links = ("rule",)
    list_filter = (HoldsFilter, "rule", "project__chain", "project__place")
    ordering = ("-since", "-id")

    @admin.display(description=gettext_lazy("since"), ordering="since")
    def from_day(self, obj):
        return show_value(obj.since)

    @admin.display(description=gettext_lazy("until"), ordering="until", empty_value=UNKNOWN)
    def to_day(self, obj):
        return show_value(obj.until) if obj.until else None
