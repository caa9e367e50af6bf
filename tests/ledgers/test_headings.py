import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledgers import headings
from ledgers.columns import LEDGER, choices


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("项目名称", "name"),
        ("项 目\n名 称*", "name"),
        ("总投资（亿元）", "total_investment"),
        ("总投资:万元", "total_investment"),
        ("计划总投资/亿元", "total_investment"),
        ("占地面积(亩)", "land_area"),
        ("开工时间", "started.actual"),
        ("计划开工时间", "started.planned"),
        ("预计投产日期", "producing.planned"),
        ("纳统时间", "registered.actual"),
        ("进展情况|签约时间", "signed.actual"),
        ("计划|开工时间", "started.planned"),
        ("时间|签约", "signed.actual"),
        ("计划时间|开工", "started.planned"),
        ("实际|开工", "started.actual"),
        ("开工|计划", "started.planned"),
        ("Name", "name"),
        ("Total investment (万元)", "total_investment"),
        ("序号", "ignored"),
        ("出处原文", "ignored"),
        ("Cited sentences", "ignored"),
        ("牵头领导", ""),
        ("时间节点|签约", "signed.actual"),
        ("时间节点|计划|开工", "started.planned"),
        ("时间|计划|开工", "started.planned"),
        ("项目进度|竣工", "completed.actual"),
        ("2025年计划|开工时间", ""),
        ("2025年计划|实际开工时间", "started.actual"),
        ("投资情况（亿元）|总投资", "total_investment"),
        ("到位资金|合计", ""),
        ("总投资（亿）", "total_investment"),
        ("总投资(亿元人民币)", "total_investment"),
        ("总投资(含设备)(亿元)", "total_investment"),
        ("开(竣)工时间", ""),
        ("开工时间(含计划)", ""),
        ("开工时间(计划)", "started.planned"),
        ("（预计）开工时间", "started.planned"),
        ("投产时间(竣工时间)", ""),
        ("占地面积(平方米)", ""),
        ("占地面积（㎡）", ""),
        ("项目进展", ""),
        ("项目法人单位", "enterprise"),
        ("拟选址", "place"),
        ("", ""),
    ],
)
def test_heading_means_a_column(heading, column):
    assert headings.meaning(heading) == column


def test_every_heading_of_our_own_export_means_its_column():
    assert {name: headings.meaning(column.header) for name, column in LEDGER.items()} == {name: name for name in LEDGER}


def test_headings_are_found_under_titles_and_in_two_rows():
    rows = [
        (1, ["凉州区招商引资项目台账"] * 4),
        (2, ["单位：亿元"]),
        (3, ["项目名称", "总投资", "进展", "进展"]),
        (4, ["项目名称", "总投资", "签约时间", "开工时间"]),
        (5, ["甲项目", 1.2, "2025.5", None]),
    ]

    found = headings.find(rows)

    assert found.last_row == 4
    assert found.meanings == ["name", "total_investment", "signed.actual", "started.actual"]
    assert found.units[1] == "亿元"


@pytest.mark.parametrize("line", [["填报单位：商务局"], ["单位：亿元"], ["凉州区招商引资项目台账", None, "2025年5月"]])
def test_lines_above_the_headings_are_no_part_of_them(line):
    found = headings.find([(1, line), (2, ["序号", "项目名称", "总投资"]), (3, [1, "甲项目", 2])])

    assert (found.last_row, found.texts) == (2, ["序号", "项目名称", "总投资"])


RECORD = [1, "甲项目", 2.5, "2025.5", None]


@pytest.mark.parametrize(
    "above",
    [
        [["序号", "项目名称", "资金(亿元)", "时间节点", "时间节点"], ["序号", "项目名称", "总投资", "签约", "开工"]],
        [
            ["序号", "项目名称", "资金(亿元)", "进展", "进展"],
            ["序号", "项目名称", "总投资", "时间", "时间"],
            ["序号", "项目名称", "总投资", "签约", "开工"],
        ],
        [
            ["序号", "项目名称", "资金(亿元)", "时间节点", "时间节点"],
            ["序号", "项目名称", "总投资", "签约", "开工"],
            ["序号", "项目名称", "总投资", "签约", "开工"],
        ],
    ],
)
def test_headings_in_two_or_three_rows_are_read_together(above):
    title = ["2025年项目进度表"] * 5
    lines = [title, ["填报单位：商务局", None, None, "2025年5月31日", "单位：万元"], *above]

    found = headings.find(list(enumerate([*lines, RECORD], 1)))

    assert found.last_row == len(lines)
    assert found.meanings == ["ignored", "name", "total_investment", "signed.actual", "started.actual"]
    assert found.units[2] == "亿元"


