"""The four rates over cohorts of signed contracts, on live and on locked books."""

from datetime import date
from decimal import Decimal as D
from importlib import import_module

import pytest
from django.apps import apps

from liangzhou.months import Month
from monthly import rates
from monthly.books import FrozenBooks, LiveBooks
from monthly.models import Rate, RateDefinition
from projects.models import Milestone
from projects.stages import Stage, Status
from tests.factories import (
    FundingRecordFactory,
    MilestoneFactory,
    MonthVersionFactory,
    ProjectFactory,
    RateDefinitionFactory,
    SigningEventFactory,
    SnapshotProjectFactory,
)

pytestmark = pytest.mark.django_db
STANDARD = import_module("monthly.migrations.0002_standard_definitions")
MAY = Month(2025, 5)
MARCH = date(2025, 3, 18)


@pytest.fixture(autouse=True)
def _standard_definitions(db):
    """What every real database begins with."""
    STANDARD.install(apps, None)


def signed(day=MARCH, *, started=None, producing=None, stage=Stage.SIGNED, **how):
    """A contract, and when its works and its production began."""
    project = ProjectFactory(stage=stage, **how)
    for kind, on in (("signed", day), ("started", started), ("producing", producing)):
        if on:
            MilestoneFactory(project=project, kind=kind, actual=on, actual_precision="day")
    return project


def shown(cohort) -> list[tuple]:
    """(numerator, denominator) of each rate."""
    return [(one.numerator, one.denominator) for one in cohort.rates]


def test_rates_count_what_was_reached_of_what_was_signed():
    signed()
    begun = signed(started=date(2025, 4, 1), stage=Stage.BUILDING)
    working = signed(started=date(2025, 4, 1), producing=date(2025, 5, 31), stage=Stage.PRODUCING)
    ended = signed(started=date(2025, 4, 1), status=Status.TERMINATED, status_reason="退出", stage=Stage.STARTED)
    FundingRecordFactory(project=begun, amount=D(13_000))

    found = rates.rates(LiveBooks(MAY)).all

    assert found.signed == 4
    assert shown(found) == [(3, 4), (1, 4), (D(13_000), D(520_000)), (3, 4)]
    assert [one.percent for one in found.rates] == [D(75), D(25), D("2.5"), D(75)]
    assert found.rates[0].keys == tuple(sorted([begun.pk, working.pk, ended.pk]))
    assert [one.definition.wording for one in found.rates] == list(
        RateDefinition.objects.order_by("pk").values_list("wording", flat=True)
    )


def test_cohorts_are_the_years_and_the_events_the_newest_first():
    fair = SigningEventFactory(name="兰洽会")
    old = signed(date(2024, 7, 6), started=date(2024, 9, 1), stage=Stage.BUILDING, signing_event=fair)
    new = signed(signing_event=SigningEventFactory(name="推介会"))
    without_event = signed()
    undated = ProjectFactory(stage=Stage.SIGNED)

    found = rates.rates(LiveBooks(MAY))

    assert [(one.label, one.keys) for one in found.years] == [
        ("2025", (new.pk, without_event.pk)),
        ("2024", (old.pk,)),
    ]
    assert [(one.label, one.keys) for one in found.events] == [("推介会", (new.pk,)), ("兰洽会", (old.pk,))]
    assert found.undated == (undated.pk,)
    assert shown(found.cohort("event", str(fair.pk)))[0] == (1, 1)


def test_rates_of_an_earlier_month_leave_out_what_came_later():
    signed(started=date(2025, 4, 1), producing=date(2025, 6, 1), stage=Stage.PRODUCING)
    signed(date(2025, 6, 1))

    assert [shown(rates.rates(LiveBooks(Month(2025, n))).all)[:2] for n in (3, 4, 5, 6)] == [
        [(0, 1), (0, 1)],
        [(1, 1), (0, 1)],
        [(1, 1), (0, 1)],
        [(1, 2), (1, 2)],
    ]


