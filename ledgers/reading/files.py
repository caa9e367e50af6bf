"""Files that people bring in, as sheets of rows; whatever is wrong with a file is said in a sentence.

A file is read by another process (reader.py) within limits of time and memory, so that a hostile
one can at worst end that process.
"""

import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

from django.utils.translation import gettext_lazy as _
from xlsxwriter.utility import xl_col_to_name

MAX_BYTES = 30_000_000
MAX_SECONDS = 120  # by the clock; reader.py limits the processor's time
NAME_LENGTH = 31  # of a sheet, as in Excel

Cell = None | str | int | float | bool | dict
HOME = Path(__file__).resolve().parent.parent.parent

SENTENCES = {
    "empty": _("The file is empty. Save the ledger again and bring the new file."),
    "nothing": _("The sheets of this file hold nothing. Hidden sheets are not read."),
    "too_large": _("The file has %(size)d MB, more than the %(most)d MB allowed. Take pictures out, or divide it."),
    "pdf": _("This is a PDF file. Bring the ledger as Excel (.xlsx, .xls) or CSV."),
    "picture": _("This is a picture. Bring the ledger as Excel (.xlsx, .xls) or CSV."),
    "word": _("This is a Word or PowerPoint file. Copy its table into a workbook, save it as .xlsx, and bring that."),
    "archive": _("This is an archive, not a workbook. Unpack it and bring each ledger in it as a file of its own."),
    "not_spreadsheet": _("This is not a spreadsheet. Bring the ledger as Excel (.xlsx, .xls) or CSV."),
    "old_excel": _("This workbook is from an Excel before 1995. Open it in Excel or WPS and save it as .xlsx."),
    "markup": _(
        "This is a web page or an XML table with the name of a spreadsheet, as some systems export it. "
        "Open it in Excel or WPS, save it as .xlsx, and bring that file."
    ),
    "password": _("The file is protected by a password. Open it, take the password off, save it, and bring it again."),
    "macros": _("The file holds macros, which are not accepted. Save it as .xlsx without macros and bring that file."),
    "damaged": _(
        "The file is damaged or was not copied completely. "
        "Open it in Excel or WPS, save it again as .xlsx, and bring the new file."
    ),
    "bomb": _(
        "Unpacked, this file is larger than 300 MB or has thousands of parts. "
        "Copy the table alone into a new workbook and bring that."
    ),
    "entities": _(
        "The file declares XML entities, which no spreadsheet program does. "
        "Open it in Excel or WPS, save it again as .xlsx, and bring the new file."
    ),
    "memory": _(
        "The file needs too much memory. A cell far below or far to the right of the table may be filled by mistake: "
        "delete the empty rows and columns around the table, save it, and bring it again."
    ),
    "slow": _("Reading this file takes too long. Copy the table alone into a new workbook and bring that."),
    "encoding": _("The text is neither UTF-8 nor GB18030. Open it in Excel or WPS, save it as .xlsx, and bring that."),
    "nul": _("The text holds NUL characters. Open it in Excel or WPS, save it as .xlsx, and bring that file."),
    "quote": _("A quotation mark in row %(row)d or before it is never closed. Close it or delete it."),
    "rows": _("The file has more than %(most)d rows. Divide it into several files."),
    "sheets": _("The file has more than %(most)d sheets. Divide it into several files."),
    "columns": _(
        "Row %(row)d of sheet “%(sheet)s” has %(columns)d columns; %(most)d are allowed. "
        "Delete what stands to the right of the table."
    ),
    "cell": _(
        "The cell %(cell)s of sheet “%(sheet)s” holds %(length)d characters; %(most)d are allowed. "
        "Shorten it, or look for a quotation mark that is not closed."
    ),
}

log = logging.getLogger(__name__)


class Unreadable(Exception):  # noqa: N818  the file's fault, not the program's
    """A file that cannot be read; `sentence` says what is wrong and what to do."""

    def __init__(self, sentence: str):
        self.sentence = str(sentence)
        super().__init__(self.sentence)


def unreadable(code: str, **params) -> Unreadable:
    """The exception with the sentence for a code of reader.py's."""
    return Unreadable(SENTENCES[code] % params)


@dataclass(frozen=True)
class Sheet:
    """A visible sheet that holds something: its name, and its rows as `(number from 1, cells)`, read once."""

    name: str
    rows: Iterator[tuple[int, list[Cell]]]


@contextmanager
def read(path: str | os.PathLike, name: str) -> Iterator[list[Sheet]]:
    """The sheets of a file, as long as the context lasts; `name` is what its owner calls it.

    A cell is None, str, int, float, bool or `{"date": "2025-05-21"}` (with the time of day where it
    has one). Rows that hold nothing are left out, empty cells at the end of a row too; merged ranges
    are filled with the value of their first cell. Raises Unreadable.
    """
    size = Path(path).stat().st_size
    if size > MAX_BYTES:
        raise unreadable("too_large", size=-(-size // 1_000_000), most=MAX_BYTES // 1_000_000)
    with TemporaryDirectory(prefix="ledger-") as folder:
        out = Path(folder) / "rows"
        stem = Path(name).stem[:NAME_LENGTH]
        found = _told(_report(Path(path).resolve(), out), stem)
        yield [Sheet(title or stem, _rows(out, start, count)) for title, start, count in found]


def _rows(out: Path, start: int, count: int) -> Iterator[tuple[int, list[Cell]]]:
    with out.open("rb") as lines:
        lines.seek(start)
        for _line in range(count):
            number, cells = json.loads(lines.readline())
            yield number, cells


def _told(report: dict, stem: str) -> list[list]:
    """The sheets that were read. Raises Unreadable where there are none."""
    if "sheets" in report:
        return report["sheets"]
    params = report["params"]
    params["sheet"] = params.get("sheet") or stem
    if "column" in params:
        params["cell"] = f"{xl_col_to_name(params['column'] - 1)}{params['row']}"
    raise unreadable(report["unfit"], **params)


def _report(path: Path, out: Path) -> dict:
    """What the reading process tells, or what its end means."""
    command = [sys.executable, "-s", "-m", "ledgers.reading.reader", str(path), str(out)]
    with TemporaryFile() as errors:
        try:
            done = subprocess.run(  # noqa: S603  our own program, without a shell
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                cwd=HOME,
                env=_environment(),
                timeout=MAX_SECONDS,
            )
        except subprocess.TimeoutExpired:
            return {"unfit": "slow", "params": {}}
        errors.seek(0)
        if said := errors.read(4000).decode(errors="replace"):
            log.info("Reading a file ended with %s: %s", done.returncode, said)
    if done.returncode:
        slow = done.returncode == -getattr(signal, "SIGXCPU", 0)
        return {"unfit": "slow" if slow else "memory", "params": {}}
    return json.loads(done.stdout)


def _environment() -> dict[str, str]:
    """What a process needs to start; nothing of the site's secrets."""
    names = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR", "TEMP")
    return {"PYTHONUTF8": "1"} | {name: os.environ[name] for name in names if name in os.environ}
