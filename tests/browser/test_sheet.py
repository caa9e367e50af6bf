"""The month's sheet by keyboard alone, with a column from Excel, with two clerks, on a phone, without JavaScript."""

from datetime import date
from decimal import Decimal as D

import pytest
from playwright.sync_api import expect

from monthly.models import FundingRecord, ProgressReport
from tests.browser.conftest import DESK, PHONE
from tests.browser.layout import faults
from tests.factories import AnnualPlanFactory, FundingRecordFactory, IndustryChainFactory, ProjectFactory, UserFactory

SHEET = "/admin/monthly/reportingmonth/2025-05/sheet/"
NAMES = ("储能电站项目", "冷链物流中心项目", "智算中心项目", "乳制品加工项目")


@pytest.fixture
def projects(database):
    """Four projects in the order of their codes, each with 100 in April; emptied for every test."""
    FundingRecord.objects.all().delete()
    ProgressReport.objects.all().delete()
    chain = IndustryChainFactory()
    found = [ProjectFactory(name=name, chain=chain) for name in NAMES]
    for one in found:
        FundingRecordFactory(project=one, month=date(2025, 4, 1), amount=D(100))
    AnnualPlanFactory(project=found[0], value=D(1000))
    yield found
    for one in found:
        for part in (one.funding_records, one.progress_reports, one.annual_plans, one.stage_changes):
            part.all().delete()
        one.delete()


@pytest.fixture
def open_sheet(sign_in):
    def open_sheet(viewport=DESK, last="赵", first="兰", **options):
        page = sign_in(UserFactory(is_superuser=True, last_name=last, first_name=first), viewport, **options)
        page.goto(SHEET + "?o=code")
        return page

    return open_sheet


def cells(page, name):
    return page.locator(f"[data-cell={name}]")


def values(page, name):
    return [cell.input_value() for cell in cells(page, name).all()]


def amounts():
    rows = FundingRecord.objects.filter(month=date(2025, 5, 1)).order_by("project_id")
    return [row.amount for row in rows]


def saved(page):
    return page.locator(".messagelist .success")


def paste(page, text):
    """What Ctrl+V does with this text on the clipboard."""
    page.evaluate(
        """text => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            const event = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
            document.activeElement.dispatchEvent(event);
        }""",
        text,
    )


def test_sheet_is_filled_in_and_saved_by_the_keyboard_alone(open_sheet, projects):
    page = open_sheet()
    cells(page, "month").first.focus()
    press = page.keyboard.press
    page.keyboard.type("110")
    assert values(page, "cumulative")[0] == "210"
    expect(page.locator("tr[data-row]").first.locator("[data-out=completion]")).to_have_text("21.00%")
    press("Enter")
    page.keyboard.type("0")
    press("ArrowDown")
    press("ArrowRight")
    expect(cells(page, "cumulative").nth(2)).to_be_focused()
    page.keyboard.type("195.5")
    assert values(page, "month")[2] == "95.5"
    press("Shift+Enter")
    press("ArrowUp")
    expect(cells(page, "cumulative").first).to_be_focused()
    press("Tab")
    press("Tab")
    page.keyboard.type("封顶")
    expect(cells(page, "site").first).to_have_value("封顶")
    press("Escape")
    expect(cells(page, "site").first).to_have_value("")
    page.keyboard.type("主体封顶")
    expect(page.locator("[data-sum=month]")).to_have_text("205.5")
    press("Control+s")

    expect(saved(page)).to_be_visible()
    assert amounts() == [D(110), D(0), D("95.5")]
    assert ProgressReport.objects.get().site_progress == "主体封顶"


def test_column_from_excel_fills_downwards_and_is_taken_back(open_sheet, projects):
    page = open_sheet()
    cells(page, "month").nth(1).focus()
    paste(page, "1,10.5\r\n90\r\n80\r\n70\r\n60\r\n")
    assert values(page, "month") == ["", "1,10.5", "90", "80"]
    told = page.locator("#sheet-told")
    expect(told).to_contain_text("3")
    expect(cells(page, "month").nth(1)).to_have_attribute("aria-invalid", "true")
    page.keyboard.press("Control+z")
    assert values(page, "month") == values(page, "cumulative") == ["", "", "", ""]

    cells(page, "plan").nth(2).focus()
    paste(page, "500\t50.00%\t基础完工\t缺电\n600\t60.00%\t设备安装\t\n")
    assert values(page, "site") == ["", "", "基础完工", "设备安装"]
    page.keyboard.press("Control+s")
    expect(saved(page)).to_be_visible()
    assert list(ProgressReport.objects.order_by("pk").values_list("problem", flat=True)) == ["缺电", ""]


