"""Projects and milestones that go back to an earlier version."""

from datetime import date

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from projects.models import Milestone, Project, StageChange
from tests.factories import (
    EnterpriseFactory,
    FormerCodeFactory,
    MilestoneFactory,
    ProjectFactory,
    StageChangeFactory,
    UserFactory,
)
from tests.opened_form import open_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    client = Client()
    client.force_login(UserFactory(is_superuser=True))
    return client


def restore(client, model, pk):
    past = model.history.filter(id=pk).earliest("history_id")
    url = reverse(f"admin:projects_{model._meta.model_name}_history_restore", args=[pk, past.history_id])
    return client.post(url, open_form(client, url, "restore_form") | {"reason": "改错了"}, follow=True)


def change(row, **values):
    for name, value in values.items():
        setattr(row, name, value)
    row.stamp(None)
    row.save()


def signed():
    """A project with all that its signing takes, and its milestone."""
    project = ProjectFactory(stage="signed", enterprise=EnterpriseFactory(), waived=False, published=False)
    milestone = MilestoneFactory(project=project, kind="signed", actual=date(2025, 3, 1), actual_precision="day")
    return project, milestone


def test_admins_are_wired():
    from projects.life_admin import MilestoneLifeAdmin, ProjectLifeAdmin

    kinds = ((Project, ProjectLifeAdmin), (Milestone, MilestoneLifeAdmin))
    assert [isinstance(admin.site.get_model_admin(model), kind) for model, kind in kinds] == [True, True]


def test_stage_that_comes_back_is_logged_with_its_reason(client):
    project, _ = signed()
    change(project, stage="negotiating")
    restore(client, Project, project.pk)
    project.refresh_from_db()
    log = [(row.from_stage, row.to_stage, row.reason) for row in StageChange.objects.all()]
    assert (project.stage, log) == ("signed", [("negotiating", "signed", "改错了")])


def test_stage_that_lacks_what_it_requires_does_not_come_back(client):
    project = ProjectFactory(stage="signed", waived=False, published=False)
    change(project, stage="lead")
    response = restore(client, Project, project.pk)
    assert (len(response.context["problems"]) > 0, Project.objects.get().stage) == (True, "lead")


def test_what_is_missing_anyway_bars_nobody(client):
    project = ProjectFactory(stage="signed", waived=False, summary="一")
    change(project, summary="二")
    restore(client, Project, project.pk)
    assert Project.objects.get().summary == "一"


def test_project_that_was_deleted_comes_back_with_its_log(client):
    project = ProjectFactory(waived=False, stage="signed")
    StageChangeFactory(
        project=project,
        from_stage="",
        to_stage="signed",
        reason="旧账",
        overridden="enterprise signed investment place",
    )
    pk = project.pk
    client.post(reverse("admin:projects_project_delete", args=[pk]), {"post": "yes"})
    restore(client, Project, pk)
    assert [(row.to_stage, row.overridden != "") for row in StageChange.objects.filter(project=pk).order_by("pk")] == [
        ("signed", True),
        ("signed", False),
    ]


def test_project_that_was_merged_does_not_come_back_beside_the_other(client):
    project = ProjectFactory()
    pk, code = project.pk, project.code
    Project.objects.all().delete()
    FormerCodeFactory(code=code)
    response = restore(client, Project, pk)
    assert (len(response.context["problems"]), Project.objects.filter(pk=pk).count()) == (1, 0)


def test_stages_stand_in_the_history_of_the_project(client):
    project = ProjectFactory(waived=False)
    StageChangeFactory(project=project)
    entries = client.get(reverse("admin:projects_project_history", args=[project.pk])).context["entries"]
    assert [bool(entry.title) for entry in entries] == [True, False]


def test_milestone_does_not_go_back_to_what_the_stage_forbids(client):
    project, milestone = signed()
    past = milestone.history.get()
    past.actual, past.actual_precision = None, ""
    past.planned, past.planned_precision = date(2025, 3, 1), "day"
    past.save()
    change(milestone, note="二")
    response = restore(client, Milestone, milestone.pk)
    milestone.refresh_from_db()
    assert (len(response.context["problems"]), milestone.note) == (1, "二")
