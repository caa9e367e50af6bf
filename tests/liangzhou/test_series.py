from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liangzhou import series
from liangzhou.months import Month

MAY = Month(2025, 5)
amounts = st.decimals(-1_000_000, 1_000_000, places=4)


def test_the_cumulative_begins_again_each_january():
    amounts = {Month(2024, 12): D(900), Month(2025, 1): D(10), Month(2025, 2): D(5)}

    assert series.year_to_date(amounts, Month(2025, 2)) == 15
    assert series.year_to_date(amounts, Month(2025, 1)) == 10


def test_what_is_not_known_is_not_zero():
    assert series.year_to_date({}, MAY) is None
    assert series.year_to_date({Month(2025, 2): D(0)}, MAY) == 0
    assert series.total([None, None]) is None


@given(st.lists(st.none() | amounts, min_size=12, max_size=12))
def test_months_follow_from_cumulatives_and_back(values):
    by_month = {Month(2025, number + 1): value for number, value in enumerate(values)}
    found = series.cumulatives(by_month, Month(2025, 12))

    for month, value in by_month.items():
        before = found.get(month.plus(-1)) if month.number > 1 else None
        if value is not None:
            assert series.from_cumulative(found[month], before) == value


@pytest.mark.parametrize(
    ("now", "base", "expected"),
    [("4766.22", "3878.66", "22.88"), ("88.57", "64.18", "38.00"), ("5", "10", "-50.00"), ("10", "10", "0.00")],
)
def test_growth_against_the_same_period(now, base, expected):
    assert series.two_places(series.growth(D(now), D(base))) == D(expected)


@pytest.mark.parametrize(("now", "base"), [(None, D(5)), (D(5), None), (D(5), D(0)), (D(5), D(-1))])
def test_growth_without_a_base_is_not_known(now, base):
    assert series.growth(now, base) is None


def test_a_reported_growth_implies_its_base():
    assert series.two_places(series.implied_base(D("88.57"), D("38.01"))) == D("64.18")
    assert series.implied_base(D(1), D(-100)) is None


def test_year_on_year_compares_the_same_months():
    amounts = {Month(2024, 1): D(10), Month(2024, 12): D(99), Month(2025, 1): D(12)}

    assert series.year_on_year(amounts, Month(2025, 1)) == 20


def test_completion_is_measured_against_the_pace():
    assert series.completion(D(50), D(100)) == 50
    assert series.two_places(series.pace(MAY)) == D("41.67")
    assert series.two_places(series.ahead(D(50), D(100), MAY)) == D("8.33")
    assert series.pace(Month(2025, 12)) == 100


@pytest.mark.parametrize("target", [None, D(0)])
def test_without_a_target_there_is_no_completion(target):
    assert (series.completion(D(5), target), series.ahead(D(5), target, MAY)) == (None, None)


@pytest.mark.parametrize(("value", "printed"), [("2.675", "2.68"), ("-2.675", "-2.68"), ("-0.001", "0.00")])
def test_rates_are_rounded_half_up(value, printed):
    assert str(series.two_places(D(value))) == printed


def test_equal_values_share_a_rank():
    assert series.ranks([D(5), D("7.001"), None, D(7), D(1)]) == [3, 1, None, 1, 4]
