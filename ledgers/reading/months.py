"""Days that a workbook shows as a month or a year only: what people typed as 2025年5月 Excel keeps as its first day.

Runs in the process that reads a file; imports nothing of Django.
"""

import re
from datetime import date, timedelta
from xml.etree import ElementTree

DAY_ZERO = date(1899, 12, 30)
FROM_1904 = 1462  # days, in workbooks of old Macs
FIRST_SERIAL, LAST_SERIAL = 17_899, 73_415  # 1949 to 2100; what lies outside is no date of a ledger
MONTH, YEAR = "month", "year"
BUILT_IN = dict.fromkeys((17, 27, 36, 50, 52, 57), MONTH)  # ECMA-376 18.8.30, as in Chinese Excel

_NOT_SIGNS = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')


def shown_as(code: str) -> str:
    """How much of a day a number format shows: `month` for yyyy"年"m"月", `year` for yyyy; else empty."""
    signs = set(_NOT_SIGNS.sub("", code).partition(";")[0].casefold())
    if signs & set("dhs0#?@") or "general" in code.casefold() or not signs & {"y", "e"}:
        return ""
    return MONTH if "m" in signs else YEAR


def text_of(serial: float, how: str, *, from_1904: bool = False) -> str:
    """The month or the year that such a day stands for; empty for a day that is not its first one."""
    serial += FROM_1904 if from_1904 else 0
    if not FIRST_SERIAL <= serial <= LAST_SERIAL or serial != int(serial):
        return ""
    day = DAY_ZERO + timedelta(days=int(serial))
    if day.day != 1 or (how == YEAR and day.month != 1):
        return ""
    return f"{day.year}年{day.month}月" if how == MONTH else f"{day.year}年"


def formats(styles: bytes) -> dict[int, str]:
    """Of xl/styles.xml: the cell formats, by their number, that show a month or a year only."""
    if b"<!" in styles.replace(b"\0", b"").replace(b"<!--", b""):
        return {}  # entities: refused elsewhere
    try:
        root = ElementTree.fromstring(styles)  # noqa: S314  without entities, in a process with limits
    except (ElementTree.ParseError, ValueError, LookupError):
        return {}
    own = {node.get("numFmtId"): shown_as(node.get("formatCode", "")) for node in root.iterfind(".//{*}numFmt")}
    known = {str(number): how for number, how in BUILT_IN.items()} | own
    ids = (node.get("numFmtId") for node in root.iterfind("./{*}cellXfs/{*}xf"))
    return {index: known[number] for index, number in enumerate(ids) if known.get(number)}


class Months:
    """What makes the cells of a sheet's markup that show a month only into texts that say so."""

    def __init__(self, styles: bytes, workbook: bytes):
        self._formats = {str(index).encode(): how for index, how in formats(styles).items()}
        self._from_1904 = re.search(rb"""date1904=["'](1|true|on)["']""", workbook) is not None
        numbers = b"|".join(self._formats) or b"none"
        others = rb"""(?:\s+(?:t=["']n["']|(?!s=|t=)[\w:]+=["'][^"'<>]*["']))*"""
        self._cell = re.compile(
            rb"""<(?P<p>(?:\w+:)?)c(?P<before>%b)\s+s=["'](?P<style>%b)["'](?P<after>%b)\s*>"""
            rb"""(?:<(?P=p)f(?:\s[^<>]*)?(?:/>|>[^<]*</(?P=p)f>))?"""
            rb"""<(?P=p)v>(?P<serial>\d{5}(?:\.0*)?)</(?P=p)v></(?P=p)c>""" % (others, numbers, others)
        )

    def mend(self, markup: bytes) -> bytes:
        """The markup of a sheet, or a part of it in which cells are whole."""
        return self._cell.sub(self._as_text, markup) if self._formats else markup

    def _as_text(self, found: re.Match) -> bytes:
        text = text_of(float(found["serial"]), self._formats[found["style"]], from_1904=self._from_1904)
        if not text:
            return found[0]
        p, others = found["p"], re.sub(rb"""\st=["']n["']""", b"", found["before"] + found["after"])
        return b'<%bc%b t="str"><%bv>%b</%bv></%bc>' % (p, others, p, text.encode(), p, p)
