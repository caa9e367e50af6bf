"""`manage.py export_ledger FILE`: write the whole ledger, internal projects included, to .xlsx or .csv."""

import codecs
import getpass
import os
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from ledgers import trail, workbook
from ledgers.columns import seen_by
from liangzhou import permissions
from projects.models import Project


class Command(BaseCommand):
    """Writes what `import_ledger` reads back without a change."""

    help = "Write the project ledger, with everything internal, to FILE.xlsx or FILE.csv."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="where to write; the ending decides: .xlsx or .csv")
        parser.add_argument(
            "--encoding", default="utf-8-sig", choices=["utf-8-sig", "gb18030"], help="of a CSV file (default: UTF-8)"
        )

        parser.add_argument("--by", metavar="USERNAME", help="only what this person may see (default: everything)")

    def handle(self, *args, file: Path, encoding: str, by: str | None = None, **options):
        kind = file.suffix.lower().removeprefix(".")
        if kind not in ("xlsx", "csv"):
            raise CommandError(_("Name a file that ends in .xlsx or .csv."))
        person = _person(by) if by else None
        projects = Project.objects.order_by("code")
        columns = workbook.ALL
        if person:
            projects, columns = permissions.visible(person, projects), seen_by(person)
        filters = {"command": "export_ledger"}
        trail.taken_out(by=person, actor=_account(), format=kind, filters=filters, rows=projects.count())
        try:
            count = _write(projects, columns, file, encoding)
        except OSError as error:
            raise CommandError(_("The file cannot be written: %(reason)s") % {"reason": error}) from error
        self.stdout.write(_("%(count)d projects written to %(file)s.") % {"count": count, "file": file})


def _person(username: str):
    found = get_user_model().objects.filter(username=username).first()
    if found is None:
        raise CommandError(_("There is no user “%(name)s”.") % {"name": username})
    if not permissions.may(found, "view", Project):
        raise CommandError(_("“%(name)s” may not see projects.") % {"name": username})
    return found


def _account() -> str:
    """Who runs the command, by the account of the operating system; its number where it has no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid()) if hasattr(os, "getuid") else ""


def _write(projects, columns, file: Path, encoding: str) -> int:
    if file.suffix.lower() == ".xlsx":
        return workbook.ledger_workbook(projects, file, columns)
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    with file.open("w", encoding=encoding, newline="") as out:
        for chunk in workbook.ledger_csv(projects, columns):
            out.write(decoder.decode(chunk))
    return projects.count()
