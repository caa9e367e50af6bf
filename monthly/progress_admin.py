"""What sites look like at the end of a month, with photos, in the admin."""

from copy import copy

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import path
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liangzhou.admin import LedgerInline
from liangzhou.fieldsets import Section
from liangzhou.forms import LedgerForm, PartsFormSet
from liangzhou.history.changes import UNKNOWN
from liangzhou.months import Month

from . import locking
from .file_admin import OVERRIDES, hand_out, picture
from .locked_words import locked_days, why_locked
from .models import ProgressPhoto, ProgressReport
from .project_rows import MonthFilter, ProjectRowAdmin, ProjectRowForm

MOST_PHOTOS = 12  # of one report
TEXTS = ("site_progress", "problem", "help_needed", "next_step")
PROGRESS = (Section(gettext_lazy("Progress of a month"), internal=("project", "month", *TEXTS)),)


class ProgressForm(ProjectRowForm):
    """A report as it is typed: one a month."""

    once = ("month",)

    def clean_month(self):
        day = self.cleaned_data["month"]
        if Month.of(day) > Month.of(timezone.localdate()):
            raise ValidationError(_("This month has not begun yet."), code="future")
        locking.hold(Month.of(day))
        if sentence := why_locked(day):
            raise ValidationError(sentence, code="locked")
        return day


def _typed(request, obj) -> dict[str, str]:
    """The words of a form that are not what is stored, by field."""
    sent = {name: request.POST[name].strip() for name in TEXTS if name in request.POST}
    return {name: text for name, text in sent.items() if text.split() != getattr(obj, name).split()}


def _with_words(held: str, words: dict[str, str]) -> str:
    """Why a month is held; and what somebody typed nevertheless, for them to keep."""
    if not words:
        return held
    label = ProgressReport._meta.get_field
    lines = ((capfirst(label(name).verbose_name), text or UNKNOWN) for name, text in words.items())
    told = format_html_join("", "<br>{}: {}", lines)
    return format_html("{}<br>{}{}", held, _("It was locked while you were writing. Nothing was saved of:"), told)


class PhotoForm(LedgerForm):
    """A photo; one that `is_kept` is shown as it is, whatever is sent."""

    is_kept = False

    def has_changed(self):
        return not self.is_kept and super().has_changed()


class PhotoFormSet(PartsFormSet):
    """The photos of a report: those of a locked month are kept, new ones may come."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.is_kept = form.instance.pk is not None and self._is_locked
        if form.is_kept:
            for field in form.fields.values():
                field.widget.attrs["disabled"] = True

    @cached_property
    def _is_locked(self) -> bool:
        return bool(why_locked(self.instance.month))


class PhotoInline(LedgerInline):
    """The photos of a report."""

    model = ProgressPhoto
    form, formset = PhotoForm, PhotoFormSet
    fields = ("image", "caption")
    max_num, validate_max = MOST_PHOTOS, True
    formfield_overrides = {**LedgerInline.formfield_overrides, **OVERRIDES}

    def get_fields(self, request, obj=None):
        fields = super().get_fields(request, obj)
        return ["shown" if name == "image" else name for name in fields] if self._only_read(request, obj) else fields

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        return (*fields, "shown") if self._only_read(request, obj) else fields

    def get_formset(self, request, obj=None, **kwargs):
        return super().get_formset(request, obj, **{"validate_max": True, **kwargs})

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not (obj is not None and why_locked(obj.month))

    @admin.display(description=gettext_lazy("photo"))
    def shown(self, obj):
        return picture(obj.image)


@admin.register(ProgressReport)
class ProgressAdmin(ProjectRowAdmin):
    """Reports of sites. While a month is locked, only photos are added to what was said of it."""

    form = ProgressForm
    sections = PROGRESS
    inlines = (PhotoInline,)
    fixed = ("project", "month")
    shown_as = {**ProjectRowAdmin.shown_as, "month": "of_month"}
    list_display = ("of_month", "of_project", "site", "trouble", "help", "changed")
    list_display_links = ("of_month",)
    list_filter = (MonthFilter, "project__chain", "project__place")
    ordering = ("-month", "-id")

    def fixed_fields(self, request, obj):
        return (*self.fixed, *(TEXTS if why_locked(obj.month) else ()))

    def check_restored(self, request, obj, parts):
        if locked_days([obj.month]):
            return [why_locked(obj.month)]
        return super().check_restored(request, obj, parts)

    # Deleting

    def get_deleted_objects(self, objs, request):
        to_delete, counts, needed, protected = super().get_deleted_objects(objs, request)
        reasons = [sentence for obj in objs if (sentence := why_locked(obj.month))]
        return to_delete, counts, needed, [*protected, *dict.fromkeys(reasons)]

    def delete_view(self, request, object_id, extra_context=None):
        with transaction.atomic():
            self._hold(request, object_id)
            return super().delete_view(request, object_id, extra_context)

    @transaction.atomic
    def delete_queryset(self, request, queryset):
        """Of what somebody else locked since it was chosen, nothing is deleted."""
        locked = locked_days(queryset.order_by().values_list("month", flat=True))
        for day in sorted(locked):
            self.message_user(request, why_locked(day), messages.WARNING)
        super().delete_queryset(request, queryset.exclude(month__in=locked))

    # The form

    def _hold(self, request, object_id: str):
        """The row, its month held: who locks months holds it before anything else, too."""
        obj = self.get_object(request, unquote(object_id)) if request.method == "POST" else None
        if obj is not None:
            locking.hold(Month.of(obj.month))
        return obj

    @transaction.atomic
    def _locked_changeform(self, request, object_id, form_url, extra_context):
        """Who wrote into a month that was locked meanwhile finds their words above the form: nothing was saved."""
        obj = self._hold(request, object_id) if object_id is not None else None
        typed = _typed(request, obj) if obj is not None and why_locked(obj.month) else {}
        if typed and self.has_change_permission(request, obj):
            request = copy(request)  # the log tells of the one that came
            request.method, request.words_not_saved = "GET", typed
        return super()._locked_changeform(request, object_id, form_url, extra_context)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None and (held := why_locked(obj.month)):
            context |= {"held": _with_words(held, getattr(request, "words_not_saved", {})), "show_delete": False}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name in TEXTS:
            kwargs["widget"] = AdminTextareaWidget(attrs={"rows": 2})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_urls(self):
        view = self.admin_site.admin_view(self.photo_view)
        return [path("photos/<int:object_id>/", view, name="monthly_progressphoto_image"), *super().get_urls()]

    def photo_view(self, request, object_id):
        """Hands out a photo, to be shown in a page."""
        return hand_out(request, ProgressPhoto, object_id, "image", inline=True, title=self.opts.verbose_name)

    @admin.display(description=gettext_lazy("site progress (形象进度)"), empty_value=UNKNOWN)
    def site(self, obj):
        return Truncator(obj.site_progress).chars(60) or None

    @admin.display(description=gettext_lazy("problem (存在问题)"), empty_value=UNKNOWN)
    def trouble(self, obj):
        return Truncator(obj.problem).chars(60) or None

    @admin.display(description=gettext_lazy("help needed"), empty_value=UNKNOWN)
    def help(self, obj):
        return Truncator(obj.help_needed).chars(60) or None
