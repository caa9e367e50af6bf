"""What changed in a record, in words."""

from datetime import date
from decimal import Decimal

import pytest

from liangzhou.history.changes import changes_between, contents, in_words, net_changes, person, row_of, told_fields
from projects.models import Milestone, Project
from tests.factories import EnterpriseFactory, IndustryChainFactory, MilestoneFactory, ProjectFactory, UserFactory


def field(name, model=Project):
    return model._meta.get_field(name)


def test_told_fields_are_those_that_people_type():
    assert [field.name for field in told_fields(Milestone, apart_from=("project",))] == [
        "kind",
        "planned",
        "actual",
        "note",
    ]


@pytest.mark.parametrize(("name", "value", "words"), [
    ("total_investment", Decimal("13100.5"), "1.31005亿元"), ("total_investment", None, "—"), ("summary", "", "—"),
    ("land_area", Decimal("100.00"), "100"), ("land_area", Decimal("0"), "0"), ("name", "储能", "储能"),
])  # fmt: skip
def test_value_is_told_exactly(name, value, words):
    assert in_words(Project(**{name: value}), field(name)) == words


def test_choice_is_told_by_its_label():
    project = Project(stage="started")
    assert in_words(project, field("stage")) == project.get_stage_display()


def test_choice_that_exists_no_longer_is_told_as_it_was():
    assert in_words(Project(stage="gone"), field("stage")) == "gone"


def test_date_is_told_as_far_as_known():
    milestone = Milestone(actual=date(2025, 5, 21), actual_precision="ten_days")
    assert in_words(milestone, field("actual", Milestone)) == "2025年5月下旬"


def test_person_is_told_family_name_first_or_by_user_name():
    wang, nameless = UserFactory.build(last_name="王", first_name="一"), UserFactory.build(
        last_name="", first_name="", username="clerk"
    )  # fmt: skip
    assert (person(wang), person(nameless), bool(person(None))) == ("王一", "clerk", True)


@pytest.mark.django_db
def test_related_record_is_told_by_its_name_even_where_it_is_gone():
    chain = IndustryChainFactory(name="奶产业")
    past = ProjectFactory(chain=chain).history.get()
    assert in_words(past, field("chain")) == "奶产业"
    Project.objects.all().delete()
    chain.delete()
    words = in_words(Project.history.earliest("history_id"), field("chain"))
    assert words not in ("奶产业", "—", "")


@pytest.mark.django_db
def test_precision_alone_is_a_change():
    milestone = MilestoneFactory()
    milestone.actual_precision = "month"
    milestone.save()
    new, old = milestone.history.order_by("-history_id")
    assert [(c.name, c.old, c.new) for c in changes_between(old, new, told_fields(Milestone))] == [
        ("actual", "2025年5月下旬", "2025年5月"),
    ]


def history_of(project, *summaries):
    for summary in summaries:
        project.summary = summary
        project._history_user = UserFactory(last_name=summary, first_name="")
        project.save()
    return list(project.history.order_by("history_id"))


@pytest.mark.django_db
def test_net_change_names_who_changed_it_last():
    records = history_of(ProjectFactory(summary="甲"), "乙", "丙")
    ((name, old, new, who),) = [(c.name, c.old, c.new, c.who) for c in net_changes(records, told_fields(Project))]
    assert (name, old, new, who) == ("summary", "甲", "丙", "丙")


@pytest.mark.django_db
def test_net_change_leaves_out_what_was_changed_back():
    assert net_changes(history_of(ProjectFactory(summary="甲"), "乙", "甲"), told_fields(Project)) == []


@pytest.mark.django_db
def test_contents_leave_out_defaults_and_unknowns():
    past = EnterpriseFactory(name="甲公司", kind="", origin_province="", published=False).history.get()
    assert [(c.name, c.new) for c in contents(past, told_fields(past.instance_type))] == [("name", "甲公司")]


@pytest.mark.django_db
def test_row_of_the_past_is_the_row_as_it_was():
    project = ProjectFactory(name="旧名")
    ProjectFactory._meta.model.objects.get(pk=project.pk).save()
    project.name = "新名"
    project.save()
    row = row_of(project.history.earliest("history_id"))
    assert (row, row.name, row._state.adding) == (project, "旧名", False)
