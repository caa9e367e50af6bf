"""What a file says of projects, companies and wholes that are not theirs who bring it in."""

from datetime import date

import pytest
from django.utils import translation

from enterprises.models import Enterprise
from ledgers import imports
from ledgers.columns import LEDGER
from liangzhou.roles import BY_CODE
from projects.models import Milestone, NotTheSame, Project, StageChange
from projects.stages import Stage
from tests.factories import (
    EnterpriseFactory,
    FormerCodeFactory,
    IndustryChainFactory,
    MilestoneFactory,
    PlaceFactory,
    ProjectFactory,
    UserFactory,
)
from tests.ledgers.sheets import checked, confirmed, counts, csv_file

pytestmark = pytest.mark.django_db

HIDDEN = [LEDGER["row_id"].header, LEDGER["row_version"].header]
SECRET = "FOREIGN"  # in all that is somebody else's
NOT_YOURS = "This project is not yours: take the row out, or ask the investment bureau."
LIKE_ANOTHER = (
    "A project like this one is there already and is not yours: ask the investment bureau whether it is the same."
)
UNAVAILABLE = "This company is in the system and not available to you: ask the investment bureau."


@pytest.fixture(autouse=True)
def _in_english(monkeypatch):
    """What is said of rows, as it is in the code."""
    monkeypatch.setattr("ledgers.checking.LANGUAGE", "en")


@pytest.fixture
def dairy():
    return IndustryChainFactory(name="奶产业")


@pytest.fixture
def park():
    return PlaceFactory(name="示例工业园")


@pytest.fixture
def clerk(dairy):
    """A member of the task force of the dairy chain."""
    return UserFactory(roles=["task_force"], chains=[dairy])


@pytest.fixture
def foreign():
    """A project of another chain, internal as its company is."""
    project = ProjectFactory(
        name="年产8600吨FOREIGN乳制品精深加工项目",
        code="LZ000777",
        official_code="2501-620602-04-01-123456",
        chain=IndustryChainFactory(name="风电产业"),
        place=PlaceFactory(name="别的园区"),
        enterprise=EnterpriseFactory(name="武威FOREIGN能源有限公司", published=False, credit_code="91110000600037341L"),
        stage=Stage.LEAD,
        published=False,
        summary="FOREIGN",
    )
    MilestoneFactory(project=project, kind=Milestone.Kind.SIGNED, actual=date(2025, 1, 1))
    return project


def header(name):
    """The heading of a column as the sentences of these tests have it."""
    with translation.override("en"):
        return LEDGER[name].header


def told(found, outcome="wrong"):
    """Of each row of a kind: (heading, what is wrong)."""
    return [
        [(label, what) for label, _index, what, _right in row.problems] for row in found.rows.filter(outcome=outcome)
    ]


def kept(found):
    """All that is kept of a file's rows, but for what stood in the file itself."""
    return str(list(found.rows.values("name", "project", "version", "values", "changes", "problems", "outcome")))


NAME, CODE, OFFICIAL = "项目名称", "编号", "项目代码"


@pytest.mark.parametrize(
    ("headings", "cells", "label"),
    [
        ([CODE, NAME, "总投资"], ["LZ000777", "随便什么项目", "1亿"], "Code"),
        ([CODE, NAME, *HIDDEN], ["LZ000777", "随便什么项目", "{pk}", "1"], "Code"),
        ([NAME, *HIDDEN], ["随便什么项目", "{pk}", "1"], "Code"),
        ([NAME, OFFICIAL], ["随便什么项目", "2501-620602-04-01-123456"], "Name"),
        ([NAME, "产业链"], ["年产8600吨FOREIGN乳制品精深加工项目", "奶产业"], "Name"),
    ],
    ids=["code", "code and row id", "row id", "official code", "name"],
)
def test_row_of_a_foreign_project_is_wrong_and_tells_nothing_of_it(clerk, foreign, tmp_path, headings, cells, label):
    row = [cell.format(pk=foreign.pk) for cell in cells]

    found = checked(csv_file(tmp_path / "a.csv", [headings, row]), by=clerk)

    assert (counts(found), told(found)) == ({"wrong": 1}, [[(label, NOT_YOURS)]])
    (kept_row,) = found.rows.filter(outcome="wrong").values("name", "project", "version", "values", "changes")
    assert kept_row == {
        "name": row[headings.index(NAME)],
        "project": None,
        "version": None,
        "values": {},
        "changes": [],
    }


