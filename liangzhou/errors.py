"""Pages for what goes wrong: what happened and what to do next, in the site's look, without the database."""

import logging
import sys
from dataclasses import dataclass, replace

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.template import loader
from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from liangzhou import context

log = logging.getLogger(__name__)

DATABASE_RETRY_SECONDS = 60
MAINTENANCE_RETRY_SECONDS = 600


@dataclass(frozen=True)
class Problem:
    """What one error page says."""

    title: str
    happened: str
    next_steps: tuple[str, ...]


START_AGAIN = _("Check the address, or start again from the home page.")

PROBLEMS = {
    400: Problem(
        _("This request cannot be read"),
        _("The address or the form holds something that this site cannot read."),
        (START_AGAIN,),
    ),
    403: Problem(
        _("You may not open this page"),
        _("Your account does not have the right to see or to change what is here."),
        (_("If your work needs it, ask the person who manages the accounts."),),
    ),
    404: Problem(
        _("There is no such page"),
        _("Nothing is published at this address: it may be mistyped, or the page was moved or withdrawn."),
        (_("Check the address."), _("Look for it by name in the lists of projects and companies.")),
    ),
    413: Problem(
        _("Too much was sent at once"),
        _("The form holds more than this site takes in one go. Nothing was saved."),
        (_("Go back and save it in smaller parts. A file may have at most 30 MB."),),
    ),
    414: Problem(
        _("The address is too long"),
        _("The address holds more conditions than this site can read."),
        (_("Go back and take off some of the conditions."),),
    ),
    429: Problem(
        _("Signing in is locked for now"),
        _("Too many attempts to sign in with this user name have failed."),
        (_("If you have forgotten the password, ask the person who manages the accounts."),),
    ),
    500: Problem(
        _("Something went wrong on our side"),
        _("The page could not be made. The fault has been recorded."),
        (_("Try again in a few minutes."), _("If it happens again, tell us the address of the page and the time.")),
    ),
    503: Problem(
        _("The records cannot be reached at the moment"),
        _("The site is running, but its database does not answer or is busy. Nothing you sent was saved."),
        (_("Try again in a minute."),),
    ),
}
MAINTENANCE = Problem(
    _("The site is being maintained"),
    _("It is closed for a short time while work is done on it."),
    (_("Please come back later."),),
)
FORM_REFUSED = Problem(
    _("The form was not accepted"),
    _(
        "Nothing was saved. The page was open for too long, or you signed in or out elsewhere in the meantime, "
        "or the browser does not keep cookies for this site."
    ),
    (
        _("Go back, copy what you typed, reload the page and send the form again."),
        _("If it happens again, allow cookies for this site."),
    ),
)


def answer(request, status: int, *, happened="", problem: Problem | None = None, retry_after=0) -> HttpResponse:
    """The page for an HTTP status, in the language of the address.

    `happened` replaces the usual sentence on what happened; `retry_after` is in seconds. Where
    the site's look cannot be rendered, a plain page says the same.
    """
    problem = problem or PROBLEMS[status]
    if happened:
        problem = replace(problem, happened=happened)
    language = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
    with translation.override(language):
        try:
            page = loader.render_to_string("error.html", {**_page(request), "problem": problem, "status": status})
        except Exception:  # whatever broke, the visitor still gets an answer
            log.exception("The page for status %s could not be rendered.", status)
            page = _plain(problem, language)
    response = HttpResponse(page, status=status, headers={"Content-Language": language})
    response.headers["Cache-Control"] = "no-cache" if status == 404 else "no-store"
    if retry_after:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _page(request) -> dict:
    """What the site's frame needs. The request itself is left out: it could be asked who is signed in."""
    addresses = {"path": request.path, "get_full_path": request.get_full_path()}
    in_admin = request.path_info.startswith("/admin/")
    return {**context.site(request), "request": addresses, "in_admin": in_admin}


def _plain(problem: Problem, language: str) -> str:
    return format_html(
        '<!doctype html><html lang="{}"><head><meta charset="utf-8"><title>{}</title></head>'
        '<body><h1>{}</h1><p>{}</p><ul>{}</ul><p><a href="/">{}</a></p></body></html>',
        language,
        problem.title,
        problem.title,
        problem.happened,
        format_html_join("", "<li>{}</li>", ((step,) for step in problem.next_steps)),
        _("Home"),
    )


def bad_request(request, exception=None):
    """handler400."""
    if isinstance(exception, DisallowedHost):
        return answer(request, 400, happened=_("This site is not served under that host name."))
    return answer(request, 400)


def forbidden(request, exception=None):
    """handler403."""
    return answer(request, 403)


def not_found(request, exception=None):
    """handler404."""
    return answer(request, 404)


def server_error(request):
    """handler500; a database out of reach is told apart from a fault of ours."""
    if is_database_unavailable(sys.exception()):
        return answer(request, 503, retry_after=DATABASE_RETRY_SECONDS)
    return answer(request, 500)


def csrf_failure(request, reason=""):
    """CSRF_FAILURE_VIEW; the reason is in the log, not on the page."""
    return answer(request, 403, problem=FORM_REFUSED)


def maintenance(request):
    """The page of a site that is closed on purpose."""
    return answer(request, 503, problem=MAINTENANCE, retry_after=MAINTENANCE_RETRY_SECONDS)


# SQLite's own codes: busy, locked, out of memory, read-only, I/O error, full, cannot open, protocol.
# A missing table or a bad statement is SQLITE_ERROR: a fault of ours, not an outage.
SQLITE_OUTAGES = {5, 6, 7, 8, 10, 13, 14, 15}
# PostgreSQL's classes of SQLSTATE: connection, rollback by the server, resources, locks, operator, system.
POSTGRESQL_OUTAGES = {"08", "40", "53", "55", "57", "58"}


def is_database_unavailable(error) -> bool:
    """Whether an exception means that the database is away or busy, rather than asked something wrong."""
    if not isinstance(error, (OperationalError, InterfaceError)):
        return False
    cause = error.__cause__
    sqlite_code = getattr(cause, "sqlite_errorcode", None)
    if sqlite_code is not None:
        return sqlite_code & 0xFF in SQLITE_OUTAGES
    if type(cause).__module__ == "sqlite3":  # raised by Python's module itself: wrong use of it
        return False
    sqlstate = getattr(cause, "sqlstate", None)  # None: the server could not even be asked
    return sqlstate is None or sqlstate[:2] in POSTGRESQL_OUTAGES
