"""An export as an answer to a request."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from urllib.parse import quote

from django.db.models import QuerySet
from django.http import StreamingHttpResponse

from liangzhou import demo
from liangzhou.exports.csv_file import stream_csv
from liangzhou.exports.fields import Field
from liangzhou.exports.reading import rows
from liangzhou.exports.xlsx_file import stream_xlsx

FORMATS = {"csv": "CSV", "xlsx": "Excel"}
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FIRST_ROWS = 1000


def export_response(
    *,
    format: str,  # noqa: A002 - the word that addresses use
    name: str,
    fields: Sequence[Field],
    queryset: QuerySet | list[tuple],
    day: date,
    head: bool = False,
) -> StreamingHttpResponse:
    """The tuples of a `values_list` queryset, or of a list, as a download named after the list and the day.

    `head` answers a HEAD request: the same headers, and nothing is read. An error in reading the
    first rows is raised here, where it can still become an error page; later ones end the file
    with a row that says so. Raises KeyError for a format that is not in FORMATS.
    """
    content = iter(()) if head else _content(format, name, fields, _opened(queryset))
    headers = {
        "Content-Disposition": disposition(name, f"_{day:%Y-%m-%d}.{format}"),
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-cache",
    }
    return StreamingHttpResponse(content, content_type=CONTENT_TYPES[format], headers=headers)


def _content(file_format: str, name: str, fields: Sequence[Field], source: Iterator[tuple]) -> Iterator[bytes]:
    return stream_csv(fields, source) if file_format == "csv" else stream_xlsx(fields, source, sheet=name)


def _opened(queryset: QuerySet | list[tuple]) -> Iterator[tuple]:
    """All rows, the first of which could be read.

    A short list is read here, whole. A longer one is read again from its start while it is sent:
    a cursor opened here would stand in a transaction of its own while middleware still writes.
    """
    if isinstance(queryset, list):
        return iter(queryset)
    first = list(queryset[: FIRST_ROWS + 1])
    return iter(first) if len(first) <= FIRST_ROWS else rows(queryset)


def disposition(name: str, ending: str) -> str:
    """Content-Disposition of a download: the name as it is (RFC 5987), and one in ASCII for old programs."""
    if demo.is_demo():
        name = f"{demo.HEADING}_{name}"
    safe = re.sub(r'[\x00-\x1f\x7f-\x9f\ud800-\udfff"%*/:<>?\\|]', "-", name)
    plain = safe if safe.isascii() else "export"
    return f"attachment; filename=\"{plain}{ending}\"; filename*=UTF-8''{quote(safe + ending, safe='')}"
