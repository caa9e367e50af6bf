import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import translation

from liangzhou import audit
from liangzhou.audit import Action, AuditEntry, AuditHead
from liangzhou.audit import table as audit_table
from liangzhou.audit import verification as audit_verification
from tests.liangzhou.audit_desk import TABLE, empty_trail, forge, run

pytestmark = pytest.mark.django_db

ORDER = (
    "number, at, actor_id, actor, address, action, target_kind, target_id, target, result, details, previous_hash, hash"
)


@pytest.fixture
def entries():
    """Five entries, and no others."""
    empty_trail()
    return [audit.record(Action.EXPORT, target=f"表{number}", rows=number) for number in range(1, 6)]


def verify(**options):
    """(what was printed, the faults): the faults end with how many there are."""
    out, err, problem = io.StringIO(), io.StringIO(), None
    with translation.override("en"):
        try:
            call_command("verify_audit", stdout=out, stderr=err, **options)
        except CommandError as error:
            problem = error
    assert problem is None or problem.returncode == 1
    return out.getvalue(), [*err.getvalue().splitlines(), *([str(problem)] if problem else [])]


def broken(*faults):
    return [*faults, f"The audit trail is broken. Faults: {len(faults)}."]


def test_whole_trail_is_told_with_its_ends_and_its_last_hash(entries):
    out, faults = verify()

    lines = out.splitlines()
    assert faults == []
    assert lines[0] == "Entries: 5"
    assert lines[1].startswith("From entry 1 (20")
    assert lines[2] == f"Last hash, to be noted elsewhere: 5:{entries[-1].hash}"
    assert lines[3] == "Protection by the database: on"
    assert lines[-1] == "The audit trail is whole."


def test_empty_trail_is_whole():
    empty_trail()

    out, faults = verify()

    assert (out.splitlines()[0], faults) == ("Entries: 0", [])


ATTACKS = {
    "changed": (
        f"UPDATE {TABLE} SET actor = 'x' WHERE number = 3",
        ["Entry 3 was changed, or was not written by the application."],
    ),
    "details changed": (
        f"UPDATE {TABLE} SET details = '{{\"rows\": 30}}' WHERE number = 3",
        ["Entry 3 was changed, or was not written by the application."],
    ),
    "first removed": (f"DELETE FROM {TABLE} WHERE number = 1", [
        "Entry 1 is missing, and no entry says that it was archived."]),
    "two first removed": (f"DELETE FROM {TABLE} WHERE number < 3", [
        "Entries 1 to 2 are missing, and no entry says that they were archived."]),
    "middle removed": (f"DELETE FROM {TABLE} WHERE number = 3", ["Entry 3 is missing."]),
    "two of the middle removed": (f"DELETE FROM {TABLE} WHERE number IN (2, 3)", ["Entries 2 to 3 are missing."]),
    "last removed": (f"DELETE FROM {TABLE} WHERE number = 5", ["Entry 5 is missing at the end."]),
    "two last removed": (f"DELETE FROM {TABLE} WHERE number > 3", ["Entries 4 to 5 are missing at the end."]),
    "all removed": (f"DELETE FROM {TABLE}", ["Entries 1 to 5 are missing at the end."]),
    "removed and closed up": (f"DELETE FROM {TABLE} WHERE number = 5", ["Entry 5 is missing at the end."]),
    "slipped in at the end": (
        f"INSERT INTO {TABLE} SELECT 6, at, actor_id, actor, address, action, target_kind, target_id, target, result,"
        f" details, hash, hash FROM {TABLE} WHERE number = 5",
        ["Entry 6 was changed, or was not written by the application.",
         "After the sealed end, entry 5, there are more entries."],
    ),
    "end gone": ("DELETE FROM liangzhou_audithead", [
        "The end of the trail is not there: entries after 5 may be missing."]),
    "end turned back": ("UPDATE liangzhou_audithead SET number = 4", [
        "The end of the trail was changed: its seal does not hold."]),
}  # fmt: skip


