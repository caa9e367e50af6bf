import gzip
import io
import json
import stat
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.utils import translation

from liangzhou import audit
from liangzhou.audit import Action, AuditEntry
from liangzhou.audit import archive as audit_archive
from liangzhou.audit import table as audit_table
from tests.liangzhou.audit_desk import TABLE, empty_trail, forge, newest
from tests.liangzhou.management.commands.test_verify_audit import broken, verify

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 1, 4, tzinfo=UTC)
NAME = "audit_000000001-000000003_2026-01-01_2026-03-02.jsonl.gz"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def entries():
    """Five entries: the three first are older than 180 days."""
    empty_trail()
    made = []
    for number, days in enumerate([304, 274, 244, 100, 1]):
        with time_machine.travel(NOW - timedelta(days=days), tick=False):
            made.append(audit.record(Action.EXPORT, target=f"表{number}", rows=number, filters={"阶段": ["开工"]}))
    return made


def archive(folder, **options):
    """What the command printed."""
    out = io.StringIO()
    with translation.override("en"):
        call_command("archive_audit", to=folder, stdout=out, **options)
    return out.getvalue()


def refusal(folder, **options):
    with pytest.raises(CommandError) as raised:
        archive(folder, **options)
    return str(raised.value)


def numbers():
    return list(AuditEntry.objects.order_by("number").values_list("number", flat=True))


def test_old_entries_go_into_a_signed_file_and_the_trail_stays_whole(entries, tmp_path):
    out = archive(tmp_path)

    assert out == f"3 entries (1 to 3) are now in {tmp_path / NAME}.\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == [NAME, f"{NAME}.sig"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}
    assert numbers() == [4, 5, 6]
    told = newest()
    assert (told.action, told.target) == ("archive", NAME)
    assert told.details | {"sha256": ""} == {
        "first_number": 1, "last_number": 3, "entries": 3, "sha256": "", "last_hash": entries[2].hash,
    }  # fmt: skip
    assert verify()[1] == []
    out, faults = verify(archive=[tmp_path / NAME])
    assert faults == []
    assert f"{NAME}: entries 1 to 3, whole" in out.splitlines()
    assert audit_table.missing_triggers() == []


def test_file_holds_every_field_of_every_entry(entries, tmp_path):
    before = list(AuditEntry.objects.filter(number__lte=3).order_by("number").values())
    archive(tmp_path)

    with gzip.open(tmp_path / NAME, "rt", encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]

    assert [line | {"at": datetime.fromisoformat(line["at"])} for line in lines] == before


def test_archives_join_each_other_and_the_table(entries, tmp_path):
    archive(tmp_path)
    with time_machine.travel(NOW + timedelta(days=365), tick=False):
        archive(tmp_path)

        files = sorted(tmp_path.glob("*.gz"))
        assert len(files) == 2
        assert numbers() == [7]
        assert verify()[1] == []
        assert verify(archive=files)[1] == []
        assert verify(archive=files[:1])[1] == broken(f"{NAME} does not join what comes after it.")


def test_nothing_is_old_enough(tmp_path):
    empty_trail()
    audit.record(Action.EXPORT)

    assert archive(tmp_path) == "No entry is old enough to be archived.\n"
    assert (list(tmp_path.iterdir()), numbers()) == ([], [1])


def test_entry_behind_a_young_one_stays_whatever_its_clock_said(entries, tmp_path):
    with time_machine.travel(NOW - timedelta(days=300), tick=False):
        audit.record(Action.EXPORT)

    archive(tmp_path)

    assert numbers() == [4, 5, 6, 7]


def test_day_may_be_earlier_but_never_later_than_what_is_kept(entries, tmp_path, settings):
    assert refusal(tmp_path, before=NOW.date()) == "Entries are kept for 180 days: --before must be earlier."
    settings.AUDIT_KEEP_DAYS = 10  # settings refuse it at the start, too
    assert refusal(tmp_path, before=NOW.date()) == "Entries are kept for 180 days: --before must be earlier."
    settings.AUDIT_KEEP_DAYS = 300
    assert archive(tmp_path).startswith("1 entries (1 to 1)")

    archive(tmp_path, before=(NOW - timedelta(days=301)).date())
    assert numbers()[0] == 2


