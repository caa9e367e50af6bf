"""A clerk brings a ledger in, sees what it would change, confirms it, and takes it back."""

import pytest
from playwright.sync_api import expect

from ledgers.models import LedgerImport
from projects.models import Project
from tests.browser.conftest import PHONE
from tests.browser.desk import STOCK
from tests.browser.layout import faults
from tests.browser.public_pages import STORAGE
from tests.factories import UserFactory

pytestmark = pytest.mark.usefixtures("article")

NEW = "凉州区冷链物流中心建设项目（一期）"
HEAD = ["凉州区2025年招商引资项目台账", "序号,项目名称,总投资,占地面积,包抓领导,备注"]
ROWS = [f"1,{STORAGE},14亿元,,李区长,", f"2,{NEW},1.2亿,35,王主任,选址已定", "合计,,15.2亿,,,"]
WRONG = "3,特色农产品精深加工项目,十三个亿,很大,张主任,"
ALIKE = "4,年产8600吨乳制品精深加工项目,1.5亿,,李区长,"


@pytest.fixture
def desk(sign_in, scripted):
    """A superuser's page, with and without JavaScript."""
    return sign_in(UserFactory(last_name="王", first_name="文员", is_superuser=True), java_script_enabled=scripted)


@pytest.fixture
def seen(axe, scripted):
    """Looks at the page that is open: no barriers, and everything in its place on a desk and on a phone."""

    def look(page):
        if scripted:  # axe is a script
            axe(page, apart_from=STOCK)
            desk = page.viewport_size
            assert faults(page) == []
            page.set_viewport_size(PHONE)
            assert faults(page) == []
            page.set_viewport_size(desk)

    return look


def bring(page, *rows):
    """Upload a CSV as Excel in China writes it."""
    content = "\r\n".join([*HEAD, *rows]).encode("gb18030")
    page.goto("/admin/ledgers/ledgerimport/add/")
    page.locator("#id_file").set_input_files({"name": "招商台账.csv", "mimeType": "text/csv", "buffer": content})
    with page.expect_navigation():
        page.locator("input.default").click()


def name_columns(page, seen):
    """Say that the one unknown column is left out; a file of the same form is never asked about again."""
    if not page.locator("section select").count():
        return
    asked = page.locator("section select")
    expect(asked).to_have_count(1)
    expect(asked).to_have_accessible_name("包抓领导")
    seen(page)
    asked.select_option("leave")
    page.locator("#id_template_name").fill("商务局台账")
    page.locator(".submit-row .default").click()


def check(page, scripted):
    """With a script the rows are checked by themselves; without, by the button."""
    if not scripted:
        page.locator("#check .default").click()
    expect(page.locator(".ledger-preview")).to_be_visible()


def counts(page):
    return [int(text) for text in page.locator(".tabs strong").all_inner_texts()]


def test_clerk_brings_a_ledger_in_and_takes_it_back(desk, seen, scripted):
    desk.goto("/admin/projects/project/")
    desk.locator(".object-tools a[href$='/ledgerimport/add/']").click()
    seen(desk)
    bring(desk, *ROWS)
    name_columns(desk, seen)
    check(desk, scripted)
    assert counts(desk) == [1, 1, 0, 0, 0, 0, 3]
    expect(desk.locator(".would strong")).to_have_text(["1", "1"])
    expect(desk.locator("article td")).to_have_text(["130000", "140000"])
    seen(desk)

    desk.locator("button[form=confirm]").click()
    expect(desk.locator(".messagelist .success")).to_be_visible()
    assert Project.objects.get(name=NEW).total_investment == 12_000
    assert Project.objects.get(name=STORAGE).total_investment == 140_000
    seen(desk)

    desk.locator("main a[href*='/changebatch/']").click()
    desk.locator("main a[href$='/undo/']").click()
    desk.locator("#id_reason").fill("导错了文件")
    desk.locator("#undo_form .default").click()
    expect(desk.locator(".messagelist .success").first).to_be_visible()
    assert not Project.objects.filter(name=NEW).exists()
    assert Project.objects.get(name=STORAGE).total_investment == 130_000
    desk.goto(f"/admin/ledgers/ledgerimport/{LedgerImport.objects.first().pk}/change/")
    expect(desk.locator("#finished-heading")).to_be_visible()
    assert LedgerImport.objects.first().state == LedgerImport.State.UNDONE
    seen(desk)


def test_wrong_rows_and_look_alikes_wait_for_the_clerk(desk, seen, scripted):
    bring(desk, ROWS[1], WRONG, ALIKE)
    name_columns(desk, seen)
    check(desk, scripted)
    assert counts(desk)[2:5] == [0, 1, 1]
    expect(desk.locator("button[form=confirm]")).to_be_disabled()
    expect(desk.locator("article td").filter(has_text="十三个亿").first).to_be_visible()
    seen(desk)

    desk.locator("#id_leave_out_wrong").check()
    desk.locator(".options button").click()
    expect(desk.locator("button[form=confirm]")).to_be_enabled()
    desk.locator(".tabs a[href^='?outcome=duplicate']").click()
    seen(desk)
    desk.locator("article").get_by_role("radio").nth(2).check()
    desk.locator("#rows .default").click()
    expect(desk.locator(".would strong").first).to_have_text("2")
    expect(desk.locator("article").get_by_role("radio").nth(2)).to_be_checked()

    desk.locator("button[form=discard]").click()
    expect(desk.locator("#finished-heading")).to_be_visible()
    assert LedgerImport.objects.first().state == LedgerImport.State.DISCARDED
    seen(desk)


@pytest.mark.parametrize("scripted", [True])
def test_check_that_was_cut_off_can_be_gone_on_with(sign_in, seen, scripted):
    page = sign_in(UserFactory(is_superuser=True))
    page.route("**/check/", lambda route: route.fulfill(status=204))
    bring(page, *ROWS)
    name_columns(page, seen)
    expect(page.locator("#told")).to_have_text(page.locator("#check").get_attribute("data-stopped"))
    seen(page)

    page.unroute("**/check/")
    page.locator("#check .default").click()
    expect(page.locator(".ledger-preview")).to_be_visible()


@pytest.mark.parametrize("scripted", [True])
def test_lists_of_imports_and_templates_have_no_barriers(sign_in, seen, scripted):
    page = sign_in(UserFactory(is_superuser=True))
    for path in ("ledgerimport/", "ledgerimport/?state__exact=written", "ledgertemplate/"):
        page.goto(f"/admin/ledgers/{path}")
        seen(page)


def test_file_that_is_too_large_is_told_before_it_is_sent(sign_in, tmp_path):
    page = sign_in(UserFactory(is_superuser=True))
    page.goto("/admin/ledgers/ledgerimport/add/")
    large = tmp_path / "台账.csv"
    large.write_bytes(b"0" * (int(page.locator("#id_file").get_attribute("data-largest")) + 1))

    page.locator("#id_file").set_input_files(large)

    told = page.locator("#id_file").evaluate("input => input.validationMessage")
    assert told == page.locator("#id_file").get_attribute("data-too-large")
