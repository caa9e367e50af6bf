"""The pages on which a ledger is brought in: which page an import is on, and what each button does."""

import time
from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.admin.views.main import PAGE_VAR
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ledgers.reading import files
from liangzhou import permissions
from liangzhou.batches.admin import may_undo
from liangzhou.history.changes import person

from . import decisions, downloads, imports, preview, rights
from .forms import ColumnsForm, OptionsForm, UploadForm
from .models import LedgerImport

State = LedgerImport.State
OPEN = (State.MAPPING, State.CHECKING, State.READY)
ROWS_PER_PAGE = 50
ROWS_AT_ONCE = 500
SECONDS_AT_ONCE = 2
SECONDS_AFTER_REFUSAL = 20


def page(admin, request, template: str, title: str, **context) -> TemplateResponse:
    """A page in the frame of the admin."""
    request.current_app = admin.admin_site.name
    frame = {**admin.admin_site.each_context(request), "title": title, "opts": admin.opts}
    return TemplateResponse(request, f"admin/ledgers/{template}.html", {**frame, **context})


def import_page(admin, request, template: str, ledger_import: LedgerImport, **context) -> TemplateResponse:
    """A page of one import; its buttons are for those who may go on with it."""
    about = {
        "ledger_import": ledger_import,
        "who": person(ledger_import.by),
        "may_press": may_press(request, ledger_import),
        "ledger_template": rights.template_seen(request.user, ledger_import),
    }
    return page(admin, request, template, str(ledger_import), **about, **context)


def address(ledger_import: LedgerImport, query: str = "") -> str:
    """Where an import is shown."""
    return reverse("admin:ledgers_ledgerimport_change", args=[ledger_import.pk]) + query


# Who


def seen_or_404(request, pk: int, rows=None) -> LedgerImport:
    """An import that they may see who ask; others are as if they were not there."""
    return get_object_or_404(permissions.imports(request.user, LedgerImport.objects if rows is None else rows), pk=pk)


def may_press(request, ledger_import: LedgerImport) -> bool:
    """Whether they who ask may go on with an import."""
    return permissions.imports(request.user, LedgerImport.objects.filter(pk=ledger_import.pk), "change").exists()


def may_agree(request, ledger_import: LedgerImport) -> bool:
    """Whether they who ask are the second person that an import waits for."""
    reviewed = ledger_import.state == State.READY and rights.waits_for_review(ledger_import)
    return reviewed and not permissions.why_not_confirm(request.user, ledger_import, reviewed=True)


# The pages


