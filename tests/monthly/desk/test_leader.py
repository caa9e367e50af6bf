"""The leader's page: projects under care, what is red and why, what waits."""

from datetime import date
from decimal import Decimal

import pytest

from liangzhou.months import Month
from monthly.desk import instructions, leader
from tests.factories import (
    AssignmentFactory,
    InstructionFactory,
    MilestoneFactory,
    MonthVersionFactory,
    ProgressReportFactory,
    ProjectFactory,
    ReportingMonthFactory,
    UserFactory,
)
from tests.monthly.desk.cast import APRIL, MAY, NEW, TODAY, last_changed

pytestmark = pytest.mark.django_db
RED = {"planned": date(2025, 1, 1), "planned_precision": "month", "actual": None, "actual_precision": ""}
AMBER = RED | {"planned": date(2025, 5, 1)}


@pytest.fixture
def boss():
    return UserFactory(roles=["leader"])


def a_project(light=None, leader=None, **how):
    made = ProjectFactory(stage="landed", total_investment=Decimal(400), **how)
    if light:
        MilestoneFactory(project=made, **light)
    if leader:
        AssignmentFactory(project=made, leader=leader)
    last_changed(NEW)
    return made


def shown(user):
    return [card.project for card in leader.projects_of(user, on=TODAY).cards]


def waiting(user, month=MAY):
    projects = leader.projects_of(user, on=TODAY)
    calls = leader.calls_for_help(user, projects, Month.of(month))
    given = instructions.given(user, on=TODAY)
    return [(one.kind, one.url) for one in leader.waiting(given, calls, user)]


def test_projects_under_care_stand_the_worst_first(boss):
    green, red, amber = (
        a_project(light, boss, name=name) for light, name in ((None, "甲"), (RED, "乙"), (AMBER, "丙"))
    )
    a_project(RED)

    found = leader.projects_of(boss, on=TODAY)

    assert ([card.project for card in found.cards], found.assigned) == ([red, amber, green], True)
    assert [(light, number) for light, _word, number in found.counts] == [("red", 1), ("amber", 1), ("green", 1)]
    assert [card.project for card in found.worst] == [red]
    assert (found.cards[0].light.sentences != (), found.more_red) == (True, 0)


@pytest.mark.parametrize(
    ("since", "until", "counts"),
    [("2025-01-01", None, True), ("2025-06-24", "2025-06-24", True), ("2025-06-25", None, False),
     ("2025-01-01", "2025-06-23", False)],
)  # fmt: skip
def test_care_counts_while_it_lasts(boss, since, until, counts):
    project = a_project()
    AssignmentFactory(project=project, leader=boss, since=since, until=until)

    assert shown(boss) == ([project] if counts else [])


def test_project_with_two_assignments_is_shown_once(boss):
    project = a_project(leader=boss)
    AssignmentFactory(project=project, leader=boss)

    assert shown(boss) == [project]


def test_leader_without_projects_sees_the_red_ones_of_the_district(boss, monkeypatch):
    monkeypatch.setattr(leader, "MOST_RED", 2)
    red = [a_project(RED, name=f"红{number}") for number in range(3)]
    a_project(AMBER)

    found = leader.projects_of(boss, on=TODAY)

    assert ([card.project for card in found.cards], found.red, found.assigned) == (red[:2], 3, False)
    assert [(light, number) for light, _word, number in found.counts] == [("red", 3), ("amber", 1), ("green", 0)]


def test_clerks_see_their_own_red_projects_only():
    project = a_project(RED)
    a_project(RED)
    clerk = UserFactory(roles=["place_clerk"], places=[project.place])

    assert shown(clerk) == [project]


def test_card_tells_the_newest_report_and_the_last_instruction(boss):
    project = a_project(leader=boss)
    newest = ProgressReportFactory(project=project, month=MAY, problem="用地")
    ProgressReportFactory(project=project, month=APRIL)
    InstructionFactory(project=project)
    last = InstructionFactory(project=project, answer="已办")

    [card] = leader.projects_of(boss, on=TODAY).cards

    assert (card.report, card.instruction) == (newest, last)
    assert card.instruct_url == f"/admin/projects/instruction/add/?project={project.pk}"


def test_what_waits_is_answers_calls_for_help_and_nothing_else(boss):
    assert waiting(boss) == []
    mine, other = a_project(leader=boss), a_project()
    for project in (mine, other):
        ProgressReportFactory(project=project, month=MAY, help_needed="请协调用地")
        ProgressReportFactory(project=project, month=APRIL, help_needed="请协调用电")
    InstructionFactory(project=other, created_by=boss)

    assert waiting(boss) == [("given", "#instructions"), ("help", "#help")]
    own = leader.projects_of(boss, on=TODAY)
    assert [one.text for one in leader.calls_for_help(boss, own, Month.of(MAY))] == [mine.name]


def test_call_for_help_is_that_of_the_newest_report_since_the_month(boss):
    helped, later, old = (a_project(name=name) for name in ("甲", "乙", "丙"))
    ProgressReportFactory(project=helped, month=APRIL, help_needed="请协调用地")
    ProgressReportFactory(project=helped, month=MAY, help_needed="")
    ProgressReportFactory(project=later, month=APRIL, help_needed="请协调用水")
    ProgressReportFactory(project=later, month=MAY, help_needed="请协调用电")
    ProgressReportFactory(project=old, month=date(2025, 3, 1), help_needed="请协调用工")

    calls = leader.calls_for_help(boss, leader.projects_of(boss, on=TODAY), Month.of(APRIL))

    assert [(one.text, one.note) for one in calls] == [("乙", "请协调用电")]


def test_months_wait_for_who_may_publish_and_did_not_lock_them(boss):
    publisher, editor = UserFactory(roles=["publisher"]), UserFactory(roles=["editor"])
    may, april = (ReportingMonthFactory(month=month, state="locked") for month in (MAY, APRIL))
    MonthVersionFactory(reporting_month=april, published_at=NEW)
    MonthVersionFactory(reporting_month=april, number=2, reason="更正", locked_by=editor)
    MonthVersionFactory(reporting_month=may, locked_by=publisher)

    assert waiting(publisher) == [("publish", "/admin/monthly/reportingmonth/2025-04/")]
    assert (waiting(boss), waiting(editor)) == ([], [])


def test_cards_take_as_many_queries_for_many_projects(boss, django_assert_num_queries):
    for _number in range(3):
        project = a_project(RED, boss)
        ProgressReportFactory(project=project)
        InstructionFactory(project=project, created_by=boss)
    last_changed(NEW)
    leader.projects_of(boss, on=TODAY)

    with django_assert_num_queries(10):
        assert len(leader.projects_of(boss, on=TODAY).cards) == 3
