import math
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from ledgers.cells.texts import code, decimal_of, is_blank, is_error, shown, text, unguarded
from liangzhou.exports import Field, Kind, stream_csv
from tests.full_width import full_width

raw_cells = st.one_of(
    st.none(),
    st.booleans(),
    st.text(max_size=60),
    st.integers(),
    st.floats(),
    st.dates().map(lambda day: {"date": day.isoformat()}),
    st.datetimes().map(lambda moment: {"date": moment.isoformat(timespec="seconds")}),
    st.text("0123456789.,-+eE亿万元年月日上中下旬约余 :/#'=\t\n\u3000\uff0c", max_size=20),
)
LOST = "Excel made a number of this code and lost its last digits. Format the column as text and type it again."
NO_CODE = "“%s” is not a code. Format the column as text and type the code again."


def refusal(reading, *args, **kwargs):
    with translation.override("en"), pytest.raises(ValidationError) as refused:
        reading(*args, **kwargs)
    return refused.value.messages


def outcome(reading):
    """The value that a reading gives, or its sentences."""
    try:
        return reading()
    except ValidationError as error:
        return error.messages


def exported(value, kind):
    """A text as our CSV writes it."""
    lines = b"".join(stream_csv([Field(header="h", kind=kind)], [(value,)])).decode()
    return lines.split("\r\n", 1)[1].removesuffix("\r\n")


@pytest.mark.parametrize(
    "cell", [None, "", " ", "\u3000", "/", "\\", "-", "—", "——", "--", "无", "暂无", "待定", "未知", "N/A", "n/a"]
)
def test_blanks_say_nothing(cell):
    assert is_blank(cell)


@pytest.mark.parametrize("cell", [0, False, "0", "否", "无锡", "13亿", {"date": "2025-05-21"}, "#N/A"], ids=repr)
def test_what_says_something_is_no_blank(cell):
    assert not is_blank(cell)


@pytest.mark.parametrize("cell", ["#REF!", "#N/A", "#DIV/0!", "#SPILL!", "#FORMULA!", " #VALUE! "], ids=repr)
def test_errors_of_excel_are_known(cell):
    assert is_error(cell)
    sentence = f"The cell shows the error {cell.strip()}. Mend its formula, or type the value itself."
    assert refusal(text, cell, max_length=100) == refusal(code, cell) == [sentence]


@pytest.mark.parametrize("cell", ["#1", "# 备注", "#REF! 见附件", None, 5], ids=repr)
def test_other_signs_are_no_errors(cell):
    assert not is_error(cell)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (None, ""),
        (620602.0, "620602"),
        (0.1 + 0.2, "0.3"),
        (1.5, "1.5"),
        (-2, "-2"),
        (1e20, "100000000000000000000"),
        (True, "TRUE"),
        (False, "FALSE"),
        ({"date": "2025-05-21"}, "2025-05-21"),
        ({"date": "2025-05-21T14:30:00"}, "2025-05-21 14:30:00"),
        ("文", "文"),
    ],
    ids=repr,
)
def test_a_cell_is_shown_as_in_its_spreadsheet(cell, expected):
    assert shown(cell) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (" 甲  乙\u3000丙\xa0", "甲 乙 丙"),
        ("甘肃华景\n领航电力", "甘肃华景领航电力"),  # wrapped by hand to fit the column
        ("甘肃华景 \r\n 领航电力", "甘肃华景领航电力"),
        ("phase\none", "phase one"),
        ("（一）\n甲", "（一）甲"),
        ("a\x00b\x07\u200b\ufeff", "ab"),
        ("'=1+1", "=1+1"),
        ("'-5%", "-5%"),
        ("''=1", "'=1"),
        ("'引用'", "'引用'"),
        ("'24年", "'24年"),
        (full_width("A1"), full_width("A1")),  # texts keep their width
        (300.0, "300"),
    ],
    ids=repr,
)
def test_text_drops_what_means_nothing(cell, expected):
    assert text(cell, max_length=100) == expected


