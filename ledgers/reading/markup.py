"""The markup of a zipped workbook as its parts are copied: refused with entities, mended where the reader loses cells.

It gives cells with an error of Excel's and formulas without a result as empty, and the first day
for a month. Runs in the process that reads a file; imports nothing of Django.
"""

import re
from collections.abc import Iterator

from ledgers.reading.months import Months
from ledgers.reading.unfit import Unfit

LONGEST_TAG = 1_000_000  # bytes that are kept back while a tag has not ended
UNCALCULATED = "#FORMULA!"  # a formula whose result was not kept; no error of Excel's own

_ERROR_CELL = re.compile(rb"""(<(?:\w+:)?c\s[^>]*?\bt=["'])e(["'])""")
_NOT_CALCULATED = re.compile(
    rb"""<(?P<p>(?:\w+:)?)c(?P<of>(?:\s+(?:r|s|cm|vm)=["']\w*["'])*)\s*>"""
    rb"""<(?P=p)f(?:\s[^>]*)?(?:/>|>[^<]*</(?P=p)f>)\s*(?:<(?P=p)v\s*/>|<(?P=p)v></(?P=p)v>)?</(?P=p)c>"""
)
_ODS_ERROR = re.compile(rb'office:string-value=""\s*(?=[^<>]*calcext:value-type="error")')  # else it hides the text
_MARKED = rb'<\g<p>c\g<of> t="str"><\g<p>v>' + UNCALCULATED.encode() + rb"</\g<p>v></\g<p>c>"


def mended(pieces: Iterator[bytes], name: str, months: Months) -> Iterator[bytes]:
    """The markup of a part, in pieces that end with a tag. Raises Unfit for entities and macros."""
    lower = name.lower()
    what = {
        "sheet": lower.startswith("xl/") and lower.endswith(".xml"),
        "types": lower == "[content_types].xml",
        "ods": lower == "content.xml",
    }
    end = b"c>" if what["sheet"] else b">"  # </c> or </x:c>: a cell stays whole
    rest = b""
    for piece in pieces:
        rest += piece
        cut = rest.rfind(end) + len(end)
        if cut < len(end):
            cut = max(0, len(rest) - LONGEST_TAG)
        yield _checked(rest[:cut], months, **what)
        rest = rest[cut:]
    yield _checked(rest, months, **what)


def _checked(markup: bytes, months: Months, *, sheet: bool, types: bool, ods: bool) -> bytes:
    plain = markup.replace(b"\0", b"") if b"\0" in markup else markup  # UTF-16
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise Unfit("entities")
    if types and b"macroenabled" in plain.lower():
        raise Unfit("macros")
    if ods and b'calcext:value-type="error"' in markup:
        return _ODS_ERROR.sub(b"", markup)
    return _with_cells_mended(markup, months) if sheet else markup


def _with_cells_mended(markup: bytes, months: Months) -> bytes:
    if b't="e"' in markup or b"t='e'" in markup:
        markup = _ERROR_CELL.sub(rb"\1str\2", markup)
    if b"f>" in markup or b"f/>" in markup:
        markup = _NOT_CALCULATED.sub(_MARKED, markup)
    return months.mend(markup)