def test_own_rows_are_written_beside_foreign_ones(clerk, dairy, foreign, tmp_path):
    own = ProjectFactory(name="奶粉项目", chain=dairy, stage=Stage.LEAD, published=False, summary="")
    rows = [[CODE, NAME, "产业链", "备注"], [own.code, own.name, "", "急"], ["", "牧场项目", "奶产业链", ""]]
    rows.append([foreign.code, "", "", "被改"])
    before = Project.objects.filter(pk=foreign.pk).values().get()

    found = confirmed(csv_file(tmp_path / "a.csv", rows), by=clerk, leave_out_wrong=True)

    assert counts(found) == {"changed": 1, "new": 1, "wrong": 1}
    own.refresh_from_db()
    assert (own.internal_remark, own.updated_by) == ("急", clerk)
    assert Project.objects.get(name="牧场项目").chain == dairy
    assert Project.objects.filter(pk=foreign.pk).values().get() == before


@pytest.mark.parametrize("chain", ["", "风电产业"])
def test_new_row_must_be_of_an_own_chain(clerk, foreign, tmp_path, chain):
    found = checked(csv_file(tmp_path / "a.csv", [[NAME, "产业链"], ["牧场项目", chain]]), by=clerk)

    sentence = "The project must be of a chain of your task force."
    assert told(found) == [[(header("chain"), sentence)]]


def test_own_project_cannot_be_given_away(clerk, dairy, foreign, tmp_path):
    own = ProjectFactory(chain=dairy, stage=Stage.LEAD, published=False)

    found = checked(csv_file(tmp_path / "a.csv", [[CODE, NAME, "产业链"], [own.code, own.name, "风电产业"]]), by=clerk)

    assert told(found) == [[(header("chain"), "The project must be of a chain of your task force.")]]


def test_place_clerk_enters_in_the_own_place_only(park, foreign, tmp_path):
    clerk = UserFactory(roles=["place_clerk"], places=[park])
    rows = [[NAME, "建设地点"], ["牧场项目", "示例工业园"], ["风车项目", "别的园区"], ["光伏项目", ""]]

    found = confirmed(csv_file(tmp_path / "a.csv", rows), by=clerk, leave_out_wrong=True)

    sentence = "The project must be in a place of your duty."
    assert told(found) == [[(header("place"), sentence)]] * 2
    assert list(Project.objects.filter(created_by=clerk).values_list("name", "place__name")) == [
        ("牧场项目", "示例工业园")
    ]


def test_foreign_look_alike_is_told_without_a_name_and_cannot_be_taken(clerk, foreign, tmp_path):
    rows = [[NAME, "产业链"], ["年产8600吨乳制品精深加工项目", "奶产业"]]
    assert counts(checked(csv_file(tmp_path / "a.csv", rows), by=UserFactory(roles=["editor"]))) == {"duplicate": 1}

    found = checked(csv_file(tmp_path / "b.csv", rows), by=clerk)

    row = found.rows.get(outcome="duplicate")
    assert told(found, "duplicate") == [[("", LIKE_ANOTHER)]]
    assert (row.project, row.version, sorted(row.values)) == (None, None, ["other", "wrong"])
    assert (SECRET in kept(found), foreign.code in kept(found)) == (False, False)


def test_row_like_a_foreign_project_is_entered_as_another_and_stays_a_pair_for_the_bureau(clerk, foreign, tmp_path):
    rows = [[NAME, "产业链"], ["年产8600吨乳制品精深加工项目", "奶产业"]]
    found = checked(csv_file(tmp_path / "a.csv", rows), by=clerk)
    found.rows.filter(outcome="duplicate").update(decision="other")

    imports.confirm(found, by=clerk)

    assert Project.objects.filter(name="年产8600吨乳制品精深加工项目", created_by=clerk).count() == 1
    assert NotTheSame.objects.count() == 0


