"""Taking back what showed records to the public, or took them from it."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from liangzhou import publishing
from liangzhou.audit import AuditEntry
from liangzhou.batches import ChangeBatch, change_batch, undo
from projects.models import Milestone, Project
from projects.stages import Stage
from tests.factories import ContactFactory, MilestoneFactory, OpportunityFactory, ProjectFactory, UserFactory
from tests.liangzhou.history_desk import change

pytestmark = pytest.mark.django_db


@pytest.fixture
def publisher():
    return UserFactory(roles=["publisher"])


@pytest.fixture
def editor():
    return UserFactory(roles=["editor"])


@pytest.fixture
def withdrawn(publisher):
    """The batch in which the one project was withdrawn."""
    MilestoneFactory(project=ProjectFactory(published=True, summary="公开的"))
    return publishing.withdraw(Project.objects.all(), by=publisher, text="核实").batch


def take_back(batch, by):
    """The batch that takes it back; a sentence where it must not be."""
    try:
        return undo.undo(batch, by=by, reason="撤错了").batch
    except ValidationError as error:
        return " ".join(error.messages)


def is_public():
    return Project.objects.get().published


def in_bulk(milestone):
    """As an import that is taken back does it: the part alone is written."""
    batch = change_batch(ChangeBatch.Kind.IMPORT, by=None)
    with batch as imported:
        milestone.note = "没有提交过"
        milestone.save()
    undo.undo(imported, by=None, reason="r")
    assert Project.objects.get().version == 2


CHANGES = {
    "text": lambda project: change(project, summary="没有提交过"),
    "text changed and submitted": lambda project: (
        change(project, summary="没有提交过"),
        publishing.submit(Project.objects.all(), by=UserFactory(roles=["editor"])),
    ),
    "part": lambda project: in_bulk(project.milestones.get()),
    "part entered": lambda project: MilestoneFactory(project=project, kind=Milestone.Kind.COMPLETED),
    "part deleted": lambda project: project.milestones.get().delete(),
}


@pytest.mark.parametrize("name", CHANGES)
def test_withdrawal_of_what_was_changed_since_is_not_taken_back(withdrawn, publisher, name):
    CHANGES[name](Project.objects.get())
    with translation.override("en"):
        assert "submit it for publishing" in take_back(withdrawn, publisher)
    assert not is_public()


def test_preview_says_that_it_must_not_be(withdrawn, publisher):
    CHANGES["text"](Project.objects.get())
    with pytest.raises(ValidationError):
        undo.preview(withdrawn, by=publisher)


def test_publishing_that_was_taken_back_is_not_published_with_a_later_text(editor, publisher):
    ProjectFactory(published=False, review="submitted", updated_by=editor)
    published = publishing.publish(Project.objects.all(), by=publisher).batch
    back = take_back(published, publisher)
    change(Project.objects.get(), summary="没有提交过")
    take_back(back, publisher)
    assert not is_public()


def test_acts_of_publishing_and_internal_parts_are_no_changes(withdrawn, publisher, editor):
    project = Project.objects.get()
    ContactFactory(enterprise=project.enterprise)
    publishing.submit(Project.objects.all(), by=editor)
    publishing.give_back(Project.objects.all(), by=publisher, text="缺来源")
    back = take_back(withdrawn, publisher)
    assert is_public()
    again = take_back(back, publisher)
    assert not is_public()
    take_back(again, publisher)
    assert is_public()


def test_what_must_not_be_public_any_more_stays_a_draft(withdrawn, publisher):
    Project.objects.update(stage=Stage.LEAD)
    take_back(withdrawn, publisher)
    assert not is_public()


def test_trail_tells_what_was_published_and_withdrawn_by_it(withdrawn, publisher):
    back = take_back(withdrawn, publisher)
    again = take_back(back, publisher)
    told = AuditEntry.objects.exclude(details__batch=withdrawn.pk).order_by("number")
    pk = str(Project.objects.get().pk)
    assert [(e.action, e.target_kind, e.target_id, e.details["batch"]) for e in told] == [
        ("undo", "liangzhou.changebatch", str(withdrawn.pk), back.pk),
        ("publish", "projects.project", pk, back.pk),
        ("undo", "liangzhou.changebatch", str(back.pk), again.pk),
        ("withdraw", "projects.project", pk, again.pk),
    ]


def test_trail_tells_of_public_records_that_come_back_and_go(publisher):
    boss = UserFactory(is_superuser=True)
    rows = [OpportunityFactory(published=public) for public in (True, True, False)]
    with change_batch(ChangeBatch.Kind.DELETE, by=boss) as batch:
        for row in rows:
            row.delete()
    back = take_back(batch, boss)
    take_back(back, boss)
    told = AuditEntry.objects.filter(action__in=["publish", "withdraw"]).order_by("number")
    assert [(entry.action, entry.details["count"]) for entry in told] == [("publish", 2), ("withdraw", 2)]


def test_public_record_does_not_go_by_taking_back_without_the_right_to_publish(editor):
    boss = UserFactory(is_superuser=True)
    record = OpportunityFactory(published=True)
    with change_batch(ChangeBatch.Kind.DELETE, by=boss) as batch:
        record.delete()
    back = take_back(batch, boss)
    take_back(back, editor)
    assert type(record).objects.public().count() == 1
    take_back(back, boss)
    assert type(record).objects.count() == 0


def test_cost_of_showing_many_again_does_not_grow(publisher, django_assert_max_num_queries):
    for _number in range(40):
        OpportunityFactory(published=True)
    model = type(OpportunityFactory.build())
    batch = publishing.withdraw(model.objects.all(), by=publisher, text="核实").batch
    with django_assert_max_num_queries(150):
        undo.undo(batch, by=publisher, reason="r")
    assert model.objects.public().count() == 40
