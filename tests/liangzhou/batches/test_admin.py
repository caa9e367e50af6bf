"""Batches of changes in the admin."""

import pytest
from django.test import Client
from django.urls import reverse

from liangzhou import publishing
from liangzhou.batches import ChangeBatch, change_batch
from projects.models import Measure, Milestone, Opportunity, Project
from tests.factories import (
    ChangeBatchFactory,
    CitationFactory,
    FormerCodeFactory,
    IndustryChainFactory,
    MeasureFactory,
    MilestoneFactory,
    NotTheSameFactory,
    OpportunityFactory,
    PlaceFactory,
    ProjectFactory,
    ProjectPartyFactory,
    UserFactory,
)
from tests.liangzhou.history_desk import change
from tests.opened_form import open_form, read_form

pytestmark = pytest.mark.django_db

LIST = "/admin/liangzhou/changebatch/"


@pytest.fixture
def boss():
    return UserFactory(last_name="李", first_name="主任", is_superuser=True)


@pytest.fixture
def client(boss):
    client = Client()
    client.force_login(boss)
    return client


def page_url(batch):
    return reverse("admin:liangzhou_changebatch_change", args=[batch.pk])


def undo_url(batch):
    return reverse("admin:liangzhou_changebatch_undo", args=[batch.pk])


@pytest.fixture
def batch(boss):
    """An import that changed a project, entered a measure and deleted an opportunity."""
    project, opportunity = ProjectFactory(name="储能电站", summary="旧"), OpportunityFactory(name="冷链")
    with change_batch(ChangeBatch.Kind.IMPORT, by=boss, label="台账.xlsx") as batch:
        change(project, summary="新")
        MeasureFactory(project=project, name="功率")
        opportunity.delete()
    return batch


def test_list_says_what_was_done_by_whom_and_whether_it_was_taken_back(client, batch):
    content = client.get(LIST).content.decode()
    assert [word in content for word in ("台账.xlsx", "李主任", page_url(batch))] == [True, True, True]
    data = open_form(client, undo_url(batch), "undo_form")
    client.post(undo_url(batch), data | {"reason": "表错了"})
    undone = ChangeBatch.objects.get(undoes=batch)
    assert client.get(LIST).content.decode().count(f'href="{page_url(undone)}"') >= 2


def test_list_asks_as_often_for_three_batches_as_for_one(client, boss, django_assert_num_queries):
    ChangeBatchFactory(by=boss)
    with django_assert_num_queries(4):
        client.get(LIST)
    ChangeBatchFactory(by=boss), ChangeBatchFactory(by=boss)
    with django_assert_num_queries(4):
        client.get(LIST)


@pytest.mark.parametrize("query", ["q=%00", "kind__exact=x", "at__gte=x", "o=99", "p=abc", "at__gte=2025-13-41"])
def test_hostile_list_is_no_error(client, settings, query):
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "RequestGuard" not in name]
    assert client.get(f"{LIST}?{query}", follow=True).status_code in (200, 400)


def test_page_tells_each_record_with_its_changes(client, batch):
    response = client.get(page_url(batch))
    project, gone = Project.objects.get(), Opportunity.history.latest("history_id").id
    found = [
        (r.kind, r.name, r.url, [(c.old, c.new) for c in r.changes if c.name in ("name", "summary")][:1])
        for r in response.context["records"]
    ]
    assert sorted(found) == [
        ("+", "功率 300 MW", "", [("—", "功率")]),
        ("-", "冷链", reverse("admin:projects_opportunity_history", args=[gone]), [("—", "冷链")]),
        ("~", "储能电站", reverse("admin:projects_project_change", args=[project.pk]), [("旧", "新")]),
    ]
    counts = {c["model"]: (c["entered"], c["changed"], c["deleted"]) for c in response.context["counts"]}
    assert counts == {Project: (0, 1, 0), Measure: (1, 0, 0), Opportunity: (0, 0, 1)}


def test_page_comes_in_parts_and_asks_as_often_for_many_records(client, boss, django_assert_num_queries):
    chain = IndustryChainFactory()
    with change_batch(ChangeBatch.Kind.IMPORT, by=boss) as batch:
        for _ in range(60):
            project = ProjectFactory(chain=chain, place=None, enterprise=None, waived=False)
        for _ in range(3):
            ProjectPartyFactory(project=project), MilestoneFactory(project=ProjectFactory(waived=False))
    total = sum(count["total"] for count in client.get(page_url(batch)).context["counts"])
    shown = [len(client.get(page_url(batch), {"p": page}).context["records"]) for page in (1, 2)]
    assert (shown[0], sum(shown), total > 75) == (50, total, True)
    with django_assert_num_queries(70, exact=False):
        client.get(page_url(batch), {"p": 2})