def test_text_keeps_lines_where_they_are_wanted():
    assert text(" 一  二 \r\n\r\n\r\n\r\n三\u2028四 ", max_length=100, lines=True) == "一 二\n\n三\n四"


def test_text_says_how_much_is_too_long():
    assert text("x" * 10, max_length=10) == "x" * 10
    assert refusal(text, "x" * 13, max_length=10) == ["The text is 3 characters too long: at most 10 are kept."]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (None, ""),
        (620602.0, "620602"),
        ("620602.0", "620602"),
        (999_999_999_999_999, "999999999999999"),
        ("91620602MA71234567", "91620602MA71234567"),
        ("91620602ma71234567", "91620602MA71234567"),
        ("916206027123456789", "916206027123456789"),
        (full_width("2024-620602-44-01-123456"), "2024-620602-44-01-123456"),
        ("2024\u2014620602\u201344-01-123456", "2024-620602-44-01-123456"),
        (" 2024-620602 -44-01-123456\n", "2024-620602-44-01-123456"),
        ("\t916206027123456789", "916206027123456789"),
        ("'0042", "0042"),
        ('="0042"', "0042"),
        ("91620602E7", "91620602E7"),  # a code of its own
        ("LZ000001", "LZ000001"),
    ],
    ids=repr,
)
def test_code_reads_identifiers(cell, expected):
    assert code(cell) == expected


@pytest.mark.parametrize(
    "cell", [1e15, 10**15, 9.16206e17, "9.16206E+17", "9.16206e+17", "9E+17", "916206027123456789.0"], ids=repr
)
def test_code_refuses_what_excel_has_damaged(cell):
    assert refusal(code, cell) == [LOST]


@pytest.mark.parametrize(
    ("cell", "typed"),
    [(1.5, "1.5"), (-3, "-3"), (True, "TRUE"), ({"date": "2024-06-02"}, "2024-06-02"), (math.nan, "nan")],
)
def test_code_refuses_what_excel_has_made_of_it(cell, typed):
    assert refusal(code, cell) == [NO_CODE % typed]


@given(st.text("=+-@＝＋－＠'\t 甲A1", min_size=1, max_size=12).filter(lambda typed: not typed.startswith("'")))
def test_guards_of_our_csv_come_off_again(typed):
    cell = exported(typed, Kind.TEXT)

    assert unguarded(cell[1:-1] if cell.startswith('"') else cell) == typed


@pytest.mark.parametrize("typed", ["620602", "0042", "916206027123456789", "91620602E7", "LZ000001", "2024-620602-44"])
def test_codes_of_our_csv_come_back(typed):
    assert code(exported(typed, Kind.CODE)) == typed


def test_noise_of_binary_fractions_is_rounded_away():
    assert decimal_of(13100.000000000002, 4) == Decimal("13100.0000")
    assert decimal_of(0.1 + 0.2, 1) == Decimal("0.3")
    assert decimal_of(1.23456, 4) == Decimal("1.23456")


@pytest.mark.parametrize("number", [math.nan, math.inf, 1e300, -1e300, "9" * 400, 10**400])
def test_numbers_beyond_measure_are_refused(number):
    assert refusal(decimal_of, number, 4) == ["This number is too large."]


@given(raw_cells)
def test_no_cell_breaks_a_reading_of_text(cell):
    for reading in (
        lambda: text(cell, max_length=20),
        lambda: text(cell, max_length=20, lines=True),
        lambda: code(cell),
    ):
        assert outcome(reading) != [""]


@given(raw_cells)
def test_text_read_again_is_the_same(cell):
    try:
        once = text(cell, max_length=100)
    except ValidationError:
        return
    if unguarded(once) == once:
        assert text(once, max_length=100) == once


@given(st.dates(date(1949, 1, 1), date(2100, 12, 31)))
def test_days_are_shown_as_written(day):
    assert shown({"date": day.isoformat()}) == day.isoformat()
