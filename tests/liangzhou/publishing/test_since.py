"""What was changed since a record was submitted."""

import pytest
from django.test import Client
from django.urls import reverse

from liangzhou import publishing
from liangzhou.batches import undo
from liangzhou.history.changes import person
from liangzhou.publishing.since import changed_since_submitted
from projects.models import Project
from tests.factories import MilestoneFactory, ProjectFactory, UserFactory
from tests.liangzhou.history_desk import change

pytestmark = pytest.mark.django_db


@pytest.fixture
def submitted():
    project = MilestoneFactory(project=ProjectFactory(published=False)).project
    publishing.submit(Project.objects.all(), by=UserFactory(roles=["editor"]))
    project.refresh_from_db()
    return project


def test_record_as_it_was_submitted_was_not_changed(submitted):
    assert changed_since_submitted(submitted) is None


@pytest.mark.parametrize("what", ["text", "part"])
def test_publisher_is_told_who_changed_it_since(submitted, what):
    other = UserFactory(roles=["editor"])
    row = submitted if what == "text" else submitted.milestones.get()
    row._history_user = other
    change(row, **({"summary": "新"} if what == "text" else {"note": "新"}))

    assert changed_since_submitted(Project.objects.get()).history_user == other
    client = Client()
    client.force_login(UserFactory(roles=["publisher"]))
    page = client.get(reverse("admin:projects_project_publishing", args=[submitted.pk]))
    assert person(other) in page.context["publishing"]["later"]
    assert page.context["publishing"]["later"] in page.content.decode()


def test_submitting_again_begins_anew(submitted):
    change(submitted, summary="新")
    publishing.give_back(Project.objects.all(), by=UserFactory(roles=["publisher"]), text="缺来源")
    assert changed_since_submitted(Project.objects.get()) is None
    publishing.submit(Project.objects.all(), by=UserFactory(roles=["editor"]))
    assert changed_since_submitted(Project.objects.get()) is None


def test_publishing_that_was_taken_back_is_no_change(submitted):
    publisher = UserFactory(roles=["publisher"])
    batch = publishing.publish(Project.objects.all(), by=publisher).batch
    undo.undo(batch, by=publisher, reason="早了")
    assert changed_since_submitted(Project.objects.get()) is None
