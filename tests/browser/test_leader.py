"""The leader's page on a phone: the essentials in the first screen."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from liangzhou.months import Month
from tests.browser.conftest import DESK, PHONE
from tests.browser.layout import faults
from tests.factories import (
    AnnualTargetFactory,
    AssignmentFactory,
    FundingRecordFactory,
    InstructionFactory,
    MilestoneFactory,
    ProgressReportFactory,
    ProjectFactory,
    UserFactory,
)

PAGE = "/admin/monthly/reportingmonth/leader/"


@pytest.fixture
def boss(database):
    """A leader with five red projects with long names, calls for help and open instructions."""
    boss = UserFactory(roles=["leader"])
    last = Month.of(timezone.localdate()).plus(-1)
    for number in range(5):
        project = ProjectFactory(
            name=f"年产{number + 3}万吨现代寒旱特色农产品精深加工及冷链物流建设项目", stage="landed"
        )
        plan = {"planned": date(2024, 5, 1), "planned_precision": "month", "actual": None, "actual_precision": ""}
        MilestoneFactory(project=project, **plan)
        AssignmentFactory(project=project, leader=boss, since=date(2025, 1, 1))
        FundingRecordFactory(project=project, month=last.first, amount=Decimal(12_000))
        FundingRecordFactory(project=project, month=last.last_year.first, amount=Decimal(11_000))
        ProgressReportFactory(
            project=project, month=last.first, problem="用地指标尚未批复", help_needed="请协调用地指标"
        )
        InstructionFactory(project=project, created_by=boss, due=date(2025, 6, 1))
    for indicator in ("funding", "other_provinces"):
        AnnualTargetFactory(year=last.year, indicator=indicator, value=Decimal(400_000))
    return boss


def test_leader_finds_the_essentials_in_the_first_screen_of_a_phone(boss, sign_in, axe):
    phone = sign_in(boss, PHONE, has_touch=True, is_mobile=True)
    phone.goto("/admin/")
    phone.locator(".to-leader a").tap()
    phone.wait_for_url(f"**{PAGE}")

    ends = [phone.locator(part).bounding_box() for part in (".leader-month", ".leader-waiting", ".leader-red")]
    assert [box["y"] + box["height"] <= PHONE["height"] for box in ends] == [True, True, True]
    assert phone.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert phone.locator(".worst li").count() == 3
    axe(phone)
    assert faults(phone) == []

    phone.locator(".worst a").first.tap()
    card = phone.locator(phone.url.partition("#")[2].join(["#", ""]))
    assert 0 <= card.bounding_box()["y"] < PHONE["height"]

    clerk = sign_in(UserFactory(roles=["editor"]))
    clerk.goto("/admin/")
    assert clerk.locator(".desk__list").count() == 2  # late steps, red lights
    axe(clerk)

    desk = sign_in(boss, DESK, java_script_enabled=False)
    desk.goto(PAGE)
    assert desk.locator(".card").count() == 5
