"""Changes that wait for review, in the admin: the list, and one page with what would change and who decides."""

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from liangzhou import permissions, waiting
from liangzhou.audit import Action, Result
from liangzhou.audit.limits import REFUSALS, record_often
from liangzhou.fieldsets import show_value
from liangzhou.history.changes import person
from liangzhou.lists import ReadList, is_key
from liangzhou.waiting import WaitingChange
from liangzhou.waiting import replay as waiting_replay
from liangzhou.waiting.form import waiting_url

TRIED = {"approve": Action.PUBLISH, "return": Action.RETURN, "drop": Action.UNDO}


class NoteForm(forms.Form):
    """What is wrong with a change that is returned."""

    note = forms.CharField(
        label=gettext_lazy("note"),
        max_length=WaitingChange._meta.get_field("note").max_length,
        widget=forms.TextInput(attrs={"size": 60}),
        help_text=gettext_lazy("What has to be mended. Who typed the change reads it."),
    )


# The admin's first page


def to_decide(request):
    """How many changes wait for whoever asks, with the list of them; None where there are none."""
    said = ngettext_lazy("%(count)d change waits for your review.", "%(count)d changes wait for your review.", "count")
    return _line(said, WaitingChange.objects.decidable_by(request.user), WaitingChange.State.WAITING)


def returned(request):
    """How many changes came back to whoever asks, with the list of them; None where there are none."""
    said = ngettext_lazy(
        "%(count)d change of yours was returned.", "%(count)d changes of yours were returned.", "count"
    )
    return _line(said, WaitingChange.objects.returned_to(request.user), WaitingChange.State.RETURNED)


def _line(sentence, changes, state: str):
    count = changes.count() if settings.REVIEW_CHANGES else 0
    address = f"{reverse('admin:liangzhou_waitingchange_changelist')}?state__exact={state}"
    return (sentence % {"count": count}, address) if count else None


# The list, and the page of one change


