import os
import runpy
import secrets
import sqlite3
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings as running
from django.core.exceptions import ImproperlyConfigured
from django.db import connections, transaction
from django.db.utils import ConnectionHandler

from tests.environment import variable_names

GOOD_KEY = "".join(f"{n:x}" for n in range(60))


@pytest.fixture
def read(monkeypatch):
    """Reads the settings anew from nothing but the given variables: their names and values."""
    for name in variable_names():
        monkeypatch.delenv(name, raising=False)

    def read_with(**variables):
        for name, value in {"ENV_FILE": "", "SECRET_KEY": GOOD_KEY, **variables}.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(running.BASE_DIR / "liangzhou" / "settings.py"))

    return read_with


def test_without_variables_the_site_is_safe(read):
    found = read()

    assert (found["DEBUG"], found["HTTPS"], found["MAINTENANCE"]) == (False, True, False)
    assert found["ALLOWED_HOSTS"] == ["127.0.0.1", "localhost", "[::1]"]
    assert found["SESSION_COOKIE_SECURE"] is found["CSRF_COOKIE_SECURE"] is found["SECURE_SSL_REDIRECT"] is True
    assert found["DATABASES"]["default"]["NAME"] == str(running.BASE_DIR / "db.sqlite3")
    assert "SECURE_PROXY_SSL_HEADER" not in found


def test_empty_variable_means_the_default(read):
    empty = {name: "" for name in variable_names() if name not in ("SECRET_KEY", "STATICFILES_STORAGE")}

    given, absent = read(**empty), read()

    for name in ("DEBUG", "HTTPS", "ALLOWED_HOSTS", "DATABASES", "CACHES", "AXES_FAILURE_LIMIT", "AXES_COOLOFF_TIME"):
        assert given[name] == absent[name]


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set: `make run` writes one into .env, or set it in the environment."),
        ({"SECRET_KEY": "a1b2c3d4e5"}, "SECRET_KEY is too easy to guess: it needs 50 random characters or more."),
        ({"SECRET_KEY": "a" * 60}, "SECRET_KEY is too easy to guess: it needs 50 random characters or more."),
        ({"SECRET_KEY": f"django-insecure-{GOOD_KEY}"}, "SECRET_KEY is too easy to guess"),
        ({"DEBUG": "ture"}, "DEBUG must be true or false, not 'ture'."),
        ({"HTTPS": "2"}, "HTTPS must be true or false, not '2'."),
        ({"MAINTENANCE": "maybe"}, "MAINTENANCE must be true or false, not 'maybe'."),
        ({"SIGN_IN_FAILURE_LIMIT": "five"}, "SIGN_IN_FAILURE_LIMIT must be a whole number, at least 1, not 'five'."),
        ({"SIGN_IN_FAILURE_LIMIT": "0"}, "SIGN_IN_FAILURE_LIMIT must be a whole number, at least 1, not '0'."),
        ({"SIGN_IN_LOCKOUT_HOURS": "nan"}, "SIGN_IN_LOCKOUT_HOURS must be a number, at least 0.01, not 'nan'."),
        ({"SIGN_IN_LOCKOUT_HOURS": "inf"}, "SIGN_IN_LOCKOUT_HOURS must be a number, at least 0.01, not 'inf'."),
        ({"TRUSTED_PROXIES": "-1"}, "TRUSTED_PROXIES must be a whole number, at least 0, not '-1'."),
        (
            {"TWO_FACTOR_ROLES": "superuser,adminstrator"},
            "TWO_FACTOR_ROLES must list only administrator, security, auditor, editor, task_force, place_clerk, "
            "publisher, service_officer, leader, superuser, all, not 'adminstrator'.",
        ),
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR, not 'LOUD'."),
        ({"LOG_FORMAT": "xml"}, "LOG_FORMAT must be line or json, not 'xml'."),
        ({"LOG_REQUESTS": "some"}, "LOG_REQUESTS must be true or false, not 'some'."),
        ({"AUDIT_KEY": "short"}, "AUDIT_KEY is too easy to guess: it needs 32 random characters or more."),
        ({"AUDIT_KEEP_DAYS": "179"}, "AUDIT_KEEP_DAYS must be a whole number, at least 180, not '179'."),
        (
            {"EMAIL_URL": "mail.internal"},
            "EMAIL_URL must begin with smtp://, smtp+tls://, smtp+ssl:// or consolemail://.",
        ),
        ({"EMAIL_URL": "dummymail://"}, "EMAIL_URL must begin with smtp://, smtp+tls://"),
        ({"EMAIL_URL": "smtp://u:hid/den@mail:port"}, "EMAIL_URL cannot be read: its host or port is malformed."),
        ({"SITE_ADDRESS": "ledger.example"}, "SITE_ADDRESS must begin with https:// or http://."),
        ({"REMIND_MONTH_AFTER_DAYS": "-1"}, "REMIND_MONTH_AFTER_DAYS must be a whole number, at least 0, not '-1'."),
        ({"CACHE_URL": "nowhere"}, "CACHE_URL must begin with locmemcache://, dbcache:// or rediscache://."),
        ({"DATABASE_URL": "mysql://u@h/d"}, "DATABASE_URL must name SQLite (sqlite:////path) or PostgreSQL"),
        ({"DATABASE_URL": "postgresql://u:p@h:port/d"}, "DATABASE_URL cannot be read: its host or port is malformed."),
        ({"DATABASE_URL": "postgresql://u:p@h"}, "DATABASE_URL names no database"),
        ({"DATABASE_URL": "sqlite://"}, "DATABASE_URL names no database"),
    ],
)
def test_wrong_variable_stops_the_start_with_a_sentence(read, variables, sentence):
    with pytest.raises(ImproperlyConfigured) as raised:
        read(**variables)

    assert str(raised.value).startswith(sentence)


