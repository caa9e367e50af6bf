import math
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgers.cells.dates import partial_date
from liangzhou.periods import PartialDate
from tests.full_width import full_width
from tests.ledgers.cells.test_texts import outcome, raw_cells, refusal
from tests.liangzhou.test_periods import DAY, MONTH, NOT_A_DATE, TEN_DAYS, YEAR, partial_dates

MAY = PartialDate(date(2025, 5, 1), MONTH)


@pytest.mark.parametrize(
    ("cell", "first", "precision"),
    [
        ({"date": "2025-05-21"}, date(2025, 5, 21), DAY),
        ({"date": "2025-05-21T14:30:00"}, date(2025, 5, 21), DAY),
        (45798, date(2025, 5, 21), DAY),
        (45798.0, date(2025, 5, 21), DAY),
        (45798.604, date(2025, 5, 21), DAY),
        (17899, date(1949, 1, 1), DAY),
        (73415, date(2100, 12, 31), DAY),
        (2025, date(2025, 1, 1), YEAR),
        (2025.0, date(2025, 1, 1), YEAR),
        (202505, date(2025, 5, 1), MONTH),
        (20250521, date(2025, 5, 21), DAY),
        (2025.5, date(2025, 5, 1), MONTH),
        (2025.05, date(2025, 5, 1), MONTH),
        (2025.0500000000002, date(2025, 5, 1), MONTH),
        (2025.11, date(2025, 11, 1), MONTH),
        (2025.12, date(2025, 12, 1), MONTH),
        ("2025.10", date(2025, 10, 1), MONTH),
        ("2025.1", date(2025, 1, 1), MONTH),
        ("2025年5月", date(2025, 5, 1), MONTH),
        ("2025年5月份", date(2025, 5, 1), MONTH),
        ("2025-5", date(2025, 5, 1), MONTH),
        ("2025。5", date(2025, 5, 1), MONTH),
        ("2025/5/3", date(2025, 5, 3), DAY),
        ("2025年5月3日", date(2025, 5, 3), DAY),
        ("2025-05-21 00:00:00", date(2025, 5, 21), DAY),
        ("2025/5/21 0:00", date(2025, 5, 21), DAY),
        ("2025-05-21T14:30:00.5", date(2025, 5, 21), DAY),
        ("45798", date(2025, 5, 21), DAY),
        (full_width("45798"), date(2025, 5, 21), DAY),
        ("'2025-05-21", date(2025, 5, 21), DAY),
        ("2025年5月上旬", date(2025, 5, 1), TEN_DAYS),
        ("2025年5月初", date(2025, 5, 1), TEN_DAYS),
        ("2025年5月中", date(2025, 5, 11), TEN_DAYS),
        ("2025年5月底", date(2025, 5, 21), TEN_DAYS),
        ("2025年5月末", date(2025, 5, 21), TEN_DAYS),
        ("2025年5月份下旬", date(2025, 5, 21), TEN_DAYS),
        ("2025.5月底", date(2025, 5, 21), TEN_DAYS),
        ("2025-5底", date(2025, 5, 21), TEN_DAYS),
    ],
    ids=repr,
)
def test_partial_date_reads_what_ledgers_write(cell, first, precision):
    assert partial_date(cell) == PartialDate(first, precision)


@pytest.mark.parametrize("cell", [None, "", "/", "—", "待定", "未知"], ids=repr)
def test_partial_date_is_unknown_where_nothing_is_said(cell):
    assert partial_date(cell) is None


@pytest.mark.parametrize(
    "cell",
    [
        *("未开工", "未签约", "尚未开工", "尚未签订合同", "还未投产", "未投产", "未定", "待建", " 未 开工"),
        *("×", "✕", "0", 0, 0.0),
    ],
    ids=repr,
)
def test_partial_date_is_none_where_it_has_not_come(cell):
    assert partial_date(cell) is None


@pytest.mark.parametrize("cell", ["已开工", "尚未开工,2026年5月", "未来", "在建", "否", False], ids=repr)
def test_partial_date_does_not_take_other_words_for_none(cell):
    typed = "FALSE" if cell is False else cell

    assert refusal(partial_date, cell) == [NOT_A_DATE % typed]


def test_partial_date_asks_which_month_a_number_means():
    assert refusal(partial_date, 2025.1) == [
        "2025.1 may be January or October, since Excel drops the zero. Write 2025-01 or 2025-10."
    ]


@pytest.mark.parametrize("cell", ["25年5月", "25.5", "25/5/3", "25-5"], ids=repr)
def test_partial_date_wants_years_of_four_digits(cell):
    assert refusal(partial_date, cell) == [f"“{cell}”: write the year with four digits, for example 2025年5月."]


@pytest.mark.parametrize(
    "cell", ["2025年上半年", "2025下半年", "2025年底", "2025年初", "2025年第二季度", "2025Q2"], ids=repr
)
def test_partial_date_refuses_what_is_too_vague(cell):
    assert refusal(partial_date, cell) == [
        f"“{cell}” is no date that can be kept. Write the year alone or the month: 2025 or 2025年6月."
    ]


@pytest.mark.parametrize(
    ("cell", "typed"),
    [
        (1, "1"), (-1, "-1"), (73416, "73416"), (2025.123, "2025.123"), (True, "TRUE"), ("去年", "去年"),
        (math.nan, "nan"), (math.inf, "inf"), ("20251", "20251"), ("2025-2026", "2025-2026"), ("00:00:00", "00:00:00"),
        ("5月", "5月"), ("2025年5月底前", "2025年5月底前"),
    ],
    ids=repr,
)  # fmt: skip
def test_partial_date_refuses_what_is_no_date(cell, typed):
    assert refusal(partial_date, cell) == [NOT_A_DATE % typed]


@pytest.mark.parametrize("cell", [2025.13, 202513, 20250230, "2025-02-30"], ids=repr)
def test_partial_date_refuses_what_the_calendar_lacks(cell):
    ((sentence),) = refusal(partial_date, cell)

    assert sentence.endswith("does not exist in the calendar.")


@pytest.mark.parametrize("cell", [{"date": "1900-01-01"}, {"date": "9999-12-31"}, 1948, 210101], ids=repr)
def test_partial_date_refuses_other_centuries(cell):
    assert refusal(partial_date, cell) == ["The year must lie between 1949 and 2100."]


@given(st.dates(date(1949, 1, 1), date(2100, 12, 31)))
def test_every_serial_of_excel_is_its_day(day):
    serial = (day - date(1899, 12, 30)) // timedelta(days=1)

    assert partial_date(serial) == partial_date(serial + 0.75) == PartialDate(day, DAY)


@given(partial_dates)
def test_what_we_write_is_read_again(known):
    assert partial_date(known.chinese) == known


@given(raw_cells)
def test_no_cell_breaks_the_reading_of_dates(cell):
    found = outcome(lambda: partial_date(cell))

    assert found != [""]
    if isinstance(found, PartialDate):
        assert 1949 <= found.first.year <= 2100