def test_row_that_divides_headings_and_repeats_the_others_belongs_to_them():
    rows = [["项目名称", "投资方", "投资方", "总投资"], ["项目名称", "企业名称", "注册地", "总投资"], RECORD]

    found = headings.find(list(enumerate(rows, 1)))

    assert found.last_row == 2
    assert found.texts == ["项目名称", "投资方|企业名称", "投资方|注册地", "总投资"]
    assert found.meanings == ["name", "enterprise", "", "total_investment"]


@pytest.mark.parametrize(
    "record",
    [
        ["甲项目", "签约", "开工", "投产", "竣工"],
        ["甲项目", "签约", "开工", None, None],
        ["甲项目", None, "开工", "投产", 12],
        ["甲项目", "时间", "时间节点", "投产", "竣工"],
    ],
)
def test_record_is_no_row_of_headings(record):
    found = headings.find([(1, ["项目名称", "项目进度", "时间节点", "日期", "时间"]), (2, record)])

    assert found is None or found.last_row == 1


def test_unit_of_a_neighbouring_column_is_not_taken():
    found = headings.find([(1, ["项目名称", "总投资", "年产值(亿元)"]), (2, ["甲项目", 13100, 2])])

    assert found.units == ["", "", "亿元"]


@pytest.mark.parametrize(
    ("cells", "share"),
    [
        (["序  号", "项目\n名称", "总投资", "签约"], 1),
        (["序号", "项目名称", "资金（亿元）", "时间节点"], 1),
        ([None, "项目名称", "总投资", " "], 1),
        (["序号", "项目名称", "别的", "签约"], 0.75),
        ([1, "项目名称", "总投资", "签约"], 0),
        ([None, "项目名称", None, None], 0),
        (["项目名称", "总投资"], 0),
        ([], 0),
    ],
)
def test_headings_printed_again_are_known(cells, share):
    found = headings.Headings(1, ["序号", "项目名称", "资金(亿元)|总投资", "时间节点|签约"], [])

    assert found.repeated_by(cells) == share


def test_same_heading_twice_stays_two_columns():
    found = headings.find([(1, ["项目名称", "总投资", "备注", "备注"])])

    assert found.texts == ["项目名称", "总投资", "备注", "备注(2)"]
    assert found.meanings == ["name", "total_investment", "internal_remark", ""]


def test_second_heading_for_one_column_is_unknown():
    found = headings.find([(1, ["项目名称", "总投资", "投资总额"])])

    assert found.meanings == ["name", "total_investment", ""]


def test_sheet_without_known_headings_is_no_ledger():
    assert headings.find([(1, ["姓名", "电话"]), (2, ["某某", 1])]) is None


def test_form_is_known_by_its_headings_whatever_their_order():
    assert headings.signature(["项目 名称", "总投资(亿元)"]) == headings.signature(["总投资", "项目名称"])
    assert headings.signature(["项目名称"]) != headings.signature(["项目名称", "总投资"])


def test_columns_to_choose_from_are_those_that_a_file_may_change():
    names = [name for name, _label in choices()]

    assert {"name", "total_investment", "started.actual"} <= set(names)
    assert {"row_id", "row_version", "measures", "published"} & set(names) == set()


@given(st.lists(st.lists(st.none() | st.text(max_size=30) | st.integers() | st.floats(), max_size=8), max_size=8))
def test_any_rows_can_be_looked_at(cells):
    rows = list(enumerate(cells, 1))

    for found in (headings.find(rows), headings.guess(rows)):
        assert found is None or len(found.texts) == len(found.meanings) == len(found.units)
