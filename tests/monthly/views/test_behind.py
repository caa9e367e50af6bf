"""What stands behind a number: its definition, and the projects that it sums, without their amounts."""

from decimal import Decimal as D

import pytest
from django.utils.http import urlencode

from liangzhou.months import Month
from monthly.models import Indicator, Origin
from projects.models import Project
from projects.stages import Stage
from tests.answers import page_of, shown_names
from tests.factories import AnnualTargetFactory, IndustryChainFactory, InvestmentRecordFactory
from tests.monthly.shelf import MARCH, MAY, fund, funded, version

pytestmark = pytest.mark.django_db
LAST_MAY = Month(2024, 5)
YEAR, MAY_2025, LAST_YEAR = "months 1–5 of 2025", "May 2025", "months 1–5 of 2024"
NUMBERS = [
    ({}, "5.3 亿元", YEAR, 4),
    ({"figure": "month"}, "5.2 亿元", MAY_2025, 3),
    ({"figure": "last_ytd"}, "4.24 亿元", LAST_YEAR, 0),
    ({"figure": "last_month"}, "4.24 亿元", "May 2024", 0),
    ({"figure": "growth"}, "+25.00%", YEAR, 4),
    ({"figure": "month_growth"}, "+22.64%", MAY_2025, 3),
    ({"figure": "target"}, "20 亿元", "2025", 0),
    ({"figure": "completion"}, "26.50%", YEAR, 4),
    ({"figure": "ahead"}, "-15.17 points", YEAR, 4),
    ({"indicator": "other_provinces"}, "5 亿元", YEAR, 0),
    ({"by": "month", "key": "2025-03"}, "1000 万元", "months 1–3 of 2025", 0),
    ({"by": "month", "key": "2025-05", "figure": "month"}, "5.2 亿元", MAY_2025, 3),
    ({"by": "chain", "key": "CHAIN"}, "5.3 亿元", YEAR, 4),
    ({"by": "origin", "key": "other"}, "5.3 亿元", YEAR, 4),
    ({"indicator": "projects"}, "5 · 44.78 亿元", YEAR, 5),
]
UNKNOWN = """
indicator=nothing
indicator=signed
indicator=paused
indicator=funding&figure=nothing
indicator=funding&by=unit&key=1
indicator=funding&by=size&key=100m
indicator=funding&by=chain
indicator=funding&key=1
indicator=funding&by=chain&key=999999
indicator=funding&by=chain&key=9999999999999999999999
indicator=funding&by=place&key=x%27%3B--
indicator=funding&by=origin&key=abroad
indicator=funding&by=month&key=2024-05
indicator=funding&by=month&key=2025-06
indicator=funding&by=month&key=x
indicator=funding&by=month&key=2025-03&figure=target
indicator=investment&by=origin&key=abroad
indicator=abroad&figure=target
indicator=abroad
indicator=abroad&figure=month
indicator=abroad&by=month&key=2025-05
indicator=other_cities
indicator=other_districts
indicator=other_provinces&by=month&key=2025-05
indicator=investment
indicator=investment&figure=month
indicator=investment&by=month&key=2025-05
indicator=projects&by=chain&key=1
indicator=projects&figure=month
indicator=funding&month=2024-01
indicator=funding&month=2025-05&version=2
"""


@pytest.fixture
def chain():
    """Five projects, four of which received money; of these one is not published, and one is being negotiated again."""
    chain = IndustryChainFactory(name="奶产业")
    largest = funded("40000", chain=chain, name="公开的大项目", total_investment=D(90_000))
    fund(largest, "42400", month=LAST_MAY)
    funded("10000", chain=chain, name="未公开的项目", published=False, total_investment=D(77_770))
    funded("2000", chain=chain, name="公开的小项目", origin=Origin.ABROAD, total_investment=D(20_000))
    gone = funded("1000", chain=chain, name="退回在谈的项目", month=MARCH, origin=Origin.OTHER_CITIES)
    funded("0", chain=None, month=Month(2024, 1), name="没有资金的项目")
    AnnualTargetFactory(indicator=Indicator.FUNDING, value=D(200_000))
    InvestmentRecordFactory(project=largest, month=MAY.first, amount=D(800))
    version()
    Project.objects.filter(pk=gone.pk).update(stage=Stage.NEGOTIATING)
    return chain


