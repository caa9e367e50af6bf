"""What is drawn: well-formed, within its frame, readable without colour, for every kind of number."""

import re
from decimal import Decimal as D

import pytest
from defusedxml import ElementTree
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from liangzhou.charts import Bar, Series, Target, bar_chart, column_chart, svg, target_chart
from liangzhou.charts.documents import for_page
from liangzhou.charts.shapes import shortened, width_of

SVG = "{http://www.w3.org/2000/svg}"
AMOUNTS = st.none() | st.decimals(-10_000_000, 10_000_000, places=4)
NOW = (D("12.35"), D("18.2"), D("9.66"))
SUMS = (D("12.35"), D("30.55"), D("40.21"))


def columns(*series, line=None, labels=None, title="Funds"):
    labels = labels or [f"{n}月" for n in range(1, len(series[0].values) + 1)]
    return column_chart(title, labels, series, line=line, unit="亿元", label_header="Month")


def drawn(chart, **how):
    return ElementTree.fromstring(svg(chart, **how))


def parts(chart, look, tag="rect"):
    return drawn(chart).findall(f"{SVG}{tag}[@class='drawn__{look}']")


def words(chart):
    return [element.text for element in drawn(chart).iter(f"{SVG}text")]


def test_document_has_its_size_type_title_and_description():
    root = drawn(columns(Series("Month", NOW), line=Series("Sum", SUMS), title="Funds & <sums>"), width=480, font="Kai")

    assert (root.get("width"), root.get("viewBox").split()[:3], root.get("role")) == ("480", ["0", "0", "480"], "img")
    assert root.get("font-family") == "Kai"
    assert [child.tag.removeprefix(SVG) for child in root][:3] == ["title", "desc", "rect"]
    assert root[0].text == "Funds & <sums>"
    assert "Month, Sum" in root[1].text
    assert (root[2].get("width"), root[2].get("height"), root[2].get("fill")) == ("480", root.get("height"), "#ffffff")


def test_picture_of_a_page_leaves_size_and_type_to_the_page():
    picture = for_page(columns(Series("Month", NOW)))

    assert re.match(r'<svg class="drawn" font-size="11" role="img" viewBox="0 0 360 \d+"><title>', picture)
    assert re.search(r"style=|<script|font-family|url\(", picture) is None


def test_columns_are_as_high_as_their_values_with_their_numbers():
    chart = columns(Series("Month", NOW))

    heights = [float(part.get("height")) for part in parts(chart, "now")[1:]]  # the first one is the key
    assert [round(height / heights[1], 3) for height in heights] == [
        pytest.approx(float(value / NOW[1]), abs=0.01) for value in NOW
    ]
    assert words(chart) == ["Month（亿元）", "12.35", "18.20", "9.66", "1月", "2月", "3月"]


def test_years_differ_by_outline_and_not_by_colour_alone():
    chart = columns(Series("2025年", NOW), Series("2024年", SUMS))

    assert {part.get("fill") for part in parts(chart, "now")} == {"#0f6b57"}
    assert {(part.get("fill"), part.get("stroke")) for part in parts(chart, "before")} == {("#ffffff", "#1f2a28")}
    last_year, this_year = (float(parts(chart, look)[1].get("x")) for look in ("before", "now"))
    assert last_year < this_year


def test_line_goes_through_every_known_month():
    chart = columns(Series("Month", NOW), line=Series("Sum", (D(1), None, D(3))))

    assert len(parts(chart, "line", "polyline")[0].get("points").split()) == 2
    assert len(parts(chart, "dot", "circle")) == 3  # one of them in the key
    assert words(chart)[:3] == ["Sum（亿元）", "1.00", "3.00"]


def test_single_month_has_a_dot_and_a_column():
    chart = columns(Series("Month", NOW[:1]), line=Series("Sum", SUMS[:1]))

    assert (len(parts(chart, "line", "polyline")), len(parts(chart, "dot", "circle"))) == (0, 2)
    assert words(chart) == ["Sum（亿元）", "12.35", "Month（亿元）", "12.35", "1月"]


