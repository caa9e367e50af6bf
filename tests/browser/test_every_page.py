"""Every kind of public page: nothing bars anybody, nothing is out of place on a desk or on a phone."""

import pytest

from tests.browser.conftest import PHONE
from tests.browser.layout import faults
from tests.browser.public_pages import PAGES

pytestmark = pytest.mark.usefixtures("article")


@pytest.mark.parametrize("name", PAGES)
def test_page_has_no_barriers_and_keeps_its_place(page, axe, name):
    page.goto(PAGES[name])
    axe(page)
    assert faults(page) == []

    page.set_viewport_size(PHONE)
    assert faults(page) == []
