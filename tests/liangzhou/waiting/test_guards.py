"""No way around the review: restoring, merging, taking back, parts in the lists of their own."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from enterprises.fieldsets import ENTERPRISE
from liangzhou.batches import ChangeBatch, change_batch, undo
from liangzhou.waiting import guards as waiting_guards
from projects import merging
from projects.fieldsets import PROJECT
from projects.models import Milestone, Project
from tests.factories import (
    CitationFactory,
    ContactFactory,
    EnterpriseFactory,
    IndustryChainFactory,
    ProjectFactory,
    QualificationFactory,
    UserFactory,
)
from tests.liangzhou.history_desk import change, first_save, restore, restore_url
from tests.liangzhou.review_desk import desk, form_url, public_project, refused, signed_in
from tests.opened_form import open_form

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _review(settings):
    settings.REVIEW_CHANGES = True


@pytest.fixture
def boss():
    return signed_in(UserFactory(is_superuser=True))


@pytest.fixture
def project():
    return public_project()


@pytest.mark.parametrize(("label", "sections"), [("projects.project", PROJECT), ("enterprises.enterprise", ENTERPRISE)])
def test_fields_saved_at_once_are_internal_ones(label, sections):
    internal = {name for section in sections for name in section.internal}
    public = {name for section in sections for name in section.public + section.folded + section.derived}
    at_once = set(waiting_guards.INTERNAL_FIELDS[label])
    assert (at_once - internal, at_once & public) == (set(), set())


def test_public_record_does_not_go_back_to_an_earlier_version(boss, project):
    change(project, summary="现在的说法")
    page = restore(boss, restore_url(project, first_save(Project)))
    assert len(page.context_data["problems"]) == 1
    assert Project.objects.get().summary == "现在的说法"


def test_record_that_is_not_public_goes_back(boss):
    project = ProjectFactory(published=False, summary="旧的说法")
    change(project, summary="现在的说法")
    restore(boss, restore_url(project, first_save(Project)))
    assert Project.objects.get().summary == "旧的说法"


def test_part_of_a_public_record_does_not_go_back_alone(boss, project):
    milestone = project.milestones.get()
    change(milestone, note="现在的备注")
    page = restore(boss, restore_url(milestone, first_save(Milestone)))
    assert len(page.context_data["problems"]) == 1
    assert Milestone.objects.get().note == "现在的备注"


@pytest.mark.parametrize("published", [(True, False), (False, True)])
def test_public_projects_are_not_merged(published):
    keep, other = (ProjectFactory(published=one) for one in published)
    with pytest.raises(merging.Refused) as error:
        merging.merge(keep, other, choices={}, by=UserFactory(is_superuser=True), reason="同一个")
    assert (len(error.value.sentences), Project.objects.count()) == (1, 2)
    assert len(merging.preview(keep, other).refused) == 1


def test_projects_that_are_not_public_are_merged():
    keep, other = ProjectFactory(published=False), ProjectFactory(published=False)
    merging.merge(keep, other, choices={}, by=UserFactory(is_superuser=True), reason="同一个")
    assert Project.objects.get() == keep


def written_by_a_batch(row, **values):
    with change_batch(ChangeBatch.Kind.IMPORT, by=None) as batch:
        change(row, **values)
    return batch


def test_what_a_batch_wrote_of_a_public_record_is_not_taken_back(project):
    batch = written_by_a_batch(project, summary="导入的说法")
    by = UserFactory(is_superuser=True)
    with pytest.raises(ValidationError):
        undo.preview(batch, by=by)
    with pytest.raises(ValidationError):
        undo.undo(batch, by=by, reason="错了")
    assert Project.objects.get().summary == "导入的说法"


def test_what_a_batch_wrote_of_a_public_records_part_is_not_taken_back(project):
    batch = written_by_a_batch(project.milestones.get(), note="导入的备注")
    with pytest.raises(ValidationError):
        undo.undo(batch, by=UserFactory(is_superuser=True), reason="错了")


def test_what_a_batch_wrote_of_internal_fields_is_taken_back(project):
    batch = written_by_a_batch(project, internal_remark="导入的备注")
    undo.undo(batch, by=UserFactory(is_superuser=True), reason="错了")
    assert Project.objects.get().internal_remark == ""


def test_what_a_batch_wrote_of_a_record_that_is_not_public_is_taken_back():
    project = ProjectFactory(published=False, summary="旧的说法")
    batch = written_by_a_batch(project, summary="导入的说法")
    undo.undo(batch, by=UserFactory(is_superuser=True), reason="错了")
    assert Project.objects.get().summary == "旧的说法"


def parts():
    citation = CitationFactory(target=public_project())
    qualification = QualificationFactory(enterprise=EnterpriseFactory(published=True))
    return [public_project().milestones.get(), citation, qualification]


@pytest.mark.parametrize(("index", "field"), [(0, "note"), (1, "supports"), (2, "batch")])
def test_part_of_a_public_record_is_not_changed_in_its_own_list(boss, index, field):
    part = parts()[index]
    before = getattr(part, field)
    name = part._meta.model_name
    page = boss.get(form_url(part))
    assert (bool(page.context_data["held"]), b'name="_save"' in page.content) == (True, False)
    response = boss.post(form_url(part), open_form(boss, form_url(part), f"{name}_form") | {field: "改"})
    part.refresh_from_db()
    assert (len(refused(response)), getattr(part, field), part.version) == (1, before, 1)


@pytest.mark.parametrize("index", [1, 2])
def test_part_of_a_public_record_is_not_deleted_in_its_own_list(boss, index):
    part = parts()[index]
    name = f"admin:{part._meta.app_label}_{part._meta.model_name}"
    one = boss.post(reverse(f"{name}_delete", args=[part.pk]), {"post": "yes"})
    many = {"action": "delete_selected", "_selected_action": [part.pk], "post": "yes"}
    many = boss.post(reverse(f"{name}_changelist"), many)
    assert [len(page.context_data["protected"]) for page in (one, many)] == [1, 1]
    assert type(part).objects.filter(pk=part.pk).count() == 1


def test_part_of_a_record_that_is_not_public_is_changed_in_its_own_list(boss):
    milestone = public_project().milestones.get()
    Project.objects.update(published=False)
    data = open_form(boss, form_url(milestone), "milestone_form") | {"note": "改"}
    assert boss.post(form_url(milestone), data).status_code == 302
    milestone.refresh_from_db()
    assert milestone.note == "改"


def test_sentence_of_a_record_that_is_not_published_as_such_is_changed_at_once(boss):
    citation = CitationFactory(target=IndustryChainFactory())
    data = open_form(boss, form_url(citation), "citation_form") | {"supports": "改"}
    assert boss.post(form_url(citation), data).status_code == 302


def test_contacts_are_internal_and_changed_at_once():
    assert waiting_guards.why_not_around(ContactFactory(enterprise=EnterpriseFactory(published=True))) == ""


def test_setting_off_shuts_no_way(settings, project, django_assert_num_queries):
    settings.REVIEW_CHANGES, boss = False, UserFactory(is_superuser=True)
    with django_assert_num_queries(0):
        assert waiting_guards.why_not_around(project) == ""
        assert waiting_guards.why_not_delete(boss, project) == ""


def test_editor_is_told_at_the_project_that_its_changes_wait(project):
    page = desk("editor").get(form_url(project))
    assert (page.context_data["waiting"].change, page.context_data["waiting"].at_once != "") == (None, True)
