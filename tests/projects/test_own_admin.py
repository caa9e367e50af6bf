"""The projects' admin for those who reach only their own: what they see, what they choose, what they cannot forge."""

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse

from liangzhou.audit import Action, AuditEntry
from liangzhou.batches import ChangeBatch, change_batch
from projects.models import NotTheSame, Project, ProjectParty
from tests.factories import (
    CreditShareFactory,
    EnterpriseFactory,
    IndustryChainFactory,
    MilestoneFactory,
    PlaceFactory,
    ProjectFactory,
    ProjectPartyFactory,
    UnitFactory,
    UserFactory,
)
from tests.liangzhou.history_desk import change, history_url, restore_url
from tests.opened_form import add_row, open_form

pytestmark = pytest.mark.django_db

LIST, ADD = reverse("admin:projects_project_changelist"), reverse("admin:projects_project_add")
SECRET = "陌生"  # in the names of what is somebody else's


@pytest.fixture
def chain():
    return IndustryChainFactory(name="奶产业")


@pytest.fixture
def place():
    return PlaceFactory(name="黄羊工业园")


@pytest.fixture
def own(chain, place):
    return ProjectFactory(name="乳制品加工", chain=chain, place=place, stage="lead", published=False)


@pytest.fixture
def foreign():
    company = EnterpriseFactory(name=f"{SECRET}公司", published=False)
    return ProjectFactory(name=f"{SECRET}冷链物流园", stage="lead", published=False, enterprise=company)


def signed_in(role, **limits):
    client = Client()
    client.user = UserFactory(roles=[role] if isinstance(role, str) else role, **limits)
    client.force_login(client.user)
    return client


@pytest.fixture(params=["task_force", "place_clerk"])
def client(request, chain, place):
    return signed_in(request.param, **({"chains": [chain]} if request.param == "task_force" else {"places": [place]}))


def address(project, page="change"):
    return reverse(f"admin:projects_project_{page}", args=[project.pk])


def errors(response):
    return {name: len(found) for name, found in response.context["adminform"].form.errors.items()}


# Seen


def test_list_search_and_counts_are_of_own_projects(client, own, foreign):
    for query in ({}, {"q": "冷链"}, {"q": foreign.code}, {"_facets": "True"}, {"chain__id__exact": foreign.chain_id}):
        response = client.get(LIST, query)
        assert SECRET not in response.content.decode()
        assert foreign not in response.context["cl"].result_list
    assert list(client.get(LIST).context["cl"].result_list) == [own]
    assert foreign.chain.name not in client.get(LIST).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_as_often_for_any_number_of_own_projects(count, chain, django_assert_num_queries):
    client = signed_in("task_force", chains=[chain])
    for _number in range(count):
        ProjectFactory(chain=chain)
    client.get(LIST)
    with django_assert_num_queries(10):
        client.get(LIST)


@pytest.mark.parametrize("page", ["change", "history", "delete", "history_day", "history_compare"])
def test_pages_of_a_foreign_project_are_as_of_one_that_is_not_there(client, own, foreign, page):
    change(foreign, summary=SECRET)
    for method in (client.get, client.post):
        response = method(address(foreign, page), follow=True)
        assert (SECRET in response.content.decode(), foreign.code in response.content.decode()) == (False, False)
    foreign.refresh_from_db()
    assert foreign.version == 2


def test_foreign_project_that_was_deleted_stays_unseen(client, foreign):
    past = foreign.history.latest("history_id")
    key = foreign.pk
    foreign.delete()
    foreign.pk = key
    data = {"_version": "1", "name": "新名"}
    assert client.get(history_url(foreign)).status_code == 403
    assert client.get(restore_url(foreign, past)).status_code == 403
    assert SECRET not in client.post(address(foreign), data, follow=True).content.decode()
    assert Project.objects.count() == 0


