"""Task forces in the admin: who works on which chains."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from liangzhou.accounts.grant_admin import GrantAdmin, GrantForm
from liangzhou.accounts.people import name_and_username


class TaskForceForm(GrantForm):
    people_field = "members"


class TaskForceAdmin(GrantAdmin):
    """A task force with its members and its chains."""

    form = TaskForceForm
    fields = ("name", "members", "chains")
    autocomplete_fields = ("members", "chains")
    guarded = ("name", "members", "chains")
    list_display = ("name", "who", "which", "changed")
    search_help_text = _("Words of the name.")
    ordering = ("name",)

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("members", "chains")

    def state(self, obj):
        return {
            "name": obj.name,
            "members": sorted(obj.members.values_list("username", flat=True)),
            "chains": sorted(obj.chains.values_list("name", flat=True)),
        }

    @admin.display(description=_("members"))
    def who(self, obj):
        return "\u3001".join(name_and_username(user) for user in obj.members.all()) or "—"

    @admin.display(description=_("industry chains"))
    def which(self, obj):
        return "\u3001".join(chain.name for chain in obj.chains.all()) or "—"
