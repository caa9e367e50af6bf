"""Deciding on changes that wait: the review page, the list, and what comes between."""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from liangzhou.audit import Action, AuditEntry, Result
from projects.models import Project
from tests.factories import IndustryChainFactory, UserFactory, WaitingChangeFactory
from tests.liangzhou.history_desk import told
from tests.liangzhou.review_desk import (
    decide,
    desk,
    form_url,
    opened,
    page_url,
    public_project,
    signed_in,
    waiting_change,
)

pytestmark = pytest.mark.django_db

LIST_QUERIES = 8


@pytest.fixture(autouse=True)
def _review(settings):
    settings.REVIEW_CHANGES = True
    settings.PUBLISHER_IS_NOT_EDITOR = True


@pytest.fixture
def editor():
    return desk("editor")


@pytest.fixture
def publisher():
    return desk("publisher")


@pytest.fixture
def project():
    return public_project()


def state_of(change):
    change.refresh_from_db()
    return change.state


def summary_of(project):
    return Project.objects.get(pk=project.pk).summary


def test_page_shows_what_would_change_in_words(editor, publisher, project):
    change = waiting_change(editor, project, summary="新的说法", **{"milestones-0-note": "新的备注"})
    page = publisher.get(page_url(change))
    assert told(page.context_data["look"].lines) == [("summary", "旧的说法", "新的说法"), ("note", "—", "新的备注")]
    assert (page.context_data["may_decide"], page.context_data["may_drop"]) == (True, False)


def test_looking_writes_nothing(editor, publisher, project):
    change = waiting_change(editor, project)
    before = (AuditEntry.objects.count(), LogEntry.objects.count())
    publisher.get(page_url(change))
    publisher.get(page_url(change, "preview"))
    project.refresh_from_db()
    assert (project.version, project.history.count(), project.summary) == (1, 1, "旧的说法")
    assert (state_of(change), (AuditEntry.objects.count(), LogEntry.objects.count())) == ("waiting", before)


def test_preview_shows_the_public_page_as_it_would_be(editor, publisher, project):
    change = waiting_change(editor, project)
    page = publisher.get(page_url(change, "preview"))
    assert ("新的说法" in page.content.decode(), page.status_code) == (True, 200)
    assert "新的说法" not in Client().get(project.get_absolute_url()).content.decode()


def test_agreed_change_is_written_as_by_who_typed_it(editor, publisher, project):
    change = waiting_change(editor, project, summary="新的说法", **{"milestones-0-note": "新的备注"})
    response = decide(publisher, change, "approve")
    project.refresh_from_db()
    change.refresh_from_db()
    past = project.history.latest("history_id")
    assert response.status_code == 302
    assert (project.summary, project.milestones.get().note, project.version) == ("新的说法", "新的备注", 2)
    assert (project.updated_by, past.history_user) == (editor.user, editor.user)
    assert project.milestones.get().history.latest("history_id").history_user == editor.user
    assert LogEntry.objects.get().user == editor.user
    assert (change.state, change.decided_by) == ("approved", publisher.user)
    assert "新的说法" in Client().get(project.get_absolute_url()).content.decode()


def test_agreeing_is_in_the_audit_trail_under_who_agreed(editor, publisher, project):
    change = waiting_change(editor, project)
    decide(publisher, change, "approve")
    entry = AuditEntry.objects.get(action=Action.PUBLISH)
    assert (entry.actor_id, entry.target_id, entry.details) == (
        publisher.user.pk,
        str(project.pk),
        {"change": change.pk},
    )


def test_stage_change_keeps_its_reason_and_who_typed_it(editor, publisher, project):
    change = waiting_change(editor, project, stage="signed", stage_reason="填错了")
    before = project.stage_changes.count()
    decide(publisher, change, "approve")
    log = project.stage_changes.latest("pk")
    assert (project.stage_changes.count() - before, log.reason, log.created_by) == (1, "填错了", editor.user)


def test_returned_with_a_note_writes_nothing(editor, publisher, project):
    change = waiting_change(editor, project)
    decide(publisher, change, "return", note="请写明来源")
    assert (state_of(change), change.note, summary_of(project)) == ("returned", "请写明来源", "旧的说法")
    assert AuditEntry.objects.get(action=Action.RETURN).details == {"change": change.pk}


def test_return_wants_a_note(editor, publisher, project):
    change = waiting_change(editor, project)
    for note in ("", "a\0b", "长" * 301):
        page = decide(publisher, change, "return", note=note)
        assert (list(page.context_data["form"].errors), state_of(change)) == (["note"], "waiting"), note


@pytest.mark.parametrize("act", ["approve", "return"])
def test_nobody_decides_on_a_change_of_their_own(project, act):
    both = signed_in(UserFactory(is_superuser=True))
    change = waiting_change(both, project)
    page = decide(both, change, act, note="好")
    assert (len(page.context_data["problems"]), page.context_data["may_decide"]) == (1, False)
    assert (state_of(change), summary_of(project)) == ("waiting", "旧的说法")
    assert AuditEntry.objects.filter(result=Result.REFUSED, actor_id=both.user.pk).count() == 1


