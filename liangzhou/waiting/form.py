"""The change form of a published record where changes wait for review: kept, opened again, not started twice."""

from copy import copy
from dataclasses import dataclass, field

from django.conf import settings
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.db import transaction
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.html import format_html
from django.utils.translation import gettext as _

from liangzhou import permissions, version_lock, waiting
from liangzhou.fieldsets import label_of, show_value
from liangzhou.history.changes import person
from liangzhou.waiting import WaitingChange
from liangzhou.waiting import guards as waiting_guards
from liangzhou.waiting.replay import posted

FIELD = "_waiting"  # the key of the change that the form was opened with; empty where none


class Checked(Exception):
    """All was written that was typed: it can be. Raised so that nothing of it stays."""

    def __init__(self, form, formsets):
        self.form, self.formsets = form, formsets
        super().__init__()


@dataclass
class Hold:
    """Why a form is not saved now, whatever it holds; as a conflict of versions, for `LedgerForm`."""

    sentence: str
    notes: dict[str, str] = field(default_factory=dict)


@dataclass
class About:
    """What the form of a published record says of changes: `change` is the one that waits, or came back."""

    change: WaitingChange | None
    mine: bool
    public: bool
    url: str
    at_once: str  # the names of what is internal and saved at once

    @property
    def who(self) -> str:
        """Who typed the change."""
        return person(self.change.submitted_by)

    @property
    def decided_by(self) -> str:
        """Who returned it."""
        return person(self.change.decided_by)


def waiting_url(change: WaitingChange) -> str:
    """The page of a change that waits."""
    return reverse("admin:liangzhou_waitingchange_change", args=[change.pk])


