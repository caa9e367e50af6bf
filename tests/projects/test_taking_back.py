"""Taking a batch back leaves what the stages that projects have come to since need."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from enterprises.models import Enterprise
from liangzhou.batches import ChangeBatch, change_batch, undo
from projects.actions import facts_of, log_stage, unmet
from projects.models import Milestone, Project
from projects.stages import Stage
from tests.factories import EnterpriseFactory, MilestoneFactory, ProjectFactory, UserFactory

pytestmark = pytest.mark.django_db

NO_DATE = "From the signing on, the date of signing is given."


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def by():
    return UserFactory()


@pytest.fixture
def project():
    """In negotiation; nothing was let through."""
    return ProjectFactory(
        stage=Stage.NEGOTIATING, published=False, waived=False, enterprise=None, total_investment=None
    )


@pytest.fixture
def batch(project):
    """An import of all that the signing needs, and of more."""
    with change_batch(ChangeBatch.Kind.IMPORT, by=None, label="台账.xlsx") as batch:
        company = EnterpriseFactory(published=False)
        project.enterprise, project.total_investment, project.summary = company, Decimal(900), "新"
        project.stamp(None)
        project.save()
        MilestoneFactory(project=project, kind="signed", actual=date(2025, 3, 1), actual_precision="day")
        MilestoneFactory(project=project, kind="registered", actual=date(2025, 4, 1), actual_precision="day")
    return batch


def raised(project, stage, by):
    """The stage is changed by hand, with its log."""
    before, project.stage = project.stage, stage
    project.stamp(by)
    project.save()
    log_stage(project, from_stage=before, by=by)


def test_what_a_later_stage_needs_stays_and_the_rest_is_taken_back(project, batch, by):
    company = project.enterprise
    raised(project, Stage.SIGNED, by)

    shown = undo.preview(batch)
    done = undo.undo(batch, by=by, reason="表错了")

    project = Project.objects.get()
    assert (project.stage, project.enterprise, project.total_investment) == (Stage.SIGNED, company, 900)
    assert (project.summary, list(project.milestones.values_list("kind", flat=True))) == ("", ["signed"])
    assert project.latest_milestone == "signed"
    assert unmet(project, facts_of(project), ()) == []
    kept = {(one.model, one.field and one.field.name): str(one.reason) for one in done.kept}
    assert kept == {
        (Milestone, None): NO_DATE,
        (Enterprise, None): "It was entered by this act, and other records have come to need it: it is not deleted.",
        (Project, "enterprise"): "From the signing on, a project has its company.",
        (Project, "total_investment"): (
            "From the signing on, the total investment is given or marked as not disclosed."
        ),
    }
    assert len(shown.kept) == len(done.kept)


def test_date_that_was_given_by_the_batch_stays_where_a_later_stage_needs_it(project, by):
    row = MilestoneFactory(
        project=project, kind="signed", actual=None, actual_precision="", planned=date(2025, 3, 1),
        planned_precision="day",
    )  # fmt: skip
    project.enterprise, project.total_investment = EnterpriseFactory(), Decimal(900)
    project.save()
    with change_batch(ChangeBatch.Kind.IMPORT, by=None) as batch:
        row.actual, row.actual_precision = date(2025, 3, 2), "day"
        row.stamp(None)
        row.save()
        other = MilestoneFactory(project__published=False, project__enterprise__published=False)
    raised(project, Stage.SIGNED, by)

    undo.undo(batch, by=by, reason="表错了")

    assert list(Milestone.objects.values_list("pk", "actual")) == [(row.pk, date(2025, 3, 2))]
    assert not Milestone.objects.filter(pk=other.pk).exists()


@pytest.mark.parametrize("stage", [None, Stage.LEAD])
def test_nothing_stays_where_no_later_stage_needs_it(project, batch, by, stage):
    if stage:
        raised(project, stage, by)

    assert undo.undo(batch, by=by, reason="表错了").kept == []

    assert (Milestone.objects.count(), Project.objects.get().enterprise) == (0, None)


def test_what_was_let_through_does_not_stay(project, batch, by):
    before, project.stage = project.stage, Stage.SIGNED
    project.stamp(by)
    project.save()
    names = ["enterprise", "signed", "investment"]
    log_stage(project, from_stage=before, by=by, reason="口头确认", overridden=names)

    assert undo.undo(batch, by=by, reason="表错了").kept == []


def test_stage_that_came_with_the_batch_goes_back_with_its_facts(by):
    project = ProjectFactory(stage=Stage.NEGOTIATING, published=False, waived=False)
    with change_batch(ChangeBatch.Kind.IMPORT, by=by) as batch:
        MilestoneFactory(project=project, kind="signed")
        raised(project, Stage.SIGNED, by)

    assert undo.undo(batch, by=by, reason="表错了").kept == []

    assert (Project.objects.get().stage, Milestone.objects.count()) == (Stage.NEGOTIATING, 0)
