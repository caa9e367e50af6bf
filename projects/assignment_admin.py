"""Who looks after a project (包抓联), in its form, and the events at which contracts were signed. Internal."""

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from liangzhou.accounts import people
from liangzhou.admin import LedgerAdmin, LedgerInline
from liangzhou.fieldsets import Section, show_value
from liangzhou.history.changes import UNKNOWN
from liangzhou.roles import BY_CODE

from .models import Assignment

EVENT = (Section(_("Signing event"), internal=("name", "held_on")),)


class AssignmentInline(LedgerInline):
    """The leaders and units that look after a project."""

    model = Assignment
    fields = ("leader_name", "leader", "unit", "liaison", "since", "until")
    autocomplete_fields = ("unit",)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """The accounts of leaders, and those that were chosen once and are leaders' no more."""
        if db_field.name == "leader":
            leaders = people.who_can_work().filter(groups__name=BY_CODE["leader"].name)
            chosen = Assignment.objects.exclude(leader=None).values("leader")
            accounts = get_user_model().objects.order_by("username")
            kwargs["queryset"] = accounts.filter(pk__in=leaders.values("pk")) | accounts.filter(pk__in=chosen)
            kwargs["form_class"] = people.PersonField
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class SigningEventAdmin(LedgerAdmin):
    sections = EVENT
    list_display = ("name", "day", "changed")
    list_filter = ("held_on",)
    search_help_text = _("Name or pinyin (full or initials).")
    ordering = ("-held_on", "-id")

    @admin.display(description=_("held on"), ordering="held_on", empty_value=UNKNOWN)
    def day(self, obj):
        return show_value(obj.held_on) if obj.held_on else None
