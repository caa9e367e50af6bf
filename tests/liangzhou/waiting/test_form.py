"""The change form of a public record where changes wait for review."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from liangzhou.audit import Action, AuditEntry
from liangzhou.waiting import WaitingChange
from projects.models import Project
from tests.factories import EnterpriseFactory, MechanismFactory, ProjectFactory, UnitFactory, UserFactory
from tests.liangzhou.review_desk import (
    decide,
    desk,
    form_url,
    opened,
    public_project,
    refused,
    signed_in,
    type_into,
    waiting_change,
)
from tests.opened_form import add_row, read_form

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _review(settings):
    settings.REVIEW_CHANGES = True


@pytest.fixture
def editor():
    return desk("editor")


@pytest.fixture
def project():
    return public_project()


def test_change_of_a_public_record_is_kept_and_nothing_written(editor, project):
    response = type_into(editor, project, summary="新的说法", **{"milestones-0-note": "新的备注"})
    change = WaitingChange.objects.get()
    project.refresh_from_db()
    assert response.status_code == 302
    assert (project.summary, project.version, project.history.count()) == ("旧的说法", 1, 1)
    assert project.milestones.get().note == ""
    assert (change.record, change.submitted_by, change.state) == (project, editor.user, "waiting")
    assert (change.typed["summary"], change.typed["milestones-0-note"]) == (["新的说法"], ["新的备注"])


def test_public_goes_on_seeing_the_published_version(editor, project):
    waiting_change(editor, project)
    pages = [project.get_absolute_url(), reverse("projects:project-list"), "/search/?q=旧的说法"]
    pages = [Client().get(page).content.decode() for page in pages]
    assert ["新的说法" in page for page in pages] == [False, False, False]
    assert "旧的说法" in pages[0]


def test_submitting_is_in_the_audit_trail(editor, project):
    change = waiting_change(editor, project)
    entry = AuditEntry.objects.get(action=Action.SUBMIT)
    assert (entry.actor_id, entry.target_id, entry.details) == (editor.user.pk, str(project.pk), {"change": change.pk})


def test_what_is_wrong_is_told_at_its_field_and_nothing_waits(editor, project):
    response = type_into(editor, project, total_investment="很多")
    assert list(response.context_data["adminform"].form.errors) == ["total_investment"]
    assert WaitingChange.objects.count() == 0


def test_stage_is_asked_before_anything_waits(editor, project):
    response = type_into(editor, project, stage="completed")
    assert response.status_code == 200
    assert WaitingChange.objects.count() == 0


def test_record_that_is_not_public_is_saved_at_once(editor):
    project = ProjectFactory(published=False)
    type_into(editor, project, summary="新的说法")
    project.refresh_from_db()
    assert (project.summary, WaitingChange.objects.count()) == ("新的说法", 0)


@pytest.mark.parametrize("factory", [EnterpriseFactory, MechanismFactory])
def test_every_kind_that_is_published_waits(editor, factory):
    record = factory(published=True, summary="旧的说法")
    waiting_change(editor, record)
    record.refresh_from_db()
    assert record.summary == "旧的说法"


def test_internal_fields_alone_are_saved_at_once(editor, project):
    type_into(editor, project, internal_remark="电话里说的")
    project.refresh_from_db()
    assert (project.internal_remark, WaitingChange.objects.count()) == ("电话里说的", 0)


def test_internal_fields_wait_together_with_public_ones(editor, project):
    waiting_change(editor, project, internal_remark="电话里说的", summary="新的说法")
    project.refresh_from_db()
    assert project.internal_remark == ""


def test_internal_parts_alone_are_saved_at_once_and_public_parts_wait(editor, project):
    unit = UnitFactory()
    data = opened(editor, project)
    add_row(data, "credit_shares", unit=unit.pk, percent="40")
    editor.post(form_url(project), data)
    assert (project.credit_shares.count(), WaitingChange.objects.count()) == (1, 0)
    waiting_change(editor, project, **{"milestones-0-note": "新的备注"})


def test_submitter_opens_the_form_with_what_was_typed(editor, project):
    change = waiting_change(editor, project)
    page = editor.get(form_url(project))
    data = read_form(page, "project_form")
    assert (data["summary"], data["_waiting"]) == ("新的说法", str(change.pk))
    assert (page.context_data["waiting"].mine, page.context_data["errors"]) == (True, [])


def test_submitter_replaces_what_waits(editor, project):
    first = waiting_change(editor, project)
    second = waiting_change(editor, project, summary="更新的说法")
    first.refresh_from_db()
    assert (first.state, second.typed["summary"]) == ("dropped", ["更新的说法"])


def test_form_opened_before_the_change_was_sent_off_does_not_replace_it_unseen(project):
    editor = signed_in(UserFactory(roles=["editor"]), Client())
    data = opened(editor, project) | {"summary": "另一个窗口"}
    change = waiting_change(editor, project)
    response = editor.post(form_url(project), data)
    assert (response.status_code, len(refused(response))) == (200, 1)
    assert WaitingChange.objects.of(project).waiting().get() == change
    again = read_form(response, "project_form")
    assert (again["summary"], again["_waiting"]) == ("另一个窗口", str(change.pk))


def test_another_editor_is_told_and_cannot_start_a_second_change(editor, project):
    other = desk("editor")
    data = opened(other, project) | {"summary": "别人的说法"}
    change = waiting_change(editor, project)
    page = other.get(form_url(project))
    assert (page.context_data["waiting"].change, page.context_data["waiting"].mine) == (change, False)
    assert read_form(page, "project_form")["summary"] == "旧的说法"
    assert b'name="_save"' not in page.content
    response = other.post(form_url(project), data)
    assert (response.status_code, len(refused(response))) == (200, 1)
    assert WaitingChange.objects.get() == change


def test_returned_change_opens_with_its_note_until_it_is_sent_off_again(editor, project):
    change = waiting_change(editor, project)
    decide(desk("publisher"), change, "return", note="请写明来源")
    page = editor.get(form_url(project))
    assert (page.context_data["waiting"].change.note, page.context_data["waiting"].mine) == ("请写明来源", True)
    assert read_form(page, "project_form")["summary"] == "新的说法"
    waiting_change(editor, project, summary="有来源的说法")
    assert WaitingChange.objects.returned_to(editor.user).count() == 0


def test_returned_change_is_nobody_elses_business(editor, project):
    decide(desk("publisher"), waiting_change(editor, project), "return", note="请写明来源")
    page = desk("editor").get(form_url(project))
    assert (page.context_data["waiting"].change, "请写明来源" in page.content.decode()) == (None, False)


def test_dropped_change_leaves_the_form_as_published(editor, project):
    decide(editor, waiting_change(editor, project), "drop")
    assert opened(editor, project)["summary"] == "旧的说法"


def test_after_a_withdrawal_the_submitter_saves_what_was_typed_without_review(editor, project):
    change = waiting_change(editor, project)
    Project.objects.filter(pk=project.pk).update(published=False)
    assert opened(editor, project)["summary"] == "新的说法"
    type_into(editor, project)
    project.refresh_from_db()
    change.refresh_from_db()
    assert (project.summary, change.state) == ("新的说法", "dropped")


def test_change_of_the_record_meanwhile_is_told_when_the_form_is_opened_again(editor, project):
    waiting_change(editor, project)
    project.summary = "第三种说法"
    project.stamp(None)
    project.save()
    page = editor.get(form_url(project))
    assert page.context_data["conflict"].lines[0].change.new == "第三种说法"
    assert read_form(page, "project_form")["summary"] == "新的说法"


def test_names_that_no_form_has_and_null_characters_are_not_kept(editor, project):
    data = opened(editor, project) | {"summary": "新的说法", "published": "", "is_superuser": "on", "x\0": "1"}
    data["milestones-0-nothing"] = "a\0b"
    editor.post(form_url(project), data)
    typed = WaitingChange.objects.get().typed
    unwanted = {"published", "is_superuser", "csrfmiddlewaretoken", "x\0", "milestones-0-nothing", "_save"}
    assert unwanted & set(typed) == set()


def test_nothing_changed_keeps_nothing(editor, project):
    type_into(editor, project)
    assert WaitingChange.objects.count() == 0


def test_published_record_is_withdrawn_before_it_is_deleted(editor, project):
    url = reverse("admin:projects_project_delete", args=[project.pk])
    one = editor.post(url, {"post": "yes"})
    listed = {"action": "delete_selected", "_selected_action": [project.pk], "post": "yes"}
    many = editor.post(reverse("admin:projects_project_changelist"), listed)
    assert (one.url, len(many.context_data["protected"])) == (form_url(project), 1)
    assert Project.objects.count() == 1


def test_setting_off_keeps_everything_as_it_was(settings, editor, project):
    settings.REVIEW_CHANGES = False
    type_into(editor, project, summary="新的说法")
    project.refresh_from_db()
    assert (project.summary, WaitingChange.objects.count()) == ("新的说法", 0)
    page = editor.get(form_url(project))
    assert page.context.get("waiting") is None


def test_setting_off_asks_no_query_of_waiting_changes(settings, editor, project):
    settings.REVIEW_CHANGES = False
    data = opened(editor, project)
    with CaptureQueriesContext(connection) as queries:
        editor.get(form_url(project))
        editor.post(form_url(project), data | {"summary": "新的说法"})
        editor.get(reverse("admin:index"))
    assert [query["sql"] for query in queries if "waitingchange" in query["sql"]] == []


def test_own_change_of_a_reader_without_the_right_to_change_is_refused_as_ever(project):
    assert desk("publisher").post(form_url(project), {"summary": "新"}).status_code == 403
    assert WaitingChange.objects.count() == 0


def test_chain_task_force_cannot_send_off_a_change_of_a_foreign_project(project):
    stranger = desk("task_force", chains=[ProjectFactory().chain])
    url = form_url(project)
    stranger.post(url, opened(desk("editor"), project) | {"summary": "新"})
    assert WaitingChange.objects.count() == 0
