from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liangzhou.periods import PartialDate, Precision
from projects.models import Milestone, Project, StageChange
from projects.stages import (
    PUBLIC_STAGES,
    REQUIREMENTS,
    Facts,
    Stage,
    Status,
    ahead,
    following,
    labels,
    missing,
    stage_order,
)
from tests.factories import ProjectFactory

IN_ORDER = [
    "reserve", "lead", "negotiating", "signed", "landed", "started", "building", "producing", "at_capacity",
]  # fmt: skip


def test_stages_stand_in_the_order_of_a_project():
    assert sorted(Stage, key=lambda stage: stage.order) == IN_ORDER
    assert [stage.order for stage in Stage] == list(range(9))


def test_public_stages_begin_with_the_signing():
    assert list(PUBLIC_STAGES) == IN_ORDER[3:]


def test_labels_are_chinese():
    assert "、".join(str(label) for label in Stage.labels) == "储备、线索、在谈、签约、落地、开工、在建、投产、达产"
    assert "、".join(str(label) for label in Status.labels) == "正常、暂停、终止"


@pytest.mark.django_db
def test_stage_order_is_the_same_in_sql():
    for stage in reversed(Stage):
        ProjectFactory(stage=stage, published=False)

    rows = Project.objects.annotate(order=stage_order()).order_by("order").values_list("stage", "order")

    assert list(rows) == [(stage.value, stage.order) for stage in Stage]


# What the stages require

DATES = {kind: PartialDate.parse(f"{2020 + order}年") for order, kind in enumerate(("signed", "started", "producing"))}
WHOLE = {"enterprise": True, "registered": True, "place": True, "investment": Decimal(500), "dates": DATES}


def names(stage, **facts):
    return [requirement.name for requirement in missing(stage, Facts(**facts))]


def dated(**typed):
    return {kind: PartialDate.parse(text) for kind, text in typed.items()}


@pytest.mark.parametrize(("stage", "needed"), [
    ("reserve", []), ("lead", []), ("negotiating", []),
    ("signed", ["enterprise", "signed", "investment"]),
    ("landed", ["enterprise", "signed", "investment", "place", "registered"]),
    ("started", ["enterprise", "signed", "investment", "place", "registered", "started"]),
    ("building", ["enterprise", "signed", "investment", "place", "registered", "started"]),
    ("producing", ["enterprise", "signed", "investment", "place", "registered", "started", "producing"]),
    ("at_capacity", ["enterprise", "signed", "investment", "place", "registered", "started", "producing"]),
])  # fmt: skip
def test_stage_requires_what_it_and_those_before_it_say(stage, needed):
    assert names(stage) == needed


def test_nothing_is_missing_where_everything_is_known():
    assert [names(stage, **WHOLE) for stage in Stage] == [[]] * 9


@pytest.mark.parametrize(("fact", "gap"), [
    ({"enterprise": False}, "enterprise"), ({"registered": False}, "registered"), ({"place": False}, "place"),
    ({"investment": None}, "investment"),
    *(({"dates": {k: d for k, d in DATES.items() if k != kind}}, kind) for kind in DATES),
])  # fmt: skip
def test_each_fact_is_asked_for_by_its_name(fact, gap):
    assert names("at_capacity", **WHOLE | fact) == [gap]


def test_undisclosed_investment_needs_no_amount():
    assert names("signed", **WHOLE | {"investment": None, "undisclosed": True}) == []


@pytest.mark.parametrize(("typed", "gaps"), [
    ({"signed": "2025年5月", "started": "2025年4月"}, ["start_before_signing"]),
    ({"signed": "2025年5月", "started": "2025年"}, []),
    ({"signed": "2025年", "started": "2025年1月1日"}, []),
    ({"signed": "2025年5月下旬", "started": "2025年5月中旬"}, ["start_before_signing"]),
    ({"signed": "2025年5月21日", "started": "2025年5月下旬"}, []),
    ({"started": "2025年5月", "producing": "2025年4月30日"}, ["production_before_start"]),
    ({"started": "2025年5月", "producing": "2025年5月1日"}, []),
    ({"producing": "2025年5月"}, ["started"]),
    ({"started": "2025年5月", "registered": "2025年4月"}, ["statistics_before_start"]),
    ({"started": "2025年5月", "registered": "2025年5月"}, []),
    ({"registered": "2025年5月"}, []),
])  # fmt: skip
def test_dates_that_contradict_each_other_are_told_at_any_stage(typed, gaps):
    assert names("lead", dates=dated(**typed)) == gaps


