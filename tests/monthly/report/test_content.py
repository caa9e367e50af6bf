"""What the report says, whatever it is written as."""

from datetime import UTC, datetime
from decimal import Decimal as D

import pytest
from django.utils import translation

from liangzhou import demo
from liangzhou.months import Month
from monthly.books import FrozenBooks, LiveBooks
from monthly.report import content
from monthly.report.structure import Chart, Table, shown
from tests.factories import (
    FundingRecordFactory,
    MonthVersionFactory,
    ProgressReportFactory,
    ProjectFactory,
    SnapshotFundingFactory,
)
from tests.monthly.report.locked_month import locked, may_2025, project

pytestmark = pytest.mark.django_db


def tables(report):
    return {block.caption: block for one in report.sections for block in one.blocks if isinstance(block, Table)}


def printed(table):
    return [[shown(value, one.kind) for value, one in zip(row, table.columns, strict=True)] for row in table.rows]


def sentences(report):
    return [block for one in report.sections for block in one.blocks if isinstance(block, str)]


def test_a_report_says_what_it_is_of_and_as_of_when():
    report = content.build(may_2025())

    assert report.title == "凉州区招商引资月报"
    assert (report.period, report.edition, report.warnings, report.watermark) == ("2025年1—5月", "第1版", (), "")
    assert report.as_of == "数据截至2025年5月31日\uff0c2025-06-05 10:00锁定为第1版。"
    assert report.footer == "内部资料 · 凉州区招商引资月报 · 2025年1—5月 · 第1版"
    assert report.file_name == "凉州区招商引资月报_2025年5月_第1版"


def test_a_report_has_every_part():
    report = content.build(may_2025())

    assert [section.heading for section in report.sections] == [
        "一、总体情况",
        "二、分产业链情况",
        "三、分资金来源情况",
        "四、分属地和责任单位情况",
        "五、签约项目履约情况",
        "六、本月新签约、新开工、新投产项目",
        "七、排名",
        "八、预警项目",
        "九、存在问题和需要协调的事项",
        "十、下月工作安排",
        "十一、指标口径、数据时点和修订",
        "附件 项目明细表",
    ]


def test_the_paragraph_and_the_key_figures_are_those_of_the_snapshot():
    report = content.build(may_2025())

    assert sentences(report)[0].startswith(
        "2025年1月至5月\uff0c凉州区共实施招商引资项目2项\uff0c总投资14.31亿元\uff0c"
        "累计完成省外到位资金88.57亿元\uff0c同比增长38.01%。"
    )
    assert printed(tables(report)["主要指标"]) == [
        ["到位资金合计", "886,000.00", "886,000.00", "641,766.54", "+38.06", "2,000,000.00", "44.30", "+2.63"],
        ["其中省外", "885,700.00", "885,700.00", "641,766.54", "+38.01", "2,000,000.00", "44.29", "+2.62"],
        ["其中市外省内", "—", "—", "—", "—", "—", "—", "—"],
        ["其中市内区外", "—", "—", "—", "—", "—", "—", "—"],
        ["其中境外", "300.00", "300.00", "—", "—", "—", "—", "—"],
        ["固定资产投资", "5,000.00", "5,000.00", "—", "—", "—", "—", "—"],
    ]


def test_groups_ranks_lights_and_texts_are_told():
    found = tables(content.build(may_2025()))

    assert [row[:3] for row in printed(found["分产业链到位资金"])] == [
        ["新能源及装备制造", "885,000.00", "885,000.00"],
        ["奶产业", "1,000.00", "1,000.00"],
    ]
    assert printed(found["产业链按年度任务完成率排名"]) == [
        ["1", "新能源及装备制造", "885,000.00", "1,500,000.00", "59.00", "+17.33", "+37.90", "1"]
    ]
    assert "奶产业" in found["产业链按年度任务完成率排名"].note
    name = "300MW/1200MWh独立储能电站项目"
    assert printed(found["红灯项目"]) == [
        ["1", name, "九墩滩光伏治沙示范园区", "在建", "资金落后序时进度31.67个百分点。"]
    ]
    assert printed(found["存在问题和需要协调的事项"]) == [
        ["1", name, "九墩滩光伏治沙示范园区", "用地指标不足", "请区自然资源局协调"]
    ]
    assert printed(found["下月工作安排"]) == [["1", name, "九墩滩光伏治沙示范园区", "主体封顶", "设备安装"]]
    assert [row[1:2] + row[-1:] for row in printed(found["本月新签约项目"])] == [[name, "2025年5月"]]


