"""Every cell of the exports of projects and indicators."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine

from liangzhou.columns import export_rows
from liangzhou.models import Qualifier
from liangzhou.money import LARGEST_WAN
from liangzhou.periods import Precision
from projects.columns import indicator_columns, project_columns
from projects.models import Milestone, Project, ProjectParty, ReportedIndicator
from projects.stages import Stage, Status
from tests.answers import body, csv_records, csv_rows, page_of, xlsx_rows
from tests.factories import (
    CitationFactory,
    EnterpriseFactory,
    IndustryChainFactory,
    MeasureFactory,
    MilestoneFactory,
    PlaceFactory,
    ProjectFactory,
    ProjectPartyFactory,
    ReportedIndicatorFactory,
    SourceFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

PROJECT_HEADERS = [
    "编号", "名称", "投资项目统一代码", "所属项目", "企业", "产业链", "阶段", "状态", "地点", "总投资\uff08万元\uff09",
    "总投资限定", "总投资未披露", "占地面积\uff08亩\uff09", "最新节点", "最新节点时间", "最新节点年份", "进展节点",
    "产能及其他指标", "参与方", "简介", "出处原文", "公开时间", "最近更新",
]  # fmt: skip
INDICATOR_HEADERS = [
    "主题", "名称", "数值", "单位", "限定", "同比\uff08%\uff09", "同比限定", "起始月份", "截止月份", "性质", "口径",
    "出处原文", "最近更新",
]  # fmt: skip
FORMULAS = ["=1+1", "+8613800000000", "-2+3", "@SUM(A1)", "\t=1", "＝1+1", " =1"]


def joined(*texts):
    return "\uff1b".join(texts)


def whole_project():
    """A public project of which everything is known, last changed on 3 June 2025 in Beijing."""
    with time_machine.travel(datetime(2025, 6, 2, 20, 30, tzinfo=UTC), tick=False):
        parent = ProjectFactory(code="LZ000100", name="产业园", stage=Stage.SIGNED)
        project = ProjectFactory(
            code="LZ000101", name="储能项目", official_code="2501-620602-04-01-123456", parent=parent,
            stage=Stage.BUILDING, status=Status.PAUSED, status_reason="内部原因", internal_remark="内部备注",
            chain=IndustryChainFactory(name="新能源"), place=PlaceFactory(name="九墩滩"),
            enterprise=EnterpriseFactory(name="华景"), summary="简介。", land_area=Decimal("100.50"),
            total_investment=Decimal("131049.9901"), created_by=UserFactory(username="wang-x"),
        )  # fmt: skip
        MilestoneFactory(project=project)
        MilestoneFactory(
            project=project, kind=Milestone.Kind.SIGNED, actual=date(2024, 12, 8), actual_precision=Precision.DAY,
            planned=date(2024, 1, 1), planned_precision=Precision.YEAR,
        )  # fmt: skip
        MilestoneFactory(
            project=project, kind=Milestone.Kind.PRODUCING, actual=None, actual_precision="",
            planned=date(2026, 5, 1), planned_precision=Precision.MONTH,
        )  # fmt: skip
        MeasureFactory(project=project, name="储能容量", value=Decimal("1200.50"), unit="MWh", position=2)
        MeasureFactory(project=project, name="附加值", value=Decimal(30), unit="%", qualifier=Qualifier.AT_LEAST)
        MeasureFactory(project=project, name="市场", value=None, unit="", text="华东、华南", position=3)
        ProjectPartyFactory(project=project, enterprise=EnterpriseFactory(name="燧原"))
        ProjectPartyFactory(project=project, enterprise=EnterpriseFactory(name="建设公司"),
                            role=ProjectParty.Role.BUILDER)  # fmt: skip
        source = SourceFactory(title="新高地")
        CitationFactory(target=project, quote="总投资13亿元。", source=source, position=2)
        CitationFactory(target=project, quote="项目破土动工。", source=source, position=1)
    return project


CELLS = [
    "LZ000101", "储能项目", "2501-620602-04-01-123456", "LZ000100", "华景", "新能源", "在建", "暂停", "九墩滩",
    "131049.9901", "准确数", "", "100.5", "开工", "2025年5月下旬", "2025",
    joined("签约 2024年12月8日", "开工 2025年5月下旬", "投产 2026年5月\uff08计划\uff09"),
    joined("附加值 30%以上", "储能容量 1200.5 MWh", "市场 华东、华南"),
    joined("燧原 技术合作方", "建设公司 建设单位"), "简介。",
    joined("项目破土动工。\uff08新高地\uff09", "总投资13亿元。\uff08新高地\uff09"),
    "2025-06-03 04:30:00", "2025-06-03 04:30:00",
]  # fmt: skip


def test_csv_of_projects_holds_every_public_column_and_nothing_internal(client):
    whole_project()

    response = client.get("/projects/export.csv?q=LZ000101")

    header, row = csv_rows(response)
    assert header == PROJECT_HEADERS
    assert row == CELLS
    text = body(response).decode()
    assert [word for word in ("内部", "wang-x") if word in text] == []


def test_xlsx_of_projects_holds_the_same_cells(client):
    whole_project()

    header, row = xlsx_rows(client.get("/projects/export.xlsx?q=LZ000101"))

    exported = dict(zip(header, row, strict=True))
    record = csv_records(client.get("/projects/export.csv?q=LZ000101"))[0]
    assert header == PROJECT_HEADERS
    assert {h: exported[h] for h in (PROJECT_HEADERS[9], PROJECT_HEADERS[12], "最新节点年份", "公开时间")} == {
        PROJECT_HEADERS[9]: 131049.9901, PROJECT_HEADERS[12]: 100.5, "最新节点年份": 2025,
        "公开时间": datetime(2025, 6, 3, 4, 30),  # noqa: DTZ001 - a cell has no zone
    }  # fmt: skip
    texts = [h for h in PROJECT_HEADERS if isinstance(exported[h], str)]
    assert len(texts) == 17
    assert {h: exported[h] for h in texts} == {h: record[h] for h in texts}


def test_project_of_which_nothing_is_known_has_empty_cells(client):
    project = Project(name="某项目", stage=Stage.SIGNED, published=True)
    project.save()

    (record,) = csv_records(client.get("/projects/export.csv"))
    filled = {header: cell for header, cell in record.items() if cell}
    assert sorted(filled) == sorted(["编号", "名称", "阶段", "状态", "公开时间", "最近更新"])
    assert xlsx_rows(client.get("/projects/export.xlsx"))[1][2:6] == [None] * 4


def test_undisclosed_amount_is_said_in_words_not_as_a_number(client):
    ProjectFactory(total_investment=None, investment_undisclosed=True)

    (record,) = csv_records(client.get("/projects/export.csv"))
    assert (record[PROJECT_HEADERS[9]], record["总投资未披露"]) == ("", "是")


@pytest.mark.parametrize("amount", ["0.0001", "9999.9999", "10000", "130000", str(LARGEST_WAN), "0"])
def test_amounts_are_plain_numbers_of_wan(client, amount):
    ProjectFactory(total_investment=Decimal(amount))

    assert csv_records(client.get("/projects/export.csv"))[0][PROJECT_HEADERS[9]] == amount
    assert xlsx_rows(client.get("/projects/export.xlsx"))[1][9] == float(amount)


@pytest.mark.parametrize("formula", FORMULAS)
def test_text_that_a_spreadsheet_would_run_is_made_harmless(client, formula):
    ProjectFactory(name=f"{formula}项目", summary=formula)

    (record,) = csv_records(client.get("/projects/export.csv"))
    assert (record["名称"], record["简介"]) == (f"'{formula}项目", f"'{formula}")
    assert xlsx_rows(client.get("/projects/export.xlsx"))[1][1] == f"{formula}项目"


def test_line_breaks_quotes_and_separators_stay_in_their_cell(client):
    summary = '第一行\n第二行,"引号";\r\n第三行'
    ProjectFactory(name="项目,一", summary=summary)

    (record,) = csv_records(client.get("/projects/export.csv"))
    assert (record["名称"], record["简介"]) == ("项目,一", summary)


def test_headers_of_the_english_export_are_english(client):
    ProjectFactory(stage=Stage.BUILDING)

    (record,) = csv_records(client.get("/en/projects/export.csv"))

    assert (record["Total investment (万元)"], record["Stage"]) == ("130000", "building (在建)")


def test_csv_of_indicators_holds_every_public_column(client):
    with time_machine.travel(datetime(2025, 6, 2, 20, 30, tzinfo=UTC), tick=False):
        indicator = ReportedIndicatorFactory(
            name="到位资金", value=Decimal("113.3600"), qualifier=Qualifier.FORECAST, growth=Decimal(35),
            growth_qualifier=Qualifier.AT_LEAST, period_end=date(2025, 6, 1), definition="口径不明。",
        )  # fmt: skip
    CitationFactory(target=indicator, quote="预计完成113.36亿元。", source=SourceFactory(title="新高地"))
    ReportedIndicatorFactory(name="户数", value=Decimal(55), unit="户", growth=None, period_start=None, period_end=None,
                             nature=ReportedIndicator.Nature.STOCK, theme="innovation")  # fmt: skip

    header, first, second = csv_rows(client.get("/indicators/export.csv"))

    assert header == INDICATOR_HEADERS
    assert first == [
        "项目与资金", "到位资金", "113.36", "亿元", "预计", "35", "以上", "2025-01", "2025-06", "期间数",
        "口径不明。", "预计完成113.36亿元。\uff08新高地\uff09", "2025-06-03 04:30:00",
    ]  # fmt: skip
    assert second[:-1] == ["科技创新", "户数", "55", "户", "准确数", "", "", "", "", "时点数", "", ""]
    assert xlsx_rows(client.get("/indicators/export.xlsx"))[2][:4] == ["科技创新", "户数", 55, "户"]


@pytest.mark.parametrize(("make", "path"), [(project_columns, "/projects/"), (indicator_columns, "/indicators/")])
def test_every_column_that_can_be_sorted_by_sorts_both_ways(client, make, path):
    whole_project()
    ProjectFactory(chain=None, place=None, enterprise=None, total_investment=None, land_area=None)
    ReportedIndicatorFactory.create_batch(2)

    for name in [column.name for column in make() if column.sort is not None]:
        for order in (name, f"-{name}"):
            page = page_of(client.get(path, {"o": order}))
            assert page.texts(".notice") == []
            assert len(csv_rows(client.get(f"{path}export.csv", {"o": order}))) == len(page.all("th", scope="row")) + 1


@pytest.mark.parametrize(("model", "make"), [(Project, project_columns), (ReportedIndicator, indicator_columns)])
def test_no_export_reads_an_internal_field(model, make):
    sql = str(export_rows(model.objects.public(), make()).query)

    assert [column.name for column in model._meta.concrete_fields if column.column in sql.split(" FROM ")[0]] != []
    internal = ("remark", "status_reason", "code_reason", "created_by", "updated_by", "version", "search_")
    assert [name for name in internal if name in sql] == []
