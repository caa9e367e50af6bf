"""Charts of a report as pictures: SVG for the PDF, PNG for Word, and whether this machine can print Chinese."""

import base64
from functools import cache

from liangzhou import charts

from .structure import Chart

WIDTH = 480  # units of the drawing, printed 15 cm wide: its words are then about 10 points high
ZOOM = 3  # dots for each unit: about 240 to the inch
# A character that the first of these that is there lacks is taken from any other font; where none is there, nothing is
FONTS = (
    "Noto Sans CJK SC, Noto Sans SC, Source Han Sans SC, Microsoft YaHei, SimHei, PingFang SC, WenQuanYi Micro Hei, "
    "WenQuanYi Zen Hei, AR PL UMing CN, Droid Sans Fallback, DejaVu Sans, Liberation Sans, Arial, sans-serif"
)
GLYPH = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40">'
    '<text x="4" y="30" font-size="28" font-family="{fonts}">{character}</text></svg>'
)


def svg(chart: Chart) -> str:
    """The picture as an SVG document."""
    return charts.svg(chart.drawn, width=WIDTH, font=FONTS)


def address(chart: Chart) -> str:
    """The picture as a data: address, for a page without a server."""
    return "data:image/svg+xml;base64," + base64.b64encode(svg(chart).encode()).decode()


def png(chart: Chart) -> bytes | None:
    """The picture in dots; None where it cannot be drawn on this machine."""
    if not prints_chinese():
        return None
    return _drawn(svg(chart), zoom=ZOOM)


@cache
def prints_chinese() -> bool:
    """Whether a font of this machine has Chinese characters: without, all look alike, boxes or blanks."""
    first, second = (_drawn(GLYPH.format(fonts=FONTS, character=one)) for one in "凉州")
    return first is not None and first != second


def _drawn(document: str, **how) -> bytes | None:
    try:
        import resvg_py
    except ImportError:  # no wheel for this machine
        return None
    try:
        return bytes(resvg_py.svg_to_bytes(svg_string=document, background="white", **how))
    except ValueError:
        return None
