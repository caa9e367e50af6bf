"""Publishing and taking back many records at once."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from enterprises.models import Enterprise
from liangzhou import publishing
from projects.models import Opportunity, Project
from tests.factories import EnterpriseFactory, OpportunityFactory, ProjectFactory, UserFactory

pytestmark = pytest.mark.django_db

NOON = datetime(2025, 6, 1, 4, tzinfo=UTC)


@pytest.fixture
def clerk():
    return UserFactory()


@pytest.fixture
def client():
    client = Client()
    client.force_login(UserFactory(is_superuser=True))
    return client


def test_publishing_stamps_each_row_and_writes_its_history(clerk):
    project = ProjectFactory(published=False)
    with time_machine.travel(NOON, tick=False):
        outcome = publishing.publish(Project.objects.all(), by=clerk)
    assert outcome.changed == [project]
    project.refresh_from_db()
    assert (project.published, project.published_at, project.updated_at) == (True, NOON, NOON)
    assert (project.version, project.updated_by) == (2, clerk)
    past = project.history.latest("history_id")
    assert (past.history_type, past.history_user, past.history_date, past.published, past.version) == (
        "~",
        clerk,
        NOON,
        True,
        2,
    )


def test_unpublishing_takes_the_date_back(clerk):
    project = ProjectFactory(published=True)
    outcome = publishing.unpublish(Project.objects.all(), by=clerk)
    project.refresh_from_db()
    assert outcome.changed == [project]
    assert (project.published, project.published_at, project.version) == (False, None, 2)


def test_row_that_is_so_already_is_left_alone(clerk):
    project = ProjectFactory(published=True)
    outcome = publishing.publish(Project.objects.all(), by=clerk)
    project.refresh_from_db()
    assert (outcome.changed, outcome.already) == ([], [project])
    assert (project.version, project.history.count()) == (1, 1)


@pytest.mark.parametrize("stage", ["reserve", "lead", "negotiating"])
def test_project_before_its_signing_is_refused_with_a_reason(clerk, stage):
    hidden, shown = ProjectFactory(stage=stage, published=False), ProjectFactory(stage="signed", published=False)
    outcome = publishing.publish(Project.objects.all(), by=clerk)
    hidden.refresh_from_db()
    ((refused, reason),) = outcome.refused
    assert (outcome.changed, refused, bool(reason)) == ([shown], hidden, True)
    assert (hidden.published, hidden.version, hidden.history.count()) == (False, 1, 1)


def test_rows_stay_findable_after_publishing(clerk):
    EnterpriseFactory(name="武威华景领航电力有限公司", published=False)
    publishing.publish(Enterprise.objects.all(), by=clerk)
    assert Enterprise.objects.public().search("华景").count() == 1


def test_sorted_and_narrowed_lists_can_be_published(clerk):
    shown, hidden = ProjectFactory(name="甲", published=False), ProjectFactory(name="乙", published=False)
    chosen = Project.objects.select_related("chain", "place").filter(name="甲").order_by("chain__name")
    assert publishing.publish(chosen, by=clerk).changed == [shown]
    assert not Project.objects.get(pk=hidden.pk).published


def test_cost_does_not_grow_with_the_rows(clerk, django_assert_max_num_queries):
    for number in range(100):
        OpportunityFactory(name=f"机会{number}", published=False)
    with django_assert_max_num_queries(11):
        publishing.publish(Opportunity.objects.all(), by=clerk)
    assert Opportunity.objects.public().count() == 100


# In the admin


def act(client, action, model=Project, **more):
    url = reverse(f"admin:projects_{model._meta.model_name}_changelist")
    chosen = [str(pk) for pk in model.objects.values_list("pk", flat=True)]
    response = client.post(url, {"action": action, "_selected_action": chosen, **more}, follow=True)
    return [str(message) for message in response.context["messages"]]


def test_publishing_says_what_became_of_each(client):
    ProjectFactory(name="储能电站", published=False)
    ProjectFactory(name="乳业", published=True)
    ProjectFactory(name="线索甲", stage="lead", published=False)
    messages = act(client, "publish")
    assert [("1" in message, "线索甲" in message) for message in messages] == [
        (True, False),
        (True, False),
        (True, True),
    ]
    assert sorted(project.name for project in Project.objects.public()) == ["乳业", "储能电站"]


def test_publishing_all_of_a_long_list_reaches_every_page(client):
    for number in range(60):
        OpportunityFactory(name=f"机会{number}", published=False)
    act(client, "publish", model=Opportunity, select_across="1", index="0")
    assert Opportunity.objects.public().count() == 60


def test_clerk_who_may_only_look_cannot_publish():
    viewer = Client()
    viewer.force_login(UserFactory(permissions=["projects.view_project"]))
    ProjectFactory(published=False)
    act(viewer, "publish")
    assert Project.objects.public().count() == 0