@pytest.mark.parametrize("page", ["abc", "0", "-1", "999", "9" * 50])
def test_page_of_a_silly_number_is_no_error(client, batch, page):
    assert client.get(page_url(batch), {"p": page}).status_code == 200


@pytest.mark.parametrize("key", ["0", "abc", "9" * 40, "%00"])
@pytest.mark.parametrize("page", ["change", "undo", "history", "delete"])
def test_batch_that_is_not_there_is_no_error(client, settings, page, key):
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "RequestGuard" not in name]
    assert client.get(f"{LIST}{key}/{page}/", follow=True).status_code in (200, 403, 404)


def test_nothing_of_a_batch_can_be_edited(client, batch):
    client.post(page_url(batch), {"label": "x"})
    batch.refresh_from_db()
    assert (batch.label, client.get(f"{LIST}add/").status_code) == ("台账.xlsx", 403)
    assert client.post(f"{LIST}{batch.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.get(f"{LIST}{batch.pk}/history/").headers["Location"] == page_url(batch)


def test_preview_says_how_many_and_what_stays_and_why(client, batch):
    project = Project.objects.get()
    change(project, summary="更新")
    response = client.get(undo_url(batch))
    plan, (line,) = response.context["plan"], response.context["kept"]
    assert (plan.set_back, plan.deleted, plan.created) == (0, 1, 1)
    assert (line["name"], line["before"], line["now"], bool(line["reason"])) == ("储能电站", "旧", "更新", True)
    assert line["url"] == reverse("admin:projects_project_change", args=[project.pk])


def test_preview_lists_the_records_with_their_pages(client, batch):
    project, measure = Project.objects.get(), Measure.objects.get()
    listed = client.get(undo_url(batch)).context["listed"]

    assert [(one.act, one.total, one.more) for one in listed] == [("~", 1, 0), ("-", 1, 0), ("+", 1, 0)]
    project_page = reverse("admin:projects_project_change", args=[project.pk])
    assert listed[0].records == [(str(project), project_page)]
    assert listed[1].records[0][0] == str(measure)
    assert listed[2].records == [("冷链", "")]


def test_preview_lists_the_first_of_many(client, boss):
    projects = [ProjectFactory() for _number in range(22)]
    with change_batch(ChangeBatch.Kind.PUBLISH, by=boss) as batch:
        for project in projects:
            change(project, summary="新")
    (listed,) = client.get(undo_url(batch)).context["listed"]

    assert (len(listed.records), listed.total, listed.more) == (20, 22, 2)


def test_taking_back_needs_a_reason(client, batch):
    response = client.post(undo_url(batch), {"reason": " "})
    assert (list(response.context["form"].errors), Project.objects.get().summary) == (["reason"], "新")


def test_taking_back_is_done_and_told(client, boss, batch):
    response = client.post(undo_url(batch), {"reason": "表错了"}, follow=True)
    undone = ChangeBatch.objects.get(undoes=batch)
    assert response.redirect_chain == [(page_url(undone), 302)]
    assert (undone.by, undone.reason, len(list(response.context["messages"]))) == (boss, "表错了", 3)
    assert (Project.objects.get().summary, Measure.objects.count(), Opportunity.objects.count()) == ("旧", 0, 1)


def test_batch_that_was_taken_back_is_not_taken_back_again(client, batch):
    client.post(undo_url(batch), {"reason": "一"})
    for response in (client.get(undo_url(batch)), client.post(undo_url(batch), {"reason": "二"})):
        assert (response.status_code, response.headers["Location"]) == (302, page_url(batch))
    assert ChangeBatch.objects.filter(undoes__isnull=False).count() == 1
    assert undo_url(batch) not in client.get(page_url(batch)).content.decode()


def signed_in(*permissions, user=None):
    client = Client()
    client.force_login(user or UserFactory(permissions=permissions))
    return client


def test_taking_back_needs_the_right_to_the_opposite_of_what_was_done(batch):
    """A project was changed, a measure entered, an opportunity deleted."""
    needed = ["projects.change_project", "projects.delete_measure", "projects.add_opportunity"]
    changes = ["projects.change_project", "projects.change_measure", "projects.change_opportunity"]
    lacking = [signed_in(*[p for p in needed if p != one], "projects.change_project") for one in needed[1:]]
    clerks = [signed_in(*changes), *lacking]
    assert [clerk.get(undo_url(batch)).status_code for clerk in clerks] == [403, 403, 403]
    assert [clerk.post(undo_url(batch), {"reason": "x"}).status_code for clerk in clerks] == [403, 403, 403]
    assert Measure.objects.count() == 1
    page = clerks[0].get(page_url(batch))
    assert (page.context["may_undo"], page.context["lacking"], page.context["hidden"]) == (
        False,
        "、".join(str(model._meta.verbose_name_plural) for model in (Opportunity, Measure)),
        0,
    )
    assert signed_in(*needed).post(undo_url(batch), {"reason": "x"}).status_code == 302
    assert Measure.objects.count() == 0


IMPORTING = ["projects.add_project", "projects.change_project"]
MERGING = ["projects.change_project", "projects.delete_project"]


@pytest.mark.parametrize(
    ("kind", "rights", "own"),
    [
        ("import", IMPORTING, 200), ("import", MERGING, 403), ("merge", MERGING, 200), ("merge", IMPORTING, 403),
        ("delete", IMPORTING, 403), ("publish", MERGING, 403),
    ],
)  # fmt: skip
def test_whoever_did_an_act_may_take_it_back_with_the_rights_it_asked(kind, rights, own):
    clerk = UserFactory(permissions=rights)
    with change_batch(kind, by=clerk) as batch:
        MeasureFactory(project=ProjectFactory(published=False, enterprise__published=False))
    colleague = UserFactory(permissions=rights)
    assert [signed_in(user=user).get(undo_url(batch)).status_code for user in (clerk, colleague)] == [own, 403]


def test_own_act_can_be_taken_back_and_that_again():
    clerk = UserFactory(permissions=IMPORTING)
    with change_batch("import", by=clerk) as batch:
        MeasureFactory(project=ProjectFactory(published=False, enterprise__published=False))
    client, numbers = signed_in(user=clerk), []
    for _ in range(3):
        client.post(undo_url(batch), {"reason": "再想想"})
        numbers.append(Measure.objects.count())
        batch = ChangeBatch.objects.latest("pk")
    assert numbers == [0, 1, 0]


def test_what_only_acts_write_is_not_asked_about():
    with change_batch("merge", by=None) as batch:
        drafts = {"published": False, "enterprise__published": False}
        project, second = ProjectFactory(waived=True, **drafts), ProjectFactory(**drafts)
        FormerCodeFactory(project=project), NotTheSameFactory(project_a=project, project_b=second)
    other = ProjectFactory()
    clerk = signed_in("projects.delete_project", "projects.change_project", "projects.delete_industrychain",
                      "enterprises.delete_enterprise", "enterprises.delete_place")  # fmt: skip
    assert clerk.get(undo_url(batch)).status_code == 200
    with change_batch("merge", by=None) as log:
        NotTheSameFactory(project_a=project, project_b=other)
    assert clerk.get(undo_url(log)).status_code == 403


def test_batch_is_seen_by_those_who_may_see_some_of_what_it_touched():
    with change_batch("merge", by=None, label="绝密线索项目", reason="内部原因") as batch:
        change(ProjectFactory(), summary="新")
    blind = ["projects.change_mechanism"], ["liangzhou.view_changebatch"]
    for rights, seen in [(blind[0], False), (blind[1], False), ([*blind[0], "projects.view_project"], True)]:
        client = signed_in(*rights)
        listed = client.get(LIST)
        assert (listed.status_code, "绝密线索项目" in listed.content.decode()) == (200, seen)
        statuses = [client.get(url, follow=True).status_code for url in (page_url(batch), f"{LIST}{batch.pk}/history/")]
        assert statuses == ([200, 200] if seen else [403, 403])


def test_list_of_those_who_see_some_kinds_asks_as_often(batch, django_assert_num_queries):
    client = signed_in("projects.change_project", "projects.view_measure")
    for _ in range(2):
        with django_assert_num_queries(7):
            client.get(LIST)
        with change_batch("publish", by=None):
            change(Project.objects.get(), summary="又新")


def test_viewer_without_rights_sees_no_batches(batch):
    viewer = Client()
    viewer.force_login(UserFactory(permissions=["projects.view_project"]))
    assert [viewer.get(url).status_code for url in (LIST, page_url(batch), undo_url(batch))] == [403, 403, 403]


# Every bulk act of the admin is a batch with history


def act(client, model, action, rows, **more):
    url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return client.post(url, {"action": action, "_selected_action": [row.pk for row in rows], **more})


def confirmed(client, model, action, rows, **typed):
    """Choose it in the list, and confirm what the page then names."""
    data = read_form(act(client, model, action, rows), "publishing_many_form")
    return client.post(reverse(f"admin:projects_{model._meta.model_name}_publishing_many", args=[action]), data | typed)


@pytest.mark.parametrize(("action", "kind"), [("publish", "publish"), ("withdraw", "unpublish")])
def test_publishing_is_a_batch(client, boss, action, kind):
    given = {"published": action == "withdraw", "review": "submitted" if action == "publish" else ""}
    rows = [ProjectFactory(name=name, **given) for name in "甲乙丙丁"]
    confirmed(client, Project, action, rows, text="查实")
    batch = ChangeBatch.objects.get()
    assert (batch.kind, batch.by, batch.label) == (kind, boss, "甲、乙、丙…")
    assert f'href="{page_url(batch)}"' in client.get(reverse("admin:index")).content.decode()
    assert Project.history.filter(history_batch=batch, history_user=boss).count() == 4


def test_publishing_that_changes_nothing_is_none(client):
    rows = [ProjectFactory(published=True), ProjectFactory(stage="lead", published=False, review="submitted")]
    act(client, Project, "publish", rows)
    url = reverse("admin:projects_project_publishing_many", args=["publish"])
    client.post(url, {"seen": ",".join(f"{row.pk}:1" for row in rows)})
    assert ChangeBatch.objects.count() == 0


def test_publishing_can_be_taken_back(client, boss):
    projects = [ProjectFactory(published=False, review="submitted") for _number in range(2)]
    publishing.publish(Project.objects.all(), by=boss)
    client.post(undo_url(ChangeBatch.objects.get()), {"reason": "早了"})
    assert Project.objects.public().count() == 0
    assert [p.published_at for p in Project.objects.all()] == [None, None]
    assert projects[0].history.latest("history_id").version == 3


def test_deleting_many_is_a_batch_with_all_that_goes_along(client, boss):
    milestone = MilestoneFactory()
    CitationFactory(target=milestone.project), ProjectPartyFactory(project=milestone.project)
    rows = [milestone.project, ProjectFactory()]
    act(client, Project, "delete_selected", rows, post="yes")
    batch = ChangeBatch.objects.get()
    assert (batch.kind, batch.by, Project.objects.count()) == ("delete", boss, 0)
    for model in (Project, Milestone, type(milestone.project.citations.model()), ProjectPartyFactory._meta.model):
        gone = list(model.history.filter(history_type="-"))
        assert {(past.history_batch, past.history_user) for past in gone} == {(batch, boss)}, model
    client.post(undo_url(batch), {"reason": "选错了"})
    back = Project.objects.get(pk=rows[0].pk)
    assert (Project.objects.count(), back.latest_milestone, back.citations.count(), back.parties.count()) == (
        2, "started", 1, 1,
    )  # fmt: skip


def test_deleting_one_is_a_batch(client):
    place = PlaceFactory(name="园区")
    client.post(reverse("admin:enterprises_place_delete", args=[place.pk]), {"post": "yes"})
    assert (ChangeBatch.objects.get().label, ChangeBatch.objects.get().kind) == ("园区", "delete")


def test_deleting_parts_counts_in_their_record_as_one_batch(client):
    citation = CitationFactory()
    other = CitationFactory(target=citation.target)
    act(client, type(citation), "delete_selected", [citation, other], post="yes")
    batch = ChangeBatch.objects.get()
    assert Project.history.filter(history_batch=batch).count() == 2
    client.post(undo_url(batch), {"reason": "选错了"})
    assert citation.target.citations.count() == 2


def test_row_deleted_in_a_form_leaves_its_history(client, boss):
    measure = MeasureFactory()
    url = reverse("admin:projects_project_change", args=[measure.project.pk])
    client.post(url, open_form(client, url, "project_form") | {"measures-0-DELETE": "on"})
    past = Measure.history.latest("history_id")
    assert (past.history_type, past.history_user, Measure.objects.count()) == ("-", boss, 0)
