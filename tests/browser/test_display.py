"""English and back, large type, high contrast: by links and a form that work without script."""

import pytest
from playwright.sync_api import expect

from tests.browser.public_pages import STORAGE, encoded, listed

pytestmark = pytest.mark.usefixtures("article")


@pytest.fixture
def visitor(open_page, scripted):
    return open_page(java_script_enabled=scripted)


def test_english_and_back_keep_page_and_query(visitor):
    visitor.goto("/projects/?q=储能&stage=started&o=name")

    visitor.get_by_role("link", name="English").click()
    expect(visitor).to_have_url(encoded("/en/projects/?q=储能&stage=started&o=name"))
    expect(visitor.locator("html")).to_have_attribute("lang", "en")
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Projects")
    expect(listed(visitor)).to_have_text([STORAGE])
    visitor.get_by_role("link", name="Remove the filter Search words: 储能").click()
    expect(visitor).to_have_url(encoded("/en/projects/?stage=started&o=name"))

    visitor.get_by_role("link", name="中文").click()
    expect(visitor).to_have_url(encoded("/projects/?stage=started&o=name"))
    expect(visitor.get_by_role("heading", level=1)).to_have_text("项目")


def test_large_type_and_contrast_are_kept_until_switched_off(visitor):
    visitor.goto("/projects/?q=储能")
    html, large, contrast = (
        visitor.locator("html"),
        visitor.get_by_role("button", name="大字"),
        visitor.get_by_role("button", name="高对比度"),
    )
    expect(html).to_have_css("font-size", "16px")

    large.click()
    expect(visitor).to_have_url(encoded("/projects/?q=储能"))
    expect(html).to_have_css("font-size", "20px")
    expect(large).to_have_attribute("aria-pressed", "true")
    contrast.click()
    expect(contrast).to_have_attribute("aria-pressed", "true")
    visitor.get_by_role("navigation", name="主导航").get_by_role("link", name="企业").click()
    expect(html).to_have_css("font-size", "20px")
    expect(visitor.locator(".site-header")).to_have_css("background-color", "rgb(0, 37, 29)")

    large.click()
    expect(html).to_have_css("font-size", "16px")
    expect(contrast).to_have_attribute("aria-pressed", "true")
    contrast.click()
    expect(html).to_have_attribute("class", "")


@pytest.mark.parametrize("where", ["/", "/projects/?stage=wrong", "/projects/LZ000001/"])
def test_high_contrast_and_large_type_have_no_barriers(page, axe, where):
    page.goto(where)
    page.get_by_role("button", name="高对比度").click()
    page.get_by_role("button", name="大字").click()

    axe(page)
