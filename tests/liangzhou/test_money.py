from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from liangzhou.money import (
    LARGEST_WAN,
    MoneyField,
    MoneyFormField,
    SignedMoneyFormField,
    common_unit,
    parse_wan,
    plain,
    round_wan,
    show_wan,
    split_amount,
    typed_form,
)
from tests.factories import ProjectFactory
from tests.full_width import full_width

NOT_AN_AMOUNT = "“%s” is not an amount. Write for example 13亿, 1.31亿元 or 13,100万元."
NEGATIVE = "An amount cannot be negative."
TOO_LARGE = "This amount is too large. Check whether 万元 and 亿元 were mixed up."
TOO_PRECISE = "An amount is kept to the yuan: at most four decimals in 万元."

amounts = st.decimals(min_value=0, max_value=LARGEST_WAN, places=4)


def refusal(text):
    with translation.override("en"), pytest.raises(ValidationError) as refused:
        parse_wan(text)
    return refused.value.messages


@pytest.mark.parametrize(
    ("typed", "wan"),
    [
        ("13亿", "130000"),
        ("1.31亿元", "13100"),
        ("13100", "13100"),
        ("13,100万元", "13100"),
        ("13,100", "13100"),
        ("1,234,567.89万", "1234567.89"),
        (full_width("13,100") + "万元", "13100"),
        (full_width("1.31") + "亿", "13100"),
        ("13、100万元", "13100"),
        ("  13 亿 元 ", "130000"),
        ("\u300013\u3000亿", "130000"),
        ("500元", "0.05"),
        ("1元", "0.0001"),
        ("0", "0"),
        ("0亿", "0"),
        (".5亿", "5000"),
        ("5.亿", "50000"),
        ("007", "7"),
        ("99999999999.9999", "99999999999.9999"),
        ("9999999.99999999亿元", "99999999999.9999"),
    ],
)
def test_parse_wan_reads_what_people_type(typed, wan):
    assert parse_wan(typed) == Decimal(wan)


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "亿", "万元", "十三亿", "13亿万", "13亿5000万", "13万亿", "1.3.1亿", "13 billion", "约13亿",
        "13亿以上", "13,10万元", "1,31亿", "1e5", "1e999999999", "1E+5", "0x10", "NaN", "Infinity", "+13", "--1",
        "1_000", "\u0661\u0663亿", "\u4e00\u4e8c\u4e09", "13\x00亿", "½亿", "'13", "13;DROP TABLE", "$13",
    ],
)  # fmt: skip
def test_parse_wan_refuses_what_is_not_an_amount(typed):
    assert refusal(typed) == [NOT_AN_AMOUNT % typed.strip()]


def test_parse_wan_quotes_only_the_beginning_of_a_long_text():
    assert refusal("9" * 200) == [NOT_AN_AMOUNT % ("9" * 40)]


@pytest.mark.parametrize("typed", ["-1", "-13亿", "-0.5万元", full_width("-1")])
def test_parse_wan_refuses_negative_amounts(typed):
    assert refusal(typed) == [NEGATIVE]


@pytest.mark.parametrize("typed", ["0.5元", "13.00001", "0.000000001亿", "1.00005万元", "0." + "0" * 30 + "1"])
def test_parse_wan_refuses_more_than_a_yuan_can_say(typed):
    assert refusal(typed) == [TOO_PRECISE]


@pytest.mark.parametrize("typed", ["100000000000", "10000000亿", "99999999999.99995", "9" * 40])
def test_parse_wan_refuses_more_than_the_ledger_holds(typed):
    assert refusal(typed) == [TOO_LARGE]


@given(amounts)
def test_typed_form_is_read_back_to_the_yuan(wan):
    assert parse_wan(typed_form(wan)) == wan


@given(st.text(max_size=60) | st.text("0123456789.,、亿万元eE+- ０", max_size=45))
def test_parse_wan_gives_an_amount_that_can_be_kept_or_a_sentence(text):
    try:
        wan = parse_wan(text)
    except ValidationError:
        return
    assert 0 <= wan <= LARGEST_WAN
    assert wan == round_wan(wan)


@pytest.mark.parametrize(
    ("wan", "shown"),
    [
        (None, "—"),
        ("0", "0 万元"),
        ("9000", "9000 万元"),
        ("9000.0000", "9000 万元"),
        ("3.1786", "3.18 万元"),
        ("0.005", "0.01 万元"),
        ("0.0049", "0 万元"),
        ("9999.99", "9999.99 万元"),
        ("9999.9949", "9999.99 万元"),
        ("9999.995", "1 亿元"),
        ("10000", "1 亿元"),
        ("13100", "1.31 亿元"),
        ("130000", "13 亿元"),
        ("10050", "1.01 亿元"),
        ("10049.9999", "1 亿元"),
        ("12514600", "1251.46 亿元"),
        ("99999999999.9999", "10000000 亿元"),
    ],
)
def test_show_wan_rounds_half_up_and_changes_to_yi_at_one_yi(wan, shown):
    assert show_wan(None if wan is None else Decimal(wan)) == shown


