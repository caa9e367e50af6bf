from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils import translation

from liangzhou.periods import Precision
from projects.models import Milestone, Project
from tests.factories import MilestoneFactory, ProjectFactory
from tests.problems import problems

pytestmark = pytest.mark.django_db

Kind = Milestone.Kind
NOTHING = (None, None, None, None)
PLANNED = {"actual": None, "actual_precision": "", "planned": date(2026, 1, 1), "planned_precision": Precision.YEAR}


@pytest.fixture
def project():
    return ProjectFactory()


def latest(project):
    project.refresh_from_db()
    return (project.latest_milestone, project.latest_milestone_date, project.latest_milestone_precision,
            project.latest_milestone_year)  # fmt: skip


def reach(project, kind, year, month=1, day=1, precision=Precision.DAY):
    return MilestoneFactory(project=project, kind=kind, actual=date(year, month, day), actual_precision=precision)


# The latest milestone in the project's own row


def test_latest_milestone_is_the_one_reached_last(project):
    assert latest(project) == NOTHING

    reach(project, Kind.STARTED, 2025, 5, 21, Precision.TEN_DAYS)
    assert latest(project) == ("started", date(2025, 5, 21), "ten_days", 2025)

    reach(project, Kind.SIGNED, 2024)
    assert latest(project) == ("started", date(2025, 5, 21), "ten_days", 2025)

    reach(project, Kind.PRODUCING, 2026, precision=Precision.YEAR)
    assert latest(project) == ("producing", date(2026, 1, 1), "year", 2026)


def test_latest_milestone_follows_a_change(project):
    signed, started = reach(project, Kind.SIGNED, 2024), reach(project, Kind.STARTED, 2025)

    started.actual = date(2023, 1, 1)
    started.save()
    assert latest(project) == ("signed", date(2024, 1, 1), "day", 2024)

    for name, value in PLANNED.items():
        setattr(signed, name, value)
    signed.save()
    assert latest(project) == ("started", date(2023, 1, 1), "day", 2023)


def test_latest_milestone_follows_a_deletion(project):
    signed, started = reach(project, Kind.SIGNED, 2024), reach(project, Kind.STARTED, 2025)

    started.delete()
    assert latest(project) == ("signed", date(2024, 1, 1), "day", 2024)

    signed.delete()
    assert latest(project) == NOTHING


def test_latest_milestone_follows_a_deletion_of_many(project):
    other = ProjectFactory()
    for each in (project, other):
        reach(each, Kind.SIGNED, 2024)
        reach(each, Kind.STARTED, 2025)

    Milestone.objects.filter(kind=Kind.STARTED).delete()

    assert [latest(each)[0] for each in (project, other)] == ["signed", "signed"]


def test_latest_milestone_follows_a_move_in_both_projects(project):
    other = ProjectFactory()
    milestone = reach(project, Kind.STARTED, 2025)

    milestone.project = other
    milestone.save()
    assert (latest(other)[0], latest(project)) == ("started", NOTHING)

    milestone = Milestone.objects.get()
    milestone.project = project
    milestone.save()
    assert (latest(project)[0], latest(other)) == ("started", NOTHING)


def test_latest_of_two_on_one_day_is_the_later_step(project):
    for kind in (Kind.SIGNED, Kind.PRODUCING, Kind.STARTED):
        reach(project, kind, 2025)

    assert latest(project)[0] == "producing"


def test_plans_are_not_reached(project):
    MilestoneFactory(project=project, kind=Kind.PRODUCING, **PLANNED)

    assert latest(project) == NOTHING


def test_latest_milestones_of_many_projects_are_written_at_once(django_assert_num_queries):
    one, two, three = (ProjectFactory() for _ in range(3))
    Milestone.objects.bulk_create(
        Milestone(project=project, kind=kind, actual=date(year, 1, 1), actual_precision="year")
        for project, kind, year in ((one, Kind.SIGNED, 2023), (one, Kind.LANDED, 2024), (two, Kind.SIGNED, 2025))
    )
    assert latest(one) == NOTHING

    with django_assert_num_queries(1):
        looked_at = Project.objects.refresh_latest_milestone()

    assert looked_at == 3
    assert [latest(project)[0] for project in (one, two, three)] == ["landed", "signed", None]
    assert [latest(project)[3] for project in (one, two, three)] == [2024, 2025, None]


