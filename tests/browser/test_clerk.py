"""A clerk signs in and changes a project; what is wrong is told at the field; who guesses passwords is locked out."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk import save, saved
from tests.browser.public_pages import STORAGE, fact
from tests.factories import PASSWORD, ProjectFactory, UserFactory

pytestmark = pytest.mark.usefixtures("article")


def type_password(page, user, password):
    page.get_by_label("用户名").fill(user.username)
    page.get_by_label("密码").fill(password)
    with page.expect_navigation():
        page.get_by_role("button", name="登录").click()


def test_clerk_signs_in_finds_a_project_and_changes_its_amount(page, clerk):
    page.goto("/admin/")
    type_password(page, clerk, PASSWORD)
    page.locator("#content").get_by_role("link", name="项目", exact=True).click()
    page.get_by_role("textbox", name="关键词").fill("cn")
    page.keyboard.press("Enter")
    expect(page.locator("#result_list tbody th")).to_have_text([STORAGE])

    page.get_by_role("link", name=STORAGE).click()
    page.get_by_role("textbox", name="总投资").fill("13.5亿")
    save(page)
    expect(saved(page)).to_contain_text(STORAGE)

    page.goto("/projects/LZ000001/")
    expect(fact(page, "总投资").locator("dd")).to_have_text("13.5 亿元[2]")
    page.goto("/admin/projects/project/?q=cn")
    page.get_by_role("link", name=STORAGE).click()
    page.get_by_role("link", name="历史").click()
    newest = page.locator(".save").first
    expect(newest.locator("h2")).to_contain_text(f"{clerk.last_name}{clerk.first_name}")
    expect(newest.locator("tbody tr")).to_have_count(1)
    expect(newest.locator("tbody tr > *")).to_have_text(["总投资", "13亿元", "13.5亿元"])


def test_wrong_amount_is_told_at_the_field_and_what_was_typed_is_kept(sign_in, clerk):
    project = ProjectFactory()
    page = sign_in(clerk)
    page.goto(f"/admin/projects/project/{project.pk}/change/")
    page.locator("#id_summary").fill("新写的简介")
    page.locator("#id_total_investment").fill("十三个亿")
    save(page)

    expect(page.locator(".field-total_investment .errorlist")).to_have_text(
        "“十三个亿”不是金额。请写成 13亿、1.31亿元 或 13,100万元。"
    )
    expect(page.locator("#id_total_investment")).to_have_value("十三个亿")
    expect(page.locator("#id_summary")).to_have_value("新写的简介")
    project.refresh_from_db()
    assert (project.total_investment, project.summary) == (130_000, "")


def test_five_wrong_passwords_lock_the_name_with_a_page_that_says_for_how_long(page, axe):
    user = UserFactory()
    page.goto("/admin/login/")
    for _ in range(5):
        type_password(page, user, "wrong")

    expect(page.get_by_role("heading", level=1)).to_have_text("登录已暂时锁定")
    expect(page.locator("main")).to_contain_text("该用户名登录失败次数过多，请 30 分钟后再试。")
    expect(page.get_by_role("navigation", name="主导航")).to_be_visible()
    axe(page)
    page.goto("/admin/login/")
    type_password(page, user, PASSWORD)
    expect(page.locator(".error-status")).to_have_text("429")
