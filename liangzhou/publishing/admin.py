"""Records that the public sees only once they are published, in the admin: their state, and the acts on the way."""

from copy import copy

from django.contrib import admin
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liangzhou import permissions, publishing
from liangzhou.admin import LedgerAdmin
from liangzhou.audit import Action
from liangzhou.publishing import ACTS, Act, State
from liangzhou.publishing.bulk import BulkPublishing
from liangzhou.publishing.panel import ActForm, badge, panel
from liangzhou.publishing.preview_admin import PreviewAdmin
from liangzhou.version_lock import FIELD as VERSION_FIELD
from liangzhou.waiting.form import WaitingForm


def to_publish(user) -> Q:
    """The records that wait for this publisher."""
    return publishing.in_state(State.WAITING) & permissions.not_last_editor(user)


def to_mend(user) -> Q:
    """The records that were returned to somebody, who submitted or changed them last."""
    return publishing.in_state(State.RETURNED) & (Q(submitted_by=user) | Q(updated_by=user))


FOR_ME = {
    "to_publish": (gettext_lazy("waits for you to publish it"), to_publish),
    "to_mend": (gettext_lazy("returned to you"), to_mend),
}


class StateFilter(admin.SimpleListFilter):
    """Where a record is on its way to the public."""

    title = gettext_lazy("publishing")
    parameter_name = "publishing"

    def lookups(self, request, model_admin):
        return [*State.choices, *((name, label) for name, (label, _which) in FOR_ME.items())]

    def queryset(self, request, queryset):
        chosen = self.value()
        if chosen in FOR_ME:
            return queryset.filter(FOR_ME[chosen][1](request.user))
        return queryset.filter(publishing.in_state(State(chosen))) if chosen in State.values else queryset


class PublishableAdmin(PreviewAdmin, BulkPublishing, WaitingForm, LedgerAdmin):
    """Records that the public sees only once they are published."""

    def __init__(self, model, admin_site):
        super().__init__(model, admin_site)
        admin_site.waiting += [self.waits_to_publish, self.waits_to_mend]

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_publishing"
        wrap = self.admin_site.admin_view
        return [path("<path:object_id>/publishing/", wrap(self.publishing_view), name=name), *super().get_urls()]

    def record_url(self, page: str, obj) -> str:
        """The address of one of the pages about a record."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}", args=[quote(obj.pk)])

    def has_publish_permission(self, request, obj=None) -> bool:
        return permissions.may(request.user, "publish", self.model if obj is None else obj)

    # Deleting: what was public is withdrawn by it

    @transaction.atomic
    def delete_model(self, request, obj):
        gone = [copy(obj)] if obj.published else []
        super().delete_model(request, obj)
        self._tell_withdrawn(request, gone)

    @transaction.atomic
    def delete_queryset(self, request, queryset):
        gone = list(queryset.filter(published=True))
        super().delete_queryset(request, queryset)
        self._tell_withdrawn(request, gone)

    def _tell_withdrawn(self, request, gone: list) -> None:
        if gone:
            publishing.record_done(Action.WITHDRAW, self.model, gone, by=request.user)

    # The list

    @admin.display(description=gettext_lazy("publishing"), ordering="published")
    def state(self, obj):
        return badge(obj)

    # What waits for whoever opens the admin's first page

    def waits_to_publish(self, request):
        """How many records wait for this person to publish them, with the list of them; None where none does."""
        return self._waits(request, "to_publish", "publish", _("%(kind)s: %(count)d wait for you to publish them."))

    def waits_to_mend(self, request):
        """How many records were returned to this person, with the list of them; None where none was."""
        return self._waits(request, "to_mend", "change", _("%(kind)s: %(count)d were returned to you."))

    def _waits(self, request, name: str, right: str, sentence: str):
        rows = permissions.visible(request.user, self.model._default_manager.order_by(), right)
        count = rows.filter(FOR_ME[name][1](request.user)).count()
        said = sentence % {"kind": capfirst(self.opts.verbose_name_plural), "count": count}
        return (said, f"{self._list_url()}?{StateFilter.parameter_name}={name}") if count else None

    # One record

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if change and obj and not context.get("is_popup"):
            context["publishing"] = self._panel(request, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def record_seen(self, request, object_id: str):
        """The record, where this person may see it. Raises PermissionDenied, and Http404 for those of others."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        obj = self.get_object(request, unquote(object_id))
        if obj is None or not permissions.may(request.user, "view", obj):
            raise Http404
        return obj

    def publishing_view(self, request, object_id):
        """The state of one record and the acts on its way; takes the act that a small form posts."""
        obj, asked, problem = self.record_seen(request, object_id), {}, ""
        if request.method == "POST":
            act = ACTS.get(request.POST.get("act", ""))
            if act is None:
                raise Http404
            asked[act] = ActForm(act, request.POST)
            if asked[act].is_valid() or not permissions.may(request.user, act.right, obj):
                problem = self._perform(request, act, obj, asked[act].text)
                if not problem:
                    return HttpResponseRedirect(self.record_url("change", obj))
                obj.refresh_from_db()
        context = {
            **self.admin_site.each_context(request),
            "title": _("Publishing: %(name)s") % {"name": obj},
            "opts": self.opts,
            "object": obj,
            "change_url": self.record_url("change", obj),
            "publishing": self._panel(request, obj, asked) | {"problem": problem},
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/record_publishing.html", context)

    def _perform(self, request, act: Act, obj, text: str) -> str:
        """Do it and say so, or give the reason why not. Raises PermissionDenied where the right is missing."""
        version = request.POST.get(VERSION_FIELD, "")
        seen = int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else 0
        one = self.model._default_manager.filter(pk=obj.pk)
        outcome = publishing.perform(act, one, by=request.user, text=text, seen={obj.pk: seen})
        if not permissions.may(request.user, act.right, obj):
            raise PermissionDenied  # the refused try is in the audit trail by now
        if outcome.refused:
            return outcome.refused[0][1]
        self.tell_outcome(request, act, outcome)
        return ""

    def _panel(self, request, obj, asked: dict | None = None) -> dict:
        return panel(request.user, obj, asked) | {
            "url": self.record_url("publishing", obj),
            "preview_url": self.preview_url(obj),
            "version_field": VERSION_FIELD,
        }