def test_milestone_of_another_project_does_not_count(project):
    reach(ProjectFactory(), Kind.STARTED, 2025)

    assert latest(project) == NOTHING


# Order and dates


def test_milestones_stand_in_order_of_time_and_of_the_steps(project):
    MilestoneFactory(project=project, kind=Kind.AT_CAPACITY, **PLANNED)
    for kind, year in ((Kind.STARTED, 2025), (Kind.SIGNED, 2025), (Kind.LANDED, 2024)):
        reach(project, kind, year)

    assert [m.kind for m in project.milestones.in_time()] == ["landed", "signed", "started", "at_capacity"]
    assert [m.kind for m in project.milestones.reached().order_by("rank")] == ["signed", "landed", "started"]


@pytest.mark.parametrize("precision", Precision)
def test_plan_is_overdue_once_its_period_is_over(project, precision):
    row = MilestoneFactory(project=project, **PLANNED | {"planned": date(2024, 2, 21), "planned_precision": precision})
    if precision in (Precision.YEAR, Precision.MONTH):
        Milestone.objects.update(planned=date(2024, 1 if precision == Precision.YEAR else 2, 1))
        row.refresh_from_db()
    last = row.planned_date.last

    assert list(Milestone.objects.overdue(on=last)) == []
    assert list(Milestone.objects.overdue(on=last + timedelta(days=1))) == [row]


def test_what_is_reached_is_not_overdue(project):
    reach(project, Kind.SIGNED, 2025)
    MilestoneFactory(project=project, planned=date(2024, 1, 1), planned_precision=Precision.DAY)

    assert list(Milestone.objects.overdue(on=date(2026, 1, 1))) == []


def test_ranks_follow_the_steps(project):
    for kind in Kind.values:
        reach(project, kind, 2025)

    assert dict(Milestone.objects.ranked().values_list("kind", "rank")) == {k: n for n, k in enumerate(Kind.values)}


def test_milestone_has_a_plan_and_a_date_as_far_as_known():
    planned = Milestone(kind=Kind.PRODUCING, planned=date(2026, 1, 1), planned_precision="year")
    reached = Milestone(kind=Kind.PRODUCING, planned=date(2026, 1, 1), planned_precision="year",
                        actual=date(2025, 5, 21), actual_precision="ten_days")  # fmt: skip

    assert [str(planned.planned_date), planned.actual_date, str(planned.date)] == ["2026年", None, "2026年"]
    assert [str(reached.planned_date), str(reached.actual_date)] == ["2026年", "2025年5月下旬"]
    assert reached.date == reached.actual_date


def test_milestone_is_named_by_its_step_and_date():
    assert str(MilestoneFactory()) == "开工 2025年5月下旬"
    with translation.override("en"):
        assert str(MilestoneFactory()) == "works started (开工) late May 2025"


def test_milestone_without_a_date_is_told_in_words(project):
    milestone = Milestone(project=project, kind=Kind.SIGNED)

    assert problems(milestone) == {"__all__": ["Give a planned or an actual date."]}


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2025, 6, 1), {}),
        (date(2025, 6, 2), {"actual": ["This lies in the future: give it as planned."]}),
    ],
)
def test_milestone_is_not_reached_in_the_future(project, day, said):
    milestone = MilestoneFactory.build(project=project, actual=day, actual_precision=Precision.DAY)

    with time_machine.travel(datetime(2025, 5, 31, 16, 5, tzinfo=UTC)):  # 1 June in Shanghai
        assert problems(milestone) == said


def test_second_milestone_of_a_kind_is_told_in_words(project):
    reach(project, Kind.SIGNED, 2024)

    second = MilestoneFactory.build(project=project, kind=Kind.SIGNED)

    assert problems(second) == {"__all__": ["Milestone with this Project and Milestone already exists."]}