def test_folder_must_be_there(tmp_path):
    assert refusal(tmp_path / "none") == f"{tmp_path / 'none'} is not a folder."


def test_broken_trail_is_not_archived(entries, tmp_path):
    forge(f"UPDATE {TABLE} SET actor = 'x' WHERE number = 2")

    assert refusal(tmp_path) == "The trail does not hold at entry 2: see verify_audit. Nothing was archived."
    assert (list(tmp_path.iterdir()), numbers()) == ([], [1, 2, 3, 4, 5])


def test_file_that_is_there_is_never_overwritten(entries, tmp_path):
    (tmp_path / NAME).write_text("mine")

    assert refusal(tmp_path) == f"{NAME} is there already, and is never overwritten."
    assert ((tmp_path / NAME).read_text(), numbers()) == ("mine", [1, 2, 3, 4, 5])
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


@pytest.mark.parametrize("left", ["both", "signature"])
def test_run_that_was_broken_off_is_finished_by_the_next(entries, tmp_path, left):
    audit_archive.write(tmp_path, 1, 3)
    if left == "signature":
        (tmp_path / NAME).unlink()
    (tmp_path / ".audit_1-3.part").write_text("half")

    archive(tmp_path)

    assert numbers() == [4, 5, 6]
    assert sorted(path.name for path in tmp_path.iterdir()) == [NAME, f"{NAME}.sig"]
    assert verify(archive=[tmp_path / NAME])[1] == []


def test_nothing_is_removed_where_the_trail_changed_meanwhile(entries, tmp_path):
    path, span = audit_archive.write(tmp_path, 1, 3)
    forge(f"DELETE FROM {TABLE} WHERE number = 2")

    with pytest.raises(ValidationError, match=r"\w"):
        audit_archive.remove(path, span)

    assert numbers() == [1, 3, 4, 5]
    assert audit_table.missing_triggers() == []


def test_user_that_may_not_remove_is_told(entries, tmp_path, monkeypatch):
    def refused(*args):
        raise DatabaseError("must be owner of table")

    monkeypatch.setattr(audit_archive.audit_table, "unlocked", refused)

    assert refusal(tmp_path) == (
        f"Nothing was removed from the table; {tmp_path / NAME} is there and whole. must be owner of table"
    )
    assert numbers() == [1, 2, 3, 4, 5]


def changed_line(path):
    text = gzip.decompress(path.read_bytes()).decode().replace("表1", "表9")
    path.write_bytes(gzip.compress(text.encode()))


def signed_anew(path):
    """As somebody without the key would: the sum is right, the signature is not."""
    changed_line(path)
    signature = path.with_name(f"{path.name}.sig")
    told = json.loads(signature.read_text())
    signature.write_text(json.dumps(told | {"sha256": audit_archive._sha256(path)}))


SPOILT = {
    "changed": (changed_line, f"{NAME} is not the file that was signed."),
    "signed anew": (signed_anew, f"The signature in {NAME}.sig does not hold."),
    "cut": (lambda path: path.write_bytes(path.read_bytes()[:-9]), f"{NAME} is not the file that was signed."),
    "gone": (lambda path: path.unlink(), f"{NAME} is not the file that was signed."),
    "unsigned": (lambda path: path.with_name(f"{NAME}.sig").unlink(), f"{NAME}.sig is missing or cannot be read."),
    "bad signature": (
        lambda path: path.with_name(f"{NAME}.sig").write_text("[]"), f"{NAME}.sig is missing or cannot be read.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SPOILT)
def test_archive_that_was_tampered_with_is_told(entries, tmp_path, name):
    archive(tmp_path)
    spoil, sentence = SPOILT[name]
    spoil(tmp_path / NAME)

    assert verify(archive=[tmp_path / NAME])[1] == broken(sentence)


def test_beginning_without_its_archive_entry_is_told(entries, tmp_path):
    archive(tmp_path)
    forge(f"UPDATE {TABLE} SET details = '{{}}' WHERE action = 'archive'")

    assert verify()[1] == broken(
        "Entry 6 was changed, or was not written by the application.",
        "Entries 1 to 3 are missing, and no entry says that they were archived.",
    )
