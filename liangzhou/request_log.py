"""One line in the log for each request, and a number that finds it."""

import logging
import re
import secrets
import time
from urllib.parse import quote

from django.conf import settings
from django.http import FileResponse

from liangzhou.log_format import request_id
from liangzhou.middleware import PROBES

LONGEST_PATH = 500
HEADER = "X-Request-ID"
_GOOD_ID = re.compile(r"[0-9A-Za-z_-]{8,64}")

log = logging.getLogger("liangzhou.requests")


class RequestLogMiddleware:
    """Writes one line for each request: no query string, no address, no name; the number of an account at most.

    Outermost, so that also what is refused has its line. The line of a download is written when it ends.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        number = _number(request)
        token = request_id.set(number)
        began = time.monotonic()
        try:
            response = self.get_response(request)
        finally:
            request_id.reset(token)
        response.headers[HEADER] = number
        if settings.LOG_REQUESTS and request.path_info not in PROBES:
            _log_at_the_end(request, response, number, began)
        return response


def _number(request) -> str:
    """The number that a proxy of ours gave the request, or a new one."""
    given = request.headers.get(HEADER, "") if settings.TRUSTED_PROXIES else ""
    return given if _GOOD_ID.fullmatch(given) else secrets.token_hex(8)


def _log_at_the_end(request, response, number: str, began: float) -> None:
    if not response.streaming:
        _log(request, response, number, began, len(response.content))
        return
    sent = None
    if not isinstance(response, FileResponse):  # the server sends a file past us
        sent = [0]
        response.streaming_content = _counted(response.streaming_content, sent, number)
    length = response.headers.get("Content-Length", "")

    def end():
        size = sent[0] if sent else (int(length) if length.isdecimal() else None)
        _log(request, response, number, began, size)

    response._resource_closers.append(end)  # the server closes every answer, whole or broken off


def _counted(chunks, sent: list[int], number: str):
    """The chunks; what goes wrong while they are made is logged under the number of the request."""
    token = request_id.set(number)
    try:
        for chunk in chunks:
            sent[0] += len(chunk)
            yield chunk
    finally:
        request_id.reset(token)
        if hasattr(chunks, "close"):
            chunks.close()


def _log(request, response, number: str, began: float, size: int | None) -> None:
    told = {
        "method": request.method if request.method.isalpha() else "?",
        "path": quote(request.path, safe="/:@!$&'()*+,;=~")[:LONGEST_PATH],
        "status": response.status_code,
        "milliseconds": round((time.monotonic() - began) * 1000),
        "bytes": "-" if size is None else size,
        "user": _user(request),
    }
    token = request_id.set(number)
    try:
        log.info("%s", " ".join(f"{value}" for value in told.values()), extra={"told": told})
    finally:
        request_id.reset(token)


def _user(request) -> int | str:
    """The number of the account, where somebody asked for it anyway: the session is not read for the log."""
    user = getattr(request, "_cached_user", None)
    return user.pk if user is not None and user.is_authenticated else "-"
