"""The admin site: its titles and its menu."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    client = Client()
    client.force_login(UserFactory(last_name="李", first_name="主任", is_superuser=True))
    return client


def test_site_carries_its_name_and_leads_home(client, settings):
    response = client.get(reverse("admin:index"))
    assert (response.context["site_header"], response.context["site_url"]) == (settings.SITE_IDENTITY["name"], "/")


def test_menu_follows_the_work(client):
    apps = client.get(reverse("admin:index")).context["available_apps"]
    assert [[app["app_label"], *(model["object_name"] for model in app["models"])] for app in apps] == [
        ["projects", "Project", "IndustryChain", "ReportedIndicator", "Opportunity", "Mechanism", "Milestone", "Unit",
         "SigningEvent", "Instruction", "TaskForce"],
        ["enterprises", "Enterprise", "Place", "Qualification", "Contact", "PlaceDuty"],
        ["sources", "Source", "Citation"],
        ["monthly", "ReportingMonth", "FundingRecord", "InvestmentRecord", "ProgressReport", "AnnualTarget",
         "AnnualPlan", "RateDefinition", "LightThresholds", "Exemption"],
        ["ledgers", "LedgerImport", "LedgerTemplate"],
        ["liangzhou", "AuditEntry", "ChangeBatch", "WaitingChange"],
        ["auth", "User", "Group"],
        ["axes", "AccessAttempt"],
    ]  # fmt: skip


def test_menu_shows_only_what_a_clerk_may_do():
    client = Client()
    client.force_login(UserFactory(permissions=["enterprises.view_place"]))
    apps = client.get(reverse("admin:index")).context["available_apps"]
    assert [[model["object_name"] for model in app["models"]] for app in apps] == [["Place"]]


def test_sign_in_page_shows_no_menu():
    assert 'class="menu"' not in Client().get(reverse("admin:login")).content.decode()


def test_page_greets_by_family_name_first(client):
    assert "<strong>李主任</strong>" in client.get(reverse("admin:index")).content.decode()
