"""Two clerks change one project at a time: the second is told who changed what, loses nothing, and can save."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk import STOCK, save, saved
from tests.browser.layout import faults
from tests.factories import MilestoneFactory, ProjectFactory, UserFactory


@pytest.fixture
def project(database):
    return MilestoneFactory(project=ProjectFactory(summary="原来的简介"), note="原来的备注").project


def expect_told(page):
    """What the second clerk sees: who changed what, the first clerk's values, and everything typed."""
    told = page.get_by_role("alert")
    expect(told).to_contain_text("李明")
    expect(told.locator("tbody tr").filter(has_text="总投资")).to_contain_text("14亿元")
    expect(told.locator("tbody tr").filter(has_text="占地面积")).to_contain_text("120")
    expect(told.locator("tbody tr").filter(has_text="李明写的备注")).to_have_count(1)
    expect(page.locator("#id_total_investment")).to_have_value("15亿")
    expect(page.locator("#id_summary")).to_have_value("赵兰写的简介")
    expect(page.locator("#id_land_area")).to_have_value("120")
    expect(page.locator("#id_milestones-0-note")).to_have_value("李明写的备注")


def test_second_clerk_is_told_keeps_what_was_typed_and_saves(sign_in, axe, project):
    first = sign_in(UserFactory(last_name="李", first_name="明", is_superuser=True))
    second = sign_in(UserFactory(last_name="赵", first_name="兰", is_superuser=True))
    for page in (first, second):
        page.goto(f"/admin/projects/project/{project.pk}/change/")
    first.locator("#id_total_investment").fill("14亿")
    first.locator("#id_land_area").fill("120")
    first.locator("#id_milestones-0-note").fill("李明写的备注")
    save(first)
    expect(saved(first)).to_be_visible()

    second.locator("#id_total_investment").fill("15亿")
    second.locator("#id_summary").fill("赵兰写的简介")
    save(second)
    expect_told(second)
    project.refresh_from_db()
    assert (project.total_investment, project.summary) == (140_000, "原来的简介")
    axe(second, apart_from=STOCK)
    assert faults(second) == []

    save(second)
    expect(saved(second)).to_be_visible()
    project.refresh_from_db()
    assert (project.total_investment, project.land_area, project.summary) == (150_000, 120, "赵兰写的简介")
    assert project.milestones.get().note == "李明写的备注"
