from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command

from enterprises.models import Enterprise, Place
from ledgers import imports
from ledgers.columns import LEDGER
from ledgers.models import LedgerImport, LedgerRow
from projects.models import Project
from projects.stages import Stage
from tests.factories import (
    EnterpriseFactory,
    IndustryChainFactory,
    MilestoneFactory,
    PlaceFactory,
    ProjectFactory,
    UnitFactory,
    UserFactory,
)
from tests.ledgers.sheets import checked, counts, csv_file, xlsx

pytestmark = pytest.mark.django_db

HIDDEN = [LEDGER["row_id"].header, LEDGER["row_version"].header]


@pytest.fixture
def world():
    EnterpriseFactory(name="甘肃示例乳业有限公司", credit_code=None)
    EnterpriseFactory(name="武威示例(凉州)风电有限公司", credit_code="91110000600037341L")
    PlaceFactory(name="武威示例工业园")
    IndustryChainFactory(name="奶产业")


def rows_of(found: LedgerImport, outcome: str) -> list[LedgerRow]:
    return list(found.rows.filter(outcome=outcome))


def test_messy_ledger_is_read(world, tmp_path):
    rows = [
        ["凉州区2025年招商引资项目台账"],
        [None, None, None, "单位:亿元"],
        ["序号", "项目基本情况", None, None, None, None, "进展", None],
        [None, "项目名称", "投资企业", "总投资", "建设地点", "所属产业链", "签约时间", "进展阶段"],
        ["一、奶产业"],
        [1, "年产5000吨奶粉生产线项目", "甘肃示例乳业有限公司", 1.31, "示例工业园", "奶产业链", "2025.5", "已签约"],
        [2, "50MW风电项目", "武威示例（凉州）风电有限公司", "2亿", "武威示例工业园", None, date(2025, 3, 4), "签约"],
        ["合  计", None, None, 3.31],
        ["注:数据截至2025年5月"],
    ]
    path = xlsx(tmp_path / "台账.xlsx", rows, merged=[("B3:F3", "项目基本情况"), ("G3:H3", "进展"), ("A3:A4", "序号")])

    found = checked(path)

    assert counts(found) == {"new": 2}
    values = [row.values["write"] for row in rows_of(found, "new")]
    assert [(v["name"], v["enterprise"], v["total_investment"], v["place"], v["signed.actual"]) for v in values] == [
        ("年产5000吨奶粉生产线项目", "甘肃示例乳业有限公司", "13100", "武威示例工业园", "2025年5月"),
        ("50MW风电项目", "武威示例(凉州)风电有限公司", "20000", "武威示例工业园", "2025年3月4日"),
    ]
    assert values[0]["chain"] == "奶产业"
    assert {v["stage"] for v in values} == {"signed"}
    assert found.counts["skipped"] == 7


def test_wrong_cells_are_told_with_row_and_column(world, tmp_path):
    rows = [
        ["项目名称", "投资企业", "总投资(万元)", "签约时间", "建设地点", "阶段"],
        ["甲项目", "无此公司", "很多", "2025.13", "示例工业", "签了"],
    ]

    found = checked(csv_file(tmp_path / "a.csv", rows))

    assert counts(found) == {"wrong": 1}
    told = {label: index for label, index, _what, _right in rows_of(found, "wrong")[0].problems}
    assert told == {"企业": 1, "总投资(万元)": 2, "签约日期": 3, "阶段": 5}
    assert found.counts["companies"] == ["无此公司"]


def test_unknown_companies_are_entered_only_when_asked(world, tmp_path):
    path = csv_file(tmp_path / "a.csv", [["项目名称", "投资企业"], ["甲项目", "无此公司"]])

    assert counts(checked(path)) == {"wrong": 1}
    assert counts(checked(path, enter_companies=True)) == {"new": 1}


