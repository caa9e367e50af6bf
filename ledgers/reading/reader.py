"""The process that reads one file: `python -m ledgers.reading.reader IN OUT`. Knows no Django, may die at any time.

OUT gets one line of JSON for each row: `[number, [cells]]`. What was read is told on standard
output, in one line of JSON: `{"sheets": [[name, first byte, rows], …]}`, or `{"unfit": code,
"params": {…}}`.
"""

import datetime
import json
import math
import re
import shutil
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

try:
    import resource
except ImportError:  # Windows: the limits on time and size still hold
    resource = None

from ledgers.reading import containers, delimited, old_excel
from ledgers.reading.unfit import Unfit

MAX_MEMORY = 1 << 30
MAX_CPU_SECONDS = 60
MAX_ROWS = 100_000  # of all sheets together
MAX_COLUMNS = 200
MAX_SHEETS = 200
MAX_CELL = 1_000_000  # characters; Excel holds 32,767, but a CSV file of ours any text
MAX_OUT = 500_000_000  # bytes of JSON
EXACT = 10**15  # a whole number below it has all the digits that were typed

# Of the control characters a cell may hold a tab and a line end; surrogates cannot be stored at all.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

Rows = Iterator[tuple[int, list]]


def main(source: str, target: str) -> None:
    """Read one file and tell on standard output what became of it."""
    _limit()
    try:
        with open(target, "wb") as out:
            report = {"sheets": read(source, out)}
    except Unfit as unfit:
        report = {"unfit": unfit.code, "params": unfit.params}
    except MemoryError:
        report = {"unfit": "memory", "params": {}}
    except BaseException:  # also the panics of Rust, which are no Exceptions
        traceback.print_exc()
        report = {"unfit": "damaged", "params": {}}
    print(json.dumps(report))


def _limit() -> None:
    if resource is None:
        return
    limits = {"RLIMIT_AS": MAX_MEMORY, "RLIMIT_CPU": MAX_CPU_SECONDS, "RLIMIT_FSIZE": 2 * MAX_OUT, "RLIMIT_CORE": 0}
    for name, most in limits.items():
        _soft, hard = resource.getrlimit(getattr(resource, name))
        if hard != resource.RLIM_INFINITY:
            most = min(most, hard)
        try:
            resource.setrlimit(getattr(resource, name), (most, hard))
        except (ValueError, OSError):  # macOS refuses a limit on the address space
            continue


def read(source: str, out: BinaryIO) -> list[list]:
    """Write the rows of the file's visible sheets; of each sheet its name, where it starts, how many rows."""
    kind = containers.kind_of(source)
    is_text = kind == "text"
    found = [("", delimited.rows(source))] if is_text else _sheets(_named_by_content(source, kind, out.name))
    writer = _Writer(out)
    for name, rows in found:
        writer.add(name, rows)
    if not writer.sheets:
        raise Unfit("nothing")
    return writer.sheets


def _named_by_content(source: str, kind: str, name: str) -> str:
    """A copy that is fit to be read, with the ending that tells the reader what it is. Raises Unfit."""
    if kind == "ole":
        data = Path(source).read_bytes()
        containers.check_ole(data)
        if old_excel.is_encrypted(data):
            raise Unfit("password")
        return shutil.copyfile(source, f"{name}.xls")
    suffix = containers.repack(source, f"{name}.zip")
    Path(f"{name}.zip").rename(f"{name}{suffix}")
    return f"{name}{suffix}"


class _Writer:
    """What was written to OUT so far, within the limits."""

    def __init__(self, out: BinaryIO):
        self.sheets = []
        self._out = out
        self._rows = 0

    def add(self, name: str, rows: Rows) -> None:
        """Write the rows that hold anything; a sheet without any is left out."""
        start, count = self._out.tell(), 0
        for number, raw in rows:
            cells = _cells(raw, sheet=name, row=number)
            if not cells:
                continue
            count += 1
            self._rows += 1
            if self._rows > MAX_ROWS:
                raise Unfit("rows", most=MAX_ROWS)
            line = json.dumps([number, cells], ensure_ascii=False, separators=(",", ":"))
            self._out.write(line.encode() + b"\n")
            if self._out.tell() > MAX_OUT:
                raise Unfit("memory")
        if count:
            if len(self.sheets) >= MAX_SHEETS:
                raise Unfit("sheets", most=MAX_SHEETS)
            self.sheets.append([(_text(name) or "")[:100], start, count])


