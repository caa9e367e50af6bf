import io
import os
from contextlib import contextmanager

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import translation

from liangzhou import audit
from liangzhou.audit import Action, AuditEntry
from liangzhou.audit import table as audit_table
from liangzhou.audit import verification as audit_verification
from projects.models import Project
from tests.factories import PASSWORD, ProjectFactory, UserFactory
from tests.liangzhou.audit_desk import TABLE, newest, run
from tests.opened_form import open_form

pytestmark = pytest.mark.django_db
postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL")

ROLE = f"ledger app {os.getpid()}"  # with a space: names are quoted; roles are shared by all databases of a server


def grant(role=ROLE):
    out = io.StringIO()
    with translation.override("en"):
        call_command("grant_database", role, stdout=out)
    return out.getvalue()


@pytest.fixture
def role():
    """A role as `createuser` makes it, with what the command grants; gone with the test's transaction."""
    run(f'CREATE ROLE "{ROLE}" LOGIN')
    grant()
    return ROLE


@contextmanager
def acting_as(role):
    """Inside, the database takes us for that role."""
    run(f'SET ROLE "{role}"')
    try:
        yield
    finally:
        run("RESET ROLE")


def problem_of(statement):
    """What the database says against a statement; None where it obeys."""
    try:
        with transaction.atomic():
            run(statement)
    except DatabaseError as error:
        return str(error).splitlines()[0]
    return None


ATTACKS = [
    f"UPDATE {TABLE} SET actor = 'x'",
    f"DELETE FROM {TABLE}",
    f"TRUNCATE {TABLE}",
    f"ALTER TABLE {TABLE} DISABLE TRIGGER ALL",
    f"ALTER TABLE {TABLE} DISABLE TRIGGER {TABLE}_rows",
    f"ALTER TABLE {TABLE} RENAME TO away",
    f"ALTER TABLE {TABLE} ADD COLUMN x text",
    f"DROP TRIGGER {TABLE}_rows ON {TABLE}",
    f"DROP TABLE {TABLE}",
    f"DROP FUNCTION {TABLE}_refuse() CASCADE",
    f"CREATE OR REPLACE FUNCTION {TABLE}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
    f"CREATE TRIGGER mine BEFORE INSERT ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {TABLE}_refuse()",
    f"CREATE RULE mine AS ON INSERT TO {TABLE} DO INSTEAD NOTHING",
    f"INSERT INTO {TABLE} SELECT * FROM {TABLE} WHERE true ON CONFLICT (number) DO UPDATE SET actor = 'x'",
    f"GRANT ALL ON {TABLE} TO CURRENT_USER",
    f"LOCK TABLE {TABLE} IN ACCESS EXCLUSIVE MODE",
    "SET session_replication_role = 'replica'",
    "CREATE TABLE mine (a int)",
    f"CREATE TEMPORARY TABLE {TABLE} (a int)",
    "CREATE SCHEMA mine",
    "DELETE FROM liangzhou_audithead",
    "TRUNCATE liangzhou_audithead",
    "DELETE FROM django_migrations",
    "TRUNCATE projects_project CASCADE",
]


@postgresql
@pytest.mark.parametrize("statement", ATTACKS)
def test_application_role_is_refused(role, statement):
    entry = audit.record(Action.EXPORT)

    with acting_as(role):
        problem = problem_of(statement)
        left = newest()

    words = ("permission denied", "must be owner", "the audit trail is never changed")
    if statement.startswith("GRANT"):  # PostgreSQL only warns, and grants nothing
        assert audit_table.excess_rights(role) == []
    else:
        assert problem is not None
        assert problem.startswith(words)
    assert (left.number, left.actor) == (entry.number, entry.actor)
    assert audit_table.missing_triggers() == []


@postgresql
def test_application_role_adds_to_the_trail_and_reads_it(role):
    with acting_as(role):
        entry = audit.record(Action.EXPORT, rows=3)
        stored = AuditEntry.objects.get(pk=entry.pk)

        assert stored.details == {"rows": 3}
        assert [problem for problem in audit_verification.verify().faults if "trigger" in problem] == []
        assert audit_table.is_owner() is False
        assert audit_table.check_rights(None) == []


@postgresql
def test_row_that_the_application_role_slips_in_is_found(role):
    entry = audit.record(Action.EXPORT)
    before = audit_verification.verify().total_faults
    with acting_as(role):
        run(
            f"INSERT INTO {TABLE} SELECT number + 1, at, actor_id, actor, address, action, target_kind, target_id,"
            f" target, result, details, hash, hash FROM {TABLE} WHERE number = %s",
            [entry.number],
        )

        assert audit_verification.verify().total_faults > before


@postgresql
def test_site_works_as_the_application_role(role, client):
    UserFactory(username="boss", is_superuser=True)
    project = ProjectFactory(name="示例储能项目")

    with acting_as(role):
        ready = client.get("/readyz").status_code
        signed_in = client.post("/admin/login/", {"username": "boss", "password": PASSWORD}).status_code
        url = f"/admin/projects/project/{project.pk}/change/"
        saved = client.post(url, open_form(client, url, "project_form") | {"summary": "新的简介"}).status_code
        page = client.get(f"/projects/{project.code}/").status_code
        exported = client.get("/projects/export.csv").status_code

    assert (ready, signed_in, saved, page, exported) == (200, 302, 302, 200, 200)
    assert Project.objects.get(pk=project.pk).summary == "新的简介"


@postgresql
def test_tables_of_later_migrations_are_granted_too(role):
    run("CREATE TABLE later (id bigint GENERATED BY DEFAULT AS IDENTITY, a int)")

    with acting_as(role):
        assert problem_of("INSERT INTO later (a) VALUES (1)") is None
        assert problem_of("DROP TABLE later") is not None


@postgresql
def test_command_may_be_repeated_and_takes_back_what_was_too_much(role):
    run(f'GRANT ALL ON {TABLE} TO "{role}"')
    run(f'GRANT UPDATE (actor) ON {TABLE} TO "{role}"')

    out = grant()

    assert out.splitlines()[0] == f"{ROLE} may read and write rows, and only add to the audit trail."
    assert audit_table.excess_rights(role) == []


@postgresql
@pytest.mark.parametrize(
    ("made", "problem"),
    [
        ("", "There is no role {role}. Make it first: createuser --pwprompt {role}"),
        ("CREATE ROLE {quoted} SUPERUSER", "{role} is a superuser or may make roles: nothing can be kept from it."),
        ("CREATE ROLE {quoted} CREATEROLE", "{role} is a superuser or may make roles: nothing can be kept from it."),
        ("CREATE ROLE {quoted}; GRANT {owner} TO {quoted}",
         "{role} owns the audit trail, or is a member of the role that does."),
        ("CREATE ROLE {quoted}; CREATE ROLE {other}; GRANT DELETE ON liangzhou_auditentry TO {other}; "
         "GRANT {other} TO {quoted}",
         "{role} still has DELETE on the audit trail, by another role of which it is a member."),
    ],
)  # fmt: skip
def test_role_that_is_not_fit_is_refused(made, problem):
    if made:
        owner = connection.settings_dict["USER"]
        run(made.format(quoted=f'"{ROLE}"', other=f'"{ROLE} other"', owner=f'"{owner}"'))

    with pytest.raises(CommandError) as raised:
        grant()

    assert str(raised.value) == problem.format(role=ROLE)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite")
def test_sqlite_has_no_roles():
    with pytest.raises(CommandError, match="Only PostgreSQL knows roles"):
        grant()
