from datetime import date
from decimal import Decimal

import pytest

from enterprises.models import Enterprise, Place
from ledgers import imports, writing
from ledgers.columns import LEDGER
from ledgers.models import LedgerImport, LedgerRow
from liangzhou.batches import ChangeBatch
from liangzhou.batches.undo import undo
from projects.models import CreditShare, Milestone, NotTheSame, Project, StageChange, Unit
from projects.stages import Stage
from tests.factories import (
    CreditShareFactory,
    EnterpriseFactory,
    MilestoneFactory,
    PlaceFactory,
    ProjectFactory,
    UnitFactory,
    UserFactory,
)
from tests.ledgers.sheets import checked, confirmed, counts, csv_file

pytestmark = pytest.mark.django_db

HIDDEN = [LEDGER["row_id"].header, LEDGER["row_version"].header]
NEW = [
    ["项目名称", "企业名称", "总投资", "建设地点", "签约时间", "计划开工时间", "阶段", "责任单位", "备注"],
    ["甲项目", "示例公司", "1.31亿", "示例镇", "2025年5月", "2025年9月", "签约", "区商务局 60%、区工信局 40%", "急"],
]


@pytest.fixture
def clerk():
    EnterpriseFactory(name="示例公司")
    PlaceFactory(name="示例镇")
    UnitFactory(name="区商务局")
    UnitFactory(name="区工信局")
    return UserFactory(is_superuser=True)


def everything():
    """Every row that an import can touch, apart from when and how often it was saved."""
    kept = {"updated_at", "updated_by_id", "version", "created_at", "id"}
    return {
        model.__name__: sorted(
            str({name: value for name, value in row.items() if name not in kept}) for row in model.objects.values()
        )
        for model in (Project, Milestone, CreditShare, Enterprise, Unit)
    }


def test_new_row_is_written_whole(clerk, tmp_path):
    found = confirmed(csv_file(tmp_path / "a.csv", NEW), by=clerk)

    project = Project.objects.get()
    assert (project.code, project.name, project.total_investment, project.stage, project.published) == (
        "LZ000001",
        "甲项目",
        Decimal(13100),
        Stage.SIGNED,
        False,
    )
    assert (project.enterprise.name, project.place.name, project.internal_remark) == ("示例公司", "示例镇", "急")
    assert [str(m) for m in project.milestones.in_time()] == ["签约 2025年5月", "开工 2025年9月"]
    assert [str(share) for share in project.credit_shares.all()] == ["区商务局 60%", "区工信局 40%"]
    assert (project.latest_milestone, project.created_by, project.updated_by) == ("signed", clerk, clerk)
    log = StageChange.objects.get()
    assert (log.from_stage, log.to_stage, log.created_by, log.overridden) == ("", "signed", clerk, "")
    assert (found.state, found.batch.kind, found.batch.by, found.batch.label) == ("written", "import", clerk, "a.csv")


def test_every_row_that_was_written_has_history_in_the_batch(clerk, tmp_path):
    found = confirmed(csv_file(tmp_path / "a.csv", NEW), by=clerk)

    written = {
        model.__name__: list(
            model.history.filter(history_batch=found.batch).values_list("history_type", "history_user")
        )
        for model in (Project, Milestone, CreditShare, StageChange)
    }
    assert written == {
        "Project": [("+", clerk.pk)],
        "Milestone": [("+", clerk.pk)] * 2,
        "CreditShare": [("+", clerk.pk)] * 2,
        "StageChange": [("+", clerk.pk)],
    }


def test_same_file_again_changes_nothing(clerk, tmp_path):
    path = csv_file(tmp_path / "a.csv", NEW)
    confirmed(path, by=clerk)
    before = everything()

    again = confirmed(path, by=clerk)

    assert (counts(again), again.batch, everything()) == ({"unchanged": 1}, None, before)


def test_import_can_be_taken_back(clerk, tmp_path):
    project = ProjectFactory(
        name="乙项目", stage=Stage.LEAD, published=False, total_investment=Decimal(100), summary="旧"
    )
    MilestoneFactory(project=project, kind=Milestone.Kind.SIGNED, actual=date(2025, 1, 1))
    CreditShareFactory(project=project, unit=Unit.objects.first())
    before = everything()
    rows = [*NEW, ["乙项目", "", "500", "", "2025年6月", "", "", "区工信局", ""]]
    rows[0] = [*rows[0], "编号"]
    rows[1], rows[2] = [*rows[1], ""], [*rows[2], project.code]
    found = confirmed(csv_file(tmp_path / "a.csv", rows), by=clerk)
    assert counts(found) == {"new": 1, "changed": 1}
    assert everything() != before

    undo(found.batch, by=clerk, reason="填错了")

    assert everything() == before


def test_wrong_rows_block_everything_unless_left_out(clerk, tmp_path):
    path = csv_file(tmp_path / "a.csv", [*NEW, ["丙项目", "无此公司", *[""] * 7]])

    found = checked(path, by=clerk)
    with pytest.raises(writing.Refused):
        imports.confirm(found, by=clerk)
    assert Project.objects.count() == 0

    assert counts(confirmed(path, by=clerk, leave_out_wrong=True)) == {"new": 1, "wrong": 1}
    assert Project.objects.count() == 1