@pytest.mark.filterwarnings("ignore:Engine not recognized")
def test_address_without_a_scheme_is_no_database(read):
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL must name"):
        read(DATABASE_URL="db.sqlite3")


def test_refused_database_address_does_not_show_the_password(read):
    with pytest.raises(ImproperlyConfigured) as raised:
        read(DATABASE_URL="postgresql://user:hidden/word@h/d")

    assert "hidden" not in str(raised.value)
    assert raised.value.__suppress_context__


def test_short_key_will_do_for_development(read):
    assert read(SECRET_KEY="short", DEBUG="true")["DEBUG"] is True


def test_key_may_begin_with_a_dollar_sign(read):
    assert read(SECRET_KEY=f"${GOOD_KEY}")["SECRET_KEY"] == f"${GOOD_KEY}"


def test_words_and_lists_are_read_generously(read):
    found = read(DEBUG=" Yes ", HTTPS="OFF", ALLOWED_HOSTS=" a.example , b.example,", SIGN_IN_LOCKOUT_HOURS="2")

    assert (found["DEBUG"], found["HTTPS"]) == (True, False)
    assert found["ALLOWED_HOSTS"] == ["a.example", "b.example"]
    assert found["AXES_COOLOFF_TIME"] == timedelta(hours=2)


def test_audit_trail_has_a_key_of_its_own_where_one_is_given(read):
    assert read()["AUDIT_KEY"] == GOOD_KEY
    assert read(AUDIT_KEY="k" * 32)["AUDIT_KEY"] == "k" * 32
    assert read(AUDIT_KEY="short", DEBUG="true")["AUDIT_KEY"] == "short"


def test_log_is_of_lines_or_of_json(read):
    handlers = [read(LOG_FORMAT=text)["LOGGING"]["handlers"]["console"]["formatter"] for text in ("", "JSON", "line")]

    assert handlers == ["line", "json", "line"]


def test_forwarded_scheme_is_believed_only_behind_proxies(read):
    assert read(TRUSTED_PROXIES="1")["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")


@pytest.mark.parametrize(
    ("url", "host", "port", "tls", "ssl"),
    [
        ("smtp://mail.internal", "mail.internal", 25, False, False),
        ("smtp+tls://mail.internal", "mail.internal", 587, True, False),
        ("smtp+ssl://mail.internal", "mail.internal", 465, False, True),
        ("smtp+tls://u:p%40w@mail.internal:2525", "mail.internal", 2525, True, False),
    ],
)
def test_mail_server_is_read_with_its_usual_port(read, url, host, port, tls, ssl):
    found = read(EMAIL_URL=url)

    assert [found[f"EMAIL_{name}"] for name in ("HOST", "PORT", "USE_TLS", "USE_SSL")] == [host, port, tls, ssl]
    assert found["EMAIL_HOST_PASSWORD"] == ("p@w" if "@" in url else "")


