"""Two rows for one project become one, nothing is lost, and it can be taken back."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.apps import apps
from django.utils import translation

from liangzhou.batches import ChangeBatch, undo
from liangzhou.models import Stamped
from projects import merging
from projects.actions import waived
from projects.merging import Refused, merge, preview
from projects.models import FormerCode, Milestone, Project, StageChange
from projects.stages import Stage
from tests.factories import (
    CitationFactory,
    CreditShareFactory,
    EnterpriseFactory,
    FormerCodeFactory,
    MeasureFactory,
    MilestoneFactory,
    NotTheSameFactory,
    PlaceFactory,
    ProjectFactory,
    ProjectPartyFactory,
    SourceFactory,
    StageChangeFactory,
    UnitFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

CODE = "2501-620602-04-01-123456"


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def by():
    return UserFactory()


@pytest.fixture
def keep():
    """A lead, of which no stage asks anything."""
    given = {"stage": Stage.LEAD, "published": False, "chain": None, "summary": "深加工", "waived": False}
    return ProjectFactory(name="乳制品精深加工", **given)


@pytest.fixture
def other(keep):
    given = {"enterprise": keep.enterprise, "place": keep.place, "chain": None, "summary": "深加工", "waived": False}
    return ProjectFactory(name="乳制品加工", stage=Stage.LEAD, published=False, **given)


def merged(keep, other, by, **choices):
    """Merge and read the project that stays."""
    merge(
        keep, other, choices={name.replace("__", ":"): side for name, side in choices.items()}, by=by, reason="同一项目"
    )
    return Project.objects.get(pk=keep.pk)


def rows():
    """Everything that staff enter, by table: what undoing must bring back."""
    left_out = {"version", "updated_at", "updated_by_id"}
    return {
        model._meta.label: sorted(
            (
                tuple((name, value) for name, value in sorted(row.items()) if name not in left_out)
                for row in model._base_manager.values()
            ),
            key=str,
        )
        for model in apps.get_models()
        if issubclass(model, Stamped)
    }


def test_fields_of_which_one_says_nothing_are_filled_from_the_other(keep, other, by):
    Project.objects.filter(pk=keep.pk).update(total_investment=None, land_area=None, place=None)
    Project.objects.filter(pk=other.pk).update(official_code=CODE, investment_qualifier="about", summary="")
    place = other.place

    project = merged(keep, other, by)

    assert (project.official_code, project.total_investment, project.investment_qualifier) == (CODE, 130_000, "about")
    assert (project.land_area, project.place, project.summary) == (100, place, "深加工")


def test_of_fields_that_differ_the_clerk_takes_either_and_the_rest_is_noted(keep, other, by):
    Project.objects.filter(pk=other.pk).update(
        summary="加工",
        total_investment=Decimal("13100.5"),
        internal_remark="乡镇报送",
        status="paused",
        status_reason="环评",
    )
    Project.objects.filter(pk=keep.pk).update(internal_remark="已核实")

    with time_machine.travel(date(2025, 6, 1)):
        project = merged(keep, other, by, name="other", total_investment="keep")

    assert (project.name, project.summary, project.total_investment) == ("乳制品加工", "深加工", 130_000)
    assert (project.status, project.status_reason) == ("normal", "")
    assert project.internal_remark.split("\n") == [
        "已核实",
        "",
        f"Merged from {other.code} 乳制品加工 on 1 June 2025. What was not taken over:",
        "Name: 乳制品精深加工",
        "Status: paused: 环评",
        "Total investment: 1.31005亿元",
        "Summary: 加工",
        "",
        "乡镇报送",
    ]


def test_parts_move_and_the_code_leads_on(keep, other, by):
    MilestoneFactory(project=keep, kind="signed", actual=date(2025, 1, 2), actual_precision="day")
    MilestoneFactory(project=other)
    party = ProjectPartyFactory(project=other)
    measure, share = MeasureFactory(project=other), CreditShareFactory(project=other)
    change, child = StageChangeFactory(project=other), ProjectFactory(parent=other)
    former = FormerCodeFactory(project=other)
    first, second = CitationFactory(target=keep, position=4), CitationFactory(target=other, position=0)
    code = other.code

    project = merged(keep, other, by)

    assert sorted(project.milestones.values_list("kind", flat=True)) == ["signed", "started"]
    assert [*project.measures.all(), *project.parties.all(), *project.credit_shares.all()] == [measure, party, share]
    assert [*project.stage_changes.all(), *project.phases.all()] == [change, child]
    assert list(project.citations.values_list("pk", "position")) == [(first.pk, 4), (second.pk, 5)]
    assert set(project.former_codes.values_list("code", flat=True)) == {code, former.code}
    assert not Project.objects.filter(code=code).exists()
    assert (project.latest_milestone, project.latest_milestone_date) == ("started", date(2025, 5, 21))
    assert (project.version, project.updated_by) == (2, by)


def test_of_a_milestone_that_both_have_one_stays_and_the_other_is_noted(keep, other, by):
    mine = MilestoneFactory(project=keep, actual=date(2025, 5, 1), actual_precision="month")
    theirs = MilestoneFactory(project=other, note="现场确认")
    planned = {"actual": None, "actual_precision": "", "planned": date(2025, 1, 1), "planned_precision": "year"}
    plan = MilestoneFactory(project=keep, kind="signed", **planned)
    signed = MilestoneFactory(project=other, kind="signed")

    project = merged(keep, other, by, **{f"milestone__{theirs.pk}": "keep"})

    assert set(project.milestones.all()) == {mine, signed}  # an actual date goes before a plan, unless chosen otherwise
    assert f"Milestone {plan.get_kind_display()}: Planned: 2025" in project.internal_remark
    assert "Actual: late May 2025\uff1bNote: 现场确认" in project.internal_remark


def test_a_chosen_part_of_the_other_replaces_the_own(keep, other, by):
    MeasureFactory(project=keep, name="产能", value=8000)
    theirs = MeasureFactory(project=other, name="产能", value=8600)

    project = merged(keep, other, by, **{f"measure__{theirs.pk}": "other"})

    assert list(project.measures.values_list("pk", "value")) == [(theirs.pk, 8600)]
    assert project.internal_remark.endswith("产能: Value: 8000\uff1bUnit: MW")


def test_what_both_say_alike_is_there_once_and_not_noted(keep, other, by):
    company, source = EnterpriseFactory(), SourceFactory()
    for project in (keep, other):
        MilestoneFactory(project=project)
        ProjectPartyFactory(project=project, enterprise=company)
        CitationFactory(target=project, source=source, quote="总投资13亿元。")

    project = merged(keep, other, by, name="keep")

    assert [project.milestones.count(), project.parties.count(), project.citations.count()] == [1, 1, 1]
    assert project.internal_remark.endswith("What was not taken over:\nName: 乳制品加工")


def test_of_one_units_shares_the_larger_stays(keep, other, by):
    unit, second = UnitFactory(), UnitFactory()
    CreditShareFactory(project=keep, unit=unit, percent=40)
    CreditShareFactory(project=other, unit=unit, percent=60)
    CreditShareFactory(project=other, unit=second, percent=40)

    project = merged(keep, other, by)

    assert set(project.credit_shares.values_list("unit", "percent")) == {(unit.pk, 60), (second.pk, 40)}
    assert f"{unit}: Share (%): 40" in project.internal_remark


def test_shares_that_would_come_to_more_than_the_whole_stay_as_they_were(keep, other, by):
    mine = CreditShareFactory(project=keep, percent=60)
    theirs = CreditShareFactory(project=other, percent=50)

    assert preview(keep, other).noted == [str(theirs)]
    project = merged(keep, other, by)

    assert list(project.credit_shares.values_list("unit", "percent")) == [(mine.unit_id, 60)]
    assert f"{theirs.unit}: Share (%): 50" in project.internal_remark


def test_the_preview_tells_what_differs_and_what_moves_and_writes_nothing(keep, other):
    Project.objects.filter(pk=keep.pk).update(land_area=None)
    keep.refresh_from_db()
    started = MilestoneFactory(project=other)
    before = rows()

    shown = preview(keep, other)

    assert [(d.name, d.kept, d.other, d.default) for d in shown.fields] == [
        ("name", "乳制品精深加工", "乳制品加工", "keep"),
        ("land_area", "—", "100", "other"),
    ]
    assert (shown.parts, shown.moves, shown.refused) == ([], [("Milestones", [str(started)])], [])
    assert rows() == before


def test_all_is_one_batch_that_can_be_taken_back(keep, other, by):
    for number, project in enumerate((keep, other)):
        MilestoneFactory(project=project, note=str(number))
        MeasureFactory(project=project, name="产能", value=number + 1)
        CreditShareFactory(project=project, percent=50)
        CitationFactory(target=project)
        StageChangeFactory(project=project)
    StageChange.objects.bulk_create([StageChange(project=other, to_stage=Stage.LEAD)])  # as a migration does
    ProjectPartyFactory(project=other)
    ProjectFactory(parent=other)
    FormerCodeFactory(project=other)
    NotTheSameFactory(project_a=keep, project_b=other)
    other.refresh_from_db()
    other.official_code, other.internal_remark = CODE, "乡镇报送"
    other.save()
    before = rows()

    batch = merge(keep, other, choices={"name": "other"}, by=by, reason="同一项目")
    assert rows() != before
    undone = undo.undo(batch, by=by, reason="不是同一项目")

    assert undone.kept == []
    assert rows() == before
    assert (batch.kind, batch.by, batch.reason) == (ChangeBatch.Kind.MERGE, by, "同一项目")


def test_every_history_row_of_a_merge_names_its_batch_and_who(keep, other, by):
    MilestoneFactory(project=other)
    last = Milestone.history.latest("history_id").history_id

    batch = merge(keep, other, choices={}, by=by, reason="同一项目")

    found = [
        *Milestone.history.filter(history_id__gt=last).values_list("history_batch", "history_user"),
        *Project.history.filter(id=other.pk, history_type="-").values_list("history_batch", "history_user"),
        *FormerCode.history.values_list("history_batch", "history_user"),
    ]
    assert found == [(batch.pk, by.pk)] * 3


def test_the_stage_of_the_other_is_logged_where_it_is_taken(keep, other, by):
    Project.objects.filter(pk=other.pk).update(stage=Stage.NEGOTIATING)

    project = merged(keep, other, by, stage="other")

    assert project.stage == Stage.NEGOTIATING
    assert list(StageChange.objects.values_list("project", "from_stage", "to_stage", "reason")) == [
        (keep.pk, "lead", "negotiating", "同一项目")
    ]


def refused(keep, other, by, **choices):
    """The sentences that refuse a merge, which must have written nothing."""
    before = rows()
    with pytest.raises(Refused) as error:
        merged(keep, other, by, **choices)
    assert (rows(), ChangeBatch.objects.count()) == (before, 0)
    return list(error.value.sentences)


def test_a_merge_that_leaves_the_stage_without_what_it_needs_is_refused(keep, other, by):
    Project.objects.filter(pk=other.pk).update(stage=Stage.SIGNED)
    MilestoneFactory(project=other, kind="signed", actual=date(2025, 3, 1), actual_precision="month")
    MilestoneFactory(project=keep, actual=date(2025, 1, 1), actual_precision="month")

    assert refused(keep, other, by) == ["The works cannot start before the contract is signed."]


def test_what_was_missing_before_does_not_refuse_a_merge(other, by):
    """Its stage came with the history: no date of signing, no credit code."""
    keep = ProjectFactory(name="乳制品精深加工", stage=Stage.LANDED, waived=False)

    assert merged(keep, other, by).stage == Stage.LANDED


def test_a_project_is_not_merged_into_its_own_phase(keep, other, by):
    Project.objects.filter(pk=keep.pk).update(parent=other)
    keep.refresh_from_db()

    assert preview(keep, other).refused == refused(keep, other, by)
    assert refused(keep, other, by) == [
        "“乳制品精深加工” is a phase of “乳制品加工”: merged, it would be a phase of itself. Take it out of that "
        "project first, or keep the other of the two."
    ]


def test_a_phase_can_be_merged_into_its_project(keep, other, by):
    Project.objects.filter(pk=other.pk).update(parent=keep)

    project = merged(keep, other, by)

    assert (project.parent, list(project.phases.all())) == (None, [])


def test_a_project_is_not_merged_with_itself(keep, by):
    assert refused(keep, keep, by) == ["This is one project already."]


def test_a_merge_of_what_was_changed_meanwhile_is_refused(keep, other, by):
    with pytest.raises(Refused) as error:
        merge(keep, other, choices={}, by=by, reason="同一项目", versions=(keep.version, other.version + 1))
    assert error.value.stale is True

    other.delete()
    with pytest.raises(Refused):
        merging.merge(keep, Project(pk=99, code="LZ000099"), choices={}, by=by, reason="同一项目")


def test_a_merge_that_breaks_a_rule_of_projects_is_refused(other, by):
    keep = ProjectFactory(name="乳制品精深加工", stage=Stage.SIGNED, place=PlaceFactory())

    assert refused(keep, other, by, stage="other") == [
        "Reserve projects, leads and negotiations are internal: they cannot be published."
    ]


@pytest.mark.parametrize("above", [None, "上级"])
def test_a_project_is_not_merged_into_its_own_phase_whatever_parent_is_chosen(keep, other, by, above):
    Project.objects.filter(pk=other.pk).update(parent=ProjectFactory(name=above) if above else None)
    Project.objects.filter(pk=keep.pk).update(parent=other)

    assert len(refused(keep, other, by, parent="other")) == 1


def let_through(project):
    """The names that count for a project."""
    return waived([project])[project.pk]


def test_what_the_other_was_let_through_without_lapses_where_its_stage_is_not_taken(keep, other, by):
    other.stage = Stage.STARTED
    other.save()
    change = StageChangeFactory(project=other, reason="现场已动工", overridden="signed started")
    before = rows()

    batch = merge(keep, other, choices={"stage": "keep"}, by=by, reason="同一项目")

    project, change = Project.objects.get(pk=keep.pk), StageChange.objects.get()
    assert (project.stage, let_through(project)) == (Stage.LEAD, set())
    assert (change.project, change.to_stage, change.reason) == (project, Stage.STARTED, "现场已动工")
    assert "Let through without: date of signing、date of the start of works" in project.internal_remark.split("\n")

    assert undo.undo(batch, by=by, reason="不是同一项目").kept == []
    assert rows() == before


def test_what_the_other_was_let_through_without_counts_where_its_stage_is_taken(keep, other, by):
    Project.objects.filter(pk=other.pk).update(stage=Stage.STARTED)
    StageChangeFactory(project=other, reason="现场已动工", overridden="signed started registered")

    project = merged(keep, other, by, stage="other")

    assert (project.stage, let_through(project)) == (Stage.STARTED, {"signed", "started", "registered"})
    assert "Let through" not in project.internal_remark


def test_contradiction_that_comes_with_the_other_stays_let_through(keep, other, by):
    """The dates move, so what was said of them moves too; nothing else does."""
    Project.objects.filter(pk=other.pk).update(stage=Stage.STARTED)
    MilestoneFactory(project=other, kind="signed", actual=date(2025, 6, 1), actual_precision="month")
    MilestoneFactory(project=other, actual=date(2025, 3, 1), actual_precision="month")
    StageChangeFactory(project=other, reason="先动工", overridden="place start_before_signing")

    assert let_through(merged(keep, other, by, stage="keep")) == {"start_before_signing"}


def test_former_code_that_was_left_behind_is_used_again(keep, other, by):
    left = FormerCodeFactory(code=other.code)

    project = merged(keep, other, by)

    assert list(project.former_codes.values_list("pk", "code")) == [(left.pk, other.code)]
