"""What its reader does not tell of an .xls: errors such as #REF!, months that it takes for days, a password.

After MS-CFB and MS-XLS. Runs in the process that reads a file; imports nothing of Django. What is
broken is left out here: the reader proper says so.
"""

from collections.abc import Iterator
from itertools import islice
from struct import error as StructError
from struct import iter_unpack, unpack, unpack_from

from ledgers.reading.containers import ole_entry
from ledgers.reading.months import BUILT_IN, shown_as, text_of

ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
_BOF, _EOF, _SHEET, _PASSWORD, _FROM_1904, _FORMAT, _STYLE = 0x0809, 0x000A, 0x0085, 0x002F, 0x0022, 0x041E, 0x00E0
_FORMULA, _NUMBER, _SMALL_NUMBER, _SMALL_NUMBERS, _ERROR = 0x0006, 0x0203, 0x027E, 0x00BD, 0x0205
SHORT, SMALL = 4096, 64  # bytes: shorter streams are kept in smaller sectors
_LAST_SECTOR = 0xFFFFFFFA  # above it are marks, not numbers of sectors

Texts = dict[tuple[int, int], str]


def texts(data: bytes) -> list[Texts]:
    """Of each sheet, hidden ones included, what its error cells and months say, by row and column from 0."""
    try:
        stream = _stream(data)
        opening = list(_records(stream, 0))
        starts = [unpack_from("<I", record)[0] for kind, record in opening if kind == _SHEET]
        months = _months(opening)
        from_1904 = any(kind == _FROM_1904 and record[:1] == b"\1" for kind, record in opening)
        return [_texts_from(stream, start, months, from_1904) for start in starts]
    except (StructError, IndexError, ValueError):
        return []


def _months(opening: list[tuple[int, bytes]]) -> dict[int, str]:
    """The cell formats, by their number, that show a month or a year only."""
    known = dict(BUILT_IN)
    for kind, record in opening:
        if kind == _FORMAT:
            encoding = "utf-16-le" if record[4:5] == b"\1" else "latin-1"
            known[unpack_from("<H", record)[0]] = shown_as(record[5:].decode(encoding, "ignore"))
    ids = (unpack_from("<HH", record)[1] for kind, record in opening if kind == _STYLE)
    return {index: known[number] for index, number in enumerate(ids) if known.get(number)}


def _texts_from(stream: bytes, start: int, months: dict[int, str], from_1904: bool) -> Texts:
    found = {}
    for kind, record in _records(stream, start):
        for row, column, style, value in _cells(kind, record):
            if isinstance(value, str):
                found[row, column] = value
            elif style in months and (text := text_of(value, months[style], from_1904=from_1904)):
                found[row, column] = text
    return found


def _cells(kind: int, record: bytes) -> Iterator[tuple[int, int, int, float | str]]:
    """Row, column, format and value of the numbers and errors in a record; nothing for other records."""
    if kind == _NUMBER:
        yield unpack_from("<HHHd", record)
    elif kind == _SMALL_NUMBER:
        row, column, style, packed = unpack_from("<HHHI", record)
        yield row, column, style, _unpacked(packed)
    elif kind == _SMALL_NUMBERS:
        row, first = unpack_from("<HH", record)
        for place, (style, packed) in enumerate(iter_unpack("<HI", record[4 : 4 + (len(record) - 6) // 6 * 6])):
            yield row, first + place, style, _unpacked(packed)
    elif kind == _ERROR:
        row, column, style, code, is_error = unpack_from("<HHHBB", record)
        if is_error:
            yield row, column, style, ERRORS.get(code, "#N/A")
    elif kind == _FORMULA:
        row, column, style, what, code, mark = unpack_from("<HHHBxBxxxH", record)
        if mark != 0xFFFF:
            yield row, column, style, unpack_from("<d", record, 6)[0]
        elif what == 2:
            yield row, column, style, ERRORS.get(code, "#N/A")


def _unpacked(packed: int) -> float:
    """A number of 30 bits: whole or the upper half of a double, perhaps times 100."""
    value = (
        (packed ^ 0x80000000) - 0x80000000 >> 2
        if packed & 2
        else unpack("<d", b"\0" * 4 + (packed & ~3).to_bytes(4, "little"))[0]
    )
    return value / 100 if packed & 1 else value


def is_encrypted(data: bytes) -> bool:
    """Whether a FILEPASS record is among the first ones of the workbook."""
    try:
        return any(kind == _PASSWORD for kind, _record in islice(_records(_stream(data), 0), 10))
    except (StructError, IndexError, ValueError):
        return False


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records of a part of the stream, from its beginning to its end; charts inside it are passed through."""
    depth = 0
    while at + 4 <= len(stream):
        kind, length = unpack_from("<HH", stream, at)
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            return
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _stream(data: bytes) -> bytes:
    """The workbook's stream, put together from its sectors, or from the small ones that a short stream has."""
    size = 1 << min(unpack_from("<H", data, 30)[0], 12)
    most = len(data) // size  # no chain has more sectors than the file
    table = _numbers(b"".join(_sector(data, number, size) for number in islice(_tables(data, size), most)))
    start, length = unpack_from("<II", data, ole_entry(data, "Workbook", "Book") + 116)
    if length >= SHORT:
        return b"".join(_sector(data, number, size) for number in _chain(start, table, most))[:length]
    root = (unpack_from("<I", data, 48)[0] + 1) * size  # the directory begins with it
    within, short = (
        b"".join(_sector(data, number, size) for number in _chain(unpack_from("<I", data, at)[0], table, most))
        for at in (root + 116, 60)
    )
    return b"".join(within[n * SMALL : (n + 1) * SMALL] for n in _chain(start, _numbers(short), len(within) // SMALL))[
        :length
    ]


def _numbers(table: bytes) -> list[int]:
    return [number for (number,) in iter_unpack("<I", table)]


def _chain(sector: int, table: list[int], most: int) -> Iterator[int]:
    """The sectors that follow each other from this one on; a chain that runs in a circle ends too."""
    for _turn in range(most):
        if sector >= _LAST_SECTOR:
            return
        yield sector
        sector = table[sector]


def _tables(data: bytes, size: int) -> Iterator[int]:
    """The sectors that hold the table of sectors: 109 are named in the header, the others in a chain."""
    yield from (number for number in unpack_from("<109I", data, 76) if number < _LAST_SECTOR)
    (following,) = unpack_from("<I", data, 68)
    for _turn in range(len(data) // size):  # a chain that runs in a circle ends too
        if following >= _LAST_SECTOR:
            return
        *numbers, following = unpack_from(f"<{size // 4}I", _sector(data, following, size))
        yield from (number for number in numbers if number < _LAST_SECTOR)


def _sector(data: bytes, number: int, size: int) -> bytes:
    return data[(number + 1) * size : (number + 2) * size].ljust(size, b"\0")
