"""Two clerks at one record."""

import pytest
from django.test import Client
from django.urls import reverse

from projects.models import Measure, Milestone, Project
from tests.factories import (
    CitationFactory,
    EnterpriseFactory,
    IndustryChainFactory,
    MeasureFactory,
    MechanismFactory,
    MilestoneFactory,
    OpportunityFactory,
    PlaceFactory,
    ProjectFactory,
    QualificationFactory,
    ReportedIndicatorFactory,
    SourceFactory,
    UserFactory,
)
from tests.opened_form import add_row, open_form, read_form

pytestmark = pytest.mark.django_db


def signed_in(last_name, first_name):
    client = Client()
    client.force_login(UserFactory(last_name=last_name, first_name=first_name, is_superuser=True))
    return client


@pytest.fixture
def wang():
    return signed_in("王", "一")


@pytest.fixture
def zhang():
    return signed_in("张", "二")


@pytest.fixture
def project():
    return ProjectFactory(name="储能电站", land_area=100, summary="旧简介")


@pytest.fixture
def url(project):
    return reverse("admin:projects_project_change", args=[project.pk])


def lines(response):
    return [(line.where, line.change.name, line.change.old, line.change.new, line.change.who, line.mine)
            for line in response.context["conflict"].lines]  # fmt: skip


def save(client, url, form=None, **typed):
    """Open the form, unless somebody has just opened the same, type, save; must succeed."""
    response = client.post(url, (form or open_form(client, url, "project_form")) | typed)
    assert response.status_code == 302, response.context["adminform"].errors
    return response


def test_save_with_the_version_it_was_opened_with_is_accepted(wang, url, project):
    save(wang, url, name="储能电站一期")
    project.refresh_from_db()
    assert (project.name, project.version) == ("储能电站一期", 2)


def test_second_save_stores_nothing_and_tells_who_changed_what(wang, zhang, url, project):
    opened = open_form(wang, url, "project_form")
    save(zhang, url, opened, land_area="120", summary="新简介")
    response = wang.post(url, opened | {"name": "甲", "land_area": "110"})
    project.refresh_from_db()
    assert (project.name, project.land_area, project.version) == ("储能电站", 120, 2)
    assert lines(response) == [
        ("", "land_area", "100", "120", "张二", "110"),
        ("", "summary", "旧简介", "新简介", "张二", ""),
    ]
    assert "张二" in response.context["conflict"].sentence


def test_second_form_keeps_what_was_typed_and_takes_over_the_rest(wang, zhang, url):
    opened = open_form(wang, url, "project_form")
    save(zhang, url, opened, land_area="120", summary="新简介")
    form = read_form(wang.post(url, opened | {"name": "甲", "land_area": "110"}), "project_form")
    changed = {name: value for name, value in form.items() if opened.get(name) != value}
    assert changed == {"name": "甲", "land_area": "110", "summary": "新简介", "_version": "2"} | {
        key: form[key] for key in ("csrfmiddlewaretoken",)
    }


def test_unticked_box_of_the_other_clerk_is_taken_over(wang, zhang, url, project):
    project.total_investment, project.investment_undisclosed = None, True
    project.save()
    opened = open_form(wang, url, "project_form")
    theirs = open_form(zhang, url, "project_form")
    del theirs["investment_undisclosed"]
    assert zhang.post(url, theirs).status_code == 302
    form = read_form(wang.post(url, opened | {"name": "甲"}), "project_form")
    assert (opened["investment_undisclosed"], form.get("investment_undisclosed")) == ("on", None)


def test_field_changed_alike_by_both_is_not_marked(wang, zhang, url):
    opened = open_form(wang, url, "project_form")
    save(zhang, url, opened, total_investment="14亿")
    response = wang.post(url, opened | {"total_investment": "140,000万元"})
    assert lines(response) == [("", "total_investment", "13亿元", "14亿元", "张二", "")]
    assert response.context["conflict"].notes == {}


def test_field_changed_by_both_says_so_at_the_field(wang, zhang, url):
    opened = open_form(wang, url, "project_form")
    save(zhang, url, opened, stage="building")
    response = wang.post(url, opened | {"stage": "producing"})
    (note,) = response.context["adminform"].form.errors["stage"]
    assert "张二" in note


