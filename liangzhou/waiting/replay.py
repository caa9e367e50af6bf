"""Writing what was typed, as who typed it: for good once somebody agreed, for a look in a transaction rolled back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.contrib import admin
from django.contrib.messages.storage import default_storage
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest, QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from simple_history.models import HistoricalRecords

from liangzhou import permissions, waiting
from liangzhou.history import versions
from liangzhou.history.changes import Line
from liangzhou.waiting import WaitingChange

FROM_REQUEST = ("META", "COOKIES", "path", "path_info", "resolver_match", "session")


@dataclass
class Look:
    """What a change would do: why it cannot be written (`problems`), or what differs then (`lines`)."""

    problems: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    hidden: bool = False  # it also changes parts that the reader may not see


def posted(typed: dict) -> QueryDict:
    """What was typed, as the request that brings it."""
    data = QueryDict(mutable=True)
    for name, values in typed.items():
        data.setlist(name, values)
    data._mutable = False
    return data


def model_admin_of(record) -> admin.ModelAdmin:
    """The admin in whose form a record is changed."""
    return admin.site.get_model_admin(type(record))


# For good


def approve(request, change: WaitingChange) -> list[str]:
    """Write a change and note who agreed; the sentences say why it was not written."""
    with transaction.atomic():
        change = lock(change)
        why_not = permissions.why_not_decide(request.user, change) or why_not_waiting(change)
        problems = [why_not] if why_not else write(request, change)
        if problems:
            transaction.set_rollback(True)
        else:
            waiting.approved(change, by=request.user)
    return problems


def lock(change: WaitingChange) -> WaitingChange:
    """The change as it is now that nobody else can decide on it; its record is locked first, as its form does."""
    record = change.record
    if record is not None:
        type(record)._base_manager.select_for_update().filter(pk=record.pk).first()
    return WaitingChange.objects.select_for_update().get(pk=change.pk)


def why_not_waiting(change: WaitingChange) -> str:
    """Why nobody has to decide on a change any more; empty where somebody has to."""
    if change.is_waiting:
        return ""
    return _("This change does not wait any more: it was %(state)s.") % {"state": change.get_state_display()}


def write(request, change: WaitingChange) -> list[str]:
    """Write what was typed, in the transaction that is open; the sentences say why it cannot be."""
    record = change.record
    why_not = _why_not_write(change, record)
    if why_not:
        return [why_not]
    replayed = _as_submitter(request, change)
    try:
        with _history_of(replayed):
            response = model_admin_of(record)._locked_changeform(replayed, str(record.pk), "", None)
    except PermissionDenied:
        return [_no_right(change)]
    except IntegrityError:  # somebody took a name or a place between its check and its write
        return [_("Somebody saved something else at the same moment: try again.")]
    return [] if replayed.written else _problems(response)


def _why_not_write(change: WaitingChange, record) -> str:
    if record is None:
        return _("The record is not there any more.")
    if not getattr(record, "published", False):
        return _("The record is not public any more: who typed this can save it in the record's form, without review.")
    if change.submitted_by is None or not change.submitted_by.is_active:
        return _("The account of who typed this is closed: somebody else must type the change again.")
    return "" if permissions.may(change.submitted_by, "change", record) else _no_right(change)


def _no_right(change: WaitingChange) -> str:
    return _("Who typed this may not change the record any more: somebody else must type the change again.")


def _as_submitter(request, change: WaitingChange) -> HttpRequest:
    """A request of who typed the change. Nothing that is known of the present request's user goes with it."""
    replayed = HttpRequest()
    for name in FROM_REQUEST:
        if hasattr(request, name):
            setattr(replayed, name, getattr(request, name))
    replayed.method, replayed.POST = "POST", posted(change.typed)
    replayed.user = type(change.submitted_by)._default_manager.get(pk=change.submitted_by_id)
    replayed._dont_enforce_csrf_checks = True  # asked of the request that brings it here
    replayed._messages = default_storage(replayed)  # told to nobody
    replayed.replays, replayed.written = change, False
    return replayed


@contextmanager
def _history_of(request) -> Iterator[None]:
    """What is written inside is by the user of this request in the history."""
    context = HistoricalRecords.context
    before = getattr(context, "request", None)
    context.request = request
    try:
        yield
    finally:
        if before is None:
            del context.request
        else:
            context.request = before


def _problems(response) -> list[str]:
    """What the form says of what was typed: sentences, each with the name of its field."""
    context = response.context_data
    if context.get("conflict"):
        return [_("The record was changed since this was typed: return it, so that it is looked at again.")]
    found = list(_told(context["adminform"].form))
    for inline in context["inline_admin_formsets"]:
        found += inline.formset.non_form_errors()
        for form in inline.formset.forms:
            found += _told(form)
    return [str(sentence) for sentence in found] or [_("It cannot be saved as it was typed.")]


def _told(form) -> Iterator[str]:
    yield from form.non_field_errors()
    for bound in form:
        for error in bound.errors:
            yield _("%(label)s: %(value)s") % {"label": capfirst(bound.label), "value": error}


# For a look


def look(request, change: WaitingChange) -> Look:
    """What a change would do, in words; nothing stays written."""
    record = change.record
    if record is None:
        return Look([_("The record is not there any more.")])
    model_admin = model_admin_of(record)
    inlines = [inline(type(record), admin.site) for inline in model_admin.get_inlines(request, record)]
    before = versions.current(record, inlines)

    def compare(after_record) -> Look:
        after = versions.current(after_record, inlines)
        seen = {inline.__class__ for inline in model_admin.get_inline_instances(request, record)}
        shown = [inline for inline in inlines if inline.__class__ in seen]
        own = versions.own_difference(type(record), before, after)
        lines = versions.parts_difference(_only(before, shown), _only(after, shown))
        hidden = len(shown) < len(inlines) and len(lines) < len(versions.parts_difference(before, after))
        return Look([], own + lines, hidden)

    problems, found = applied(request, change, compare)
    return found or Look(problems)


def _only(version: versions.Version, inlines: list) -> versions.Version:
    return versions.Version(version.row, [part for part in version.parts if part[0] in inlines])


def applied(request, change: WaitingChange, show: Callable) -> tuple[list[str], object]:
    """(problems, what `show` makes of the record as the change would leave it); then all of it is taken back."""
    with transaction.atomic():
        problems, found = write(request, change), None
        if not problems:
            found = show(type(change.record)._base_manager.get(pk=change.object_id))
        transaction.set_rollback(True)
    return problems, found
