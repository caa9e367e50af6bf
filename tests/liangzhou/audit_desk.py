"""What tests of the audit trail share: an empty trail, and hands that change it past the application."""

from django.db import connection

from liangzhou.audit import AuditEntry, AuditHead
from liangzhou.audit import table as audit_table

TABLE = audit_table.TABLE


def empty_trail():
    """The trail without an entry, as on the first day; rolled back with the test."""
    with audit_table.unlocked():
        run(f"DELETE FROM {TABLE}")  # noqa: S608
    AuditHead.objects.all().delete()


def run(statement, parameters=()):
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def forge(statement, parameters=()):
    """SQL as an attacker runs it who owns the table: without the triggers, which are there again afterwards."""
    if connection.vendor == "postgresql":
        run(f"ALTER TABLE {TABLE} DISABLE TRIGGER USER")
        run(statement, parameters)
        for name in audit_table.POSTGRESQL_TYPES:
            run(f"ALTER TABLE {TABLE} ENABLE ALWAYS TRIGGER {name}")
        return
    for name in audit_table.SQLITE:
        run(f"DROP TRIGGER {name}")
    run(statement, parameters)
    audit_table.install()


def newest():
    """The entry that was written last."""
    return AuditEntry.objects.order_by("-number").first()


def since(number):
    """The entries after a number, oldest first: those of other tests stay in the table."""
    return list(AuditEntry.objects.filter(number__gt=number).order_by("number"))


def highest():
    """The number of the newest entry; 0 where there is none."""
    entry = newest()
    return entry.number if entry else 0


def is_recorded_last(queries, table):
    """Whether rows of a table went before the trail was locked for an entry: its lock comes after all others."""
    removed = [at for at, query in enumerate(queries) if query["sql"].startswith(f'DELETE FROM "{table}"')]
    locked = [at for at, query in enumerate(queries) if "liangzhou_audithead" in query["sql"]]
    return bool(removed) and bool(locked) and max(removed) < min(locked)
