"""Every address of the site answers, in Chinese and under /en/, and nothing else does."""

import pytest

from tests.answers import page_of
from tests.factories import (
    EnterpriseFactory,
    IndustryChainFactory,
    MechanismFactory,
    PlaceFactory,
    ProjectFactory,
)

pytestmark = pytest.mark.django_db

SITE_NAME = "凉州区招商引资项目台账"
PAGES = {
    "/": ("", ""),
    "/projects/": ("项目", "Projects"),
    "/enterprises/": ("企业", "Companies"),
    "/chains/": ("产业链", "Industry chains"),
    "/places/": ("地点", "Places"),
    "/indicators/": ("报道指标", "Reported indicators"),
    "/mechanisms/": ("工作机制", "Mechanisms"),
    "/opportunities/": ("招商机会", "Opportunities"),
    "/about/": ("关于数据", "About the data"),
    "/search/": ("搜索", "Search"),
    "/search/?q=储能": ("搜索\uff1a储能", "Search: 储能"),
    "/projects/LZ000001/": ("独立储能电站", "独立储能电站"),
    "/enterprises/QY000001/": ("华景领航电力", "华景领航电力"),
    "/chains/new-energy/": ("新能源", "新能源"),
    "/places/jiuduntan/": ("九墩滩", "九墩滩"),
    "/mechanisms/bang-ban/": ("帮办", "帮办"),
}
FILES = {
    "/projects/export.csv": "text/csv; charset=utf-8",
    "/projects/export.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "/enterprises/export.csv": "text/csv; charset=utf-8",
    "/enterprises/export.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "/indicators/export.csv": "text/csv; charset=utf-8",
    "/indicators/export.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
ONCE = {
    "/sitemap.xml": "application/xml",
    "/sitemap-pages.xml": "application/xml",
    "/sitemap-projects.xml": "application/xml",
    "/sitemap-enterprises.xml": "application/xml",
    "/sitemap-chains.xml": "application/xml",
    "/sitemap-places.xml": "application/xml",
    "/sitemap-mechanisms.xml": "application/xml",
    "/robots.txt": "text/plain",
    "/feed.atom": "application/atom+xml; charset=utf-8",
}
NOWHERE = [
    "/projects/LZ999999/", "/enterprises/QY999999/", "/chains/none-such/", "/places/none-such/",
    "/mechanisms/none-such/", "/projects/export.pdf", "/projects/export.csvx", "/projects/export.",
    "/sitemap-staff.xml", "/projects/LZ000001/edit/", "/projects/储能/", "/projects/" + "L" * 21 + "/",
    "/chains/新能源/", "/en/feed.atom", "/en/robots.txt", "/de/projects/", "/en/en/", "/static/../manage.py",
    "/projects/LZ000001%0A/", "/projects/..%2f..%2f/",
]  # fmt: skip


@pytest.fixture
def _records():
    chain, place = IndustryChainFactory(name="新能源", slug="new-energy"), PlaceFactory(name="九墩滩", slug="jiuduntan")
    company = EnterpriseFactory(name="华景领航电力", code="QY000001")
    ProjectFactory(name="独立储能电站", code="LZ000001", chain=chain, place=place, enterprise=company)
    MechanismFactory(name="帮办", slug="bang-ban")


@pytest.mark.usefixtures("_records")
@pytest.mark.parametrize("path", PAGES)
def test_page_answers_in_both_languages(client, path):
    for prefix, language, words in (("", "zh-hans", PAGES[path][0]), ("/en", "en", PAGES[path][1])):
        response = client.get(prefix + path)

        page = page_of(response)
        assert (response.status_code, response["Content-Type"]) == (200, "text/html; charset=utf-8")
        assert (response["Content-Language"], page.one("html")["lang"]) == (language, language)
        assert page.one("title").text == f"{words} - {SITE_NAME}".removeprefix(" - ")
        assert len(page.all("h1")) == 1


@pytest.mark.usefixtures("_records")
@pytest.mark.parametrize("path", FILES)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_export_answers_with_a_file(client, path, prefix):
    response = client.get(prefix + path)

    assert (response.status_code, response["Content-Type"]) == (200, FILES[path])
    assert response["Content-Disposition"].startswith("attachment; ")


@pytest.mark.usefixtures("_records")
@pytest.mark.parametrize("path", ONCE)
def test_file_for_machines_answers(client, path):
    response = client.get(path)

    assert (response.status_code, response["Content-Type"]) == (200, ONCE[path])


@pytest.mark.usefixtures("_records")
@pytest.mark.parametrize("path", NOWHERE)
def test_unknown_address_is_a_404_page_of_the_site(client, path):
    response = client.get(path)

    assert response.status_code == 404
    assert page_of(response).texts("p.error-status") == ["404"]


@pytest.mark.usefixtures("_records")
@pytest.mark.parametrize("path", [*PAGES, *FILES, *ONCE])
def test_public_address_only_reads(client, path):
    for method in (client.post, client.put, client.patch, client.delete):
        response = method(path)

        assert (response.status_code, "GET" in response["Allow"]) == (405, True)


@pytest.mark.usefixtures("_records")
@pytest.mark.parametrize("path", [*PAGES, *FILES, *ONCE])
def test_head_answers_like_get_without_a_body(client, path):
    got, head = client.get(path), client.head(path)

    assert (head.status_code, head["Content-Type"], head.getvalue()) == (got.status_code, got["Content-Type"], b"")


@pytest.mark.usefixtures("_records")
@pytest.mark.parametrize("path", ["/projects", "/en/projects", "/projects/LZ000001", "/about"])
def test_address_without_its_last_slash_leads_on(client, path):
    response = client.get(path + "?q=储能")

    assert (response.status_code, response["Location"]) == (301, path + "/?q=%E5%82%A8%E8%83%BD")


def test_robots_may_read_everything_but_the_desk(client):
    assert client.get("/robots.txt").content.decode() == (
        "User-agent: *\nDisallow: /admin/\nAllow: /\n\nSitemap: http://testserver/sitemap.xml\n"
    )