def test_mails_are_printed_where_no_server_is_given(read):
    found = read(SITE_ADDRESS="https://ledger.example/")

    assert found["EMAIL_BACKEND"] == "django.core.mail.backends.console.EmailBackend"
    assert (found["SITE_ADDRESS"], found["REMIND_MONTH_AFTER_DAYS"]) == ("https://ledger.example", 5)


# Databases

POSTGRESQL = "postgresql://ledger:secret@db.internal:5433/ledger"


def test_postgresql_keeps_connections_and_checks_them(read):
    database = read(DATABASE_URL=POSTGRESQL, DATABASE_CONN_MAX_AGE_SECONDS="90")["DATABASES"]["default"]

    assert database == {
        "ENGINE": "django.db.backends.postgresql", "NAME": "ledger", "USER": "ledger", "PASSWORD": "secret",
        "HOST": "db.internal", "PORT": 5433, "CONN_MAX_AGE": 90, "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5},
    }  # fmt: skip


def test_postgresql_by_a_pool(read):
    found = read(DATABASE_URL=f"{POSTGRESQL}?connect_timeout=2&sslmode=require", DATABASE_POOL="true",
                 DATABASE_POOL_SIZE="3")  # fmt: skip
    connection = ConnectionHandler(found["DATABASES"])["default"]

    assert connection.settings_dict["OPTIONS"] == {
        "connect_timeout": 2, "sslmode": "require", "pool": {"min_size": 1, "max_size": 3, "timeout": 5},
    }  # fmt: skip
    assert connection.settings_dict["CONN_MAX_AGE"] == 0  # Django refuses a pool otherwise
    assert (connection.pool.max_size, connection.pool.timeout) == (3, 5)


@pytest.fixture
def file_database(read, tmp_path):
    """A SQLite file opened with our settings; its path."""
    path = tmp_path / "ledger.sqlite3"
    found = read(DATABASE_URL=f"sqlite:///{path}", SQLITE_BUSY_TIMEOUT_SECONDS="7")
    connections["file"] = ConnectionHandler(found["DATABASES"])["default"]
    connections["file"].alias = "file"
    yield path
    connections["file"].close()
    del connections["file"]


@pytest.mark.django_db
def test_sqlite_works_in_wal_waits_and_checks_foreign_keys(file_database):
    with connections["file"].cursor() as cursor:
        pragmas = {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "busy_timeout", "foreign_keys", "synchronous")
        }

    assert pragmas == {"journal_mode": "wal", "busy_timeout": 7000, "foreign_keys": 1, "synchronous": 1}


@pytest.mark.django_db
def test_sqlite_transaction_takes_the_write_lock_at_once_and_lets_readers_in(file_database):
    connections["file"].cursor().execute("CREATE TABLE t (a)")
    other = sqlite3.connect(file_database, timeout=0, isolation_level=None)

    with transaction.atomic(using="file"):
        rows = other.execute("SELECT * FROM t").fetchall()
        with pytest.raises(sqlite3.OperationalError, match="database is locked"):
            other.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN IMMEDIATE")
    other.close()

    assert rows == []


# The whole start


def manage(*arguments, **variables):
    known = {name: value for name, value in os.environ.items() if name not in variable_names()}
    return subprocess.run(  # noqa: S603 (our own manage.py)
        [sys.executable, "manage.py", *arguments], cwd=running.BASE_DIR, capture_output=True, text=True, check=False,
        env={**known, "ENV_FILE": "", **variables},
    )  # fmt: skip


def test_start_without_a_key_ends_with_the_sentence():
    result = manage("check")

    assert result.returncode != 0
    assert result.stderr.strip().splitlines()[-1] == (
        "django.core.exceptions.ImproperlyConfigured: "
        "SECRET_KEY is not set: `make run` writes one into .env, or set it in the environment."
    )


def test_production_settings_pass_the_deployment_check(tmp_path):
    result = manage(
        "check", "--deploy", "--fail-level", "WARNING", SECRET_KEY=secrets.token_urlsafe(50),
        ALLOWED_HOSTS="ledger.example", DATABASE_URL=f"sqlite:///{tmp_path}/x.sqlite3", HTTPS="true",
    )  # fmt: skip

    assert (result.returncode, result.stdout + result.stderr) == (
        0,
        "System check identified no issues (0 silenced).\n",
    )