def test_public_address_of_a_foreign_project_is_not_told(client, own, foreign):
    kind = ContentType.objects.get_for_model(Project).pk
    assert client.get(reverse("admin:view_on_site", args=[kind, own.pk])).status_code == 302
    for key in (foreign.pk, 999, "x", "9" * 30):
        assert client.get(reverse("admin:view_on_site", args=[kind, key])).status_code == 404


def test_refusal_is_in_the_audit_trail(client, own):
    assert client.get(address(own, "delete")).status_code == 403
    entry = AuditEntry.objects.get(action=Action.REFUSED)
    assert (entry.actor_id, entry.result) == (client.user.pk, "refused")


# Typed


def test_own_project_is_saved_and_stays_ones_own(client, own, foreign):
    data = open_form(client, address(own), "project_form")
    assert client.post(address(own), data | {"summary": "新"}).status_code == 302
    data = open_form(client, address(own), "project_form")
    forged = data | {"chain": foreign.chain_id, "place": foreign.place_id, "summary": "再改"}
    response = client.post(address(own), forged)
    assert set(errors(response)) in ({"chain"}, {"place"})
    own.refresh_from_db()
    assert own.summary == "新"
    assert len(response.context["inline_admin_formsets"]) > 1  # and the page can be mended


def test_new_project_must_be_ones_own(client, chain, place, foreign):
    new = open_form(client, ADD, "project_form") | {"name": "储能电站", "stage": "lead"}
    for typed in ({}, {"chain": foreign.chain_id, "place": foreign.place_id}):
        assert set(errors(client.post(ADD, new | typed))) <= {"chain", "place"}
    mine = {"chain": chain.pk} if client.user.groups.get().name == "产业链专班" else {"place": place.pk}
    assert client.post(ADD, new | mine).status_code == 302
    assert Project.objects.latest("pk").created_by == client.user


def test_who_has_both_roles_needs_one_of_either(chain, place):
    client = signed_in(["task_force", "place_clerk"], chains=[chain], places=[place])
    new = open_form(client, ADD, "project_form") | {"stage": "lead"}
    assert errors(client.post(ADD, new | {"name": "甲"})) == {"chain": 1}
    assert client.post(ADD, new | {"name": "甲", "chain": chain.pk}).status_code == 302
    assert client.post(ADD, new | {"name": "乙丙丁", "place": place.pk}).status_code == 302


def test_who_has_no_chain_yet_enters_nothing():
    client = signed_in("task_force")
    new = open_form(client, ADD, "project_form") | {"name": "储能电站", "stage": "lead"}
    assert list(errors(client.post(ADD, new))) == ["place"]
    assert Project.objects.count() == 0


@pytest.mark.parametrize("field", ["parent", "enterprise"])
def test_foreign_record_is_refused_at_its_field_and_not_named(client, own, foreign, field):
    data = open_form(client, address(own), "project_form")
    value = foreign.pk if field == "parent" else foreign.enterprise_id
    response = client.post(address(own), data | {field: value})
    assert (errors(response), SECRET in response.content.decode()) == ({field: 1}, False)


def test_foreign_record_that_is_chosen_already_stays(client, own, foreign):
    Project.objects.filter(pk=own.pk).update(parent=foreign)
    data = open_form(client, address(own), "project_form")
    assert client.post(address(own), data | {"summary": "新"}).status_code == 302
    assert Project.objects.get(pk=own.pk).parent == foreign


def test_forged_rows_of_parts_change_nothing_of_others(client, own, foreign):
    milestone = MilestoneFactory(project=foreign)
    data = open_form(client, address(own), "project_form")
    add_row(data, "milestones", id=milestone.pk, project=own.pk, kind="signed", planned="", actual="2020年", note="改")
    data["milestones-INITIAL_FORMS"] = data["milestones-TOTAL_FORMS"]
    client.post(address(own), data)
    data = open_form(client, address(own), "project_form")
    add_row(data, "parties", enterprise=foreign.enterprise_id, role="technology", note="")
    assert SECRET not in client.post(address(own), data).content.decode()
    milestone.refresh_from_db()
    assert (milestone.project, milestone.note) == (foreign, "")
    assert ProjectParty.objects.count() == 0


