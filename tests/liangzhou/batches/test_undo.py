"""Taking a batch of changes back."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from enterprises.models import Enterprise
from liangzhou.batches import ChangeBatch, change_batch, undo
from liangzhou.roles import BY_CODE
from projects.models import Measure, Milestone, Opportunity, Project, StageChange
from projects.stages import Stage
from sources.models import Citation
from tests.factories import (
    CitationFactory,
    CreditShareFactory,
    EnterpriseFactory,
    IndustryChainFactory,
    MeasureFactory,
    MilestoneFactory,
    OpportunityFactory,
    ProjectFactory,
    StageChangeFactory,
    UserFactory,
)
from tests.liangzhou.history_desk import change

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    return UserFactory(permissions=[right for right in BY_CODE["publisher"].permissions() if ".publish_" in right])


def importing(by=None):
    return change_batch(ChangeBatch.Kind.IMPORT, by=by, label="台账.xlsx")


def told(plan_or_undone):
    return [
        (one.model.__name__, one.pk, one.field and one.field.name, one.before[0], one.now[0])
        for one in plan_or_undone.kept
    ]


def counts(done):
    return (done.set_back, done.deleted, done.created)


# Changed records


def test_changed_field_is_set_back_with_stamps_and_history(clerk):
    project = ProjectFactory(land_area=100)
    with importing() as batch:
        change(project, land_area=120, summary="新")
    done = undo.undo(batch, by=clerk, reason="表错了")
    project.refresh_from_db()
    assert (project.land_area, project.summary, project.version, project.updated_by) == (100, "", 3, clerk)
    past = project.history.latest("history_id")
    assert (past.history_type, past.history_user, past.history_batch) == ("~", clerk, done.batch)
    assert (done.batch.kind, done.batch.undoes, done.batch.by, done.batch.reason, done.batch.label) == (
        ChangeBatch.Kind.UNDO, batch, clerk, "表错了", "台账.xlsx",
    )  # fmt: skip
    assert counts(done) == (1, 0, 0)


def test_field_changed_again_since_stays_and_is_reported(clerk):
    project = ProjectFactory(land_area=100, summary="旧")
    with importing() as batch:
        change(project, land_area=120, summary="新")
    change(project, land_area=130)
    assert told(undo.preview(batch)) == [("Project", project.pk, "land_area", 100, 130)]
    done = undo.undo(batch, by=clerk, reason="r")
    project.refresh_from_db()
    assert (project.land_area, project.summary) == (130, "旧")
    assert told(done) == [("Project", project.pk, "land_area", 100, 130)]


def test_many_saves_in_one_batch_are_one_change(clerk):
    project = ProjectFactory(summary="旧")
    with importing() as batch:
        change(project, summary="中")
        change(project, summary="新")
    undo.undo(batch, by=clerk, reason="r")
    project.refresh_from_db()
    assert project.summary == "旧"


def test_precision_goes_with_its_date(clerk):
    milestone = MilestoneFactory()
    with importing() as batch:
        change(milestone, actual_precision="month")
    undo.undo(batch, by=clerk, reason="r")
    milestone.refresh_from_db()
    assert milestone.actual_precision == "ten_days"


def test_publishing_is_taken_back_with_its_date(clerk):
    project = ProjectFactory(published=False)
    with importing() as batch:
        change(project, published=True)
    undo.undo(batch, by=clerk, reason="r")
    project.refresh_from_db()
    assert (project.published, project.published_at) == (False, None)


def test_search_finds_the_name_that_came_back(clerk):
    project = ProjectFactory(name="储能电站")
    with importing() as batch:
        change(project, name="乳制品加工")
    undo.undo(batch, by=clerk, reason="r")
    assert list(Project.objects.search("储能")) == [project]


def test_stage_that_comes_back_is_logged(clerk):
    project = ProjectFactory(stage=Stage.SIGNED, waived=False)
    with importing() as batch:
        change(project, stage=Stage.LANDED)
        StageChangeFactory(project=project, from_stage=Stage.SIGNED, to_stage=Stage.LANDED)
    undo.undo(batch, by=clerk, reason="表错了")
    log = [(c.from_stage, c.to_stage, c.created_by, c.reason) for c in StageChange.objects.order_by("pk")]
    assert log == [("signed", "landed", None, ""), ("landed", "signed", clerk, "表错了")]
    project.refresh_from_db()
    assert project.stage == "signed"


def test_latest_milestone_follows(clerk):
    milestone = MilestoneFactory()
    with importing() as batch:
        change(milestone, actual=datetime(2024, 3, 1, tzinfo=UTC).date(), actual_precision="day")
        MilestoneFactory(project=milestone.project, kind="producing")
    undo.undo(batch, by=clerk, reason="r")
    project = Project.objects.get()
    assert (project.latest_milestone, str(project.latest_reached)) == ("started", "2025年5月下旬")


def test_part_that_was_moved_goes_back_and_both_records_are_refreshed(clerk):
    milestone = MilestoneFactory()
    first, second = milestone.project, ProjectFactory()
    with importing() as batch:
        change(milestone, project=second)
    undo.undo(batch, by=clerk, reason="r")
    assert [(p.pk, p.latest_milestone) for p in Project.objects.order_by("pk")] == [
        (first.pk, "started"),
        (second.pk, None),
    ]


def test_log_row_that_was_moved_goes_back_and_one_that_was_written_stays(clerk):
    moved, other = StageChangeFactory(), ProjectFactory()
    home = moved.project
    with importing() as batch:
        change(moved, project=other)
        written = StageChangeFactory(project=other)
    undo.undo(batch, by=clerk, reason="r")
    moved.refresh_from_db()
    assert (moved.project, StageChange.objects.filter(pk=written.pk).exists()) == (home, True)


def test_half_an_old_state_that_would_be_impossible_is_left_alone(clerk):
    project = ProjectFactory(status_reason="", summary="旧")
    with importing() as batch:
        change(project, status_reason="资金紧张", summary="新")
    change(project, status="paused")
    done = undo.preview(batch)
    ((model, pk, field, _, _),) = told(done)
    assert (model, pk, field, counts(done)) == ("Project", project.pk, None, (0, 0, 0))
    with pytest.raises(ValidationError):
        undo.undo(batch, by=clerk, reason="r")
    project.refresh_from_db()
    assert project.status_reason == "资金紧张"


def test_value_that_another_record_took_meanwhile_is_not_set_back(clerk):
    opportunity = OpportunityFactory(name="冷链", summary="旧")
    with importing() as batch:
        change(opportunity, name="冷链物流", summary="新")
    OpportunityFactory(name="冷链")
    done = undo.undo(batch, by=clerk, reason="r")
    opportunity.refresh_from_db()
    assert (opportunity.name, opportunity.summary) == ("冷链物流", "旧")
    assert [(field, before) for _, _, field, before, _ in told(done)] == [("name", "冷链")]


# Entered records


def test_entered_record_goes_with_its_parts_and_leaves_history(clerk):
    with importing() as batch:
        project = MilestoneFactory().project
        CitationFactory(target=project)
        StageChangeFactory(project=project, from_stage="")
    done = undo.undo(batch, by=clerk, reason="r")
    assert [model.objects.count() for model in (Project, Milestone, Citation, StageChange)] == [0, 0, 0, 0]
    last = Milestone.history.latest("history_id")
    assert (last.history_type, last.history_user, last.history_batch) == ("-", clerk, done.batch)
    assert Project.history.latest("history_id").history_type == "-"


def test_entered_record_that_was_changed_since_stays_with_its_parts(clerk):
    with importing() as batch:
        milestone = MilestoneFactory()
    change(milestone.project, summary="补充")
    preview = undo.preview(batch)
    kept = sorted({(one.model.__name__, str(one.reason) != "") for one in preview.kept})
    assert [name for name, _ in kept] == ["Enterprise", "IndustryChain", "Milestone", "Place", "Project"]
    assert not preview


def test_entered_record_that_others_need_now_stays(clerk):
    with importing() as batch:
        needed, free = EnterpriseFactory(), EnterpriseFactory()
    ProjectFactory(enterprise=needed)
    done = undo.undo(batch, by=clerk, reason="r")
    assert (Enterprise.objects.filter(pk=free.pk).exists(), Enterprise.objects.filter(pk=needed.pk).exists()) == (
        False,
        True,
    )
    assert [(model, pk) for model, pk, *_ in told(done)] == [("Enterprise", needed.pk)]


def test_entered_record_that_only_changed_records_of_the_batch_name_goes(clerk):
    project = ProjectFactory(enterprise=None)
    with importing() as batch:
        company = EnterpriseFactory()
        change(project, enterprise=company)
    done = undo.undo(batch, by=clerk, reason="r")
    project.refresh_from_db()
    assert (project.enterprise, Enterprise.objects.count(), counts(done)) == (None, 0, (1, 1, 0))


def test_sentence_cited_for_an_entered_record_since_keeps_it(clerk):
    with importing() as batch:
        chain = IndustryChainFactory()
    CitationFactory(target=chain)
    assert [(model, pk) for model, pk, *_ in told(undo.preview(batch))] == [("IndustryChain", chain.pk)]


# Deleted records


def test_deleted_record_comes_back_whole(clerk):
    project = MilestoneFactory().project
    sentence, share = CitationFactory(target=project), CreditShareFactory(project=project)
    before = Project.objects.values().get()
    with change_batch(ChangeBatch.Kind.DELETE, by=None) as batch:
        project.delete()
    done = undo.undo(batch, by=clerk, reason="r")
    after = Project.objects.values().get()
    assert (after.pop("version"), after.pop("updated_by_id")) == (before.pop("version") + 1, clerk.pk)
    before.pop("updated_at"), after.pop("updated_at"), before.pop("updated_by_id")
    assert after == before
    assert (Milestone.objects.count(), Citation.objects.get(), share.unit.credit_shares.count()) == (1, sentence, 1)
    past = Project.history.latest("history_id")
    assert (past.history_type, past.history_user, past.history_batch, past.created_at) == (
        "+", clerk, done.batch, before["created_at"],
    )  # fmt: skip


def test_record_entered_after_one_came_back_gets_its_own_key_and_code(clerk):
    project = ProjectFactory()
    with change_batch(ChangeBatch.Kind.DELETE, by=None) as batch:
        Project.objects.all().delete()
    undo.undo(batch, by=clerk, reason="r")
    new = ProjectFactory()
    assert (new.pk > project.pk, new.code > project.code) == (True, True)


def test_deleted_record_whose_name_was_taken_does_not_come_back(clerk):
    opportunity = OpportunityFactory(name="冷链")
    pk = opportunity.pk
    with change_batch(ChangeBatch.Kind.DELETE, by=None) as batch:
        opportunity.delete()
    OpportunityFactory(name="冷链")
    preview = undo.preview(batch)
    assert ([(model, key) for model, key, *_ in told(preview)], counts(preview)) == ([("Opportunity", pk)], (0, 0, 0))


def test_deleted_part_whose_record_went_since_does_not_come_back(clerk):
    measure, sentence = MeasureFactory(), CitationFactory()
    with change_batch(ChangeBatch.Kind.DELETE, by=None) as batch:
        Measure.objects.all().delete()
        Citation.objects.all().delete()
    Project.objects.all().delete()
    preview = undo.preview(batch)
    assert sorted(told(preview))[0][:2] == ("Citation", sentence.pk)
    assert ([model for model, *_ in sorted(told(preview))], bool(preview)) == (["Citation", "Measure"], False)
    assert measure.pk in [pk for _, pk, *_ in told(preview)]


def test_merge_is_taken_back(clerk):
    keep = ProjectFactory(official_code=None)
    gone = ProjectFactory(official_code="2501-620602-04-01-123456", waived=False)
    milestone, log = MilestoneFactory(project=gone), StageChangeFactory(project=gone)
    with change_batch(ChangeBatch.Kind.MERGE, by=None) as batch:
        change(milestone, project=keep)
        change(log, project=keep)
        pk = gone.pk
        Project.objects.get(pk=pk).delete()
        change(keep, official_code="2501-620602-04-01-123456")
    done = undo.undo(batch, by=clerk, reason="r")
    keep.refresh_from_db(), milestone.refresh_from_db(), log.refresh_from_db()
    back = Project.objects.get(pk=pk)
    assert (keep.official_code, back.official_code) == (None, "2501-620602-04-01-123456")
    assert (milestone.project_id, log.project_id, back.latest_milestone) == (pk, pk, "started")
    assert counts(done) == (3, 0, 1)


# Twice


def test_batch_is_taken_back_once(clerk):
    project = ProjectFactory()
    with importing() as batch:
        change(project, summary="新")
    undo.undo(batch, by=clerk, reason="r")
    for again in (lambda: undo.preview(batch), lambda: undo.undo(batch, by=clerk, reason="r")):
        with pytest.raises(ValidationError):
            again()
    assert ChangeBatch.objects.count() == 2


def test_taking_back_can_be_taken_back(clerk):
    changed = ProjectFactory(summary="旧")
    gone = OpportunityFactory(name="旧机会")
    with importing() as batch:
        change(changed, summary="新")
        entered = MilestoneFactory(project=changed, kind="signed")
        gone.delete()
    taken_back = undo.undo(batch, by=clerk, reason="r").batch
    assert (Opportunity.objects.count(), Milestone.objects.count()) == (1, 0)
    done = undo.undo(taken_back, by=clerk, reason="doch")
    changed.refresh_from_db()
    assert (changed.summary, Opportunity.objects.count(), Milestone.objects.get().pk) == ("新", 0, entered.pk)
    assert counts(done) == (1, 1, 1)
    assert changed.latest_milestone == "signed"


def test_nothing_is_written_where_it_fails_half_way(clerk, monkeypatch):
    project = ProjectFactory(summary="旧")
    with importing() as batch:
        change(project, summary="新")
        OpportunityFactory()
    monkeypatch.setattr(Project, "after_set_back", classmethod(lambda cls, *args, **kwargs: 1 / 0))
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        undo.undo(batch, by=clerk, reason="r")
    project.refresh_from_db()
    assert (project.summary, Opportunity.objects.count(), ChangeBatch.objects.count()) == ("新", 1, 1)


def test_counts_of_what_a_batch_touched(clerk):
    project = ProjectFactory()
    with importing() as batch:
        change(project, summary="新")
        change(project, summary="neu")
        MeasureFactory(project=project), MeasureFactory(project=project)
    found = {c["model"]: (c["entered"], c["changed"], c["deleted"]) for c in undo.touched_counts(batch)}
    assert found == {Project: (0, 1, 0), Measure: (2, 0, 0)}


@pytest.mark.parametrize("size", [20, 400])
def test_cost_does_not_grow_with_the_rows(clerk, django_assert_max_num_queries, size):
    chain = IndustryChainFactory()
    old = [Project(code=f"LZ{n:06d}", name=f"项目{n}", chain=chain) for n in range(1, size)]
    bulk_create_with_history(old, Project, batch_size=500)
    with importing() as batch:
        for project in old:
            project.land_area, project.version = Decimal(5), 2
        bulk_update_with_history(old, Project, ["land_area", "version"], batch_size=500)
        new = [Project(code=f"LZ{n:06d}", name=f"项目{n}", chain=chain) for n in range(size, 2 * size)]
        bulk_create_with_history(new, Project, batch_size=500)
        started = datetime(2025, 5, 21, tzinfo=UTC).date()
        milestones = [
            Milestone(project=project, kind="started", actual=started, actual_precision="day")
            for project in [*old, *new]
        ]
        bulk_create_with_history(milestones, Milestone, batch_size=500)
    with django_assert_max_num_queries(250):
        done = undo.undo(batch, by=clerk, reason="r")
    assert counts(done) == (size - 1, 3 * size - 1, 0)