def test_record_saved_between_check_and_confirm_is_not_overwritten(clerk, tmp_path):
    project = ProjectFactory(name="乙项目", stage=Stage.LEAD, published=False, total_investment=Decimal(100))
    rows = [["编号", "项目名称", "总投资"], [project.code, "乙项目", 200]]
    found = checked(csv_file(tmp_path / "a.csv", rows), by=clerk)
    project.stamp(None)
    project.summary = "同事刚写的"
    project.save()

    with pytest.raises(writing.Refused, match="乙项目"):
        imports.confirm(found, by=clerk)

    project.refresh_from_db()
    found.refresh_from_db()
    assert (project.total_investment, project.summary, found.state) == (Decimal(100), "同事刚写的", "checking")
    assert ChangeBatch.objects.count() == 0


def test_project_entered_between_check_and_confirm_is_not_entered_twice(clerk, tmp_path):
    found = checked(csv_file(tmp_path / "a.csv", NEW), by=clerk)
    ProjectFactory(name="甲项目", enterprise=Enterprise.objects.get(name="示例公司"))

    with pytest.raises(writing.Refused):
        imports.confirm(found, by=clerk)

    assert Project.objects.count() == 1


def test_second_confirm_is_refused(clerk, tmp_path):
    found = confirmed(csv_file(tmp_path / "a.csv", NEW), by=clerk)

    with pytest.raises(writing.Refused):
        imports.confirm(found, by=clerk)

    assert Project.objects.count() == 1


def test_companies_and_units_are_entered_unpublished_when_asked(clerk, tmp_path):
    rows = [["项目名称", "企业名称", "信用代码", "责任单位"], ["丁项目", "全新公司", "91110000600037341L", "新单位"]]

    confirmed(csv_file(tmp_path / "a.csv", rows), by=clerk, enter_companies=True)

    company = Enterprise.objects.get(name="全新公司")
    assert (company.published, company.credit_code, company.created_by) == (False, "91110000600037341L", clerk)
    assert Unit.objects.filter(name="新单位").exists()
    assert Project.objects.get().enterprise == company


def test_missing_credit_code_of_a_company_is_filled_in(clerk, tmp_path):
    rows = [["项目名称", "企业名称", "信用代码"], ["丁项目", "示例公司", "91110000600037341L"]]

    found = confirmed(csv_file(tmp_path / "a.csv", rows), by=clerk)

    assert Enterprise.objects.get(name="示例公司").credit_code == "91110000600037341L"
    assert Enterprise.history.filter(history_batch=found.batch).count() == 1


def decided(found: LedgerImport, decision: str) -> None:
    found.rows.filter(outcome__in=["duplicate", "conflict"]).update(decision=decision)


@pytest.mark.parametrize(
    ("decision", "names"),
    [
        ("", ["年产8600吨系列乳制品精深加工"]),
        ("same", ["年产8600吨乳制品精深加工项目"]),
        ("other", ["年产8600吨乳制品精深加工项目", "年产8600吨系列乳制品精深加工"]),
    ],
)
def test_look_alike_is_written_as_the_clerk_decides(clerk, tmp_path, decision, names):
    ProjectFactory(name="年产8600吨系列乳制品精深加工", enterprise=None, stage=Stage.LEAD, published=False)
    found = checked(csv_file(tmp_path / "a.csv", [["项目名称"], ["年产8600吨乳制品精深加工项目"]]), by=clerk)
    decided(found, decision)

    imports.confirm(found, by=clerk)

    assert sorted(Project.objects.values_list("name", flat=True)) == sorted(names)


@pytest.mark.parametrize(("decision", "amount"), [("", 150), ("take", 200)])
def test_conflict_is_written_as_the_clerk_decides(clerk, tmp_path, decision, amount):
    project = ProjectFactory(name="甲项目", total_investment=Decimal(100), stage=Stage.LEAD, published=False)
    rows = [["编号", "项目名称", "总投资", *HIDDEN], [project.code, "甲项目", 200, project.pk, 1]]
    project.stamp(None)
    project.total_investment = Decimal(150)
    project.save()
    found = checked(csv_file(tmp_path / "a.csv", rows), by=clerk)
    decided(found, decision)

    imports.confirm(found, by=clerk)

    project.refresh_from_db()
    assert (counts(found), project.total_investment) == ({"conflict": 1}, Decimal(amount))


def test_stage_that_is_let_through_is_logged_with_its_reason(clerk, tmp_path):
    rows = [["项目名称", "阶段", "补录说明"], ["甲项目", "签约", "合同遗失"]]

    confirmed(csv_file(tmp_path / "a.csv", rows), by=clerk)

    log = StageChange.objects.get()
    assert (log.to_stage, log.reason, bool(log.overridden)) == ("signed", "合同遗失", True)


def test_discarded_import_forgets_its_rows(clerk, tmp_path):
    found = checked(csv_file(tmp_path / "a.csv", NEW), by=clerk)

    imports.discard(found, by=clerk)

    assert (found.state, LedgerRow.objects.count(), Project.objects.count()) == ("discarded", 0, 0)


