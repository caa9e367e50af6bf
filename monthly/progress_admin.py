"""What sites look like at the end of a month, with photos, in the admin."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liangzhou.admin import LedgerInline
from liangzhou.fieldsets import Section
from liangzhou.forms import PartsFormSet
from liangzhou.history.changes import UNKNOWN
from liangzhou.months import Month

from .file_admin import OVERRIDES, hand_out, picture
from .models import ProgressPhoto, ProgressReport, ReportingMonth
from .project_rows import MonthFilter, ProjectRowAdmin, ProjectRowForm

MOST_PHOTOS = 12  # of one report
TEXTS = ("site_progress", "problem", "help_needed", "next_step")
PROGRESS = (Section(gettext_lazy("Progress of a month"), internal=("project", "month", *TEXTS)),)


class ProgressForm(ProjectRowForm):
    """A report as it is typed: one a month."""

    once = ("month",)

    def clean_month(self):
        day = self.cleaned_data["month"]
        if sentence := why_locked(day):
            raise ValidationError(sentence, code="locked")
        return day


def why_locked(day) -> str:
    """Why the words of a month must not be written, empty where they may. The sheet refuses them, too."""
    locked = day is not None and ReportingMonth.objects.locked().filter(month=day).exists()
    said = _("%(month)s is locked: its words stay as they were locked. Photos may still be added.")
    return said % {"month": Month.of(day).label} if locked else ""


class PhotoInline(LedgerInline):
    """The photos of a report."""

    model = ProgressPhoto
    formset = PartsFormSet
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
        sentence = why_locked(obj.month)
        return [sentence] if sentence else super().check_restored(request, obj, parts)

    def get_deleted_objects(self, objs, request):
        to_delete, counts, needed, protected = super().get_deleted_objects(objs, request)
        reasons = [sentence for obj in objs if (sentence := why_locked(obj.month))]
        return to_delete, counts, needed, [*protected, *dict.fromkeys(reasons)]

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Who wrote into a month that was locked meanwhile is told so: the words would be lost in silence."""
        if object_id is not None and request.method == "POST" and set(TEXTS) & request.POST.keys():
            obj = self.get_object(request, unquote(object_id))
            if obj is not None and (sentence := why_locked(obj.month)):
                self.message_user(request, sentence, messages.WARNING)
                return HttpResponseRedirect(reverse("admin:monthly_progressreport_change", args=[obj.pk]))
        return super().changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None and (held := why_locked(obj.month)):
            context |= {"held": held, "show_delete": False}
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