def test_choice_and_unreadable_amount_are_told_in_words(wang, zhang, url):
    opened = open_form(wang, url, "project_form")
    place = PlaceFactory(name="黄羊工业园")
    save(zhang, url, opened, place=str(place.pk), total_investment="15亿")
    response = wang.post(url, opened | {"place": "", "total_investment": "很多"})
    assert [line[3:] for line in lines(response)] == [("黄羊工业园", "张二", "—"), ("15亿元", "张二", "很多")]


def test_saving_again_writes_what_is_on_the_screen(wang, zhang, url, project):
    opened = open_form(wang, url, "project_form")
    save(zhang, url, opened, land_area="120", summary="新简介")
    again = read_form(wang.post(url, opened | {"land_area": "110"}), "project_form")
    assert wang.post(url, again).status_code == 302
    project.refresh_from_db()
    assert (project.land_area, project.summary, project.version) == (110, "新简介", 3)


def test_third_editor_is_told_again(wang, zhang, url, project):
    opened = open_form(wang, url, "project_form")
    save(zhang, url, opened, land_area="120")
    again = read_form(wang.post(url, opened | {"name": "甲"}), "project_form")
    save(signed_in("李", "三"), url, land_area="130")
    response = wang.post(url, again)
    project.refresh_from_db()
    assert lines(response) == [("", "land_area", "120", "130", "李三", "")]
    assert (project.name, project.version) == ("储能电站", 3)


def test_two_saves_by_others_are_summed_up_field_by_field(wang, zhang, url):
    opened = open_form(wang, url, "project_form")
    save(zhang, url, opened, land_area="120", summary="中间")
    save(signed_in("李", "三"), url, land_area="130", summary="旧简介")
    response = wang.post(url, opened)
    assert lines(response) == [("", "land_area", "100", "130", "李三", "")]


def test_unknown_version_is_refused_without_losing_what_was_typed(wang, url, project):
    opened = open_form(wang, url, "project_form")
    for version in ("", "0", "-1", "99", "abc", "1e9", "9" * 400, "\x00", "²"):
        response = wang.post(url, opened | {"_version": version, "name": "甲"})
        form = read_form(response, "project_form")
        project.refresh_from_db()
        assert (project.name, form["name"], form["_version"]) == ("储能电站", "甲", "1"), version


def test_bulk_publishing_counts_as_a_change(wang, zhang, url, project):
    opened = open_form(wang, url, "project_form")
    zhang.post(
        reverse("admin:projects_project_publishing", args=[project.pk]),
        {"act": "withdraw", "_version": "1", "text": "查实"},
    )
    (line,) = lines(wang.post(url, opened | {"name": "甲"}))
    assert (line[1], line[4], line[5]) == ("published", "张二", "")


# Inline rows


@pytest.fixture
def power(project):
    return MeasureFactory(project=project, name="功率", value=300, unit="MW")


def test_saving_only_a_part_moves_the_version_on(wang, zhang, url, project, power):
    opened = open_form(wang, url, "project_form")
    save(zhang, url, opened, **{"measures-0-value": "350"})
    response = wang.post(url, opened | {"name": "甲"})
    project.refresh_from_db()
    assert (project.version, project.name) == (2, "储能电站")
    assert [line[1:] for line in lines(response)] == [("value", "300", "350", "张二", "")]


def test_part_that_was_not_touched_is_brought_up_to_date(wang, zhang, url, power):
    opened = open_form(wang, url, "project_form")
    save(zhang, url, opened, **{"measures-0-value": "350"})
    form = read_form(wang.post(url, opened | {"measures-0-unit": "兆瓦"}), "project_form")
    assert (form["measures-0-value"], form["measures-0-unit"]) == ("350", "兆瓦")