def test_all_is_written_or_nothing(clerk, tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "AT_ONCE", 1)  # each row is a step of its own
    PlaceFactory(name="将被删除的镇")
    rows = [["项目名称", "建设地点"], ["甲项目", "示例镇"], ["丙冷链项目", "将被删除的镇"]]
    found = checked(csv_file(tmp_path / "a.csv", rows), by=clerk)
    assert counts(found) == {"new": 2}
    Place.objects.filter(name="将被删除的镇").delete()

    with pytest.raises(writing.Refused, match="将被删除的镇"):
        imports.confirm(found, by=clerk)

    assert [model.objects.count() for model in (Project, Milestone, StageChange, ChangeBatch)] == [0, 0, 0, 0]
    assert Project.history.count() == 0


FEW = ["projects.add_project", "projects.change_project"]


def test_file_opens_no_way_to_records_that_are_not_the_clerks(clerk, tmp_path):
    rows = [
        ["项目名称", "企业名称", "信用代码"],
        ["丁风电项目", "全新公司", ""],
        ["戊奶粉项目", "示例公司", "91620600MA70000A0U"],
    ]
    few = UserFactory(permissions=FEW)

    found = checked(csv_file(tmp_path / "a.csv", rows), by=few, enter_companies=True)
    with pytest.raises(writing.Refused):
        imports.confirm(found, by=few)
    found = checked(csv_file(tmp_path / "b.csv", [rows[0], rows[2]]), by=few)
    with pytest.raises(writing.Refused):
        imports.confirm(found, by=few)

    assert Enterprise.objects.filter(name="全新公司").count() == 0
    assert Enterprise.objects.get(name="示例公司").credit_code is None
    full = UserFactory(permissions=[*FEW, "enterprises.change_enterprise"])
    imports.confirm(found, by=full)
    assert Enterprise.objects.get(name="示例公司").credit_code == "91620600MA70000A0U"


def test_pair_that_was_told_apart_is_not_asked_about_again(clerk, tmp_path):
    there = ProjectFactory(name="年产8600吨系列乳制品精深加工", enterprise=None, stage=Stage.LEAD, published=False)
    found = checked(csv_file(tmp_path / "a.csv", [["项目名称"], ["年产8600吨乳制品精深加工项目"]]), by=clerk)
    decided(found, "other")

    imports.confirm(found, by=clerk)

    new = Project.objects.exclude(pk=there.pk).get()
    assert NotTheSame.objects.pairs() == {(there.pk, new.pk)}


def test_circle_of_phases_is_refused(clerk, tmp_path):
    one, two = (ProjectFactory(name=name, stage=Stage.LEAD, published=False) for name in ("甲风电", "乙奶粉"))
    rows = [["编号", "项目名称", "所属项目"], [one.code, "甲风电", two.code], [two.code, "乙奶粉", one.code]]
    found = checked(csv_file(tmp_path / "a.csv", rows), by=clerk)

    with pytest.raises(writing.Refused, match="甲风电|乙奶粉"):
        imports.confirm(found, by=clerk)

    assert Project.objects.filter(parent__isnull=False).count() == 0


MILESTONES, SHARES = (["projects.add_" + name, "projects.change_" + name] for name in ("milestone", "creditshare"))


@pytest.mark.parametrize(
    ("heading", "cell", "needed"),
    [
        ("签约时间", "2025年5月", MILESTONES),
        ("计划开工时间", "2025年5月", MILESTONES),
        ("责任单位", "区商务局", SHARES),
    ],
)
def test_parts_are_written_by_those_who_may_enter_and_change_them(clerk, tmp_path, heading, cell, needed):
    there = ProjectFactory(name="乙奶粉项目", stage=Stage.LEAD, published=False)
    rows = [["编号", "项目名称", heading], ["", "丁风电项目", cell], [there.code, there.name, cell]]
    for one in ([rows[0], row] for row in rows[1:]):
        for rights in ([], needed[:1], needed[1:]):
            few = UserFactory(permissions=[*FEW, *rights])
            found = checked(csv_file(tmp_path / "a.csv", one), by=few)
            with pytest.raises(writing.Refused, match="而您无权"):
                imports.confirm(found, by=few)
    assert (Milestone.objects.count(), CreditShare.objects.count()) == (0, 0)

    imports.confirm(found, by=UserFactory(permissions=[*FEW, *needed]))

    assert Milestone.objects.count() + CreditShare.objects.count() == 1


def test_file_that_says_nothing_of_parts_asks_no_rights_on_them(clerk, tmp_path):
    there = CreditShareFactory(unit=Unit.objects.get(name="区商务局")).project
    MilestoneFactory(project=there)
    few = UserFactory(permissions=FEW)
    rows = [["编号", "项目名称", "责任单位", "备注"], [there.code, there.name, "区商务局", "急"]]

    confirmed(csv_file(tmp_path / "a.csv", rows), by=few)

    assert Project.objects.get().internal_remark == "急"
