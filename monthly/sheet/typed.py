"""What a form of the sheet brings back: the cells of each row as typed, and what stood there when it was opened."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from liangzhou.lists import is_key
from liangzhou.money import plain

from .rows import Row

PREFIX = {"month": "m", "cumulative": "c", "plan": "t", "site": "p", "problem": "q", "reason": "r"}
TEXTS = {"site": 500, "problem": 500, "reason": 300}  # characters
WAS = "was"
_SUM = re.compile(r"-?\d{1,13}(?:\.\d{1,4})?", re.ASCII)  # Decimal("1e999999") parses, and overflows in the first sum
_UNPRINTED = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]+")


@dataclass(frozen=True)
class Was:
    """What stood in a row: amounts as they are, of texts only whether they are the same."""

    before: Decimal | None
    month: Decimal | None
    plan: Decimal | None
    site: str
    problem: str
    reason: str

    def __str__(self):
        return "|".join((plain(self.before), plain(self.month), plain(self.plan), self.site, self.problem, self.reason))

    @classmethod
    def parse(cls, token: str) -> "Was | None":
        """Read what `str` gives; None for anything else."""
        parts = token.split("|")
        if len(parts) != 6 or len(token) > 200:
            return None
        if any(part and not _SUM.fullmatch(part) for part in parts[:3]):
            return None
        return cls(*(Decimal(part) if part else None for part in parts[:3]), *parts[3:])


@dataclass(frozen=True)
class Typed:
    """One row as typed: a text for each cell that the form had."""

    cells: Mapping[str, str]
    was: Was | None


def stored(row: Row, *, corrects: bool) -> dict[str, str]:
    """What the cells of a row show as it is in the database; the reason of a correction is always a new one."""
    return {
        "month": plain(row.amount),
        "cumulative": plain(row.pair.cumulative),
        "plan": plain(row.plan.value) if row.plan else "",
        "site": row.report.site_progress if row.report else "",
        "problem": row.report.problem if row.report else "",
        "reason": row.entry.reason if row.entry and not corrects else "",
    }


def was_of(row: Row, *, corrects: bool) -> Was:
    """What stands in a row now, as its hidden field says it."""
    texts = stored(row, corrects=corrects)
    digests = {name: digest(texts[name]) for name in TEXTS}
    plan = row.plan.value if row.plan else None
    return Was(row.before, row.amount, plan, **digests)


def digest(text: str) -> str:
    """Tells one text from another; empty for none."""
    return hashlib.blake2s(cleaned(text).encode(), digest_size=6).hexdigest() if text else ""


def cleaned(text: str) -> str:
    """A text in one line, without what no screen prints."""
    return " ".join(_UNPRINTED.sub(" ", text).split())


def read(data: Mapping[str, str]) -> dict[int, Typed]:
    """The rows of a posted form, by the keys of their projects."""
    found = {}
    for name in data:
        prefix, _dash, key = name.partition("-")
        if prefix == WAS and is_key(key):
            cells = {cell: cleaned(data[f"{p}-{key}"]) for cell, p in PREFIX.items() if f"{p}-{key}" in data}
            found[int(key)] = Typed(cells, Was.parse(data[name]))
    return found
