"""A visitor reads a month's funds, follows a number to its projects, takes a table away; with and without script."""

import csv
import io

import pytest
from playwright.sync_api import expect

from liangzhou.months import Month
from monthly.models import Indicator, MonthVersion, Origin
from tests.factories import AnnualTargetFactory, IndustryChainFactory, ReportedIndicatorFactory
from tests.monthly.shelf import MAY, fund, funded, version

ADDRESSES = (
    "/funds/",
    "/en/funds/",
    "/funds/?month=2025-05&version=1",
    "/funds/behind/?indicator=funding",
    "/funds/behind/?indicator=funding&figure=growth",
    "/",
)


@pytest.fixture(scope="module")
def months(database):
    """Two years of a chain of forty projects, one of which is not published; May was revised."""
    chain = IndustryChainFactory(name="新能源及装备制造")
    for number in range(40):
        name = f"武威市凉州区年产{number}万单位风电塔筒生产及配套设施建设项目"
        origin = list(Origin)[number % 4]
        project = funded(str(4000 + 371 * number), chain=chain, name=name, origin=origin, published=number != 7)
        for back in (1, 2, 3, 12, 14):
            fund(project, str(900 * (back + 2)), month=MAY.plus(-back), origin=origin)
    fund(project, "-1200", month=Month(2025, 1), reason="退回")
    AnnualTargetFactory(indicator=Indicator.FUNDING, value=1_500_000)
    AnnualTargetFactory(indicator=Indicator.OTHER_PROVINCES, value=100_000)
    ReportedIndicatorFactory(name="省外到位资金", theme="investment")
    version(MAY.plus(-1))
    version(MAY)
    fund(project, "-700", kind="correction", reason="退回")
    version(MAY)


@pytest.fixture
def visitor(open_page, scripted, months):
    return open_page(java_script_enabled=scripted)


def test_number_is_followed_to_its_projects_and_its_table_taken_away(visitor):
    visitor.goto("/en/")
    visitor.locator("#funds").get_by_role("link", name="All figures of the month").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Funds received months 1–5 of 2025")
    expect(visitor.locator("#revisions li")).to_contain_text("version 2")

    chart = visitor.locator("figure.chart").first
    expect(chart.get_by_role("img", name="Funds received, month by month")).to_be_visible()
    expect(chart.locator("table")).to_be_hidden()
    chart.locator("summary").click()
    expect(chart.locator("tbody th")).to_have_text(["Jan", "Feb", "Mar", "Apr", "May"])

    with visitor.expect_download() as waiting:
        visitor.locator("#table-months").get_by_role("link", name="CSV").click()
    rows = list(csv.DictReader(io.StringIO(waiting.value.path().read_bytes().decode("utf-8-sig"))))
    assert waiting.value.suggested_filename == "Funds received, month by month_2025-05_v2_2025-06-06.csv"
    assert [row["In the month (当月) (万元)"] for row in rows] == ["-1200", "180000", "144000", "108000", "448680"]

    visitor.locator(".figure__value a").first.click()
    expect(visitor.get_by_role("heading", level=2)).to_have_text("40 projects behind the number")
    expect(visitor.locator(".section__lead")).to_contain_text("1 more project is not listed.")
    expect(visitor.locator(".ledger tbody tr")).to_have_count(39)
    visitor.locator(".ledger tbody a").first.click()
    expect(visitor.locator(".breadcrumb")).to_contain_text("Projects")


def test_pages_of_funds_have_no_barriers_and_keep_their_place(page, months, sound):
    key = MonthVersion.objects.order_by("-pk").first().projects.first().chain_key

    sound(page, [*ADDRESSES, f"/funds/behind/?indicator=funding&by=chain&key={key}"])


def test_charts_are_seen_in_high_contrast(page, months, axe):
    page.goto("/en/funds/")
    page.get_by_role("button", name="High contrast").click()

    bar = page.locator("svg.drawn .drawn__now").nth(1)
    expect(bar).to_have_css("fill", "rgb(0, 61, 48)")
    expect(page.locator("svg.drawn .drawn__ground").first).to_have_css("fill", "rgb(255, 255, 255)")
    axe(page)
