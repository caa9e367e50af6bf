from decimal import Decimal

from liangzhou.charts import Bar, BarChart, bar_chart

HEADERS = ("Chain", "Projects")


def test_bar_chart_measures_bars_by_the_longest():
    chart = bar_chart(
        "By chain",
        [Bar("奶产业", 2, "2 项", url="/chains/nai/"), Bar("新能源", 3, "3 项"), Bar("新材料", 0, "0 项")],
        table_headers=HEADERS,
        note="published projects",
    )

    assert chart == BarChart(
        "By chain",
        (
            Bar("奶产业", 2, "2 项", 66.7, "/chains/nai/"),
            Bar("新能源", 3, "3 项", 100.0),
            Bar("新材料", 0, "0 项", 0.0),
        ),
        note="published projects",
        table_headers=HEADERS,
    )


def test_bar_chart_takes_amounts():
    chart = bar_chart("By chain", [Bar("奶产业", Decimal("13100.5"), ""), Bar("新能源", Decimal(130_000), "")],
                      table_headers=HEADERS)  # fmt: skip

    assert [bar.percent for bar in chart.rows] == [Decimal("10.1"), Decimal(100)]


def test_bar_chart_of_nothing_but_zeros_has_no_length():
    chart = bar_chart("By stage", (Bar(label, 0, "0") for label in ("signed", "landed")), table_headers=HEADERS)

    assert [bar.percent for bar in chart.rows] == [0, 0]


def test_bar_chart_may_be_empty():
    assert bar_chart("By place", [], table_headers=HEADERS).rows == ()
