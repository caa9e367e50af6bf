"""The rules of red, amber, green at their boundaries: pure, no database."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal as D

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from liangzhou.months import Month
from liangzhou.periods import PartialDate
from monthly.light_rules import ASKED_IN, Facts, Finding, Light, ProjectLight, counted, judge, kept, months_after
from monthly.models import Indicator, LightThresholds, Rule
from projects.stages import Stage, Status

MAY = Month(2025, 5)
DAY = date(2025, 6, 15)
NORMAL = LightThresholds()


def facts(**known) -> Facts:
    return Facts(**{"stage": Stage.LANDED, "month": MAY, "updated": DAY} | known)


def light(on=DAY, thresholds=NORMAL, **known) -> str:
    return judge(facts(**known), thresholds, on).light


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2025, 3, 15), 3, date(2025, 6, 15)),
        (date(2025, 11, 30), 3, date(2026, 2, 28)),
        (date(2023, 11, 30), 3, date(2024, 2, 29)),
        (date(2025, 2, 28), 3, date(2025, 5, 28)),
        (date(2025, 12, 31), 1, date(2026, 1, 31)),
        (date(2025, 12, 31), 2, date(2026, 2, 28)),
        (date(2025, 6, 15), 0, date(2025, 6, 15)),
    ],
)
def test_months_after_is_the_day_with_the_same_number_or_the_last_of_the_month(day, months, expected):
    assert months_after(day, months) == expected


@pytest.mark.parametrize(
    ("planned", "on", "expected"),
    [
        ("2025-03-15", date(2025, 3, 15), Light.GREEN),
        ("2025-03-15", date(2025, 3, 16), Light.AMBER),
        ("2025-03-15", date(2025, 6, 15), Light.AMBER),
        ("2025-03-15", date(2025, 6, 16), Light.RED),
        ("2025-03", date(2025, 3, 31), Light.GREEN),
        ("2025-03", date(2025, 4, 1), Light.AMBER),
        ("2025-03", date(2025, 6, 30), Light.AMBER),
        ("2025-03", date(2025, 7, 1), Light.RED),
        ("2025年3月中旬", date(2025, 3, 20), Light.GREEN),
        ("2025年3月中旬", date(2025, 6, 20), Light.AMBER),
        ("2025年3月中旬", date(2025, 6, 21), Light.RED),
        ("2024", date(2024, 12, 31), Light.GREEN),
        ("2024", date(2025, 3, 31), Light.AMBER),
        ("2024", date(2025, 4, 1), Light.RED),
        ("2025-02-28", date(2025, 5, 28), Light.AMBER),
        ("2025-02-28", date(2025, 5, 29), Light.RED),
        ("2025年2月", date(2025, 5, 31), Light.AMBER),
        ("2025年2月", date(2025, 6, 1), Light.RED),
        ("2025年2月下旬", date(2025, 5, 31), Light.AMBER),
        ("2025年2月中旬", date(2025, 5, 21), Light.RED),
        ("2025年11月", date(2026, 2, 28), Light.AMBER),
        ("2025年11月", date(2026, 3, 1), Light.RED),
    ],
)
def test_start_is_amber_up_to_three_months_after_the_end_of_what_was_planned(planned, on, expected):
    assert light(on=on, planned_start=PartialDate.parse(planned), updated=on) == expected


def test_start_is_not_missed_once_the_works_have_begun():
    planned = PartialDate.parse("2024")

    assert light(planned_start=planned) == Light.RED
    assert light(planned_start=planned, begun=True) == Light.GREEN
    assert light(planned_start=planned, stage=Stage.STARTED) == Light.GREEN
    assert light(planned_start=None) == Light.GREEN


@pytest.mark.parametrize(
    ("done", "expected"),
    [  # of a plan of 12,000: 100 is 0.8333… %, the pace of June is 50 %
        ("6000", Light.GREEN),
        ("4801.2", Light.GREEN),  # 9.99 behind
        ("4800.6", Light.AMBER),  # 9.995 is printed as 10.00
        ("4800", Light.AMBER),
        ("2400", Light.AMBER),
        ("2399.5", Light.AMBER),  # 30.004 is printed as 30.00
        ("2398.8", Light.RED),  # 30.01
        ("0", Light.RED),
        (None, Light.RED),
        ("-100", Light.RED),
        ("13000", Light.GREEN),
    ],
)
def test_money_is_amber_from_ten_to_thirty_points_behind_the_pace_as_printed(done, expected):
    known = {"month": Month(2025, 6), "plan": D(12_000), "done": None if done is None else D(done)}

    assert light(**known) == expected


def test_money_is_not_judged_without_a_plan_or_with_a_plan_of_nothing():
    assert light(plan=None, done=D(1)) == Light.GREEN
    assert light(plan=D(0), done=None) == Light.GREEN


def test_money_of_january_is_less_than_ten_points_behind_even_where_nothing_came():
    assert light(month=Month(2025, 1), plan=D(12_000)) == Light.GREEN
    assert light(month=Month(2025, 2), plan=D(12_000)) == Light.AMBER


@pytest.mark.parametrize(
    ("start", "on", "expected"),
    [
        ("2025-04-30", date(2025, 5, 30), Light.GREEN),
        ("2025-04-30", date(2025, 5, 31), Light.AMBER),
        ("2025-04-30", date(2025, 6, 30), Light.AMBER),
        ("2025-04-30", date(2025, 7, 1), Light.RED),
        ("2025-04", date(2025, 5, 31), Light.GREEN),
        ("2025-04", date(2025, 6, 1), Light.AMBER),
        ("2025-04", date(2025, 6, 30), Light.AMBER),
        ("2025-04", date(2025, 7, 1), Light.RED),
        ("2025年5月下旬", date(2025, 6, 30), Light.GREEN),
        ("2025年5月下旬", date(2025, 7, 1), Light.AMBER),
        ("2025年5月下旬", date(2025, 7, 31), Light.AMBER),
        ("2025年5月下旬", date(2025, 8, 1), Light.RED),
        ("2024", date(2025, 1, 31), Light.GREEN),
    ],
)
def test_registration_is_amber_after_a_month_and_red_after_two(start, on, expected):
    known = {"stage": Stage.BUILDING, "start": PartialDate.parse(start), "begun": True, "updated": on}

    assert light(on=on, total_investment=D(500), **known) == expected
    assert light(on=on, total_investment=D("499.9999"), **known) == Light.GREEN
    assert light(on=on, total_investment=None, **known) == Light.GREEN
    assert light(on=on, total_investment=D(500), registered=True, **known) == Light.GREEN


@pytest.mark.parametrize(
    ("days", "expected"),
    [(0, Light.GREEN), (29, Light.GREEN), (30, Light.AMBER), (59, Light.AMBER), (60, Light.RED), (-3, Light.GREEN)],
)
def test_update_is_amber_from_30_days_and_red_from_60(days, expected):
    assert light(updated=DAY - timedelta(days=days)) == expected


def test_thresholds_are_data():
    strict = LightThresholds(start_red_months=0, update_amber_days=1, update_red_days=2)

    assert light(thresholds=strict, planned_start=PartialDate.parse("2025-06-14")) == Light.RED
    assert light(thresholds=strict, updated=date(2025, 6, 14)) == Light.AMBER


def test_exemption_exempts_its_rule_alone_and_is_shown():
    late = facts(
        planned_start=PartialDate.parse("2024"),
        updated=date(2025, 5, 1),
        exemptions={Rule.START: "用地规划调整", Rule.MONEY: "未用到"},
    )

    found = judge(late, NORMAL, DAY)

    assert found.light == Light.AMBER
    assert [(one.rule, one.light, one.shown, one.exempted_by) for one in found.findings] == [
        (Rule.UPDATE, Light.AMBER, Light.AMBER, ""),
        (Rule.START, Light.RED, Light.EXEMPT, "用地规划调整"),
    ]
    assert judge(replace(late, updated=DAY), NORMAL, DAY).light == Light.EXEMPT


def test_worst_rule_decides_and_comes_first():
    found = judge(facts(planned_start=PartialDate.parse("2025-05"), updated=date(2025, 1, 1)), NORMAL, DAY)

    assert found.light == Light.RED
    assert [(one.rule, one.light) for one in found.findings] == [
        (Rule.UPDATE, Light.RED),
        (Rule.START, Light.AMBER),
    ]


def test_sentences_say_what_is_wrong_in_words():
    with translation.override("en"):
        said = judge(replace(_late(), exemptions={Rule.UPDATE: "停工检修"}), NORMAL, DAY).sentences

    assert said == (
        "Investment completed (固投): 1200 万元 in months 1–5 of 2025 of the year's 1.2 亿元, "
        "31.67 points behind the pace.",
        "The works were to start in May 2025 and have not started: 15 days late.",
        "Nothing was entered for 36 days, since 10 May 2025. Justified reason: 停工检修",
    )


def _late() -> Facts:
    return facts(
        planned_start=PartialDate.parse("2025-05"),
        plan=D(12_000),
        done=D(1_200),
        plan_of=Indicator.INVESTMENT,
        updated=date(2025, 5, 10),
    )


@pytest.mark.parametrize("stage", [Stage.RESERVE, Stage.LEAD, Stage.NEGOTIATING, Stage.AT_CAPACITY])
def test_project_that_no_rule_is_for_has_no_light_and_says_why(stage):
    found = judge(facts(stage=stage, updated=date(2020, 1, 1)), NORMAL, DAY)

    assert found.light == Light.NONE
    assert [(one.rule, one.light, bool(one.sentence)) for one in found.findings] == [("", Light.NONE, True)]


@pytest.mark.parametrize("status", [Status.PAUSED, Status.TERMINATED])
def test_paused_or_terminated_project_shows_its_reason_and_no_light(status):
    known = facts(status=status, status_reason="资金链断裂", updated=date(2020, 1, 1))

    with translation.override("en"):
        found = judge(known, NORMAL, DAY)

    assert found == ProjectLight(Light.NONE, (Finding("", Light.NONE, f"{status.value.capitalize()}: 资金链断裂"),))


def test_every_rule_is_asked_in_some_stage_and_none_at_capacity():
    assert set(ASKED_IN) == set(Rule)
    assert [rule for rule, stages in ASKED_IN.items() if Stage.AT_CAPACITY in stages] == []


def test_light_is_kept_in_a_snapshot_and_read_back():
    found = judge(replace(_late(), exemptions={Rule.UPDATE: "停工检修"}), NORMAL, DAY)

    assert kept(str(found.light), found.reasons()) == found
    assert kept("", []) == ProjectLight(Light.NONE)


def test_counted_names_every_light_the_worst_first():
    lights = [ProjectLight(Light.GREEN), ProjectLight(Light.RED), ProjectLight(Light.GREEN)]

    assert list(counted(lights).items()) == [("red", 1), ("amber", 0), ("exempt", 0), ("green", 2), ("none", 0)]


@given(day=st.dates(date(2000, 1, 1), date(2090, 1, 1)), months=st.integers(0, 60))
def test_months_after_lies_in_the_month_that_many_later(day, months):
    assert Month.of(months_after(day, months)) == Month.of(day).plus(months)


@given(late=st.integers(0, 400))
def test_start_never_gets_better_as_time_goes_by(late):
    planned, order = PartialDate.parse("2025-02"), [Light.GREEN, Light.AMBER, Light.RED]
    today, tomorrow = planned.last + timedelta(days=late), planned.last + timedelta(days=late + 1)

    shown = [light(on=day, planned_start=planned, updated=day) for day in (today, tomorrow)]

    assert order.index(shown[0]) <= order.index(shown[1])
