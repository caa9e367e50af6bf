"""What is answered to staff who did nothing for too long: they are signed out, told so, and led back afterwards."""

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
NEVER_SHOWN = ("csrf", "password", "code", "initial-", "_")


def is_background(request) -> bool:
    """Whether a script asks by itself, as the page does that checks a ledger: nobody need be sitting there."""
    return request.headers.get("Accept") == "application/json"


def answer(request, minutes: int):
    """In place of the page that was asked for; None where the page serves who is not signed in as well.

    A form that comes too late is not saved. Its texts are shown, so that they can be copied.
    """
    if is_background(request):
        return JsonResponse({"sentence": _told(minutes)}, status=401)  # the page itself must tell who sits there
    logout(request)
    if request.path in (reverse("admin:login"), reverse("admin:logout")):
        messages.warning(request, _told(minutes))
        return None
    if request.method == "POST":
        return _refused_form(request, minutes)
    messages.warning(request, _told(minutes))
    return redirect_to_login(request.get_full_path(), reverse("admin:login"))


def _told(minutes: int) -> str:
    return ngettext(
        "You were signed out, because you had done nothing for %(minutes)d minute.",
        "You were signed out, because you had done nothing for %(minutes)d minutes.",
        minutes,
    ) % {"minutes": minutes}


def _refused_form(request, minutes: int):
    context = {
        "title": _("Nothing was saved"),
        "happened": _told(minutes),
        "texts": _typed(request.POST),
        "again": sign_in_steps.address("admin:login", request.get_full_path()),
    }
    return TemplateResponse(request, "admin/idle.html", admin.site.each_context(request) | context, status=403)


def _typed(form) -> list[str]:
    return [
        text
        for name, texts in form.lists()
        if not name.startswith(NEVER_SHOWN) and "password" not in name
        for text in texts
        if len(text) >= SHORTEST_TEXT
    ]
