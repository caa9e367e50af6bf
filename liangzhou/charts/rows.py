"""Drawing what lies in rows: targets with the pace of the year, and horizontal bars."""

from django.utils.translation import gettext as _

from liangzhou.charts.kinds import UNKNOWN, BarChart, Target, TargetChart, number
from liangzhou.charts.shapes import LINE, TEXT, Drawing, shortened, width_of

EDGE = 8
BAR = 14  # how thick
GAP = 10  # between two rows


def draw_targets(chart: TargetChart, width: int) -> Drawing:
    """The picture of a target chart, so many units wide."""
    drawing = Drawing(width)
    if chart.is_empty:
        drawing.height = 2.0 * LINE
        drawing.words(_("No target is set."), EDGE, LINE + TEXT / 2, look="quiet")
        return drawing
    completions = [row.completion for row in chart.rows if row.completion is not None]
    whole = max(100, chart.pace, *completions) if completions else 100
    key = _("pace of the year %(pace)s%%") % {"pace": number(chart.pace)}
    drawing.rule("pace", EDGE + 5, 2, EDGE + 5, LINE - 1)
    drawing.words(key, EDGE + 16, 12, look="strong")
    y = LINE + GAP / 2
    for row in chart.rows:
        y = _target(drawing, chart, row, (width - 2 * EDGE) / float(whole), y)
    drawing.height = y
    return drawing


def _target(drawing: Drawing, chart: TargetChart, row: Target, unit: float, y: float) -> float:
    """One target: its words, its bar; `unit` is as long as one per cent. Returns where it ends."""
    right = drawing.width - EDGE
    said = UNKNOWN if row.completion is None else f"{number(row.completion)}%"
    drawing.words(shortened(row.label, right - EDGE - width_of(said) - 12), EDGE, y + 12, look="strong")
    drawing.words(said, right, y + 12, look="strong", anchor="end")
    y += LINE + 2
    if row.completion is not None:
        drawing.rectangle("track", EDGE, y, 100 * unit, BAR)
        drawing.rectangle("now", EDGE, y + 2, float(row.completion) * unit, BAR - 4)
        pace = EDGE + float(chart.pace) * unit
        drawing.rule("pace", pace, y - 3, pace, y + BAR + 3)
        y += BAR + 3
    drawing.words(_amounts(chart, row), EDGE, y + 12, look="quiet")
    drawing.words(row.against(chart.pace), right, y + 12, look="quiet", anchor="end")
    return y + LINE + GAP


def _amounts(chart: TargetChart, row: Target) -> str:
    words = {"done": number(row.done), "target": number(row.target), "unit": chart.unit}
    return (_("%(done)s of %(target)s %(unit)s") if row.target else _("%(done)s %(unit)s, no annual target")) % words


def draw_bars(chart: BarChart, width: int) -> Drawing:
    """The picture of a bar chart, so many units wide; on a page the bars are printed as a list instead."""
    drawing = Drawing(width)
    y, right = 0.0, width - EDGE
    for row in chart.rows:
        room = right - EDGE - width_of(row.shown) - 12
        drawing.words(shortened(row.label, room), EDGE, y + 12)
        drawing.words(row.shown, right, y + 12, look="strong", anchor="end")
        drawing.rule("base", EDGE, y + LINE + 1, EDGE, y + LINE + BAR - 1)
        drawing.rectangle("now", EDGE, y + LINE + 2, float(row.percent) / 100 * (right - EDGE), BAR - 4)
        y += LINE + BAR + GAP / 2
    if not chart.rows:
        y = 2.0 * LINE
        drawing.words(_("No figures yet."), EDGE, LINE + TEXT / 2, look="quiet")
    drawing.height = y
    return drawing
