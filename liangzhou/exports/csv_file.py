"""Rows as CSV for spreadsheets: UTF-8 with BOM, CRLF, nothing that is run as a formula."""

import csv
import io
import logging
import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from liangzhou.exports.fields import Field, Kind, broken_off, clean, local, number_text, worded
from liangzhou.exports.invented import marked_as_invented
from liangzhou.exports.reading import closed_after

CHUNK = 64 * 1024

# Spreadsheets run a cell that begins with one of these, half or full width; some skip spaces before it.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
# Codes that a spreadsheet would read as numbers and so damage: 12 digits and more are shown as
# 1.23E+11 and lose what follows the 15th, leading zeros are dropped, 91620602E7 is a power of ten.
_TAKEN_FOR_NUMBER = re.compile(r"\d{12,}|0\d+|\d+E\d+", re.ASCII | re.IGNORECASE)

logger = logging.getLogger(__name__)


def stream_csv(fields: Sequence[Field], rows: Iterable[tuple]) -> Iterator[bytes]:
    """The file in chunks of about 64 KB. Headers and labels are in the language active at this call.

    A text that a spreadsheet would run gets an apostrophe before it; a code that it would take for
    a number gets a tab. Where reading breaks off, the last row says so.
    """
    fields, rows = marked_as_invented(fields, rows)
    header = [harmless(field.header) for field in fields]
    return _chunks(header, [_formatter(field) for field in fields], rows, broken_off())


def _chunks(header: list[str], formatters: list[Callable], rows: Iterable[tuple], note: str) -> Iterator[bytes]:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    buffer.write("\ufeff")
    writer.writerow(header)
    count = 0
    with closed_after(rows):
        try:
            for row in rows:
                writer.writerow([form(value) for form, value in zip(formatters, row, strict=True)])
                count += 1
                if buffer.tell() >= CHUNK:
                    yield _taken(buffer)
        except Exception:
            logger.exception("CSV export broke off after %d rows", count)
            writer.writerow([note % {"count": count}])
        yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    """What the buffer holds, and the buffer empty again."""
    data = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return data


def _formatter(field: Field) -> Callable[[object], str]:
    """The function that makes a field's values into text."""
    if field.labels:
        words = {value: harmless(label) for value, label in worded(field).items()}
        return lambda value: words[value] if value in words else harmless(value)
    return {Kind.NUMBER: number_text, Kind.CODE: _code, Kind.DATE: _date, Kind.MOMENT: _moment}.get(
        field.kind, harmless
    )


def harmless(value: object) -> str:
    """Text that no spreadsheet runs as a formula."""
    text = clean(value)
    return f"'{text}" if _FORMULA.match(text) else text


def _code(value: object) -> str:
    text = harmless(value)
    return f"\t{text}" if _TAKEN_FOR_NUMBER.fullmatch(text) else text


def _date(value) -> str:
    return "" if value is None else value.isoformat()


def _moment(value) -> str:
    return "" if value is None else local(value).isoformat(" ")
