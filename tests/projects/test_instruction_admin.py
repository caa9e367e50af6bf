"""Instructions of leaders in the admin: who gives one writes the text, who works on the project the answer."""

from datetime import date

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from liangzhou.batches import undo
from liangzhou.permissions import instruction_fields
from projects.merging import merge
from projects.models import Instruction, Project
from tests.answers import page_of
from tests.factories import IndustryChainFactory, InstructionFactory, PlaceFactory, ProjectFactory, UserFactory
from tests.liangzhou.history_desk import change, first_save, history_url, restore, restore_url
from tests.opened_form import open_form

pytestmark = pytest.mark.django_db

LIST = "/admin/projects/instruction/"
TODAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-03-02T10:00:00+08:00", tick=False):
        yield


@pytest.fixture
def project():
    return ProjectFactory(name="甲项目", chain=IndustryChainFactory(), place=PlaceFactory())


@pytest.fixture
def leader():
    return UserFactory(roles=["leader"], last_name="马", first_name="区长")


@pytest.fixture
def instruction(project, leader):
    return InstructionFactory(project=project, text="请加快用地手续。", created_by=leader)


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def signed_in(*roles, **given):
    return client_of(UserFactory(roles=list(roles), **given))


def page(row, name="change"):
    return reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_{name}", args=[row.pk])


def worker(role, project):
    return UserFactory(roles=[role], chains=[project.chain] if role == "task_force" else [],
                       places=[project.place] if role == "place_clerk" else [])  # fmt: skip


def values(row):
    return Instruction.objects.values_list("text", "due", "answer").get(pk=row.pk)


def write(client, row, **typed):
    """Post every field, whatever the form shows."""
    given = {"text": row.text, "due": row.due or "", "answer": row.answer, "project": row.project_id, **typed}
    return client.post(page(row), {**given, "_version": Instruction.objects.get(pk=row.pk).version})


# Giving


def test_leader_writes_an_instruction_from_the_page_of_the_project(project, leader):
    client = client_of(leader)
    panel = page_of(client.get(page(project))).one("section.instructions")
    link = next(a["href"] for a in panel.all("a") if "/add/" in a["href"])
    data = open_form(client, link, "instruction_form")

    assert set(data) & {"project", "text", "due", "answer"} == {"project", "text", "due"}
    client.post(link, data | {"text": "请加快。", "due": "2026-03-02", "answer": "我自己办"})

    row = Instruction.objects.get()
    assert (row.project, row.created_by, values(row)) == (project, leader, ("请加快。", TODAY, ""))
    assert Project.objects.get().version == project.version


@pytest.mark.parametrize(("typed", "field"), [
    ({"due": "2026-03-01"}, "due"), ({"due": "0000-01-01"}, "due"), ({"text": " "}, "text"), ({"text": "\x00"}, "text"),
    ({"text": "长" * 2001}, "text"), ({"project": "9" * 30}, "project"), ({"project": ""}, "project"),
])  # fmt: skip
def test_instruction_that_cannot_be_is_told_at_the_field(project, leader, typed, field):
    given = {"project": project.pk, "text": "请加快。", "due": "", **typed}
    response = client_of(leader).post(f"{LIST}add/", given)
    assert list(response.context["adminform"].form.errors) == [field]


@pytest.mark.parametrize("role", ["editor", "task_force", "place_clerk", "publisher", "auditor", "service_officer"])
def test_nobody_else_gives_instructions(project, role):
    client = client_of(worker(role, project))
    assert client.post(f"{LIST}add/", {"project": project.pk, "text": "请加快。"}).status_code == 403
    assert "instruction/add/" not in client.get(page(project)).content.decode()
    assert Instruction.objects.count() == 0


# Who writes what


def test_text_is_of_who_gave_it_until_it_is_answered(instruction, leader):
    client = client_of(leader)
    write(client, instruction, text="请尽快。", due="2026-04-01", answer="已办")
    assert values(instruction) == ("请尽快。", date(2026, 4, 1), "")

    change(Instruction.objects.get(), answer="已办结。")
    response = write(client, instruction, text="改口")
    assert (response.status_code, values(instruction)) == (302, ("请尽快。", date(2026, 4, 1), "已办结。"))
    assert client.get(page(instruction)).context["has_change_permission"] is False


def test_text_is_not_of_another_leader(instruction):
    other = signed_in("leader")
    assert write(other, instruction, text="改口").status_code == 403
    assert values(instruction) == ("请加快用地手续。", None, "")


@pytest.mark.parametrize("role", ["editor", "task_force", "place_clerk"])
def test_who_works_on_the_project_writes_the_answer_alone(instruction, role):
    client = client_of(worker(role, instruction.project))
    shown = page_of(client.get(page(instruction)))
    assert [len(shown.all("textarea", name=name)) for name in ("text", "answer")] == [0, 1]

    write(client, instruction, text="改口", due="2026-04-01", project=ProjectFactory().pk, answer="已办结。")

    assert values(instruction) == ("请加快用地手续。", None, "已办结。")
    assert Instruction.objects.get().project == instruction.project