def test_part_changed_by_both_keeps_mine_and_is_marked(wang, zhang, url, power):
    opened = open_form(wang, url, "project_form")
    save(zhang, url, opened, **{"measures-0-value": "350"})
    response = wang.post(url, opened | {"measures-0-value": "320"})
    assert [line[1:] for line in lines(response)] == [("value", "300", "350", "张二", "320")]
    again = read_form(response, "project_form")
    assert wang.post(url, again).status_code == 302
    power.refresh_from_db()
    assert power.value == 320


def test_part_deleted_by_the_other_disappears_where_it_was_not_touched(wang, zhang, url, power):
    opened = open_form(wang, url, "project_form")
    save(zhang, url, opened, **{"measures-0-DELETE": "on"})
    response = wang.post(url, opened | {"name": "甲"})
    form = read_form(response, "project_form")
    assert [line[4:] for line in lines(response)] == [("张二", "")]
    assert "300" in lines(response)[0][2]
    assert (form["measures-TOTAL_FORMS"], form["measures-INITIAL_FORMS"]) == ("0", "0")
    assert wang.post(url, form).status_code == 302
    assert Measure.objects.count() == 0


def test_part_deleted_by_the_other_is_entered_anew_where_it_was_touched(wang, zhang, url, power):
    opened = open_form(wang, url, "project_form")
    save(zhang, url, opened, **{"measures-0-DELETE": "on"})
    form = read_form(wang.post(url, opened | {"measures-0-value": "320"}), "project_form")
    assert wang.post(url, form).status_code == 302
    (measure,) = Measure.objects.all()
    assert (measure.name, measure.value, measure.pk == power.pk) == ("功率", 320, False)


def test_part_added_by_the_other_appears_in_the_form(wang, zhang, url, power):
    opened = open_form(wang, url, "project_form")
    theirs = open_form(zhang, url, "project_form")
    add_row(theirs, "milestones", kind="started", planned="", actual="2025年5月下旬", note="")
    zhang.post(url, theirs)
    add_row(opened, "measures", name="容量", qualifier="exact", value="1200", unit="MWh", text="", position="0")
    form = read_form(wang.post(url, opened), "project_form")
    assert (form["milestones-0-kind"], form["milestones-0-actual"]) == ("started", "2025年5月下旬")
    assert form["measures-1-name"] == "容量"
    assert wang.post(url, form).status_code == 302
    assert [str(m) for m in Milestone.objects.all()] == [
        str(Milestone(kind="started")).replace(" None", " 2025年5月下旬")
    ]
    assert list(Measure.objects.values_list("name", flat=True)) == ["功率", "容量"]


def test_same_part_added_by_both_is_told_in_words(wang, zhang, url):
    opened = open_form(wang, url, "project_form")
    theirs = dict(opened)
    row = {"kind": "started", "planned": "", "note": ""}
    add_row(theirs, "milestones", actual="2025年5月", **row)
    assert zhang.post(url, theirs).status_code == 302
    add_row(opened, "milestones", actual="2025年6月", **row)
    again = read_form(wang.post(url, opened), "project_form")
    response = wang.post(url, again)
    formset = response.context["inline_admin_formsets"][0].formset
    assert response.status_code == 200
    assert formset.non_form_errors() == ["有两行的进展节点相同\uff1a请改其中一行\uff0c或标为删除。"]
    assert [milestone.actual.month for milestone in Milestone.objects.all()] == [5]


def test_part_marked_for_deletion_and_changed_by_the_other_is_told(wang, zhang, url, power):
    opened = open_form(wang, url, "project_form")
    save(zhang, url, opened, **{"measures-0-value": "350"})
    response = wang.post(url, opened | {"measures-0-DELETE": "on"})
    ((*_, mine),) = lines(response)
    assert mine
    assert wang.post(url, read_form(response, "project_form")).status_code == 302
    assert Measure.objects.count() == 0


def test_milestone_with_its_precision_is_one_value(wang, zhang, url, project):
    MilestoneFactory(project=project)
    opened = open_form(wang, url, "project_form")
    save(zhang, url, opened, **{"milestones-0-actual": "2025年5月"})
    response = wang.post(url, opened | {"milestones-0-note": "甲"})
    assert [line[1:] for line in lines(response)] == [("actual", "2025年5月下旬", "2025年5月", "张二", "")]
    assert read_form(response, "project_form")["milestones-0-actual"] == "2025年5月"