def test_stage_without_its_facts_is_wrong_unless_let_through_for_a_reason(world, tmp_path):
    path = csv_file(tmp_path / "a.csv", [["项目名称", "进展阶段"], ["甲项目", "已开工"]])

    assert counts(checked(path)) == {"wrong": 1}
    found = checked(path, override_reason="历史项目补录")

    assert counts(found) == {"new": 1}
    written = rows_of(found, "new")[0].values["write"]
    assert written["_reason"] == "历史项目补录"
    assert "signed_enterprise" in written["_overridden"] or written["_overridden"]


def test_company_is_matched_by_its_code_before_its_name(world, tmp_path):
    rows = [["项目名称", "统一社会信用代码"], ["甲项目", "91110000600037341L"]]

    found = checked(csv_file(tmp_path / "a.csv", rows))

    assert rows_of(found, "new")[0].values["write"]["enterprise"] == "武威示例(凉州)风电有限公司"


def test_code_of_another_company_is_wrong(world, tmp_path):
    rows = [["项目名称", "企业名称", "信用代码"], ["甲项目", "甘肃示例乳业有限公司", "91110000600037341L"]]

    found = checked(csv_file(tmp_path / "a.csv", rows))

    assert counts(found) == {"wrong": 1}


def test_row_that_looks_like_a_project_is_a_duplicate(world, tmp_path):
    ProjectFactory(name="年产8600吨系列乳制品精深加工", enterprise=None)
    rows = [["项目名称"], ["年产8600吨乳制品精深加工项目"]]

    found = checked(csv_file(tmp_path / "a.csv", [*rows, ["另一个冷链物流项目"]]))

    assert counts(found) == {"new": 1, "duplicate": 1}


def test_two_rows_for_one_project_count_once(world, tmp_path):
    project = ProjectFactory(name="甲项目", total_investment=Decimal(100))
    rows = [["编号", "项目名称", "总投资"], [project.code, "甲项目", 200], [project.code, "甲项目", 300]]

    found = checked(xlsx(tmp_path / "a.xlsx", rows))

    assert counts(found) == {"changed": 1, "duplicate": 1}


def test_two_new_rows_that_are_alike_count_once(world, tmp_path):
    rows = [["项目名称"], ["冷链物流园一期"], ["凉州区冷链物流园建设项目（一期）"], ["冷链物流园二期"]]

    found = checked(csv_file(tmp_path / "a.csv", rows))

    assert counts(found) == {"new": 2, "duplicate": 1}


def test_empty_cells_of_a_foreign_ledger_leave_what_is_there(world, tmp_path):
    project = ProjectFactory(name="甲项目", summary="有简介")
    rows = [["编号", "项目名称", "建设内容"], [project.code, "甲项目", ""]]

    assert counts(checked(csv_file(tmp_path / "a.csv", rows))) == {"unchanged": 1}


def test_heading_that_is_not_known_is_asked_once_and_remembered(world, tmp_path):
    rows = [["工程标题", "总投资", "牵头领导"], ["甲项目", 100, "某某"]]
    path = csv_file(tmp_path / "a.csv", rows)
    clerk = UserFactory()

    first = imports.start(path, "a.csv", by=clerk)
    assert (first.state, imports.unknown_headings(first)) == ("mapping", ["工程标题", "牵头领导"])
    imports.name_columns(first, {"工程标题": "name", "牵头领导": "leave"}, template_name="发改局", by=clerk)
    second = imports.start(path, "b.csv", by=clerk)

    assert (second.state, str(second.template)) == ("checking", "发改局")
    assert second.sheets[0]["meanings"] == ["name", "total_investment", "leave"]


def test_file_that_was_made_from_an_older_state_conflicts_only_where_both_changed(world, tmp_path):
    project = ProjectFactory(
        name="甲项目", total_investment=Decimal(100), summary="旧", stage=Stage.LEAD, published=False
    )
    rows = [
        ["编号", "项目名称", "总投资", "简介", "占地面积", *HIDDEN],
        [project.code, "甲项目", 200, "旧", 100, project.pk, project.version],
    ]
    project.stamp(None)
    project.summary, project.total_investment = "新", Decimal(150)
    project.save()

    found = checked(xlsx(tmp_path / "a.xlsx", rows))

    row = rows_of(found, "conflict")[0]
    assert row.changes == [["总投资(万元)", "100", "200", "150"]]
    assert row.values["take"] == {"total_investment": "200"}


