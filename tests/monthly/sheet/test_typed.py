"""What a form says that stood in its rows: read back as it was written, and nothing that no sheet ever writes."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monthly.sheet.typed import Was

AMOUNTS = st.none() | st.decimals(min_value=-(10**12), max_value=10**12, places=4)


@given(before=AMOUNTS, month=AMOUNTS, plan=AMOUNTS)
def test_what_stood_is_read_back(before, month, plan):
    was = Was(before, month, plan, "", "0f0f", "")

    assert Was.parse(str(was)) == was


def test_what_was_not_filled_is_none():
    assert Was.parse("100||0|||") == Was(D(100), None, D(0), "", "", "")


@pytest.mark.parametrize(
    "amount", ["1e999999", "1e999999999", "NaN", "Infinity", "9" * 14, "1.00001", "+1", "1_0", " 1", "\uff11"]
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_what_no_sheet_writes_is_not_read(amount, place):
    parts = [""] * 6
    parts[place] = amount

    assert Was.parse("|".join(parts)) is None
