import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgers.cells.amounts import Amount, amount
from liangzhou.models import Qualifier
from liangzhou.money import LARGEST_WAN
from tests.full_width import full_width
from tests.ledgers.cells.test_texts import outcome, raw_cells, refusal

NO_AMOUNT = "“%s” is not an amount. Write for example 13亿, 1.31亿元 or 13,100万元."


@pytest.mark.parametrize(
    ("cell", "unit", "wan"),
    [
        (13, "亿元", 130_000),
        (1.31, "亿元", 13_100),
        (13100, "万元", 13_100),
        (131_000_000, "元", 13_100),
        (1, "元", Decimal("0.0001")),
        (0, "亿元", 0),
        (-0.0, "亿元", 0),
        ("13亿", "万元", 130_000),
        ("1.31亿元", "万元", 13_100),
        ("13100万", "亿元", 13_100),  # its own unit wins
        ("500元", "亿元", Decimal("0.05")),
        ("13,100", "万元", 13_100),
        ("13,100", "元", Decimal("1.31")),
        ("1.31", "亿元", 13_100),
        (full_width("13") + "亿", "万元", 130_000),
        ("13\uff0c100", "万元", 13_100),
        (" 13 亿 元 ", "万元", 130_000),
        ("人民币13亿元整", "万元", 130_000),
        ("￥13亿", "万元", 130_000),
        ("总投资13亿元", "万元", 130_000),
        ("投资额\uff1a13亿元", "万元", 130_000),
        ("'13亿", "万元", 130_000),
        (13100.000000000002, "万元", 13_100),  # sums in Excel
        (0.30000000000000004, "亿元", 3_000),
        ("13100.000000000002", "万元", 13_100),
        ("5千万", "亿元", 5_000),
        ("3千万元", "万元", 3_000),
        ("1.2千万元", "万元", 1_200),
        ("8百万", "万元", 800),
        ("1亿3千万", "万元", 13_000),
        ("1亿3000万元", "万元", 13_000),
        ("1亿零50万元", "万元", 10_050),
        (1_234_567.89, "元", Decimal("123.4568")),  # jiao and fen
        ("1,234,567.50元", "万元", Decimal("123.4568")),
        ("1234567.49元", "万元", Decimal("123.4567")),
    ],
    ids=repr,
)
def test_amount_reads_what_ledgers_write(cell, unit, wan):
    assert amount(cell, unit=unit) == Amount(Decimal(wan))


@pytest.mark.parametrize(
    ("cell", "qualifier"),
    [
        ("约13亿", Qualifier.ABOUT),
        ("大约13亿元", Qualifier.ABOUT),
        ("13亿左右", Qualifier.ABOUT),
        ("13亿元上下", Qualifier.ABOUT),
        ("近13亿", Qualifier.NEARLY),
        ("将近13亿元", Qualifier.NEARLY),
        ("13亿余", Qualifier.OVER),
        ("13余亿元", Qualifier.OVER),
        ("13亿余元", Qualifier.OVER),
        ("13亿多元", Qualifier.OVER),
        ("13亿元多", Qualifier.OVER),
        ("超13亿", Qualifier.OVER),
        ("超过13亿元", Qualifier.OVER),
        ("逾13亿", Qualifier.OVER),
        ("13亿以上", Qualifier.AT_LEAST),
        ("13亿元及以上", Qualifier.AT_LEAST),
        ("不低于13亿元", Qualifier.AT_LEAST),
        ("≥13亿", Qualifier.AT_LEAST),
        ("达13亿元", Qualifier.REACHED),
        ("预计13亿元", Qualifier.FORECAST),
        ("预计达到13亿元", Qualifier.FORECAST),
        ("计划投资13亿元", Qualifier.FORECAST),
        ("13亿元(估算)", Qualifier.ABOUT),
        ("13亿元（估）", Qualifier.ABOUT),
    ],
    ids=repr,
)
def test_amount_keeps_how_it_was_stated(cell, qualifier):
    assert amount(cell) == Amount(Decimal(130_000), str(qualifier))


@pytest.mark.parametrize("cell", [None, "", "/", "—", "无", "待定"], ids=repr)
def test_amount_is_unknown_where_nothing_is_said(cell):
    assert amount(cell) == Amount(None)


@pytest.mark.parametrize("cell", ["未披露", "不公开", "保密", "（保密）", " 未 公开 "], ids=repr)
def test_amount_is_undisclosed_where_it_says_so(cell):
    assert amount(cell) == Amount(None, undisclosed=True)


@pytest.mark.parametrize(
    "cell",
    [
        "十三亿",
        "13亿(一期5亿)",
        "10-15亿",
        "13,1",
        "13亿吨",
        "亿元",
        "约",
        "1亿30000万",
        "1.5亿3千万",
        "1,3千万",
        "1亿3千",
        True,
        {"date": "2025-01-13"},
    ],
)
def test_amount_refuses_what_is_none(cell):
    typed = {True: "TRUE"}.get(cell, cell) if not isinstance(cell, dict) else "2025-01-13"

    assert refusal(amount, cell) == [NO_AMOUNT % typed]


@pytest.mark.parametrize(
    ("cell", "unit", "sentence"),
    [
        (-5, "万元", "An amount cannot be negative."),
        ("-5亿", "万元", "An amount cannot be negative."),
        (math.nan, "万元", "This number is too large."),
        (math.inf, "万元", "This number is too large."),
        (1e300, "万元", "This number is too large."),
        (1e12, "万元", "This amount is too large. Check whether 万元 and 亿元 were mixed up."),
        (0.00001, "万元", "An amount is kept to the yuan: at most four decimals in 万元."),
        (1234567.891, "元", "An amount is kept to the yuan: at most four decimals in 万元."),
        (1.23456789, "万元", "An amount is kept to the yuan: at most four decimals in 万元."),
        ("0.123元", "万元", "An amount is kept to the yuan: at most four decimals in 万元."),
        ("2亿美元", "万元", "An amount is kept in yuan. Convert it and name the rate in a remark."),
        ("$200", "万元", "An amount is kept in yuan. Convert it and name the rate in a remark."),
        ("#REF!", "万元", "The cell shows the error #REF!. Mend its formula, or type the value itself."),
    ],
    ids=repr,
)
def test_amount_says_what_is_wrong(cell, unit, sentence):
    assert refusal(amount, cell, unit=unit) == [sentence]


@given(raw_cells, st.sampled_from(["万元", "亿元", "元"]))
def test_no_cell_breaks_the_reading_of_amounts(cell, unit):
    found = outcome(lambda: amount(cell, unit=unit))

    assert found != [""]
    if isinstance(found, Amount):
        assert found.wan is None or 0 <= found.wan <= LARGEST_WAN
        assert found.qualifier in Qualifier


@given(st.integers(0, 10**15 - 1))
def test_amounts_of_whole_yuan_are_exact_in_every_unit(yuan):
    wan = Decimal(yuan) / 10_000

    assert amount(yuan, unit="元").wan == amount(float(yuan), unit="元").wan == wan
    assert amount(f"{wan / 10_000:f}", unit="亿元").wan == amount(f"{wan:f}万", unit="亿元").wan == wan


@given(st.integers(0, 10**13))
def test_amounts_that_excel_keeps_in_yi_are_exact_to_the_yuan(yuan):
    assert amount(yuan / 1e8, unit="亿元").wan == Decimal(yuan) / 10_000
