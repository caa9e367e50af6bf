"""A clerk enters what a second newspaper article says; the public reads it, until it is taken back."""

import csv
import io

import pytest
from playwright.sync_api import expect

from enterprises.models import Enterprise
from liangzhou import publishing
from projects.models import Project
from tests.browser.desk import add_part, choose, save, saved
from tests.browser.public_pages import fact
from tests.factories import UserFactory

pytestmark = pytest.mark.usefixtures("article")

TITLE = "凉州区二季度重点项目建设见闻"
COMPANY = "武威凉都冷链物流有限公司"
PROJECT = "凉都农产品冷链物流园项目"
SENTENCE = "凉都农产品冷链物流园项目总投资2.6亿元,占地80亩,5月下旬开工,预计2026年投产,建成后年储运果蔬12万吨。"
CITATIONS = "sources-citation-content_type-object_id"


def enter_source(page):
    page.goto("/admin/sources/source/add/")
    page.locator("#id_title").fill(TITLE)
    page.locator("#id_kind").select_option("article")
    page.locator("#id_publisher").fill("武威日报")
    save(page)
    expect(saved(page)).to_contain_text(TITLE)


def enter_company(page):
    page.goto("/admin/enterprises/enterprise/add/")
    page.locator("#id_name").fill(COMPANY)
    save(page)
    expect(saved(page)).to_contain_text(COMPANY)


def enter_project(page):
    page.goto("/admin/projects/project/add/")
    page.locator("#id_name").fill(PROJECT)
    page.locator("#id_stage").select_option("started")
    page.locator("#id_chain").select_option(label="特色农产品及食品加工")
    choose(page, "id_place", "黄羊", "武威黄羊工业园")
    choose(page, "id_enterprise", "lenglian", COMPANY)
    page.locator("#id_total_investment").fill("2.6亿")
    page.locator("#id_land_area").fill("80")
    page.locator("#id_summary").fill("建设冷库与果蔬分拣线。")
    enter_parts(page)
    save(page)
    let_stage_through(page)
    save(page)
    expect(saved(page)).to_contain_text(PROJECT)


def let_stage_through(page):
    """The article gives neither the date of signing nor the company's credit code."""
    expect(page.locator(".error-summary li")).to_have_count(2)
    page.locator("#id_stage_reason").fill("报道只说5月下旬开工,未说签约日期和企业的统一社会信用代码")
    page.locator("#id_stage_override").check()


def enter_parts(page):
    started = add_part(page, "milestones")
    page.locator(f"#{started}-kind").select_option("started")
    page.locator(f"#{started}-actual").fill("2025年5月下旬")
    producing = add_part(page, "milestones")
    page.locator(f"#{producing}-kind").select_option("producing")
    page.locator(f"#{producing}-planned").fill("2026年")
    measure = add_part(page, "measures")
    page.locator(f"#{measure}-name").fill("年储运果蔬")
    page.locator(f"#{measure}-value").fill("12")
    page.locator(f"#{measure}-unit").fill("万吨")
    party = add_part(page, "parties")
    choose(page, f"{party}-enterprise", "燧原", "燧原科技")
    page.locator(f"#{party}-role").select_option("technology")
    sentence = add_part(page, CITATIONS)
    choose(page, f"{sentence}-source", "见闻", TITLE)
    page.locator(f"#{sentence}-quote").fill(SENTENCE)
    page.locator(f"#{sentence}-supports").fill("名称、总投资、占地面积、开工、年储运果蔬")


def exported(page):
    """The names in the CSV of all projects."""
    text = page.request.get("/projects/export.csv").body().decode("utf-8-sig")
    return [row["名称"] for row in csv.DictReader(io.StringIO(text))]


def publish(clerk):
    """The clerk submits what was entered, and somebody else publishes it."""
    publisher = UserFactory(roles=["publisher"])
    for model in (Enterprise, Project):
        publishing.submit(model.objects.filter(name__in=(COMPANY, PROJECT)), by=clerk)
        publishing.publish(model.objects.filter(name__in=(COMPANY, PROJECT)), by=publisher)


def withdraw(page):
    page.goto("/admin/projects/project/?q=冷链")
    page.get_by_role("row", name=PROJECT).get_by_role("checkbox").check()
    page.locator("select[name=action]").select_option("withdraw")
    page.get_by_role("button", name="执行").click()
    page.locator("#id_withdraw_text").fill("报道有误")
    page.locator("#publishing_many_form [type=submit]").click()
    expect(saved(page)).to_be_visible()


def read_project(page):
    """Find the new project, compare its page with the article; gives its address."""
    page.goto("/projects/?q=冷链")
    page.get_by_role("link", name=PROJECT).click()
    expect(fact(page, "总投资").locator("dd")).to_have_text("2.6 亿元[1]")
    expect(fact(page, "占地面积").locator("dd")).to_have_text("80 亩[1]")
    expect(fact(page, "年储运果蔬").locator("dd")).to_have_text("12 万吨[1]")
    expect(fact(page, "技术合作方").locator("dd")).to_have_text("燧原科技")
    expect(page.locator(".event__date")).to_have_text(["2025年5月下旬", "2026年"])
    expect(page.locator(".citation blockquote")).to_have_text([SENTENCE])
    expect(page.locator(".citation__source").get_by_role("link", name=TITLE)).to_be_visible()
    return page.url


def test_second_article_is_entered_read_and_taken_back(sign_in, clerk, page):
    desk = sign_in(clerk)
    enter_source(desk)
    enter_company(desk)
    enter_project(desk)
    publish(clerk)

    address = read_project(page)
    page.goto("/chains/specialty-food/")
    expect(page.get_by_role("link", name=PROJECT)).to_be_visible()
    assert exported(page).count(PROJECT) == 1
    assert address in page.request.get("/sitemap-projects.xml").text()

    withdraw(desk)
    assert page.goto(address).status == 404
    for everywhere in ("/", "/projects/", "/chains/specialty-food/", "/search/?q=冷链", "/enterprises/", "/feed.atom"):
        assert PROJECT not in page.request.get(everywhere).text(), everywhere
    assert PROJECT not in exported(page)
    assert address not in page.request.get("/sitemap-projects.xml").text()