def test_sentence_changed_on_its_own_page_counts_as_a_change_of_its_record(wang, zhang, url, project):
    citation = CitationFactory(target=project, quote="旧原文")
    opened = open_form(wang, url, "project_form")
    own = reverse("admin:sources_citation_change", args=[citation.pk])
    assert zhang.post(own, open_form(zhang, own, "citation_form") | {"quote": "新原文"}).status_code == 302
    response = wang.post(url, opened | {"name": "甲"})
    assert [line[1:] for line in lines(response)] == [("quote", "旧原文", "新原文", "张二", "")]


# A record that was deleted meanwhile


def test_record_deleted_meanwhile_comes_back_as_a_new_one(wang, zhang, url, project, power):
    opened = open_form(wang, url, "project_form")
    zhang.post(reverse("admin:projects_project_delete", args=[project.pk]), {"post": "yes"})
    assert Project.objects.count() == 0
    response = wang.post(url, opened | {"name": "甲", "measures-0-value": "320"})
    assert "张二" in response.context["conflict"].sentence
    add_url = reverse("admin:projects_project_add")
    assert f'action="{add_url}"' in response.content.decode()
    assert Project.objects.count() == 0
    again = read_form(response, "project_form") | {"stage_reason": "重新录入", "stage_override": "on"}
    assert wang.post(add_url, again).status_code == 302
    entered = Project.objects.get()
    assert (entered.name, entered.version, entered.measures.get().value) == ("甲", 1, 320)


def test_record_that_never_was_leads_back_with_a_message(wang):
    response = wang.post(reverse("admin:projects_project_change", args=[987654321]), {"name": "甲"}, follow=True)
    assert "987654321" in response.content.decode()


# Tampered forms


TAMPERED = [
    {"measures-INITIAL_FORMS": "5", "measures-TOTAL_FORMS": "5"},
    {"measures-INITIAL_FORMS": "999999999", "measures-TOTAL_FORMS": "999999999"},
    {"measures-0-id": "987654321"},
    {"measures-0-id": "abc"},
    {"measures-0-id": "9" * 60},
    {"measures-TOTAL_FORMS": "", "measures-INITIAL_FORMS": "x"},
    {"measures-0-project": "987654321"},
]


@pytest.mark.parametrize("known", [True, False])
def test_tampered_rows_never_break_the_page(wang, url, project, power, known):
    opened = open_form(wang, url, "project_form")
    for changed in TAMPERED:
        project.refresh_from_db()
        version = project.version if known else "77"
        response = wang.post(url, opened | changed | {"_version": version})
        assert response.status_code in (200, 302), changed
        assert [(row.name, row.value) for row in Measure.objects.all()] == [("功率", 300)], changed


# Every kind of record

KINDS = [
    (CitationFactory, "quote"), (EnterpriseFactory, "summary"), (IndustryChainFactory, "summary"),
    (MechanismFactory, "kept"), (MilestoneFactory, "note"), (OpportunityFactory, "summary"), (PlaceFactory, "summary"),
    (ProjectFactory, "summary"), (QualificationFactory, "batch"), (ReportedIndicatorFactory, "definition"),
    (SourceFactory, "note"),
]  # fmt: skip


@pytest.mark.parametrize(("factory", "field"), KINDS)
def test_lock_holds_for_every_kind_of_record(wang, zhang, factory, field):
    row = factory()
    url = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    form_id = f"{row._meta.model_name}_form"
    opened = open_form(wang, url, form_id)
    assert zhang.post(url, opened | {field: "张二所写"}).status_code == 302
    response = wang.post(url, opened | {field: "王一所写"})
    row.refresh_from_db()
    assert getattr(row, field) == "张二所写"
    assert [line[1:] for line in lines(response) if line[1] == field] == [
        (field, getattr(type(row).history.earliest("history_id"), field) or "—", "张二所写", "张二", "王一所写")
    ]
    assert wang.post(url, read_form(response, form_id)).status_code == 302
    row.refresh_from_db()
    assert getattr(row, field) == "王一所写"
