"""Duties for places in the admin: who answers for which."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from liangzhou.accounts.grant_admin import GrantAdmin, GrantForm
from liangzhou.accounts.people import name_and_username


class PlaceDutyForm(GrantForm):
    """A duty stays with its person: another person gets one of their own."""

    people_field = "person"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and "person" in self.fields:
            self.fields["person"].disabled = True


class PlaceDutyAdmin(GrantAdmin):
    """A person with the places that are theirs."""

    form = PlaceDutyForm
    fields = ("person", "places")
    readonly_fields = ("who", "which")
    autocomplete_fields = ("person", "places")
    guarded = ("person", "places")
    list_display = ("who", "which", "changed")
    list_select_related = ("person", "updated_by")
    search_fields = ("person__username", "person__last_name", "person__first_name")
    search_help_text = _("Name or user name.")
    ordering = ("person",)

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("places")

    def get_fieldsets(self, request, obj=None):
        """Who only reads gets names: accounts are not theirs to open."""
        fieldsets = super().get_fieldsets(request, obj)
        writes = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        return fieldsets if writes else [(None, {"fields": ["who", "which"]}), *fieldsets[1:]]

    def state(self, obj):
        return {
            "person": obj.person.get_username(),
            "places": sorted(obj.places.values_list("name", flat=True)),
        }

    @admin.display(description=_("person"), ordering="person__last_name")
    def who(self, obj):
        return name_and_username(obj.person)

    @admin.display(description=_("places"))
    def which(self, obj):
        return "\u3001".join(place.name for place in obj.places.all()) or "—"