def test_less_than_nothing_hangs_below_the_base():
    chart = columns(Series("Month", (D(4), D(-8), None)))
    base = float(parts(chart, "base", "line")[0].get("y1"))

    up, down = parts(chart, "now")[1:]
    assert float(up.get("y")) + float(up.get("height")) == pytest.approx(base, abs=0.11)
    assert float(down.get("y")) == pytest.approx(base, abs=0.11)
    assert words(chart)[1:4] == ["4.00", "-8.00", "—"]


def test_numbers_that_have_no_room_stand_upright_and_keep_their_decimals():
    year = tuple(D("1234.56") for _ in range(12))
    chart = columns(Series("2025", year), Series("2024", year))

    upright = [one for one in drawn(chart).iter(f"{SVG}text") if one.get("transform")]
    assert {one.text for one in upright} == {"1234.56"}
    assert len(upright) == 24


def test_chart_of_nothing_says_so():
    with translation.override("en"):
        empty = columns(Series("Month", (None, None)), line=Series("Sum", (None, None)))
        assert words(empty) == ["No figures yet."]
        assert words(bar_chart("By chain", [], table_headers=("a", "b"))) == ["No figures yet."]
        assert words(target_chart("Targets", [], pace=D(50), unit="亿元")) == ["No target is set."]


def test_target_is_drawn_with_the_pace_and_in_words():
    with translation.override("en"):
        rows = [Target("funds", D("88.57"), D(200)), Target("fixed", D(3), None)]
        chart = target_chart("Targets", rows, pace=D("41.6666"), unit="亿元")
        assert words(chart) == [
            "pace of the year 41.67%", "funds", "44.29%", "88.57 of 200.00 亿元", "2.62 points ahead of the pace",
            "fixed", "—", "3.00 亿元, no annual target",
        ]  # fmt: skip
        whole, done = (float(parts(chart, look)[0].get("width")) for look in ("track", "now"))
        assert done / whole == pytest.approx(0.44285, abs=0.001)
        assert len(parts(chart, "pace", "line")) == 2  # one of them in the key


def test_bars_are_drawn_for_documents():
    chart = bar_chart("By chain", [Bar("奶产业", 2, "2 项"), Bar("新能源", 4, "4 项")], table_headers=("a", "b"))

    assert words(chart) == ["奶产业", "2 项", "新能源", "4 项"]
    assert [part.get("width") for part in parts(chart, "now")] == ["172.0", "344.0"]


def test_control_characters_do_not_break_a_document():
    assert words(bar_chart("a\x0b", [Bar("b\x00c", 1, "1\x1f")], table_headers=("", ""))) == ["bc", "1"]


def test_long_names_are_shortened():
    assert shortened("新能源及装备制造", 60) == "新能源及…"
    assert width_of("新能源及…") <= 60
    assert shortened("奶产业", 60) == "奶产业"


def inside(root):
    """That every shape lies within the frame, half a line's thickness apart."""
    width, height = (float(root.get(name)) for name in ("width", "height"))
    for element in root.iter():
        for name, most in (("x", width), ("y", height), ("x2", width), ("y2", height), ("cx", width), ("cy", height)):
            assert -1 <= float(element.get(name, 0)) <= most + 1, (element.tag, element.attrib)
        assert float(element.get("x", 0)) + float(element.get("width", 0)) <= width + 1
        assert float(element.get("y", 0)) + float(element.get("height", 0)) <= height + 1


@given(st.lists(st.tuples(AMOUNTS, AMOUNTS, AMOUNTS), max_size=12))
def test_whatever_the_numbers_are_the_picture_stays_in_its_frame(rows):
    now, before, sums = zip(*rows, strict=True) if rows else ((), (), ())
    labels = [f"{n}月" for n in range(1, len(rows) + 1)]

    inside(drawn(columns(Series("now", now), line=Series("sum", sums), labels=labels or [])))
    inside(drawn(columns(Series("now", now), Series("before", before), labels=labels or [])))
    targets = [Target("one", done, target) for done, target, _pace in rows]
    inside(drawn(target_chart("Targets", targets, pace=D(50), unit="亿元")))