@given(amounts)
def test_show_wan_never_shows_ten_thousand_wan(wan):
    number, unit = split_amount(wan)

    assert unit in ("万元", "亿元")
    assert (Decimal(number) < 10_000) if unit == "万元" else (Decimal(number) >= 1)


def test_show_wan_adds_first_and_rounds_last():
    parts = [parse_wan(typed) for typed in ("33亿元", "5.1亿元", "3.1786亿元", "1.48亿元")]

    assert show_wan(sum(parts)) == "42.76 亿元"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (None, ""), (0, "0"), (100, "100"), (Decimal("1E+5"), "100000"), (Decimal("100.5000"), "100.5"),
        (Decimal("0.0001"), "0.0001"), (Decimal("-3.10"), "-3.1"), (38.01, "38.01"),
    ],
)  # fmt: skip
def test_plain_has_no_exponent_and_no_trailing_zeros(number, text):
    assert plain(number) == text


@pytest.mark.parametrize(
    ("wan", "rounded"),
    [("0.00005", "0.0001"), ("0.00004999", "0"), ("2.00015", "2.0002"), ("2.00025", "2.0003"), ("7", "7")],
)
def test_round_wan_is_half_up_to_the_yuan(wan, rounded):
    assert round_wan(Decimal(wan)) == Decimal(rounded)


@pytest.mark.parametrize(
    ("initial", "typed", "changed"),
    [
        (Decimal("130000.0000"), "13亿元", False),
        (Decimal("130000.0000"), "13 亿", False),
        (Decimal("130000.0000"), "130,000", False),
        (Decimal("130000.0000"), "13.1亿", True),
        (Decimal("130000.0000"), "", True),
        (Decimal("130000.0000"), "many", True),
        (None, "", False),
        (None, None, False),
        (None, "0", True),
        (Decimal(0), "0万元", False),
    ],
)
def test_money_form_field_compares_amounts_and_not_their_spelling(initial, typed, changed):
    assert MoneyFormField(required=False).has_changed(initial, typed) is changed


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Decimal("130000.0000"), "13亿元"),
        (Decimal("13100"), "1.31亿元"),
        (Decimal("9000"), "9000万元"),
        (Decimal("130000.0001"), "13.00000001亿元"),
        (0, "0万元"),
        (None, None),
        ("13 yi", "13 yi"),  # what was typed comes back as it was typed
    ],
)
def test_money_form_field_offers_an_amount_as_a_clerk_would_type_it(value, shown):
    assert MoneyFormField().prepare_value(value) == shown


def test_money_form_field_cleans_to_wan_and_empty_to_unknown():
    field = MoneyFormField(required=False)

    assert [field.clean(typed) for typed in ("13亿", "0", "", "   ", None)] == [130_000, 0, None, None, None]


def test_money_field_is_typed_through_its_own_form_field():
    field = MoneyField("amount", null=True, blank=True).formfield()

    assert type(field) is MoneyFormField
    assert field.required is False


@pytest.mark.parametrize("wan", [LARGEST_WAN, Decimal("0.0001"), Decimal("12345678901.2345")])
def test_every_amount_that_can_be_typed_is_kept_to_the_yuan(db, wan):
    project = ProjectFactory(total_investment=wan)

    project.refresh_from_db()

    assert project.total_investment == wan


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [([], (1, "万元")), ([None, Decimal(9999)], (1, "万元")), ([Decimal(1), Decimal(-10_000)], (10_000, "亿元"))],
)
def test_amounts_printed_together_share_one_unit(amounts, expected):
    assert common_unit(amounts) == expected


@given(amounts)
def test_amount_below_zero_is_read_where_it_may_be_and_refused_elsewhere(wan):
    typed = f"-{typed_form(wan)}"

    assert parse_wan(typed, negative=True) == -wan
    assert SignedMoneyFormField().clean(typed) == -wan
    assert refusal(typed) == [NEGATIVE]


@pytest.mark.parametrize("typed", ["\u2212300万元", "\u2013300万", "\uff0d300", "-0.03亿", "- 300"])
def test_minus_is_understood_in_every_form_that_is_pasted(typed):
    assert parse_wan(typed, negative=True) == -300
    assert typed_form(parse_wan("-1.31亿", negative=True)) == "-1.31亿元"
