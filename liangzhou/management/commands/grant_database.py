"""Gives a PostgreSQL role what the application needs of the database, and no more. Run as the owner of the tables."""

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.utils.translation import gettext as _
from psycopg import sql

from liangzhou.audit import table as audit_table

END = "liangzhou_audithead"
MIGRATIONS = "django_migrations"
# What each table is granted; every other one: reading, adding, changing, removing rows
LIMITED = {audit_table.TABLE: "SELECT, INSERT", END: "SELECT, INSERT, UPDATE", MIGRATIONS: "SELECT"}
STATEMENTS = (
    "GRANT CONNECT ON DATABASE {database} TO {role}",
    "REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC, {role}",  # a temporary table would hide one of ours
    "REVOKE CREATE ON DATABASE {database} FROM PUBLIC, {role}",
    "REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC, {role}",
    "GRANT USAGE ON SCHEMA {schema} TO {role}",
    "REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM PUBLIC, {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
    # For tables that later migrations make
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA {schema} "
    "GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
    "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA {schema} GRANT USAGE, SELECT ON SEQUENCES TO {role}",
)


class Command(BaseCommand):
    help = (
        "PostgreSQL only, as the owner of the tables: lets ROLE read and write rows, and only add to the audit trail."
    )

    def add_arguments(self, parser):
        parser.add_argument("role", metavar="ROLE", help="A role that exists and may log in; made with createuser.")

    def handle(self, *args, role, **options):
        if connection.vendor != "postgresql":
            raise CommandError(_("Only PostgreSQL knows roles. On SQLite whoever can read the file can change it."))
        problem = _problem(role)
        if problem:
            raise CommandError(problem)
        try:
            with transaction.atomic():
                _grant(role)
                left = audit_table.excess_rights(role)
                if left:
                    words = {"role": role, "rights": ", ".join(left)}
                    raise CommandError(
                        _("%(role)s still has %(rights)s on the audit trail, by another role of which it is a member.")
                        % words
                    )
        except ProgrammingError as error:
            raise CommandError(_("The database refused: %(reason)s") % {"reason": str(error).splitlines()[0]}) from None
        done = _("%(role)s may read and write rows, and only add to the audit trail.")
        self.stdout.write(done % {"role": role})
        self.stdout.write(_("Let the site use it: put its name and password into DATABASE_URL. Migrate as the owner."))


def _problem(role: str) -> str:
    """Why this role is not fit to be the application's; empty where it is."""
    if "\0" in role or not audit_table.is_owner():
        return _("Run this as the owner of the tables: the database user that migrates.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolcreaterole, rolbypassrls FROM pg_roles WHERE rolname = %s", [role])
        found = cursor.fetchone()
        if found is None:
            return _("There is no role %(role)s. Make it first: createuser --pwprompt %(role)s") % {"role": role}
        if any(found):
            return _("%(role)s is a superuser or may make roles: nothing can be kept from it.") % {"role": role}
        owners = "SELECT DISTINCT relowner FROM pg_class WHERE oid = %s::regclass"
        cursor.execute(f"SELECT pg_has_role(%s, ({owners}), 'MEMBER')", [role, audit_table.TABLE])  # noqa: S608
        if cursor.fetchone()[0]:
            return _("%(role)s owns the audit trail, or is a member of the role that does.") % {"role": role}
    return ""


def _grant(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_database(), current_schema(), pg_get_userbyid(relowner) FROM pg_class"
            " WHERE oid = %s::regclass",
            [audit_table.TABLE],
        )
        names = dict(zip(("database", "schema", "owner"), cursor.fetchone(), strict=True)) | {"role": role}
        quoted = {name: sql.Identifier(value) for name, value in names.items()}
        for statement in STATEMENTS:
            cursor.execute(sql.SQL(statement).format(**quoted))
        for table, rights in LIMITED.items():
            place = quoted | {"table": sql.Identifier(table), "rights": sql.SQL(rights)}
            cursor.execute(sql.SQL("REVOKE ALL ON {table} FROM {role}").format(**place))
            cursor.execute(sql.SQL("GRANT {rights} ON {table} TO {role}").format(**place))
