"""What a picture is made of: rectangles, lines, dots and words, each with its colour and its class."""

import unicodedata

from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from liangzhou.exports.fields import clean

TEXT = 11  # size of the words, in units of the picture; a picture is about as wide as a phone
LINE = 16  # a line of words

INK, SLATE, EDGE, PAPER, TRACK = "#1f2a28", "#5b6764", "#80897f", "#ffffff", "#ebe6da"
JADE, OCHRE = "#0f6b57", "#8a5417"

# What is drawn: its colours where there is no stylesheet. The class of the same name serves the site's modes.
LOOKS = {
    "ground": {"fill": PAPER},
    "now": {"fill": JADE, "stroke": JADE, "stroke-width": 1},
    "before": {"fill": PAPER, "stroke": INK, "stroke-width": 1},
    "track": {"fill": PAPER, "stroke": EDGE, "stroke-width": 1},
    "base": {"stroke": EDGE, "stroke-width": 1},
    "line": {"fill": "none", "stroke": OCHRE, "stroke-width": 2},
    "dot": {"fill": PAPER, "stroke": OCHRE, "stroke-width": 2},
    "pace": {"stroke": OCHRE, "stroke-width": 2, "stroke-dasharray": "3 2"},
    "words": {"fill": INK},
    "quiet": {"fill": SLATE},
    "strong": {"fill": INK, "font-weight": 600},
}


def width_of(text: str, size: float = TEXT) -> float:
    """About how wide words are printed: a Chinese character is as wide as high, others a little over half."""
    wide = sum(1 if unicodedata.east_asian_width(one) in "WF" else 0.58 for one in text)
    return wide * size


def shortened(text: str, room: float, size: float = TEXT) -> str:
    """Words that fit into the room, with an ellipsis where they were cut."""
    text = clean(text)
    if width_of(text, size) <= room:
        return text
    while text and width_of(text + "…", size) > room:
        text = text[:-1]
    return text.rstrip() + "…"


class Drawing:
    """Shapes in the order in which they are drawn. Coordinates are units from the upper left corner."""

    def __init__(self, width: int):
        self.width, self.height = width, 0.0
        self.parts: list[SafeString] = []

    def rectangle(self, look: str, x: float, y: float, width: float, height: float) -> None:
        """A rectangle; one without an area is left out."""
        if width > 0 and height > 0:
            self._add("rect", look, x=x, y=y, width=width, height=height)

    def rule(self, look: str, x1: float, y1: float, x2: float, y2: float) -> None:
        """A straight line."""
        self._add("line", look, x1=x1, y1=y1, x2=x2, y2=y2)

    def path(self, look: str, points: list[tuple[float, float]]) -> None:
        """A line through points; none through fewer than two."""
        if len(points) > 1:
            self._add("polyline", look, points=" ".join(f"{x:.1f},{y:.1f}" for x, y in points))

    def dot(self, look: str, x: float, y: float) -> None:
        """A small circle."""
        self._add("circle", look, cx=x, cy=y, r=3)

    def words(self, text: str, x: float, y: float, *, look="words", anchor="start", upright=False) -> None:
        """Words on a base line; `upright` turns them so that they are read from below."""
        if not text:
            return
        turned = {"transform": f"rotate(-90 {x:.1f} {y:.1f})"} if upright else {}
        attributes = self._attributes(look, {"x": x, "y": y, "text-anchor": anchor, **turned})
        self.parts.append(format_html("<text{}>{}</text>", attributes, clean(text)))

    def document(self, title: str, description: str, **attributes) -> SafeString:
        """The whole picture as an SVG element; a screen reader hears title and description."""
        size = {"viewBox": f"0 0 {self.width} {self.height:.0f}", "role": "img", "font-size": TEXT, **attributes}
        ground = self._attributes("ground", {"x": 0, "y": 0, "width": self.width, "height": round(self.height)})
        return format_html(
            "<svg{}><title>{}</title><desc>{}</desc><rect{}/>{}</svg>",
            flatatt(size),
            clean(title),
            clean(description),
            ground,
            format_html_join("", "{}", ((part,) for part in self.parts)),
        )

    def _add(self, tag: str, look: str, **geometry) -> None:
        self.parts.append(format_html("<{}{}/>", tag, self._attributes(look, geometry)))

    def _attributes(self, look: str, geometry: dict) -> SafeString:
        rounded = {name: f"{value:.1f}" if isinstance(value, float) else value for name, value in geometry.items()}
        return flatatt({"class": f"drawn__{look}", **LOOKS[look], **rounded})
