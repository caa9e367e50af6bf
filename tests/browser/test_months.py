"""The pages of a month: nothing bars anybody; locking, correcting and publishing by two people, without JavaScript."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from liangzhou.months import Month
from monthly import locking
from tests.factories import FundingRecordFactory, ProjectFactory, UserFactory

MAY = Month(2025, 5)
PAGE = "/admin/monthly/reportingmonth/2025-05/"


@pytest.fixture
def people(database):
    """An editor and a publisher; projects with long names, two of them filled in May."""
    projects = [
        ProjectFactory(
            name=f"年产{number + 3}万吨现代寒旱特色农产品精深加工及冷链物流仓储配送一体化建设项目(一期)",
            stage="building",
        )
        for number in range(4)
    ]
    for project in projects[:2]:
        FundingRecordFactory(project=project, month=MAY.first, amount=Decimal(123_456))
    return UserFactory(roles=["editor"]), UserFactory(roles=["publisher"]), projects


def test_pages_of_a_month_have_no_barriers_and_keep_their_place(people, sign_in, sound):
    editor, publisher, projects = people
    locking.publish(locking.lock(MAY, by=editor), by=publisher)
    FundingRecordFactory(
        project=projects[0], month=MAY.first, amount=Decimal("-1234.5"), kind="correction", reason="银行回单更正" * 9
    )
    locking.lock(MAY, by=editor, reason="按银行回单更正五月数据" * 5)
    pages = ["", "lock/", "unlock/", "compare/?from=1&to=2", "../", "../add/"]

    sound(sign_in(editor), [PAGE + page for page in pages])
    sound(sign_in(publisher), [PAGE, PAGE + "2/publish/", PAGE + "1/withdraw/"])


def test_month_is_locked_by_one_and_published_by_another(people, sign_in):
    editor, publisher, _projects = people
    earlier, address = Month(2024, 5), PAGE.replace("2025", "2024")  # the tests of a module share their rows
    page = sign_in(editor, java_script_enabled=False)
    page.goto(address + "lock/")
    page.locator("#content-main input[type=submit]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()

    page = sign_in(publisher, java_script_enabled=False)
    page.goto(address)
    page.locator(f"a[href='{address}1/publish/']").click()
    page.locator("#content-main input[type=submit]").click()

    expect(page.locator(".messagelist .success")).to_be_visible()
    assert locking.version_on(earlier, public=True).number == 1