def test_saving_without_a_change_leaves_no_trace(instruction):
    client = signed_in("editor")
    assert client.post(page(instruction), open_form(client, page(instruction), "instruction_form")).status_code == 302
    assert (Instruction.objects.get().version, instruction.history.count()) == (1, 1)


@pytest.mark.parametrize("role", ["publisher", "auditor", "service_officer", "leader"])
def test_nobody_else_answers(instruction, role):
    assert write(signed_in(role), instruction, answer="已办结。").status_code == 403
    assert values(instruction)[2] == ""


@pytest.mark.parametrize("role", ["task_force", "place_clerk"])
def test_instructions_of_others_projects_are_not_there(instruction, role):
    client = client_of(worker(role, ProjectFactory(chain=IndustryChainFactory(), place=PlaceFactory())))
    write(client, instruction, answer="已办结。")
    assert values(instruction)[2] == ""
    assert list(client.get(LIST).context["cl"].result_list) == []
    assert "用地手续" not in client.get(page(instruction), follow=True).content.decode()


def test_going_back_to_an_earlier_version_writes_no_more_than_the_form(instruction):
    change(instruction, text="请尽快。")
    url = restore_url(instruction, first_save(Instruction))
    response = restore(signed_in("editor"), url)
    assert (len(response.context["problems"]), values(instruction)[0]) == (1, "请尽快。")


def test_rule_says_who_writes_which_field(instruction, leader):
    people = [leader, UserFactory(roles=["leader"]), UserFactory(roles=["editor"]), UserFactory(roles=["auditor"]),
              UserFactory(is_superuser=True)]  # fmt: skip
    new = Instruction(project=instruction.project)
    assert [instruction_fields(one, instruction) for one in people] == [
        ("text", "due"),
        (),
        ("answer",),
        (),
        ("answer",),
    ]
    assert [instruction_fields(one, new) for one in people] == [
        ("text", "due"),
        ("text", "due"),
        (),
        (),
        ("text", "due"),
    ]


def test_instructions_of_a_project_that_is_given_up_stay(instruction):
    keep = ProjectFactory()
    batch = merge(keep, instruction.project, choices={}, by=UserFactory(is_superuser=True), reason="同一个项目")
    assert Instruction.objects.get().project == keep
    undo.undo(batch, by=UserFactory(), reason="不是")
    assert Instruction.objects.get().project == instruction.project


# Reading


def test_list_is_filtered_by_what_became_of_them(instruction):
    late = InstructionFactory(due=date(2026, 3, 1))
    done = InstructionFactory(due=date(2026, 3, 1), answer="已办结。")
    today = InstructionFactory(due=TODAY)
    client = signed_in("auditor")
    found = {state: {row.pk for row in client.get(LIST, {"state": state}).context["cl"].result_list}
             for state in ("open", "overdue", "answered")}  # fmt: skip
    assert found == {"open": {instruction.pk, late.pk, today.pk}, "overdue": {late.pk}, "answered": {done.pk}}
    assert [row.is_overdue(on=TODAY) for row in (late, done, today, instruction)] == [True, False, False, False]


def test_first_page_tells_who_answers_what_waits(instruction):
    InstructionFactory(answer="已办结。")
    InstructionFactory(project=ProjectFactory(chain=IndustryChainFactory(), place=PlaceFactory()))

    def lines(client):
        return [line for line in client.get("/admin/").context["waiting_lines"] if "instruction" in line[1]]

    assert [(line[0][0] if line[0][0].isdigit() else line[0], line[1]) for line in lines(signed_in("editor"))] == [
        ("2", f"{LIST}?state=open")
    ]
    assert [len(lines(client_of(worker(role, instruction.project)))) for role in ("task_force", "place_clerk")] == [
        1,
        1,
    ]
    assert [lines(signed_in(role)) for role in ("leader", "auditor", "publisher")] == [[], [], []]


@pytest.mark.parametrize("role", ["service_officer"])
def test_who_may_not_read_instructions_sees_none(instruction, role):
    client = signed_in(role)
    assert client.get(LIST).status_code == 403
    assert "用地手续" not in client.get(page(instruction.project)).content.decode()


def test_instructions_are_never_public(instruction):
    Project.objects.update(published=True)
    client = Client()
    addresses = ("/", "/projects/", instruction.project.get_absolute_url(), "/projects/export.csv", "/feed.atom")
    assert [b"".join(client.get(url)).decode().count("用地手续") for url in addresses] == [0] * 5


def test_history_tells_every_save(instruction, leader):
    write(client_of(leader), instruction, text="请尽快。")
    response = signed_in("auditor").get(history_url(instruction))
    assert [entry.kind for entry in response.context["entries"]] == ["~", "+"]


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_as_many_queries_for_many_as_for_one(count, django_assert_num_queries):
    for _number in range(count):
        InstructionFactory(created_by=UserFactory())
    client = signed_in("editor")
    with django_assert_num_queries(7):
        client.get(LIST)
