"""How far a project is, as its page in the admin says."""

import pytest
from django.utils import translation

from projects.progress import Needed, progress_of
from tests.factories import MilestoneFactory, ProjectFactory, StageChangeFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def test_progress_names_the_next_stage_and_what_it_needs():
    progress = progress_of(ProjectFactory(stage="negotiating", published=False, waived=False).pk)
    sentence = "From the signing on, the date of signing is given."
    assert (progress.stage, progress.following) == ("negotiating (在谈)", "signed (签约)")
    assert progress.needed == [Needed("date of signing", sentence, "#milestones-group")]


def test_credit_code_is_entered_in_the_record_of_the_company():
    project = ProjectFactory(stage="signed", waived=False)
    company = f"/admin/enterprises/enterprise/{project.enterprise.pk}/change/#id_credit_code"
    assert [need.href for need in progress_of(project.pk).needed] == ["#milestones-group", company]
    project.enterprise = None
    project.save()
    assert [need.href for need in progress_of(project.pk).needed][-1] == "#id_enterprise"


def test_last_stage_has_no_next_one_and_lists_what_it_lacks_itself():
    project = MilestoneFactory(project=ProjectFactory(stage="at_capacity", waived=False)).project
    progress = progress_of(project.pk)
    assert progress.following == ""
    assert [need.label for need in progress.needed] == [
        "date of signing", "credit code of the company", "date of the start of production",
    ]  # fmt: skip


def test_what_was_let_through_is_needed_no_longer():
    assert progress_of(ProjectFactory(stage="landed").pk).needed == []


def test_date_ahead_of_the_stage_is_told():
    project = MilestoneFactory(project=ProjectFactory(stage="signed")).project
    assert progress_of(project.pk).ahead == "works started (开工)"
    assert progress_of(ProjectFactory().pk).ahead == ""


def test_log_is_told_in_words_newest_first():
    project, clerk = ProjectFactory(waived=False), UserFactory(last_name="王", first_name="一")
    StageChangeFactory(project=project, from_stage="", to_stage="landed")
    StageChangeFactory(project=project, reason="旧档案", overridden="place signed", created_by=clerk)
    steps = [(s.old, s.new, s.who, s.reason, s.let_through) for s in progress_of(project.pk).newest]
    assert steps == [
        ("landed (落地)", "started (开工)", "王一", "旧档案", ["place", "date of signing"]),
        ("", "landed (落地)", "the system", "", []),
    ]


def test_page_asks_as_often_for_a_long_log_as_for_a_short_one(django_assert_num_queries):
    project = ProjectFactory()
    for _ in range(3):
        with django_assert_num_queries(3):  # the project with its company, its milestones, its log
            progress_of(project.pk)
        StageChangeFactory(project=project)
