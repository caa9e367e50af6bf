"""Months that are over and not filled in, and months that were opened again."""

from datetime import date

import pytest

from liangzhou.months import Month
from monthly import month_checks
from monthly.desk import months
from projects.models import Project
from projects.stages import Stage, Status
from tests.factories import (
    FundingRecordFactory,
    MilestoneFactory,
    MonthVersionFactory,
    ProjectFactory,
    ReportingMonthFactory,
    UserFactory,
)
from tests.monthly.desk.cast import APRIL, MAY, TODAY, a_clerk, told

pytestmark = pytest.mark.django_db


def due(on=TODAY):
    return [str(month) for month in months.due(on)]


def test_without_any_row_only_the_last_month_is_due():
    assert (due(), due(date(2025, 6, 1)), due(date(2025, 5, 31))) == (["2025-05"], ["2025-05"], ["2025-04"])


def test_months_are_due_from_the_first_with_rows_on():
    FundingRecordFactory(month=date(2025, 3, 1))
    FundingRecordFactory(month=date(2024, 3, 1))

    assert due() == ["2025-03", "2025-04", "2025-05"]


def test_december_is_still_asked_for_in_february():
    ReportingMonthFactory(month=date(2024, 11, 1), state="locked")
    FundingRecordFactory(month=date(2025, 1, 1))

    assert due(date(2025, 2, 10)) == ["2024-12", "2025-01"]
    ReportingMonthFactory(month=date(2024, 12, 1), state="locked")
    assert due(date(2025, 2, 10)) == ["2025-01"]


def test_at_most_a_year_of_months_is_due():
    ReportingMonthFactory(month=date(2022, 3, 1), state="locked")

    found = due()

    assert (found[0], found[-1], len(found)) == ("2024-06", "2025-05", 12)


def test_month_without_rows_is_due_where_the_month_before_is_locked():
    ReportingMonthFactory(month=date(2025, 3, 1), state="locked")
    FundingRecordFactory(month=MAY)

    assert due() == ["2025-04", "2025-05"]


def test_january_asks_for_december():
    assert due(date(2025, 1, 3)) == ["2024-12"]


def test_locked_months_and_those_before_them_are_not_due_but_reopened_ones_are():
    FundingRecordFactory(month=date(2025, 1, 1))
    ReportingMonthFactory(month=date(2025, 3, 1), state="locked")
    ReportingMonthFactory(month=date(2025, 1, 1), state="open")  # never locked, and a later one is
    MonthVersionFactory(reporting_month=ReportingMonthFactory(month=date(2025, 2, 1), state="open"))

    assert due() == ["2025-02", "2025-04", "2025-05"]


def test_nothing_is_due_once_the_last_month_is_locked():
    FundingRecordFactory(month=MAY)
    ReportingMonthFactory(month=MAY, state="locked")

    assert due() == []


def test_month_counts_own_projects_without_a_row_and_a_row_of_nothing_is_one():
    clerk, first = a_clerk()
    ProjectFactory.create_batch(2, stage=Stage.STARTED, place=first.place)
    FundingRecordFactory(project=first, month=MAY, amount=0)
    ProjectFactory()  # somebody else's

    [matter] = months.not_filled(clerk, on=TODAY)

    assert (matter.kind, matter.subject) == ("month", "2025-05")
    assert matter.text.count("2") == 2 + 1  # of the year, and the number
    assert matter.url == "/admin/monthly/reportingmonth/2025-05/sheet/?show=unfilled"


@pytest.mark.parametrize(
    "given",
    [
        {"stage": Stage.NEGOTIATING, "published": False},
        {"stage": Stage.AT_CAPACITY},
        {"status": Status.PAUSED, "status_reason": "资金问题"},
        {"status": Status.TERMINATED, "status_reason": "投资方退出"},
    ],
)
def test_nobody_asks_for_months_of_projects_that_do_not_go_on(given):
    clerk, project = a_clerk()
    FundingRecordFactory(project=project, month=MAY)
    ProjectFactory(place=project.place, **given)

    assert months.not_filled(clerk, on=TODAY) == []


def test_nobody_asks_for_months_before_a_project_was_signed():
    clerk, project = a_clerk()
    MilestoneFactory(project=project, kind="signed", actual=date(2025, 5, 30), actual_precision="day")
    FundingRecordFactory(month=APRIL)

    assert told(months.not_filled(clerk, on=TODAY)) == [("month", "2025-05")]


def test_month_is_told_so_many_days_after_its_end_and_later():
    clerk, _project = a_clerk()

    found = [len(months.not_filled(clerk, on=date(2025, 6, day), after_days=5)) for day in (1, 4, 5, 6, 30)]

    assert found == [0, 0, 1, 1, 1]


def test_month_opened_again_is_told_to_who_has_projects():
    clerk, _project = a_clerk()
    again = ReportingMonthFactory(month=MAY, state="open")
    MonthVersionFactory(reporting_month=again)
    MonthVersionFactory(reporting_month=again, number=2, reason="更正")
    nobody = UserFactory(roles=["place_clerk"])

    assert told(months.opened_again(clerk, on=TODAY)) == [("unlocked", "2025-05:2")]
    assert months.opened_again(nobody, on=TODAY) == []


def test_months_take_as_many_queries_for_many_projects(django_assert_num_queries):
    clerk, first = a_clerk()
    ProjectFactory.create_batch(3, place=first.place, stage=Stage.STARTED)
    for month in (APRIL, MAY):
        FundingRecordFactory(project=first, month=month)
    months.not_filled(clerk, on=TODAY)  # what may be asked of the user is asked once

    with django_assert_num_queries(4):
        assert told(months.not_filled(clerk, on=TODAY)) == [("month", "2025-04"), ("month", "2025-05")]


def test_what_is_not_filled_is_what_the_check_before_locking_says():
    clerk, first = a_clerk()
    for stage in (Stage.NEGOTIATING, Stage.SIGNED, Stage.PRODUCING, Stage.AT_CAPACITY):
        ProjectFactory(place=first.place, stage=stage, published=False)
    own = Project.objects.filter(place=first.place)
    FundingRecordFactory(project=first, month=MAY)

    [matter] = months.not_filled(clerk, on=TODAY)

    assert month_checks.to_fill(Month.of(MAY), only=own).filter(filled=False).count() == 2
    assert matter.text.count("2") == 2 + 1
