from decimal import Decimal as D

import pytest
from django.utils import translation

from liangzhou.charts import (
    Bar,
    BarChart,
    Series,
    Target,
    bar_chart,
    column_chart,
    in_one_unit,
    target_chart,
)
from liangzhou.charts.kinds import number

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
    chart = bar_chart("By chain", [Bar("奶产业", D("13100.5"), ""), Bar("新能源", D(130_000), "")],
                      table_headers=HEADERS)  # fmt: skip

    assert [bar.percent for bar in chart.rows] == [D("10.1"), D(100)]


def test_bar_chart_of_nothing_but_zeros_has_no_length():
    chart = bar_chart("By stage", (Bar(label, 0, "0") for label in ("signed", "landed")), table_headers=HEADERS)

    assert [bar.percent for bar in chart.rows] == [0, 0]


def test_bar_chart_draws_nothing_below_zero():
    chart = bar_chart("By chain", [Bar("奶产业", D(-5), ""), Bar("新能源", D(10), "")], table_headers=HEADERS)

    assert [bar.percent for bar in chart.rows] == [0, 100]
    below = bar_chart("By chain", [Bar("奶产业", D(-5), "")], table_headers=HEADERS)
    assert [bar.percent for bar in below.rows] == [0]


def test_bar_chart_may_be_empty():
    assert bar_chart("By place", [], table_headers=HEADERS).rows == ()


# Columns over time


def columns(*series, line=None, labels=("1月", "2月", "3月")):
    return column_chart("Funds", labels, series, line=line, unit="亿元", label_header="Month")


def test_column_chart_has_a_table_with_the_same_numbers():
    chart = columns(
        Series("2025", (D("12.345"), D(-3), None)),
        Series("2024", (D(0), None, D("7.1"))),
        line=Series("sum", (D("12.345"), D("9.345"), D("9.345"))),
    )

    assert chart.table_headers == ["Month", "2025（亿元）", "2024（亿元）", "sum（亿元）"]
    assert chart.table_rows == [
        ("1月", ["12.35", "0.00", "12.35"]),
        ("2月", ["-3.00", "—", "9.35"]),
        ("3月", ["—", "7.10", "9.35"]),
    ]


@pytest.mark.parametrize(
    ("labels", "lengths"),
    [(tuple("0123456789abc"), [13]), (("1月",), []), (("1月",), [1, 1, 1]), (("1月",), [2]), (("1月", "2月"), [2, 1])],
)
def test_column_chart_refuses_what_it_cannot_draw(labels, lengths):
    with pytest.raises(ValueError, match="series"):
        columns(*(Series("one", (D(1),) * length) for length in lengths), labels=labels)


def test_column_chart_is_empty_where_nothing_is_known():
    assert columns(Series("2025", (None, None, None))).is_empty is True
    assert columns(Series("2025", (None, D(0), None))).is_empty is False
    assert columns(Series("2025", ()), labels=()).is_empty is True


# Targets


def test_target_chart_says_completion_pace_and_difference():
    rows = [Target("funds", D("88.57"), D(200)), Target("fixed", D(3), None), Target("none", D(3), D(0))]
    chart = target_chart("Targets", rows, pace=D(5) / 12 * 100, unit="亿元")

    assert chart.table_rows == [
        ("funds", ["88.57", "200.00", "44.29", "41.67", "2.62"]),
        ("fixed", ["3.00", "—", "—", "41.67", "—"]),
        ("none", ["3.00", "0.00", "—", "41.67", "—"]),
    ]
    assert target_chart("Targets", [], pace=D(50), unit="亿元").is_empty is True


@pytest.mark.parametrize(
    ("done", "words"),
    [
        ("44.29", "2.62 points ahead of the pace"),
        ("41.664", "on the pace of the year"),
        ("-10", "51.67 points behind the pace"),
    ],
)
def test_target_is_put_against_the_pace_in_words(done, words):
    with translation.override("en"):
        assert Target("funds", D(done), D(100)).against(D("41.6666")) == words
        assert Target("funds", D(done), None).against(D(50)) == ""


# Numbers


def test_amounts_share_the_unit_of_the_largest():
    assert in_one_unit([D(9999), None], [D(-12)]) == ("万元", [(D(9999), None), (D(-12),)])
    assert in_one_unit([D(5000), None], [D(-10_000)]) == ("亿元", [(D("0.5"), None), (D(-1),)])
    assert in_one_unit([], [None]) == ("万元", [(), (None,)])


def test_numbers_are_rounded_half_up_and_counts_have_no_decimals():
    assert [number(one) for one in (D("1.005"), D("-0.001"), 3, None)] == ["1.01", "0.00", "3", "—"]
    assert number(D("12.5"), 0) == "13"
