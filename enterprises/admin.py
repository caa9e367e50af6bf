"""Companies, places and qualifications in the admin."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from liangzhou import permissions
from liangzhou.admin import LedgerAdmin, LedgerInline, PartAdmin
from liangzhou.fieldsets import without
from liangzhou.publishing.admin import PublishableAdmin, StateFilter
from liangzhou.publishing.always_public import AlwaysPublic
from sources.admin import CitationInline

from .contact_admin import ContactAdmin, ContactsOfCompany
from .duty_admin import PlaceDutyAdmin
from .fieldsets import ENTERPRISE, PLACE
from .models import Contact, Enterprise, EnterpriseFact, Place, PlaceDuty, Qualification


class QualificationInline(LedgerInline):
    model = Qualification
    fields = ("kind", "name", "granted_on", "valid_to", "batch")


class EnterpriseFactInline(LedgerInline):
    model = EnterpriseFact
    fields = ("name", "qualifier", "value", "unit", "text", "position")


@admin.register(Enterprise)
class EnterpriseAdmin(ContactsOfCompany, PublishableAdmin):
    sections = ENTERPRISE
    inlines = (QualificationInline, EnterpriseFactInline, CitationInline)
    list_display = ("name", "code", "kind", "origin_province", "place", "state", "changed")
    list_filter = (StateFilter, "kind", "origin_province", "updated_at")
    list_select_related = ("place", "updated_by")
    search_help_text = _("Name, code or pinyin (full or initials); several words narrow it down.")
    autocomplete_fields = ("place",)
    counted_parts = ("enterprises.contact",)
    ordering = ("-updated_at", "-id")

    def get_fieldsets(self, request, obj=None):
        """Public companies are for everybody to choose; what no page shows of them is for those whose they are."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or permissions.may_read_internal(request.user, obj):
            return fieldsets
        return without(fieldsets, self._internal_names())

    def lookup_allowed(self, lookup, value, request=None):
        """Nobody finds out what is internal by asking which companies there are with it."""
        return lookup.partition("__")[0] not in self._internal_names() and super().lookup_allowed(
            lookup, value, request
        )

    def _internal_names(self) -> set[str]:
        return {name for section in self.sections for name in section.internal}


@admin.register(Place)
class PlaceAdmin(AlwaysPublic, LedgerAdmin):
    sections = PLACE
    inlines = (CitationInline,)
    list_display = ("name", "kind", "code", "changed")
    list_filter = ("kind",)
    search_help_text = _("Name, division code or pinyin (full or initials).")
    ordering = ("kind", "code", "name")


@admin.register(Qualification)
class QualificationAdmin(PartAdmin):
    whole = "enterprise"
    fields = ("record", "kind", "name", "granted_on", "valid_to", "batch")
    list_display = ("__str__", "record", "granted_on", "valid_to", "batch", "changed")
    list_filter = ("kind", "valid_to")
    list_select_related = ("enterprise", "updated_by")
    search_fields = ("name", "batch", "enterprise__name")
    search_help_text = _("Company, batch, or name of the qualification.")
    date_hierarchy = "granted_on"
    ordering = ("-granted_on", "-id")


admin.site.register(Contact, ContactAdmin)
admin.site.register(PlaceDuty, PlaceDutyAdmin)
