"""What every record's admin shares."""

from datetime import date

import factory
import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from enterprises.models import Enterprise, Place
from liangzhou.admin import LedgerAdmin
from projects.models import Milestone, Project
from sources.models import Citation
from tests.factories import (
    AnnualPlanFactory,
    AnnualTargetFactory,
    CitationFactory,
    EnterpriseFactory,
    ExemptionFactory,
    FundingRecordFactory,
    IndustryChainFactory,
    InvestmentRecordFactory,
    LightThresholdsFactory,
    MeasureFactory,
    MechanismFactory,
    MilestoneFactory,
    OpportunityFactory,
    PlaceFactory,
    ProgressReportFactory,
    ProjectFactory,
    ProjectPartyFactory,
    QualificationFactory,
    RateDefinitionFactory,
    ReportedIndicatorFactory,
    SigningEventFactory,
    SourceFactory,
    UnitFactory,
    UserFactory,
)
from tests.opened_form import add_row, open_form, read_form

pytestmark = pytest.mark.django_db

OF_THEIR_OWN = {"LedgerImport", "LedgerTemplate", "Contact", "Instruction", "PlaceDuty", "TaskForce"}  # lists, tests
RECORDS = [
    model
    for model, model_admin in admin.site._registry.items()
    if isinstance(model_admin, LedgerAdmin) and model.__name__ not in OF_THEIR_OWN
]


class YearlyTarget(AnnualTargetFactory):
    year = factory.Sequence(lambda n: 2001 + n % 90)


class YearlyRate(RateDefinitionFactory):
    valid_from = factory.Sequence(lambda n: date(2001 + n % 90, 1, 1))


class YearlyThresholds(LightThresholdsFactory):
    valid_from = factory.Sequence(lambda n: date(2001 + n % 90, 1, 1))


FACTORIES = {
    made._meta.model: made
    for made in (
        CitationFactory, EnterpriseFactory, IndustryChainFactory, MechanismFactory, MilestoneFactory,
        OpportunityFactory, PlaceFactory, ProjectFactory, QualificationFactory, ReportedIndicatorFactory, SourceFactory,
        UnitFactory, SigningEventFactory, FundingRecordFactory, InvestmentRecordFactory, ProgressReportFactory,
        AnnualPlanFactory, ExemptionFactory, YearlyTarget, YearlyRate, YearlyThresholds,
    )
}  # fmt: skip


def names(model):
    return f"{model._meta.app_label}_{model._meta.model_name}"


def list_url(model):
    return reverse(f"admin:{names(model)}_changelist")


def change_url(row):
    return reverse(f"admin:{names(type(row))}_change", args=[row.pk])


def found(client, model, text):
    response = client.get(list_url(model), {"q": text})
    return sorted(str(row) for row in response.context["cl"].result_list)


@pytest.fixture
def boss():
    return UserFactory(username="boss", last_name="李", first_name="主任", is_superuser=True)


@pytest.fixture
def client(boss):
    client = Client()
    client.force_login(boss)
    return client


# Lists


def test_every_kind_of_record_is_listed():
    assert sorted(model.__name__ for model in RECORDS) == [
        "AnnualPlan", "AnnualTarget", "Citation", "Enterprise", "Exemption", "FundingRecord", "IndustryChain",
        "InvestmentRecord", "LightThresholds", "Mechanism", "Milestone", "Opportunity", "Place", "ProgressReport",
        "Project", "Qualification", "RateDefinition", "ReportedIndicator", "SigningEvent", "Source", "Unit",
    ]  # fmt: skip


QUERIES = {  # session, user, count, rows; plus the choices of filters on other tables
    "Citation": 7, "Enterprise": 4, "IndustryChain": 4, "Mechanism": 4, "Milestone": 6, "Opportunity": 5, "Place": 4,
    "Project": 5, "Qualification": 6, "ReportedIndicator": 4, "Source": 4, "Unit": 6, "SigningEvent": 4,
    "FundingRecord": 7, "InvestmentRecord": 7, "ProgressReport": 7, "AnnualPlan": 7, "AnnualTarget": 8,
    "Exemption": 6, "RateDefinition": 4, "LightThresholds": 4,
}  # fmt: skip


@pytest.mark.parametrize("model", RECORDS)
def test_list_asks_as_often_for_three_rows_as_for_one(client, model, django_assert_num_queries):
    made = FACTORIES[model]
    made(updated_by=UserFactory())
    client.get(list_url(model))  # warms the cache of content types
    with django_assert_num_queries(QUERIES[model.__name__]):
        client.get(list_url(model))
    made(updated_by=UserFactory())
    made(updated_by=UserFactory())
    with django_assert_num_queries(QUERIES[model.__name__]):
        client.get(list_url(model))


def test_list_without_rows_offers_the_first_one(client):
    content = client.get(list_url(Project)).content.decode()
    assert f'href="{reverse("admin:projects_project_add")}"' in content.split('class="nothing"')[1]


