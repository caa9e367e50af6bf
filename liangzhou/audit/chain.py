"""How the entries of the audit trail are chained, and how a broken chain is found."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator
from datetime import UTC

from django.conf import settings

BEGINNING = "0" * 64  # stands before the first entry
FIELDS = ("number", "actor_id", "actor", "address", "action", "target_kind", "target_id", "target", "result")


def hash_of(entry, key: bytes | None = None) -> str:
    """HMAC-SHA256 of an entry with the hash of the one before it, as 64 hexadecimal digits.

    Keyed by settings.AUDIT_KEY: who can write to the database and does not have the key cannot
    make a chain that holds.
    """
    told = {name: getattr(entry, name) for name in FIELDS}
    told |= {"at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"), "details": entry.details}
    return _digest(b"entry", entry.previous_hash + _canonical(told), key)


def seal_of(number: int, last_hash: str, key: bytes | None = None) -> str:
    """What only the application can say of the end of the chain."""
    return _digest(b"head", f"{number}:{last_hash}", key)


def signature_of(told: dict, key: bytes | None = None) -> str:
    """What only the application can say of a file of archived entries; `told` describes the file."""
    return _digest(b"archive", _canonical(told), key)


def is_sealed(number: int, last_hash: str, seal: str) -> bool:
    """Whether the application wrote this end of the chain. Before the first entry it need not have."""
    if not seal and number == 0 and last_hash == BEGINNING:
        return True
    return same(seal, seal_of(number, last_hash))


def same(one: str, other: str) -> bool:
    """Whether two hashes are equal; takes as long where they differ early as where they differ late."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


def _canonical(told: dict) -> str:
    return json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _digest(purpose: bytes, text: str, key: bytes | None) -> str:
    secret = hashlib.sha256(purpose + (key or settings.AUDIT_KEY.encode())).digest()
    return hmac.new(secret, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def broken(entries: Iterable, *, previous_hash: str = BEGINNING, number: int = 0) -> Iterator[tuple[int, str]]:
    """(number, what is wrong) of each entry that does not follow from the one before, in the order of numbers.

    `previous_hash` and `number` are those of the entry before the first one given.
    What is wrong: "missing" (entries before it), "moved" (does not follow), "changed" (or not written by the
    application), "unreadable".
    """
    for entry in entries:
        if entry.number != number + 1:
            yield entry.number, "missing"
        elif not same(entry.previous_hash, previous_hash):
            yield entry.number, "moved"
        wrong = why_wrong(entry)
        if wrong:
            yield entry.number, wrong
        previous_hash, number = entry.hash, entry.number


def why_wrong(entry) -> str:
    """What is wrong with an entry by itself: "changed", "unreadable" or nothing."""
    try:
        return "" if same(entry.hash, hash_of(entry)) else "changed"
    except (AttributeError, TypeError, ValueError, OverflowError, RecursionError):
        return "unreadable"
