"""The site on paper."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.layout import faults

pytestmark = pytest.mark.usefixtures("article")

A4 = {"width": 688, "height": 1000}  # the printed width of 182 mm in CSS pixels


@pytest.mark.parametrize("address", ["/", "/projects/", "/projects/LZ000001/", "/indicators/"])
def test_page_prints_what_is_read_and_nothing_else(page, address):
    page.goto(address)
    paper = page.pdf(format="A4")
    assert paper.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) >= 1

    page.set_viewport_size(A4)
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".brand__name")).to_be_visible()
    for needless in (".site-nav", ".site-search", ".site-display", ".breadcrumb", ".filters", ".toggle", ".skip-link"):
        assert [element for element in page.locator(needless).all() if element.is_visible()] == [], needless
    assert faults(page) == []


def test_list_prints_its_heads_and_what_it_was_asked(page):
    page.goto("/projects/?q=储能")
    page.emulate_media(media="print")

    expect(page.get_by_role("columnheader", name="总投资")).to_be_visible()
    expect(page.locator(".chip")).to_be_visible()
    expect(page.locator(".toolbar__summary")).to_be_visible()
