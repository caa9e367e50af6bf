"""Says whether the audit trail is whole; exit status 1 where it is not."""

import re
from itertools import pairwise
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from liangzhou.audit import AuditEntry
from liangzhou.audit import archive as audit_archive
from liangzhou.audit import chain as audit_chain
from liangzhou.audit import table as audit_table
from liangzhou.audit import verification as audit_verification
from liangzhou.audit.verification import Trail


class Command(BaseCommand):
    help = "Checks every entry of the audit trail, its end, and what protects its table; 1 where something is wrong."

    def add_arguments(self, parser):
        parser.add_argument(
            "--archive", metavar="FILE", nargs="+", type=Path, default=[],
            help="Files of archive_audit: are they whole, and do they join each other and the table?",
        )  # fmt: skip
        parser.add_argument(
            "--noted", metavar="NUMBER:HASH", help="What an earlier run printed last: does that entry still stand?"
        )
        parser.add_argument("--most", type=int, default=20, help="How many faults are printed in words.")

    def handle(self, *args, archive, noted, most, **options):
        number, noted_hash = _noted(noted)
        trail = audit_verification.verify(most=most, note=number)
        if number is not None and trail.noted != noted_hash:
            trail.fault(_("Entry %(number)d is not the one that was noted.") % {"number": number})
        self._archives(trail, archive)
        self._tell(trail)
        if trail.total_faults:
            for sentence in trail.faults:
                self.stderr.write(sentence)
            words = {"count": trail.total_faults}
            raise CommandError(_("The audit trail is broken. Faults: %(count)d.") % words, returncode=1)
        self.stdout.write(_("The audit trail is whole."))

    def _tell(self, trail: Trail):
        self.stdout.write(_("Entries: %(count)d") % {"count": trail.count})
        if trail.first is not None:
            first, last = (f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}" if at else "?" for at in _times(trail))
            span = {"first": trail.first.number, "first_at": first, "last": trail.last.number, "last_at": last}
            self.stdout.write(_("From entry %(first)d (%(first_at)s) to entry %(last)d (%(last_at)s)") % span)
            noted = f"{trail.last.number}:{trail.last.hash}"
            self.stdout.write(_("Last hash, to be noted elsewhere: %(noted)s") % {"noted": noted})
        missing = audit_table.missing_triggers()
        self.stdout.write(_("Protection by the database: missing") if missing else _("Protection by the database: on"))
        if connection.vendor != "postgresql":
            self.stdout.write(_("On SQLite whoever can write the file can take the protection off."))
        elif audit_table.is_owner():
            self.stdout.write(
                _("Note: this database user owns the table and could take the protection off (see docs/security.md).")
            )
        if settings.AUDIT_KEY == settings.SECRET_KEY:
            self.stdout.write(_("Note: AUDIT_KEY is not set; a new SECRET_KEY would make every entry look changed."))

    def _archives(self, trail: Trail, paths: list[Path]):
        told = []
        for path in paths:
            try:
                told.append(audit_archive.read(path))
            except ValidationError as error:
                trail.fault(" ".join(error.messages))
        told.sort(key=lambda one: one["first_number"])
        for one in told:
            words = {"file": one["file"], "first": one["first_number"], "last": one["last_number"]}
            self.stdout.write(_("%(file)s: entries %(first)d to %(last)d, whole") % words)
        for before, after in pairwise([*told, None]):
            if not (_joins(before, after) if after else _joins_table(before, trail)):
                trail.fault(_("%(file)s does not join what comes after it.") % {"file": before["file"]})


def _joins(before: dict, after: dict) -> bool:
    return after["first_number"] == before["last_number"] + 1 and audit_chain.same(
        after["previous_hash"], before["last_hash"]
    )


def _joins_table(told: dict, trail: Trail) -> bool:
    """The table goes on where the archive ends, or still holds its last entry."""
    if trail.first is None:
        return False
    if trail.first.number == told["last_number"] + 1:
        return audit_chain.same(trail.first.previous_hash, told["last_hash"])
    return AuditEntry.objects.filter(number=told["last_number"], hash=told["last_hash"]).exists()


def _times(trail: Trail):
    return trail.first.at, trail.last.at


def _noted(text: str | None) -> tuple[int | None, str]:
    if text is None:
        return None, ""
    if not re.fullmatch(r"[0-9]{1,18}:[0-9a-f]{64}", text):
        raise CommandError(_("--noted takes NUMBER:HASH, as verify_audit prints it."))
    number, _colon, digits = text.partition(":")
    return int(number), digits
