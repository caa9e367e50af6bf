"""Old entries of the audit trail as a signed file: written, read again, and only then removed from the table."""

import gzip
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from liangzhou import audit
from liangzhou.audit import Action, AuditEntry, AuditHead
from liangzhou.audit import chain as audit_chain
from liangzhou.audit import table as audit_table
from liangzhou.audit.verification import entries

SIGNATURE = ".sig"
TOLD = ("file", "sha256", "entries", "first_number", "last_number", "previous_hash", "last_hash")
COLUMNS = [entry_field.attname for entry_field in AuditEntry._meta.concrete_fields]
LONGEST_LINE = 10_000_000  # characters; an entry has some hundreds


@dataclass(frozen=True)
class Span:
    """The entries of one archive: numbers, how many, when the first and last were written, hashes at both ends."""

    first_number: int
    last_number: int
    entries: int
    first_at: datetime
    last_at: datetime
    previous_hash: str
    last_hash: str

    @property
    def file_name(self) -> str:
        """With numbers and days, so that archives sort by themselves."""
        days = (f"{timezone.localtime(at):%Y-%m-%d}" for at in (self.first_at, self.last_at))
        return f"audit_{self.first_number:09d}-{self.last_number:09d}_{'_'.join(days)}.jsonl.gz"


def old_entries(before: datetime) -> tuple[int, int] | None:
    """(first, last) number of the entries from the beginning on that are all older than this; None where none is."""
    first = AuditEntry.objects.order_by("number").first()
    if first is None:
        return None
    young = AuditEntry.objects.filter(at__gte=before).order_by("number").values_list("number", flat=True).first()
    until = AuditEntry.objects.filter(number__lt=young) if young is not None else AuditEntry.objects.all()
    last = until.order_by("-number").values_list("number", flat=True).first()
    return (first.number, last) if last is not None else None


def write(folder: Path, first: int, last: int) -> tuple[Path, Span]:
    """Write these entries and their signature into the folder, safely on the disk, and read them again.

    An archive of exactly these entries that is there already, from a run that was broken off, is taken. Raises
    ValidationError where the chain does not hold, another file has the name, or what is read differs.
    """
    part = folder / f".audit_{first}-{last}.part"
    try:
        span = _write_entries(part, first, last)
        path = folder / span.file_name
        told = _told(path.name, part, span)
        _write_signature(path.with_name(path.name + SIGNATURE), told, taken=path.exists())
        if not path.exists():
            part.rename(path)
    finally:
        part.unlink(missing_ok=True)
    _sync_folder(folder)
    if read(path) != told:
        raise ValidationError(_("%(file)s could not be read again as it was written.") % {"file": path.name})
    return path, span


def _write_entries(part: Path, first: int, last: int) -> Span:
    count, start, end = 0, None, None
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode=0o600)
    with open(descriptor, "wb") as raw, gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as packed:
        for entry in entries(after=first - 1, until=last):
            before = (end.hash, end.number) if end else (entry.previous_hash, entry.number - 1)
            for number, _kind in audit_chain.broken([entry], previous_hash=before[0], number=before[1]):
                sentence = _("The trail does not hold at entry %(number)d: see verify_audit. Nothing was archived.")
                raise ValidationError(sentence % {"number": number})
            packed.write(_line(entry))
            count, start, end = count + 1, start or entry, entry
        packed.close()
        raw.flush()
        os.fsync(raw.fileno())
    return Span(start.number, end.number, count, start.at, end.at, start.previous_hash, end.hash)


def _line(entry: AuditEntry) -> bytes:
    told = {name: getattr(entry, name) for name in COLUMNS} | {"at": entry.at.isoformat(timespec="microseconds")}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _told(name: str, path: Path, span: Span) -> dict:
    known = {"file": name, "sha256": _sha256(path)}
    return {key: known[key] if key in known else getattr(span, key) for key in TOLD}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_signature(path: Path, told: dict, *, taken: bool) -> None:
    """First the signature, then the file under its name; `taken` where that is there already."""
    if taken or path.exists():
        if not path.exists() or _signature(path) != told:
            raise ValidationError(_("%(file)s is there already, and is never overwritten.") % {"file": told["file"]})
        return
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode=0o600), "w", encoding="utf-8") as file:
        json.dump(told | {"signature": audit_chain.signature_of(told)}, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    part.rename(path)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read(path: Path) -> dict:
    """What the signature of an archive says, once file, signature and every entry were found to hold.

    Raises ValidationError with a sentence where they do not.
    """
    told = _signature(path.with_name(path.name + SIGNATURE))
    if not path.is_file() or told["file"] != path.name or told["sha256"] != _sha256(path):
        raise ValidationError(_("%(file)s is not the file that was signed.") % {"file": path.name})
    count, number, last_hash = 0, told["first_number"] - 1, told["previous_hash"]
    for entry in stored(path):
        for wrong, _kind in audit_chain.broken([entry], previous_hash=last_hash, number=number):
            sentence = _("%(file)s does not hold at entry %(number)d.")
            raise ValidationError(sentence % {"file": path.name, "number": wrong})
        count, number, last_hash = count + 1, entry.number, entry.hash
    if (count, number, last_hash) != (told["entries"], told["last_number"], told["last_hash"]):
        raise ValidationError(_("%(file)s holds other entries than were signed.") % {"file": path.name})
    return told


def _signature(path: Path) -> dict:
    try:
        signed = json.loads(path.read_text("utf-8"))
        told = {key: signed[key] for key in TOLD}
        holds = audit_chain.same(signed["signature"], audit_chain.signature_of(told))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise ValidationError(_("%(file)s is missing or cannot be read.") % {"file": path.name}) from None
    if not holds:
        raise ValidationError(_("The signature in %(file)s does not hold.") % {"file": path.name})
    return told


def stored(path: Path) -> Iterator[AuditEntry]:
    """The entries of an archive, one at a time."""
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            while line := file.readline(LONGEST_LINE):
                told = json.loads(line)
                yield AuditEntry(**told | {"at": datetime.fromisoformat(told["at"])})
    except (OSError, EOFError, ValueError, KeyError, TypeError, UnicodeDecodeError):
        raise ValidationError(_("%(file)s cannot be read.") % {"file": path.name}) from None


@transaction.atomic
def remove(path: Path, span: Span) -> None:
    """Take the entries of an archive out of the table, and say so in the trail: both, or neither.

    Raises django.db.DatabaseError where the database's user does not own the table, ValidationError where
    the table no longer holds just these entries.
    """
    AuditHead.objects.select_for_update().order_by("pk").first()  # before the table: as who records does
    bounds = [span.first_number, span.last_number]
    with audit_table.unlocked(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {audit_table.TABLE} WHERE number BETWEEN %s AND %s", bounds)  # noqa: S608
        if cursor.rowcount != span.entries:
            raise ValidationError(_("The trail changed meanwhile. Nothing was removed."))
    audit.record(
        Action.ARCHIVE,
        target=path.name,
        actor="archive_audit",
        first_number=span.first_number,
        last_number=span.last_number,
        entries=span.entries,
        sha256=_sha256(path),
        last_hash=span.last_hash,
    )
