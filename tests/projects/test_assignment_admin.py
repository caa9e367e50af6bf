"""Who looks after a project (包抓联), in its form."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from projects.models import Assignment, Project, SigningEvent
from tests.answers import page_of
from tests.factories import (
    AssignmentFactory,
    IndustryChainFactory,
    ProjectFactory,
    SigningEventFactory,
    UnitFactory,
    UserFactory,
)
from tests.opened_form import add_row, open_form

pytestmark = pytest.mark.django_db


def desk(*roles, **who):
    made = Client()
    made.force_login(UserFactory(roles=list(roles), **who))
    return made


def change_url(project):
    return reverse("admin:projects_project_change", args=[project.pk])


def test_leader_unit_and_dates_are_entered_in_the_projects_form():
    project, unit, leader = ProjectFactory(), UnitFactory(), UserFactory(roles=["leader"])
    UserFactory(roles=["editor"], username="no-leader")
    editor = desk("editor")
    page = page_of(editor.get(change_url(project)))
    data = open_form(editor, change_url(project), "project_form")
    add_row(data, "assignments", leader_name="李某", leader=leader.pk, unit=unit.pk, since="2025-01-01", until="")

    editor.post(change_url(project), data)

    row = project.assignments.get()
    assert (row.leader, row.unit, row.since, row.until) == (leader, unit, date(2025, 1, 1), None)
    offered = page.one("select", name="assignments-__prefix__-leader").all("option")
    assert [option["value"] for option in offered] == ["", str(leader.pk)]


@pytest.mark.parametrize("typed", [{"until": "2024-12-31"}, {"leader_name": ""}, {"leader": "999999"}, {"since": "x"}])
def test_slip_is_told_and_nothing_is_saved(typed):
    project, editor = ProjectFactory(), desk("editor")
    data = open_form(editor, change_url(project), "project_form")
    add_row(data, "assignments", **{"leader_name": "李某", "since": "2025-01-01"} | typed)

    assert (editor.post(change_url(project), data).status_code, Assignment.objects.count()) == (200, 0)


def test_task_force_reads_who_looks_after_its_project_and_changes_nothing():
    chain = IndustryChainFactory()
    row = AssignmentFactory(project=ProjectFactory(chain=chain), leader_name="李某")
    clerk = desk("task_force", chains=[chain])
    data = open_form(clerk, change_url(row.project), "project_form")
    forged = data | {"assignments-TOTAL_FORMS": "1", "assignments-INITIAL_FORMS": "1", "assignments-0-id": row.pk,
                     "assignments-0-leader_name": "王某", "assignments-0-DELETE": "on"}  # fmt: skip

    clerk.post(change_url(row.project), forged)

    assert "李某" in clerk.get(change_url(row.project)).content.decode()
    assert Assignment.objects.get().leader_name == "李某"


def test_who_may_not_see_assignments_is_not_told_of_them():
    row = AssignmentFactory(leader_name="李某")

    assert "李某" not in desk("service_officer").get(change_url(row.project)).content.decode()


def test_signing_event_is_entered_found_and_chosen():
    editor, project = desk("editor"), ProjectFactory()
    url = reverse("admin:projects_signingevent_add")
    editor.post(url, open_form(editor, url, "signingevent_form") | {"name": "兰洽会", "held_on": "2025-07-06"})
    SigningEventFactory(name="广州推介会")

    asked = {"app_label": "projects", "model_name": "project", "field_name": "signing_event", "term": "lanqiahui"}
    found = editor.get(reverse("admin:autocomplete"), asked).json()["results"]
    data = open_form(editor, change_url(project), "project_form")
    editor.post(change_url(project), data | {"signing_event": found[0]["id"]})

    assert [one["text"] for one in found] == ["兰洽会"]
    assert Project.objects.get().signing_event == SigningEvent.objects.get(held_on=date(2025, 7, 6))
