import pytest
from django.db import connection, connections
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import ConnectionHandler
from django.test import Client
from django.urls import reverse

PROBES = ["/healthz", "/readyz"]


@pytest.fixture
def database_away():
    """The site's connection leads to a folder that does not exist."""
    real = connections["default"]
    away = {"ENGINE": "django.db.backends.sqlite3", "NAME": "/no/such/folder/x.sqlite3"}
    connections["default"] = ConnectionHandler({"default": away})["default"]
    yield
    connections["default"] = real


def answered(response):
    return response.status_code, response.content, response["Content-Type"], response["Cache-Control"]


def text(status, body):
    return status, body, "text/plain; charset=utf-8", "no-store"


def test_probes_have_the_addresses_that_probes_expect():
    assert [reverse("healthz"), reverse("readyz")] == PROBES


def test_healthz_is_ok_without_the_database(client):
    """Without the `db` mark, pytest-django refuses every query."""
    assert answered(client.get("/healthz")) == text(200, b"ok\n")


@pytest.mark.django_db
def test_readyz_is_ok_with_a_migrated_database(client):
    assert answered(client.get("/readyz")) == text(200, b"ok\n")


@pytest.mark.django_db
def test_readyz_counts_the_migrations_that_are_missing(client):
    MigrationRecorder(connection).record_unapplied("sessions", "0001_initial")

    assert answered(client.get("/readyz")) == text(503, b"1 migrations pending\n")


@pytest.mark.django_db
@pytest.mark.usefixtures("database_away")
def test_readyz_says_that_the_database_does_not_answer(client):
    assert answered(client.get("/readyz")) == text(503, b"database does not answer\n")
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("path", PROBES)
def test_probe_needs_neither_https_nor_a_known_host(settings, path):
    settings.SECURE_SSL_REDIRECT = True

    response = Client().get(path, headers={"host": "10.0.0.7:8000"})

    assert response.status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("path", PROBES)
def test_probe_may_ask_by_head_and_not_by_post(client, path):
    assert client.head(path).status_code == 200
    assert client.post(path).status_code == 405


def test_only_the_exact_addresses_are_probes(settings):
    settings.SECURE_SSL_REDIRECT = True
    client = Client()

    assert client.get("/healthz/more").status_code == 301
    assert client.get("/healthz", headers={"host": "testserver"}).status_code == 200
    assert client.get("/x/healthz", headers={"host": "elsewhere.example"}).status_code == 400