class WaitingForm:
    """For the admin of what is published: with settings.REVIEW_CHANGES, saving keeps what was typed for review.

    The form does all that saving does, so that whatever is wrong shows at its field, and all of it is
    rolled back. What is internal only (waiting/guards.py) is saved at once.
    """

    # Opening

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if settings.REVIEW_CHANGES and request.method in ("GET", "HEAD") and object_id is not None:
            change = self._to_open_again(request, object_id)
            if change is not None:
                return self._opened_again(request, change, object_id, form_url, extra_context)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _to_open_again(self, request, object_id) -> WaitingChange | None:
        """What this user typed into the form of this record and has not been agreed to."""
        record = self.get_object(request, unquote(object_id))
        if record is None or not self.has_change_permission(request, record):
            return None
        change = waiting.concerning(record, request.user)
        return change if change is not None and change.submitted_by_id == request.user.pk else None

    def _opened_again(self, request, change, object_id, form_url, extra_context):
        """The form as it was when it was sent off, brought up to date where the record was changed since."""
        again = copy(request)
        again._files = MultiValueDict()  # not to be read from the body, which would empty POST
        again.method, again.POST, again.opens_again = "POST", posted(change.typed), True
        return super()._locked_changeform(again, object_id, form_url, extra_context)

    def get_form(self, request, obj=None, change=False, **kwargs):
        conflict = getattr(request, "version_conflict", None)
        if conflict and conflict.is_harmless and (hasattr(request, "replays") or hasattr(request, "opens_again")):
            request.version_conflict = None
        form = super().get_form(request, obj, change=change, **kwargs)
        if getattr(request, "hold", None):
            return type(form.__name__, (form,), {"conflict": request.hold})
        if getattr(request, "opens_again", False):
            return type(form.__name__, (form,), {"is_valid": lambda self: False})  # it is only shown
        return form

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if settings.REVIEW_CHANGES and obj is not None and obj.pk is not None:
            about = self._about(request, obj)
            context["waiting"] = about
            if about and about.public:  # withdrawn before it is deleted; what is kept leads to no empty form
                context |= dict.fromkeys(("show_delete", "show_save_and_add_another"), False)
            if about and about.change is not None and not about.mine:
                context |= dict.fromkeys(("show_save", "show_save_and_continue"), False)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _about(self, request, record) -> About | None:
        change, public = waiting.concerning(record, request.user), permissions.waits_for_review(record)
        mine = change is not None and change.submitted_by_id == request.user.pk
        if change is None and not self.has_change_permission(request, record):
            return None
        at_once = "、".join(self._saved_at_once(request, record))
        return About(change, mine, public, waiting_url(change) if change else "", at_once) if public or mine else None

    def _saved_at_once(self, request, record) -> list[str]:
        names = waiting_guards.INTERNAL_FIELDS.get(self.opts.label_lower, ())
        inlines = [
            one.opts for one in self.get_inline_instances(request, record) if waiting_guards.is_internal(one.model)
        ]
        return [str(label_of(self.model, name)) for name in names] + [str(opts.verbose_name) for opts in inlines]

    # Saving

    def _locked_changeform(self, request, object_id, form_url, extra_context):
        reviewed = settings.REVIEW_CHANGES and object_id is not None and not hasattr(request, "replays")
        if not reviewed:
            return super()._locked_changeform(request, object_id, form_url, extra_context)
        return self._reviewed_changeform(request, object_id, form_url, extra_context)

    @transaction.atomic
    def _reviewed_changeform(self, request, object_id, form_url, extra_context):
        record = self._lock(request, unquote(object_id))
        if record is None or not self.has_change_permission(request, record):
            return super()._locked_changeform(request, object_id, form_url, extra_context)
        change = waiting.concerning(record, request.user)
        if not permissions.waits_for_review(record):
            return self._no_longer_public(request, change, object_id, form_url, extra_context)
        request.hold = _why_not_now(request, change)
        request.checks = request.hold is None
        try:
            with transaction.atomic():
                return super()._locked_changeform(request, object_id, form_url, extra_context)
        except Checked as done:
            typed = _typed(request.POST, done.form, done.formsets)
        return self._kept(request, record, waiting.submit(record, typed, by=request.user))

    def _no_longer_public(self, request, change, object_id, form_url, extra_context):
        """Saved as any other record; what the same person had sent off before is done with."""
        response = super()._locked_changeform(request, object_id, form_url, extra_context)
        if getattr(request, "written", False) and change is not None and change.submitted_by_id == request.user.pk:
            waiting.drop(change, by=request.user)
        return response

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        request.written = True
        if getattr(request, "checks", False) and not self._is_internal(form, formsets):
            raise Checked(form, formsets)

    def _is_internal(self, form, formsets) -> bool:
        """Whether nothing is changed that the public could see."""
        parts = [formset for formset in formsets if formset.has_changed()]
        return waiting_guards.is_internal(self.model, form.changed_data) and all(
            waiting_guards.is_internal(formset.model) for formset in parts
        )

    def _kept(self, request, record, change: WaitingChange):
        said = _("Your change of “%(name)s” waits for review. The public still sees the published version.")
        link = format_html('<a href="{}">{}</a>', waiting_url(change), _("See what waits"))
        self.message_user(request, format_html("{} {}", said % {"name": change.label}, link), messages.SUCCESS)
        if "_continue" in request.POST:
            return HttpResponseRedirect(request.get_full_path())
        return self.response_post_save_change(request, record)

    # No way around it

    def delete_view(self, request, object_id, extra_context=None):
        record = self.get_object(request, unquote(object_id))
        why_not = waiting_guards.why_not_delete(request.user, record) if record is not None else ""
        if not why_not or not self.has_delete_permission(request, record):
            return super().delete_view(request, object_id, extra_context)
        self.message_user(request, why_not, messages.ERROR)
        return HttpResponseRedirect(
            reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[record.pk])
        )

    def get_deleted_objects(self, objs, request):
        """What is public is withdrawn before it is deleted: always where changes wait, else by who may not publish."""
        to_delete, counts, needed, protected = super().get_deleted_objects(objs, request)
        reasons = [reason for obj in objs if (reason := waiting_guards.why_not_delete(request.user, obj))]
        return to_delete, counts, needed, [*protected, *reasons]


def _why_not_now(request, change: WaitingChange | None) -> Hold | None:
    """Why nothing can be sent off now: somebody else's change waits, or another one of one's own."""
    if change is None:
        return None
    words = {"who": person(change.submitted_by), "when": show_value(change.submitted_at)}
    if change.submitted_by_id != request.user.pk:
        said = _(
            "A change that %(who)s typed at %(when)s waits for review. Nothing of yours was saved: "
            "change this record once that one is decided on."
        )
        return Hold(said % words)
    if change.is_waiting and request.POST.get(FIELD, "") != str(change.pk):
        said = _(
            "You sent a change of this record off at %(when)s, which this form was not opened with. "
            "Saving again puts what is on the screen in its place."
        )
        return Hold(said % words)
    return None


def _typed(data, form, formsets) -> dict[str, list[str]]:
    """What the form and its parts read of a request, with the version that it was opened with; no null characters."""
    names = {form.add_prefix(name) for name in form.fields} | {version_lock.FIELD}
    prefixes = tuple(f"{formset.prefix}-" for formset in formsets)
    return {
        name: values
        for name, values in data.lists()
        if (name in names or name.startswith(prefixes)) and not any("\0" in text for text in (name, *values))
    }
