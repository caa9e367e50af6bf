"""Going through the whole audit trail, a piece at a time, and telling in words what is wrong with it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import DatabaseError, models
from django.utils.translation import gettext as _

from liangzhou.audit import END_BROKEN, Action, AuditEntry, AuditHead
from liangzhou.audit import chain as audit_chain
from liangzhou.audit import table as audit_table

PIECE = 2000  # entries read at a time
SENTENCES = {  # of the chain, one entry each
    "missing": lambda number, before: _span(
        _("Entry %(first)d is missing."), _("Entries %(first)d to %(last)d are missing."), before + 1, number - 1
    ),
    "moved": lambda number, before: _("Entry %(number)d does not follow from the one before it.") % {"number": number},
    "changed": lambda number, before: (
        _("Entry %(number)d was changed, or was not written by the application.") % {"number": number}
    ),
    "unreadable": lambda number, before: _("Entry %(number)d cannot be read.") % {"number": number},
}


def _span(one: str, several: str, first: int, last: int) -> str:
    return (one if first == last else several) % {"first": first, "last": last}


@dataclass
class Trail:
    """What was found of the trail; `faults` are sentences, `kept` only the first of them."""

    count: int = 0
    first: AuditEntry | None = None
    last: AuditEntry | None = None
    faults: list[str] = field(default_factory=list)
    total_faults: int = 0
    most: int = 20
    archived: dict | None = None  # details of the newest entry that says what was archived
    noted: str | None = None  # the hash of the entry that was asked for, as it is now

    def fault(self, sentence: str) -> None:
        """Note what is wrong; beyond the first ones it is only counted."""
        self.total_faults += 1
        if len(self.faults) < self.most:
            self.faults.append(sentence)


def verify(*, most: int = 20, note: int | None = None) -> Trail:
    """Go through the table, its end and its triggers. `note` is the number of an entry whose hash is wanted."""
    trail = Trail(most=most)
    for name in audit_table.missing_triggers():
        trail.fault(_("The database lacks the trigger %(name)s, or it is switched off.") % {"name": name})
    end, highest = _snapshot()
    for entry in entries(until=highest):
        _look_at(trail, entry, note)
    _judge_beginning(trail)
    _judge_end(trail, end)
    return trail


def _snapshot() -> tuple[AuditHead | None, int]:
    """The end as it was sealed, and the highest number, both as of one moment: others write meanwhile."""
    highest = models.Subquery(AuditEntry.objects.order_by("-number").values("number")[:1])
    end = AuditHead.objects.order_by("pk").annotate(highest=highest).first()
    if end is not None:
        return end, end.highest or 0
    return None, AuditEntry.objects.aggregate(highest=models.Max("number"))["highest"] or 0


def entries(*, after: int = 0, until: int) -> Iterator[AuditEntry]:
    """The entries with numbers in (after, until], in their order; constant memory. What cannot be read has no hash."""
    while after < until:
        try:
            piece = list(_slice(after, until)[:PIECE])
        except (DatabaseError, ValueError, TypeError, OverflowError):
            piece = [_one(number) for number in _slice(after, until).values_list("number", flat=True)[:PIECE]]
        if not piece:
            return
        yield from piece
        after = piece[-1].number


def _slice(after: int, until: int):
    return AuditEntry.objects.filter(number__gt=after, number__lte=until).order_by("number")


def _one(number: int) -> AuditEntry:
    try:
        return AuditEntry.objects.get(number=number)
    except (DatabaseError, ValueError, TypeError, OverflowError):
        hashes = AuditEntry.objects.filter(number=number).values("previous_hash", "hash").get()
        return AuditEntry(number=number, at=None, **hashes)


def _look_at(trail: Trail, entry: AuditEntry, note: int | None) -> None:
    before = trail.last
    wrong = audit_chain.broken(
        [entry],
        previous_hash=before.hash if before else entry.previous_hash,
        number=before.number if before else entry.number - 1,
    )
    kinds = [kind for _number, kind in wrong]
    for kind in kinds:
        trail.fault(SENTENCES[kind](entry.number, before.number if before else 0))
    if not {"changed", "unreadable"} & set(kinds):
        _read_marks(trail, entry)
    if entry.number == note:
        trail.noted = entry.hash
    trail.count += 1
    trail.first, trail.last = trail.first or entry, entry


def _read_marks(trail: Trail, entry: AuditEntry) -> None:
    """What an entry that the application wrote says of the trail itself."""
    if END_BROKEN in entry.details:
        sentence = _("Before entry %(number)d the end of the trail was tampered with: entries may have been removed.")
        trail.fault(sentence % {"number": entry.number})
    if entry.action == Action.ARCHIVE and entry.result == "done":
        trail.archived = entry.details


def _judge_beginning(trail: Trail) -> None:
    """The first entry is the first ever, or the one after those that an entry says were archived."""
    first, told = trail.first, trail.archived or {}
    if first is None or (first.number == 1 and first.previous_hash == audit_chain.BEGINNING):
        return
    if told.get("last_number") == first.number - 1 and told.get("last_hash") == first.previous_hash:
        return
    if first.number == 1:
        trail.fault(_("Entry %(number)d does not follow from the one before it.") % {"number": 1})
    else:
        missing = _span(
            _("Entry %(first)d is missing, and no entry says that it was archived."),
            _("Entries %(first)d to %(last)d are missing, and no entry says that they were archived."),
            1,
            first.number - 1,
        )
        trail.fault(missing)


def _judge_end(trail: Trail, end: AuditHead | None) -> None:
    last = trail.last
    number, last_hash = (last.number, last.hash) if last else (0, audit_chain.BEGINNING)
    if end is None:
        if last:
            trail.fault(
                _("The end of the trail is not there: entries after %(number)d may be missing.") % {"number": number}
            )
    elif not audit_chain.is_sealed(end.number, end.hash, end.seal):
        trail.fault(_("The end of the trail was changed: its seal does not hold."))
    elif end.number > number:
        trail.fault(
            _span(
                _("Entry %(first)d is missing at the end."),
                _("Entries %(first)d to %(last)d are missing at the end."),
                number + 1,
                end.number,
            )
        )
    elif end.number < number:
        trail.fault(_("After the sealed end, entry %(number)d, there are more entries.") % {"number": end.number})
    elif end.hash != last_hash:
        trail.fault(_("The last entry is not the one that was sealed as the last."))
