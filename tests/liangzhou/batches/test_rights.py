"""Who may take a batch of changes back, beyond the rights to its kinds of records."""

import pytest
from django.test import Client
from django.urls import reverse

from liangzhou import permissions, publishing
from liangzhou.audit import Action, AuditEntry
from liangzhou.batches import ChangeBatch, change_batch, undo
from liangzhou.batches import rights as batch_rights
from projects.models import Project
from tests.factories import MilestoneFactory, ProjectFactory, ProjectPartyFactory, UserFactory
from tests.liangzhou.history_desk import change, first_save, restore, restore_url

pytestmark = pytest.mark.django_db


def may_undo(user, batch):
    return batch_rights.may_undo(user, batch, undo.touched_counts(batch))


@pytest.fixture
def editor():
    return UserFactory(roles=["editor"])


@pytest.fixture
def publisher():
    return UserFactory(roles=["publisher"])


@pytest.fixture
def project(editor):
    project = ProjectFactory(published=False, review="submitted")
    change(project, updated_by=editor)
    Project.objects.filter(pk=project.pk).update(updated_by=editor)
    return project


def test_publishing_is_taken_back_by_who_may_publish_and_the_last_editor_stays(project, editor, publisher):
    batch = publishing.publish(Project.objects.all(), by=publisher).batch

    assert (may_undo(publisher, batch), may_undo(editor, batch)) == (True, False)
    undo.undo(batch, by=publisher, reason="发错了")
    project.refresh_from_db()
    assert (project.published, project.updated_by) == (False, editor)


def test_withdrawal_is_not_taken_back_by_the_last_editor(project, publisher):
    publishing.publish(Project.objects.all(), by=publisher)
    both = UserFactory(roles=["editor", "publisher"])
    batch = publishing.withdraw(Project.objects.all(), by=both, text="核实").batch
    Project.objects.update(updated_by=both)

    url = reverse("admin:liangzhou_changebatch_undo", args=[batch.pk])
    for user, public in ((both, False), (publisher, True)):
        client = Client()
        client.force_login(user)
        client.post(url, {"reason": "可以公开"})
        assert Project.objects.get().published is public


def test_deleted_record_comes_back_as_a_draft_to_who_may_not_publish(editor):
    project = ProjectFactory()
    with change_batch(ChangeBatch.Kind.DELETE, by=editor) as batch:
        project.delete()

    undo.undo(batch, by=editor, reason="删错了")

    assert not Project.objects.get().published


def test_import_of_a_limited_person_is_taken_back_and_again(project):
    user = UserFactory(roles=["task_force"], chains=[project.chain])
    with change_batch(ChangeBatch.Kind.IMPORT, by=user) as batch:
        new = ProjectFactory(
            chain=project.chain, published=False, enterprise__published=False, enterprise__created_by=user
        )
        MilestoneFactory(project=new)

    assert may_undo(user, batch)
    back = undo.undo(batch, by=user, reason="导错了")
    assert (back.deleted, Project.objects.count()) == (5, 1)
    assert undo.undo(back.batch, by=user, reason="没导错").created == 5
    user.task_forces.get().chains.clear()
    again = type(user).objects.get(pk=user.pk)
    assert batch_rights.why_not(again, undo.preview(ChangeBatch.objects.latest("pk"))) != ""


def test_what_was_done_is_in_the_audit_trail(editor):
    client = Client()
    client.force_login(editor)
    projects = [
        ProjectFactory(name=name, published=False, stage="lead") for name in ("甲项目", "乙项目", "丙项目", "丁项目")
    ]
    change(projects[0], summary="新")
    restore(client, restore_url(projects[0], first_save(Project)))
    client.post(reverse("admin:projects_project_delete", args=[projects[1].pk]), {"post": "yes"})
    chosen = [projects[2].pk, projects[3].pk]
    listed = reverse("admin:projects_project_changelist")
    client.post(listed, {"action": "delete_selected", "_selected_action": chosen, "post": "yes"})
    client.post(
        reverse("admin:liangzhou_changebatch_undo", args=[ChangeBatch.objects.latest("pk").pk]), {"reason": "x"}
    )
    merged = {"reason": "一个", "keep_version": projects[0].version + 1, "other_version": projects[2].version + 1}
    client.post(reverse("admin:projects_project_merge", args=[projects[0].pk, projects[2].pk]), merged)

    told = AuditEntry.objects.order_by("number").values_list("action", "target_kind", "target_id", "actor_id")
    acts = {Action.RESTORE, Action.DELETE, Action.UNDO, Action.MERGE}
    kinds = [(action, kind, key) for action, kind, key, by in told if action in acts and by == editor.pk]
    batch = ChangeBatch.objects.filter(kind="delete").latest("pk")
    assert kinds == [
        ("restore", "projects.project", str(projects[0].pk)),
        ("delete", "projects.project", str(projects[1].pk)),
        ("delete", "projects.project", ""),
        ("undo", "liangzhou.changebatch", str(batch.pk)),
        ("merge", "projects.project", str(projects[0].pk)),
    ]
    assert AuditEntry.objects.get(action="delete", target_id="").details["keys"] == chosen


def test_what_keeps_a_company_from_being_deleted_is_not_named_to_who_may_not_see_it(project):
    user = UserFactory(roles=["task_force"], chains=[project.chain])
    own = ProjectFactory(chain=project.chain, enterprise__created_by=user, enterprise__published=False)
    ProjectPartyFactory(project=own, enterprise=own.enterprise)
    foreign = ProjectFactory(name="陌生项目", enterprise=own.enterprise)
    client = Client()
    client.force_login(
        UserFactory(roles=["task_force"], chains=[project.chain], permissions=["enterprises.delete_enterprise"])
    )

    page = client.get(reverse("admin:enterprises_enterprise_delete", args=[own.enterprise_id])).content.decode()

    assert (foreign.name in page, permissions.is_limited(user)) == (False, True)
