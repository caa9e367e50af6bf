"""The staff page of a month's figures, and the projects behind a number: desk, phone, paper."""

from datetime import date
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from projects.stages import Stage
from tests.factories import (
    AnnualTargetFactory,
    FundingRecordFactory,
    IndustryChainFactory,
    MilestoneFactory,
    ProjectFactory,
    UserFactory,
)

FIGURES = "/admin/monthly/reportingmonth/2025-05/figures/"
ROWS = "/admin/monthly/reportingmonth/2025-05/rows/"


@pytest.fixture(scope="module")
def figures(database):
    """Projects with long names in chains with long names, ahead of and behind their targets."""
    for number, name in enumerate(("特色农产品及食品加工产业链", "新能源及装备制造产业链"), start=1):
        chain = IndustryChainFactory(name=name)
        AnnualTargetFactory(chain=chain, value=Decimal(30_000))
        for part in range(2):
            project = ProjectFactory(
                name=f"年产{number + part}万吨现代寒旱特色农产品精深加工及冷链物流建设项目",
                chain=chain,
                stage=Stage.BUILDING,
            )
            MilestoneFactory(project=project, kind="signed", actual=date(2025, 1, 5), actual_precision="day")
            FundingRecordFactory(project=project, amount=Decimal(12_345) * number)
            FundingRecordFactory(project=project, amount=Decimal(9_876), month=date(2024, 5, 1))


def test_figures_open_to_their_rows_and_bar_nobody(figures, sign_in, sound):
    page = sign_in(UserFactory(roles=["leader"]))
    sound(page, [FIGURES, f"{ROWS}?of=ytd", f"{ROWS}?light=red"])

    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(FIGURES)
    page.get_by_role("link", name="49,380.00").first.click()
    expect(page.locator(".figures-projects th[scope=row]")).to_have_count(2)
    page.locator(".figures-records summary").first.click()
    expect(page.locator(".figures-records li").first).to_be_visible()


def test_figures_are_asked_for_and_printed_without_javascript(figures, sign_in):
    page = sign_in(UserFactory(roles=["leader"]), java_script_enabled=False)
    page.goto(FIGURES)
    page.locator("#choose-by").select_option("place")
    page.locator("#choose-measure").select_option("ytd")
    page.locator(".figures-chooser button").click()
    expect(page.locator("#choose-by")).to_have_value("place")
    expect(page.locator(".figures-table").first.locator("tbody tr")).to_have_count(4)

    page.emulate_media(media="print")
    for needless in (".figures-chooser", ".figures-files", ".breadcrumbs"):
        assert [one for one in page.locator(needless).all() if one.is_visible()] == [], needless
    expect(page.locator(".figures-table").first).to_be_visible()
