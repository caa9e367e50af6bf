"""A visitor reads figures, finds a project, checks its sentences, takes the list away; with and without script."""

import csv
import io

import pytest
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.browser.public_pages import COMPUTING, DAIRY, FOOD, STORAGE, chips, fact, listed

pytestmark = pytest.mark.usefixtures("article")


@pytest.fixture
def visitor(open_page, scripted):
    return open_page(java_script_enabled=scripted)


def test_headline_figures_stand_with_period_qualifier_and_sentence(visitor):
    visitor.goto("/")

    said = [figure.inner_text().replace(" ", " ").split("\n") for figure in visitor.locator(".figure").all()]
    assert [[line for line in figure if line] for figure in said] == [
        ["实施招商引资项目", "421 项", "2025年1—5月", "出处原文"],
        ["实施招商引资项目总投资", "352.04 亿元", "2025年1—5月", "出处原文"],
        ["省外到位资金", "88.57 亿元", "同比 +38.01%", "2025年1—5月", "出处原文"],
        ["到位资金", "113.36 亿元 预计", "同比 +35%以上", "2025年上半年", "出处原文"],
    ]
    sentence = visitor.get_by_text("上半年,预计完成到位资金113.36亿元,同比增长35%以上。").last
    expect(sentence).to_be_hidden()
    visitor.locator(".figure summary").last.click()
    expect(sentence).to_be_visible()


def test_list_is_searched_filtered_and_sorted(visitor):
    visitor.goto("/")
    visitor.get_by_role("navigation", name="主导航").get_by_role("link", name="项目").click()
    expect(listed(visitor)).to_have_text([COMPUTING, FOOD, DAIRY, STORAGE])

    visitor.get_by_role("columnheader", name="总投资").get_by_role("link").click()
    expect(listed(visitor)).to_have_text([STORAGE, DAIRY, COMPUTING, FOOD])
    expect(visitor.get_by_role("columnheader", name="总投资")).to_have_attribute("aria-sort", "descending")

    filters = visitor.get_by_role("form", name="筛选条件")
    filters.get_by_label("关键词").fill("储能")
    filters.get_by_label("新能源及装备制造").check()
    filters.get_by_label("总投资不低于").fill("1亿")
    filters.get_by_role("button", name="筛选").click()
    expect(listed(visitor)).to_have_text([STORAGE])
    expect(chips(visitor)).to_have_text(["关键词：储能", "产业链：新能源及装备制造", "总投资不低于：1 亿元"])
    expect(visitor.locator(".toolbar__summary")).to_have_text("1 项 · 总投资 13 亿元")

    visitor.get_by_role("link", name="去掉条件 关键词：储能").click()
    expect(chips(visitor)).to_have_text(["产业链：新能源及装备制造", "总投资不低于：1 亿元"])
    visitor.get_by_role("link", name="去掉条件 产业链：新能源及装备制造").click()
    expect(listed(visitor)).to_have_text([STORAGE, DAIRY])
    visitor.get_by_role("columnheader", name="总投资").get_by_role("link").click()
    expect(listed(visitor)).to_have_text([DAIRY, STORAGE])
    visitor.get_by_role("link", name="全部清除").last.click()
    expect(listed(visitor)).to_have_count(4)


def test_wrong_amount_is_told_at_the_filter_and_kept(visitor):
    visitor.goto("/projects/?investment_min=很多")

    box = visitor.get_by_label("总投资不低于")
    expect(box).to_have_value("很多")
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(box).to_have_accessible_description(
        "如 1亿、5000万；不写单位按万元。 “很多”不是金额。请写成 13亿、1.31亿元 或 13,100万元。"
    )
    expect(listed(visitor)).to_have_count(4)


def test_no_result_offers_a_way_on(visitor):
    visitor.goto("/projects/?q=储能&chain=dairy")
    expect(listed(visitor)).to_have_text([])
    expect(visitor.locator(".filter-group:not(:has(input))")).to_have_count(0)

    visitor.locator(".empty").get_by_role("link", name="奶产业").click()
    expect(listed(visitor)).to_have_text([STORAGE])