def test_block_from_excel_falls_where_the_page_shows_it(open_sheet, projects):
    page = open_sheet()
    cells(page, "month").first.focus()
    paste(page, '60\t\t48\t25.00%\t900\t6.67%\t"主体 ""二区""\n封顶"\t缺电\r\n\t170\r\n80\t999\r\n–5\t95\r\n')

    assert values(page, "month") == ["60", "70", "80", "–5"]
    assert values(page, "cumulative") == ["160", "170", "999", "95"]
    assert values(page, "plan") == ["900", "", "", ""]
    assert values(page, "site") == ['主体 "二区" 封顶', "", "", ""]
    assert values(page, "problem") == ["缺电", "", "", ""]
    expect(page.locator("#sheet-told")).to_contain_text("11")
    expect(page.locator("tbody [aria-invalid=true]")).to_have_count(0)
    page.keyboard.press("Control+z")
    assert values(page, "cumulative") == values(page, "site") == ["", "", "", ""]

    cells(page, "plan").nth(1).fill("3200")
    cells(page, "cumulative").nth(1).fill("1.016")  # 0.03175 %: half up, whatever a float makes of it
    expect(page.locator("tr[data-row]").nth(1).locator("[data-out=completion]")).to_have_text("0.03%")
    cells(page, "cumulative").nth(1).fill("0.16")  # 0.005 %
    expect(page.locator("tr[data-row]").nth(1).locator("[data-out=completion]")).to_have_text("0.01%")
    expect(page.locator("tr[data-row]").nth(1).locator("[data-out=ahead]")).to_have_text("-41.66")


def test_who_types_is_not_idle_and_who_was_loses_nothing(sign_in, projects, settings, axe):
    page = sign_in(UserFactory(is_superuser=True, last_name="赵", first_name="兰"))
    page.clock.install()
    page.goto(SHEET + "?o=code")
    asked = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/jsi18n/") else None)
    cells(page, "month").first.fill("110")
    assert asked == []
    page.clock.fast_forward(60_000)
    with page.expect_response("**/jsi18n/") as answered:
        cells(page, "month").first.fill("111")
        cells(page, "plan").first.fill("12")
    assert (len(asked), answered.value.status) == (1, 200)

    settings.IDLE_MINUTES = -1
    cells(page, "month").first.fill("112")
    page.keyboard.press("Control+s")
    row = page.locator(".idle tbody tr")
    expect(row).to_have_count(1)
    expect(row.locator("th")).to_contain_text(projects[0].name)
    assert row.locator("td").all_inner_texts()[:3] == ["112", "212", "12"]
    axe(page)


def test_two_clerks_fill_one_sheet_at_once(open_sheet, projects, axe):
    first, second = open_sheet(last="李", first="明"), open_sheet()
    cells(first, "month").first.fill("112")
    cells(first, "month").nth(1).fill("90")
    first.keyboard.press("Control+s")
    expect(saved(first)).to_be_visible()
    cells(second, "month").first.fill("113")
    cells(second, "month").nth(2).fill("95")
    second.keyboard.press("Control+s")

    told = second.get_by_role("alert")
    expect(told).to_contain_text("李明")
    assert values(second, "month") == ["113", "90", "95", ""]
    assert amounts() == [D(112), D(90)]
    axe(second)
    second.keyboard.press("Control+s")
    expect(saved(second)).to_be_visible()
    assert amounts() == [D(113), D(90), D(95)]


def test_plain_form_does_the_same(open_sheet, projects):
    page = open_sheet(java_script_enabled=False)
    cells(page, "cumulative").first.fill("210")
    cells(page, "month").nth(1).fill("1100")
    page.locator(".submit-row .default").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert amounts() == []
    cells(page, "reason").nth(1).fill("设备款集中到位")
    page.locator(".submit-row .default").click()

    expect(saved(page)).to_be_visible()
    assert amounts() == [D(110), D(1100)]


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_sheet_has_no_barriers_and_nothing_out_of_place(open_sheet, projects, axe, viewport):
    page = open_sheet(viewport)
    axe(page)
    assert faults(page) == []


def test_head_and_names_stay_in_sight(open_sheet, projects):
    page = open_sheet({"width": 1100, "height": 500})
    page.locator(".sheet-scroll").evaluate("pane => pane.scrollTo(pane.scrollWidth, pane.scrollHeight)")
    page.locator(".sheet-scroll").scroll_into_view_if_needed()

    expect(page.locator("thead th").last).to_be_in_viewport()
    expect(page.locator("tr[data-row] th").last).to_be_in_viewport()
