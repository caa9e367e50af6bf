import calendar
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from liangzhou.periods import PartialDate, PartialDateFormField, Precision, month_label, periods_of, span_label
from tests.full_width import full_width

YEAR, MONTH, TEN_DAYS, DAY = (str(precision) for precision in Precision)
NOT_A_DATE = "“%s” is not a date. Write for example 2025, 2025年5月, 2025年5月下旬 or 2025-05-21."
NO_SUCH_DAY = "“%s” does not exist in the calendar."
OTHER_YEAR = "The year must lie between 1949 and 2100."
LATE_MAY = PartialDate(date(2025, 5, 21), TEN_DAYS)

days = st.dates(date(1949, 1, 1), date(2100, 12, 31))
partial_dates = st.one_of(
    st.builds(lambda day: PartialDate(day.replace(month=1, day=1), YEAR), days),
    st.builds(lambda day: PartialDate(day.replace(day=1), MONTH), days),
    st.builds(lambda day, ten: PartialDate(day.replace(day=ten), TEN_DAYS), days, st.sampled_from([1, 11, 21])),
    st.builds(lambda day: PartialDate(day, DAY), days),
)


def refusal(text):
    with translation.override("en"), pytest.raises(ValidationError) as refused:
        PartialDate.parse(text)
    return refused.value.messages


@pytest.mark.parametrize(
    ("typed", "first", "precision"),
    [
        ("2025", date(2025, 1, 1), YEAR),
        ("2025年", date(2025, 1, 1), YEAR),
        (full_width("2025") + "年", date(2025, 1, 1), YEAR),
        ("1949", date(1949, 1, 1), YEAR),
        ("2100", date(2100, 1, 1), YEAR),
        ("2025年5月", date(2025, 5, 1), MONTH),
        ("2025年05月", date(2025, 5, 1), MONTH),
        ("2025年 5 月", date(2025, 5, 1), MONTH),
        ("2025-05", date(2025, 5, 1), MONTH),
        ("2025.5", date(2025, 5, 1), MONTH),
        ("2025/5", date(2025, 5, 1), MONTH),
        ("202505", date(2025, 5, 1), MONTH),
        (full_width("2025-05"), date(2025, 5, 1), MONTH),
        ("2025年5月上旬", date(2025, 5, 1), TEN_DAYS),
        ("2025年5月中旬", date(2025, 5, 11), TEN_DAYS),
        ("2025年5月下旬", date(2025, 5, 21), TEN_DAYS),
        ("2025-05下旬", date(2025, 5, 21), TEN_DAYS),
        ("2025年2月下旬", date(2025, 2, 21), TEN_DAYS),
        ("2025年5月21日", date(2025, 5, 21), DAY),
        ("2025年5月21号", date(2025, 5, 21), DAY),
        ("2025年5月21", date(2025, 5, 21), DAY),
        ("2025-05-21", date(2025, 5, 21), DAY),
        ("2025/5/21", date(2025, 5, 21), DAY),
        ("2025.5.21", date(2025, 5, 21), DAY),
        ("20250521", date(2025, 5, 21), DAY),
        (full_width("2025/5/21"), date(2025, 5, 21), DAY),
        (" 2025-05-21 ", date(2025, 5, 21), DAY),
        ("2024-02-29", date(2024, 2, 29), DAY),
    ],
)
def test_parse_reads_a_date_as_far_as_it_is_known(typed, first, precision):
    assert PartialDate.parse(typed) == PartialDate(first, precision)


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "25", "5月", "2025年5月下旬21日", "2025年下旬", "2025年5月末", "2025年上半年", "去年",
        "2025年第一季度", "2025-05-21 10:00", "2025-05-21T00:00", "21.5.2025", "May 2025", "2025\x0005",
        "2025年5月\x00", "-2025", "2025--05", "2025年5月211日", "\u0662\u0660\u0662\u0665", "二〇二五年",
        "20255", "2025521", "2025 5 21", "2025年521", "2025-0521",  # which of these digits is the month?
    ],
)  # fmt: skip
def test_parse_refuses_what_is_not_a_date(typed):
    assert refusal(typed) == [NOT_A_DATE % typed.strip()]


def test_parse_quotes_only_the_beginning_of_a_long_text():
    assert refusal("2025" * 50) == [NOT_A_DATE % ("2025" * 7 + "20")]


@pytest.mark.parametrize(
    "typed",
    ["2025年13月", "2025-00", "2025-02-30", "2025-02-29", "2025年4月31日", "2025-05-00", "2025年13月上旬", "20251301"],
)
def test_parse_refuses_days_that_do_not_exist(typed):
    assert refusal(typed) == [NO_SUCH_DAY % typed]


@pytest.mark.parametrize("typed", ["0000", "0000-01-01", "1948", "1948年12月31日", "2101", "3000年", "9999-12-31"])
def test_parse_refuses_years_that_cannot_be_meant(typed):
    assert refusal(typed) == [OTHER_YEAR]


@given(partial_dates)
def test_chinese_is_read_back(known):
    assert PartialDate.parse(known.chinese) == known


