"""Drawing columns over time, one or two for each label, and over them a line with a scale of its own."""

from decimal import Decimal

from django.utils.translation import gettext as _

from liangzhou.charts.kinds import UNKNOWN, ColumnChart, Series, number
from liangzhou.charts.shapes import LINE, TEXT, Drawing, width_of

EDGE = 8  # left and right of the columns
LINE_HEIGHT, COLUMN_HEIGHT = 70, 100
WIDEST = 44
LOOKS = ("now", "before")


def draw_columns(chart: ColumnChart, width: int) -> Drawing:
    """The picture of a column chart, so many units wide."""
    drawing = Drawing(width)
    if chart.is_empty:
        drawing.height = 2.0 * LINE
        drawing.words(_("No figures yet."), EDGE, LINE + TEXT / 2, look="quiet")
        return drawing
    y = 0.0
    if chart.line:
        y = _LinePanel(chart, drawing).draw(y) + LINE / 2
    drawing.height = _ColumnPanel(chart, drawing).draw(y)
    return drawing


class _Panel:
    """A part of the picture: labels from left to right, values from a zero line up, or down where below zero."""

    height = 0
    room = 1.0  # of the width of a label's place, for one number

    def __init__(self, chart: ColumnChart, drawing: Drawing):
        self.chart, self.drawing = chart, drawing
        self.slot = (drawing.width - 2 * EDGE) / len(chart.labels)
        values = [value for one in self.shown() for value in one.values if value is not None]
        self.highest, self.lowest = max(*values, 0, 0), min(*values, 0, 0)
        self.places = self._places(values)

    def shown(self) -> list[Series]:
        """The series of this panel."""
        raise NotImplementedError

    def _places(self, values: list[Decimal]) -> int | None:
        """With how many decimals every number fits above its column; None where none does, or says too little."""
        largest = max((abs(value) for value in values), default=0)
        for places in (2, 1, 0):
            fits = all(width_of(number(value, places)) <= self.slot * self.room - 3 for value in values)
            if fits and (places == 2 or largest >= 10 ** (1 - places)):  # at least two digits of the largest
                return places
        return None

    def x(self, index: int) -> float:
        """The middle of a label's place."""
        return EDGE + self.slot * (index + 0.5)

    def scale(self, top: float) -> None:
        """Set where values lie, the highest of them at `top`."""
        self.top, self.unit = top, self.height / float(self.highest - self.lowest or 1)
        self.zero = self.y(0)

    def y(self, value: Decimal | int) -> float:
        """How far down a value lies."""
        return self.top + float(self.highest - value) * self.unit

    def base_line(self) -> None:
        """The line of zero."""
        self.drawing.rule("base", EDGE, self.zero, self.drawing.width - EDGE, self.zero)


class _LinePanel(_Panel):
    """The line, as high as its last value, with a number at each of its dots."""

    height = LINE_HEIGHT

    def shown(self):
        return [self.chart.line]

    def draw(self, y: float) -> float:
        """Draw from `y` down; returns where it ends."""
        middle = y + LINE / 2
        self.drawing.rule("line", EDGE, middle, EDGE + 16.0, middle)
        self.drawing.dot("dot", EDGE + 8.0, middle)
        heading = _("%(label)s (%(unit)s)") % {"label": self.chart.line.name, "unit": self.chart.unit}
        self.drawing.words(heading, EDGE + 22, y + 12, look="strong")
        self.scale(y + 2 * LINE)
        self.base_line()
        points = [(self.x(i), self.y(v), v) for i, v in enumerate(self.chart.line.values) if v is not None]
        self.drawing.path("line", [(x, y) for x, y, _value in points])
        for index, (x, y, value) in enumerate(points):
            self.drawing.dot("dot", x, y)
            if self.places is not None or index == len(points) - 1:
                shown = number(value, self.places or 0)
                half = width_of(shown) / 2
                middle = min(max(x + self._aside(points, index), half), self.drawing.width - half)
                self.drawing.words(shown, middle, y - 7, anchor="middle")
        return self.top + self.height + TEXT / 2

    def _aside(self, points: list[tuple], index: int) -> float:
        """How far from above its dot a number stands: where the line rises to the left of it, else to the right."""
        before, after = points[max(index - 1, 0)][2], points[min(index + 1, len(points) - 1)][2]
        step = min(self.slot * 0.12, TEXT)
        return -step if after > before else step if after < before else 0


class _ColumnPanel(_Panel):
    """The columns, their numbers at their ends, and the labels below."""

    height = COLUMN_HEIGHT

    def __init__(self, chart, drawing):
        self.room = 1.0 / len(chart.columns)
        super().__init__(chart, drawing)
        numbers = [number(value) for one in chart.columns for value in one.values if value is not None]
        longest = max((width_of(text) for text in numbers), default=0)
        self.text_room = TEXT + 4.0 if self.places is not None else longest + 6

    def shown(self):
        return list(self.chart.columns)

    def draw(self, y: float) -> float:
        """Draw from `y` down; returns where it ends."""
        self._key(y)
        self.scale(y + LINE + self.text_room)
        count = len(self.chart.columns)
        broad = min(self.slot * (0.62 if count == 1 else 0.42), WIDEST)
        for index in range(len(self.chart.labels)):
            for place, one in enumerate(reversed(self.chart.columns)):  # last year stands on the left
                look = LOOKS[count - 1 - place]
                self._column(look, self.x(index) + (place - count / 2) * broad, broad, one.values[index])
        self.base_line()
        bottom = self.top + self.height + (self.text_room if self.lowest < 0 else 0)
        for index, label in enumerate(self.chart.labels):
            self.drawing.words(label, self.x(index), bottom + TEXT + 3, look="quiet", anchor="middle")
        return bottom + LINE + 4

    def _key(self, y: float) -> None:
        """What the columns are, and their unit."""
        x = float(EDGE)
        for look, one in zip(LOOKS, self.chart.columns, strict=False):
            self.drawing.rectangle(look, x, y + 3, 10, 10)
            last = one is self.chart.columns[-1]
            named = _("%(label)s (%(unit)s)") % {"label": one.name, "unit": self.chart.unit} if last else one.name
            self.drawing.words(named, x + 16, y + 12, look="strong")
            x += 16 + width_of(named) + 16

    def _column(self, look: str, x: float, broad: float, value: Decimal | None) -> None:
        middle = x + broad / 2
        if value is None:
            self.drawing.words(UNKNOWN, middle, self.zero - 3, look="quiet", anchor="middle")
            return
        end = self.y(value)
        self.drawing.rectangle(look, x + 0.5, min(end, self.zero), broad - 1, abs(end - self.zero))
        below = value < 0
        if self.places is None:
            x, anchor = middle + TEXT * 0.36, "end" if below else "start"
            self.drawing.words(number(value), x, end + (4 if below else -4), anchor=anchor, upright=True)
        else:
            shown = number(value, self.places)
            self.drawing.words(shown, middle, end + (TEXT + 1 if below else -4), anchor="middle")
