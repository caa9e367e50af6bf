"""A record with its parts as they stood at one moment."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.contrib import admin
from django.test import RequestFactory

from liangzhou.batches import ChangeBatch, change_batch
from liangzhou.history.versions import Story, current, own_difference, parts_difference
from projects.models import Project
from tests.factories import EnterpriseFactory, MeasureFactory, ProjectFactory, ProjectPartyFactory, UserFactory

pytestmark = pytest.mark.django_db

DAY = 86_400


@pytest.fixture
def clock():
    with time_machine.travel(datetime(2025, 6, 1, 4, tzinfo=UTC), tick=False) as clock:
        yield clock


@pytest.fixture
def inlines(db):
    request = RequestFactory().get("/")
    request.user = UserFactory(is_superuser=True)
    return admin.site.get_model_admin(Project).get_inline_instances(request)


def story_of(project, inlines):
    return Story(Project, project.pk, inlines)


def measures(version):
    (rows,) = [rows for inline, rows in version.parts if inline.opts.model_name == "measure"]
    return sorted((row.name, int(row.value)) for row in rows.values())


def save(row, **values):
    for name, value in values.items():
        setattr(row, name, value)
    row.save()


def test_parts_saved_with_a_record_belong_to_its_save(clock, inlines):
    project = ProjectFactory(summary="一")
    measure = MeasureFactory(project=project, name="功率", value=300)
    clock.shift(DAY)
    save(project, summary="二")
    clock.shift(1)
    save(measure, value=350)
    MeasureFactory(project=project, name="容量", value=600)
    story = story_of(project, inlines)
    first, second = (story.after(save.key) for save in story.saves)
    assert (first.row.summary, measures(first)) == ("一", [("功率", 300)])
    assert (second.row.summary, measures(second)) == ("二", [("功率", 350), ("容量", 600)])


def test_part_changed_alone_belongs_to_no_save_and_yet_to_the_version(clock, inlines):
    project = ProjectFactory(summary="一")
    measure = MeasureFactory(project=project, name="功率", value=300)
    clock.shift(DAY)
    save(measure, value=350)
    clock.shift(DAY)
    save(project, summary="二")
    story = story_of(project, inlines)
    assert [change.save for change in story.changes] == [0, None]
    assert measures(story.after(story.saves[0].key)) == [("功率", 350)]


def test_parts_of_a_batch_belong_to_the_save_of_the_batch_whatever_the_clock_says(clock, inlines):
    project = ProjectFactory()
    measure = MeasureFactory(project=project, name="功率", value=300)
    with change_batch(ChangeBatch.Kind.IMPORT, by=None):
        save(measure, value=350)
        clock.shift(600)
        save(project, summary="二")
    story = story_of(project, inlines)
    assert measures(story.after(story.saves[0].key)) == [("功率", 300)]
    assert measures(story.after(story.saves[1].key)) == [("功率", 350)]


def test_parts_that_went_with_their_record_are_there_before(clock, inlines):
    project = ProjectFactory()
    pk = project.pk
    MeasureFactory(project=project, name="功率", value=300)
    clock.shift(DAY)
    clock.shift(1)
    Project.objects.get(pk=pk).delete()
    story = Story(Project, pk, inlines)
    before, after = (story.after(save.key) for save in story.saves)
    assert (measures(before), after.row, measures(after)) == ([("功率", 300)], None, [])


def test_moment_before_the_record_holds_nothing(clock, inlines):
    project = ProjectFactory()
    version = story_of(project, inlines).at(datetime(2025, 6, 1, 4, tzinfo=UTC))
    assert (version.row, measures(version)) == (None, [])


def test_moment_between_two_saves(clock, inlines):
    project = ProjectFactory(summary="一")
    MeasureFactory(project=project, name="功率", value=300)
    clock.shift(DAY)
    save(project, summary="二")
    version = story_of(project, inlines).at(datetime(2025, 6, 1, 5, tzinfo=UTC))
    assert (version.row.summary, measures(version)) == ("一", [("功率", 300)])


def test_part_that_was_moved_is_with_one_record_at_a_time(clock, inlines):
    first, second = ProjectFactory(), ProjectFactory()
    measure = MeasureFactory(project=first, name="功率", value=300)
    clock.shift(DAY)
    save(measure, project=second)
    now = datetime(2025, 6, 9, tzinfo=UTC)
    assert measures(story_of(first, inlines).at(now)) == []
    assert measures(story_of(second, inlines).at(now)) == [("功率", 300)]
    (_, moved) = story_of(first, inlines).changes
    ((line),) = moved.lines
    assert ("功率" in line.change.old, "功率" in line.change.new) == (True, False)


def test_difference_is_net_and_tells_of_the_parts(clock, inlines):
    project = ProjectFactory(summary="一", land_area=100)
    kept, gone = MeasureFactory(project=project, name="功率", value=300), MeasureFactory(project=project, name="容量")
    clock.shift(DAY)
    save(project, summary="二", land_area=120)
    gone.delete()
    clock.shift(DAY)
    save(project, summary="一")
    save(kept, value=350)
    MeasureFactory(project=project, name="占地")
    story = story_of(project, inlines)
    old, new = story.after(story.saves[0].key), story.after(story.saves[-1].key)
    assert [(x.change.name, x.change.old, x.change.new) for x in own_difference(Project, old, new)] == [
        ("land_area", "100", "120")
    ]
    lines = [(x.change.name, "容量" in x.change.old, "占地" in x.change.new) for x in parts_difference(old, new)]
    assert lines == [("value", False, False), ("", True, False), ("", False, True)]
    assert parts_difference(new, current(project, inlines)) == []


def test_company_that_is_gone_breaks_no_story(inlines):
    project, company = ProjectFactory(), EnterpriseFactory()
    party = ProjectPartyFactory(project=project, enterprise=company)
    save(party, note="新")
    party.delete()
    company.delete()
    lines = [line for change in story_of(project, inlines).changes for line in change.lines]
    assert len(lines) == 3


def test_story_asks_as_often_for_many_parts_as_for_one(inlines, django_assert_num_queries):
    projects = [ProjectFactory(), ProjectFactory()]
    for project, count in zip(projects, (1, 4), strict=True):
        for _ in range(count):
            ProjectPartyFactory(project=project), MeasureFactory(project=project)
    with django_assert_num_queries(_queries(inlines)):
        [change.lines for change in story_of(projects[0], inlines).changes]
    with django_assert_num_queries(_queries(inlines)):
        [change.lines for change in story_of(projects[1], inlines).changes]


def _queries(inlines):
    return 1 + 2 * len(inlines) + 1  # saves; for each kind of part its links and its records; the parties' companies
