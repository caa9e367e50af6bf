"""The clerk's start page: what stands on the admin's first page, for whom."""

import pytest
from django.test import Client, RequestFactory

from monthly.desk import panel
from tests.answers import body
from tests.factories import (
    FundingRecordFactory,
    MilestoneFactory,
    ProjectFactory,
    ReportingMonthFactory,
    UserFactory,
)
from tests.monthly.desk.cast import NEW, TODAY, a_clerk, last_changed
from tests.monthly.desk.test_projects import LATE

pytestmark = pytest.mark.django_db


def found(user):
    return {section.name: len(section.found) for section in panel.sections(user, on=TODAY) if section.found}


def first_page(user):
    client = Client()
    client.force_login(user)
    return client.get("/admin/")


def test_start_page_lists_what_is_ones_own(django_assert_num_queries):
    clerk, project = a_clerk()
    ProjectFactory(stage="landed")
    MilestoneFactory(project=project, **LATE)
    last_changed(NEW)

    assert found(clerk) == {"months": 1, "milestones": 1}

    for _number in range(2):
        MilestoneFactory(project=ProjectFactory(stage="landed", place=project.place), **LATE)
    last_changed(NEW)
    with django_assert_num_queries(16):
        assert found(clerk) == {"months": 1, "milestones": 3}


def test_first_ten_are_shown_and_the_rest_is_folded():
    clerk, project = a_clerk()
    for _number in range(12):
        MilestoneFactory(project=ProjectFactory(stage="landed", place=project.place), **LATE)

    late = next(section for section in panel.sections(clerk, on=TODAY) if section.name == "milestones")

    assert (len(late.found), len(late.shown), len(late.folded), late.more) == (12, 10, 2, 2)


def test_start_page_leads_to_the_sheet_and_says_when_all_is_done():
    clerk, project = a_clerk()
    last_month = panel.of_clerk(_request(clerk)).content["month"]
    with_rest = first_page(clerk)
    FundingRecordFactory(project=project, month=last_month.first)
    ReportingMonthFactory(month=last_month.plus(-1).first, state="locked")
    done = first_page(clerk)

    sheet = f"/admin/monthly/reportingmonth/{last_month}/sheet/"
    assert [f'href="{sheet}' in body(page).decode() for page in (with_rest, done)] == [True, True]
    assert ['class="desk__done"' in body(page).decode() for page in (with_rest, done)] == [False, True]


def test_what_was_returned_is_said_once():
    clerk, project = a_clerk()
    ProjectFactory(place=project.place, published=False, review="returned", review_note="缺合同", submitted_by=clerk)

    page = first_page(clerk)

    assert (page.context["shown_lines"], len(page.context["waiting_lines"])) == ([], 1)
    assert body(page).decode().count("缺合同") == 1


@pytest.mark.parametrize(
    ("role", "seen"),
    [("administrator", ""), ("security", ""), ("auditor", ""), ("publisher", ""), ("service_officer", ""),
     ("leader", "to-leader"), ("editor", "desk"), ("task_force", "desk")],
)  # fmt: skip
def test_first_page_shows_each_role_its_own_part(role, seen):
    request = _request(UserFactory(roles=[role]))
    parts = [part.template for ask in (panel.of_leader, panel.of_clerk) if (part := ask(request))]

    names = {"to-leader": ["admin/monthly/_to_leader.html"], "desk": ["admin/monthly/_clerk.html"], "": []}
    assert parts == names[seen]


def test_leaders_find_their_page_at_the_top():
    text = body(first_page(UserFactory(roles=["leader"]))).decode()

    assert text.index("/admin/monthly/reportingmonth/leader/") < text.index('id="content-main"')


def _request(user):
    request = RequestFactory().get("/admin/")
    request.user = user
    return request
