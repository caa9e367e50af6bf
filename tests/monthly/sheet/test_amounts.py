"""The month and its cumulative: what is read, and which follows from which."""

from decimal import Decimal as D

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from monthly.sheet.amounts import Pair, pair_of, read, settle

AMOUNTS = st.decimals(min_value=-(10**6), max_value=10**6, places=4)
EMPTY = Pair(None, None)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("", None),
        ("  ", None),
        ("0", D(0)),
        ("-0", D(0)),
        ("1.3亿", D(13_000)),
        ("-12.5", D("-12.5")),
        ("\uff0d12.5", D("-12.5")),
        ("\u221212.5", D("-12.5")),
        ("\u201312.5", D("-12.5")),
        ("(1,200.00)", D(-1200)),
        ("-1亿元", D(-10_000)),
    ],
)
def test_amounts_are_read_below_zero_too(text, amount):
    assert read(text) == amount


@pytest.mark.parametrize("text", ["abc", "--5", "-", "1e9", "0.00001", "99999999999999", "(", "\u2014"])
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(ValidationError):
        read(text)


@given(before=st.none() | AMOUNTS, month=AMOUNTS)
def test_either_alone_and_both_mean_the_same(before, month):
    pair = pair_of(month, before)

    assert settle(Pair(month, None), EMPTY, before) == month
    assert settle(Pair(None, pair.cumulative), EMPTY, before) == month
    assert settle(pair, EMPTY, before) == month


@given(before=AMOUNTS, was=AMOUNTS, month=AMOUNTS)
def test_the_one_that_was_changed_leads(before, was, month):
    stood, new = pair_of(was, before), pair_of(month, before)

    assert settle(Pair(new.month, stood.cumulative), stood, before) == month
    assert settle(Pair(stood.month, new.cumulative), stood, before) == month


def test_both_changed_must_belong_together():
    with pytest.raises(ValidationError) as refused:
        settle(Pair(D(10), D(111)), EMPTY, D(100))

    assert refused.value.code == "pair"


def test_in_january_both_are_the_same():
    assert pair_of(D(10), None) == Pair(D(10), D(10))
    with pytest.raises(ValidationError):
        settle(Pair(D(10), D(11)), EMPTY, None)


@pytest.mark.parametrize("typed", [EMPTY, Pair(None, D(110)), Pair(D(10), None)])
def test_emptied_cells_mean_not_filled(typed):
    assert settle(typed, Pair(D(10), D(110)), D(100)) is None


def test_an_emptied_cell_beside_a_new_one_says_nothing():
    stood = Pair(D(10), D(110))

    assert settle(Pair(None, D(120)), stood, D(100)) == D(20)
    assert settle(Pair(D(20), None), stood, D(100)) == D(20)


def test_month_that_would_be_too_large_is_refused():
    with pytest.raises(ValidationError):
        settle(Pair(None, D(99_999_999_999)), EMPTY, D(-99_999_999_999))
