"""Charts drawn by the server: plain data in, and a picture with its table out. No JavaScript.

How to make one (amounts in the unit that the chart names; None is not known, and no column is drawn):

    unit, (now, before, total) = charts.in_one_unit(amounts, last_amounts, cumulatives)   # from 万元
    chart = column_chart(title, labels, [Series(_("This year"), now)], line=Series(_("Year to date"), total),
                         unit=unit, label_header=_("Month"))
    chart = column_chart(title, labels, [Series("2025", now), Series("2024", before)], unit=unit, label_header=…)
    chart = target_chart(title, [Target(label, done, target), …], pace=series.pace(month), unit=unit)
    chart = bar_chart(title, [Bar(label, value, shown), …], table_headers=(…, …))

On a page: `{% include "components/_svg_chart.html" %}` for columns and targets (`chart`, and `heading` where it is
not h3), `{% include "components/_bar_chart.html" %}` for bars; both come with the table.
As a file: `svg(chart)`, or `svg(chart, width=480, font="Noto Sans CJK SC")`, is a whole SVG document of any of the
three, with its colours and fonts written out and without its title (the document around it prints that); its size
is in the first tag. Words come in the language that is active when the chart is made or drawn.
"""

from liangzhou.charts.documents import svg
from liangzhou.charts.kinds import (
    Bar,
    BarChart,
    ColumnChart,
    Series,
    Target,
    TargetChart,
    bar_chart,
    column_chart,
    in_one_unit,
    target_chart,
)

__all__ = [
    "Bar",
    "BarChart",
    "ColumnChart",
    "Series",
    "Target",
    "TargetChart",
    "bar_chart",
    "column_chart",
    "in_one_unit",
    "svg",
    "target_chart",
]