def behind(client, asked, prefix=""):
    given = {"indicator": "funding", **asked}
    return client.get(f"{prefix}/funds/behind/?{urlencode(given)}")


@pytest.mark.parametrize(("asked", "shown", "period", "projects"), NUMBERS)
def test_number_has_its_amount_period_definition_and_projects(client, chain, asked, shown, period, projects):
    asked = {name: str(chain.pk) if value == "CHAIN" else value for name, value in asked.items()}

    page = page_of(behind(client, asked, "/en"))

    facts = {row.one("dt").text: row.one("dd").text for row in page.all(".facts__row")}
    assert page.one(".figure__value").text == shown
    assert (facts["Period"], facts["As of"]) == (period, "5 June 2025May 2025, version 1")
    assert facts["Source"] == "Computed from the records of the bureau."
    heading = page.all("section", id="projects")
    assert (int(heading[0].one("h2").text.split(" ")[0]) if heading else 0) == projects


def test_public_projects_are_named_and_the_rest_counted(client, chain):
    page = page_of(behind(client, {}, "/en"))

    assert shown_names(page) == ["公开的大项目", "公开的小项目"]
    section = page.one("section", id="projects")
    assert section.one("h2").text == "4 projects behind the number"
    assert "2 more projects are not listed." in section.one(".section__lead").text
    cells = section.one("tbody").all("tr")[0].texts("td")
    assert "9 亿元" in cells  # its total investment, not what it received
    for amount in ("4 亿元", "40000", "42400", "10000", "未公开", "退回在谈", "7.78"):
        assert amount not in section.text


def test_few_projects_behind_a_number_are_not_named(client, chain):
    """March is one project's; what the district got is shown all the same."""
    for asked in ({"by": "month", "key": "2025-03"}, {"figure": "last_month"}, {"indicator": "other_provinces"}):
        page = page_of(behind(client, asked, "/en"))

        assert "Too few projects are behind this number: they are not named." in page.one("main").text
        assert (page.all("section", id="projects"), page.one("main").all("table")) == ([], [])


def test_investment_of_enough_projects_is_shown(client, chain):
    for project in Project.objects.order_by("pk")[1:4]:
        InvestmentRecordFactory(project=project, month=MAY.first, amount=D(100))
    version()

    page = page_of(behind(client, {"indicator": "investment"}, "/en"))

    assert page.one(".figure__value").text == "1100 万元"
    assert page.one("section", id="projects").one("h2").text == "4 projects behind the number"


def test_reckoning_has_the_numbers_of_the_formula(client, chain):
    page = page_of(behind(client, {"figure": "growth"}, "/en"))

    assert "(53000 ÷ 42400 − 1) × 100% = +25.00%" in page.one("main").text
    assert "26.50% − 41.67% = -15.17 points" in page_of(behind(client, {"figure": "ahead"}, "/en")).one("main").text


def test_breadcrumb_leads_back_to_the_version(client, chain):
    version(MAY, reason="名称更正")

    page = page_of(client.get("/funds/behind/?month=2025-05&version=1&indicator=funding"))

    links = [link["href"] for link in page.one("nav.breadcrumb").all("a")]
    assert links == ["/", "/funds/?month=2025-05&version=1"]


@pytest.mark.parametrize("query", ["", *UNKNOWN.split()])
def test_what_there_is_not_or_is_not_shown_is_not_there(client, chain, query):
    assert client.get(f"/funds/behind/?{query}").status_code == 404


def test_month_of_a_chain_is_not_shown(client, chain):
    """One project's money, more often than not."""
    given = {"by": "chain", "key": chain.pk}

    assert [behind(client, given | {"figure": figure}).status_code for figure in ("ytd", "month", "last_month")] == [
        200, 404, 404,
    ]  # fmt: skip


def test_long_lists_have_pages(client):
    for number in range(51):
        funded("1", name=f"项目{number}")
    version()

    pages = {
        number: page_of(client.get(f"/funds/behind/?indicator=funding&page={number}")) for number in ("", "2", "x")
    }

    assert [len(shown_names(page)) for page in pages.values()] == [50, 1, 50]
    second = "/funds/behind/?month=2025-05&version=1&indicator=funding&page=2"
    assert pages[""].one("nav.pagination").all("a", href=second)
