"""The public page of a month's funds, the part of the home page, and the definitions."""

from datetime import date
from decimal import Decimal as D

import pytest

from liangzhou.months import Month
from monthly.models import Indicator, MonthVersion, Origin, RateDefinition
from projects.models import Milestone, ReportedIndicator
from tests.answers import page_of
from tests.factories import (
    AnnualTargetFactory,
    CitationFactory,
    InvestmentRecordFactory,
    MilestoneFactory,
    RateDefinitionFactory,
    ReportedIndicatorFactory,
    SourceFactory,
)
from tests.monthly.shelf import MARCH, MAY, fund, funded, version

pytestmark = pytest.mark.django_db
LAST_MAY = Month(2024, 5)


def cards(page):
    """{label: (figure, what stands beside it)} of the headline figures."""
    return {
        card.one(".figure__label").text: (card.one(".figure__value").text, " ".join(card.texts(".figure__growth")))
        for card in page.one("section", aria_labelledby="computed").all("li.figure")
    }


def table(page, name):
    """The rows of a table, as printed."""
    return [[cell.text for cell in row.all() if cell.tag in ("th", "td")]
            for row in page.one("section", id=f"table-{name}").one("tbody").all("tr")]  # fmt: skip


@pytest.fixture
def district():
    """Three projects; 88.57 亿元 from other provinces against 64.18 a year before, target 200."""
    project = funded("641800", month=LAST_MAY)
    for amount, month in (("400000", MARCH), ("485700", MAY)):
        fund(project, amount, month=month)
    others = [funded("1000", origin=Origin.ABROAD), funded("300", origin=Origin.OTHER_CITIES)]
    AnnualTargetFactory(indicator=Indicator.FUNDING, value=D(2_000_000))
    for one in (project, *others):
        InvestmentRecordFactory(project=one, month=MAY.first, amount=D(300))
    MilestoneFactory(project=others[0], kind=Milestone.Kind.STARTED, actual=date(2025, 2, 1), actual_precision="day")
    return [project, *others]


def test_headline_figures_are_those_of_the_locked_month(client, district):
    version()
    fund(district[0], "99999", kind="correction", reason="更正")  # after the lock

    page = page_of(client.get("/en/funds/"))

    assert cards(page) == {
        "Funds received, all origins (到位资金), year to date": ("88.7 亿元", "Year-on-year +38.21%"),
        "Funds received, all origins (到位资金), in the month (当月)": ("48.7 亿元", "Year-on-year -24.12%"),
        "Annual target reached (完成率)": ("44.35 %", "2.68 points ahead of the pace"),
        "Funds received from other provinces (省外到位资金), year to date": ("88.57 亿元", "Year-on-year +38.00%"),
        "Projects implemented": ("3 projects (项)", "Total investment 39 亿元"),
        "New this year (新建)": ("1 projects (项)", ""),
        "Continuing (续建)": ("0 projects (项)", ""),
        "Investment completed (固投), year to date": ("900 万元", ""),
    }
    assert "省外到位资金88.57亿元" in page.one("p.bulletin", lang="zh-Hans").text.replace(" ", "")
    assert "As of 5 June 2025, published 5 June 2025, version 1." in page.one("main").text


def test_tables_have_rounded_numbers_that_open_what_is_behind_them(client, district):
    version()

    page = page_of(client.get("/funds/"))

    assert table(page, "months")[2] == ["2025年3月", "40.00", "40.00", "—", "—", "—"]
    assert table(page, "months")[4] == ["2025年5月", "48.70", "88.70", "64.18", "64.18", "+38.21"]
    links = [link["href"] for link in page.one("section", id="table-months").all("tr")[5].all("a")]
    assert links[1] == "/funds/behind/?month=2025-05&version=1&indicator=funding&by=month&key=2025-05"
    for link in {a["href"] for a in page.one("main").all("a") if "/behind/" in a["href"]}:
        assert client.get(link).status_code == 200, link


