"""The page of reported indicators."""

from datetime import date
from decimal import Decimal

import pytest

from liangzhou.models import Qualifier
from projects.models import ReportedIndicator
from tests.answers import page_of
from tests.factories import CitationFactory, ReportedIndicatorFactory, SourceFactory

pytestmark = pytest.mark.django_db


def rows(page):
    """The cells of each row: name, figure, period, growth."""
    return [row.texts("th") + row.texts("td") for row in page.all("tr") if row.texts("td")]


def test_figure_has_qualifier_period_nature_and_growth(client):
    ReportedIndicatorFactory(
        name="到位资金", value=Decimal("113.36"), qualifier=Qualifier.FORECAST, growth=Decimal(35),
        growth_qualifier=Qualifier.AT_LEAST, period_end=date(2025, 6, 1), definition="口径不明。",
    )  # fmt: skip

    assert rows(page_of(client.get("/indicators/"))) == [
        ["到位资金口径不明。", "预计 113.36 亿元", "2025年上半年期间数", "+35%以上"]
    ]


def test_figure_without_period_or_growth_shows_a_dash(client):
    ReportedIndicatorFactory(
        name="高新技术企业", value=Decimal(55), unit="户", qualifier=Qualifier.REACHED, growth=None,
        period_start=None, period_end=None, nature=ReportedIndicator.Nature.STOCK,
    )  # fmt: skip

    assert rows(page_of(client.get("/indicators/"))) == [["高新技术企业", "达 55 户", "—时点数", "—"]]


@pytest.mark.parametrize(
    ("given", "derived"),
    [
        ({}, "推算上年同期 64.18 亿元 = 88.57 ÷"),
        ({"growth": None}, None),
        ({"growth_qualifier": Qualifier.AT_LEAST}, None),
        ({"qualifier": Qualifier.FORECAST}, None),
        ({"growth": Decimal(-100)}, None),
    ],
)
def test_base_is_derived_and_marked_only_where_it_follows(client, given, derived):
    ReportedIndicatorFactory(name="省外到位资金", value=Decimal("88.57"), **({"growth": Decimal("38.01")} | given))

    page = page_of(client.get("/indicators/"))

    notes = page.all("td")[2].texts(".cell__note")
    assert [note.partition("(")[0] for note in notes] == ([derived] if derived else [])


def test_sentence_of_several_figures_stands_once(client):
    source = SourceFactory()
    for n, name in enumerate(["项目数", "总投资", "别的"]):
        quote = "共实施421项,总投资352.04亿元。" if n < 2 else "满意度达100%。"
        CitationFactory(target=ReportedIndicatorFactory(name=name, position=n), quote=quote, source=source)

    page = page_of(client.get("/indicators/"))

    assert [c.one("blockquote").text for c in page.all("li.citation")] == [
        "共实施421项,总投资352.04亿元。", "满意度达100%。",
    ]  # fmt: skip
    assert [[a["href"] for a in head.all("a")] for head in page.all("th.cell--primary")] == [
        ["#source-1"], ["#source-1"], ["#source-2"],
    ]  # fmt: skip


def test_figures_are_grouped_by_theme_and_filtered(client):
    ReportedIndicatorFactory(name="走访", theme=ReportedIndicator.Theme.SERVICE, position=1)
    ReportedIndicatorFactory(name="资金", theme=ReportedIndicator.Theme.INVESTMENT, position=2)

    page = page_of(client.get("/indicators/"))

    assert page.texts("caption") == ["项目与资金", "企业服务"]
    assert page_of(client.get("/indicators/?theme=service")).texts("caption") == ["企业服务"]


def test_every_figure_can_be_linked_to(client):
    indicator = ReportedIndicatorFactory(slug="funds")

    assert indicator.get_absolute_url() == "/indicators/#funds"
    assert page_of(client.get("/indicators/")).one("tr", id="funds").text.startswith(indicator.name)


def test_empty_ledger_has_a_page_of_indicators(client):
    page = page_of(client.get("/indicators/"))

    assert page.one(".empty__text").text == "没有符合条件的报道指标。"
    assert page.all("table") == []