def test_every_project_of_the_snapshot_is_named_also_one_that_only_has_amounts():
    books = may_2025()
    other = project(books.version, "尚在洽谈项目", "900", implemented=False, stage="negotiating")
    SnapshotFundingFactory(project=other, amount=D(5))

    section = content.build(books).sections[-1]

    assert [row[1] for row in section.blocks[0].rows] == [
        "300MW/1200MWh独立储能电站项目",
        "=年产8600吨系列乳制品精深加工项目",
        "尚在洽谈项目",
    ]
    assert section.blocks[0].note.endswith("末1项有到位资金但截至本月未列入实施项目\uff0c不计入项目个数和总投资。")


def test_a_month_of_nothing_is_a_report_too():
    report = content.build(FrozenBooks(locked()))

    assert sentences(report)[0].startswith("2025年1月至5月\uff0c凉州区尚无实施的招商引资项目")
    assert not [block for one in report.sections for block in one.blocks if isinstance(block, Chart)]
    assert report.sections[-1].blocks == ("没有实施的招商引资项目。",)


def test_what_was_revised_is_told_with_its_reason():
    books = may_2025()
    again = MonthVersionFactory(
        reporting_month=books.version.reporting_month,
        number=2,
        reason="补报境外资金",
        locked_at=datetime(2025, 7, 1, tzinfo=UTC),
    )

    assert sentences(content.build(books))[-1] == "本月数据没有修订。"
    assert sentences(content.build(FrozenBooks(again)))[-2] == (
        "第2版\uff082025年7月1日锁定\uff09\uff1a累计到位资金由88.6亿元修订为暂无。修订原因\uff1a补报境外资金"
    )


def test_a_draft_is_marked_and_has_the_live_texts():
    row = FundingRecordFactory(project=ProjectFactory(name="储能项目"), amount=D(1200))
    ProgressReportFactory(project=row.project, next_step="并网")

    report = content.build(LiveBooks(Month(2025, 5)))

    assert (report.edition, report.watermark) == ("草稿", "草稿")
    assert report.warnings == ("草稿\uff1a本月尚未锁定\uff0c数据可能变动\uff0c不得引用。",)
    assert report.file_name.endswith("_草稿")
    assert [row[1] for row in tables(report)["下月工作安排"].rows] == ["储能项目"]


def test_invented_records_are_marked(monkeypatch):
    monkeypatch.setattr(demo, "_known", {"is_demo": True, "at": float("inf")})

    report = content.build(FrozenBooks(locked()))

    assert report.warnings == ("演示数据\uff0c非真实记录",)


def test_the_report_is_chinese_whoever_asks():
    with translation.override("en"):
        report = content.build(may_2025())

    assert report.period == "2025年1—5月"


def test_more_projects_take_no_more_queries(django_assert_num_queries, django_assert_max_num_queries):
    books = may_2025()
    with django_assert_max_num_queries(80) as asked:
        content.build(FrozenBooks(books.version))
    number = len(asked)
    for index in range(20):
        project(books.version, f"项目{index}")

    with django_assert_num_queries(number):
        content.build(FrozenBooks(books.version))


def test_no_control_character_is_in_any_part_of_a_report():
    report = content.build(may_2025(name="储能\x0b电站\x1f项目"))

    assert ("\\x0b" in repr(report), "\\x1f" in repr(report), "储能电站项目" in repr(report)) == (False, False, True)