@pytest.mark.parametrize(
    ("stage", "started_on", "producing_on", "asked", "expected"),
    [
        ("started", None, None, Stage.STARTED, True),
        ("landed", None, None, Stage.STARTED, False),
        ("landed", date(2025, 5, 31), None, Stage.STARTED, True),
        ("started", date(2025, 6, 1), None, Stage.STARTED, False),
        ("producing", None, date(2025, 5, 1), Stage.STARTED, True),
        ("producing", None, date(2025, 6, 1), Stage.STARTED, True),
        ("producing", date(2025, 6, 1), None, Stage.PRODUCING, False),
        ("building", date(2025, 5, 1), None, Stage.BUILDING, True),
        ("started", date(2025, 5, 1), None, Stage.BUILDING, False),
    ],
)
def test_dates_decide_what_was_reached_and_else_the_stage(stage, started_on, producing_on, asked, expected):
    row = {"stage": stage, "started_on": started_on, "producing_on": producing_on}

    assert rates.has_reached(row, asked, MAY.last) is expected


def test_definition_that_holds_in_the_month_decides():
    signed(started=date(2025, 4, 1), stage=Stage.STARTED)
    signed(status=Status.TERMINATED, status_reason="退出")
    RateDefinitionFactory(rate=Rate.START, valid_from=date(2025, 5, 1), without_terminated=True)
    RateDefinitionFactory(rate=Rate.PRODUCTION, valid_from=date(2025, 6, 1), numerator_stage=Stage.STARTED)

    found = [rates.rates(LiveBooks(Month(2025, n))).all for n in (4, 5, 6)]

    assert [shown(one)[:2] for one in found] == [[(1, 2), (0, 2)], [(1, 1), (0, 2)], [(1, 1), (1, 2)]]


def test_funds_are_a_share_of_the_contract_or_else_of_the_total_investment():
    first = signed(contract_amount=D(1000), total_investment=D(9000))
    signed(total_investment=D(3000))
    silent = signed(total_investment=None)
    FundingRecordFactory(project=first, amount=D(400))
    FundingRecordFactory(project=first, amount=D(400), month=date(2025, 2, 1))  # before the signing
    FundingRecordFactory(project=silent, amount=D(400))

    assert shown(rates.rates(LiveBooks(MAY)).all)[2] == (D(400), D(4000))

    RateDefinitionFactory(rate=Rate.FUNDS, valid_from=date(2025, 5, 1), numerator_stage="", basis="total")
    assert shown(rates.rates(LiveBooks(MAY)).all)[2] == (D(400), D(12_000))


def test_rate_without_definition_or_without_contracts_is_not_known():
    RateDefinition.objects.filter(rate=Rate.START).delete()

    found = rates.rates(LiveBooks(MAY)).all

    assert [one.percent for one in found.rates] == [None] * 4
    assert [one.definition is None for one in found.rates] == [True, False, False, False]


def test_locked_books_keep_their_rates_when_records_change():
    version = MonthVersionFactory()
    snapshot = {"version": version, "signed_on": MARCH, "total_investment": D(8000), "event_key": 7}
    SnapshotProjectFactory(**snapshot, event_name="兰洽会", stage=Stage.SIGNED, funds_since_signing=D(2000))
    SnapshotProjectFactory(**snapshot, event_name="兰洽会", stage=Stage.BUILDING, started_on=date(2025, 4, 1))
    SnapshotProjectFactory(**snapshot, event_name="兰洽会", status=Status.TERMINATED, started_on=date(2025, 4, 1))
    signed()

    found = rates.rates(FrozenBooks(version))

    assert shown(found.all) == [(2, 3), (0, 3), (D(2000), D(24_000)), (2, 3)]
    assert [(one.label, one.signed) for one in found.events] == [("兰洽会", 3)]


@pytest.mark.parametrize("number", [1, 3])
def test_rates_take_two_queries(number, django_assert_num_queries):
    for n in range(number):
        signed(date(2020 + n, 1, 1), signing_event=SigningEventFactory())

    with django_assert_num_queries(2):
        found = rates.rates(LiveBooks(MAY))

    assert (found.all.signed, len(found.years), len(found.events)) == (number, number, number)


def test_terminated_contract_that_had_started_counts_as_started():
    project = signed(started=date(2025, 4, 1), stage=Stage.STARTED, status=Status.TERMINATED, status_reason="退出")

    assert shown(rates.rates(LiveBooks(MAY)).all)[0] == (1, 1)
    assert Milestone.objects.filter(project=project).count() == 2
