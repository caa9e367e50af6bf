"""Fixtures of the browser tests: Chromium, pages as wide as a desk and as a phone, axe."""

import os
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import sync_playwright

from tests.browser import chromium

DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
RESULTS = Path(__file__).parents[2] / "test-results"
FAILED = pytest.StashKey[bool]()

# Playwright's own event loop runs in this thread, so Django would refuse every query of a test.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def browser(request, tmp_path_factory):
    capture = request.config.pluginmanager.getplugin("capturemanager")
    try:
        with capture.global_and_fixture_disabled():
            path = chromium.executable()
    except LookupError as problem:
        pytest.exit(str(problem), returncode=1)
    home = str(tmp_path_factory.mktemp("home"))  # the real one may not be writable
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=chromium.FLAGS, env=os.environ | {"HOME": home, "XDG_CONFIG_HOME": home}
        )
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser, request, live_server):
    """Opens pages of a width: open_page(PHONE, java_script_enabled=False). Fails on what the browser refused."""
    pages, complaints = [], []

    def note(message):
        if "Content Security Policy" in message.text:
            complaints.append(message.text)

    def open_page(viewport=DESK, **options):
        context = browser.new_context(
            base_url=live_server.url, viewport=viewport, locale="zh-CN", timezone_id=settings.TIME_ZONE, **options
        )
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        pages.append(page)
        return page

    yield open_page
    for number, page in enumerate(pages):
        if request.node.stash.get(FAILED, False):
            name = re.sub(r"\W+", "-", request.node.nodeid)
            page.screenshot(path=RESULTS / f"{name}-{number}.png", full_page=True)
        page.context.close()
    assert complaints == []


@pytest.fixture
def page(open_page):
    return open_page(DESK)


@pytest.fixture
def phone(open_page):
    return open_page(PHONE, has_touch=True, is_mobile=True)


@pytest.fixture
def plain_page(open_page):
    """A page without JavaScript."""
    return open_page(DESK, java_script_enabled=False)


@pytest.fixture
def axe():
    """axe(page) fails with each broken rule and the elements that break it.

    best_practice=False asks for WCAG alone: for pages of the stock admin, whose markup is not ours.
    """

    def check(page, best_practice=True):
        found = Axe().run(page).response["violations"]
        broken = [rule for rule in found if best_practice or "best-practice" not in rule["tags"]]
        if broken:
            pytest.fail("\n".join([f"Barriers on {page.url}", *map(_describe, broken)]), pytrace=False)

    return check


def _describe(rule):
    elements = "".join(f"\n    {node['html']}" for node in rule["nodes"])
    return f"{rule['id']} ({rule['impact']}): {rule['help']}{elements}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report
