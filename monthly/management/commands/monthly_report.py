"""`manage.py monthly_report 2025-05 --to FOLDER`: the report of a locked month as Word, Excel and PDF."""

import getpass
import os
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from liangzhou import audit, demo
from liangzhou.months import Month
from liangzhou.periods import FIRST_YEAR
from monthly.models import ReportingMonth
from monthly.report import content
from monthly.report.as_pdf import CannotPrint
from monthly.report.editions import FORMATS, NotLocked, books_of, in_bytes


class Command(BaseCommand):
    """Writes the files and prints their paths; which of them took the place of others goes to the errors."""

    help = "Write the report of a locked month into a folder: Word, Excel and PDF. It names internal projects."

    def create_parser(self, prog_name, subcommand, **kwargs):
        """With a --version of its own: Django's would print the version of Django."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser):
        parser.add_argument("month", help="2025-05")
        parser.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="where to write")
        wanted = "which version of the month (default: the newest)"
        parser.add_argument("--version", type=int, dest="number", metavar="N", help=wanted)
        parser.add_argument("--format", default=",".join(FORMATS), help="docx, xlsx, pdf, with commas (default: all)")

    def handle(self, *args, month: str, to: Path, format: str, number: int | None = None, **options):  # noqa: A002
        formats = _formats(format)
        try:
            books = books_of(_month(month), number)
        except NotLocked as error:
            raise CommandError(str(error)) from error
        if not to.is_dir():
            raise CommandError(_("There is no folder %(path)s.") % {"path": to})
        report, refusals = content.build(books), []
        about = {"report": str(books.month), "version": str(books.version.number), "format": ",".join(formats)}
        audit.record(audit.Action.EXPORT, actor=_account(), target=ReportingMonth, command="monthly_report", **about)
        for name in formats:
            try:
                self._make(report, name, _path(report, name, to))
            except CannotPrint as error:
                refusals.append(str(error))
        if refusals:
            raise CommandError(" ".join(refusals))

    def _make(self, report, name: str, path: Path) -> None:
        """One file; the same version made again takes the place of the one that is there, and says so."""
        is_there = path.is_file()
        _write(report, name, path)
        self.stdout.write(str(path))
        if is_there:
            self.stderr.write(_("%(path)s was there already and was replaced.") % {"path": path})


def _month(typed: str) -> Month:
    try:
        month = Month.parse(typed)
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error
    if month.year <= FIRST_YEAR:
        raise CommandError(_("This month is too early."))
    return month


def _formats(typed: str) -> list[str]:
    names = [name.strip().lower() for name in typed.split(",") if name.strip()]
    wrong = [name for name in names if name not in FORMATS]
    if wrong or not names:
        words = {"wrong": ", ".join(wrong) or "—", "known": ", ".join(FORMATS)}
        raise CommandError(_("There is no format %(wrong)s. There are: %(known)s.") % words)
    return list(dict.fromkeys(names))


def _path(report, name: str, folder: Path) -> Path:
    mark = f"{demo.HEADING}_" if demo.is_demo() else ""
    return folder / f"{mark}{report.file_name}.{name}"


def _write(report, name: str, path: Path) -> None:
    made = in_bytes(report, name)
    try:
        path.write_bytes(made)
    except OSError as error:
        raise CommandError(_("The file cannot be written: %(reason)s") % {"reason": error}) from error


def _account() -> str:
    """Who runs the command, by the account of the operating system; its number where it has no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid()) if hasattr(os, "getuid") else ""