@pytest.mark.parametrize("decision", ["same", "take"])
def test_forged_decision_for_a_foreign_look_alike_writes_nothing(clerk, foreign, tmp_path, decision):
    rows = [[NAME, "产业链"], ["年产8600吨乳制品精深加工项目", "奶产业"]]
    found = checked(csv_file(tmp_path / "a.csv", rows), by=clerk)
    found.rows.filter(outcome="duplicate").update(decision=decision)

    with pytest.raises(imports.Refused):
        imports.confirm(found, by=clerk)

    assert Project.objects.count() == 1


def test_own_look_alike_comes_before_a_foreign_one(clerk, dairy, foreign, tmp_path):
    own = ProjectFactory(name="年产8600吨系列乳制品精深加工", chain=dairy, enterprise=None, stage=Stage.LEAD)
    rows = [[NAME, "产业链"], ["年产8600吨乳制品精深加工项目", "奶产业"]]

    found = checked(csv_file(tmp_path / "a.csv", rows), by=clerk)

    row = found.rows.get(outcome="duplicate")
    assert (row.project, sorted(row.values)) == (own, ["other", "same", "wrong"])
    assert told(found, "duplicate")[0][-1] == ("", LIKE_ANOTHER)
    assert (SECRET in kept(found), foreign.code in kept(found)) == (False, False)


def test_code_that_was_given_up_for_a_foreign_project_tells_nothing(clerk, foreign, tmp_path):
    FormerCodeFactory(code="LZ000555", project=foreign)

    found = checked(csv_file(tmp_path / "a.csv", [[CODE, NAME], ["LZ000555", "随便什么项目"]]), by=clerk)

    assert told(found) == [[("Code", NOT_YOURS)]]


def test_official_code_of_a_foreign_project_names_nobody(clerk, dairy, foreign, tmp_path):
    own = ProjectFactory(chain=dairy, stage=Stage.LEAD, published=False)
    rows = [[CODE, NAME, OFFICIAL], [own.code, own.name, foreign.official_code]]

    found = checked(csv_file(tmp_path / "a.csv", rows), by=clerk)

    sentence = "In the system this code belongs to a project that is not yours."
    assert told(found) == [[(header("official_code"), sentence)]]
    assert foreign.code not in kept(found)


def test_foreign_project_cannot_be_named_as_the_whole(clerk, dairy, foreign, tmp_path):
    own = ProjectFactory(chain=dairy, stage=Stage.LEAD, published=False)
    rows = [[CODE, NAME, "所属项目"], [own.code, own.name, foreign.code]]

    found = checked(csv_file(tmp_path / "a.csv", rows), by=clerk)

    assert told(found) == [[(header("parent"), "The project that is named here is not yours.")]]


def test_foreign_whole_that_is_there_already_is_no_fault_of_the_file(clerk, dairy, foreign, tmp_path):
    own = ProjectFactory(chain=dairy, parent=foreign, stage=Stage.LEAD, published=False)
    rows = [[CODE, NAME, "所属项目"], [own.code, own.name, foreign.code]]

    assert counts(checked(csv_file(tmp_path / "a.csv", rows), by=clerk)) == {"unchanged": 1}


@pytest.mark.parametrize(
    ("headings", "cells", "column"),
    [
        (["企业名称"], ["武威FOREIGN能源有限公司"], "enterprise"),
        (["企业名称", "信用代码"], ["某某公司", "91110000600037341L"], "credit_code"),
        (["信用代码"], ["91110000600037341L"], "credit_code"),
    ],
)
@pytest.mark.parametrize("enter", [False, True])
def test_internal_company_of_others_is_not_available(clerk, foreign, tmp_path, headings, cells, column, enter):
    rows = [[NAME, "产业链", *headings], ["牧场项目", "奶产业", *cells]]

    found = checked(csv_file(tmp_path / "a.csv", rows), by=clerk, enter_companies=enter)

    assert told(found) == [[(header(column), UNAVAILABLE)]]
    assert (found.counts["companies"], SECRET in kept(found)) == ([], False)


