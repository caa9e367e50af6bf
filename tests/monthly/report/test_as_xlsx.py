"""The workbook, read back."""

from io import BytesIO

import openpyxl
import pytest

from liangzhou.months import Month
from monthly.books import FrozenBooks, LiveBooks
from monthly.report import as_xlsx, content
from tests.monthly.report.locked_month import locked, may_2025, project

pytestmark = pytest.mark.django_db


def read(books):
    out = BytesIO()
    as_xlsx.write(content.build(books), out)
    return openpyxl.load_workbook(out)


def rows(sheet, name):
    """The rows of a table, by its caption."""
    first = next(row for row in range(1, sheet.max_row) if sheet.cell(row, 1).value == name)
    found = []
    for row in sheet.iter_rows(min_row=first + 2):
        if row[1].value is None:
            break
        found.append(list(row))
    return found


def test_there_is_a_sheet_for_each_part():
    assert read(may_2025()).sheetnames == ["总体", "分产业链", "分来源", "分属地", "项目明细", "排名", "问题"]


def test_numbers_are_numbers_with_their_formats():
    book = read(may_2025())

    cells = rows(book["总体"], "主要指标")[1]
    assert [cell.value for cell in cells[:8]] == [
        "其中省外",
        885_700,
        885_700,
        641_766.54,
        38.01,
        2_000_000,
        44.29,
        2.62,
    ]
    assert [cell.number_format for cell in cells[3:8]] == [
        "#,##0.00",
        "+0.00;-0.00;0.00",
        "#,##0.00",
        "0.00",
        "+0.00;-0.00;0.00",
    ]


def test_no_text_is_a_formula():
    book = read(may_2025())

    cell = rows(book["项目明细"], "项目明细表")[1][1]
    assert (cell.value, cell.data_type) == ("=年产8600吨系列乳制品精深加工项目", "s")
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


def test_sheets_are_ready_to_be_printed():
    detail = read(may_2025())["项目明细"]

    assert detail.freeze_panes == "C5"
    assert detail.print_title_rows == "$4:$4"
    assert (detail.page_setup.paperSize, detail.page_setup.orientation) == (9, "landscape")
    assert (detail.sheet_properties.pageSetUpPr.fitToPage, detail.page_setup.fitToHeight) == (True, 0)
    assert detail.oddFooter.center.text == "内部资料 · 凉州区招商引资月报 · 2025年1—5月 · 第1版 &P/&N"


def test_problems_have_their_sheet():
    sheet = read(may_2025())["问题"]

    assert [cell.value for cell in rows(sheet, "存在问题和需要协调的事项")[0][1:5]] == [
        "300MW/1200MWh独立储能电站项目",
        "九墩滩光伏治沙示范园区",
        "用地指标不足",
        "请区自然资源局协调",
    ]


def test_nothing_and_very_much_are_workbooks_too():
    version = locked()
    assert read(FrozenBooks(version))["项目明细"]["A3"].value == "没有实施的招商引资项目。"
    for index in range(400):
        project(version, f"项目{index}")

    assert len(rows(read(FrozenBooks(version))["项目明细"], "项目明细表")) == 400


def test_a_draft_says_so_on_every_sheet():
    book = read(LiveBooks(Month(2025, 5)))

    assert {sheet["A2"].value for sheet in book} == {"草稿\uff1a本月尚未锁定\uff0c数据可能变动\uff0c不得引用。"}
    assert {sheet.oddHeader.center.text[-2:] for sheet in book} == {"草稿"}


def test_charts_are_drawn_from_cells():
    book = read(may_2025())
    drawn = {sheet.title: [type(one).__name__ for one in sheet._charts] for sheet in book if sheet._charts}
    months, years = book["总体"]._charts
    series = [one.val.numRef.f for part in months._charts for one in part.series]

    assert drawn == {
        "总体": ["BarChart", "BarChart"],
        "分产业链": ["BarChart", "BarChart"],
        "分来源": ["BarChart"],
        "分属地": ["BarChart", "BarChart"],
    }
    cells = [book["总体"][where.split("!")[1].replace("$", "")] for where in series]
    assert [cell[-1][0].value for cell in cells] == [88.6, 88.6]
    assert len(years.series) == 2


def test_title_of_a_chart_stands_above_its_numbers():
    book = read(may_2025())

    found = rows(book["分产业链"], "分产业链累计到位资金\uff08亿元\uff09")
    assert [[cell.value for cell in row[:2]] for row in found] == [["新能源及装备制造", 88.5], ["奶产业", 0.1]]
