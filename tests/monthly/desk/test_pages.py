"""The leader's page as it is asked for."""

import pytest
from django.test import Client

from tests.answers import body
from tests.factories import AssignmentFactory, FundingRecordFactory, UserFactory

pytestmark = pytest.mark.django_db
PAGE = "/admin/monthly/reportingmonth/leader/"


def opened(role):
    client = Client()
    client.force_login(UserFactory(username=role, roles=[role]))
    return client.get(PAGE)


@pytest.mark.parametrize(
    ("role", "status"),
    [("leader", 200), ("editor", 200), ("publisher", 200), ("auditor", 200), ("task_force", 200),
     ("service_officer", 403), ("administrator", 403), ("security", 403)],
)  # fmt: skip
def test_page_is_for_who_may_view_projects_and_months(role, status):
    FundingRecordFactory()

    assert opened(role).status_code == status


def test_strangers_are_asked_to_sign_in():
    assert Client().get(PAGE)["Location"].startswith("/admin/login/")


def test_page_prints_each_project_with_its_light_in_words():
    boss = UserFactory(roles=["leader"])
    project = AssignmentFactory(leader=boss).project
    client = Client()
    client.force_login(boss)

    text = body(client.get(PAGE)).decode()

    assert f'id="project-{project.pk}"' in text
    assert project.get_stage_display() in text