def test_address_of_a_new_project_names_nothing_foreign(client, foreign):
    asked = {"parent": foreign.pk, "enterprise": foreign.enterprise_id, "name": "新"}
    assert SECRET not in client.get(ADD, asked).content.decode()


@pytest.mark.parametrize("field", ["parent", "enterprise"])
def test_choice_by_typing_finds_own_records_only(client, own, foreign, field):
    asked = {"app_label": "projects", "model_name": "project", "field_name": field, "term": ""}
    answer = client.get(reverse("admin:autocomplete"), asked).json()
    assert [one["id"] for one in answer["results"]] == [str(own.pk if field == "parent" else own.enterprise_id)]


def test_one_chooses_among_own_chains_or_places(client, own, foreign):
    form = client.get(address(own)).context["adminform"].form
    limited = "chain" if client.user.groups.get().name == "产业链专班" else "place"
    assert list(form.fields[limited].queryset) == [getattr(own, limited)]


# Acts on many (on projects of others: tests/test_roles_forged.py)


def test_company_that_is_only_read_is_reached_by_no_action(client, own):
    company = EnterpriseFactory()
    url = reverse("admin:enterprises_enterprise_changelist")
    for action in ("submit", "publish", "withdraw", "delete_selected"):
        client.post(url, {"action": action, "_selected_action": [company.pk], "post": "yes"})
    assert client.get(reverse("admin:enterprises_enterprise_change", args=[company.pk])).status_code == 200
    assert client.post(reverse("admin:enterprises_enterprise_change", args=[company.pk]), {}).status_code == 403
    company.refresh_from_db()
    assert (company.version, company.review) == (1, "")


def test_merging_is_not_for_them(client, own, foreign):
    for keys in ((own.pk, foreign.pk), (foreign.pk, own.pk)):
        response = client.post(reverse("admin:projects_project_merge", args=keys), {"reason": "同一项目"})
        assert (response.status_code, SECRET in response.content.decode()) == (403, False)


def test_merging_needs_both_projects(own, foreign, chain):
    group = UserFactory(roles=["task_force"]).groups.get()
    group.permissions.add(Permission.objects.get(codename="delete_project"))
    client = signed_in("task_force", chains=[chain])
    second = ProjectFactory(chain=chain)
    assert client.get(reverse("admin:projects_project_merge", args=[own.pk, second.pk])).status_code == 200
    assert client.get(reverse("admin:projects_project_merge", args=[own.pk, foreign.pk])).status_code == 404
    foreign.parent = second
    foreign.save()
    assert client.get(reverse("admin:projects_project_merge", args=[own.pk, second.pk])).status_code == 403


# Look-alikes


def test_possible_duplicates_are_own_ones(client, own, chain, place, foreign):
    twin = ProjectFactory(name=own.name, chain=chain, place=place)
    ProjectFactory(name=foreign.name)
    page = client.get(reverse("admin:projects_project_duplicates"))
    assert [(pair.first, pair.second) for pair in page.context["pairs"]] == [(own, twin)]
    assert SECRET not in page.content.decode()
    forged = {"first": own.pk, "second": foreign.pk}
    assert client.post(reverse("admin:projects_project_duplicates"), forged).status_code == 404
    assert NotTheSame.objects.count() == 0


def test_look_alike_of_others_is_told_without_its_name(client, own, foreign):
    data = open_form(client, address(own), "project_form") | {"name": f"武威{foreign.name[2:]}"}
    Project.objects.filter(pk=foreign.pk).update(name=data["name"], summary=SECRET)
    response = client.post(address(own), data)
    form = response.context["adminform"].form
    assert (list(form.errors), form.look_alikes, form.look_alikes_of_others) == (["not_the_same"], [], 1)
    assert foreign.code not in response.content.decode()
    assert client.post(address(own), data | {"not_the_same": "on"}).status_code == 302
    assert NotTheSame.objects.count() == 0  # that is for who sees both


