"""Going back to an earlier version of a record."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from liangzhou.batches import ChangeBatch
from liangzhou.history import admin as history_admin
from projects.models import Measure, Milestone, Opportunity, Project
from sources.models import Citation
from tests.factories import (
    CitationFactory,
    MeasureFactory,
    MilestoneFactory,
    OpportunityFactory,
    ProjectFactory,
    UserFactory,
)
from tests.liangzhou.history_desk import (
    change,
    first_save,
    history_url,
    name_of,
    restore,
    restore_url,
    saves,
    told,
    two_minutes_later,
)
from tests.opened_form import open_form, read_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    return UserFactory(last_name="李", first_name="主任", is_superuser=True)


@pytest.fixture
def client(boss):
    client = Client()
    client.force_login(boss)
    return client


def test_record_goes_back_with_its_parts_as_one_batch(client, boss):
    project = ProjectFactory(summary="一", published=False)
    changed = MeasureFactory(project=project, name="功率", value=300)
    gone = MeasureFactory(project=project, name="容量", value=600)
    sentence = CitationFactory(target=project, quote="原句")
    milestone = MilestoneFactory(project=project)
    before = first_save(Project)
    with two_minutes_later():
        change(project, summary="二", published=True)
        change(changed, value=350), change(sentence, quote="改句")
        Measure.objects.filter(pk=gone.pk).delete()
        milestone.delete()
        MeasureFactory(project=project, name="占地")
        response = restore(client, restore_url(project, before))
    project.refresh_from_db()
    assert response.redirect_chain[-1][0] == history_url(project)
    assert (project.summary, project.published, project.version, project.updated_by) == ("一", True, 3, boss)
    assert sorted((m.pk, m.name, int(m.value)) for m in Measure.objects.all()) == [
        (changed.pk, "功率", 300),
        (gone.pk, "容量", 600),
    ]
    assert (Citation.objects.get().quote, Milestone.objects.count(), project.latest_milestone) == ("原句", 1, "started")
    batch = ChangeBatch.objects.get()
    assert (batch.kind, batch.by, batch.reason, batch.label) == ("restore", boss, "改错了", project.name)
    assert {past.history_batch for past in Measure.history.order_by("-history_id")[:3]} == {batch}
    assert Project.history.latest("history_id").history_user == boss


def test_own_fields_go_back_alone(client):
    project = ProjectFactory(summary="一")
    before = first_save(Project)
    with two_minutes_later():
        change(project, summary="二")
        MeasureFactory(project=project, name="占地")
        restore(client, restore_url(project, before), own_only="on")
    project.refresh_from_db()
    assert (project.summary, Measure.objects.count()) == ("一", 1)


def test_going_back_can_be_taken_back(client, boss):
    from liangzhou.batches import undo

    project = ProjectFactory(summary="一")
    change(project, summary="二")
    restore(client, restore_url(project, first_save(Project)))
    undo.undo(ChangeBatch.objects.get(), by=boss, reason="r")
    project.refresh_from_db()
    assert project.summary == "二"


def test_page_tells_what_would_change(client):
    project = ProjectFactory(summary="一", published=False)
    change(project, summary="二", published=True)
    plan = client.get(restore_url(project, first_save(Project))).context["plan"]
    assert (told(plan.own), plan.parts) == ([("summary", "二", "一")], [])


def test_version_that_is_the_present_one_offers_nothing(client):
    project = ProjectFactory()
    content = client.get(restore_url(project, first_save(Project))).content.decode()
    assert 'id="restore_form"' not in content


@pytest.mark.parametrize("reason", ["", "  ", "x" * 301, "a\x00b"])
def test_reason_is_needed(client, settings, reason):
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "RequestGuard" not in name]
    project = ProjectFactory(summary="一")
    change(project, summary="二")
    response = restore(client, restore_url(project, first_save(Project)), reason=reason)
    assert (list(response.context["form"].errors), Project.objects.get().summary) == (["reason"], "二")


def test_old_name_that_another_record_took_is_refused_with_a_sentence(client):
    opportunity = OpportunityFactory(name="冷链")
    before = first_save(Opportunity)
    change(opportunity, name="冷链物流")
    OpportunityFactory(name="冷链")
    response = restore(client, restore_url(opportunity, before))
    (problem,) = response.context["problems"]
    opportunity.refresh_from_db()
    assert (opportunity.name, ChangeBatch.objects.count(), problem != "") == ("冷链物流", 0, True)


def test_internal_stage_of_a_published_project_is_refused(client):
    project = ProjectFactory(stage="lead", published=False)
    change(project, stage="signed", published=True)
    response = restore(client, restore_url(project, first_save(Project)))
    assert (len(response.context["problems"]), Project.objects.get().stage) == (1, "signed")


def test_what_the_admin_of_the_kind_objects_to_is_refused(client, monkeypatch):
    project = ProjectFactory(summary="一")
    MeasureFactory(project=project, name="功率")
    change(project, summary="二")
    seen = []

    def object_to(self, request, obj, parts):
        seen.append((obj.summary, [measure.name for measure in parts[Measure]]))
        return ["这个阶段还缺日期。"]

    monkeypatch.setattr(type(admin.site.get_model_admin(Project)), "check_restored", object_to)
    response = restore(client, restore_url(project, first_save(Project)))
    assert (response.context["problems"], Project.objects.get().summary) == (["这个阶段还缺日期。"], "二")
    assert seen == [("一", ["功率"])]


def test_admin_of_the_kind_is_told_afterwards(client, monkeypatch):
    project = ProjectFactory(summary="一")
    change(project, summary="二")
    seen = []
    monkeypatch.setattr(
        type(admin.site.get_model_admin(Project)),
        "after_restored",
        lambda self, request, obj, before: seen.append((obj.summary, before.summary)),
    )
    restore(client, restore_url(project, first_save(Project)))
    assert seen == [("一", "二")]


def test_record_saved_meanwhile_is_not_overwritten(client):
    project = ProjectFactory(summary="一")
    change(project, summary="二")
    url = restore_url(project, first_save(Project))
    data = open_form(client, url, "restore_form")
    change(project, summary="三")
    response = client.post(url, data | {"reason": "改错了"})
    assert (response.context["problems"], Project.objects.get().summary) == ([history_admin.MEANWHILE], "三")
    assert read_form(response, "restore_form")["_version"] == "3"


def test_clerk_with_the_form_open_gets_the_conflict(client):
    project = ProjectFactory(summary="一")
    change(project, summary="二")
    url = reverse("admin:projects_project_change", args=[project.pk])
    opened = open_form(client, url, "project_form")
    restore(client, restore_url(project, first_save(Project)))
    response = client.post(url, opened | {"summary": "四"})
    assert (response.context["conflict"] is None, Project.objects.get().summary) == (False, "一")


def test_deleted_record_comes_back_from_its_history_unpublished(client, boss):
    project = ProjectFactory(summary="一")
    pk, code, entered = project.pk, project.code, project.created_at
    MilestoneFactory(project=project), CitationFactory(target=project)
    client.post(reverse("admin:projects_project_delete", args=[pk]), {"post": "yes"})
    response = client.get(history_url(project))
    deletion, save = saves(response)
    assert (deletion.kind, deletion.restore_url, len(deletion.lines) > 2) == ("-", "", True)
    restore(client, save.restore_url)
    back = Project.objects.get(pk=pk)
    assert (back.code, back.published, back.created_at, back.version) == (code, False, entered, 2)
    assert (back.updated_by, back.latest_milestone, back.citations.count()) == (boss, "started", 1)
    assert reverse("admin:projects_project_change", args=[pk]) in client.get(history_url(back)).content.decode()


def test_part_goes_back_on_its_own_page_and_counts_in_its_record(client):
    milestone = MilestoneFactory(note="一")
    change(milestone, note="二")
    restore(client, restore_url(milestone, first_save(Milestone)))
    milestone.refresh_from_db()
    assert (milestone.note, milestone.project.version) == ("一", 2)


def test_deleted_part_comes_back_on_its_own_page(client):
    milestone = MilestoneFactory()
    project, past = milestone.project, first_save(Milestone)
    url = reverse(name_of(Milestone, "history_restore"), args=[milestone.pk, past.history_id])
    milestone.delete()
    restore(client, url)
    project.refresh_from_db()
    assert (Milestone.objects.count(), project.latest_milestone, project.version) == (1, "started", 2)


@pytest.mark.parametrize("factory", [MilestoneFactory, CitationFactory])
def test_part_whose_record_is_gone_does_not_come_back(client, factory):
    part = factory()
    model, past = type(part), first_save(type(part))
    url = reverse(name_of(model, "history_restore"), args=[part.pk, past.history_id])
    Project.objects.all().delete()
    response = restore(client, url)
    assert (len(response.context["problems"]), model.objects.count()) == (1, 0)


def test_part_that_belongs_to_another_record_now_is_not_taken_from_it(client):
    first, second = ProjectFactory(), ProjectFactory()
    before = first.history.get()
    measure = MeasureFactory(project=first)
    with two_minutes_later() as clock:
        change(first, summary="新")
        clock.shift(120)
        change(measure, project=second)
    response = restore(client, restore_url(first, before))
    measure.refresh_from_db()
    assert (len(response.context["problems"]), measure.project) == (1, second)


@pytest.mark.parametrize("key", ["0", "9" * 18, "9" * 60])
def test_version_that_is_not_there_cannot_be_gone_back_to(client, key):
    url = f"{history_url(ProjectFactory())}{key}/restore/"
    assert (client.get(url).status_code, client.post(url).status_code) == (404, 404)


def test_deletion_is_no_version(client):
    opportunity = OpportunityFactory()
    pk = opportunity.pk
    opportunity.delete()
    past = Opportunity.history.get(history_type="-")
    assert client.get(reverse(name_of(Opportunity, "history_restore"), args=[pk, past.history_id])).status_code == 404


def test_clerk_who_may_only_look_cannot_go_back():
    project = ProjectFactory(summary="一")
    change(project, summary="二")
    viewer = Client()
    viewer.force_login(UserFactory(permissions=["projects.view_project"]))
    url = restore_url(project, first_save(Project))
    assert (viewer.get(url).status_code, viewer.post(url, {"reason": "x"}).status_code) == (403, 403)
    assert "/restore/" not in viewer.get(history_url(project)).content.decode()


def test_parts_that_a_clerk_may_not_change_stay(client):
    project = ProjectFactory(summary="一")
    before = first_save(Project)
    clerk = Client()
    clerk.force_login(UserFactory(permissions=["projects.change_project", "projects.view_measure"]))
    change(project, summary="二")
    MeasureFactory(project=project)
    restore(clerk, restore_url(project, before))
    assert (Project.objects.get().summary, Measure.objects.count()) == ("一", 1)
