"""Rows as an Excel workbook, written as a stream: no temporary file, no more in memory than a chunk."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from zipfile import ZIP_DEFLATED, ZipFile

from django.utils.translation import gettext as _

from liangzhou.exports.fields import Field, broken_off
from liangzhou.exports.invented import marked_as_invented
from liangzhou.exports.reading import closed_after
from liangzhou.exports.xlsx_cells import Table
from liangzhou.exports.xlsx_parts import OPENING_PARTS, closing_parts, sheet_name

CHUNK = 64 * 1024
ROWS_PER_SHEET = 1_048_576  # what a spreadsheet can show, header included
BYTES_PER_SHEET = 2_000_000_000  # from 2 GiB on a part needs zip64, about which Excel complains

logger = logging.getLogger(__name__)


def stream_xlsx(
    fields: Sequence[Field], rows: Iterable[tuple], *, sheet: str, rows_per_sheet: int = ROWS_PER_SHEET
) -> Iterator[bytes]:
    """The file in chunks of about 64 KB. Headers and labels are in the language active at this call.

    Rows beyond `rows_per_sheet` go on further sheets, each with the header. Where reading breaks
    off, the last row says so, and the file can still be opened.
    """
    fields, rows = marked_as_invented(fields, rows)
    table = Table(fields, cut_mark=_("… (cut: a cell holds no more)"))
    return _chunks(_Workbook(table, sheet, rows_per_sheet), rows, broken_off())


def _chunks(book: "_Workbook", rows: Iterable[tuple], note: str) -> Iterator[bytes]:
    count = 0
    with closed_after(rows):
        book.open()
        try:
            for row in rows:
                book.add(row)
                count += 1
                if book.output.size >= CHUNK:
                    yield book.output.take()
        except Exception:
            logger.exception("XLSX export broke off after %d rows", count)
            book.add_note(note % {"count": count})
        finally:
            book.close()
        yield book.output.take()


class _Output:
    """Where the zip file goes, with neither tell nor seek; what was written waits here to be taken."""

    def __init__(self):
        self._pieces = []
        self.size = 0

    def write(self, data: bytes) -> int:
        self._pieces.append(bytes(data))
        self.size += len(data)
        return len(data)

    def flush(self):
        pass

    def take(self) -> bytes:
        """Everything written since the last call."""
        data = b"".join(self._pieces)
        self._pieces, self.size = [], 0
        return data


class _Workbook:
    """The zip file of the workbook. The list of sheets comes last, when their number is known."""

    def __init__(self, table: Table, name: str, rows_per_sheet: int):
        self.output = _Output()
        self._table = table
        self._name = name
        self._rows_per_sheet = rows_per_sheet
        self._sheets = 0

    def open(self):
        """Begin the file and its first sheet."""
        self._zip = ZipFile(self.output, "w", ZIP_DEFLATED, compresslevel=1)
        for path, xml in OPENING_PARTS.items():
            self._write_part(path, xml)
        self._open_sheet()

    def add(self, values: tuple):
        """Write one row, on a further sheet where this one is full."""
        self._next_row()
        self._put(self._table.row(self._row, values))
        self._last_data_row = self._row

    def add_note(self, text: str):
        """Write a row that is a sentence about the file, not one of its records."""
        self._next_row()
        self._put(self._table.note(self._row, text))

    def close(self):
        """End the file; a file whose reader has left is ended too, so that nothing stays open."""
        self._close_sheet()
        names = [sheet_name(self._name, number) for number in range(1, self._sheets + 1)]
        for path, xml in closing_parts(names).items():
            self._write_part(path, xml)
        self._zip.close()

    def _next_row(self):
        if self._row >= self._rows_per_sheet or self._bytes >= BYTES_PER_SHEET:
            self._close_sheet()
            self._open_sheet()
        self._row += 1

    def _open_sheet(self):
        self._sheets += 1
        self._part = self._zip.open(f"xl/worksheets/sheet{self._sheets}.xml", "w")
        self._pending, self._length, self._bytes = [self._table.head], 0, 0
        self._row = self._last_data_row = 1

    def _put(self, xml: str):
        self._pending.append(xml)
        self._length += len(xml)
        if self._length >= CHUNK:
            self._compress()

    def _compress(self):
        self._bytes += self._part.write("".join(self._pending).encode())
        self._pending, self._length = [], 0

    def _close_sheet(self):
        self._put(self._table.foot(self._last_data_row))
        self._compress()
        self._part.close()

    def _write_part(self, path: str, xml: str):
        with self._zip.open(path, "w") as part:
            part.write(xml.encode())
