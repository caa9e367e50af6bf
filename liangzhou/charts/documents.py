"""Charts as SVG: within a page, where the stylesheet gives the colours, and as documents of their own."""

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from liangzhou.charts.kinds import BarChart, ColumnChart, TargetChart
from liangzhou.charts.over_time import draw_columns
from liangzhou.charts.rows import draw_bars, draw_targets

WIDTH = 360  # units: a phone; wider screens enlarge it
FONTS = "Noto Sans CJK SC, Noto Sans SC, PingFang SC, Microsoft YaHei, WenQuanYi Micro Hei, sans-serif"

Chart = ColumnChart | TargetChart | BarChart
DRAWN_BY = {ColumnChart: draw_columns, TargetChart: draw_targets, BarChart: draw_bars}


def for_page(chart: Chart, width: int = WIDTH) -> SafeString:
    """The picture as an element of a page, which sets its size and its type."""
    drawing = DRAWN_BY[type(chart)](chart, width)
    return drawing.document(chart.title, _described(chart), **{"class": "drawn"})


def svg(chart: Chart, *, width: int = WIDTH, font: str = FONTS) -> str:
    """The picture as a document of its own, with its size in pixels, its colours and its type in it.

    At 360 units the words (11 units) are about as large as those around where it is shown 12 cm wide.
    """
    drawing = DRAWN_BY[type(chart)](chart, width)
    own = {"xmlns": "http://www.w3.org/2000/svg", "width": width, "height": round(drawing.height), "font-family": font}
    return str(drawing.document(chart.title, _described(chart), **own))


def _described(chart: Chart) -> str:
    """What a screen reader says of the picture beside its title."""
    if isinstance(chart, ColumnChart):
        names = [one.name for one in (*chart.columns, *([chart.line] if chart.line else []))]
        shown = {"names": ", ".join(names), "unit": chart.unit, "first": chart.labels[0] if chart.labels else "—"}
        shown["last"] = chart.labels[-1] if chart.labels else "—"
        return _("%(names)s, in %(unit)s, %(first)s to %(last)s. The table has the numbers.") % shown
    return _("One bar for each row of the table, which has the numbers.")