def test_charts_have_the_numbers_of_the_tables(client, district):
    version()

    charts = {chart.one(".chart__title").text: chart for chart in page_of(client.get("/en/funds/")).all("figure.chart")}

    assert list(charts) == [
        "Funds received, month by month", "This year against last year", "The annual target and the pace of the year",
        "Funds received by origin", "Funds received by industry chain", "Funds received by place",
    ]  # fmt: skip
    months = charts["Funds received, month by month"]
    assert months.one("svg")["role"] == "img"
    assert months.one("tbody").texts("td")[-2:] == ["48.70", "88.70"]
    assert charts["This year against last year"].texts("th", scope="col")[1:] == ["2025 (亿元)", "2024 (亿元)"]


def test_year_without_a_year_before_is_not_compared(client):
    funded("100")
    version()

    titles = page_of(client.get("/en/funds/")).texts(".chart__title")

    assert "This year against last year" not in titles
    assert "Funds received, month by month" in titles


def test_earlier_months_and_versions_stay_as_they_were_published(client, district):
    version(MARCH)
    version(MAY)
    fund(district[0], "-700", kind="correction", reason="退回")
    version(MAY, reason="企业更正了上报数")

    newest, may, march = (
        page_of(client.get(f"/en/funds/{query}")) for query in ("", "?month=2025-05&version=1", "?month=2025-03")
    )

    label = "Funds received from other provinces (省外到位资金), year to date"
    assert [cards(page)[label][0] for page in (newest, may, march)] == ["88.5 亿元", "88.57 亿元", "40 亿元"]
    notices = [page.texts(".notice") for page in (newest, may, march)]
    assert (notices[0], notices[2]) == ([], [])
    assert notices[1] == ["Note This is version 1 of the month. Version 2 was published later."]
    revision = newest.one("section", id="revisions").one("li")
    assert revision.one("strong").text == "6 June 2025, version 2"
    assert revision.texts(".revision") == [
        "Funds received, all origins (到位资金), year to date: 88.7 亿元 → 88.63 亿元",
        "Funds received, all origins (到位资金), year-on-year: +38.21% → +38.10%",
        "Funds received from other provinces (省外到位资金), year to date: 88.57 亿元 → 88.5 亿元",
        "Funds received from other provinces (省外到位资金), year-on-year: +38.00% → +37.89%",
    ]
    assert "Reason: 企业更正了上报数" in revision.text
    assert revision.one("a")["href"] == "/en/funds/?month=2025-05&version=1"


@pytest.mark.parametrize(
    "query",
    ["month=2025-04", "month=2025-03&version=2", "month=x", "month=", "version=9", "month=2025-99", "month=2025",
     "version=1.5", "month=2100-12&version=-1", "month=2025-03&version=%EF%BC%91"],
)  # fmt: skip
def test_what_is_not_published_is_not_there(client, query):
    funded("100")
    version(MARCH)
    version(MAY, public=False)

    expected = 200 if query == "month=" else 404
    assert client.get(f"/funds/?{query}").status_code == expected


def test_reported_figures_stand_apart(client, district):
    reported = ReportedIndicatorFactory(name="省外到位资金", value=D("88.57"), theme="investment")
    CitationFactory(target=reported, quote="累计完成省外到位资金88.57亿元。", source=SourceFactory(title="新高地"))
    ReportedIndicatorFactory(name="别的主题", theme=ReportedIndicator.Theme.SERVICE)
    ReportedIndicatorFactory(name="未公开的指标", published=False)
    version()

    page = page_of(client.get("/funds/"))

    box = page.one("section", aria_labelledby="reported")
    assert box.texts(".figure__label") == ["省外到位资金"]
    assert box.texts("blockquote") == ["累计完成省外到位资金88.57亿元。"]
    assert reported.name not in [cell.text for cell in page.all("tbody")]


def test_before_a_month_is_published_there_are_only_reported_figures(client):
    funded("7777")
    version(public=False)
    ReportedIndicatorFactory(name="省外到位资金", theme="investment")

    page = page_of(client.get("/en/funds/"))

    assert page.one(".empty__text").text == "No month is published yet."
    assert page.texts(".figure__label") == ["省外到位资金"]
    assert (page.all("figure.chart"), page.all("table")) == ([], [])