# Chains and units


def test_company_that_anchors_a_chain_is_named_to_who_may_see_it(client, own, foreign, chain):
    chain.anchor_enterprise = foreign.enterprise
    chain.save()
    for url in (
        reverse("admin:projects_industrychain_changelist"),
        reverse("admin:projects_industrychain_change", args=[chain.pk]),
    ):
        assert SECRET not in client.get(url).content.decode()


def test_unit_counts_and_names_own_projects_only(client, own, foreign):
    unit = UnitFactory()
    Project.objects.update(stage="started")
    for project in (own, foreign):
        CreditShareFactory(project=project, unit=unit, percent=50)
    listed = client.get(reverse("admin:projects_unit_changelist"))
    assert [one.credited_projects for one in listed.context["cl"].result_list] == [1]
    assert [line["projects"] for line in listed.context["credit"]] == ["0.5", "0.5", "1"]
    page = client.get(reverse("admin:projects_unit_change", args=[unit.pk])).content.decode()
    assert (own.name in page, SECRET in page) == (True, False)


# Taken back


def test_batches_of_others_are_unseen_although_they_touched_own_projects(client, own, foreign):
    with change_batch(ChangeBatch.Kind.IMPORT, by=UserFactory(), label=f"{SECRET}.xlsx") as batch:
        change(own, summary="新")
        change(foreign, summary="新")
    assert SECRET not in client.get(history_url(own)).content.decode()
    assert list(client.get(reverse("admin:liangzhou_changebatch_changelist")).context["cl"].result_list) == []
    assert client.get(reverse("admin:liangzhou_changebatch_change", args=[batch.pk])).status_code == 403


def test_own_batch_that_reaches_what_is_ones_own_no_longer_is_not_taken_back(client, own, foreign):
    with change_batch(ChangeBatch.Kind.IMPORT, by=client.user, label="台账.xlsx") as batch:
        change(own, summary="新")
        change(foreign, summary="新")
    page = client.get(reverse("admin:liangzhou_changebatch_change", args=[batch.pk])).content.decode()
    assert (own.name in page, SECRET in page) == (True, False)
    undone = client.post(reverse("admin:liangzhou_changebatch_undo", args=[batch.pk]), {"reason": "错"}, follow=True)
    assert SECRET not in undone.content.decode()
    assert set(Project.objects.values_list("summary", flat=True)) == {"新"}


def test_own_batch_is_taken_back(client, own):
    with change_batch(ChangeBatch.Kind.IMPORT, by=client.user, label="台账.xlsx") as batch:
        change(own, summary="新")
    client.post(reverse("admin:liangzhou_changebatch_undo", args=[batch.pk]), {"reason": "错"})
    own.refresh_from_db()
    assert own.summary == ""
    assert AuditEntry.objects.get(action=Action.UNDO).actor_id == client.user.pk


def test_restoring_must_leave_the_project_ones_own(client, own, foreign, chain, place):
    Project.objects.filter(pk=own.pk).update(chain=foreign.chain, place=foreign.place)
    own.refresh_from_db()
    change(own, summary="旧")
    past = own.history.latest("history_id")
    change(own, chain=chain, place=place)
    url = restore_url(own, past)
    data = open_form(client, url, "restore_form") | {"reason": "改错了"}
    response = client.post(url, data)
    assert len(response.context["problems"]) == 1
    own.refresh_from_db()
    assert (own.chain, own.place) == (chain, place)


def test_company_of_a_project_in_which_one_takes_part_may_be_chosen(client, own, foreign):
    ProjectPartyFactory(project=own, enterprise=foreign.enterprise)
    data = open_form(client, address(own), "project_form")
    assert client.post(address(own), data | {"enterprise": foreign.enterprise_id}).status_code == 302
