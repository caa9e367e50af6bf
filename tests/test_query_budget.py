"""How many queries each public page takes: as many for three rows, with all that belongs to them, as for one."""

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType

from liangzhou.months import Month
from projects.models import Milestone, Project
from tests.answers import body
from tests.factories import (
    CitationFactory,
    EnterpriseFactFactory,
    EnterpriseFactory,
    FundingRecordFactory,
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
)
from tests.kept_rows import kept_rows
from tests.monthly.shelf import version

pytestmark = pytest.mark.django_db

BUDGETS = {
    "/": 11,
    "/projects/": 8,
    "/projects/?q=储能&stage=started&chain=chain-0&place=place-0&enterprise=QY000000&year=2025&investment_min=1": 11,
    "/projects/LZ000000/": 6,
    "/projects/export.csv": 1,
    "/projects/export.xlsx?q=储能&chain=chain-0&o=chain": 2,
    "/enterprises/": 6,
    "/enterprises/QY000000/": 7,
    "/enterprises/export.csv": 1,
    "/enterprises/export.xlsx": 1,
    "/chains/": 1,
    "/chains/chain-0/": 6,
    "/places/": 1,
    "/places/place-0/": 5,
    "/indicators/": 6,
    "/indicators/export.csv": 1,
    "/indicators/export.xlsx": 1,
    "/mechanisms/": 1,
    "/mechanisms/mechanism-0/": 3,
    "/opportunities/": 3,
    "/about/": 2,
    "/funds/": 30,
    "/funds/?month=2025-05&version=1": 30,
    "/funds/definitions/": 2,
    "/funds/behind/?indicator=funding": 7,
    "/funds/behind/?indicator=funding&by=origin&key=other_provinces": 8,
    "/funds/behind/?indicator=projects": 5,
    "/funds/export.csv?table=chain": 6,
    "/funds/export.xlsx?table=projects": 2,
    "/search/": 0,
    "/search/?q=储能": 14,
    "/feed.atom": 1,
    "/sitemap.xml": 12,
    "/sitemap-funds.xml": 1,
    "/sitemap-pages.xml": 0,
    "/sitemap-projects.xml": 2,
    "/sitemap-enterprises.xml": 2,
    "/sitemap-chains.xml": 2,
    "/sitemap-places.xml": 2,
    "/sitemap-mechanisms.xml": 2,
    "/robots.txt": 0,
    "/projects/LZ999999/": 2,  # nor merged into another
}
IN_BOTH_LANGUAGES = ("/", "/funds/", "/projects/", "/projects/LZ000000/", "/indicators/")


def ledger(rows):
    """So many of everything; the first of each kind has so many of everything that belongs to it."""
    parent = ProjectFactory(name="储能产业园", code="LZ900000")
    for n in range(rows):
        chain, place = IndustryChainFactory(slug=f"chain-{n}", name=f"储能{n}"), PlaceFactory(slug=f"place-{n}")
        company = EnterpriseFactory(code=f"QY{n}00000", place=place, name=f"储能公司{n}")
        project = ProjectFactory(code=f"LZ00000{n}", chain=chain, place=place, enterprise=company, name=f"储能项目{n}")
        Project.objects.filter(pk=project.pk).update(parent=parent)
        IndustryChainFactory(anchor_enterprise=company)
        opportunity = OpportunityFactory(name=f"储能机会{n}", chain=chain)
        indicator = ReportedIndicatorFactory(name=f"储能指标{n}", headline=True)
        mechanism = MechanismFactory(name=f"储能机制{n}", slug=f"mechanism-{n}")
        for part in range(rows):
            project_parts(project, part)
            EnterpriseFactFactory(enterprise=company)
            QualificationFactory(enterprise=company, name=f"资质{part}")
            ProjectFactory(chain=chain, place=place, enterprise=company)
            for target in (project, chain, place, company, opportunity, indicator, mechanism):
                CitationFactory(target=target)
    published_months(rows)


def published_months(rows):
    """So many months with so many versions each, of every project there is."""
    for project in Project.objects.all():
        FundingRecordFactory(project=project)
    for month in (Month(2025, 5).plus(-back) for back in range(rows)):
        for _ in range(rows):
            version(month)


def project_parts(project, part):
    MilestoneFactory(project=project, kind=list(Milestone.Kind)[part])
    MeasureFactory(project=project)
    ProjectPartyFactory(project=project)
    ProjectPartyFactory(enterprise=project.enterprise)


@pytest.fixture(scope="module", params=[1, 3])
def rows(request, django_db_setup, django_db_blocker):
    with kept_rows(django_db_blocker):
        ledger(request.param)
        yield request.param


@pytest.mark.parametrize("path", BUDGETS)
def test_page_takes_as_many_queries_for_three_rows_as_for_one(client, rows, path, django_assert_num_queries):
    ContentType.objects.get_for_models(*apps.get_models())  # looked up once per process

    for prefix in ("", "/en") if path in IN_BOTH_LANGUAGES else ("",):
        with django_assert_num_queries(BUDGETS[path]):
            response = client.get(prefix + path)
            text = body(response)

        assert response.status_code == (404 if "999999" in path else 200)
        if path in ("/projects/", "/enterprises/", "/chains/", "/feed.atom"):
            assert text.decode().count("储能") >= rows  # the rows are there
