"""Failed sign-ins in the admin: which names are locked at which addresses. Deleting one unlocks."""

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import admin
from django.db.models import Case, F, Sum, When, Window
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from liangzhou import sign_in
from liangzhou.lists import GuardedList

# What django-axes calls its records, so that our catalogue speaks for it
AXES_WORDS = (gettext_noop("access attempt"), gettext_noop("access attempts"), gettext_noop("Attempt Time"))


class LockedFilter(admin.SimpleListFilter):
    """Names that are locked, and those that are not yet."""

    title = _("locked")
    parameter_name = "locked"

    def lookups(self, request, model_admin):
        return (("yes", _("Yes")), ("no", _("No")))

    def queryset(self, request, queryset):
        locked = {"together__gte": settings.AXES_FAILURE_LIMIT}
        if self.value() == "yes":
            return queryset.filter(**locked)
        return queryset.exclude(**locked) if self.value() == "no" else queryset


@admin.register(AccessAttempt)
class AccessAttemptAdmin(GuardedList, admin.ModelAdmin):
    """Read only: what was typed is not ours to change. Names are as they are counted, in one spelling."""

    list_display = ("name", "address", "failures", "is_locked", "latest", "browser")
    list_display_links = ("name",)
    list_filter = (LockedFilter,)
    search_fields = ("username", "ip_address")
    search_help_text = _("User name or network address.")
    fields = ("name", "address", "failures", "is_locked", "latest", "browser")
    date_hierarchy = "attempt_time"
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50

    def get_queryset(self, request):
        """With the failures that count together: of a name at an address, in all browsers, while a lock lasts."""
        since = timezone.now() - get_cool_off()
        counted = Case(When(attempt_time__gte=since, then=F("failures_since_start")), default=0)
        together = Window(Sum(counted), partition_by=[F("username"), F("ip_address")])
        return super().get_queryset(request).annotate(together=together)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    @admin.display(description=_("user name"), ordering="username")
    def name(self, obj):
        return obj.username or "—"

    @admin.display(description=_("network address"), ordering="ip_address")
    def address(self, obj):
        return obj.ip_address

    @admin.display(description=_("failed attempts"), ordering="failures_since_start")
    def failures(self, obj):
        return obj.failures_since_start

    @admin.display(description=_("state"))
    def is_locked(self, obj):
        return _("locked") if obj.together >= settings.AXES_FAILURE_LIMIT else "—"

    @admin.display(description=_("last attempt"), ordering="attempt_time")
    def latest(self, obj):
        return obj.attempt_time

    @admin.display(description=_("browser"))
    def browser(self, obj):
        return obj.user_agent

    def delete_model(self, request, obj):
        sign_in.unlock(AccessAttempt.objects.filter(pk=obj.pk))

    def delete_queryset(self, request, queryset):
        sign_in.unlock(queryset)
