from datetime import UTC, datetime
from decimal import Decimal

import pytest

from liangzhou.exports.fields import clean, local, number_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("130000.0000"), "130000"),
        (Decimal("1E+5"), "100000"),
        (Decimal("0.0001"), "0.0001"),
        (Decimal("-12.50"), "-12.5"),
        (0, "0"),
        (2025, "2025"),
        (38.01, "38.01"),
        (None, ""),
        (Decimal("NaN"), ""),
        (float("inf"), ""),
    ],
)
def test_number_text_is_plain(value, text):
    assert number_text(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (300, "300"),
        ("独立储能　电站🐮", "独立储能　电站🐮"),
        ("a\x00b\x07c\x7fd\x85e", "abcde"),
        ("\ud800半\udfff个\ufffe\uffff", "半个"),
        ("一\t二\n三\r\n四", "一\t二\n三\r\n四"),
    ],
)
def test_clean_removes_what_a_cell_cannot_hold(value, text):
    assert clean(value) == text


def test_local_is_the_clock_of_shanghai_to_the_second():
    assert local(datetime(2025, 5, 31, 16, 0, 0, 999_999, tzinfo=UTC)) == datetime(2025, 6, 1)  # noqa: DTZ001 - naive


def test_local_refuses_a_moment_without_zone():
    with pytest.raises(ValueError, match="naive"):
        local(datetime(2025, 6, 1))  # noqa: DTZ001 - the mistake itself