def test_merged_away_or_deleted_projects_are_wrong(world, tmp_path):
    rows = [["编号", "项目名称"], ["LZ999999", "甲项目"]]

    found = checked(csv_file(tmp_path / "a.csv", rows))

    assert counts(found) == {"wrong": 1}
    assert Project.objects.count() == 0


def test_jump_of_more_than_ten_times_is_wrong(world, tmp_path):
    project = ProjectFactory(name="甲项目", stage=Stage.LEAD, published=False, total_investment=Decimal(13100))
    rows = [["编号", "项目名称", "总投资(万元)"], [project.code, "甲项目", 1.31]]

    assert counts(checked(xlsx(tmp_path / "a.xlsx", rows))) == {"wrong": 1}
    rows[1][2] = 2_0000
    assert counts(checked(xlsx(tmp_path / "a.xlsx", rows))) == {"changed": 1}


def test_vaguer_date_does_not_overwrite_an_exact_one(world, tmp_path):
    project = ProjectFactory(name="甲项目", stage=Stage.LEAD, published=False)
    MilestoneFactory(project=project, kind="signed", actual=date(2025, 5, 18), actual_precision="day")
    rows = [["编号", "项目名称", "签约时间"], [project.code, "甲项目", "2025年5月"]]

    assert counts(checked(csv_file(tmp_path / "a.csv", rows))) == {"unchanged": 1}
    rows[1][2] = "2025年6月"
    assert counts(checked(csv_file(tmp_path / "a.csv", rows))) == {"changed": 1}


@pytest.mark.parametrize("said", ["武威示例工业园", "示例工业园", "武威市武威示例工业园", "武威示例工业园区"])
def test_place_is_known_by_a_part_or_with_the_district_around_it(world, tmp_path, said):
    found = checked(csv_file(tmp_path / "a.csv", [["项目名称", "建设地点"], ["甲项目", said]]))

    assert rows_of(found, "new")[0].values["write"]["place"] == "武威示例工业园"


@pytest.mark.parametrize(
    ("second", "code"), [("乙公司", "91620600MA70000A0U"), ("甲公司", "91620600MA70000B10")], ids=["company", "code"]
)
def test_one_credit_code_is_of_one_company(world, tmp_path, second, code):
    rows = [
        ["项目名称", "企业名称", "信用代码"],
        ["甲风电项目", "甲公司", "91620600MA70000A0U"],
        ["乙奶粉项目", second, code],
    ]

    found = checked(csv_file(tmp_path / "a.csv", rows), enter_companies=True)

    assert counts(found) == {"new": 1, "wrong": 1}
    assert [row.number for row in rows_of(found, "wrong")] == [3]


def test_decision_stays_while_the_row_says_the_same(world, tmp_path):
    ProjectFactory(name="年产8600吨系列乳制品精深加工", enterprise=None, stage=Stage.LEAD, published=False)
    found = checked(csv_file(tmp_path / "a.csv", [["项目名称"], ["年产8600吨乳制品精深加工项目"]]))
    found.rows.update(decision="other")

    imports.recheck(found)
    while not imports.check(found):
        found.refresh_from_db()

    assert [row.decision for row in found.rows.filter(outcome="duplicate")] == ["other"]


def test_reason_of_a_stage_alone_changes_nothing(world, tmp_path):
    project = ProjectFactory(name="甲项目", stage=Stage.SIGNED)
    rows = [["编号", "项目名称", "阶段", "补录说明"], [project.code, "甲项目", "签约", "年代久远"]]

    assert counts(checked(csv_file(tmp_path / "a.csv", rows))) == {"unchanged": 1}


