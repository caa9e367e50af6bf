from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from liangzhou.models import Qualifier
from projects.models import ReportedIndicator
from tests.factories import ReportedIndicatorFactory
from tests.problems import problems

pytestmark = pytest.mark.django_db


def indicator(value="88.57", growth="38.01", **fields):
    growth = None if growth is None else Decimal(growth)
    return ReportedIndicator(value=Decimal(value), unit="亿元", growth=growth, **fields)


def test_indicator_is_named_and_stands_in_the_list():
    saved = ReportedIndicatorFactory(name="省外到位资金")

    assert (str(saved), saved.get_absolute_url()) == ("省外到位资金", "/indicators/#sheng-wai-dao-wei-zi-jin")
    assert ReportedIndicator.objects.get_by_natural_key(*saved.natural_key()) == saved


def test_indicators_stand_in_their_order():
    second, first = ReportedIndicatorFactory(position=2), ReportedIndicatorFactory(position=1)

    assert list(ReportedIndicator.objects.all()) == [first, second]


@pytest.mark.parametrize(
    ("qualifier", "shown"),
    [(Qualifier.EXACT, "88.57 亿元"), (Qualifier.FORECAST, "预计 88.57 亿元"), (Qualifier.OVER, "超 88.57 亿元")],
)
def test_shown_is_the_value_as_it_was_stated(qualifier, shown):
    assert indicator(qualifier=qualifier).shown == shown


@pytest.mark.parametrize(
    ("growth", "qualifier", "shown"),
    [
        (None, Qualifier.EXACT, ""),
        ("38.01", Qualifier.EXACT, "+38.01%"),
        ("-3.2", Qualifier.EXACT, "-3.2%"),
        ("0", Qualifier.EXACT, "0%"),
        ("35", Qualifier.AT_LEAST, "+35%以上"),
    ],
)
def test_shown_growth_has_a_sign(growth, qualifier, shown):
    assert indicator(growth=growth, growth_qualifier=qualifier).shown_growth == shown


def test_shown_growth_has_its_sign_at_the_number_in_english():
    with translation.override("en"):
        assert indicator(growth="35", growth_qualifier=Qualifier.AT_LEAST).shown_growth == "at least +35%"


def test_period_is_named_by_its_months():
    assert indicator(period_start=date(2025, 1, 1), period_end=date(2025, 5, 1)).period == "2025年1—5月"
    assert indicator().period == ""


@pytest.mark.parametrize(
    ("fields", "base"),
    [
        ({}, "64.18"),
        ({"value": "4766.22", "growth": "22.88"}, "3878.76"),
        ({"value": "50", "growth": "-50"}, "100.00"),
        ({"value": "1", "growth": "700"}, "0.13"),  # 0.125, half up
        ({"growth": None}, None),
        ({"growth": "-100"}, None),
        ({"growth": "-120"}, None),
        ({"qualifier": Qualifier.FORECAST}, None),
        ({"growth_qualifier": Qualifier.AT_LEAST}, None),
    ],
)
def test_implied_base_is_last_years_value_where_both_are_exact(fields, base):
    assert indicator(**fields).implied_base == (None if base is None else Decimal(base))


def test_period_that_ends_before_it_begins_is_told_in_words():
    wrong = ReportedIndicatorFactory.build(period_end=date(2024, 12, 1))

    assert problems(wrong)["__all__"] == ["The last month cannot lie before the first."]


@pytest.mark.parametrize("value", ["99999999999.9999", "0.0001"])
def test_value_keeps_every_digit_that_can_be_typed(value):
    ReportedIndicatorFactory(value=Decimal(value))

    assert ReportedIndicator.objects.get().value == Decimal(value)
