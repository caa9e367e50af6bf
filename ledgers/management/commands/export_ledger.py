"""`manage.py export_ledger FILE`: write the whole ledger, internal projects included, to .xlsx or .csv."""

import codecs
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from ledgers import workbook
from projects.models import Project


class Command(BaseCommand):
    """Writes what `import_ledger` reads back without a change."""

    help = "Write the project ledger, with everything internal, to FILE.xlsx or FILE.csv."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="where to write; the ending decides: .xlsx or .csv")
        parser.add_argument(
            "--encoding", default="utf-8-sig", choices=["utf-8-sig", "gb18030"], help="of a CSV file (default: UTF-8)"
        )

    def handle(self, *args, file: Path, encoding: str, **options):
        projects = Project.objects.order_by("code")
        try:
            count = _write(projects, file, encoding)
        except OSError as error:
            raise CommandError(_("The file cannot be written: %(reason)s") % {"reason": error}) from error
        self.stdout.write(_("%(count)d projects written to %(file)s.") % {"count": count, "file": file})


def _write(projects, file: Path, encoding: str) -> int:
    if file.suffix.lower() == ".xlsx":
        return workbook.ledger_workbook(projects, file)
    if file.suffix.lower() != ".csv":
        raise CommandError(_("Name a file that ends in .xlsx or .csv."))
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    with file.open("w", encoding=encoding, newline="") as out:
        for chunk in workbook.ledger_csv(projects):
            out.write(decoder.decode(chunk))
    return projects.count()