def test_project_is_read_with_its_sentences_company_and_chain(visitor):
    visitor.goto("/projects/?q=储能")
    visitor.get_by_role("link", name=STORAGE).click()

    expect(visitor.get_by_role("heading", level=1)).to_have_text(STORAGE)
    expect(fact(visitor, "总投资").locator("dd")).to_have_text("13 亿元[2]")
    expect(fact(visitor, "占地面积").locator("dd")).to_have_text("100 亩[2]")
    expect(fact(visitor, "储能容量").locator("dd")).to_have_text("1200 MWh[1]")
    expect(fact(visitor, "投资项目统一代码").locator("dd")).to_have_text("—不详")
    expect(visitor.locator(".event")).to_have_text(["2025年5月下旬 开工[1] 已实现"], use_inner_text=False)
    expect(visitor.locator(".step--current")).to_contain_text("开工")

    fact(visitor, "总投资").get_by_role("link", name="出处 2").click()
    expect(visitor).to_have_url("/projects/LZ000001/#source-2")
    sentence = visitor.locator(".citation:target")
    expect(sentence).to_be_in_viewport()
    expect(sentence.locator("blockquote")).to_have_text(
        "项目位于凉州区九墩滩光伏治沙示范园区,总投资13亿元,占地面积100亩。"
    )

    fact(visitor, "企业").get_by_role("link").first.click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("武威华景领航电力有限公司")
    visitor.get_by_role("link", name=STORAGE).click()
    fact(visitor, "产业链").get_by_role("link").first.click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("新能源及装备制造")
    expect(visitor.get_by_role("link", name="1 项 · 总投资 13 亿元")).to_be_visible()


def download(page, name):
    """(file name, bytes) of what a link of the list gives."""
    with page.expect_download() as waiting:
        page.locator(".toolbar").get_by_role("link", name=name).click()
    return waiting.value.suggested_filename, waiting.value.path().read_bytes()


def test_filtered_list_is_taken_away_as_csv_and_excel(visitor):
    visitor.goto("/projects/?investment_min=1亿&o=investment")
    shown = listed(visitor).all_inner_texts()
    assert shown == [DAIRY, STORAGE]
    today = timezone.localdate()

    name, content = download(visitor, "CSV")
    assert name == f"项目_{today}.csv"
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert content[:3] == b"\xef\xbb\xbf"
    assert [row["名称"] for row in rows] == shown
    assert [row["总投资（万元）"] for row in rows] == ["13100", "130000"]

    name, content = download(visitor, "Excel")
    assert name == f"项目_{today}.xlsx"
    head, *body = load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
    assert [dict(zip(head, row, strict=True))["名称"] for row in body] == shown
    assert [dict(zip(head, row, strict=True))["总投资（万元）"] for row in body] == [13100, 130000]


def test_whole_site_is_searched(visitor):
    visitor.goto("/")
    visitor.get_by_role("searchbox", name="全站搜索").fill("储能")
    visitor.get_by_role("button", name="搜索").click()

    expect(visitor.locator("main .section h2")).to_have_text(["项目 (1)", "企业 (1)", "产业链 (1)", "地点 (1)"])
    visitor.get_by_role("link", name=STORAGE).click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text(STORAGE)


@pytest.mark.parametrize(
    ("address", "says"), [("/projects/LZ999999/", "页面不存在"), ("/en/nothing/", "There is no such page")]
)
def test_missing_page_looks_like_the_site_and_leads_on(page, address, says):
    assert page.goto(address).status == 404

    expect(page.get_by_role("heading", level=1)).to_have_text(says)
    expect(page.locator(".site-header")).to_have_css("background-color", "rgb(10, 74, 60)")
    expect(page.locator(".site-footer")).to_be_visible()
    page.locator("main").get_by_role("link").first.click()
    expect(page).to_have_url("/" if address.startswith("/projects") else "/en/")
