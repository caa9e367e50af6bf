"""Moves old entries of the audit trail into a signed file."""

from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _

from liangzhou.audit import archive as audit_archive
from liangzhou.audit import table as audit_table


class Command(BaseCommand):
    help = (
        "Writes entries of the audit trail that are older than AUDIT_KEEP_DAYS into a signed file, reads it again "
        "and then removes them from the table. On PostgreSQL as the owner of the table."
    )

    def add_arguments(self, parser):
        parser.add_argument("--to", metavar="FOLDER", type=Path, required=True, help="A folder that is there already.")
        parser.add_argument(
            "--before", metavar="DATE", type=date.fromisoformat,
            help="Entries before this day (2026-01-31) instead; never later than AUDIT_KEEP_DAYS ago.",
        )  # fmt: skip

    def handle(self, *args, to, before, **options):
        if not to.is_dir():
            raise CommandError(_("%(folder)s is not a folder.") % {"folder": to})
        if not audit_table.is_owner():
            raise CommandError(
                _("This database user may not remove entries of the audit trail: run this as the owner of the table.")
            )
        found = audit_archive.old_entries(_cutoff(before))
        if found is None:
            self.stdout.write(_("No entry is old enough to be archived."))
            return
        try:
            path, span = audit_archive.write(to, *found)
        except (ValidationError, OSError) as error:
            raise CommandError(_sentence(error)) from None
        try:
            audit_archive.remove(path, span)
        except (ValidationError, DatabaseError) as error:
            kept = _("Nothing was removed from the table; %(file)s is there and whole. %(reason)s")
            raise CommandError(kept % {"file": path, "reason": _sentence(error)}) from None
        words = {"count": span.entries, "first": span.first_number, "last": span.last_number, "file": path}
        self.stdout.write(_("%(count)d entries (%(first)d to %(last)d) are now in %(file)s.") % words)


def _cutoff(before: date | None) -> datetime:
    """The moment before which entries may go. Raises CommandError where the day asked for is too late."""
    latest = timezone.now() - timedelta(days=max(180, settings.AUDIT_KEEP_DAYS))
    if before is None:
        return latest
    asked = timezone.make_aware(datetime.combine(before, time.min))
    if asked > latest:
        words = {"days": max(180, settings.AUDIT_KEEP_DAYS)}
        raise CommandError(_("Entries are kept for %(days)d days: --before must be earlier.") % words)
    return asked


def _sentence(error: Exception) -> str:
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error).splitlines()[0]