def test_one_month_of_nothing_has_a_page(client):
    version(Month(2025, 1))

    page = page_of(client.get("/en/funds/"))

    assert cards(page)["Funds received, all origins (到位资金), year to date"] == ("—", "")
    assert table(page, "months") == [["January 2025", "—", "—", "—", "—", "—"]]
    assert page.one("main").all("a", href="#table-chain") == []


def test_amounts_taken_back_are_printed_below_zero(client):
    project = funded("100", month=MARCH)
    fund(project, "-300", reason="退回")
    version()

    rows = table(page_of(client.get("/funds/")), "months")

    assert [row[1:3] for row in rows[2:]] == [["100.00", "100.00"], ["—", "100.00"], ["-300.00", "-200.00"]]


class TestHome:
    def test_newest_published_month_is_on_the_home_page(self, client, district):
        version(MARCH)
        version(MAY, public=False)

        panel = page_of(client.get("/en/")).one("section", id="funds")

        assert panel.texts(".figure__value") == ["40 亿元", "40 亿元"]
        assert "for March 2025, as of 5 April 2025." in panel.text
        assert panel.one("tbody").texts("th") == ["Jan", "Feb", "Mar"]
        assert panel.one("a", href="/en/funds/").text == "All figures of the month"

    def test_without_a_published_month_the_home_page_says_nothing_of_funds(self, client, district):
        version(withdrawn=True)

        assert page_of(client.get("/")).all("section", id="funds") == []


class TestDefinitions:
    def test_every_figure_and_rate_is_defined(self, client):
        RateDefinition.objects.all().delete()
        RateDefinitionFactory()

        page = page_of(client.get("/en/funds/definitions/"))

        named = [row["id"] for row in page.all(".facts__row")]
        assert len(named) == len(set(named)) == 6 + 9 + 11 + 1
        assert "year to date ÷ same period of last year − 1" in page.one("div", id="growth").text
        assert "已开工" in page.one("div", id="rate-start").text


def test_withdrawn_version_goes_at_once_and_the_one_before_it_comes_back(client, district):
    first = version(MAY)
    fund(district[0], "-700", kind="correction", reason="退回")
    second = version(MAY)
    kept = client.get("/funds/")
    MonthVersion.objects.filter(pk=second.pk).update(withdrawn_at=second.locked_at)

    response = client.get("/funds/", headers={"if-none-match": kept["ETag"]})
    assert response.status_code == 200
    assert "88.57 亿元" in page_of(response).one("main").text
    assert client.get("/funds/?month=2025-05&version=2").status_code == 404
    MonthVersion.objects.filter(pk=first.pk).update(withdrawn_at=first.locked_at)
    assert page_of(client.get("/funds/")).all("figure.chart") == []


def test_page_says_where_another_month_says_otherwise_and_what_was_withdrawn(client, district):
    """March was corrected before May was locked, and not published again; a version of May was taken back."""
    version(MARCH)
    fund(district[0], "-300", month=MARCH, kind="correction", reason="核减")
    version(MAY, withdrawn=True)
    version(MAY, reason="更正")

    may, march = (page_of(client.get(f"/en/funds/{query}")).one("section", id="revisions") for query in
                  ("", "?month=2025-03"))  # fmt: skip

    assert may.texts(".revision") == [
        "March 2025: 39.97 亿元 on this page, 40 亿元 in another published version.",
        "Version 1 was published on 5 June 2025 and withdrawn on 5 June 2025.",
    ]
    assert may.one("a", href="/en/funds/?month=2025-03&version=1").text == "March 2025, version 1"
    assert march.texts(".revision") == ["March 2025: 40 亿元 on this page, 39.97 亿元 in another published version."]
    assert march.one("a", href="/en/funds/?month=2025-05&version=2").text == "May 2025, version 2"
    assert "更正" not in may.text
