"""The site without a mouse: skip link, visible focus, menu, filters, what folds."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.public_pages import DAIRY, listed

pytestmark = pytest.mark.usefixtures("article")

FOCUSED = Path(__file__).with_name("focus.js").read_text(encoding="utf-8")


def walk(page):
    """What gets the focus when Tab is pressed again and again, until it leaves the page."""
    steps = []
    while len(steps) < 150:
        page.keyboard.press("Tab")
        step = page.evaluate(FOCUSED)
        if step is None:
            return steps
        steps.append(step)
    raise AssertionError(f"the focus does not leave the page: {steps[-3:]}")


def walk_back(page, steps):
    """What gets the focus when Shift+Tab is pressed as often."""
    for _ in range(steps):
        page.keyboard.press("Shift+Tab")
        yield page.evaluate(FOCUSED)


def focus_on(page, locator, most=80):
    """Press Tab until something has the focus."""
    for _ in range(most):
        if locator.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {locator}")


@pytest.mark.parametrize("address", ["/", "/projects/?stage=started", "/projects/LZ000001/", "/indicators/"])
def test_focus_is_always_seen(page, address):
    page.set_viewport_size({"width": 1366, "height": 500})
    page.goto(address)

    forth = walk(page)
    back = list(walk_back(page, len(forth)))
    assert [step["words"] for step in reversed(back)] == [step["words"] for step in forth]
    assert [step for step in forth + back if step["hidden"]] == []


def test_skip_link_is_first_and_leads_to_the_content(open_page, scripted):
    page = open_page(java_script_enabled=scripted)
    page.goto("/projects/LZ000001/")
    link = page.get_by_role("link", name="跳到正文")
    expect(link).not_to_be_in_viewport()

    page.keyboard.press("Tab")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("main a").first).to_be_focused()


def test_list_is_filtered_from_the_keyboard(open_page, scripted):
    page = open_page(java_script_enabled=scripted)
    page.goto("/projects/")
    focus_on(page, page.get_by_label("关键词"))
    page.keyboard.type("项目")
    focus_on(page, page.get_by_role("checkbox", name="奶产业"))
    page.keyboard.press("Space")
    page.keyboard.press("Enter")

    expect(listed(page)).to_have_text([DAIRY])
    expect(page.get_by_role("checkbox", name="奶产业")).to_be_checked()


def test_menu_and_tables_unfold_from_the_keyboard(open_page, scripted):
    page = open_page(PHONE, java_script_enabled=scripted)
    page.goto("/")
    focus_on(page, page.locator(".menu-toggle > summary"))
    page.keyboard.press("Enter")
    focus_on(page, page.get_by_role("navigation", name="主导航").get_by_role("link", name="首页"))

    table = page.locator(".chart table").first
    expect(table).to_be_hidden()
    focus_on(page, page.locator(".chart summary").first)
    page.keyboard.press("Space")
    expect(table).to_be_visible()
