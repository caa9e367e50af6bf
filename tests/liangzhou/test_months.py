from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from liangzhou.months import Month, MonthConverter

months = st.builds(Month, st.integers(1950, 2099), st.integers(1, 12))


@pytest.mark.parametrize(
    "typed", ["2025-05", "2025/5", "2025.5", "202505", "2025年5月", "\uff12\uff10\uff12\uff15年\uff15月"]
)
def test_a_month_is_read_as_people_type_it(typed):
    assert Month.parse(typed) == Month(2025, 5)


@pytest.mark.parametrize(
    "typed", ["", "2025", "2025-13", "2025-00", "1900-05", "五月", "2025-05-01", "\x00", "2" * 5000]
)
def test_what_is_no_month_is_refused_in_words(typed):
    with pytest.raises(ValidationError):
        Month.parse(typed)


@given(months)
def test_a_month_is_read_back_from_its_address(month):
    assert Month.parse(str(month)) == MonthConverter().to_python(str(month)) == Month.of(month.last) == month


@given(months, st.integers(-500, 500))
def test_moving_forth_and_back_returns(month, steps):
    try:
        moved = month.plus(steps)
    except ValueError:
        return
    assert moved.plus(-steps) == month
    assert (moved > month) == (steps > 0)


def test_a_month_knows_its_days_and_its_year():
    month = Month(2024, 2)

    assert (month.first, month.last) == (date(2024, 2, 1), date(2024, 2, 29))
    assert (month.last_year, month.january, month.plus(-2)) == (Month(2023, 2), Month(2024, 1), Month(2023, 12))
    assert month.so_far() == [Month(2024, 1), Month(2024, 2)]
    assert (month.label, month.span) == ("2024年2月", "2024年1\u20142月")


def test_a_month_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="no such month"):
        Month(2025, 13)
