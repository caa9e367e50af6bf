"""Industry chains: the list and the page of one."""

import pytest

from projects.models import IndustryChain
from projects.stages import Stage
from tests.answers import facts_of, page_of
from tests.factories import (
    EnterpriseFactory,
    IndustryChainFactory,
    OpportunityFactory,
    ProjectFactory,
    ProjectPartyFactory,
)

pytestmark = pytest.mark.django_db

FOUR = ["一条链", "一专班", "一图谱", "一方案"]


def four_ones(page):
    items = page.all("li.check")
    assert [item.one(".check__label").text for item in items] == FOUR
    return [item["class"].split("--")[1] for item in items]


def section(page, heading):
    """The section with this heading."""
    return next(s for s in page.all("section") if s.texts("h2") == [heading])


def test_list_counts_public_projects_of_each_chain(client):
    dairy = IndustryChainFactory(name="奶产业", summary="从牧草到乳品。",
                                 cluster_tier=IndustryChain.ClusterTier.TEN_BILLION)  # fmt: skip
    IndustryChainFactory(name="数字产业", is_key_chain=None)
    ProjectFactory.create_batch(2, chain=dairy)
    ProjectFactory(chain=dairy, published=False)
    ProjectFactory(chain=dairy, stage=Stage.RESERVE)

    cards = page_of(client.get("/chains/")).all("li.card")

    assert [(c.one("h2").text, c.texts(".card__text"), c.one(".card__meta").texts("li")) for c in cards] == [
        ("奶产业", ["从牧草到乳品。"], ["重点产业链", "百亿级产业集群", "2 项"]),
        ("数字产业", [], ["0 项"]),
    ]


def test_page_of_a_chain_without_anything_else_has_one_of_the_four(client):
    IndustryChainFactory(name="奶产业", slug="dairy", is_key_chain=None)

    page = page_of(client.get("/chains/dairy/"))

    assert four_ones(page) == ["yes", "no", "no", "no"]
    facts = facts_of(page)
    assert (facts.pop("名称"), set(facts.values())) == ("奶产业", {"—不详"})
    assert section(page, "项目").one("p.note").text == "暂无已公开的项目。"
    assert section(page, "企业").one("p.note").text == "暂无已公开的企业。"
    assert section(page, "招商机会").one("p.note").text == "暂无与本产业链关联的招商机会。"


@pytest.mark.parametrize(
    ("given", "states"),
    [
        ({"task_force": "奶产业专班"}, ["yes", "yes", "no", "no"]),
        ({"atlas_url": "https://example.cn/atlas"}, ["yes", "no", "yes", "no"]),
        ({"plan_title": "方案(2025年版)"}, ["yes", "no", "no", "yes"]),
        ({"task_force": "专班", "atlas_url": "https://example.cn/a", "plan_title": "方案", "plan_url": "https://example.cn/p"},
         ["yes", "yes", "yes", "yes"]),
    ],
)  # fmt: skip
def test_page_says_which_of_the_four_ones_are_on_record(client, given, states):
    IndustryChainFactory(slug="dairy", **given)

    page = page_of(client.get("/chains/dairy/"))

    assert four_ones(page) == states
    links = {a["href"] for item in page.all("li.check") for a in item.all("a")}
    assert links == {value for key, value in given.items() if key.endswith("_url")}


def test_page_shows_projects_companies_and_opportunities(client):
    dairy, other = IndustryChainFactory(name="奶产业", slug="dairy"), IndustryChainFactory()
    carrier, partner = EnterpriseFactory(name="博贞原生物"), EnterpriseFactory(name="饲草公司")
    first = ProjectFactory(name="乳制品项目", chain=dairy, enterprise=carrier)
    ProjectFactory(name="牧场项目", chain=dairy, enterprise=carrier)
    ProjectPartyFactory(project=first, enterprise=partner)
    ProjectFactory(name="别的项目", chain=other)
    OpportunityFactory(name="奶业冷链", chain=dairy)

    page = page_of(client.get("/chains/dairy/"))

    assert section(page, "项目").one("ul").texts("a") == ["牧场项目", "乳制品项目"]
    assert section(page, "项目").all("a")[0].text == "2 项 · 总投资 26 亿元"
    assert section(page, "项目").all("a")[0]["href"] == "/projects/?chain=dairy"
    assert sorted(section(page, "企业").texts("a")) == ["博贞原生物", "饲草公司"]
    assert section(page, "招商机会").texts("a") == ["奶业冷链"]


def test_page_of_many_projects_shows_twenty_and_leads_to_all(client):
    dairy = IndustryChainFactory(slug="dairy")
    for _ in range(21):
        ProjectFactory(chain=dairy, enterprise=None, place=None)

    projects = section(page_of(client.get("/chains/dairy/")), "项目")

    assert len(projects.one("ul").all("li")) == 20
    assert [a["href"] for a in projects.all("a")][-1] == "/projects/?chain=dairy"


def test_anchor_company_is_linked_and_its_page_links_back(client):
    anchor = EnterpriseFactory(name="链主公司", code="QY000101")
    IndustryChainFactory(name="奶产业", slug="dairy", anchor_enterprise=anchor, chief="某某(副区长)")

    facts = facts_of(page_of(client.get("/chains/dairy/")))

    assert (facts["链主企业"], facts["链长"]) == ("链主公司", "某某(副区长)")
    assert page_of(client.get("/enterprises/QY000101/")).one("aside").one("a", href="/chains/dairy/").text == "奶产业"


def test_empty_ledger_has_a_list_of_chains(client):
    page = page_of(client.get("/chains/"))

    assert page.one("ul.cards").text == "暂无产业链。"
