"""The page of the report in the admin: who opens it, what it shows, what is recorded."""

import sys

import pytest
from django.urls import reverse

from liangzhou.audit import Action, AuditEntry
from liangzhou.months import Month
from tests.factories import IndustryChainFactory, UserFactory
from tests.monthly.report.locked_month import may_2025

pytestmark = pytest.mark.django_db
PAGE = "/admin/monthly/reportingmonth/2025-05/report/"


def sign_in(client, *roles, **how):
    client.force_login(UserFactory(roles=roles, **how))


def address(ending, query=""):
    return reverse("admin:monthly_report", args=[Month(2025, 5), ending]) + query


@pytest.mark.parametrize("role", ["editor", "publisher", "leader", "auditor"])
def test_those_who_see_all_projects_see_the_paragraph(client, role):
    may_2025()
    sign_in(client, role)

    response = client.get(PAGE)

    assert response.status_code == 200
    assert "累计完成省外到位资金88.57亿元\uff0c同比增长38.01%。" in response.content.decode()
    assert response.context["choices"][0][0] == "1"


def test_who_is_limited_is_told_why_not_and_gets_no_file(client):
    may_2025()
    sign_in(client, "task_force", chains=[IndustryChainFactory()])

    page, file = client.get(PAGE), client.get(address("docx"))

    assert (page.status_code, file.status_code) == (403, 403)
    assert "储能电站" not in page.content.decode() + file.content.decode()
    assert page.context["refusal"] == file.context["refusal"]
    assert not AuditEntry.objects.filter(action=Action.EXPORT).exists()


def test_a_file_is_named_and_recorded(client):
    may_2025()
    sign_in(client, "editor")

    response = client.get(address("xlsx", "?version=1"))

    assert response.content[:2] == b"PK"
    name = "%E5%87%89%E5%B7%9E%E5%8C%BA%E6%8B%9B%E5%95%86%E5%BC%95%E8%B5%84%E6%9C%88%E6%8A%A5_2025%E5%B9%B45%E6%9C%88"
    assert name in response.headers["Content-Disposition"]
    told = AuditEntry.objects.get(action=Action.EXPORT)
    assert told.details == {"report": "2025-05", "version": "1", "format": "xlsx"}


def test_looking_whether_it_is_there_is_no_export(client):
    may_2025()
    sign_in(client, "editor")

    response = client.head(address("docx"))

    assert (response.status_code, response.content) == (200, b"")
    assert not AuditEntry.objects.filter(action=Action.EXPORT).exists()


@pytest.mark.parametrize("asked", ["report/?version=2", "report/?version=x", "report.exe", "report.docx?version=9"])
def test_what_is_not_there_is_not_found(client, asked):
    may_2025()
    sign_in(client, "editor")

    assert client.get(f"/admin/monthly/reportingmonth/2025-05/{asked}").status_code == 404


def test_an_open_month_offers_a_draft(client):
    sign_in(client, "editor")

    response = client.get(PAGE)

    assert (response.context["is_draft"], [one[0] for one in response.context["choices"]]) == (True, ["draft"])


def test_a_machine_without_pango_says_so_on_the_page(client, monkeypatch):
    may_2025()
    sign_in(client, "editor")
    monkeypatch.setitem(sys.modules, "weasyprint", None)

    response = client.get(address("pdf"), follow=True)

    assert response.redirect_chain[0][0] == f"{PAGE}?version=1"
    assert "Pango" in [str(one) for one in response.context["messages"]][0]
    assert not AuditEntry.objects.filter(action=Action.EXPORT).exists()
