import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgers.cells import row_kind
from tests.ledgers.cells.test_texts import raw_cells


@pytest.mark.parametrize("cells", [[], [None, " ", "\u3000"], [5], [None, 7, None]], ids=repr)
def test_a_row_without_anything_but_its_number_is_blank(cells):
    assert row_kind(cells) == "blank"


@pytest.mark.parametrize(
    "cells",
    [
        ["合计", 421, 352.04],
        ["合　计", 421],
        [None, "小 计", 3],
        [1, "新能源产业小计", 5],
        ["总计", 5],
        ["共计\uff1a12个", 5],
        ["合计（421个）", 352],
        ["全区合计", 3],
        ["累计合计", 3],
        ["合计", "合计", "合计", 3],
        [None, "其中:省列重大项目", None, 7000],
        [None, "其中:新建项目1个", 5000],
        [None, "其中\uff1a续建", None, 5000],
        ["其中", None, "省外", 3.1],
        [3, "其中:奶产业", "3个", 31700, "/"],
        ["奶产业", "其中:续建", 3, 5000],
        ["其中:亿元以上", "2个", "省外", "在建", {"date": "2025-05-21"}],  # no project is called so
    ],
    ids=repr,
)
def test_totals_are_known(cells):
    assert row_kind(cells) == "total"


@pytest.mark.parametrize(
    "cells",
    [
        ["注\uff1a以上数据截至5月底"],
        ["注1、投资额含税", None, "x"],
        ["备注: 无", 3],
        ["填表人\uff1a张三", None, "审核\uff1a李四", None, {"date": "2025-05-21"}],
        ["单位\uff1a万元"],
        ["（单位\uff1a亿元）"],
        ["填报单位(盖章)\uff1a商务局", "x"],
        ["审核人\uff1a"],
        ["填报单位负责人签字:", None, None, "填报日期:2025年6月", "", ""],
        ["填报单位负责人签字: 张三     填报日期: 2025年6月"],
        [None, "单位(盖章)", "制表:张三"],
        ["单位负责人签字", "张三"],
        ["制表", "张三"],
        ["备注", '1."总投资"指计划总投资;', None, None],
        ["说明", "总投资为计划数"],
        ["附注", *["总投资为计划数"] * 9],  # merged
    ],
    ids=repr,
)
def test_notes_are_known(cells):
    assert row_kind(cells) == "note"


@pytest.mark.parametrize(
    "cells",
    [
        ["一、新能源及装备制造产业"],
        ["奶产业"] * 12,
        ["一、奶产业"] * 2,
        ["(二) 续建"] * 2,
        [None, "（二）续建项目"],
        [1, 2, 3, 4, 5, 6],
        ["储备"],
        ["一", "新建项目", None, 5000],
        ["(一)", "奶产业", 5000],
        ["（一）", *["奶产业"] * 6, 5000, 3000],  # merged
        ["二", "续建项目(1个)", 7000],
        ["二、", "续建项目", "(3个)", 7000, 5000, "/"],
        ["十二", "数字产业", "3个", "7000万元"],
        ["一、续建项目(3个)", None, 78000, 5000],
    ],
)
def test_titles_of_sections_are_known(cells):
    assert row_kind(cells) == "title"


@pytest.mark.parametrize(
    "cells",
    [
        [1, "300MW独立储能电站", 13],
        ["审计局会计总计项目", 3, 4],
        [1, "武威合计科技公司项目", 5],
        ["单位", "金额"],
        [3, 4, 5, 6],
        [1, "稻盛云（武威）智算中心"],
        ["项目名称", "备注"],
        ["甘肃雅洁食品有限公司", "甘肃雅洁食品有限公司"],  # the project and its company
        ["一", "亚麻籽油项目", "甘肃泰康制药有限公司", 5000, "签约"],  # numbered so
        ["（二）", "亚麻籽油项目", 5000, 3000, {"date": "2025-05-21"}],
        ["三", "亚麻籽油项目", None, 5000, 3000, "2025年3月"],
        ["一", "奶产业", 1, "乳清蛋白项目"],
        ["一、亚麻籽油项目", "甘肃泰康制药有限公司", 5000],
        ["第二批冷库建设项目", 5000],
        [1, "亚麻籽油项目", "其中:厂房5000平方米", 5000],
        ["奶产业", "其中小镇牧场", "甘肃泰康制药有限公司", 5000, "签约"],
        [1, "亚麻籽油项目", "甘肃泰康制药有限公司", 5000, "其中:一期3000万元"],
        [1, "亚麻籽油项目", "合同签字:2025年5月"],
        [1, "高端制表生产线项目", 5000],
        ["高端制表生产线项目", "已举行签字仪式"],
        ["备注", "项目名称", "企业名称", "总投资"],  # headings
        ["填报日期", "项目名称", "企业名称"],
    ],
    ids=repr,
)
def test_everything_else_is_a_record(cells):
    assert row_kind(cells) == "record"


@given(st.lists(raw_cells, max_size=8))
def test_every_row_has_a_kind(cells):
    assert row_kind(cells) in {"record", "blank", "total", "note", "title"}
