"""What every record's admin shares."""

from datetime import UTC, datetime

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from enterprises.models import Enterprise, Place
from liangzhou.admin import LedgerAdmin, PartAdmin
from projects.models import Milestone, Project
from sources.models import Source
from tests.factories import (
    CitationFactory,
    EnterpriseFactory,
    IndustryChainFactory,
    MeasureFactory,
    MechanismFactory,
    MilestoneFactory,
    OpportunityFactory,
    PlaceFactory,
    ProjectFactory,
    ProjectPartyFactory,
    QualificationFactory,
    ReportedIndicatorFactory,
    SourceFactory,
    UserFactory,
)
from tests.opened_form import add_row, open_form, read_form

pytestmark = pytest.mark.django_db

RECORDS = [model for model, model_admin in admin.site._registry.items() if isinstance(model_admin, LedgerAdmin)]
FACTORIES = {
    factory._meta.model: factory
    for factory in (
        CitationFactory, EnterpriseFactory, IndustryChainFactory, MechanismFactory, MilestoneFactory,
        OpportunityFactory, PlaceFactory, ProjectFactory, QualificationFactory, ReportedIndicatorFactory, SourceFactory,
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
        "Citation", "Enterprise", "IndustryChain", "Mechanism", "Milestone", "Opportunity", "Place", "Project",
        "Qualification", "ReportedIndicator", "Source",
    ]  # fmt: skip


QUERIES = {  # session, user, count, rows; plus the choices of filters on other tables
    "Citation": 8, "Enterprise": 4, "IndustryChain": 4, "Mechanism": 4, "Milestone": 6, "Opportunity": 5, "Place": 4,
    "Project": 5, "Qualification": 6, "ReportedIndicator": 4, "Source": 4,
}  # fmt: skip


@pytest.mark.parametrize("model", RECORDS)
def test_list_asks_as_often_for_three_rows_as_for_one(client, model, django_assert_num_queries):
    factory = FACTORIES[model]
    factory(updated_by=UserFactory())
    client.get(list_url(model))  # warms the cache of content types
    with django_assert_num_queries(QUERIES[model.__name__]):
        client.get(list_url(model))
    factory(updated_by=UserFactory())
    factory(updated_by=UserFactory())
    with django_assert_num_queries(QUERIES[model.__name__]):
        client.get(list_url(model))


HOSTILE = [
    "q=" + "储" * 10_000, "q=" + "a%20" * 3_000, "q=%00", "q=%00储能", "q=%22", "q='%22%20OR", "q=%25", "q=_", "q=%5C",
    "q=a%22b", "q=(", "q=*", "q=NEAR(", "q=%F0%9F%98%80", "q=%ff%fe", "q=%E2%80%8B",
    "p=abc", "p=99999", "p=-1", "p=0", "p=" + "9" * 50, "p=1e3", "p=%00",
    "o=abc", "o=99", "o=-1.2.3.-4", "o=%00", "o=" + "1." * 500,
    "e=1", "e=1&e=1", "_facets=True", "_facets", "all=", "all=1&p=3", "_popup=1", "_to_field=id", "_to_field=nothing",
    "nothing=1", "id__exact=1", "id__in=1,2,x", "id__exact=" + "9" * 60, "id=abc", "pk=1", "id__isnull=maybe",
    "stage__exact=nothing", "stage__exact=%00", "published__exact=7", "published__exact=x", "chain__id__exact=x",
    "chain__id__exact=" + "9" * 60, "chain__isnull=x", "place__id__exact=%00", "kind__exact=%00", "theme__exact=%00",
    "updated_at__gte=x", "updated_at__gte=2025-13-41", "updated_at__gte=0000-00-00", "updated_at__gte=%00",
    "updated_at__year=9999", "actual__year=9999", "actual__year=0", "actual__year=x", "actual__year=2025&actual__month=13",
    "granted_on__year=9999", "granted_on__year=99999999999", "granted_on__year=2025&granted_on__day=31",
    "created_by__password__startswith=p", "search_text__holds=x", "updated_by__username=boss", "source__id__exact=%00",
    "content_type__id__exact=x", "headline__exact=%00", "origin_province__exact=%00", "valid_to__gte=%00",
]  # fmt: skip


@pytest.mark.parametrize("model", RECORDS)
@pytest.mark.parametrize("query", HOSTILE)
def test_hostile_query_is_answered_without_an_error(client, model, query):
    FACTORIES[model]()
    response = client.get(f"{list_url(model)}?{query}", follow=True)
    assert response.status_code in (200, 400)
