"""Fixtures of the browser tests: the site with its data, Chromium, pages as wide as a desk and as a phone, axe."""

import os
import re
from io import StringIO
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import connections
from django.test import Client
from playwright.sync_api import expect, sync_playwright

from tests import migrated
from tests.browser import chromium
from tests.browser.complaints import Complaints
from tests.browser.layout import faults
from tests.factories import UserFactory

DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
RESULTS = Path(__file__).parents[2] / "test-results"
FAILED = pytest.StashKey[bool]()

# Playwright's own event loop runs in this thread, so Django would refuse every query of a test.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
expect.set_options(timeout=15_000)  # milliseconds; a busy machine must not fail a test


@pytest.fixture(autouse=True)
def _live_server_helper():
    """In place of pytest-django's own, which empties the database after every test; `database` does, per module."""


@pytest.fixture(scope="module")
def database(django_db_setup, django_db_blocker):
    """Open to the tests of a module and to the live server; emptied after the module."""
    with django_db_blocker.unblock():
        migrated.write_rows()  # gone since the module before
        yield
        call_command("flush", verbosity=0, interactive=False)
        connections.close_all()  # PostgreSQL drops no database while one is open


@pytest.fixture(scope="module")
def article(database):
    """The article's records. The tests of a module share them: change only what no other test reads."""
    call_command("load_article", stdout=StringIO())


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
def open_page(browser, request, live_server, database):
    """Opens a page in a browser of its own: open_page(PHONE, java_script_enabled=False).

    The test fails on any error in the console, anything the Content Security Policy refused,
    anything asked of another host, and any 5xx.
    """
    pages, complaints = [], Complaints(live_server.url)

    def open_page(viewport=DESK, **options):
        context = browser.new_context(
            base_url=live_server.url, viewport=viewport, locale="zh-CN", timezone_id=settings.TIME_ZONE, **options
        )
        page = context.new_page()
        complaints.listen(page)
        pages.append(page)
        return page

    yield open_page
    for number, page in enumerate(pages):
        if request.node.stash.get(FAILED, False):
            name = re.sub(r"\W+", "-", request.node.nodeid)
            page.screenshot(path=RESULTS / f"{name}-{number}.png", full_page=True)
        page.context.close()
    assert complaints.told() == []


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


@pytest.fixture(params=[True, False], ids=["with-javascript", "without-javascript"])
def scripted(request):
    """Whether the browser runs JavaScript: a test that asks for this runs with and without."""
    return request.param


@pytest.fixture
def clerk(database):
    """Somebody who may edit every record."""
    clerk = UserFactory()
    records = Permission.objects.filter(content_type__app_label__in=["projects", "enterprises", "sources"])
    clerk.user_permissions.set(records)
    return clerk


@pytest.fixture
def sign_in(open_page, live_server):
    """sign_in(user) opens a page of a browser in which that user has signed in already."""

    def sign_in(user, viewport=DESK, **options):
        client = Client()
        client.force_login(user)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        page = open_page(viewport, **options)
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        return page

    return sign_in


@pytest.fixture
def axe():
    """axe(page) fails with each broken rule and the elements that break it.

    `apart_from` lets elements off a rule, {rule: how their HTML begins}: only with the reason beside it.
    """

    def check(page, apart_from=None):
        page.wait_for_load_state("load")
        # What axe would preload makes the page ask for files and styles that its own policy refuses.
        found = Axe().run(page, options={"preload": False, "resultTypes": ["violations"]}).response["violations"]
        for rule in found:
            pardon = (apart_from or {}).get(rule["id"])
            rule["nodes"] = [node for node in rule["nodes"] if not (pardon and node["html"].startswith(pardon))]
        broken = [rule for rule in found if rule["nodes"]]
        if broken:
            pytest.fail("\n".join([f"Barriers on {page.url}", *map(_describe, broken)]), pytrace=False)

    return check


@pytest.fixture
def sound(axe):
    """sound(page, addresses) goes to each: nothing bars anybody, nothing is out of place on a desk or on a phone."""

    def check(page, addresses, apart_from=None):
        found = {}
        for address in addresses:
            page.set_viewport_size(DESK)
            page.goto(address)
            axe(page, apart_from)
            wrong = faults(page)
            page.set_viewport_size(PHONE)
            found[address] = wrong + faults(page)
        assert {address: wrong for address, wrong in found.items() if wrong} == {}

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
