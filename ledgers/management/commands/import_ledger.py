"""`manage.py import_ledger FILE [--dry-run]`: bring a ledger in, all of it or nothing."""

from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from ledgers import imports
from ledgers.columns import LANGUAGE
from ledgers.models import LedgerImport, LedgerRow
from ledgers.reading import files

COUNTED = ("new", "changed", "unchanged", "conflict", "duplicate", "wrong")
TOLD = ("wrong", "conflict", "duplicate")


class Command(BaseCommand):
    """Says row by row what is wrong, in conflict or double. The last line counts; exit status 1 where any is wrong."""

    help = "Bring the projects of a ledger (.xlsx, .xls, .csv) in, all of it or nothing."
    requires_migrations_checks = True

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="only say what would be done")
        parser.add_argument("--by", metavar="USERNAME", help="in whose name the history is written")
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
        with translation.override(LANGUAGE), transaction.atomic():
            try:
                found = self._check(file, by, options)
                blocked = bool(found.counts["wrong"]) and not found.leave_out_wrong
                if not (dry_run or blocked):
                    imports.confirm(found, by=by)
            except (files.Unreadable, imports.Refused) as error:
                raise CommandError(str(error)) from error
            if dry_run or blocked:
                transaction.set_rollback(True)
        self.stdout.write(", ".join(f"{name} {found.counts[name]}" for name in COUNTED))
        if found.counts["wrong"]:
            raise SystemExit(1)

    def _person(self, username: str | None):
        if not username:
            return None
        try:
            return get_user_model().objects.get(username=username)
        except get_user_model().DoesNotExist as error:
            raise CommandError(_("There is no user “%(name)s”.") % {"name": username}) from error

    def _check(self, file: Path, by, options) -> LedgerImport:
        found = imports.start(file, file.name, by=by)
        for heading in imports.leave_unknown(found):
            self.stderr.write(_("Column not known and left out: %(heading)s") % {"heading": heading})
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
