"""What rates mean and when lights turn, in the admin: what holds for a locked month is not changed any more."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liangzhou.admin import LedgerAdmin
from liangzhou.fieldsets import Section
from liangzhou.forms import LedgerForm
from liangzhou.months import Month

from .models import LightThresholds, MonthVersion, RateDefinition

RATE = (
    Section(gettext_lazy("Rate"), internal=("rate", "valid_from", "wording")),
    Section(gettext_lazy("How it is reckoned"), internal=("numerator_stage", "without_terminated", "basis", "reason")),
)
THRESHOLDS = (
    Section(gettext_lazy("Thresholds"), internal=("valid_from",)),
    Section(gettext_lazy("Start"), internal=("start_red_months",)),
    Section(gettext_lazy("Funds, in points behind the pace"), internal=("money_amber_points", "money_red_points")),
    Section(
        gettext_lazy("Registration in statistics (入库)"),
        internal=("registration_amber_months", "registration_red_months"),
    ),
    Section(gettext_lazy("No update"), internal=("update_amber_days", "update_red_days", "reason")),
)


def newest_locked() -> Month | None:
    """The latest month of which there is a locked version."""
    day = MonthVersion.objects.order_by("-month").values_list("month", flat=True).first()
    return Month.of(day) if day else None


def why_not_from(day) -> str:
    """Why a version must not hold from a month on, or be changed that does; empty where it may."""
    newest = newest_locked() if day else None
    if newest is None or newest < Month.of(day):
        return ""
    sentence = _("%(month)s is locked and was reckoned with it: enter a new version that holds from a later month.")
    return sentence % {"month": newest.label}


class VersionForm(LedgerForm):
    """A version as it is typed: it holds from a month on that is not locked."""

    def clean_valid_from(self):
        day = self.cleaned_data["valid_from"]
        if sentence := why_not_from(day):
            raise ValidationError(sentence, code="closed")
        return day


class VersionAdmin(LedgerAdmin):
    """What both kinds of versions share."""

    form = VersionForm
    month_fields = ("valid_from",)
    show_facets = admin.ShowFacets.NEVER
    search_fields = ()

    def _why_not(self, request, obj) -> str:
        asked = request.__dict__.setdefault("_versions_closed", {})
        stored = self.model.objects.filter(pk=obj.pk).values_list("valid_from", flat=True)
        if obj.pk not in asked:
            asked[obj.pk] = why_not_from(stored.first())
        return asked[obj.pk]

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        return allowed and not (obj is not None and obj.pk is not None and self._why_not(request, obj))

    def get_deleted_objects(self, objs, request):
        to_delete, counts, needed, protected = super().get_deleted_objects(objs, request)
        reasons = [reason for obj in objs if (reason := self._why_not(request, obj))]
        return to_delete, counts, needed, [*protected, *dict.fromkeys(reasons)]

    def check_restored(self, request, obj, parts):
        sentence = why_not_from(obj.valid_from)
        return [sentence] if sentence else super().check_restored(request, obj, parts)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None and super().has_change_permission(request, obj):
            held = self._why_not(request, obj)
            context |= {"held": held} | ({"show_delete": False} if held else {})
        return super().render_change_form(request, context, add, change, form_url, obj)

    @admin.display(description=gettext_lazy("holds from"), ordering="valid_from")
    def since(self, obj):
        return Month.of(obj.valid_from).label


@admin.register(RateDefinition)
class RateAdmin(VersionAdmin):
    """The definitions of the four rates."""

    sections = RATE
    list_display = ("rate", "since", "wording", "changed")
    list_filter = ("rate",)
    ordering = ("rate", "-valid_from")


@admin.register(LightThresholds)
class ThresholdsAdmin(VersionAdmin):
    """When lights turn."""

    sections = THRESHOLDS
    list_display = ("since", "start", "money", "registration", "update", "changed")
    list_display_links = ("since",)
    ordering = ("-valid_from",)

    @admin.display(description=gettext_lazy("start: red after (months)"))
    def start(self, obj):
        return obj.start_red_months

    @admin.display(description=gettext_lazy("funds: points behind"))
    def money(self, obj):
        return f"{obj.money_amber_points.normalize():f} / {obj.money_red_points.normalize():f}"

    @admin.display(description=gettext_lazy("入库: months after the start"))
    def registration(self, obj):
        return f"{obj.registration_amber_months} / {obj.registration_red_months}"

    @admin.display(description=gettext_lazy("no update: days"))
    def update(self, obj):
        return f"{obj.update_amber_days} / {obj.update_red_days}"
