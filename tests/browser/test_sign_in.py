"""Signing in with a second factor, in a real browser, with and without JavaScript."""

import base64

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.layout import faults
from tests.factories import PASSWORD, UserFactory
from tests.signing_in import code

pytestmark = pytest.mark.usefixtures("database")


def type_password(page, user):
    page.goto("/admin/sources/source/")
    page.get_by_label("用户名").fill(user.username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()


def type_code(page, text):
    page.locator("#id_code").fill(text)
    page.locator("input[type=submit]").click()


def sign_out(page):
    page.locator("#logout-form button").click()


def check(page, axe):
    axe(page)
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        assert faults(page) == []


def test_second_factor_from_setting_up_to_the_recovery_code(open_page, axe, scripted):
    user = UserFactory(permissions=["sources.view_source"])
    page = open_page(DESK, java_script_enabled=scripted)
    type_password(page, user)
    page.goto("/admin/second-factor/set-up/")
    key = base64.b32decode(page.locator("#key").inner_text().replace(" ", "")).hex()
    if scripted:
        check(page, axe)
    type_code(page, code(key))
    recovery = page.locator(".recovery-codes code").first.inner_text()
    if scripted:
        check(page, axe)

    sign_out(page)
    type_password(page, user)
    if scripted:
        check(page, axe)
    type_code(page, code(key, later=30))  # the one before has been used, and a clock may be half a minute off
    expect(page).to_have_url(f"{page.url.partition('/admin')[0]}/admin/sources/source/")

    sign_out(page)
    type_password(page, user)
    type_code(page, recovery.upper())
    expect(page.locator("h1")).to_be_visible()
    assert page.url.endswith("/admin/sources/source/")
