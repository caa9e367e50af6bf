"""What taking back has to leave alone, and what it must find although it is only entered again later."""

import pytest
from django.utils import translation

from liangzhou.batches import undo
from projects.merging import merge
from projects.models import FormerCode, Project, StageChange
from projects.stages import Stage
from tests.factories import MilestoneFactory, ProjectFactory, StageChangeFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def by():
    return UserFactory()


@pytest.fixture
def pair():
    """Two leads, each with a log of its stage."""
    given = {"stage": Stage.LEAD, "published": False, "waived": False}
    found = ProjectFactory(name="冷链物流园", **given), ProjectFactory(name="冷链物流园项目", **given)
    for project in found:
        StageChangeFactory(project=project, from_stage="", to_stage=Stage.LEAD)
    return found


def edit(row, **values):
    """Save a row as staff do."""
    row.refresh_from_db()
    for name, value in values.items():
        setattr(row, name, value)
    row.stamp(None)
    row.save()


def logged():
    return set(StageChange.objects.values_list("pk", "project", "overridden"))


def test_taking_a_merge_back_can_be_taken_back_any_number_of_times(pair, by):
    keep, other = pair
    MilestoneFactory(project=other)
    apart = logged()
    batch = merge(keep, other, choices={}, by=by, reason="同一项目")
    together = logged()

    for _turn in range(2):
        batch = undo.undo(batch, by=by, reason="不是").batch
        assert (logged(), Project.objects.count(), FormerCode.objects.count()) == (apart, 2, 0)
        batch = undo.undo(batch, by=by, reason="还是").batch
        assert (logged(), Project.objects.count(), FormerCode.objects.get().code) == (together, 1, other.code)
    assert {project for _pk, project, _names in together} == {keep.pk}


def test_log_written_since_goes_with_the_project_that_goes(pair, by):
    keep, other = pair
    batch = merge(keep, other, choices={}, by=by, reason="同一项目")
    back = undo.undo(batch, by=by, reason="不是").batch
    before = logged()
    since = StageChangeFactory(project=Project.objects.get(code=other.code))

    undo.undo(back, by=by, reason="还是")

    assert {pk for pk, *_rest in logged()} == {pk for pk, *_rest in before}
    assert StageChange.history.filter(id=since.pk, history_type="-").count() == 1


@pytest.mark.parametrize("depth", [1, 2])
def test_merge_can_be_taken_back_although_a_phase_was_edited_since(pair, by, depth):
    keep, other = pair
    top = ProjectFactory(name="上级")
    if depth == 2:
        edit(other, parent=top)
    phase = ProjectFactory(name="二期", parent=Project.objects.get(pk=other.pk))
    batch = merge(keep, Project.objects.get(pk=other.pk), choices={}, by=by, reason="同一项目")
    edit(phase, land_area=5)

    assert undo.preview(batch).kept == []
    undo.undo(batch, by=by, reason="不是")

    phase.refresh_from_db()
    assert (phase.parent_id, phase.land_area) == (other.pk, 5)


def test_former_code_does_not_come_back_beside_the_project_of_that_code(pair, by):
    keep, other = pair
    batch = merge(keep, other, choices={}, by=by, reason="同一项目")
    back = undo.undo(batch, by=by, reason="不是").batch
    edit(other, land_area=7)

    done = undo.undo(back, by=by, reason="还是")

    assert (Project.objects.filter(code=other.code).count(), FormerCode.objects.count()) == (1, 0)
    assert [(one.model, str(one.reason)) for one in done.kept if one.model is FormerCode] == [
        (FormerCode, "It stood for a record that is there again and stays.")
    ]
    merge(*Project.objects.order_by("pk"), choices={}, by=by, reason="同一项目")
    assert FormerCode.objects.get().code == other.code


def test_former_code_goes_when_its_project_comes_back_although_it_was_handed_on(pair, by):
    """The project that it leads to was itself merged into a third one."""
    keep, other = pair
    third = ProjectFactory(name="物流园", stage=Stage.LEAD, published=False, waived=False)
    batch = merge(keep, other, choices={}, by=by, reason="同一项目")
    merge(third, Project.objects.get(pk=keep.pk), choices={}, by=by, reason="同一项目")

    done = undo.undo(batch, by=by, reason="不是")

    assert set(Project.objects.values_list("pk", flat=True)) == {other.pk, third.pk}
    assert set(FormerCode.objects.values_list("code", "project")) == {(keep.code, third.pk)}
    assert FormerCode not in [one.model for one in done.kept]
