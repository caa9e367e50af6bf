"""The history page of a record."""

import pytest
from django.test import Client
from django.urls import reverse

from projects.models import Project
from sources.models import Source
from tests.factories import CitationFactory, MeasureFactory, ProjectFactory, SourceFactory, UserFactory
from tests.opened_form import add_row, open_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    client = Client()
    client.force_login(UserFactory(last_name="李", first_name="主任", is_superuser=True))
    return client


def history_url(row):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_history", args=[row.pk])


def save(client, project, **typed):
    url = reverse("admin:projects_project_change", args=[project.pk])
    assert client.post(url, open_form(client, url, "project_form") | typed).status_code == 302


def saves(response):
    """The entries of a history, without the changes of stage."""
    return [entry for entry in response.context["entries"] if not entry.title]


def told(entry):
    return [(line.where, line.change.name, line.change.old, line.change.new) for line in entry.lines]


def test_history_tells_each_save_in_words_newest_first(client):
    project = ProjectFactory(name="储能电站", land_area=None)
    save(client, project, land_area="100", total_investment="14亿")
    newest, oldest = saves(client.get(history_url(project)))
    assert (newest.kind, newest.who, told(newest)) == (
        "~",
        "李主任",
        [("", "total_investment", "13亿元", "14亿元"), ("", "land_area", "—", "100")],
    )
    assert (oldest.kind, oldest.who == newest.who) == ("+", False)
    assert ("", "name", "—", "储能电站") in told(oldest)


def test_history_tells_what_changed_in_the_parts(client):
    project = ProjectFactory()
    MeasureFactory(project=project, name="功率", value=300, unit="MW")
    save(client, project, **{"measures-0-value": "350"})
    save(client, project, **{"measures-0-DELETE": "on"})
    deleted, changed, entered = saves(client.get(history_url(project)))
    assert [line[1:] for line in told(changed)] == [("value", "300", "350")]
    ((_, _, old, new),) = told(deleted)
    assert ("350" in old, "功率" in old, "350" in new) == (True, True, False)
    assert any("300" in line[3] and "功率" in line[3] for line in told(entered))


def test_history_of_a_sentence_quotes_it_whole(client):
    quote = "项目总投资13亿元，占地100亩，" * 5
    citation = CitationFactory(quote=quote)
    (entry,) = saves(client.get(history_url(citation.target)))
    assert any(quote in line[3] for line in told(entry))


def test_history_leaves_out_what_nobody_typed(client):
    project = ProjectFactory()
    save(client, project, summary="新")
    newest, _ = saves(client.get(history_url(project)))
    assert [name for _, name, _, _ in told(newest)] == ["summary"]


def test_history_of_many_saves_comes_in_pages(client, monkeypatch):
    monkeypatch.setattr("liangzhou.admin.LedgerAdmin.history_per_page", 2)
    project = ProjectFactory(summary="0")
    for number in range(1, 5):
        project.summary = str(number)
        project.save()
    MeasureFactory(project=project, name="最后")
    shown = [
        [told(entry)[0][2:] if entry.kind == "~" else entry.kind for entry in
         saves(client.get(history_url(project), {"p": page}))]
        for page in (1, 2, 3)
    ]  # fmt: skip
    assert shown == [[("3", "4"), ("2", "3")], [("1", "2"), ("0", "1")], ["+"]]
    counts = [
        sum(len(entry.lines) for entry in saves(client.get(history_url(project), {"p": page}))) for page in (1, 2)
    ]
    assert counts == [3, 2]  # the measure came after the newest save, and is told there only


@pytest.mark.parametrize("page", ["abc", "0", "-1", "999", "9" * 50])
def test_history_of_a_silly_page_is_no_error(client, page):
    assert client.get(history_url(ProjectFactory()), {"p": page}).status_code == 200


def test_history_of_a_deleted_record_stays(client):
    source = SourceFactory(title="报道")
    url = history_url(source)
    client.post(reverse("admin:sources_source_delete", args=[source.pk]), {"post": "yes"})
    response = client.get(url)
    assert [entry.kind for entry in saves(response)] == ["-", "+"]
    assert reverse("admin:sources_source_change", args=[source.pk]) not in response.content.decode()
    assert Source.objects.count() == 0


def test_history_needs_the_right_to_see_the_record():
    stranger = Client()
    stranger.force_login(UserFactory(permissions=["sources.view_source"]))
    assert stranger.get(history_url(ProjectFactory())).status_code == 403


def test_history_cannot_be_written_back(client):
    project = ProjectFactory(name="新名")
    past = project.history.get()
    response = client.post(f"{history_url(project)}{past.history_id}/", {"name": "旧名"})
    assert (response.status_code, Project.objects.get().name) == (302, "新名")


def test_page_holds_no_inline_script_or_style(client):
    project = ProjectFactory()
    add = open_form(client, reverse("admin:projects_project_change", args=[project.pk]), "project_form")
    add_row(add, "milestones", kind="started", planned="", actual="2025", note="")
    client.post(reverse("admin:projects_project_change", args=[project.pk]), add)
    for url in (history_url(project), reverse("admin:projects_project_change", args=[project.pk]),
                reverse("admin:projects_project_changelist"), reverse("admin:index")):  # fmt: skip
        content = client.get(url).content.decode()
        assert [sign for sign in (" style=", " onclick=", "<style", "javascript:") if sign in content] == []
