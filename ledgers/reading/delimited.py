"""CSV and other texts with one record a line: which encoding, which delimiter, which rows.

Runs in the process that reads a file; imports nothing of Django.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

from ledgers.reading.unfit import Unfit

DELIMITERS = (",", "\t", ";", "|")
LOOKED_AT = 60  # records, from which the delimiter is seen
NARROWEST = 4  # columns of a table whose rows can be told from prose
SAMPLE = 1_000_000  # characters or bytes, from which all else is seen
_END = "\ue000 end of file \ue000"  # a record of our own: a quote that is never closed swallows it
_NO_TEXT = re.compile(rb"[\x01-\x08\x0e-\x19\x1c-\x1f\x7f]")  # bytes that no text has in any encoding but UTF-16
_SEPARATOR = re.compile(r'"?sep=(.)"?\r?\n', re.IGNORECASE)
_MOJIBAKE = re.compile(r"[\ue000-\uf8ff]")  # characters of nobody: what GB18030 makes of other encodings


def rows(path: str) -> Iterator[tuple[int, list[str]]]:
    """The records of a text file, numbered from 1 as spreadsheets count them. Raises Unfit."""
    csv.field_size_limit(2**31 - 1)  # the length of a cell is looked at afterwards, where it can be named
    text = decoded(Path(path).read_bytes())
    offset = 0
    if told := _SEPARATOR.match(text):  # Excel's own first line says which delimiter follows
        delimiter, offset = told[1], 1
        text = text[told.end() :]
    else:
        delimiter = delimiter_of(text[:SAMPLE])
    number, widest = offset, 0
    for number, record in enumerate(_records(text, delimiter), 1 + offset):
        if record == [_END]:
            return
        if (record and record[-1].endswith(_END)) or _has_swallowed(record, delimiter, widest):
            raise Unfit("quote", row=number)
        widest = max(widest, len(record))
        yield number, record
    raise Unfit("quote", row=number)


def _has_swallowed(record: list[str], delimiter: str, width: int) -> bool:
    """Whether a quote that was closed too late has made several rows of the table into one cell."""
    if width < NARROWEST:
        return False
    lines = (line for cell in record if "\n" in cell for line in cell.split("\n"))
    return sum(1 for line in lines if line.count(delimiter) >= width - 1) >= 2


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(chain(io.StringIO(text, newline=""), ["\r\n", _END]), delimiter=delimiter)


def decoded(data: bytes) -> str:
    """The text of a file: UTF-8 or UTF-16 by their marks, else UTF-8, else GB18030; nothing is guessed further."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = _strictly(data, "utf-16")
    elif len(_NO_TEXT.findall(data[:SAMPLE])) > len(data[:SAMPLE]) // 100:
        raise Unfit("not_spreadsheet")
    elif data.startswith(b"\xef\xbb\xbf") or _is_broken_utf_8(data):
        text = _strictly(data, "utf-8-sig")
    else:
        text = _strictly(data, "utf-8", "gb18030")
    if "\0" in text:
        raise Unfit("nul")
    if not text.strip():
        raise Unfit("nothing")
    sample = text[:SAMPLE]
    if len(_MOJIBAKE.findall(sample)) > len(sample) // 100:
        raise Unfit("encoding")
    return text


def _is_broken_utf_8(data: bytes) -> bool:
    """Whether most of a text is UTF-8 but not all: cut off, say; GB18030 would make other characters of it."""
    ascii_signs = bytes(range(128))
    signs = len(data.translate(None, ascii_signs))
    sound = len(data.decode("utf-8", "ignore").encode().translate(None, ascii_signs))
    return signs > 0 and 0.8 * signs < sound < signs


def _strictly(data: bytes, *encodings: str) -> str:
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unfit("encoding")


def delimiter_of(text: str) -> str:
    """The character that divides most of the first records into the same number of cells; else a comma."""

    def told_apart(delimiter):
        widths = Counter(len(record) for record in islice(_records(text, delimiter), LOOKED_AT) if len(record) > 1)
        return max(((width - 1) * count for width, count in widths.items()), default=0)

    best = max(DELIMITERS, key=told_apart)
    return best if told_apart(best) else ","
