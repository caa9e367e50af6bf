from decimal import Decimal

import pytest
from django.utils import translation

from liangzhou.figures import AMOUNT, patterns, qualified, show_figure
from liangzhou.models import Qualifier


@pytest.mark.parametrize(
    ("value", "unit", "qualifier", "chinese", "english"),
    [
        ("88.5700", "亿元", Qualifier.EXACT, "88.57 亿元", "88.57 亿元"),
        ("38.01", "%", Qualifier.EXACT, "38.01%", "38.01%"),
        ("35", "%", Qualifier.AT_LEAST, "35%以上", "at least 35%"),
        ("9", "个", Qualifier.ABOUT, "约 9 个", "about 9 个"),
        ("9", "个", Qualifier.NEARLY, "近 9 个", "nearly 9 个"),
        ("10", "万吨", Qualifier.OVER, "超 10 万吨", "over 10 万吨"),
        ("9000", "万元", Qualifier.REACHED, "达 9000 万元", "reached 9000 万元"),
        ("113.36", "亿元", Qualifier.FORECAST, "预计 113.36 亿元", "forecast 113.36 亿元"),
        ("1000000", "", Qualifier.EXACT, "1000000", "1000000"),
        ("0.5", "吨/日", Qualifier.EXACT, "0.5 吨/日", "0.5 吨/日"),
        ("0", "项", Qualifier.EXACT, "0 项", "0 项"),
        ("-3", "%", Qualifier.EXACT, "-3%", "-3%"),
        ("12", "项", "no such qualifier", "12 项", "12 项"),
    ],
)
def test_show_figure_words_the_qualifier_around_the_amount(value, unit, qualifier, chinese, english):
    assert show_figure(Decimal(value), unit, qualifier) == chinese
    with translation.override("en"):
        assert show_figure(Decimal(value), unit, qualifier) == english


def test_show_figure_tells_unknown_from_nothing():
    assert show_figure(None, "亿元", Qualifier.OVER) == "—"


@pytest.mark.parametrize(
    ("value", "qualifier", "shown"),
    [
        ("38.01", Qualifier.EXACT, "+38.01%"),
        ("-3.2", Qualifier.EXACT, "-3.2%"),
        ("0", Qualifier.EXACT, "0%"),
        ("35", Qualifier.AT_LEAST, "+35%以上"),
        ("35", Qualifier.FORECAST, "预计 +35%"),
    ],
)
def test_show_figure_puts_the_sign_at_the_number(value, qualifier, shown):
    assert show_figure(Decimal(value), "%", qualifier, signed=True) == shown


@pytest.mark.parametrize(
    ("qualifier", "words"), [("about", "约 13 亿元"), ("at_least", "13 亿元以上"), ("exact", "13 亿元")]
)
def test_qualified_words_an_amount_that_is_printed_already(qualifier, words):
    assert qualified("13 亿元", qualifier) == words


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_patterns_word_every_qualifier_but_exact_around_one_amount(language):
    with translation.override(language):
        worded = patterns()

    assert set(worded) == set(Qualifier.values) - {Qualifier.EXACT}
    assert {pattern.count(AMOUNT) for pattern in worded.values()} == {1}
