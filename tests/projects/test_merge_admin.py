"""Possible duplicates and merging in the admin."""

import pytest
from django.test import Client
from django.urls import reverse

from liangzhou.batches import ChangeBatch
from projects import duplicates, merge_admin
from projects.models import FormerCode, NotTheSame, Project
from projects.stages import Stage
from tests.answers import page_of
from tests.factories import MilestoneFactory, ProjectFactory, UserFactory

pytestmark = pytest.mark.django_db

LIST = "admin:projects_project_changelist"
DUPLICATES = "admin:projects_project_duplicates"
MERGE = "admin:projects_project_merge"
RIGHTS = ["projects.view_project", "projects.change_project", "projects.delete_project"]


def signed_in(*permissions, **given):
    client = Client()
    client.force_login(UserFactory(permissions=permissions, **given))
    return client


@pytest.fixture
def client():
    return signed_in(is_superuser=True)


@pytest.fixture
def pair():
    given = {"stage": Stage.LEAD, "published": False, "chain": None, "enterprise": None, "place": None, "waived": False}
    return ProjectFactory(name="冷链物流园", **given), ProjectFactory(name="凉州区冷链物流园项目", **given)


def typed(pair, **given):
    """What the page of a merge posts."""
    versions = {"keep_version": pair[0].version, "other_version": pair[1].version}
    return {"reason": "同一项目", **versions, **given}


def merge_url(*pair):
    return reverse(MERGE, args=[project.pk for project in pair])


def test_the_action_leads_to_the_preview_of_exactly_two(client, pair):
    third = ProjectFactory()
    data = {"action": "merge_two", "_selected_action": [project.pk for project in pair]}

    assert client.post(reverse(LIST), data)["Location"] == merge_url(*pair)
    for chosen in ([pair[0].pk], [*data["_selected_action"], third.pk]):
        response = client.post(reverse(LIST), data | {"_selected_action": chosen})
        assert response["Location"].startswith(reverse(LIST))


def test_the_preview_shows_both_what_differs_and_what_moves(client, pair):
    milestone = MilestoneFactory(project=pair[1])

    page = page_of(client.get(merge_url(*pair)))

    radios = {(r["name"], r["value"]): "checked" in r.attrs for r in page.all("input", type="radio")}
    assert radios == {("name", "keep"): True, ("name", "other"): False}
    assert page.texts("dd") == [str(milestone)]
    assert merge_url(pair[1], pair[0]) in [link.attrs.get("href") for link in page.all("a")]
    assert Project.objects.count() == 2


def test_a_merge_is_made_and_told_with_a_link_to_its_batch(client, pair):
    response = client.post(merge_url(*pair), typed(pair, name="other"))

    project, batch = Project.objects.get(), ChangeBatch.objects.get()
    assert (project.pk, project.name) == (pair[0].pk, "凉州区冷链物流园项目")
    assert (batch.kind, batch.reason) == ("merge", "同一项目")
    assert FormerCode.objects.get().code == pair[1].code
    assert response["Location"] == reverse("admin:projects_project_change", args=[project.pk])
    link = reverse("admin:liangzhou_changebatch_change", args=[batch.pk])
    assert link in [
        a.attrs.get("href") for a in page_of(client.get(response["Location"])).one("ul.messagelist").all("a")
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": ""},
        {"reason": " "},
        {"reason": "\x00"},
        {"reason": "长" * 301},
        {"name": "third"},
        {"keep_version": "x"},
    ],
)
def test_a_merge_without_what_it_needs_is_not_made(client, pair, wrong):
    page = page_of(client.post(merge_url(*pair), typed(pair, **wrong)))

    assert len(page.all("div.error-summary")) == 1
    assert (Project.objects.count(), ChangeBatch.objects.count()) == (2, 0)


def test_a_merge_of_what_was_changed_meanwhile_is_shown_again_and_then_made(client, pair):
    data = typed(pair, name="other")
    pair[1].stamp(UserFactory())
    pair[1].save()

    page = page_of(client.post(merge_url(*pair), data))

    assert (len(page.all("div.error-summary")), Project.objects.count()) == (1, 2)
    assert page.one("input", name="other_version")["value"] == "2"
    assert page.one("input", name="name", value="other").attrs.get("checked", "no") is None
    assert client.post(merge_url(*pair), data | {"other_version": "2"}).status_code == 302