def test_internal_companies_of_others_are_not_suggested(clerk, foreign, tmp_path):
    EnterpriseFactory(name="武威FOREI牧业有限公司", published=True)

    found = checked(
        csv_file(tmp_path / "a.csv", [[NAME, "产业链", "企业名称"], ["牧场项目", "奶产业", "武威FOR能源有限公司"]]),
        by=clerk,
    )

    ((_label, sentence),) = told(found)[0]
    assert ("武威FOREI牧业有限公司" in sentence, "武威FOREIGN能源有限公司" in sentence) == (True, False)


def test_public_company_of_others_may_be_named(clerk, foreign, tmp_path):
    Enterprise.objects.update(published=True)
    rows = [[NAME, "产业链", "企业名称"], ["牧场项目", "奶产业", "武威FOREIGN能源有限公司"]]

    found = confirmed(csv_file(tmp_path / "a.csv", rows), by=clerk)

    assert (counts(found), Project.objects.get(name="牧场项目").enterprise) == ({"new": 1}, foreign.enterprise)


# Between the check and the confirmation


def test_project_that_was_taken_away_meanwhile_is_not_written(clerk, dairy, tmp_path):
    own = ProjectFactory(chain=dairy, stage=Stage.LEAD, published=False)
    found = checked(csv_file(tmp_path / "a.csv", [[CODE, NAME, "备注"], [own.code, own.name, "急"]]), by=clerk)
    Project.objects.update(chain=IndustryChainFactory())  # the version stays: nothing but the chain tells

    with pytest.raises(imports.Refused):
        imports.confirm(found, by=clerk)

    own.refresh_from_db()
    assert own.internal_remark == ""


def test_scope_that_shrank_meanwhile_holds(clerk, dairy, tmp_path):
    rows = [[NAME, "产业链"], ["牧场项目", "奶产业"]]
    found = checked(csv_file(tmp_path / "a.csv", rows), by=clerk)
    clerk.task_forces.all().delete()
    again = type(clerk).objects.get(pk=clerk.pk)

    with pytest.raises(imports.Refused):
        imports.confirm(found, by=again)

    assert (Project.objects.count(), StageChange.objects.count()) == (0, 0)


def test_rights_of_who_confirms_hold(clerk, dairy, foreign, tmp_path):
    """A file that was checked for somebody of all the bureau, confirmed by them when they are of one chain only."""
    editor = UserFactory(roles=["editor"])
    found = checked(csv_file(tmp_path / "a.csv", [[CODE, NAME, "备注"], [foreign.code, "", "急"]]), by=editor)
    assert counts(found) == {"changed": 1}
    editor.groups.set(clerk.groups.all())
    again = type(editor).objects.get(pk=editor.pk)

    with pytest.raises(imports.Refused) as refused:
        imports.confirm(found, by=again)

    foreign.refresh_from_db()
    assert (foreign.internal_remark, SECRET in str(refused.value)) == ("", False)


def test_twin_that_others_entered_meanwhile_is_not_named(clerk, dairy, tmp_path):
    rows = [[NAME, "产业链"], ["年产8600吨乳制品精深加工项目", "奶产业"]]
    found = checked(csv_file(tmp_path / "a.csv", rows), by=clerk)
    ProjectFactory(name="年产8600吨FOREIGN乳制品精深加工项目", stage=Stage.LEAD)

    with pytest.raises(imports.Refused) as refused:
        imports.confirm(found, by=clerk)

    assert (SECRET in str(refused.value), Project.objects.count()) == (False, 1)


def test_roles_with_a_scope_are_those_tried_here():
    assert {code for code, role in BY_CODE.items() if role.scope} == {"task_force", "place_clerk"}
