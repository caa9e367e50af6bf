from contextlib import suppress

import pytest
from django.contrib.auth.models import User
from django.core import checks
from django.db import DatabaseError, connection, transaction

from liangzhou import audit
from liangzhou.audit import Action, AuditEntry
from liangzhou.audit import table as audit_table
from tests.liangzhou.audit_desk import TABLE, forge, newest, run

pytestmark = pytest.mark.django_db

postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL")
sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite")


@pytest.fixture
def entry():
    return audit.record(Action.EXPORT, target="x")


def refuses(statement, parameters=()):
    """Whether the database refuses a statement, in the words of the trigger."""
    try:
        with transaction.atomic():
            run(statement, parameters)
    except DatabaseError as error:
        return "the audit trail is never changed" in str(error)
    return False


ANY = [
    f"UPDATE {TABLE} SET actor = 'x'",
    f"UPDATE {TABLE} SET number = number + 1",
    f"DELETE FROM {TABLE}",
    f"DELETE FROM {TABLE} WHERE number = (SELECT MAX(number) FROM {TABLE})",
    f"INSERT INTO {TABLE} SELECT * FROM {TABLE} WHERE true ON CONFLICT (number) DO UPDATE SET actor = 'x'",
]
ON_SQLITE = [
    f"INSERT OR REPLACE INTO {TABLE} SELECT * FROM {TABLE}",
    f"REPLACE INTO {TABLE} SELECT * FROM {TABLE}",
    f"UPDATE OR IGNORE {TABLE} SET actor = 'x'",
]
ON_POSTGRESQL = [
    f"TRUNCATE {TABLE}",
    f"TRUNCATE {TABLE} CASCADE",
    f"MERGE INTO {TABLE} t USING {TABLE} s ON t.number = s.number WHEN MATCHED THEN DELETE",
    f"WITH gone AS (DELETE FROM {TABLE} RETURNING 1) SELECT count(*) FROM gone",
]


@pytest.mark.parametrize("statement", ANY + (ON_SQLITE if connection.vendor == "sqlite" else ON_POSTGRESQL))
def test_database_refuses_to_change_or_remove_entries_whoever_asks(entry, statement):
    before = list(AuditEntry.objects.values())

    assert refuses(statement)
    assert list(AuditEntry.objects.values()) == before


@postgresql
def test_database_refuses_also_where_triggers_are_off_for_a_session(entry):
    run("SET LOCAL session_replication_role = 'replica'")

    assert refuses(f"DELETE FROM {TABLE}")


CHANGES = {
    "update": lambda entry: AuditEntry.objects.update(actor="x"),
    "delete all": lambda entry: AuditEntry.objects.all().delete(),
    "delete": lambda entry: entry.delete(),
    "save": lambda entry: entry.save(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_application_itself_cannot_change_or_remove_entries(entry, change):
    with pytest.raises(DatabaseError, match="the audit trail is never changed"), transaction.atomic():
        change(entry)

    assert newest() == entry


def test_account_may_go_and_its_entries_stay(django_user_model):
    user = User.objects.create_user("gone")
    entry = audit.record(Action.EXPORT, by=user)

    user.delete()

    entry.refresh_from_db()
    assert (entry.actor, entry.actor_id) == ("gone", entry.actor_id)


def test_triggers_are_there_after_migrate():
    assert audit_table.missing_triggers() == []


def break_one():
    if connection.vendor == "postgresql":
        return [
            f"DROP TRIGGER {TABLE}_rows ON {TABLE}",
            f"ALTER TABLE {TABLE} DISABLE TRIGGER {TABLE}_rows",
            f"ALTER TABLE {TABLE} ENABLE TRIGGER {TABLE}_rows",
            f"DROP TRIGGER {TABLE}_whole ON {TABLE}",
            f"CREATE OR REPLACE FUNCTION {TABLE}_refuse() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RETURN NULL; END $$",
            f"DROP TRIGGER {TABLE}_rows ON {TABLE}; CREATE TRIGGER {TABLE}_rows BEFORE UPDATE ON {TABLE}"
            f" FOR EACH ROW EXECUTE FUNCTION {TABLE}_refuse()",
            f"DROP TRIGGER {TABLE}_rows ON {TABLE}; CREATE TRIGGER {TABLE}_rows BEFORE UPDATE OR DELETE ON {TABLE}"
            f" FOR EACH ROW WHEN (false) EXECUTE FUNCTION {TABLE}_refuse()",
        ]
    return [f"DROP TRIGGER {name}" for name in audit_table.SQLITE]


@pytest.mark.parametrize("statement", break_one())
def test_trigger_that_is_missing_off_or_different_is_found_and_made_anew(entry, statement):
    run(statement)

    assert len(audit_table.missing_triggers()) in (1, 2)
    audit_table.install()
    assert audit_table.missing_triggers() == []
    assert refuses(f"DELETE FROM {TABLE}")


def test_unlocked_table_is_locked_again_afterwards(entry):
    with audit_table.unlocked():
        run(f"DELETE FROM {TABLE}")

    assert AuditEntry.objects.count() == 0
    assert audit_table.missing_triggers() == []


def test_unlocked_table_is_locked_again_where_it_breaks_off(entry):
    with suppress(ZeroDivisionError), audit_table.unlocked():
        run(f"DELETE FROM {TABLE}")
        raise ZeroDivisionError

    assert newest() == entry
    assert audit_table.missing_triggers() == []


def test_forgery_of_these_tests_leaves_the_triggers_as_they_were(entry):
    forge(f"UPDATE {TABLE} SET actor = 'x'")

    assert newest().actor == "x"
    assert audit_table.missing_triggers() == []


@postgresql
def test_deployment_check_warns_of_a_user_that_owns_the_table():
    assert [warning.id for warning in audit_table.check_rights(None)] == ["liangzhou.W001"]


@sqlite
def test_deployment_check_says_nothing_of_sqlite():
    assert audit_table.check_rights(None) == []


def test_deployment_check_is_one_of_security():
    assert audit_table.check_rights in checks.registry.registry.get_checks(include_deployment_checks=True)
    assert audit_table.check_rights not in checks.registry.registry.get_checks()