@pytest.mark.parametrize("name", ATTACKS)
def test_attack_is_told_in_words(entries, name):
    statement, faults = ATTACKS[name]
    forge(statement)

    assert verify()[1] == broken(*faults)


def test_entries_that_traded_places_are_told(entries):
    forge(f"UPDATE {TABLE} SET number = 100 WHERE number = 2")
    forge(f"UPDATE {TABLE} SET number = 2 WHERE number = 3")
    forge(f"UPDATE {TABLE} SET number = 3 WHERE number = 100")

    assert verify()[1] == broken(
        "Entry 2 does not follow from the one before it.",
        "Entry 2 was changed, or was not written by the application.",
        "Entry 3 does not follow from the one before it.",
        "Entry 3 was changed, or was not written by the application.",
        "Entry 4 does not follow from the one before it.",
    )


def test_trail_cut_with_the_seal_of_that_time_is_found_by_what_was_noted(entries):
    """Whoever owns the database and kept an old end can cut the trail back to it; only a note elsewhere tells."""
    old = AuditHead.objects.values("number", "hash", "seal").get()
    audit.record(Action.DELETE)
    noted = verify()[0].splitlines()[2].rpartition(" ")[2]
    forge(f"DELETE FROM {TABLE} WHERE number = 6")
    AuditHead.objects.update(**old)

    assert verify()[1] == []
    assert verify(noted=noted)[1] == broken("Entry 6 is not the one that was noted.")
    assert verify(noted=f"5:{entries[-1].hash}")[1] == []


@pytest.mark.parametrize("noted", ["", "5", "5:xyz", "-1:" + "0" * 64, "5:" + "0" * 65])
def test_note_that_is_none_is_refused_in_words(noted):
    assert verify(noted=noted)[1] == ["--noted takes NUMBER:HASH, as verify_audit prints it."]


def test_end_that_was_made_anew_stays_told(entries):
    forge(f"DELETE FROM {TABLE} WHERE number = 5")
    run("DELETE FROM liangzhou_audithead")
    audit.record(Action.EXPORT)
    audit.record(Action.EXPORT)

    assert verify()[1] == broken(
        "Before entry 5 the end of the trail was tampered with: entries may have been removed."
    )


def test_trigger_that_is_missing_is_told(entries):
    name = next(iter(audit_table.POSTGRESQL_TYPES if connection.vendor == "postgresql" else audit_table.SQLITE))
    run(f"DROP TRIGGER {name}" + (f" ON {TABLE}" if connection.vendor == "postgresql" else ""))

    out, faults = verify()

    assert faults == broken(f"The database lacks the trigger {name}, or it is switched off.")
    assert "Protection by the database: missing" in out.splitlines()


def test_another_key_holds_for_no_entry(entries, settings):
    settings.AUDIT_KEY = "another"

    assert len(verify()[1]) == 7


def test_faults_beyond_the_first_are_counted(entries, settings):
    settings.AUDIT_KEY = "another"

    assert verify(most=2)[1] == [
        "Entry 1 was changed, or was not written by the application.",
        "Entry 2 was changed, or was not written by the application.",
        "The audit trail is broken. Faults: 6.",
    ]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps no such values")
@pytest.mark.parametrize("column", ["at", "details", "actor_id"])
def test_entry_that_cannot_be_read_is_told_without_an_error(entries, column):
    run("PRAGMA ignore_check_constraints = ON")
    forge(f"UPDATE {TABLE} SET {column} = 'x' WHERE number = 3")
    run("PRAGMA ignore_check_constraints = OFF")

    [sentence, _total] = verify()[1]

    assert sentence.startswith("Entry 3 ")


def test_trail_is_read_in_pieces(entries, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(audit_verification, "PIECE", 2)
    forge(f"UPDATE {TABLE} SET actor = 'x' WHERE number IN (2, 3, 5)")

    with django_assert_num_queries(5):  # the triggers, the end, three pieces
        trail = audit_verification.verify()

    assert (trail.count, trail.total_faults) == (5, 3)
    assert AuditEntry.objects.count() == 5