def _cells(raw: list, *, sheet: str, row: int) -> list:
    cells = [_cell(value) for value in raw]
    while cells and cells[-1] is None:
        cells.pop()
    if len(cells) > MAX_COLUMNS:
        raise Unfit("columns", sheet=sheet, row=row, columns=len(cells), most=MAX_COLUMNS)
    for column, cell in enumerate(cells, 1):
        if isinstance(cell, str) and len(cell) > MAX_CELL:
            raise Unfit("cell", sheet=sheet, row=row, column=column, length=len(cell), most=MAX_CELL)
    return cells


def _cell(value):
    """A value as JSON holds it; None for nothing and for blanks only."""
    if isinstance(value, str):
        return None if _is_empty(value) else _text(value)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            return "#NUM!"
        return int(value) if value.is_integer() and abs(value) < EXACT else value
    if isinstance(value, int):
        return value if abs(value) < EXACT else float(value)
    return _moment(value)


def _text(text: str) -> str | None:
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub("", text) or None


def _moment(value) -> dict | str:
    if isinstance(value, datetime.datetime):
        if value.microsecond and value.year < 9999:  # a fraction of a day is never exact
            value = (value + datetime.timedelta(milliseconds=500)).replace(microsecond=0)
        midnight = value.time() == datetime.time()
        return {"date": (value.date() if midnight else value.replace(tzinfo=None)).isoformat()}
    if isinstance(value, datetime.date):
        return {"date": value.isoformat()}
    return str(value)  # a time of day, a duration


def _sheets(path: str) -> Iterator[tuple[str, Rows]]:
    """The visible sheets of a workbook, one at a time, so that only one is in memory."""
    from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_path(path)
    except PasswordError as error:
        raise Unfit("password") from error
    if not book.sheets_metadata:
        raise Unfit("damaged")
    texts = old_excel.texts(Path(path).read_bytes()) if path.endswith(".xls") else []
    for index, about in enumerate(book.sheets_metadata):
        if about.visible == SheetVisibleEnum.Visible and about.typ == SheetTypeEnum.WorkSheet:
            known = texts[index] if index < len(texts) else {}
            yield about.name, _sheet_rows(book.get_sheet_by_index(index), about.name, known)


def _sheet_rows(sheet, name: str, texts: old_excel.Texts) -> Rows:
    """The rows of a sheet from its column A on, each cell of a merged range with the value of its first one."""
    if sheet.start is None:
        return
    left, right = sheet.start[1], sheet.end[1]
    merged = _Merged(sheet.merged_cell_ranges or [], right)
    by_row = {}
    for (row, column), text in texts.items():
        by_row.setdefault(row, []).append((column - left, text))
    for index, values in enumerate(sheet.iter_rows()):
        if values.count("") == len(values) and not merged.starts_at(index) and index not in by_row:
            continue  # a million empty rows above one that was filled by mistake
        for place, text in by_row.get(index, ()):
            if 0 <= place < len(values):
                values[place] = text
        row = [] if all(_is_empty(value) for value in values) else [None] * left + values
        if row and right >= MAX_COLUMNS:
            _cells(row, sheet=name, row=index + 1)  # too wide to be filled
        yield index + 1, merged.fill(index, row[: MAX_COLUMNS + 1])


class _Merged:
    """The merged ranges of a sheet, while its rows go by. Where ranges overlap, the later one counts.

    Only rows and columns that hold something are filled: a range over a million cells costs no more
    than the table that it covers.
    """

    def __init__(self, ranges: list, right: int):
        self._right = min(right, MAX_COLUMNS - 1)
        self._starting = {}
        for (row, column), (last_row, last_column) in ranges:
            top, bottom = sorted((row, last_row))
            self._starting.setdefault(top, []).append((bottom, *sorted((column, last_column))))
        self._active = {}

    def starts_at(self, index: int) -> bool:
        """Whether a range starts in a row."""
        return index in self._starting

    def fill(self, index: int, row: list) -> list:
        """The row with what the ranges put in its empty cells; a row that is wholly empty stays so."""
        for column in [column for column, (bottom, _value) in self._active.items() if bottom < index]:
            del self._active[column]
        for bottom, first, last in self._starting.pop(index, ()):
            value = row[first] if first < len(row) else None
            for column in range(first, min(last, self._right) + 1):
                self._active[column] = (bottom, value)
        if row:
            for column, (_bottom, value) in self._active.items():
                if column < len(row) and _is_empty(row[column]):
                    row[column] = value
        return row


def _is_empty(value) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


if __name__ == "__main__":
    main(*sys.argv[1:3])
