"""The search across everything that is public."""

import pytest

from tests.answers import page_of
from tests.factories import (
    EnterpriseFactory,
    IndustryChainFactory,
    MechanismFactory,
    OpportunityFactory,
    PlaceFactory,
    ProjectFactory,
    ProjectPartyFactory,
    ReportedIndicatorFactory,
)
from tests.full_width import full_width

pytestmark = pytest.mark.django_db


def hits(client, query, path="/search/"):
    """The names found under each heading."""
    page = page_of(client.get(path, {"q": query}))
    groups = [s for s in page.one("main").all("section.section") if s.all("h2")]
    return {s.one("h2").text: s.one("ul").texts("li") for s in groups}


def test_every_kind_of_record_is_found(client):
    ProjectFactory(name="储能电站", chain=None, place=None, enterprise=None)
    EnterpriseFactory(name="储能公司")
    IndustryChainFactory(name="储能产业")
    PlaceFactory(name="储能园区")
    ReportedIndicatorFactory(name="储能装机")
    MechanismFactory(name="储能专班")
    OpportunityFactory(name="储能机会")
    ProjectFactory(name="乳品", chain=None, place=None, enterprise=None)

    assert hits(client, "储能") == {
        "项目 (1)": ["储能电站"], "企业 (1)": ["储能公司"], "产业链 (1)": ["储能产业"], "地点 (1)": ["储能园区"],
        "报道指标 (1)": ["储能装机"], "工作机制 (1)": ["储能专班"], "招商机会 (1)": ["储能机会"],
    }  # fmt: skip


@pytest.mark.parametrize(
    "query",
    ["储能", "300mw", "300MW", full_width("300MW"), "mwh", "1200", "储能 300", "站项", "  储能\t", "W/1", "(一期)",
     "LZ000101", "lz000101"],
)  # fmt: skip
def test_project_is_found_by_any_two_characters_of_its_words(client, query):
    ProjectFactory(name="300MW/1200MWh独立储能电站项目(一期)", code="LZ000101", chain=None, place=None, enterprise=None)
    ProjectFactory(name="乳制品精深加工", code="LZ000102", chain=None, place=None, enterprise=None)

    assert hits(client, query) == {"项目 (1)": ["300MW/1200MWh独立储能电站项目(一期)"]}


@pytest.mark.parametrize(
    "query", ["光伏", "储电", "储能 光伏", "cn", "chuneng", "30%", "3_0", "____", "储%", "\\", "'"]
)
def test_nothing_else_is_found(client, query):
    ProjectFactory(name="300MW独立储能电站项目", chain=None, place=None, enterprise=None)

    page = page_of(client.get("/search/", {"q": query}))

    assert page.all("section.section") == []
    assert f"“{query.strip()}”" in page.one("main").text


def test_project_is_found_by_its_company_chain_place_and_parties(client):
    project = ProjectFactory(
        name="某项目", enterprise=EnterpriseFactory(name="华景公司"), chain=IndustryChainFactory(name="数字产业"),
        place=PlaceFactory(name="黄羊镇"),
    )  # fmt: skip
    ProjectPartyFactory(project=project, enterprise=EnterpriseFactory(name="燧原科技"))

    for query in ("华景", "数字", "黄羊", "燧原", "华景 数字 某项"):
        assert next(iter(hits(client, query).items())) == ("项目 (1)", ["某项目"])


def test_five_hits_are_shown_and_all_are_linked(client):
    for n in range(7):
        ProjectFactory(name=f"储能{n}", chain=None, place=None, enterprise=None)

    page = page_of(client.get("/search/", {"q": "储能"}))

    assert len(page.one("section.section").one("ul").all("li")) == 5
    assert page.one("section.section").one("h2").text.endswith("7)")
    address = page.one("section.section").one(".section-head").one("a")["href"]
    assert page_of(client.get(address)).one(".toolbar__summary").text.startswith("7 项")


@pytest.mark.parametrize("query", ["", "   ", None])
def test_search_without_words_says_what_to_write(client, query):
    page = page_of(client.get("/search/", {} if query is None else {"q": query}))

    assert page.one("main").text.endswith("请输入要找的项目、企业、产业链或地点。")


def test_too_long_a_query_is_refused_in_words_and_kept(client):
    query = "储" * 101

    page = page_of(client.get("/search/", {"q": query}))

    assert page.one("input", id="search-q")["value"] == query
    assert page.one("input", id="search-q")["aria-invalid"] == "true"
    assert page.one("p.error", id="search-q-error").text != ""
    assert page.all("section.section") == []


def test_what_was_typed_is_escaped(client):
    query = '"><script>alert(1)</script>'

    page = page_of(client.get("/search/", {"q": query}))

    assert page.one("input", id="search-q")["value"] == query
    assert page.all("script") == []
    assert f"“{query}”" in page.one("main").text


def test_search_in_english_finds_the_same(client):
    ProjectFactory(name="储能电站", chain=None, place=None, enterprise=None)

    assert hits(client, "储能", "/en/search/") == {"Projects (1)": ["储能电站"]}
