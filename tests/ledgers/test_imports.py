import pytest
import xlsxwriter

from ledgers import imports
from tests.ledgers.sheets import checked, counts, problems, xlsx

pytestmark = pytest.mark.django_db


def started(path):
    """A file taken in, and what its first sheet is known as."""
    found = imports.start(path, path.name, by=None)
    return found, found.sheets[0]


def book(path, **sheets):
    """A workbook of several sheets."""
    with xlsxwriter.Workbook(str(path)) as written:
        for name, rows in sheets.items():
            page = written.add_worksheet(name)
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
    return path


@pytest.mark.parametrize(
    ("heading", "wan"),
    [("总投资(亿)", "15000"), ("总投资(亿元,含流动资金)", "15000"), ("总投资(万元)", "1.5"), ("总投资", "1.5")],
)
def test_amount_is_read_in_the_unit_of_its_heading(tmp_path, heading, wan):
    found = checked(xlsx(tmp_path / "a.xlsx", [["项目名称", heading, "年产值(亿元)"], ["甲项目", 1.5, 2]]))

    assert found.rows.get(outcome="new").values["write"]["total_investment"] == wan


@pytest.mark.parametrize("unit", ["百万元", "千元", "万美元"])
def test_amount_in_a_unit_that_is_not_kept_is_wrong(tmp_path, unit):
    found = checked(xlsx(tmp_path / "a.xlsx", [["项目名称", f"总投资({unit})"], ["甲项目", 1.5], ["乙项目", None]]))

    assert counts(found) == {"new": 1, "wrong": 1}
    assert unit in problems(found)[0][0][2]


@pytest.mark.parametrize("values", [["ZS-2025-01", 2], ["001", "002"], ["LZ000001", "ZS-1", "ZS-2"]])
def test_code_of_somebody_else_is_not_taken_for_ours(tmp_path, values):
    rows = [["项目编号", "项目名称"], *([value, f"第{place}项目"] for place, value in enumerate(values))]

    found, sheet = started(xlsx(tmp_path / "a.xlsx", rows))

    assert (found.state, sheet["meanings"]) == ("mapping", ["", "name"])


@pytest.mark.parametrize("values", [["LZ000001", "lz000002"], [None, "LZ000001", "/"], [None, None, "ZS-1"], []])
def test_code_of_ours_is_known_by_its_look(tmp_path, values):
    rows = [["项目编号", "项目名称"], *([value, f"第{place}项目"] for place, value in enumerate(values))]

    found, sheet = started(xlsx(tmp_path / "a.xlsx", rows))

    assert (found.state, sheet["meanings"]) == ("checking", ["code", "name"])


def test_code_of_ours_is_found_beside_that_of_somebody_else(tmp_path):
    rows = [["编号", "项目名称", "系统编号"], ["ZS-1", "甲项目", "LZ000001"]]

    _found, sheet = started(xlsx(tmp_path / "a.xlsx", rows))

    assert sheet["meanings"] == ["", "name", "code"]


def test_summary_beside_the_ledger_is_not_used(tmp_path):
    summary = [["产业链", "项目个数", "总投资(亿元)"], ["奶产业", 3, 12.5]]
    path = book(tmp_path / "a.xlsx", 汇总=summary, 明细=[["项目名称", "总投资"], ["甲项目", 2]])

    found, _sheet = started(path)

    assert (found.state, [sheet["used"] for sheet in found.sheets]) == ("checking", [False, True])
    assert list(found.rows.filter(sheet=0).values_list("outcome", "problems")) == [
        ("skipped", [["", None, "sheet", ""]]),
        ("skipped", [["", None, "sheet", ""]]),
    ]
    assert found.total_rows == 1


def test_sheet_without_projects_alone_is_asked_about(tmp_path):
    found, sheet = started(xlsx(tmp_path / "a.xlsx", [["产业链", "总投资"], ["奶产业", 3]]))

    assert (found.state, sheet["used"]) == ("mapping", True)


def test_samples_come_from_records_alone(tmp_path):
    rows = [
        ["项目名称", "总投资", "形象进度"],
        ["合计", 88000, "2个"],
        ["一、续建项目", None, None],
        ["甲项目", 5, "基础"],
        ["项目  名称", "总投资", "形象进度"],
        ["乙项目", 6, None],
    ]

    _found, sheet = started(xlsx(tmp_path / "a.xlsx", rows))

    assert sheet["samples"] == [["甲项目", "乙项目"], ["5", "6"], ["基础"]]


def test_headings_printed_again_below_two_rows_are_no_records(tmp_path):
    heads = [["序号", "项目名称", "资金(亿元)", "时间节点"], ["序号", "项目名称", "总投资", "签约"]]
    again = [["序  号", "项目名称", "资金(亿元)", "时间节点"], ["序  号", "项目名称", "总投资", "签约"]]
    rows = [*heads, [1, "甲项目", 2, "2025.5"], *again, [2, "乙项目", 3, "2025.6"]]

    found, _sheet = started(xlsx(tmp_path / "a.xlsx", rows))

    assert list(found.rows.filter(outcome="waiting").values_list("number", flat=True)) == [3, 6]
    assert set(found.rows.filter(number__in=[4, 5]).values_list("problems__0__2", flat=True)) == {"heading"}