def upload(admin, request):
    """Takes a file in. Nothing is written but the file's own rows."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        uploaded = form.cleaned_data["file"]
        try:
            with downloads.on_disk(uploaded) as path:
                ledger_import = imports.start(path, uploaded.name, by=request.user)
            return redirect(address(ledger_import))
        except files.Unreadable as refused:
            form.add_error("file", str(refused.sentence))
    return page(admin, request, "upload", _("Bring a ledger in"), form=form)


def show(admin, request, pk: int):
    """The page that an import is on."""
    ledger_import = seen_or_404(request, pk, LedgerImport.objects.select_related("by", "batch"))
    return PAGES[ledger_import.state](admin, request, ledger_import)


def columns_page(admin, request, ledger_import, form=None):
    """What the columns mean that are not known by their headings."""
    form = form or ColumnsForm(ledger_import, user=request.user)
    return import_page(admin, request, "columns", ledger_import, form=form)


def checking_page(admin, request, ledger_import):
    """How far the rows are checked."""
    return import_page(admin, request, "checking", ledger_import, sentence=_progress(ledger_import))


def preview_page(admin, request, ledger_import, options=None):
    """What the file would change, one kind of row at a time."""
    outcome = preview.chosen_outcome(ledger_import, request.GET.get("outcome", ""))
    rows = ledger_import.rows.filter(outcome=outcome).select_related("project")
    rows_page = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get(PAGE_VAR))
    context = {
        **_second_person(request, ledger_import),
        "tabs": preview.tabs(ledger_import, outcome),
        "outcome": outcome,
        "lines": [preview.line(ledger_import, row) for row in rows_page],
        "to_all": preview.decisions_for_all(ledger_import, outcome),
        "page": rows_page,
        "page_range": rows_page.paginator.get_elided_page_range(rows_page.number),
        "page_var": PAGE_VAR,
        "would": preview.would_write(ledger_import),
        "undecided": preview.undecided(ledger_import),
        "wrong": ledger_import.counts.get("wrong", 0),
        "unit_assumed": preview.unit_assumed(ledger_import),
        "anything_marked": any(ledger_import.counts.get(kind) for kind in preview.MARKED),
        "options": options or OptionsForm(instance=ledger_import, user=request.user),
        "companies": ledger_import.counts.get("companies", []),
        "units": ledger_import.counts.get("units", []),
        "columns": preview.columns_not_read(ledger_import),
        "sheets": preview.sheets(ledger_import),
    }
    return import_page(admin, request, "preview", ledger_import, **context)


def _second_person(request, ledger_import) -> dict:
    """Whether the import waits for a second person, whether that is who asks, and what keeps it from being written."""
    reviewed = rights.waits_for_review(ledger_import)
    why_not = permissions.why_not_confirm(request.user, ledger_import, reviewed=True) if reviewed else ""
    agrees = reviewed and not why_not
    return {
        "reviewed": reviewed,
        "may_agree": agrees,
        "seen": rights.as_decided(ledger_import) if agrees else "",
        "hindrance": preview.hindrance(ledger_import) or why_not,
    }


def finished_page(admin, request, ledger_import):
    """What became of an import: written, taken back or discarded."""
    batch = ledger_import.batch
    context = {
        "wrote": preview.would_write(ledger_import),
        "batch_url": reverse("admin:liangzhou_changebatch_change", args=[batch.pk]) if batch else "",
        "may_undo": bool(batch) and may_undo(request, batch),
        "may_import": permissions.may_import(request.user),
    }
    return import_page(admin, request, "finished", ledger_import, **context)


PAGES = {
    State.MAPPING: columns_page,
    State.CHECKING: checking_page,
    State.READY: preview_page,
    State.WRITTEN: finished_page,
    State.UNDONE: finished_page,
    State.DISCARDED: finished_page,
}


# What the buttons do


def step(*states: str, lock: bool = True, open_to: Callable = may_press) -> Callable:
    """A button: does something to an import that is in one of these states, and leads back to its page.

    `open_to` says whether they who ask may press it; who only sees the import is refused.
    Others wait for it, so that nobody changes what is being written; `lock=False` is for what sees
    to that itself. A reload of the address leads to the page; so does a button of a page that was
    left open, with a sentence that says what the import is by now.
    """

    def decorate(act):
        @wraps(act)
        def stepped(admin, request, pk: int):
            if request.method != "POST":
                seen_or_404(request, pk)
            elif lock:
                with transaction.atomic():
                    found = seen_or_404(request, pk, LedgerImport.objects.select_for_update())
                    return _press(act, admin, request, found, states, open_to)
            else:
                return _press(act, admin, request, seen_or_404(request, pk), states, open_to)
            return redirect("admin:ledgers_ledgerimport_change", pk)

        return stepped

    return decorate


def _press(act, admin, request, ledger_import, states, open_to):
    if not open_to(request, ledger_import):
        raise PermissionDenied
    if ledger_import.state not in states:
        admin.message_user(request, _too_late(ledger_import), messages.WARNING)
        return redirect(address(ledger_import))
    return act(admin, request, ledger_import) or redirect(address(ledger_import))


@step(*OPEN)
def name_columns(admin, request, ledger_import):
    """What each column means, as the clerk says; the rows are checked after that."""
    form = ColumnsForm(ledger_import, request.POST, user=request.user)
    if form.is_valid():
        named = {"template_name": form.cleaned_data["template_name"], "by": request.user}
        try:
            imports.name_columns(ledger_import, form.meanings(), **named)
            return None
        except ValidationError as error:
            form.refuse(error)
    return columns_page(admin, request, ledger_import, form)


def columns(admin, request, pk: int):
    """The page of the columns also when they are all known: a heading may mislead."""
    ledger_import = seen_or_404(request, pk)
    if request.method == "POST":
        return name_columns(admin, request, pk)
    return (
        columns_page(admin, request, ledger_import) if ledger_import.state in OPEN else redirect(address(ledger_import))
    )


def check(admin, request, pk: int):
    """Checks rows for some two seconds. A script asks for JSON; a button leads back to the page."""
    ledger_import = seen_or_404(request, pk)
    if request.method == "POST" and not may_press(request, ledger_import):
        raise PermissionDenied
    if request.method == "POST" and ledger_import.state == State.CHECKING:
        _check_for(ledger_import, SECONDS_AT_ONCE)
    if request.headers.get("Accept") != "application/json":
        return redirect(address(ledger_import))
    checked = {"checked": ledger_import.checked_rows, "total": ledger_import.total_rows}
    done = ledger_import.state != State.CHECKING
    return JsonResponse({**checked, "done": done, "sentence": _progress(ledger_import)})


@step(State.READY)
def decide(admin, request, ledger_import):
    """What is to become of rows that are in conflict or may be there already."""
    outcome = request.POST.get("outcome", "")
    if "all" in request.POST:
        count = decisions.decide_all(ledger_import, outcome, request.POST["all"])
    else:
        chosen = {
            name.removeprefix("decision-"): value
            for name, value in request.POST.items()
            if name.startswith("decision-")
        }
        count = decisions.decide(ledger_import, outcome, chosen)
    told = ngettext("Decided for %(count)d row.", "Decided for %(count)d rows.", count) % {"count": count}
    admin.message_user(request, told, messages.SUCCESS)
    return redirect(address(ledger_import, preview.query(outcome, request.POST.get(PAGE_VAR, ""))))


@step(State.READY)
def options(admin, request, ledger_import):
    """What is done with wrong rows, unknown companies and stages; the rows are checked anew where that matters."""
    form = OptionsForm(request.POST, instance=ledger_import, user=request.user)
    if not form.is_valid():
        ledger_import.refresh_from_db()
        return preview_page(admin, request, ledger_import, form)
    if set(form.changed_data) - {"leave_out_wrong"}:
        imports.recheck(ledger_import, **form.cleaned_data)
    else:
        ledger_import.save(update_fields=["leave_out_wrong"])
    return None


@step(State.READY, lock=False, open_to=lambda *asked: may_press(*asked) or may_agree(*asked))
def confirm(admin, request, ledger_import):
    """Writes all of it, or nothing."""
    try:
        imports.confirm(ledger_import, by=request.user, seen=request.POST.get("seen", ""))
    except imports.Refused as refused:
        _check_for(ledger_import, SECONDS_AFTER_REFUSAL)  # so that the sentence stands on the preview itself
        written = ledger_import.state == State.WRITTEN  # somebody pressed the button at the same moment
        told = _too_late(ledger_import) if written else str(refused)
        admin.message_user(request, told, messages.WARNING if written else messages.ERROR)
    else:
        admin.message_user(request, _("The ledger has been written."), messages.SUCCESS)


@step(*OPEN)
def discard(admin, request, ledger_import):
    """Lets go of an import that was not written."""
    imports.discard(ledger_import, by=request.user)
    admin.message_user(request, _("The import was discarded. Nothing of it was written."), messages.SUCCESS)


def _check_for(ledger_import, seconds: int) -> None:
    """Check rows for so long, or until all are checked."""
    until = time.monotonic() + seconds
    while not imports.check(ledger_import, rows=ROWS_AT_ONCE) and time.monotonic() < until:
        pass
    ledger_import.refresh_from_db()


def _progress(ledger_import) -> str:
    counts = {"checked": ledger_import.checked_rows, "total": ledger_import.total_rows}
    return _("%(checked)d of %(total)d rows checked") % counts


def _too_late(ledger_import) -> str:
    if ledger_import.state == State.WRITTEN:
        return _("This ledger has been written already; nothing was done again.")
    return _("Nothing was done: by now this import is “%(state)s”.") % {"state": ledger_import.get_state_display()}
