"""`manage.py import_ledger FILE [--dry-run]`: bring a ledger in, all of it or nothing."""

from collections import Counter
from contextlib import nullcontext
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from ledgers import imports
from ledgers.columns import LANGUAGE
from ledgers.models import LedgerImport, LedgerRow
from ledgers.reading import files
from liangzhou import permissions

COUNTED = ("new", "changed", "unchanged", "conflict", "duplicate", "wrong")
TOLD = ("wrong", "conflict", "duplicate")


class Command(BaseCommand):
    """Says row by row what is wrong, in conflict or double. The last line counts; exit status 1 where any is wrong."""

    help = "Bring the projects of a ledger (.xlsx, .xls, .csv) in, all of it or nothing."
    requires_migrations_checks = True

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="only say what would be done")
        parser.add_argument(
            "--by", metavar="USERNAME", help="who brings it in: required; their rights hold, the history names them"
        )
        parser.add_argument(
            "--enter-companies", action="store_true", help="enter companies and units that are not known, unpublished"
        )
        parser.add_argument(
            "--override-reason",
            default="",
            metavar="REASON",
            help="let stages through although facts that they require are missing, for this reason; logged",
        )
        parser.add_argument("--leave-out-wrong", action="store_true", help="write the other rows where some are wrong")

    def handle(self, *args, file: Path, dry_run: bool, **options):
        by = self._person(options["by"])
        if not file.is_file():
            raise CommandError(_("There is no file %(file)s.") % {"file": file})
        # A dry run leaves nothing at all; a real one checks in slices, so that nobody waits for the whole of it.
        with translation.override(LANGUAGE), transaction.atomic() if dry_run else nullcontext():
            try:
                found = self._check(file, by, options)
                if not dry_run:
                    self._write(found, by)
            except imports.NeedsSecondPerson as waits:
                raise CommandError(_told_to_wait(found, waits)) from waits
            except (files.Unreadable, imports.Refused) as error:
                raise CommandError(str(error)) from error
            if dry_run:
                transaction.set_rollback(True)
        self.stdout.write(", ".join(f"{name} {found.counts[name]}" for name in COUNTED))
        if found.counts["wrong"]:
            raise SystemExit(1)

    def _person(self, username: str | None):
        if not username:
            raise CommandError(_("Say with --by USERNAME who brings the ledger in: their rights hold for it."))
        person = get_user_model().objects.filter(username=username).first()
        if person is None:
            raise CommandError(_("There is no user “%(name)s”.") % {"name": username})
        if not permissions.may_import(person):
            raise CommandError(_("“%(name)s” may not bring ledgers in.") % {"name": username})
        return person

    def _write(self, found: LedgerImport, by) -> None:
        try:
            if found.leave_out_wrong or not found.counts["wrong"]:
                imports.confirm(found, by=by)
        except imports.NeedsSecondPerson:
            raise  # it stays, for them
        except BaseException:
            imports.discard(found, by=by)
            raise
        imports.discard(found, by=by)  # nobody is going to decide about what was not written

    def _check(self, file: Path, by, options) -> LedgerImport:
        found = imports.start(file, file.name, by=by)
        for heading in _left_out(found, by):
            self.stderr.write(_("Column not known and left out: %(heading)s") % {"heading": heading})
        for line in not_read(found):
            self.stderr.write(line)
        found.enter_companies = options["enter_companies"]
        found.override_reason = options["override_reason"][:300]
        found.leave_out_wrong = options["leave_out_wrong"]
        found.save()
        while not imports.check(found):
            found.refresh_from_db()
            progress = {"done": found.checked_rows, "all": found.total_rows}
            self.stderr.write(_("%(done)d of %(all)d rows checked") % progress)
        found.refresh_from_db()
        for row in found.rows.filter(outcome__in=TOLD).iterator():
            for line in told(row, found.sheets[row.sheet]["name"]):
                self.stderr.write(line)
        return found


def _told_to_wait(found: LedgerImport, waits: imports.NeedsSecondPerson) -> str:
    """Why nothing is written yet, and where the second person finds it."""
    words = {"why": waits, "page": reverse("admin:ledgers_ledgerimport_change", args=[found.pk])}
    return _("%(why)s It waits at %(page)s") % words


def not_read(found: LedgerImport) -> list[str]:
    """Which sheets are not used, and how many rows of the others are no records."""
    lines = [_("Sheet not used: %(sheet)s") % {"sheet": sheet["name"]} for sheet in found.sheets if not sheet["used"]]
    skipped = found.rows.filter(outcome=LedgerRow.Outcome.SKIPPED).values_list("problems", flat=True)
    counts = Counter(problems[0][2] for problems in skipped.iterator() if problems)
    if counts["title"] or counts["total"] or counts["note"]:
        told_of = {"titles": counts["title"], "totals": counts["total"], "notes": counts["note"]}
        lines.append(_("Rows that are no projects: %(titles)d titles, %(totals)d totals, %(notes)d notes") % told_of)
    return lines


def _left_out(found: LedgerImport, by) -> list[str]:
    """The headings that nobody knows, which are left out."""
    try:
        return imports.leave_unknown(found)
    except files.Unreadable:
        imports.discard(found, by=by)
        raise


def told(row: LedgerRow, sheet: str) -> list[str]:
    """What is to be said of a row, one line for each problem or clash."""
    where = {"sheet": sheet, "row": row.number, "outcome": row.get_outcome_display()}
    lines = [
        _("%(sheet)s, row %(row)s, %(column)s: %(what)s") % {**where, "column": label or where["outcome"], "what": what}
        for label, _index, what, _right in row.problems
    ]
    clash = _("%(sheet)s, row %(row)s, %(column)s: the file says “%(new)s”, here it is “%(here)s” meanwhile")
    lines += [
        clash % {**where, "column": label, "new": new, "here": here} for label, _old, new, here in row.changes if here
    ]
    return lines
