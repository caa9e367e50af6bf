"""Projects that are late or silent."""

from datetime import UTC, date, datetime

import pytest

from monthly.desk import projects
from projects.models import Project
from projects.stages import Status
from tests.factories import (
    ExemptionFactory,
    FundingRecordFactory,
    InvestmentRecordFactory,
    LightThresholdsFactory,
    MilestoneFactory,
    ProgressPhotoFactory,
    ProgressReportFactory,
    ProjectFactory,
)
from tests.monthly.desk.cast import NEW, TODAY, a_clerk, last_changed, told

pytestmark = pytest.mark.django_db
LATE = {"planned": date(2025, 6, 11), "planned_precision": "ten_days", "actual": None, "actual_precision": ""}
SILENT = datetime(2025, 5, 25, 2, tzinfo=UTC)  # thirty days before


def a_photo(project):
    return ProgressPhotoFactory(report__project=project)


def test_overdue_milestones_are_ones_own_and_of_projects_that_go_on():
    clerk, project = a_clerk()
    row = MilestoneFactory(project=project, **LATE)
    MilestoneFactory(project=project, **LATE | {"kind": "producing", "planned": date(2025, 6, 21)})  # until the 30th
    MilestoneFactory(**LATE)
    paused = ProjectFactory(place=project.place, status=Status.PAUSED, status_reason="资金问题")
    MilestoneFactory(project=paused, **LATE)

    [matter] = projects.overdue_milestones(clerk, on=TODAY)

    assert (matter.kind, matter.subject) == ("milestone", f"{row.pk}:2025-06-11:ten_days")
    assert (matter.text, matter.url) == (project.name, f"/admin/projects/project/{project.pk}/change/#milestones-group")
    assert row.get_kind_display() in matter.note


def test_project_is_silent_from_the_days_of_the_thresholds_on():
    clerk, project = a_clerk()
    last_changed(SILENT)

    found = [told(projects.without_update(clerk, on=day)) for day in (date(2025, 6, 23), TODAY)]

    assert found == [[], [("update", str(project.pk))]]
    LightThresholdsFactory(valid_from=date(2025, 1, 1), update_amber_days=31)
    assert projects.without_update(clerk, on=TODAY) == []


def test_silence_that_is_exempted_is_not_told():
    clerk, project = a_clerk()
    ExemptionFactory(project=project, rule="update", since=date(2025, 6, 1))
    last_changed(SILENT)

    assert projects.without_update(clerk, on=TODAY) == []


@pytest.mark.parametrize(
    "factory",
    [FundingRecordFactory, InvestmentRecordFactory, ProgressReportFactory, a_photo, MilestoneFactory],
)
def test_silence_begins_with_the_last_change_that_the_light_knows(factory):
    clerk, project = a_clerk()
    last_changed(datetime(2025, 1, 5, 2, tzinfo=UTC))
    row = factory(project=project)
    last_changed(datetime(2025, 1, 5, 2, tzinfo=UTC))
    type(row).objects.filter(pk=row.pk).update(updated_at=datetime(2025, 3, 8, 23, tzinfo=UTC))  # the 9th in China

    [matter] = projects.since_when(projects.without_update(clerk, on=TODAY))

    assert matter.subject == f"{project.pk}:2025-03-09"
    assert "2025年3月9日" in matter.note  # what the light says


def test_red_projects_are_told_with_the_reason_but_silent_ones_only_once():
    clerk, project = a_clerk()
    MilestoneFactory(project=project, **LATE | {"planned": date(2025, 1, 1), "planned_precision": "month"})
    silent = ProjectFactory(stage="landed", place=project.place)
    last_changed(NEW)
    Project.objects.filter(pk=silent.pk).update(updated_at=datetime(2025, 1, 5, tzinfo=UTC))

    among = projects.lit(clerk, on=TODAY)

    assert told(projects.red(clerk, on=TODAY, among=among)) == [("red", str(project.pk))]
    assert told(projects.without_update(clerk, on=TODAY, among=among)) == [("update", str(silent.pk))]


def test_lists_take_as_many_queries_for_many_projects(django_assert_num_queries):
    clerk, project = a_clerk()
    for _number in range(3):
        made = ProjectFactory(stage="landed", place=project.place)
        MilestoneFactory(project=made, **LATE)
        last_changed(SILENT)
    projects.lit(clerk, on=TODAY)

    with django_assert_num_queries(8):
        silent = projects.without_update(clerk, on=TODAY)
    with django_assert_num_queries(5):
        projects.since_when(silent)
    with django_assert_num_queries(1):
        late = projects.overdue_milestones(clerk, on=TODAY)
    assert (len(silent), len(late)) == (4, 3)
