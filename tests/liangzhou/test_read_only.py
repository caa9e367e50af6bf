"""What somebody may only read in the admin: as far as it is known, without what they may not do."""

from datetime import date
from decimal import Decimal

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from liangzhou.periods import Precision
from tests.answers import page_of
from tests.factories import (
    EnterpriseFactFactory,
    EnterpriseFactory,
    MeasureFactory,
    MilestoneFactory,
    ProjectFactory,
    QualificationFactory,
    ReportedIndicatorFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

READERS = ("leader", "auditor", "publisher")


def opened(role, row):
    client = Client()
    client.force_login(UserFactory(roles=[role]))
    response = client.get(reverse(f"admin:{row._meta.label_lower.replace('.', '_')}_change", args=[row.pk]))
    assert response.status_code == 200
    return page_of(response)


@pytest.fixture
def project():
    made = ProjectFactory(total_investment=Decimal("13100.5"), land_area=Decimal("120.50"))
    MilestoneFactory(project=made, actual=date(2024, 8, 1), actual_precision=Precision.MONTH)
    MeasureFactory(project=made, value=Decimal("8600.0000"), unit="吨")
    return made


def parts(page):
    """The tables of parts, by their heading: the texts of their cells."""
    tables = [group for group in page.all("div.inline-group") if group.all("h2")]
    return {table.all("h2")[0].text: [cell for cell in table.texts("p") if cell] for table in tables}


@pytest.mark.parametrize("role", READERS)
def test_amounts_and_dates_are_told_as_far_as_they_are_known(project, role):
    page = opened(role, project)
    shown = page.texts("div.readonly")
    assert ["1.31005亿元" in shown, "120.5 亩" in shown] == [True, True]
    told = [text for texts in parts(page).values() for text in texts]
    assert [told.count(text) for text in ("2024年8月", "8600", "2024年8月1日", "8600.0000")] == [1, 1, 0, 0]


def test_months_of_an_indicator_are_months():
    row = ReportedIndicatorFactory(period_start=date(2025, 1, 1), period_end=date(2025, 4, 1), value=Decimal("5.5000"))
    shown = opened("auditor", row).texts("div.readonly")
    assert [shown.count(text) for text in ("2025年1月", "2025年4月", "5.5")] == [1, 1, 1]


@pytest.mark.parametrize("role", READERS)
def test_parts_that_there_are_none_of_leave_no_empty_table(project, role):
    assert len(parts(opened(role, project))) == 2
    company = EnterpriseFactory()
    assert parts(opened(role, company)) == {}


@pytest.mark.parametrize("role", READERS)
def test_nothing_is_offered_that_is_refused(project, role):
    QualificationFactory(enterprise=project.enterprise)
    EnterpriseFactFactory(enterprise=project.enterprise)
    for row in (project, project.enterprise):
        page = opened(role, row)
        links = [link["href"] for link in page.all("a") if "/add/" in (link.attrs.get("href") or "")]
        assert links == (
            [f"/admin/projects/instruction/add/?project={row.pk}"] if (role, row) == ("leader", project) else []
        )
        assert [one.attrs.get("name") for one in page.all("input", type="submit")] == []
        assert page.all("div.add-row") + page.all("tr.add-row") + page.all("a.related-widget-wrapper-link") == []


def test_who_may_change_gets_fields():
    page = opened("editor", ProjectFactory(total_investment=Decimal("13100.5")))
    assert page.one("input", name="total_investment")["value"] == "1.31005亿元"
    assert len(parts(page)) == 6


def test_every_kind_of_record_opens_for_who_only_reads(project):
    client = Client()
    client.force_login(UserFactory(roles=["auditor"]))
    seen = [model for model, its in admin.site._registry.items() if model.objects.exists() and hasattr(its, "sections")]
    answers = {
        model.__name__: client.get(
            reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_change", args=[model.objects.first().pk])
        ).status_code
        for model in seen
    }
    assert set(answers.values()) == {200}