def test_a_project_is_not_merged_into_its_own_phase(client, pair):
    Project.objects.filter(pk=pair[0].pk).update(parent=pair[1])

    page = page_of(client.post(merge_url(*pair), typed(pair)))

    assert (len(page.all("div.error-summary")), Project.objects.count()) == (1, 2)


@pytest.mark.parametrize("keys", [(1, 99), (99, 1), (2**63, 1), (10**30, 1)])
def test_a_merge_with_what_is_not_there_is_unknown(client, keys):
    ProjectFactory(pk=1)

    assert client.get(reverse(MERGE, args=keys)).status_code == 404


@pytest.mark.parametrize("left_out", RIGHTS[1:])
def test_a_merge_needs_the_right_to_change_and_to_delete(pair, left_out):
    client = signed_in(*(right for right in RIGHTS if right != left_out))

    assert client.get(merge_url(*pair)).status_code == 403
    assert client.post(merge_url(*pair), typed(pair)).status_code == 403
    data = {"action": "merge_two", "_selected_action": [project.pk for project in pair]}
    client.post(reverse(LIST), data)
    assert Project.objects.count() == 2
    assert client.get(reverse(DUPLICATES)).status_code == 200
    assert page_of(client.get(reverse(DUPLICATES))).all("a.button") == []


def test_with_both_rights_a_merge_is_made(pair):
    assert signed_in(*RIGHTS).post(merge_url(*pair), typed(pair)).status_code == 302


def test_possible_duplicates_are_listed_with_a_link_to_merge_them(client, pair):
    ProjectFactory(name="凉州区冷链物流园项目二期")
    ProjectFactory(name="雅洁食品项目")

    page = page_of(client.get(reverse(DUPLICATES)))

    first = page.one("tbody").all("tr")[0]
    assert [link["href"] for link in first.all("a")] == [
        *(reverse("admin:projects_project_change", args=[project.pk]) for project in pair),
        merge_url(*pair),
    ]


def test_a_pair_that_is_told_apart_is_listed_no_longer(client, pair):
    address = reverse(DUPLICATES)

    response = client.post(address, {"first": pair[0].pk, "second": pair[1].pk})

    assert response["Location"] == address
    assert NotTheSame.objects.pairs() == {(pair[0].pk, pair[1].pk)}
    assert page_of(client.get(address)).all("tbody") == []


@pytest.mark.parametrize("keys", [("", ""), ("x", "1"), ("\x00", "1"), ("9" * 30, "1"), ("1", "99")])
def test_a_pair_that_is_not_there_is_unknown(client, keys):
    ProjectFactory(pk=1)

    assert client.post(reverse(DUPLICATES), dict(zip(("first", "second"), keys, strict=True))).status_code == 404


def test_possible_duplicates_are_paged_and_their_limit_is_told(client, pair, monkeypatch):
    ProjectFactory(name="冷链物流园建设", enterprise=None, place=None)
    monkeypatch.setattr(merge_admin, "PAIRS_PER_PAGE", 2)

    pages = [page_of(client.get(reverse(DUPLICATES), {"p": number})) for number in ("1", "2", "x", "99")]

    assert [len(page.one("tbody").all("tr")) for page in pages] == [2, 1, 2, 1]
    assert pages[0].all("span.warning") == []
    monkeypatch.setattr(duplicates.existing_pairs, "__defaults__", (2,))
    assert len(page_of(client.get(reverse(DUPLICATES))).all("span.warning")) == 1


def test_possible_duplicates_need_the_right_to_see_projects(pair):
    assert signed_in("enterprises.view_enterprise").get(reverse(DUPLICATES)).status_code == 403
    reader = signed_in("projects.view_project")
    assert reader.get(reverse(DUPLICATES)).status_code == 200
    assert reader.post(reverse(DUPLICATES), {"first": pair[0].pk, "second": pair[1].pk}).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_possible_duplicates_cost_the_same_for_any_number_of_pairs(client, count, django_assert_num_queries):
    for number in range(count):
        ProjectFactory(name=f"{number + 1}号冷库")
        ProjectFactory(name=f"凉州区{number + 1}号冷库")
    client.get(reverse(DUPLICATES))

    with django_assert_num_queries(5):
        client.get(reverse(DUPLICATES))