@pytest.mark.parametrize(("wan", "gaps"), [(Decimal("499.9999"), ["statistics_too_small"]), (500, []), (None, [])])
def test_statistics_library_takes_no_small_project(wan, gaps):
    assert names("lead", investment=wan, dates=dated(registered="2025")) == gaps


def test_start_that_is_missing_is_asked_for_once():
    assert names("producing", **WHOLE | {"dates": dated(signed="2023", producing="2025")}) == ["started"]


def test_next_stage_is_the_one_that_follows():
    assert [following(stage) for stage in IN_ORDER] == [*IN_ORDER[1:], None]


@pytest.mark.parametrize(("stage", "typed", "furthest"), [
    ("signed", {"started": "2025"}, "started"), ("signed", {"landed": "2024", "producing": "2025"}, "producing"),
    ("started", {"started": "2025"}, None), ("lead", {"completed": "2025"}, None), ("lead", {}, None),
])  # fmt: skip
def test_date_that_runs_ahead_of_the_stage_is_seen(stage, typed, furthest):
    assert ahead(stage, Facts(dates=dated(**typed))) == furthest


def test_log_row_holds_the_names_of_all_requirements():
    every = {requirement.name for requirement in REQUIREMENTS}

    assert len(" ".join(every)) <= StageChange._meta.get_field("overridden").max_length
    assert not any(" " in name for name in every)


def test_names_of_the_log_are_told_in_words_even_where_they_are_forgotten():
    place = next(requirement.label for requirement in REQUIREMENTS if requirement.name == "place")
    assert labels("place forgotten") == [str(place), "forgotten"]


partial_dates = st.builds(
    lambda day, precision: PartialDate(
        {
            "year": day.replace(month=1, day=1),
            "month": day.replace(day=1),
            "ten_days": day.replace(day=1 if day.day < 11 else 11 if day.day < 21 else 21),
            "day": day,
        }[precision],
        precision,
    ),
    st.dates(date(2019, 1, 1), date(2027, 12, 31)),
    st.sampled_from(Precision.values),
)
kinds = st.dictionaries(st.sampled_from(Milestone.Kind.values), partial_dates)
known = st.builds(
    Facts,
    enterprise=st.booleans(),
    registered=st.booleans(),
    place=st.booleans(),
    investment=st.none() | st.decimals(1, 1000, places=4),
    undisclosed=st.booleans(),
    dates=kinds,
)
CONTRADICTIONS = {requirement.name for requirement in REQUIREMENTS if requirement.since is None} - {"started"}


@given(st.sampled_from(Stage), known, known)
def test_more_facts_never_lack_more_but_may_contradict(stage, facts, more):
    fuller = Facts(
        enterprise=facts.enterprise or more.enterprise,
        registered=facts.registered or more.registered,
        place=facts.place or more.place,
        investment=facts.investment if facts.investment is not None else more.investment,
        undisclosed=facts.undisclosed or more.undisclosed,
        dates={**more.dates, **facts.dates} if "started" in more.dates else facts.dates,
    )
    before, after = ({gap.name for gap in missing(stage, known)} for known in (facts, fuller))

    assert after - before <= CONTRADICTIONS


@given(st.sampled_from(Stage), known)
def test_later_stage_never_requires_less(stage, facts):
    later = following(stage) or stage

    assert {gap.name for gap in missing(stage, facts)} <= {gap.name for gap in missing(later, facts)}


@given(partial_dates, partial_dates)
def test_order_of_two_dates_is_refused_only_where_no_day_would_do(later, earlier):
    facts = Facts(dates={"started": later, "signed": earlier})
    days = [later.first + timedelta(n) for n in range((later.last - later.first).days + 1)]

    assert facts.follows("started", "signed") == any(day >= earlier.first for day in days)
