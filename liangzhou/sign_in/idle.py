"""What is answered to staff who did nothing for too long: they are signed out, told so, and led back afterwards."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import admin, messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liangzhou.sign_in import steps as sign_in_steps

SHORTEST_TEXT = 12  # what is shorter is quickly typed again
MANY_FIELDS = 20  # so many short ones are not quickly typed again
NEVER_SHOWN = ("csrf", "password", "code", "initial-", "_")


@dataclass(frozen=True)
class Table:
    """The cells of a form that is a table. Each row begins with what it is called."""

    head: list[str]
    rows: list[list[str]]


# By the name of an address: what reads the form that was sent there. Asked while it is known who sent it
TABLES: dict[str, Callable[[object], Table]] = {}


def is_background(request) -> bool:
    """Whether a script asks by itself, as the page does that checks a ledger: nobody need be sitting there."""
    return request.headers.get("Accept") == "application/json"


def _is_script(request) -> bool:
    """Whether a page asks that stays open. Signing out here would take from its form what `_refused_form` shows."""
    return is_background(request) or request.headers.get("X-Requested-With") == "XMLHttpRequest"


def answer(request, minutes: int):
    """In place of the page that was asked for; None where the page serves who is not signed in as well.

    A form that comes too late is not saved. What was typed is shown, so that it can be copied.
    """
    if _is_script(request):
        return JsonResponse({"sentence": _told(minutes)}, status=401)  # the page itself must tell who sits there
    read = TABLES.get(request.resolver_match.view_name) if request.method == "POST" else None
    table = read(request) if read else None
    logout(request)
    if request.path in (reverse("admin:login"), reverse("admin:logout")):
        messages.warning(request, _told(minutes))
        return None
    if request.method == "POST":
        return _refused_form(request, minutes, table)
    messages.warning(request, _told(minutes))
    return redirect_to_login(request.get_full_path(), reverse("admin:login"))


def _told(minutes: int) -> str:
    return ngettext(
        "You were signed out, because you had done nothing for %(minutes)d minute.",
        "You were signed out, because you had done nothing for %(minutes)d minutes.",
        minutes,
    ) % {"minutes": minutes}


def _refused_form(request, minutes: int, table: Table | None):
    typed = [] if table else _typed(request.POST)
    short = [(name, text) for name, text in typed if len(text) < SHORTEST_TEXT]
    context = {
        "title": _("Nothing was saved"),
        "happened": _told(minutes),
        "texts": [text for _name, text in typed if len(text) >= SHORTEST_TEXT],
        "fields": short if len(short) >= MANY_FIELDS else [],
        "table": table,
        "again": sign_in_steps.address("admin:login", request.get_full_path()),
    }
    return TemplateResponse(request, "admin/idle.html", admin.site.each_context(request) | context, status=403)


def _typed(form) -> list[tuple[str, str]]:
    """What a form holds besides what the page itself put there: names of fields and texts."""
    return [
        (name, text)
        for name, texts in form.lists()
        if not (name.startswith(NEVER_SHOWN) or name.endswith("_FORMS") or "password" in name)
        for text in texts
        if text.strip()
    ]
