"""Migrations make of an empty database what the models say: every other test runs on tables made from the models."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from tests import migrated
from tests.schema import schema_of

ROOT = Path(__file__).parent.parent
LINKS = (
    "auth_group_permissions",
    "auth_user_groups",
    "auth_user_user_permissions",
)  # keys wider by Django's migrations


@pytest.fixture
def empty(db, tmp_path):
    """An empty database beside that of the tests: its URL, and how to connect to it."""
    if connection.vendor == "sqlite":
        path = tmp_path / "migrated.sqlite3"
        yield f"sqlite:///{path}", lambda: sqlite3.connect(path)
        return
    name = f"{connection.settings_dict['NAME']}_migrated"
    server = connection.get_connection_params() | {"dbname": "postgres"}
    known = {key: server[key] for key in ("host", "port", "user", "password", "dbname") if server.get(key)}
    with psycopg.connect(**known, autocommit=True) as owner:
        owner.execute(f'CREATE DATABASE "{name}"')
        url = os.environ["DATABASE_URL"].rpartition("/")[0]
        yield f"{url}/{name}", lambda: psycopg.connect(**known | {"dbname": name})
        owner.execute(f'DROP DATABASE "{name}"')


def is_key_of_link(thing):
    return thing[0] == "column" and thing[1] in LINKS and thing[2] == "id"


def migrate(url):
    """`manage.py migrate` as an operator runs it."""
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0", "--skip-checks"]
    subprocess.run(command, cwd=ROOT, env=os.environ | {"DATABASE_URL": url}, check=True)  # noqa: S603 (no outside input)


def test_migrations_make_what_the_models_say(empty):
    url, connect = empty
    migrate(url)
    migrated.write_rows()  # a test with real transactions may have taken them along

    with connection.cursor() as cursor:
        wanted = schema_of(cursor, connection.vendor)
    made = connect()
    found = schema_of(made.cursor(), connection.vendor)
    made.close()

    differing = [thing for thing in found ^ wanted if not is_key_of_link(thing)]
    assert (len(wanted) > 1000, sorted(differing)) == (True, [])
