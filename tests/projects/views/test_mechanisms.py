"""Mechanisms and opportunities."""

import pytest

from projects.models import Mechanism
from tests.answers import page_of
from tests.factories import (
    CitationFactory,
    IndustryChainFactory,
    MechanismFactory,
    OpportunityFactory,
    SourceFactory,
)
from tests.projects.views.test_chains import section

pytestmark = pytest.mark.django_db


def test_mechanisms_are_listed_by_theme(client):
    MechanismFactory(name="秒批", theme=Mechanism.Theme.APPROVAL)
    MechanismFactory(name="包抓联", theme=Mechanism.Theme.ATTRACTION)
    MechanismFactory(name="并联审批", theme=Mechanism.Theme.APPROVAL)

    sections = page_of(client.get("/mechanisms/")).all("section.section")

    assert [s.texts("h3") for s in sections] == [["包抓联"], ["秒批", "并联审批"]]


def test_page_says_what_it_is_what_is_kept_and_what_is_alike(client):
    mechanism = MechanismFactory(name="帮办代办", slug="bang-ban", summary="第一段。\n\n第二段。", kept="办件数。")
    CitationFactory(target=mechanism, quote="帮办代办手续153项。")
    MechanismFactory(name="六必访", theme=mechanism.theme)
    MechanismFactory(name="秒批", theme=Mechanism.Theme.APPROVAL)

    page = page_of(client.get("/mechanisms/bang-ban/"))

    first, second = page.all("section.prose")
    assert (first.texts("p"), second.texts("p")) == (["第一段。", "第二段。"], ["办件数。"])
    assert page.one("aside").texts("a") == ["六必访"]
    assert page.texts("blockquote") == ["帮办代办手续153项。"]
    metas = {meta.attrs.get("name"): meta.attrs.get("content") for meta in page.all("meta")}
    assert (metas["ColumnName"], metas["ArticleTitle"]) == ("工作机制", "帮办代办")


def test_page_of_a_mechanism_of_which_nothing_is_kept_says_so(client):
    MechanismFactory(slug="bang-ban", kept="")

    assert page_of(client.get("/mechanisms/bang-ban/")).all("section.prose")[1].texts("p") == ["暂无。"]


def test_opportunities_are_shown_with_chain_and_sentence(client):
    chain = IndustryChainFactory(name="新能源", slug="new-energy")
    opportunity = OpportunityFactory(name="光伏综合应用", slug="pv", summary="光伏加治沙。", chain=chain)
    CitationFactory(target=opportunity, quote="围绕光伏综合应用。", source=SourceFactory(title="新高地", slug="gaodi"))
    OpportunityFactory(name="冷链物流", summary="")

    page = page_of(client.get("/opportunities/"))

    shown = section(page, "光伏综合应用")
    assert (shown["id"], shown.one(".section__lead").text, shown.one("blockquote").text) == (
        "pv", "光伏加治沙。", "围绕光伏综合应用。",
    )  # fmt: skip
    assert [(a.text, a["href"]) for a in shown.all("a")] == [
        ("新能源", "/chains/new-energy/"), ("《新高地》", "/about/#gaodi"),
    ]  # fmt: skip
    assert section(page, "冷链物流").text == "冷链物流"


@pytest.mark.parametrize(("path", "words"), [("/mechanisms/", "暂无工作机制。"), ("/opportunities/", "暂无招商机会。")])
def test_empty_ledger_says_so(client, path, words):
    assert page_of(client.get(path)).one("main").text.endswith(words)
