"""The site's addresses, and beside them pages that break in every way (the fixture `breaking_urls`)."""

from django.conf.urls.i18n import i18n_patterns
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import connection
from django.db.utils import ConnectionHandler
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.urls import path

from liangzhou.urls import handler400, handler403, handler404, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def plain(request):
    """A page that is withdrawn as soon as it is asked for with `?gone`."""
    if "gone" in request.GET:
        raise Http404
    return HttpResponse("a public page")


def kept(request):
    return HttpResponse("kept for a minute", headers={"Cache-Control": "public, max-age=60"})


def streamed(request):
    return StreamingHttpResponse(["one\n", "two\n"], content_type="text/csv")


def cookie_setting(request):
    response = HttpResponse("with a cookie")
    response.set_cookie("display", "large")
    return response


def bug(request):
    raise RuntimeError("confidential")


def missing_table(request):
    connection.cursor().execute("SELECT confidential FROM no_such_table")


def unreachable(request):
    no_folder = {"ENGINE": "django.db.backends.sqlite3", "NAME": "/no/such/folder/confidential.sqlite3"}
    ConnectionHandler({"default": no_folder})["default"].cursor()


def forbidden(request):
    raise PermissionDenied("confidential")


def suspicious(request):
    raise SuspiciousOperation("confidential")


PAGES = (plain, kept, streamed, cookie_setting, bug, missing_table, unreachable, forbidden, suspicious)

urlpatterns = [*i18n_patterns(*(path(f"{page.__name__}/", page) for page in PAGES), prefix_default_language=False),
               *urlpatterns]  # fmt: skip
