"""Every kind of public page: nothing bars anybody, nothing is out of place on a desk or on a phone."""

import pytest

from tests.browser.public_pages import PAGES

pytestmark = pytest.mark.usefixtures("article")


def test_pages_have_no_barriers_and_keep_their_place(page, sound):
    sound(page, PAGES.values())
