"""Look-alikes and merging in the projects' admin: possible duplicates, a preview of a merge, the merge."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liangzhou import permissions
from liangzhou.batches import ChangeBatch
from liangzhou.publishing.admin import PublishableAdmin

from . import duplicates, merging
from .merge_parts import KEEP, OTHER, Difference
from .models import Project

LARGEST_KEY = 2**63 - 1
PAIRS_PER_PAGE = 30


class MergeForm(forms.Form):
    """Which of two values stays, for each difference, and why the two projects are one."""

    reason = forms.CharField(
        label=gettext_lazy("Why they are one project"),
        max_length=ChangeBatch._meta.get_field("reason").max_length,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy("Kept in the history, never shown to the public."),
    )
    keep_version = forms.IntegerField(widget=forms.HiddenInput)
    other_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, differences: list[Difference], **kwargs):
        super().__init__(*args, **kwargs)
        self.differences = differences
        for difference in differences:
            self.fields[difference.name] = forms.ChoiceField(
                label=difference.label, choices=[(KEEP, difference.kept), (OTHER, difference.other)], required=False
            )

    def rows(self) -> list[dict]:
        """What the template prints: each difference with what is chosen."""
        return [
            {"difference": one, "name": one.name, "chosen": (self.data.get(one.name) or one.default)}
            for one in self.differences
        ]

    @property
    def choices(self) -> dict[str, str]:
        """What was chosen, by the name of the difference."""
        return {one.name: self.cleaned_data.get(one.name) or one.default for one in self.differences}

    @property
    def versions(self) -> tuple[int, int]:
        """The row versions of both projects as they were shown."""
        return self.cleaned_data["keep_version"], self.cleaned_data["other_version"]


class MergeAdmin(PublishableAdmin):
    """The admin of projects, which may turn out to be one project entered twice."""

    actions = (*PublishableAdmin.actions, "merge_two")

    def has_merge_permission(self, request, *projects) -> bool:
        """Whether somebody may merge these two, or any."""
        return permissions.may_merge(request.user, *projects)

    def get_urls(self):
        own = [
            path("duplicates/", self.admin_site.admin_view(self.duplicates_view), name="projects_project_duplicates"),
            path(
                "<int:keep>/merge/<int:other>/",
                self.admin_site.admin_view(self.merge_view),
                name="projects_project_merge",
            ),
        ]
        return [*own, *super().get_urls()]

    @admin.action(permissions=["merge"], description=gettext_lazy("Merge the two selected %(verbose_name_plural)s"))
    def merge_two(self, request, queryset):
        chosen = list(queryset.order_by("pk").values_list("pk", flat=True)[:3])
        if len(chosen) != 2:
            self.message_user(request, _("Select exactly two projects to merge them."), messages.WARNING)
            return None
        return HttpResponseRedirect(reverse("admin:projects_project_merge", args=chosen))

    # Possible duplicates

    def duplicates_view(self, request):
        """The pairs of projects that look alike, likeliest first; a pair can be told apart for good."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self._tell_apart(request)
        found, capped = duplicates.existing_pairs(among=permissions.visible(request.user, Project.objects.all()))
        page = Paginator(found, PAIRS_PER_PAGE).get_page(request.GET.get("p"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Possible duplicates"),
            "opts": self.opts,
            "page": page,
            "page_range": page.paginator.get_elided_page_range(page.number),
            "pairs": duplicates.with_projects(page.object_list),
            "capped": capped,
            "limit": duplicates.MOST_LISTED,
            "may_merge": self.has_merge_permission(request),
            "may_change": self.has_change_permission(request),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/projects/duplicates.html", context)

    def _tell_apart(self, request):
        if not self.has_change_permission(request):
            raise PermissionDenied
        first, second = (self._project(request, request.POST.get(name, "")) for name in ("first", "second"))
        if not all(self.has_change_permission(request, project) for project in (first, second)):
            raise PermissionDenied
        if first != second:
            duplicates.tell_apart(first.pk, second.pk, by=request.user)
            said = _("“%(first)s” and “%(second)s” are two projects; you will not be asked again.")
            self.message_user(request, said % {"first": first, "second": second}, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:projects_project_duplicates"))

    # Merging

    def merge_view(self, request, keep: int, other: int):
        """The two projects side by side, what is to be chosen and what moves; posting merges them."""
        if not self.has_merge_permission(request):
            raise PermissionDenied
        kept, gone = self._project(request, str(keep)), self._project(request, str(other))
        if not self.has_merge_permission(request, kept, gone) or self._has_phases_of_others(request, gone):
            raise PermissionDenied
        shown = merging.preview(kept, gone, by=request.user)
        differences = [*shown.fields, *shown.parts]
        versions = {"keep_version": kept.version, "other_version": gone.version}
        form = MergeForm(request.POST or None, differences=differences, initial=versions)
        refused = shown.refused
        if request.method == "POST" and form.is_valid() and not refused:
            try:
                batch = merging.merge(
                    kept,
                    gone,
                    choices=form.choices,
                    by=request.user,
                    reason=form.cleaned_data["reason"],
                    versions=form.versions,
                )
            except merging.Refused as error:
                refused = list(error.sentences)
                form.data = {**form.data.dict(), **{name: str(version) for name, version in versions.items()}}
            else:
                return self._merged(request, kept, gone, batch)
        return self._preview_page(request, kept, gone, shown, form, refused)

    def _has_phases_of_others(self, request, project) -> bool:
        """Merging writes the phases of the project that goes, and its preview names them."""
        own = permissions.own(request.user, project.phases.all(), "change")
        return permissions.is_limited(request.user) and own.count() < project.phases.count()

    def _preview_page(self, request, keep, other, shown, form, refused):
        context = {
            **self.admin_site.each_context(request),
            "title": _("Merge two projects"),
            "opts": self.opts,
            "keep": keep,
            "other": other,
            "shown": shown,
            "form": form,
            "refused": refused,
            "link_lost": other.is_public and not keep.is_public,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/projects/merge.html", context)

    def _merged(self, request, keep, other, batch):
        said = _("“%(other)s” (%(code)s) was merged into “%(keep)s”.")
        said %= {"other": other, "code": other.code, "keep": keep}
        link = reverse("admin:liangzhou_changebatch_change", args=[batch.pk])
        message = format_html('{} <a href="{}">{}</a>', said, link, _("See what was done, or take it back"))
        self.message_user(request, message, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:projects_project_change", args=[keep.pk]))

    def _project(self, request, key: str) -> Project:
        possible = key.isascii() and key.isdecimal() and len(key) < 20 and int(key) <= LARGEST_KEY
        project = self.get_object(request, key) if possible else None
        if project is None:
            raise Http404
        return project
