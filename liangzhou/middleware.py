"""Guards around every request, and the headers of every answer. Settings explain their order."""

import logging
import string
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import (
    BadRequest,
    MiddlewareNotUsed,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import DatabaseError
from django.http.multipartparser import MultiPartParserError
from django.middleware.security import SecurityMiddleware
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from liangzhou import audit, errors, health
from liangzhou.audit import limits as audit_limits
from liangzhou.sign_in import idle, sessions

log = logging.getLogger(__name__)

LONGEST_QUERY_BYTES = 8000
NULL_CHARACTER = _("The address holds a null character, which no text has.")
NOT_UTF8 = _("The request says that it is not written in UTF-8, the only encoding that this site reads.")
DAMAGED_FORM = _("The form arrived damaged or incomplete. Nothing was saved.")
PROBES = {"/healthz": health.healthz, "/readyz": health.readyz}


class HeadersMiddleware(SecurityMiddleware):
    """The security headers on every answer, also those of middlewares further in that refuse a request.

    Django's own SecurityMiddleware cannot do this: where it meets a wrong Host on its way to
    https, its answer passes none of its own headers. It stays, further in, for the redirect.
    """

    def process_request(self, request):
        return None

    def process_response(self, request, response):
        response = super().process_response(request, response)
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        return response


class ProbesMiddleware:
    """Answers the probes before anything that wants https, a session or a Host of ALLOWED_HOSTS.

    They come from inside, to an address of the machine. Their answers name no host, so a
    made-up Host gains nothing.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return PROBES.get(request.path_info, self.get_response)(request)


class RequestGuardMiddleware:
    """Turns away what no browser sends, with a sentence, before it can break a page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        drop_unreadable_cookies(request)
        percent_encode_query(request)
        refused = refusal(request)
        if refused:
            status, happened = refused
            return errors.answer(request, status, happened=happened)
        return self.get_response(request)


def refusal(request) -> tuple[int, str] | None:
    """The status and the sentence with which a request is turned away; None for a good one."""
    query = request.META.get("QUERY_STRING", "")
    if len(query) > LONGEST_QUERY_BYTES:
        return 414, ""
    if "\0" in request.path_info or "\0" in query or "%00" in query:
        return 400, NULL_CHARACTER
    charset = request.content_params.get("charset", "utf-8")
    if charset.lower() != "utf-8":
        return 400, NOT_UTF8
    if _content_length(request) > settings.LARGEST_REQUEST_BYTES:
        return 413, ""
    return _form_refusal(request) if request.method == "POST" else None


def _content_length(request) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isdecimal() else 0


def _form_refusal(request) -> tuple[int, str] | None:
    """Reads the form now: the CSRF check and the views would meet the same faults, but could not answer well."""
    try:
        request.POST  # noqa: B018 (reading parses)
    except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent):
        return 413, ""
    except (MultiPartParserError, BadRequest, SuspiciousOperation, OSError, ValueError, LookupError):
        return 400, DAMAGED_FORM
    return None


def drop_unreadable_cookies(request) -> None:
    """Forgets cookies that hold a null character, which PostgreSQL refuses to look up.

    They are dropped rather than refused: a browser that has one could not get rid of it by itself.
    """
    if any("\0" in value for value in request.COOKIES.values()):
        request.COOKIES = {name: value for name, value in request.COOKIES.items() if "\0" not in value}


def percent_encode_query(request) -> None:
    """Writes a query that came in raw UTF-8 as browsers send it: Django garbles it where a page links to itself."""
    query = request.META.get("QUERY_STRING", "")
    if not query.isascii():
        request.META["QUERY_STRING"] = quote(query.encode("latin-1"), safe=string.punctuation)


class MaintenanceMiddleware:
    """With MAINTENANCE=true every page is the 503 page; static files and probes are answered further out."""

    def __init__(self, get_response):
        if not settings.MAINTENANCE:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request):
        return errors.maintenance(request)


class CacheRulesMiddleware:
    """Who may keep an answer.

    Staff pages and whatever goes to a browser with a session, or sets a cookie: nobody. The
    session itself is not read, so that visitors cost no query and no `Vary: Cookie`. Public
    pages may be kept but are asked for anew each time, so that a withdrawal works at once;
    what a view has set stands. They are asked for by ETag alone: a feed or sitemap that lost
    a row is no newer by its date.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.pop("Last-Modified", None)
        if _is_personal(request, response):
            response.headers["Cache-Control"] = "private, no-store"
        else:
            response.headers.setdefault("Cache-Control", "no-cache")
        return response


def _is_personal(request, response) -> bool:
    return (
        request.path_info.startswith(reverse("admin:index"))
        or settings.SESSION_COOKIE_NAME in request.COOKIES
        or bool(response.cookies)
    )


class AuditMiddleware:
    """Tells the audit trail which request it is in: who is signed in, and from where."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        token = audit.current_request.set(request)
        try:
            return self.get_response(request)
        finally:
            audit.current_request.reset(token)

    def process_exception(self, request, exception):
        """What somebody signed in was refused is kept; whatever breaks here, they are answered all the same."""
        if not isinstance(exception, PermissionDenied):
            return
        try:
            if request.user.is_authenticated:
                audit_limits.record_refusal(request)
        except DatabaseError:
            log.exception("A refusal could not be written into the audit trail.")


class IdleMiddleware:
    """Signs staff out who have been idle. Public pages do not ask who is signed in, and cost no query."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """Here rather than around the call: by now the form of a stranger has been refused."""
        if not request.path_info.startswith(reverse("admin:index")) or not request.user.is_authenticated:
            return None
        if sessions.is_idle(request.session):
            return idle.answer(request, settings.IDLE_MINUTES)
        if not idle.is_background(request):
            sessions.note_activity(request.session)
        return None