@given(st.text(max_size=40) | st.text("0123456789年月日上中下旬-./ ", max_size=14))
def test_parse_gives_a_date_or_a_sentence(text):
    try:
        known = PartialDate.parse(text)
    except ValidationError:
        return
    assert PartialDate.parse(known.chinese) == known


@pytest.mark.parametrize(
    ("typed", "last"),
    [
        ("2025", date(2025, 12, 31)),
        ("2025年2月", date(2025, 2, 28)),
        ("2024年2月", date(2024, 2, 29)),
        ("2025年12月", date(2025, 12, 31)),
        ("2025年5月上旬", date(2025, 5, 10)),
        ("2025年5月中旬", date(2025, 5, 20)),
        ("2025年5月下旬", date(2025, 5, 31)),
        ("2024年2月下旬", date(2024, 2, 29)),
        ("2025-05-21", date(2025, 5, 21)),
    ],
)
def test_last_is_the_last_day_of_the_period_meant(typed, last):
    assert PartialDate.parse(typed).last == last


@given(st.dates(date(1949, 1, 1), date(2100, 12, 31)))
def test_periods_of_a_day_are_those_that_hold_it(day):
    periods = periods_of(day)

    assert list(periods) == list(Precision)
    assert [first <= day <= PartialDate(first, precision).last for precision, first in periods.items()] == [True] * 4


@given(partial_dates)
def test_the_day_after_last_lies_outside_the_period(known):
    length = (known.last - known.first).days + 1
    month = calendar.monthrange(known.first.year, known.first.month)[1]

    expected = {YEAR: 366 if calendar.isleap(known.first.year) else 365, MONTH: month, DAY: 1}
    assert length == expected.get(known.precision, month - 20 if known.first.day == 21 else 10)


@pytest.mark.parametrize(
    ("typed", "chinese", "english"),
    [
        ("2025", "2025年", "2025"),
        ("2025-05", "2025年5月", "May 2025"),
        ("2025年5月上旬", "2025年5月上旬", "early May 2025"),
        ("2025年5月中旬", "2025年5月中旬", "mid May 2025"),
        ("2025年5月下旬", "2025年5月下旬", "late May 2025"),
        ("2025-05-01", "2025年5月1日", "1 May 2025"),
    ],
)
def test_partial_date_prints_in_the_language_of_the_page(typed, chinese, english):
    known = PartialDate.parse(typed)

    with translation.override("en"):
        assert str(known) == english
    with translation.override("zh-hans"):
        assert str(known) == chinese
    with translation.override(None):
        assert str(known) == chinese


def test_form_field_reads_a_date_and_shows_it_as_it_reads_it():
    field = PartialDateFormField(required=False)

    assert field.clean("2025年5月下旬") == LATE_MAY
    assert [field.clean(typed) for typed in ("", "  ", None)] == [None, None, None]
    assert [field.prepare_value(value) for value in (LATE_MAY, "May 25", None)] == ["2025年5月下旬", "May 25", None]


@pytest.mark.parametrize(
    ("initial", "typed", "changed"),
    [
        (LATE_MAY, "2025年5月下旬", False),
        (LATE_MAY, "2025-05下旬", False),
        (LATE_MAY, "2025-05-21", True),  # the same day, better known
        (LATE_MAY, "", True),
        (LATE_MAY, "soon", True),
        (None, "", False),
        (None, "2025", True),
    ],
)
def test_form_field_compares_what_is_known(initial, typed, changed):
    assert PartialDateFormField(required=False).has_changed(initial, typed) is changed


@pytest.mark.parametrize(
    ("start", "end", "chinese", "english"),
    [
        (None, None, "", ""),
        (date(2025, 1, 1), date(2025, 5, 1), "2025年1—5月", "months 1–5 of 2025"),
        (date(2025, 3, 1), date(2025, 12, 1), "2025年3—12月", "months 3–12 of 2025"),
        (date(2025, 5, 1), date(2025, 5, 1), "2025年5月", "May 2025"),
        (date(2025, 1, 1), date(2025, 6, 1), "2025年上半年", "first half of 2025"),
        (date(2025, 7, 1), date(2025, 12, 1), "2025年下半年", "second half of 2025"),
        (date(2025, 1, 1), date(2025, 12, 1), "2025年", "2025 (whole year)"),
        (date(2024, 1, 1), None, "2024年以来", "since 2024"),
        (date(2024, 3, 1), None, "2024年3月以来", "since March 2024"),
        (None, date(2025, 5, 1), "截至2025年5月", "up to May 2025"),
        (date(2024, 11, 1), date(2025, 2, 1), "2024年11月至2025年2月", "November 2024 to February 2025"),
        (date(2024, 1, 1), date(2025, 12, 1), "2024年1月至2025年12月", "January 2024 to December 2025"),
    ],
)
def test_span_label_names_the_months_in_both_languages(start, end, chinese, english):
    with translation.override("zh-hans"):
        assert span_label(start, end) == chinese
    with translation.override("en"):
        assert span_label(start, end) == english


def test_month_label_is_the_month_of_a_day():
    with translation.override("en"):
        assert month_label(date(2025, 5, 31)) == "May 2025"
    assert month_label(date(2025, 5, 31)) == "2025年5月"
