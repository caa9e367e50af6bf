"""Task forces in the admin: the security administrator gives chains, never to themselves."""

import pytest
from django.urls import reverse

from projects.models import TaskForce
from tests.factories import IndustryChainFactory, ProjectFactory, TaskForceFactory, UserFactory
from tests.liangzhou.account_desk import at_desk, entries
from tests.liangzhou.audit_desk import is_recorded_last

pytestmark = pytest.mark.django_db

LIST, ADD = "/admin/projects/taskforce/", "/admin/projects/taskforce/add/"
PEOPLE = {"app_label": "projects", "model_name": "taskforce", "field_name": "members"}


def page(force, name="change"):
    return reverse(f"admin:projects_taskforce_{name}", args=[force.pk])


def sent(force, **typed):
    there = {"members": [user.pk for user in force.members.all()], "chains": [c.pk for c in force.chains.all()]}
    return {"name": force.name, "_version": force.version, **there, **typed}


def members(force):
    return sorted(user.username for user in force.members.all())


def test_security_administrator_makes_a_task_force():
    client, clerk, chain = at_desk("security", username="sec"), UserFactory(username="clerk"), IndustryChainFactory()
    client.post(ADD, {"name": "储能专班", "members": [clerk.pk], "chains": [chain.pk]})
    force = TaskForce.objects.get()
    assert (members(force), list(force.chains.all())) == (["clerk"], [chain])
    change = {"name": "储能专班", "members": ["clerk"], "chains": [chain.name]}
    told = {name: {"from": None, "to": value} for name, value in change.items()}
    assert entries("rights") == [("rights", "sec", "储能专班", "done", told)]


def test_chain_counts_from_the_next_request():
    client, theirs = at_desk("security"), at_desk("task_force")
    chain, force = IndustryChainFactory(name="新能源"), TaskForceFactory(members=[theirs.user])
    project = reverse("admin:projects_project_change", args=[ProjectFactory(chain=chain).pk])
    assert theirs.get(project).status_code != 200
    client.post(page(force), sent(force, chains=[chain.pk]))
    assert theirs.get(project).status_code == 200
    force.refresh_from_db()
    client.post(page(force), sent(force, chains=[]))
    assert theirs.get(project).status_code != 200
    given = {"chains": {"from": [], "to": ["新能源"]}}
    taken = {"chains": {"from": ["新能源"], "to": []}}
    assert [row[4] for row in entries("rights")] == [given, taken]


def test_nobody_puts_themselves_into_a_task_force():
    client, force = at_desk("security", username="sec"), TaskForceFactory()
    own = [client.user.pk]
    for answer in (
        client.post(ADD, {"name": "新", "members": own}),
        client.post(page(force), sent(force, members=own)),
    ):
        assert list(answer.context["adminform"].errors) == ["members"]
    assert (members(force), TaskForce.objects.count()) == ([], 1)
    assert {row[3] for row in entries("refused")} == {"refused"}


def test_own_task_force_is_not_changed():
    client = at_desk("security")
    force = TaskForceFactory(members=[client.user])
    answers = [
        client.post(page(force), sent(force, chains=[IndustryChainFactory().pk])),
        client.post(page(force, "delete"), {"post": "yes"}),
    ]
    client.post(LIST, {"action": "delete_selected", "_selected_action": [force.pk], "post": "yes"})
    assert [answer.status_code for answer in answers] == [403, 403]
    assert (TaskForce.objects.count(), force.chains.count()) == (1, 0)


@pytest.mark.parametrize("role", ["administrator", "security", "auditor"])
def test_who_administers_or_audits_gets_no_chain(role):
    client, force, person = at_desk("security"), TaskForceFactory(), UserFactory(roles=[role])
    response = client.post(page(force), sent(force, members=[person.pk]))
    assert (list(response.context["adminform"].errors), members(force)) == (["members"], [])


@pytest.mark.parametrize("role", ["administrator", "auditor", "editor", "task_force", "publisher", "leader"])
def test_others_give_no_chains(role):
    client, force = at_desk(role), TaskForceFactory()
    answers = [
        client.post(ADD, {"name": "新", "members": [client.user.pk]}),
        client.post(page(force), sent(force, members=[client.user.pk])),
        client.post(page(force, "delete"), {"post": "yes"}),
    ]
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert (members(force), TaskForce.objects.count()) == ([], 1)


def test_deleting_is_in_the_audit():
    client, force = at_desk("security"), TaskForceFactory(name="专班", members=[UserFactory(username="clerk")])
    assert client.post(page(force, "delete"), {"post": "yes"}).status_code == 302
    gone = {"name": {"from": "专班", "to": None}, "members": {"from": ["clerk"], "to": None}}
    assert [row[4] for row in entries("rights")] == [gone]


def test_several_are_deleted_before_the_trail_is_locked(django_assert_max_num_queries):
    client, forces = at_desk("security"), [TaskForceFactory(name=name) for name in ("甲专班", "乙专班")]
    with django_assert_max_num_queries(200) as asked:
        chosen = [force.pk for force in forces]
        client.post(LIST, {"action": "delete_selected", "_selected_action": chosen, "post": "yes"})
    assert sorted(row[4]["name"]["from"] for row in entries("rights")) == ["乙专班", "甲专班"]
    assert is_recorded_last(asked.captured_queries, "projects_taskforce")


@pytest.mark.parametrize("field", ["members", "chains"])
@pytest.mark.parametrize("key", ["999999", "9" * 25, "x", ""])
def test_keys_of_nothing_are_refused(field, key):
    client, force = at_desk("security"), TaskForceFactory()
    response = client.post(page(force), sent(force, **{field: [key]}))
    assert (response.status_code, list(response.context["adminform"].errors)) == (200, [field])


def test_people_are_found_by_name_and_only_staff():
    client = at_desk("security", username="sec", last_name="赵", first_name="六")
    UserFactory(username="clerk", last_name="王", first_name="五", email="secret@example.cn")
    UserFactory(username="gone", last_name="王", first_name="五", is_active=False)
    UserFactory(username="guest", last_name="王", first_name="五", is_staff=False)
    found = client.get("/admin/autocomplete/", PEOPLE | {"term": "王五"}).json()["results"]
    assert [(row["text"], sorted(row)) for row in found] == [("王五 (clerk)", ["id", "text"])]


@pytest.mark.parametrize("role", ["editor", "task_force", "leader"])
def test_people_are_not_listed_to_others(role):
    assert at_desk(role).get("/admin/autocomplete/", PEOPLE).status_code == 403


def test_member_whose_account_was_closed_stays():
    client, gone = at_desk("security"), UserFactory(username="gone", is_active=False)
    force = TaskForceFactory(members=[gone])
    assert client.post(page(force), sent(force, name="新名")).status_code == 302
    assert members(force) == ["gone"]


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_as_many_queries_for_three_as_for_one(count, django_assert_num_queries):
    client = at_desk("security")
    for _n in range(count):
        TaskForceFactory(members=[UserFactory()], chains=[IndustryChainFactory()])
    client.get(LIST)
    with django_assert_num_queries(9):
        client.get(LIST)
