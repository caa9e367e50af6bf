"""The site on a phone: menu, filters, cards, sorting; with and without script."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.public_pages import COMPUTING, DAIRY, FOOD, STORAGE, listed

pytestmark = pytest.mark.usefixtures("article")


@pytest.fixture
def visitor(open_page, scripted):
    return open_page(PHONE, has_touch=True, is_mobile=True, java_script_enabled=scripted)


def test_menu_unfolds_and_leads_on(visitor):
    visitor.goto("/")
    menu = visitor.get_by_role("navigation", name="主导航")
    expect(menu).to_be_hidden()

    visitor.get_by_text("菜单", exact=True).tap()
    expect(visitor.get_by_role("searchbox", name="全站搜索")).to_be_visible()
    menu.get_by_role("link", name="项目").tap()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("项目")
    expect(menu).to_be_hidden()


def test_filters_unfold_and_narrow_the_list(visitor):
    visitor.goto("/projects/")
    filters = visitor.get_by_role("form", name="筛选条件")
    expect(filters).to_be_hidden()

    visitor.get_by_text("筛选", exact=True).first.tap()
    filters.get_by_label("奶产业").tap()
    filters.get_by_role("button", name="筛选").tap()
    expect(listed(visitor)).to_have_text([DAIRY])
    expect(filters).to_be_hidden()
    expect(visitor.locator(".filter-toggle > summary")).to_have_text("筛选（1）")

    visitor.get_by_role("link", name="去掉条件 产业链：奶产业").tap()
    visitor.get_by_text("排序", exact=True).tap()
    visitor.get_by_role("link", name="总投资 降序").tap()
    expect(listed(visitor)).to_have_text([STORAGE, DAIRY, COMPUTING, FOOD])


def test_card_shows_name_then_stage_and_amount_then_the_rest(visitor):
    visitor.goto("/projects/?q=储能")

    card = visitor.locator(".ledger tbody tr")
    words = (STORAGE, "开工", "13 亿元", "九墩滩光伏治沙示范园区")
    name, stage, amount, place = (card.get_by_text(text, exact=True).first.bounding_box() for text in words)
    assert name["y"] + name["height"] <= min(stage["y"], amount["y"])
    assert stage["x"] < amount["x"]
    assert abs((stage["y"] + stage["height"] / 2) - (amount["y"] + amount["height"] / 2)) < 8
    assert max(stage["y"] + stage["height"], amount["y"] + amount["height"]) <= place["y"] + 1