def test_own_change_can_be_agreed_to_where_the_setting_says_so(settings, project):
    settings.PUBLISHER_IS_NOT_EDITOR = False
    both = signed_in(UserFactory(is_superuser=True))
    decide(both, waiting_change(both, project), "approve")
    assert summary_of(project) == "新的说法"


@pytest.mark.parametrize("role", ["editor", "auditor", "service_officer"])
def test_deciding_needs_the_right_to_publish(editor, project, role):
    change, somebody = waiting_change(editor, project), desk(role)
    for act in ("approve", "return", "drop"):
        page = decide(somebody, change, act, note="好")
        assert len(page.context_data["problems"]) == 1, act
        assert (state_of(change), summary_of(project)) == ("waiting", "旧的说法"), act


@pytest.mark.parametrize("role", ["task_force", "leader", "security"])
def test_change_of_a_record_that_is_not_theirs_is_not_shown(editor, project, role):
    change = waiting_change(editor, project)
    stranger = desk(role, chains=[IndustryChainFactory()])
    statuses = [stranger.get(page_url(change)).status_code, stranger.get(page_url(change, "preview")).status_code]
    assert [*statuses, decide(stranger, change, "approve").status_code] == [403, 403, 403]
    assert state_of(change) == "waiting"


def test_list_holds_what_one_may_see(editor, publisher, project):
    mine = waiting_change(editor, project)
    foreign = WaitingChangeFactory()
    url = reverse("admin:liangzhou_waitingchange_changelist")
    force = desk("task_force", chains=[project.chain])
    seen = [set(client.get(url).context_data["cl"].queryset) for client in (publisher, editor, force)]
    assert seen == [{mine, foreign}, {mine, foreign}, {mine}]
    assert desk("leader").get(url).status_code == 403


def test_list_leaves_out_own_changes_of_records_one_may_no_longer_see(project):
    member = desk("task_force", chains=[project.chain])
    change = waiting_change(member, project)
    url = reverse("admin:liangzhou_waitingchange_changelist")
    assert list(member.get(url).context_data["cl"].result_list) == [change]
    member.user.task_forces.get().chains.clear()
    assert list(member.get(url).context_data["cl"].result_list) == []
    assert member.get(page_url(change)).status_code == 403


def test_list_keeps_own_changes_of_records_that_are_gone(project):
    member = desk("task_force", chains=[project.chain])
    change = waiting_change(member, project)
    Project.objects.all().delete()
    listed = member.get(reverse("admin:liangzhou_waitingchange_changelist")).context_data["cl"].result_list
    assert (list(listed), member.get(page_url(change)).status_code) == ([change], 200)


def test_refused_decisions_without_end_do_not_fill_the_trail(editor, project, monkeypatch):
    monkeypatch.setattr("liangzhou.waiting.admin.REFUSALS", 3)
    change = waiting_change(editor, project)
    for _number in range(5):
        decide(editor, change, "approve")
    assert AuditEntry.objects.filter(action=Action.PUBLISH, result=Result.REFUSED).count() == 3


def test_task_force_follows_its_own_change(project):
    force = desk("task_force", chains=[project.chain])
    change = waiting_change(force, project)
    page = force.get(page_url(change))
    assert (page.context_data["may_drop"], page.context_data["may_decide"]) == (True, False)
    decide(force, change, "drop")
    assert (state_of(change), summary_of(project)) == ("dropped", "旧的说法")


def test_first_page_of_the_admin_says_what_waits(editor, publisher, project):
    change = waiting_change(editor, project)

    def waiting_lines(client):
        lines = client.get(reverse("admin:index")).context_data["waiting_lines"]
        return [url for _said, url in lines if "waitingchange" in url]

    counts = [len(waiting_lines(client)) for client in (publisher, editor)]
    decide(publisher, change, "return", note="请写明来源")
    assert (counts, [len(waiting_lines(client)) for client in (publisher, editor)]) == ([1, 0], [0, 1])


# What happens in between


def test_record_changed_meanwhile_is_a_sentence_and_no_overwrite(editor, publisher, project):
    change = waiting_change(editor, project)
    project.summary = "第三种说法"
    project.stamp(None)
    project.save()
    page = publisher.get(page_url(change))
    assert len(page.context_data["look"].problems) == 1
    assert len(decide(publisher, change, "approve").context_data["problems"]) == 1
    assert (state_of(change), summary_of(project)) == ("waiting", "第三种说法")


def test_version_that_moved_on_alone_is_no_conflict(editor, publisher, project):
    change = waiting_change(editor, project)
    project.stamp(None)
    project.save()
    decide(publisher, change, "approve")
    assert summary_of(project) == "新的说法"


def test_record_withdrawn_meanwhile_is_a_sentence(editor, publisher, project):
    change = waiting_change(editor, project)
    Project.objects.update(published=False)
    assert len(decide(publisher, change, "approve").context_data["problems"]) == 1
    assert (state_of(change), summary_of(project)) == ("waiting", "旧的说法")