@pytest.mark.parametrize(
    ("company", "outcome"), [("武威示例(凉州)风电有限公司", "new"), ("甘肃示例乳业有限公司", "wrong")]
)
def test_landed_project_needs_a_company_whose_code_is_known(world, tmp_path, company, outcome):
    rows = [
        ["项目名称", "企业名称", "总投资", "建设地点", "签约时间", "阶段"],
        ["甲风电项目", company, 100, "武威示例工业园", "2025年5月", "落地"],
    ]

    assert counts(checked(csv_file(tmp_path / "a.csv", rows))) == {outcome: 1}


def test_other_company_brings_its_own_code(world, tmp_path):
    project = ProjectFactory(
        name="甲项目",
        stage=Stage.LANDED,
        waived=False,
        enterprise=Enterprise.objects.get(name="武威示例(凉州)风电有限公司"),
    )
    MilestoneFactory(project=project, kind="signed")
    rows = [["编号", "项目名称", "企业名称"], [project.code, "甲项目", "甘肃示例乳业有限公司"]]

    assert counts(checked(csv_file(tmp_path / "a.csv", rows))) == {"wrong": 1}


def test_official_code_of_another_project_is_wrong(world, tmp_path):
    code = "2501-620602-04-01-123456"
    ProjectFactory(name="甲风电项目", official_code=code)
    other = ProjectFactory(name="乙奶粉项目", stage=Stage.LEAD, published=False)
    rows = [["编号", "项目名称", "投资项目统一代码"], [other.code, "乙奶粉项目", code]]

    assert counts(checked(csv_file(tmp_path / "a.csv", rows))) == {"wrong": 1}


def test_one_official_code_is_of_one_project_of_the_file(world, tmp_path):
    code = "2501-620602-04-01-123456"
    one, two = (ProjectFactory(name=name, stage=Stage.LEAD, published=False) for name in ("甲风电", "乙奶粉"))
    rows = [["编号", "项目名称", "投资项目统一代码"], [one.code, "甲风电", code], [two.code, "乙奶粉", code]]

    assert counts(checked(csv_file(tmp_path / "a.csv", rows))) == {"changed": 1, "wrong": 1}


def test_renamed_records_are_known_by_their_former_names(world, tmp_path):
    for record, name in ((Enterprise.objects.get(name="甘肃示例乳业有限公司"), "甘肃示例乳业集团有限公司"),
                         (Place.objects.get(name="武威示例工业园"), "武威高新区"),
                         (UnitFactory(name="区招商局"), "区商务局")):  # fmt: skip
        record.name = name
        record.save()
    rows = [
        ["项目名称", "企业名称", "建设地点", "责任单位"],
        ["甲项目", "甘肃示例乳业有限公司", "武威示例工业园", "区招商局"],
    ]

    found = checked(csv_file(tmp_path / "a.csv", rows))

    values = rows_of(found, "new")[0].values["write"]
    assert (values["enterprise"], values["place"], values["units"]) == (
        "甘肃示例乳业集团有限公司",
        "武威高新区",
        "区商务局",
    )


@pytest.mark.parametrize("count", [1, 3])
def test_older_file_costs_the_same_queries_for_any_number_of_rows(
    world, tmp_path, count, django_assert_max_num_queries
):
    projects = [ProjectFactory(name=f"示范{n}号风电项目", stage=Stage.LEAD, published=False) for n in range(count)]
    call_command("export_ledger", str(tmp_path / "a.xlsx"), verbosity=0)
    for project in projects:
        project.stamp(None)
        project.save()
    found = imports.start(tmp_path / "a.xlsx", "a.xlsx", by=None)

    with django_assert_max_num_queries(45):
        imports.check(found)

    found.refresh_from_db()
    assert counts(found) == {"unchanged": count}


def test_gap_that_was_there_before_does_not_stop_another_change(world, tmp_path):
    project = ProjectFactory(name="甲项目", waived=False, enterprise=None)
    rows = [["编号", "项目名称", "占地面积", "阶段"], [project.code, "甲项目", 120, "开工"]]
    assert counts(checked(csv_file(tmp_path / "a.csv", rows))) == {"changed": 1}

    rows[1][3] = "在建"

    assert counts(checked(csv_file(tmp_path / "a.csv", rows))) == {"wrong": 1}
