"""The sitemap: an index, a section for each kind of record."""

from datetime import UTC, datetime

import pytest
import time_machine

from projects.models import Project
from projects.stages import Stage
from tests.answers import xml_of
from tests.factories import (
    EnterpriseFactory,
    IndustryChainFactory,
    MechanismFactory,
    PlaceFactory,
    ProjectFactory,
)

pytestmark = pytest.mark.django_db

NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
SECTIONS = ["pages", "projects", "enterprises", "chains", "places", "mechanisms"]


def listed(client, path):
    """(address, last changed) of each entry; None where no day is given."""
    root = xml_of(client.get(path))
    return [(entry.findtext(f"{NAMESPACE}loc"), entry.findtext(f"{NAMESPACE}lastmod")) for entry in root]


def on_day(day, factory, **given):
    with time_machine.travel(datetime(2025, 6, day, 20, tzinfo=UTC), tick=False):
        return factory(**given)


def test_index_lists_every_section_with_its_last_change(client):
    on_day(1, ProjectFactory, enterprise=None, chain=None, place=None)
    on_day(9, ProjectFactory, enterprise=None, chain=None, place=None, stage=Stage.LEAD)
    on_day(3, EnterpriseFactory)
    on_day(5, EnterpriseFactory, published=False)

    assert xml_of(client.get("/sitemap.xml")).tag == f"{NAMESPACE}sitemapindex"
    assert listed(client, "/sitemap.xml") == [
        ("http://testserver/sitemap-pages.xml", None),
        ("http://testserver/sitemap-projects.xml", "2025-06-02T04:00:00+08:00"),
        ("http://testserver/sitemap-enterprises.xml", "2025-06-04T04:00:00+08:00"),
        ("http://testserver/sitemap-chains.xml", None),
        ("http://testserver/sitemap-places.xml", None),
        ("http://testserver/sitemap-mechanisms.xml", None),
        ("http://testserver/sitemap-funds.xml", None),
    ]


def test_fixed_pages_are_listed(client):
    assert [address.removeprefix("http://testserver") for address, _ in listed(client, "/sitemap-pages.xml")] == [
        "/", "/projects/", "/chains/", "/places/", "/indicators/", "/mechanisms/", "/opportunities/", "/about/",
        "/enterprises/",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("section", "factory", "given", "path"),
    [
        ("projects", ProjectFactory, {"code": "LZ000101"}, "/projects/LZ000101/"),
        ("enterprises", EnterpriseFactory, {"code": "QY000101"}, "/enterprises/QY000101/"),
        ("chains", IndustryChainFactory, {"slug": "dairy"}, "/chains/dairy/"),
        ("places", PlaceFactory, {"slug": "jiuduntan"}, "/places/jiuduntan/"),
        ("mechanisms", MechanismFactory, {"slug": "bang-ban"}, "/mechanisms/bang-ban/"),
    ],
)
def test_section_lists_records_with_the_day_of_their_last_change(client, section, factory, given, path):
    if factory is ProjectFactory:
        given = {**given, "enterprise": None, "chain": None, "place": None}
    on_day(3, factory, **given)

    assert listed(client, f"/sitemap-{section}.xml") == [(f"http://testserver{path}", "2025-06-04")]
    assert client.get(path).status_code == 200


def test_only_public_records_are_listed(client):
    ProjectFactory(published=False, enterprise=None)
    ProjectFactory(stage=Stage.RESERVE, enterprise=None)
    EnterpriseFactory(published=False)
    MechanismFactory(published=False)

    assert [listed(client, f"/sitemap-{section}.xml") for section in ("projects", "enterprises", "mechanisms")] == [
        [], [], [],
    ]  # fmt: skip


def test_section_is_not_unchanged_once_a_record_is_withdrawn(client):
    older, newer = on_day(1, ProjectFactory), on_day(2, ProjectFactory)
    for withdrawn in (older, newer):
        etag = client.get("/sitemap-projects.xml")["ETag"]
        Project.objects.filter(pk=withdrawn.pk).update(published=False)

        for copy in ({"if-modified-since": "Tue, 01 Jan 2999 00:00:00 GMT"}, {"if-none-match": etag}):
            assert client.get("/sitemap-projects.xml", headers=copy).status_code == 200
    assert listed(client, "/sitemap-projects.xml") == []


@pytest.mark.parametrize("section", SECTIONS)
def test_section_of_an_empty_ledger_is_valid(client, section):
    assert xml_of(client.get(f"/sitemap-{section}.xml")).tag == f"{NAMESPACE}urlset"


@pytest.mark.parametrize("page", ["0", "2", "x", "-1", "1e9", "%00", "9" * 30])
def test_section_has_no_other_pages(client, page):
    assert client.get(f"/sitemap-projects.xml?p={page}").status_code in (400, 404)