def test_record_deleted_meanwhile_is_a_sentence(editor, publisher, project):
    change = waiting_change(editor, project)
    project.delete()
    page = decide(publisher, change, "approve")
    assert (len(page.context_data["problems"]), page.context_data["may_decide"]) == (1, False)
    assert publisher.get(page_url(change, "preview")).status_code == 302


@pytest.mark.parametrize("loses", [{"is_active": False}, {"is_superuser": False}])
def test_submitter_without_account_or_right_is_a_sentence_and_can_be_returned(publisher, project, loses):
    clerk = signed_in(UserFactory(is_superuser=True))
    change = waiting_change(clerk, project)
    type(clerk.user).objects.filter(pk=clerk.user.pk).update(**loses)
    assert len(decide(publisher, change, "approve").context_data["problems"]) == 1
    assert summary_of(project) == "旧的说法"
    decide(publisher, change, "return", note="请别人来改")
    assert state_of(change) == "returned"


def test_submitter_who_was_erased_is_a_sentence(editor, publisher, project):
    change = waiting_change(editor, project)
    editor.user.delete()
    assert len(decide(publisher, change, "approve").context_data["problems"]) == 1


def test_submitters_scope_is_asked_again(publisher, project):
    force = desk("task_force", chains=[project.chain])
    change = waiting_change(force, project)
    force.user.task_forces.all().delete()
    assert len(decide(publisher, change, "approve").context_data["problems"]) == 1
    assert summary_of(project) == "旧的说法"


def test_approvers_rights_do_not_stand_in_for_the_submitters(project):
    """What was stored is tampered with: a place and a chain that are not the task force's."""
    force, boss = desk("task_force", chains=[project.chain]), signed_in(UserFactory(is_superuser=True))
    change = waiting_change(force, project)
    foreign = IndustryChainFactory()
    change.typed |= {"chain": [str(foreign.pk)]}
    change.save()
    assert len(decide(boss, change, "approve").context_data["problems"]) >= 1
    assert Project.objects.get(pk=project.pk).chain == project.chain


def test_forged_rows_of_other_records_are_left_alone(editor, publisher, project):
    foreign = public_project()
    data = opened(editor, project) | {"summary": "新的说法", "milestones-0-id": foreign.milestones.get().pk}
    editor.post(form_url(project), data | {"milestones-0-note": "越界"})
    for change in type(WaitingChangeFactory.build()).objects.all():
        decide(publisher, change, "approve")
    assert foreign.milestones.get().note == ""


def test_change_that_was_replaced_cannot_be_agreed_to(editor, publisher, project):
    first = waiting_change(editor, project)
    waiting_change(editor, project, summary="更新的说法")
    assert len(decide(publisher, first, "approve").context_data["problems"]) == 1
    assert summary_of(project) == "旧的说法"


def test_decided_change_cannot_be_decided_again(editor, publisher, project):
    change = waiting_change(editor, project)
    decide(publisher, change, "approve")
    pages = [decide(publisher, change, act, note="好") for act in ("approve", "return")]
    assert [len(page.context_data["problems"]) for page in (*pages, decide(editor, change, "drop"))] == [1, 1, 1]
    assert (state_of(change), Project.objects.get(pk=project.pk).version) == ("approved", 2)


@pytest.mark.parametrize("key", ["0", "999999999999999999999", "x", "1%00", "١"])
def test_key_that_no_change_has_is_not_found(publisher, key):
    url = f"/admin/liangzhou/waitingchange/{key}/change/"
    assert publisher.get(url).status_code in (400, 404)


def test_act_that_there_is_not_is_not_found(editor, publisher, project):
    change = waiting_change(editor, project)
    assert [decide(publisher, change, act).status_code for act in ("", "delete", "\0")] == [404, 404, 404]


def test_agreeing_wants_the_token_of_the_form(editor, project):
    change = waiting_change(editor, project)
    forger = Client(enforce_csrf_checks=True)
    forger.force_login(UserFactory(roles=["publisher"]))
    assert decide(forger, change, "approve").status_code == 403
    assert summary_of(project) == "旧的说法"


def test_nothing_of_waiting_changes_is_typed_or_deleted_by_hand(publisher):
    boss, change = signed_in(UserFactory(is_superuser=True)), WaitingChangeFactory()
    pages = [reverse("admin:liangzhou_waitingchange_add"), page_url(change, "delete")]
    assert [boss.get(page).status_code for page in pages] == [403, 403]


def test_list_asks_as_many_queries_for_one_change_as_for_three(publisher, django_assert_num_queries):
    url = reverse("admin:liangzhou_waitingchange_changelist")
    publisher.get(url)
    for count in (1, 2):
        WaitingChangeFactory.create_batch(count, decided_by=publisher.user)
        with django_assert_num_queries(LIST_QUERIES):
            publisher.get(url)
