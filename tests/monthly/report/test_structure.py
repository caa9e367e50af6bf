"""How cells are printed and columns fitted; no database."""

from datetime import date
from decimal import Decimal as D

import pytest

from monthly.report.structure import Column, Kind, Table, fitted, kept, shown


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (D("1234567.005"), Kind.AMOUNT, "1,234,567.01"),
        (D(0), Kind.AMOUNT, "0.00"),
        (None, Kind.AMOUNT, "—"),
        (D("22.875"), Kind.RATE, "22.88"),
        (D("-5.2"), Kind.CHANGE, "-5.20"),
        (D("0.001"), Kind.CHANGE, "0.00"),
        (D("2.31"), Kind.CHANGE, "+2.31"),
        (1200, Kind.COUNT, "1200"),
        (date(2025, 5, 21), Kind.MONTH, "2025年5月"),
        ("", Kind.TEXT, "—"),
    ],
)
def test_a_cell_is_printed_as_its_kind(value, kind, text):
    assert shown(value, kind) == text


def test_a_workbook_keeps_amounts_to_the_yuan_and_rates_as_printed():
    assert (kept(D("1.2345"), Kind.AMOUNT), kept(D("22.875"), Kind.RATE)) == (D("1.2345"), D("22.88"))
    assert (kept(None, Kind.AMOUNT), kept(date(2025, 5, 1), Kind.MONTH)) == (None, "2025年5月")


@pytest.mark.parametrize("digits", [1, 10, 18])
def test_columns_fill_the_page_and_texts_keep_room(digits):
    columns = (Column("名称", width=2), *(Column("金额", Kind.AMOUNT) for _n in range(8)))
    table = Table("表", columns, (("甲", *[D("9" * digits)] * 8),))

    size, widths = fitted(table, 15.6)

    assert round(sum(widths), 6) == 15.6
    assert widths[0] >= 2.19
    assert 7 <= size <= 9.5