@admin.register(WaitingChange)
class WaitingChangeAdmin(ReadList, admin.ModelAdmin):
    """Nothing is typed here: a change is agreed to, returned or dropped whole."""

    list_display = ("label", "kind", "state", "typed_by", "when", "decided", "note")
    list_display_links = ("label",)
    list_filter = ("state", "submitted_at")
    list_select_related = ("content_type", "submitted_by", "decided_by")
    list_per_page = 50
    search_fields = ("label", "note")
    ordering = ("-id",)
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None

    def __init__(self, model, admin_site):
        super().__init__(model, admin_site)
        admin_site.waiting += [to_decide, returned]

    # Who may look

    def has_view_permission(self, request, obj=None):
        """Those who may see such changes and the record; of one's own, those who may still see the record."""
        if obj is None:
            return permissions.may(request.user, "view", WaitingChange)
        mine = obj.submitted_by_id == request.user.pk
        return (mine or permissions.may(request.user, "view", obj)) and _may_see_record(request.user, obj)

    def get_queryset(self, request):
        rows = permissions.visible(request.user, super().get_queryset(request))
        kinds = ContentType.objects.filter(pk__in=WaitingChange.objects.order_by().values("content_type").distinct())
        seen = [kind for kind in kinds if _may_see_kind(request.user, kind)]
        own = super().get_queryset(request).filter(_of_seen_records(request.user, seen), submitted_by=request.user.pk)
        return rows.filter(content_type__in=seen) | own

    # The list

    @admin.display(description=gettext_lazy("kind of record"), ordering="content_type")
    def kind(self, obj):
        return capfirst(obj.content_type.name)

    @admin.display(description=gettext_lazy("changed by"))
    def typed_by(self, obj):
        return person(obj.submitted_by)

    @admin.display(description=gettext_lazy("submitted at"), ordering="submitted_at")
    def when(self, obj):
        return show_value(obj.submitted_at)

    @admin.display(description=gettext_lazy("decided by"), empty_value="—")
    def decided(self, obj):
        return person(obj.decided_by) if obj.decided_at else None

    # One change

    def get_urls(self):
        wrap = self.admin_site.admin_view
        own = path("<path:object_id>/preview/", wrap(self.preview_view), name="liangzhou_waitingchange_preview")
        return [own, *super().get_urls()]

    def history_view(self, request, object_id, extra_context=None):
        """It never changes but by being decided on: its own page says everything."""
        return HttpResponseRedirect(waiting_url(self._change(request, object_id)))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """What would change, and on POST the decision."""
        change = self._change(request, object_id)
        form, problems = NoteForm(auto_id="id_%s"), []
        if request.method == "POST":
            act = request.POST.get("act", "")
            if act not in TRIED:
                raise Http404
            form = NoteForm(request.POST, auto_id="id_%s") if act == "return" else form
            if act != "return" or form.is_valid():
                problems = self._decide(request, change, act, form)
                if not problems:
                    return self._decided(request, change, act)
            change = self._change(request, object_id)
        return self._page(request, change, form, problems)

    def preview_view(self, request, object_id):
        """The record's page as the public would see it; nothing stays written."""
        change = self._change(request, object_id)
        if not change.is_waiting or change.record is None:
            return HttpResponseRedirect(waiting_url(change))
        show = _preview(change)
        if show is None:
            raise Http404
        problems, page = waiting_replay.applied(
            request, change, lambda record: _rendered(show(request, str(record.pk)), change)
        )
        if problems:
            self.message_user(request, " ".join(problems), messages.ERROR)
            return HttpResponseRedirect(waiting_url(change))
        return page

    def _change(self, request, object_id) -> WaitingChange:
        key = unquote(object_id)
        possible = is_key(key)
        rows = WaitingChange.objects.select_related("submitted_by", "decided_by", "content_type")
        change = rows.filter(pk=key).first() if possible else None
        if change is None:
            raise Http404
        if not self.has_view_permission(request, change):
            raise PermissionDenied
        return change

    def _decide(self, request, change: WaitingChange, act: str, form: NoteForm) -> list[str]:
        """Do it; the sentences say why not, and the trail that it was tried."""
        if act == "approve":
            problems = waiting_replay.approve(request, change)
        else:
            problems = self._settle(request, change, act, form)
        if problems:
            refused = act == "drop" or permissions.why_not_decide(request.user, change)
            result = Result.REFUSED if refused else Result.FAILED
            told = {"target": change.record or change, "result": result, "change": change.pk}
            record_often(TRIED[act], limits={f"account {request.user.pk}": REFUSALS}, **told)
        return problems

    @transaction.atomic
    def _settle(self, request, change: WaitingChange, act: str, form: NoteForm) -> list[str]:
        change = waiting_replay.lock(change)
        why_not = _why_not(request.user, change, act)
        if why_not:
            return [why_not]
        if act == "return":
            waiting.send_back(change, by=request.user, note=form.cleaned_data["note"])
        else:
            waiting.drop(change, by=request.user)
        return []

    def _decided(self, request, change: WaitingChange, act: str):
        said = {
            "approve": _("The change of “%(name)s” is agreed to. The public sees it now."),
            "return": _("The change of “%(name)s” went back to who typed it."),
            "drop": _("The change of “%(name)s” is dropped. Nothing of it was saved."),
        }[act]
        self.message_user(request, said % {"name": change.label}, messages.SUCCESS)
        return HttpResponseRedirect(waiting_url(change))

    def _page(self, request, change: WaitingChange, form: NoteForm, problems: list[str]):
        may_drop = not _why_not(request.user, change, "drop")
        look = waiting_replay.look(request, change) if change.is_waiting or may_drop else None
        why_not = permissions.why_not_decide(request.user, change) if change.is_waiting else ""
        record = change.record
        context = {
            **self.admin_site.each_context(request),
            "title": _("Change under review: %(name)s") % {"name": change},
            "opts": self.opts,
            "change": change,
            "kind": change.content_type.name,
            "typed_by": person(change.submitted_by),
            "decided_by": person(change.decided_by) if change.decided_at else "",
            "record_url": _record_url(request, record),
            "look": look,
            "why_not": why_not,
            "may_decide": change.is_waiting and not why_not,
            "may_drop": may_drop,
            "has_preview": bool(look and change.is_waiting and not look.problems and _preview(change)),
            "form": form,
            "problems": problems,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/waiting_change.html", context)


def _may_see_record(user, change: WaitingChange) -> bool:
    record = change.record
    return permissions.may(user, "view", record) if record is not None else _may_see_kind(user, change.content_type)


def _of_seen_records(user, kinds: list[ContentType]) -> Q:
    """The changes whose record somebody may see, or whose record is gone; the rule of `_may_see_record`."""
    found = Q(pk__in=[])
    for kind in kinds:
        model = kind.model_class()
        seen = permissions.visible(user, model._base_manager.order_by()).values("pk")
        there = model._base_manager.order_by().values("pk")
        found |= Q(content_type=kind) & (Q(object_id__in=seen) | ~Q(object_id__in=there))
    return found


def _may_see_kind(user, kind: ContentType) -> bool:
    model = kind.model_class()
    return model is not None and permissions.may(user, "view", model)


def _why_not(user, change: WaitingChange, act: str) -> str:
    """Why somebody must not return a change, or drop it, as it is now."""
    if act == "return":
        return waiting_replay.why_not_waiting(change) or permissions.why_not_decide(user, change)
    if change.submitted_by_id != user.pk:
        return _("Only who typed a change can drop it.")
    returned = change.state == WaitingChange.State.RETURNED
    return "" if returned else waiting_replay.why_not_waiting(change)


def _record_url(request, record) -> str:
    """The record's form, where there is one that the reader may open."""
    if record is None or not permissions.may(request.user, "view", record):
        return ""
    try:
        return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])
    except NoReverseMatch:
        return ""


def _preview(change: WaitingChange):
    """The view of the record's admin that shows what the public will see: `(request, object_id)`; None without one."""
    record = change.record
    return getattr(waiting_replay.model_admin_of(record), "preview_view", None) if record is not None else None


def _rendered(response, change: WaitingChange):
    """Written out now, while the change is there."""
    response.context_data["preview"] |= {"waiting_url": waiting_url(change), "changes": ""}
    return response.render()
