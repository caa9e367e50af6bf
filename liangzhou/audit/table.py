"""What the database itself does for the audit trail: it refuses to change or remove entries."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.checks import Warning as CheckWarning
from django.db import DatabaseError, connections, transaction

TABLE = "liangzhou_auditentry"
REFUSE = f"{TABLE}_refuse"
BODY = """
    BEGIN
        RAISE EXCEPTION 'the audit trail is never changed (%)', TG_OP USING ERRCODE = 'insufficient_privilege';
    END """

# ALWAYS: also where somebody has switched triggers off for a session (session_replication_role)
POSTGRESQL = (
    f"CREATE OR REPLACE FUNCTION {REFUSE}() RETURNS trigger LANGUAGE plpgsql AS $${BODY}$$",
    f"DROP TRIGGER IF EXISTS {TABLE}_rows ON {TABLE}",
    f"CREATE TRIGGER {TABLE}_rows BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {REFUSE}()",
    f"DROP TRIGGER IF EXISTS {TABLE}_whole ON {TABLE}",
    f"CREATE TRIGGER {TABLE}_whole BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT EXECUTE FUNCTION {REFUSE}()",
    f"ALTER TABLE {TABLE} ENABLE ALWAYS TRIGGER {TABLE}_rows",
    f"ALTER TABLE {TABLE} ENABLE ALWAYS TRIGGER {TABLE}_whole",
)
# What a trigger does as PostgreSQL keeps it: 1 for each row, 2 before, 8 DELETE, 16 UPDATE, 32 TRUNCATE (pg_trigger.h)
POSTGRESQL_TYPES = {f"{TABLE}_rows": 1 | 2 | 8 | 16, f"{TABLE}_whole": 2 | 32}
_RAISE = "BEGIN SELECT RAISE(ABORT, 'the audit trail is never changed (%s)'); END"
_TAKEN = f"EXISTS (SELECT 1 FROM {TABLE} WHERE number = NEW.number)"  # noqa: S608 (no outside input)
SQLITE = {
    f"{TABLE}_no_update": f"BEFORE UPDATE ON {TABLE} {_RAISE % 'UPDATE'}",
    f"{TABLE}_no_delete": f"BEFORE DELETE ON {TABLE} {_RAISE % 'DELETE'}",
    # INSERT OR REPLACE removes the row that is in the way without asking the trigger of DELETE
    f"{TABLE}_no_replace": f"BEFORE INSERT ON {TABLE} WHEN {_TAKEN} {_RAISE % 'REPLACE'}",
}


def install(using: str = "default") -> None:
    """Make the triggers that refuse, where they are not as they should be. Only the table's owner can."""
    connection = connections[using]
    wrong = missing_triggers(using)
    if not wrong:
        return
    with transaction.atomic(using=using), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for statement in POSTGRESQL:
                cursor.execute(statement)
        else:
            for name in wrong:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
                cursor.execute(f"CREATE TRIGGER {name} {SQLITE[name]}")


def missing_triggers(using: str = "default") -> list[str]:
    """The names of the triggers that are not there, are switched off, or do something else than refuse."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [TABLE])
            found = dict(cursor.fetchall())
            return [name for name, rest in SQLITE.items() if found.get(name) != f"CREATE TRIGGER {name} {rest}"]
        cursor.execute(
            """SELECT t.tgname, t.tgtype FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
            WHERE t.tgrelid = %s::regclass AND t.tgenabled = 'A' AND t.tgqual IS NULL
            AND p.proname = %s AND p.prosrc = %s""",
            [TABLE, REFUSE, BODY],
        )
        found = dict(cursor.fetchall())
    return [name for name, kind in POSTGRESQL_TYPES.items() if found.get(name) != kind]


@contextmanager
def unlocked(using: str = "default") -> Iterator[None]:
    """Inside, rows can be removed: for archiving. In one transaction, so that nobody else ever sees it open.

    Raises django.db.DatabaseError where the database's user does not own the table.
    """
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"ALTER TABLE {TABLE} DISABLE TRIGGER {TABLE}_rows")
            yield
            cursor.execute(f"ALTER TABLE {TABLE} ENABLE ALWAYS TRIGGER {TABLE}_rows")
        else:
            cursor.execute(f"DROP TRIGGER {TABLE}_no_delete")
            yield
            cursor.execute(f"CREATE TRIGGER {TABLE}_no_delete {SQLITE[f'{TABLE}_no_delete']}")


def is_owner(using: str = "default") -> bool:
    """Whether the application's database user could switch the triggers off. On SQLite whoever has the file can."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT pg_has_role(current_user, relowner, 'MEMBER')
            OR (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) FROM pg_class WHERE oid = %s::regclass""",
            [TABLE],
        )
        return cursor.fetchone()[0]


def excess_rights(role: str, using: str = "default") -> list[str]:
    """What a role may do to the audit table beyond reading and adding, on PostgreSQL."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            """SELECT act FROM unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS act
            WHERE has_table_privilege(%(role)s, %(table)s, act)
            OR act = 'UPDATE' AND has_any_column_privilege(%(role)s, %(table)s, act)""",
            {"role": role, "table": TABLE},
        )
        return [act for (act,) in cursor.fetchall()]


def check_rights(app_configs, **kwargs) -> list[CheckWarning]:
    """A warning of `check --deploy`: on PostgreSQL the application's user should not own the audit table."""
    connection = connections["default"]
    if connection.vendor != "postgresql":
        return []
    try:
        if TABLE not in connection.introspection.table_names() or not is_owner():
            return []
    except DatabaseError:  # no database yet, or not now: the check of settings goes on
        return []
    return [
        CheckWarning(
            "The application's database user owns the audit trail's table and could switch its protection off.",
            hint="Make a role for the application: `manage.py grant_database ROLE`. See docs/security.md.",
            id="liangzhou.W001",
        )
    ]