def test_list_without_hits_offers_the_way_back(client):
    ProjectFactory()
    content = client.get(list_url(Project), {"q": "没有这个"}).content.decode()
    assert f'href="{list_url(Project)}"' in content.split('class="nothing"')[1]


def test_list_of_many_rows_stops_counting(client, monkeypatch):
    monkeypatch.setattr("liangzhou.pagination.CappedPaginator.limit", 2)
    for _ in range(3):
        PlaceFactory()
    paginator = client.get(list_url(Place)).context["cl"].paginator
    assert (paginator.count, paginator.capped) == (3, True)


# Search


@pytest.mark.parametrize(
    "text", ["储能", "独立储能", "300MW", "300mw", "300ＭＷ", "chuneng", "CN", "cn", "储能 独立", "dian zhan"]
)
def test_search_finds_by_words_and_by_pinyin(client, text):
    ProjectFactory(name="300MW独立储能电站")
    ProjectFactory(name="乳制品精深加工")
    assert found(client, Project, text) == ["300MW独立储能电站"]


@pytest.mark.parametrize("text", ["储能 乳制品", "%", "_", "储站", '"', "' OR 1=1"])
def test_search_needs_every_word_and_takes_signs_as_they_are(client, text):
    ProjectFactory(name="300MW独立储能电站")
    assert found(client, Project, text) == []


def test_search_of_companies_by_pinyin_initials(client):
    EnterpriseFactory(name="武威华景领航电力有限公司")
    EnterpriseFactory(name="甘肃雅洁食品有限公司")
    assert found(client, Enterprise, "hjlh") == ["武威华景领航电力有限公司"]


def autocomplete(client, model, field, term, **params):
    query = {"app_label": model._meta.app_label, "model_name": model._meta.model_name, "field_name": field}
    return client.get(reverse("admin:autocomplete"), {**query, "term": term, **params})


@pytest.mark.parametrize("term", ["华景", "huajing", "hj"])
def test_autocomplete_finds_by_pinyin(client, term):
    EnterpriseFactory(name="武威华景领航电力有限公司")
    EnterpriseFactory(name="甘肃雅洁食品有限公司")
    results = autocomplete(client, Project, "enterprise", term).json()["results"]
    assert [result["text"] for result in results] == ["武威华景领航电力有限公司"]


# Stamps


def test_entering_notes_who_and_when(client, boss):
    data = open_form(client, reverse("admin:enterprises_place_add"), "place_form")
    client.post(reverse("admin:enterprises_place_add"), data | {"name": "黄羊工业园", "kind": "park"})
    place = Place.objects.get()
    assert (place.created_by, place.updated_by, place.version, place.slug) == (boss, boss, 1, "huang-yang-gong-ye-yuan")
    assert [(past.history_type, past.history_user) for past in place.history.all()] == [("+", boss)]


def test_changing_notes_who_changed_and_leaves_who_entered(client, boss):
    other = UserFactory()
    place = PlaceFactory(created_by=other, updated_by=other)
    data = open_form(client, change_url(place), "place_form")
    client.post(change_url(place), data | {"summary": "园区"})
    place.refresh_from_db()
    assert (place.created_by, place.updated_by, place.version) == (other, boss, 2)


def test_saving_without_a_change_leaves_no_trace(client):
    project = MilestoneFactory(project=ProjectFactory(summary="一行\n两行")).project
    CitationFactory(target=project)
    MeasureFactory(project=project, value=300)
    saves = project.history.count()
    data = open_form(client, change_url(project), "project_form")
    assert client.post(change_url(project), data).status_code == 302
    before = project.updated_at
    project.refresh_from_db()
    assert (project.version, project.updated_at, project.history.count()) == (1, before, saves)


@pytest.mark.parametrize("model", RECORDS)
def test_saving_any_record_without_a_change_leaves_no_trace(client, model):
    row = FACTORIES[model]()
    data = open_form(client, change_url(row), f"{model._meta.model_name}_form")
    assert client.post(change_url(row), data).status_code == 302
    row.refresh_from_db()
    assert (row.version, row.history.count()) == (1, 1)


def test_only_changed_parts_are_stamped(client, boss):
    project = ProjectFactory()
    changed, kept = MeasureFactory(project=project, name="功率"), MeasureFactory(project=project, name="容量")
    data = open_form(client, change_url(project), "project_form")
    add_row(data, "measures", name="占地", qualifier="exact", value="100", unit="亩", text="", position="0")
    client.post(change_url(project), data | {"measures-0-value": "350"})
    stamps = {m.name: (m.version, m.created_by, m.updated_by) for m in project.measures.all()}
    assert stamps == {"功率": (2, None, boss), "容量": (1, None, None), "占地": (1, boss, boss)}
    assert (changed.history.count(), kept.history.count()) == (2, 1)


