"""Each slip of DOMAIN.md's list: one that fires, and one at the boundary that does not."""

from datetime import date
from decimal import Decimal as D

import pytest

from liangzhou.months import Month
from liangzhou.periods import PartialDate
from monthly.slips import Figures, Severity, slips
from projects.stages import Facts, Stage

MAY, JANUARY = Month(2025, 5), Month(2025, 1)


def figures(amount, *months, **how):
    """May 2025 after the amounts of January to April of that year."""
    known = {
        "month": MAY,
        "this_month": MAY,
        "this_year": tuple(map(D, months)),
        "earlier": tuple(map(D, months[::-1])),
    }
    known["before"] = sum(map(D, months)) if months else None
    return Figures(amount=None if amount is None else D(amount), **(known | how))


def fired(amount, *months, **how):
    return [(one.code, one.severity, one.cell) for one in slips(figures(amount, *months, **how))]


def warning(code, cell="month"):
    return [(code, Severity.WARNING, cell)]


def dates(**days):
    return Facts(dates={kind: PartialDate(day, "day") for kind, day in days.items()})


def test_month_like_the_others_has_no_slip():
    assert fired(110, 100, 120, 90, 100) == []


def test_nothing_typed_has_no_slip():
    assert fired(None, 100, 120, month=Month(2025, 6)) == []


@pytest.mark.parametrize(("month", "expected"), [(MAY, []), (MAY.plus(1), [("future", Severity.ERROR, "month")])])
def test_future_month_is_refused(month, expected):
    assert fired(10, month=month) == expected


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (50, []),
        ("50.0001", warning("above_investment")),
        (950, warning("above_investment")),
        ("950.0001", [("ten_times_investment", Severity.ERROR, "month")]),
    ],
)
def test_funds_above_the_total_investment(amount, expected):
    assert fired(amount, others=D(50), investment=D(100)) == expected


def test_reduction_is_not_funds_above_the_total_investment():
    assert fired(-1, 500, investment=D(100), others=D(500)) == warning("month_as_cumulative", "cumulative")


@pytest.mark.parametrize(("amount", "expected"), [(0, []), ("-0.0001", warning("below_last_month", "cumulative"))])
def test_cumulative_below_last_months(amount, expected):
    assert fired(amount, 100, 100) == expected


@pytest.mark.parametrize(
    ("amount", "code"), [(-200, "month_as_cumulative"), ("-199.9999", "below_last_month"), (-300, "below_last_month")]
)
def test_month_typed_as_cumulative_is_no_larger_than_a_month(amount, code):
    assert fired(amount, 100, 100, 100) == warning(code, "cumulative")


def test_amount_below_zero_where_nothing_can_fall_wants_its_reason():
    assert fired(-5, month=JANUARY) == warning("negative")


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("299.9999", []),
        (300, warning("cumulative_as_month")),
        (600, warning("cumulative_as_month")),
        ("600.0001", []),
        (1001, warning("jump")),
    ],
)
def test_cumulative_typed_as_month(amount, expected):
    assert fired(amount, 100, 100, 100) == expected


@pytest.mark.parametrize(
    ("amount", "expected"),
    [(120, []), (121, warning("cumulative_as_month")), (220, warning("cumulative_as_month")), (221, [])],
)
def test_cumulative_typed_as_the_second_month(amount, expected):
    second = {"month": Month(2025, 2), "this_year": (D(100),), "before": D(100)}

    assert fired(amount, **second, earlier=(D(100), D(120), D(90))) == expected
    assert fired(amount, **second, earlier=(D(100), D(120))) == []


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (1000, []),
        ("1000.0001", warning("jump")),
        (10, []),
        ("9.9999", warning("jump")),
        (0, []),
        (1_000_000, warning("unit")),
        ("0.01", warning("unit")),
    ],
)
def test_jump_of_more_than_ten_times_both_ways(amount, expected):
    assert fired(amount, earlier=(D(100), D(0), D(100))) == expected


def test_one_month_out_of_line_does_not_decide_what_is_usual():
    assert fired(130, earlier=(D("0.012"), D(120), D(110))) == []


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (80, warning("december_carried")),
        (600, warning("december_carried")),
        (900, warning("december_carried")),
        ("599.9999", []),
        ("900.0001", warning("jump")),
        (81, []),
    ],
)
def test_december_carried_into_january(amount, expected):
    december = {"last_december": D(80), "last_year": D(600), "earlier": (D(90),)}
    assert fired(amount, month=JANUARY, **december) == expected


def test_a_later_month_may_repeat_december():
    assert fired(80, 70, last_december=D(80), last_year=D(600)) == []


@pytest.mark.parametrize(
    ("signed", "expected"), [(date(2025, 5, 31), []), (date(2025, 6, 1), warning("before_signing"))]
)
def test_funds_before_the_month_of_signing(signed, expected):
    assert fired(10, facts=dates(signed=signed)) == expected


@pytest.mark.parametrize(
    ("started", "expected"), [(date(2025, 3, 1), []), (date(2025, 2, 28), warning("start_before_signing", "project"))]
)
def test_start_before_signing(started, expected):
    assert fired(None, facts=dates(signed=date(2025, 3, 1), started=started)) == expected


def test_production_without_start():
    facts = dates(producing=date(2025, 3, 1))

    assert fired(None, facts=facts) == warning("production_without_start", "project")
    assert fired(None, stage=Stage.PRODUCING) == warning("production_without_start", "project")
    assert fired(None, stage=Stage.BUILDING) == []
    assert fired(None, facts=facts, let_through=frozenset({"started"})) == []


@pytest.mark.parametrize(("investment", "expected"), [(500, []), (499, warning("statistics_too_small", "project"))])
def test_statistics_library_below_500(investment, expected):
    known = dates(started=date(2025, 1, 1), registered=date(2025, 3, 1)).dates

    assert fired(None, facts=Facts(investment=D(investment), dates=known)) == expected


def test_rows_that_may_be_one_project_are_named():
    (slip,) = slips(figures(None, look_alikes=("冷链物流中心", "冷链中心")))

    assert (slip.code, slip.cell) == ("two_rows", "project")
    assert "冷链物流中心" in slip.sentence
    assert "冷链中心" in slip.sentence


def test_errors_come_first():
    assert [one.severity for one in slips(figures(5000, 1, investment=D(10)))] == [Severity.ERROR, Severity.WARNING]
