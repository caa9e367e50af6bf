import sqlite3
from contextlib import closing

import psycopg
import pytest
from django.conf import settings as real_settings
from django.db import InterfaceError, OperationalError
from django.db.utils import ConnectionHandler
from django.test import Client, RequestFactory
from django.utils import translation

from liangzhou import errors

pytestmark = pytest.mark.usefixtures("breaking_urls")

STATUSES = sorted(errors.PROBLEMS)
CONFIDENTIAL = "confidential"  # what every exception of those pages says


@pytest.fixture
def visitor():
    """A browser that is shown the error page where a test client would raise."""
    return Client(raise_request_exception=False)


def title_of(status, language="zh-hans"):
    with translation.override(language):
        return f"<h1>{errors.PROBLEMS[status].title}</h1>"


@pytest.mark.django_db  # one page tries to connect; that no page asks is tested below
@pytest.mark.parametrize(
    ("path", "status"),
    [("/forbidden/", 403), ("/no/such/page/", 404), ("/suspicious/", 400), ("/bug/", 500), ("/unreachable/", 503)],
)
def test_error_page_looks_like_the_site_and_tells_no_detail(visitor, path, status):
    for prefix, language in (("", "zh-hans"), ("/en", "en")):
        response = visitor.get(prefix + path)

        page = response.content.decode()
        assert response.status_code == status
        assert response["Content-Type"] == "text/html; charset=utf-8"
        assert response["Content-Language"] == language
        assert title_of(status, language) in page
        assert 'class="site-header"' in page
        assert f'<html lang="{language}"' in page
        assert CONFIDENTIAL not in page
        assert "Traceback" not in page


@pytest.mark.parametrize("status", STATUSES)
def test_error_page_asks_no_database(status):
    """Without the `db` mark, pytest-django refuses every query."""
    response = errors.answer(RequestFactory().get("/admin/"), status)

    assert title_of(status) in response.content.decode()
    assert 'href="/admin/"' in response.content.decode()


@pytest.mark.parametrize("status", STATUSES)
def test_error_page_falls_back_to_plain_html_in_the_same_words(status, settings, tmp_path):
    (tmp_path / "error.html").write_text("{% extends 'no_such_frame.html' %}")
    settings.TEMPLATES = [{**real_settings.TEMPLATES[0], "DIRS": [tmp_path]}]

    response = errors.answer(RequestFactory().get("/en/x/"), status)

    page = response.content.decode()
    assert response.status_code == status
    assert page.startswith("<!doctype html>")
    assert title_of(status, "en") in page
    assert 'class="site-header"' not in page


def test_error_answers_are_not_stored(visitor):
    assert visitor.get("/bug/")["Cache-Control"] == "no-store"
    assert visitor.get("/unreachable/")["Cache-Control"] == "no-store"
    assert visitor.get("/forbidden/")["Cache-Control"] == "no-store"
    assert visitor.get("/no/such/page/")["Cache-Control"] == "no-cache"


def test_error_page_offers_large_type_for_the_same_address(visitor):
    page = visitor.get("/no/such/page/?q=1").content.decode()

    assert '<input type="hidden" name="next" value="/no/such/page/?q=1">' in page


def test_error_page_of_a_signed_in_clerk_does_not_read_the_session(visitor):
    visitor.cookies[real_settings.SESSION_COOKIE_NAME] = "0123456789abcdef0123456789abcdef"

    response = visitor.get("/bug/")

    assert response.status_code == 500
    assert title_of(500) in response.content.decode()
    assert response["Cache-Control"] == "private, no-store"


def test_unknown_host_gets_a_page_that_says_so(visitor, caplog):
    response = visitor.get("/plain/", headers={"host": "elsewhere.example"})

    assert [record.exc_info for record in caplog.records if "elsewhere.example" in record.getMessage()] == [None]
    assert response.status_code == 400
    assert title_of(400) in response.content.decode()
    assert "elsewhere.example" not in response.content.decode()


def test_csrf_failure_says_that_nothing_was_saved_and_what_to_do():
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "clerk", "password": "wrong"})

    page = response.content.decode()
    assert response.status_code == 403
    with translation.override("zh-hans"):
        assert str(errors.FORM_REFUSED.title) in page
        assert all(str(step) in page for step in errors.FORM_REFUSED.next_steps)
    assert "CSRF" not in page


@pytest.mark.django_db
def test_unavailable_database_says_when_to_come_back(visitor):
    assert visitor.get("/unreachable/")["Retry-After"] == "60"


@pytest.mark.django_db
def test_missing_table_is_our_fault_and_no_outage(visitor):
    response = visitor.get("/missing_table/")

    assert response.status_code == 500
    assert not response.has_header("Retry-After")


def sqlite_file(path, timeout=0):
    """A connection of its own to a SQLite file, with a transaction that takes the write lock at once."""
    options = {"transaction_mode": "IMMEDIATE", "timeout": timeout}
    databases = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path), "OPTIONS": options}}
    return closing(ConnectionHandler(databases)["default"])


@pytest.mark.django_db
def test_locked_sqlite_is_an_outage(tmp_path):
    holder = sqlite3.connect(tmp_path / "busy.sqlite3", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="locked") as raised, sqlite_file(tmp_path / "busy.sqlite3") as busy:
        busy.cursor().execute("CREATE TABLE t (a)")
    holder.close()

    assert errors.is_database_unavailable(raised.value)


@pytest.mark.django_db
def test_sqlite_without_its_folder_is_an_outage(tmp_path):
    with pytest.raises(OperationalError) as raised, sqlite_file(tmp_path / "none" / "x.sqlite3") as absent:
        absent.cursor()

    assert errors.is_database_unavailable(raised.value)


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["SELECT * FROM nowhere", "SELECT", "SELECT " + "-" * 2000 + "1"])
def test_bad_sqlite_statement_is_no_outage(tmp_path, statement):
    with pytest.raises(OperationalError) as raised, sqlite_file(tmp_path / "x.sqlite3") as file:
        file.cursor().execute(statement)

    assert not errors.is_database_unavailable(raised.value)


@pytest.mark.django_db
def test_postgresql_that_does_not_listen_is_an_outage():
    nobody = {"ENGINE": "django.db.backends.postgresql", "NAME": "x", "HOST": "127.0.0.1", "PORT": "1"}
    with pytest.raises(OperationalError) as raised:
        ConnectionHandler({"default": nobody})["default"].cursor()

    assert errors.is_database_unavailable(raised.value)


@pytest.mark.parametrize(
    ("cause", "outage"),
    [
        (psycopg.errors.AdminShutdown, True),
        (psycopg.errors.TooManyConnections, True),
        (psycopg.errors.QueryCanceled, True),
        (psycopg.errors.DeadlockDetected, True),
        (psycopg.errors.LockNotAvailable, True),
        (psycopg.errors.StatementTooComplex, False),
    ],
)
def test_postgresql_states_tell_an_outage_from_a_fault_of_ours(cause, outage):
    error = OperationalError()
    error.__cause__ = cause()

    assert errors.is_database_unavailable(error) is outage


def test_lost_connection_is_an_outage():
    assert errors.is_database_unavailable(InterfaceError("connection already closed"))


@pytest.mark.parametrize("error", [None, RuntimeError(), ConnectionError(), sqlite3.OperationalError()])
def test_other_errors_are_no_outage(error):
    assert not errors.is_database_unavailable(error)
