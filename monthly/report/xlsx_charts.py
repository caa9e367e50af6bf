"""Charts of the workbook: a spreadsheet draws them itself, from a small table of what they show."""

from decimal import Decimal

from liangzhou.charts import BarChart, ColumnChart, TargetChart

from .structure import Chart, Column, Kind, Table

JADE, OCHRE, SLATE, GRID = "#0F6B57", "#C08A3E", "#5B6764", "#D9DEDB"
WIDTH, LINE, MORE = 640, 20, 60  # pixels: of a chart; of a row of the sheet; what heading and legend take
ROWS = 15  # of the sheet, that a chart of columns is high
Drawn = ColumnChart | TargetChart | BarChart


def table_of(chart: Chart) -> Table:
    """The numbers of a chart in the unit of its title: what it is of, then a column for each series."""
    drawn = chart.drawn
    if isinstance(drawn, ColumnChart):
        all_series = [*drawn.columns, *([drawn.line] if drawn.line else [])]
        heads = (drawn.label_header, *(one.name for one in all_series))
        rows = zip(drawn.labels, *(one.values for one in all_series), strict=True)
    elif isinstance(drawn, TargetChart):
        heads, rows = ("名称", "累计", "年度任务"), ((row.label, row.done, row.target) for row in drawn.rows)
    else:
        heads, rows = drawn.table_headers, ((row.label, Decimal(row.shown)) for row in drawn.rows)
    columns = (Column(heads[0], width=2), *(Column(head, Kind.AMOUNT) for head in heads[1:]))
    return Table(chart.title, columns, tuple(tuple(row) for row in rows))


def height(chart: Chart) -> int:
    """How many rows of the sheet the picture takes."""
    drawn = chart.drawn
    if isinstance(drawn, ColumnChart):
        return ROWS
    series = 2 if isinstance(drawn, TargetChart) else 1
    return -(-(MORE + len(drawn.rows) * (10 + 14 * series)) // LINE) + 2


def draw(book, sheet, chart: Chart, *, head: int, row: int) -> None:
    """Put the picture at a row of the sheet; the headings of its table are in the row `head`, its numbers below."""
    table = table_of(chart)
    last, name = head + len(table.rows), sheet.get_name()
    lines = 1 if isinstance(chart.drawn, ColumnChart) and chart.drawn.line else 0
    main = book.add_chart({"type": "column" if isinstance(chart.drawn, ColumnChart) else "bar"})
    for index in range(1, len(table.columns) - lines):
        main.add_series(_series(name, head, last, index))
    if lines:
        line = book.add_chart({"type": "line"})
        line.add_series(_series(name, head, last, len(table.columns) - 1) | {"line": {"color": OCHRE, "width": 2.25}})
        main.combine(line)
    if isinstance(chart.drawn, ColumnChart):
        main.set_y_axis({"major_gridlines": {"visible": True, "line": {"color": GRID}}})
    else:
        main.set_y_axis({"reverse": True})  # the first on top
    main.set_x_axis({"major_gridlines": {"visible": False}})
    main.set_title({"name": chart.title, "name_font": {"size": 12}, "overlay": False})
    main.set_legend({"position": "bottom"} if len(table.columns) > 2 else {"none": True})
    main.set_size({"width": WIDTH, "height": (height(chart) - 1) * LINE})
    sheet.insert_chart(row, 0, main, {"description": chart.title, "object_position": 1})


def _series(sheet: str, head: int, last: int, column: int) -> dict:
    """One column of a table as a series; its colour by its place."""
    return {
        "name": [sheet, head, column],
        "categories": [sheet, head + 1, 0, last, 0],
        "values": [sheet, head + 1, column, last, column],
        "fill": {"color": (JADE, SLATE)[(column - 1) % 2]},
        "gap": 60,
    }
