"""What belongs into a project's history beside the saves of its record."""

import pytest

from projects.life import stage_events
from projects.models import Project
from projects.stages import Stage
from tests.factories import ProjectFactory, StageChangeFactory, UserFactory

pytestmark = pytest.mark.django_db


def told(project):
    return [(event.title.split(" ")[-1], event.who, event.reason, len(event.lines)) for event in stage_events(project)]


def test_every_change_of_stage_is_told_with_who_and_why():
    project = ProjectFactory(waived=False)
    clerk = UserFactory(last_name="王", first_name="一")
    StageChangeFactory(project=project, from_stage="", to_stage="signed")
    change = StageChangeFactory(
        project=project, from_stage="signed", to_stage="landed", created_by=clerk, reason="已摘牌", overridden="place"
    )
    first, second = stage_events(project)
    assert (first.title.endswith(str(Stage.SIGNED.label)), "→" in first.title) == (True, False)
    assert (str(Stage.SIGNED.label) in second.title, str(Stage.LANDED.label) in second.title) == (True, True)
    assert (second.who, second.reason, second.when) == ("王一", "已摘牌", change.created_at)
    assert [(line.change.name, bool(line.change.new)) for line in second.lines] == [("overridden", True)]


def test_stages_of_a_deleted_project_are_told_too():
    project = ProjectFactory(waived=False)
    StageChangeFactory(project=project, from_stage="landed", to_stage="started")
    before = told(project)
    Project.objects.get().delete()
    assert (told(project), len(before)) == (before, 1)