def test_changing_a_part_on_its_own_page_counts_in_its_record(client, boss):
    milestone = MilestoneFactory()
    data = open_form(client, change_url(milestone), "milestone_form")
    client.post(change_url(milestone), data | {"actual": "2025年6月"})
    milestone.project.refresh_from_db()
    assert (milestone.project.version, milestone.project.updated_by) == (2, boss)
    assert milestone.project.latest_milestone_date.month == 6


@pytest.mark.parametrize("selected", [True, False])
def test_deleting_a_part_on_its_own_page_counts_in_its_record(client, selected):
    citation = CitationFactory()
    if selected:
        chosen = {"action": "delete_selected", "_selected_action": [citation.pk], "post": "yes"}
        client.post(list_url(Citation), chosen)
    else:
        client.post(reverse("admin:sources_citation_delete", args=[citation.pk]), {"post": "yes"})
    citation.target.refresh_from_db()
    assert (citation.target.version, Citation.objects.count()) == (2, 0)


# Rights


def test_clerk_without_the_right_to_change_cannot_save(client):
    project = ProjectFactory(name="储能电站")
    viewer = Client()
    viewer.force_login(UserFactory(permissions=["projects.view_project"]))
    data = open_form(client, change_url(project), "project_form")
    assert viewer.get(change_url(project)).status_code == 200
    assert viewer.post(change_url(project), data | {"name": "甲", "_version": "0"}).status_code == 403
    assert Project.objects.get().name == "储能电站"


def test_clerk_with_the_right_to_the_record_only_sees_its_parts_unharmed():
    project = MilestoneFactory().project
    clerk = Client()
    clerk.force_login(UserFactory(permissions=["projects.change_project", "projects.view_milestone"]))
    data = open_form(clerk, change_url(project), "project_form")
    assert clerk.post(change_url(project), data | {"summary": "新"}).status_code == 302
    data["_version"] = "1"
    again = read_form(clerk.post(change_url(project), data | {"summary": "再"}), "project_form")
    assert clerk.post(change_url(project), again).status_code == 302
    assert (Project.objects.get().summary, Milestone.objects.count()) == ("再", 1)


def test_stranger_is_sent_to_sign_in():
    response = Client().get(list_url(Project))
    assert response.headers["Location"] == f"{reverse('admin:login')}?next={list_url(Project)}"


def test_member_of_no_staff_is_refused():
    client = Client()
    client.force_login(UserFactory(is_staff=False, is_superuser=True))
    assert client.get(list_url(Project)).status_code == 302


# Deleting


def test_record_that_others_need_is_not_deleted_and_says_why(client):
    project = ProjectFactory(name="储能电站")
    response = client.post(
        reverse("admin:enterprises_enterprise_delete", args=[project.enterprise.pk]), {"post": "yes"}
    )
    assert "储能电站" in "".join(str(row) for row in response.context["protected"])
    assert Enterprise.objects.count() == 1


def test_deleting_a_record_takes_its_parts_along_and_leaves_their_history(client, boss):
    project = MilestoneFactory().project
    CitationFactory(target=project)
    ProjectPartyFactory(project=project)
    client.post(reverse("admin:projects_project_delete", args=[project.pk]), {"post": "yes"})
    assert (Project.objects.count(), Milestone.objects.count()) == (0, 0)
    assert Milestone.history.latest("history_id").history_type == "-"
    assert Project.history.latest("history_id").history_user == boss


# The public page


def view_on_site(client, row):
    return client.get(change_url(row)).context["has_absolute_url"]


def test_public_page_is_one_click_away_only_where_there_is_one(client):
    shown = [ProjectFactory(), EnterpriseFactory(), PlaceFactory(), IndustryChainFactory(), MechanismFactory()]
    hidden = [
        ProjectFactory(published=False), ProjectFactory(stage="lead"), EnterpriseFactory(published=False),
        CitationFactory(), MilestoneFactory(),
    ]  # fmt: skip
    assert [view_on_site(client, row) for row in shown] == [True] * 5
    assert [view_on_site(client, row) for row in hidden] == [False] * 5


def test_public_page_of_a_project_is_reached(client):
    project = ProjectFactory()
    link = client.get(change_url(project)).context["absolute_url"]
    assert client.get(link).headers["Location"] == f"http://testserver{project.get_absolute_url()}"


def test_page_that_was_not_saved_leads_to_each_wrong_place(client):
    project = MeasureFactory(value=300).project
    data = open_form(client, change_url(project), "project_form")
    wrong = {"total_investment": "很多", "measures-0-value": "不少"}
    content = client.post(change_url(project), data | wrong).content.decode()
    summary = content.split('class="error-summary"')[1].split("</div>")[0]
    links = [part.split('"')[0] for part in summary.split('href="')[1:]]
    assert links == ["#id_total_investment", "#id_measures-0-value"]
    assert [f'id="{link[1:]}"' in content for link in links] == [True, True]
