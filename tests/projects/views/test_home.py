"""The home page and the page about the data."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine

from liangzhou.models import Qualifier
from liangzhou.periods import Precision
from projects.stages import Stage
from sources.models import Source
from tests.answers import page_of
from tests.factories import (
    CitationFactory,
    IndustryChainFactory,
    OpportunityFactory,
    PlaceFactory,
    ProjectFactory,
    ReportedIndicatorFactory,
    SourceFactory,
)

pytestmark = pytest.mark.django_db


def bars(chart):
    """(label, value in words, address, length of the bar) of each row of a chart."""
    return [
        (row.one(".bars__label").text, row.one(".bars__value").text, row.one("a")["href"],
         row.one("rect.bars__fill")["width"])
        for row in chart.all("li.bars__row")
    ]  # fmt: skip


def tables(chart):
    return [(row.one("th").text, row.one("td").text) for row in chart.one("tbody").all("tr")]


def test_reported_figures_have_period_qualifier_growth_and_sentence(client):
    exact = ReportedIndicatorFactory(name="省外到位资金", headline=True, position=1)
    CitationFactory(target=exact, quote="累计完成省外到位资金88.57亿元。", source=SourceFactory(title="新高地"))
    ReportedIndicatorFactory(
        name="到位资金", value=Decimal("113.36"), qualifier=Qualifier.FORECAST, growth=Decimal(35),
        growth_qualifier=Qualifier.AT_LEAST, period_end=date(2025, 6, 1), headline=True, position=2,
    )  # fmt: skip
    ReportedIndicatorFactory(name="不在首页的数", headline=False)

    figures = page_of(client.get("/")).all("li.figure")

    assert [figure.one(".figure__label").text for figure in figures] == ["省外到位资金", "到位资金"]
    assert [figure.one(".figure__value").text for figure in figures] == ["88.57 亿元", "113.36 亿元 预计"]
    assert [figure.one(".figure__period").text for figure in figures] == ["2025年1—5月", "2025年上半年"]
    assert [figure.one(".figure__growth").text for figure in figures] == ["同比 +38.01%", "同比 +35%以上"]
    assert [figure.texts("blockquote") for figure in figures] == [["累计完成省外到位资金88.57亿元。"], []]


def test_no_more_than_eight_headlines_are_shown(client):
    ReportedIndicatorFactory.create_batch(9, headline=True)

    assert len(page_of(client.get("/")).all("li.figure")) == 8


def test_charts_count_public_projects_and_link_to_what_they_count(client):
    dairy = IndustryChainFactory(name="奶产业", slug="dairy")
    park = PlaceFactory(name="九墩滩", slug="jiuduntan")
    ProjectFactory(chain=dairy, place=park, stage=Stage.SIGNED, total_investment=Decimal(13_100))
    ProjectFactory(chain=dairy, place=None, stage=Stage.STARTED, total_investment=Decimal(130_000))
    ProjectFactory(chain=None, place=None, stage=Stage.STARTED, total_investment=None)
    ProjectFactory(chain=dairy, place=park, stage=Stage.LEAD)
    ProjectFactory(chain=dairy, place=park, published=False)

    by_stage, by_chain, by_place = page_of(client.get("/")).all("figure.chart")

    assert bars(by_stage) == [
        ("签约", "1 项 · 1.31 亿元", "/projects/?stage=signed", "50.0"),
        ("落地", "0 项", "/projects/?stage=landed", "0.0"),
        ("开工", "2 项 · 13 亿元", "/projects/?stage=started", "100.0"),
        ("在建", "0 项", "/projects/?stage=building", "0.0"),
        ("投产", "0 项", "/projects/?stage=producing", "0.0"),
        ("达产", "0 项", "/projects/?stage=at_capacity", "0.0"),
    ]
    assert bars(by_chain) == [
        ("奶产业", "2 项 · 14.31 亿元", "/projects/?chain=dairy", "100.0"),
        ("未注明", "1 项", "/projects/?chain=none", "50.0"),
    ]
    assert bars(by_place) == [
        ("九墩滩", "1 项 · 1.31 亿元", "/projects/?place=jiuduntan", "50.0"),
        ("未注明", "2 项 · 13 亿元", "/projects/?place=none", "100.0"),
    ]
    for chart in (by_stage, by_chain, by_place):
        assert [(label, value.split(" ")[0]) for label, value, _, _ in bars(chart)] == tables(chart)


@pytest.mark.parametrize("parameter", ["stage", "chain", "place"])
def test_links_of_the_charts_lead_to_as_many_projects(client, parameter):
    for stage in (Stage.SIGNED, Stage.STARTED):
        ProjectFactory(stage=stage)
    ProjectFactory(chain=None, place=None)

    rows = [bar for chart in page_of(client.get("/")).all("figure.chart") for bar in bars(chart) if parameter in bar[2]]

    assert len(rows) >= 3
    for _, value, address, _ in rows:
        assert page_of(client.get(address)).one(".toolbar__summary").text.split(" ")[0] == value.split(" ")[0]


def test_longest_chart_says_what_it_leaves_out(client):
    for _ in range(9):
        ProjectFactory(place=None)

    chart = page_of(client.get("/")).all("figure.chart")[1]

    assert len(bars(chart)) == 8
    assert ("8" in chart.one(".chart__note").text, "9" in chart.one(".chart__note").text) == (True, True)


def test_newest_changes_come_first_with_their_day(client):
    for day, name in ((1, "旧项目"), (3, "新项目"), (2, "中项目")):
        with time_machine.travel(datetime(2025, 6, day, 20, tzinfo=UTC), tick=False):
            ProjectFactory(name=name, stage=Stage.PRODUCING)

    page = page_of(client.get("/"))

    assert [(c.one(".change__when").text, c.one("a").text) for c in page.all("li.change")] == [
        ("2025年6月4日", "新项目"),
        ("2025年6月3日", "中项目"),
        ("2025年6月2日", "旧项目"),
    ]
    assert "2025年6月4日" in page.one("footer").text


def test_opportunities_are_listed(client):
    opportunity = OpportunityFactory(name="冷链物流", slug="cold-chain", summary="面向走廊。")

    page = page_of(client.get("/"))

    assert page.one("a", href=opportunity.get_absolute_url()).text == "冷链物流"
    assert opportunity.get_absolute_url() == "/opportunities/#cold-chain"


def test_empty_ledger_has_a_home_page(client):
    page = page_of(client.get("/"))

    assert page.all("li.figure") + page.all("li.change") == []
    assert page.one(".section__lead").text.count("0 项") == 1
    assert [bar[1] for chart in page.all("figure.chart") for bar in bars(chart)] == ["0 项"] * 6


def test_english_home_page_has_english_words(client):
    ProjectFactory(stage=Stage.SIGNED, total_investment=None)

    charts = page_of(client.get("/en/")).all("figure.chart")

    assert bars(charts[0])[0] == ("signed (签约)", "1 project", "/en/projects/?stage=signed", "100.0")
    assert charts[0].texts("th", scope="col") == ["Stage", "Projects"]


class TestAbout:
    def test_sources_say_what_is_known_of_them(self, client):
        article = SourceFactory(
            slug="xin-gaodi", title="新高地", authors="金奉乾", publisher="", dated=date(2025, 6, 1),
            dated_precision=Precision.MONTH, url="https://example.cn/a?b=1&c=2", note="文章有残缺。\n讲的是2025年。",
        )  # fmt: skip
        CitationFactory(source=article, target=ProjectFactory())
        CitationFactory(source=SourceFactory(title="统计用区划代码", kind=Source.Kind.REGISTER), target=PlaceFactory())
        SourceFactory(title="没有公开记录引用的纪要")
        CitationFactory(source=SourceFactory(title="在谈项目纪要"), target=ProjectFactory(stage="negotiating"))

        articles = page_of(client.get("/about/")).all("article.source")

        assert sorted(a.one("h3").text for a in articles) == ["新高地", "统计用区划代码"]
        article = next(a for a in articles if a["id"] == "xin-gaodi")
        assert article.texts("dd") == [
            "报纸文章", "金奉乾", "—", "2025年6月", "https://example.cn/a?b=1&c=2", "文章有残缺。讲的是2025年。",
        ]  # fmt: skip

    def test_it_says_how_many_chains_are_listed_and_what_is_unknown(self, client):
        IndustryChainFactory.create_batch(5)

        page = page_of(client.get("/about/"))

        assert "5" in page.one("section", id="unknown").text
        assert {s["id"] for s in page.all("section") if "id" in s.attrs} == {
            "sources", "definitions", "units", "unknown", "data", "errors", "accessibility",
        }  # fmt: skip

    def test_empty_ledger_has_a_page_about_the_data(self, client):
        assert page_of(client.get("/about/")).all("article.source") == []
