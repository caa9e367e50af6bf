import pytest

from liangzhou.audit import chain as audit_chain
from tests.factories import AuditEntryFactory

ANOTHER = b"another key"


def chain(length=4):
    """Entries that follow from each other."""
    entries, before = [], audit_chain.BEGINNING
    for number in range(1, length + 1):
        entry = AuditEntryFactory(number=number, previous_hash=before, details={"rows": number, "筛选": ["a", None]})
        entry.hash = before = audit_chain.hash_of(entry)
        entries.append(entry)
    return entries


def test_whole_chain_has_no_faults():
    assert list(audit_chain.broken(chain())) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("at", AuditEntryFactory().at.replace(year=2020)), ("actor_id", 7), ("actor", "other"),
        ("address", "192.0.2.1"), ("action", "import"), ("target_kind", "auth.user"), ("target_id", "1"),
        ("target", "x"), ("result", "failed"), ("details", {}), ("details", None),
    ],
)  # fmt: skip
def test_every_field_is_under_the_hash(name, value):
    entries = chain()
    setattr(entries[1], name, value)

    assert list(audit_chain.broken(entries)) == [(2, "changed")]


def test_removed_entry_is_found():
    entries = chain()
    del entries[1]

    assert list(audit_chain.broken(entries)) == [(3, "missing")]


def test_removed_and_renumbered_entries_are_found():
    entries = chain()
    del entries[1]
    for number, entry in enumerate(entries, 1):
        entry.number = number

    assert list(audit_chain.broken(entries)) == [(2, "moved"), (2, "changed"), (3, "changed")]


def test_entries_that_traded_places_are_found():
    entries = chain()
    entries[1].number, entries[2].number = 3, 2
    entries[1], entries[2] = entries[2], entries[1]

    assert list(audit_chain.broken(entries)) == [
        (2, "moved"), (2, "changed"), (3, "moved"), (3, "changed"), (4, "moved"),
    ]  # fmt: skip


def test_chain_made_anew_without_the_key_is_found():
    entries, before = chain(2), audit_chain.BEGINNING
    for entry in entries:
        entry.previous_hash, entry.actor = before, "nobody"
        entry.hash = before = audit_chain.hash_of(entry, key=ANOTHER)

    assert list(audit_chain.broken(entries)) == [(1, "changed"), (2, "changed")]


def test_entry_that_cannot_be_read_is_found_without_an_error():
    entries = chain(2)
    entries[1].at = None

    assert list(audit_chain.broken(entries)) == [(2, "unreadable")]


def test_piece_of_a_chain_goes_on_from_the_entry_before():
    entries = chain()

    assert list(audit_chain.broken(entries[2:], previous_hash=entries[1].hash, number=2)) == []
    assert list(audit_chain.broken(entries[2:], previous_hash=entries[0].hash, number=2)) == [(3, "moved")]


def test_seal_holds_for_one_end_and_one_key():
    last_hash = chain()[-1].hash
    seal = audit_chain.seal_of(4, last_hash)

    assert audit_chain.is_sealed(4, last_hash, seal)
    assert not audit_chain.is_sealed(3, last_hash, seal)
    assert not audit_chain.is_sealed(4, audit_chain.BEGINNING, seal)
    assert not audit_chain.is_sealed(4, last_hash, audit_chain.seal_of(4, last_hash, key=ANOTHER))
    assert not audit_chain.is_sealed(4, last_hash, "印")


def test_end_before_the_first_entry_needs_no_seal():
    assert audit_chain.is_sealed(0, audit_chain.BEGINNING, "")
    assert not audit_chain.is_sealed(1, audit_chain.BEGINNING, "")
    assert not audit_chain.is_sealed(0, "1" * 64, "")


def test_hashes_of_different_purposes_differ():
    text = {"number": 1}

    assert audit_chain.signature_of(text) != audit_chain._digest(b"entry", '{"number":1}', None)


def test_hash_is_the_same_tomorrow(settings):
    """A change of this value makes every trail that was ever written look forged."""
    settings.AUDIT_KEY = "key"
    at = AuditEntryFactory().at.replace(2026, 5, 21, 3, 4, 5, 678000)
    entry = AuditEntryFactory(at=at, actor="王", details={"b": 1, "a": [None, True, "\u2028"]})

    assert audit_chain.hash_of(entry) == "50611d05c756b7b80b88a5fd5f6fc6dda701febc691391433d37738ccdbe6117"
