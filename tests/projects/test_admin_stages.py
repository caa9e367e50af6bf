"""What a stage requires is asked at every save in the admin, and told at the field."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from projects.models import Milestone, Project, StageChange
from projects.progress import progress_of
from tests.factories import (
    CitationFactory,
    EnterpriseFactory,
    MilestoneFactory,
    PlaceFactory,
    ProjectFactory,
    StageChangeFactory,
    UserFactory,
)
from tests.opened_form import add_row, open_form, read_form
from tests.unrendered import Unrendered

pytestmark = pytest.mark.django_db

ADD = reverse("admin:projects_project_add")
KINDS = {"signed": date(2024, 3, 1), "started": date(2025, 5, 21)}


@pytest.fixture
def clerk():
    return UserFactory(last_name="王", first_name="一", is_superuser=True)


@pytest.fixture
def client(clerk):
    return signed_in(clerk, Client())


@pytest.fixture
def quick(clerk):
    """For what is refused: the answer says why, and need not be printed."""
    return signed_in(clerk)


def signed_in(user, client=None):
    client = client or Unrendered("POST")
    client.force_login(user)
    return client


@pytest.fixture
def project():
    """A project under construction that lacks nothing."""
    company = EnterpriseFactory(credit_code="91620602MA71ABCD0X")
    project = ProjectFactory(enterprise=company, waived=False)
    for kind, day in KINDS.items():
        MilestoneFactory(project=project, kind=kind, actual=day, actual_precision="day")
    return project


def address(project):
    return reverse("admin:projects_project_change", args=[project.pk])


def told(response):
    """What is told at the project's fields, and how many sentences at its milestones; empty where it was saved."""
    if response.status_code == 302:
        return {}
    (inline,) = [i for i in response.context_data["inline_admin_formsets"] if i.opts.model is Milestone]
    errors = {name: len(found) for name, found in response.context_data["adminform"].form.errors.items()}
    at_milestones = len(inline.formset.non_form_errors())
    return errors | ({"milestones": at_milestones} if at_milestones else {})


def save(client, project, **typed):
    return client.post(address(project), open_form(client, address(project), "project_form") | typed)


def log():
    return list(StageChange.objects.values_list("from_stage", "to_stage", "reason", "overridden", "created_by"))


# Refused


def test_stage_without_its_facts_is_told_at_each_field_and_nothing_is_saved(quick):
    project = ProjectFactory(stage="negotiating", published=False, enterprise=None, place=None, total_investment=None,
                             waived=False)  # fmt: skip
    response = save(quick, project, stage="started")
    assert told(response) == {"enterprise": 2, "place": 1, "total_investment": 1, "milestones": 2}
    project.refresh_from_db()
    assert (project.stage, project.version, log()) == ("negotiating", 1, [])


def test_only_the_fields_are_at_fault_and_yet_no_part_is_saved(quick, project):
    response = save(quick, project, place="", **{"milestones-0-note": "新备注"})
    assert told(response) == {"place": 1}
    assert list(Milestone.objects.values_list("note", flat=True)) == ["", ""]


def test_new_project_is_asked_with_the_milestones_typed_beside_it(quick):
    new = open_form(quick, ADD, "project_form") | {
        "name": "储能电站", "stage": "signed", "enterprise": EnterpriseFactory().pk, "total_investment": "13亿",
    }  # fmt: skip
    assert told(quick.post(ADD, new)) == {"milestones": 1}
    add_row(new, "milestones", kind="signed", planned="2025年", actual="", note="")
    assert told(quick.post(ADD, new)) == {"milestones": 1}
    assert told(quick.post(ADD, new | {"milestones-0-actual": "2025年5月"})) == {}
    assert Project.objects.get().stage == "signed"


@pytest.mark.parametrize(("typed", "errors"), [
    ({"place": ""}, {"place": 1}), ({"total_investment": ""}, {"total_investment": 1}),
    ({"milestones-0-DELETE": "on"}, {"milestones": 1}), ({"milestones-1-actual": "", "milestones-1-planned": "2025"},
    {"milestones": 1}), ({"milestones-1-actual": "2024年2月"}, {"milestones": 1}),
    ({"stage": "producing"}, {"milestones": 1}), ({"stage": "reserve"}, {"stage": 1}),
    ({"total_investment": "", "investment_undisclosed": "on"}, {}), ({"summary": "新简介"}, {}),
])  # fmt: skip
def test_every_save_is_asked_not_only_changes_of_stage(quick, project, typed, errors):
    assert told(save(quick, project, **typed)) == errors


def test_form_that_is_wrong_otherwise_is_told_first(quick, project):
    assert told(save(quick, project, name="", place="")) == {"name": 1}


def test_milestone_that_cannot_be_read_is_told_at_its_date_not_as_missing(quick, project):
    response = save(quick, project, place="", **{"milestones-1-actual": "不知道"})
    assert told(response) == {"place": 1}
    (inline,) = [i for i in response.context_data["inline_admin_formsets"] if i.opts.model is Milestone]
    assert [list(form.errors) for form in inline.formset.forms] == [[], ["actual"]]


def test_start_before_signing_is_told_at_the_milestones(quick, project):
    response = save(quick, project, **{"milestones-0-actual": "2025年6月"})
    assert told(response) == {"milestones": 1}
    assert save(quick, project, **{"milestones-0-actual": "2025年"}).status_code == 302


def test_clerk_without_the_right_to_milestones_is_asked_with_those_there_are(project):
    client = signed_in(UserFactory(permissions=["projects.change_project"]))
    assert told(save(client, project, place="")) == {"place": 1}
    assert told(save(client, project, summary="新简介")) == {}
    assert told(save(client, project, **{"milestones-0-DELETE": "on", "milestones-0-actual": ""})) == {}
    assert Milestone.objects.filter(actual__isnull=False).count() == 2


def test_clerk_who_may_only_add_projects_is_asked_too():
    client = signed_in(UserFactory(permissions=["projects.add_project"]))
    new = open_form(client, ADD, "project_form") | {"name": "储能电站", "stage": "signed"}
    assert told(client.post(ADD, new)) == {"enterprise": 1, "total_investment": 1, "milestones": 1}
    assert client.post(ADD, new | {"stage": "lead"}).status_code == 302
    assert log()[0][:2] == ("", "lead")


# Let through, and the log


def test_change_of_stage_is_logged_with_who_and_why(quick, clerk, project):
    assert save(quick, project, stage="building", stage_reason="主体施工").status_code == 302
    assert log() == [("started", "building", "主体施工", "", clerk.pk)]
    assert save(quick, project, stage="started").status_code == 302
    assert log()[1:] == [("building", "started", "", "", clerk.pk)]


def test_new_project_is_logged_from_nothing(quick, clerk):
    quick.post(ADD, open_form(quick, ADD, "project_form") | {"name": "储能电站", "stage": "lead"})
    assert log() == [("", "lead", "", "", clerk.pk)]


def test_save_that_leaves_the_stage_is_not_logged(quick, project):
    assert save(quick, project, summary="新简介").status_code == 302
    assert log() == []


def test_override_needs_a_reason(client, project):
    response = save(client, project, stage="producing", stage_override="on")
    assert told(response) == {"stage_reason": 1}
    assert read_form(response, "project_form")["stage_override"] == "on"


def test_override_with_a_reason_is_logged_and_not_asked_again(quick, clerk, project):
    response = save(quick, project, stage="producing", place="", stage_override="on", stage_reason="旧档案缺失")
    assert told(response) == {}
    assert log() == [("started", "producing", "旧档案缺失", "place producing", clerk.pk)]
    assert told(save(quick, project, summary="新简介")) == {}
    assert told(save(quick, project, total_investment="")) == {"total_investment": 1}
    assert len(log()) == 1


def test_override_at_the_same_stage_is_logged_too(quick, clerk, project):
    assert told(save(quick, project, place="", stage_override="on", stage_reason="地块未定")) == {}
    assert log() == [("started", "started", "地块未定", "place", clerk.pk)]


def test_override_of_nothing_leaves_no_trace_in_the_log(quick, clerk, project):
    assert told(save(quick, project, stage="building", stage_override="on", stage_reason="施工")) == {}
    assert log() == [("started", "building", "施工", "", clerk.pk)]


def test_reason_for_nothing_is_told_rather_than_lost(quick, project):
    assert told(save(quick, project, stage_reason="为何")) == {"stage_reason": 1}


@pytest.mark.parametrize("typed", ["长" * 301, "a\x00b"])
def test_reason_that_cannot_be_is_told_at_the_field(quick, project, typed):
    assert told(save(quick, project, stage="building", stage_reason=typed)) == {"stage_reason": 1}


def test_stage_does_not_follow_a_date(quick, project):
    data = open_form(quick, address(project), "project_form")
    add_row(data, "milestones", kind="producing", planned="", actual="2025年8月", note="")
    assert quick.post(address(project), data).status_code == 302
    project.refresh_from_db()
    assert (project.stage, project.latest_milestone, log()) == ("started", "producing", [])


def test_reason_and_override_survive_the_save_of_another_clerk(client, clerk, project):
    opened = open_form(client, address(project), "project_form")
    save(client, project, summary="新简介")
    typed = {"stage": "producing", "stage_override": "on", "stage_reason": "旧档案缺失"}
    response = client.post(address(project), opened | typed)
    again = read_form(response, "project_form")
    assert response.context["conflict"].lines
    assert {name: again[name] for name in typed} == typed
    assert client.post(address(project), again).status_code == 302
    assert log() == [("started", "producing", "旧档案缺失", "producing", clerk.pk)]


# The list of milestones


def milestone_form(client, milestone, **typed):
    url = reverse("admin:projects_milestone_change", args=[milestone.pk])
    response = client.post(url, open_form(client, url, "milestone_form") | typed)
    return {} if response.status_code == 302 else response.context_data["adminform"].form.errors


@pytest.mark.parametrize(("kind", "typed", "fields"), [
    ("started", {"actual": "", "planned": "2025"}, ["actual"]), ("started", {"kind": "landed"}, ["actual"]),
    ("signed", {"actual": "2025年6月"}, ["actual"]), ("signed", {"actual": "2025年5月"}, []),
    ("started", {"note": "新备注"}, []),
])  # fmt: skip
def test_milestone_in_its_own_list_cannot_leave_its_project_without(quick, project, kind, typed, fields):
    milestone = project.milestones.get(kind=kind)
    assert list(milestone_form(quick, milestone, **typed)) == fields


def test_milestone_can_be_mended_where_something_else_is_missing(quick, project):
    Project.objects.filter(pk=project.pk).update(place=None)
    assert milestone_form(quick, project.milestones.get(kind="signed"), note="新备注") == {}


def test_date_taken_away_while_another_clerk_changed_it_is_told_as_taken_away(client, project):
    milestone = project.milestones.get(kind="started")
    url = reverse("admin:projects_milestone_change", args=[milestone.pk])
    opened = open_form(client, url, "milestone_form")
    milestone_form(client, milestone, actual="2025年6月")
    response = client.post(url, opened | {"actual": "", "planned": "2025"})
    (line,) = response.context["conflict"].lines
    assert (line.change.name, line.change.new, line.mine) == ("actual", "2025年6月", "—")
    assert read_form(response, "milestone_form")["actual"] == ""


def test_milestone_is_not_deleted_from_its_own_list(quick, project):
    milestone = project.milestones.get(kind="started")
    change = quick.get(reverse("admin:projects_milestone_change", args=[milestone.pk]))
    delete = reverse("admin:projects_milestone_delete", args=[milestone.pk])
    assert delete not in change.content.decode()
    assert quick.post(delete, {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [milestone.pk], "post": "yes"}
    quick.post(reverse("admin:projects_milestone_changelist"), chosen)
    assert Milestone.objects.filter(pk=milestone.pk).exists()


def test_project_is_still_deleted_with_its_milestones_and_log(client, project):
    StageChangeFactory(project=project)
    CitationFactory(target=project)
    assert client.post(reverse("admin:projects_project_delete", args=[project.pk]), {"post": "yes"}).status_code == 302
    assert (Milestone.objects.count(), StageChange.objects.count()) == (0, 0)


# The page


def links(client, project):
    page = client.get(address(project)).content.decode()
    return [(need.href, f'href="{need.href}"' in page) for need in progress_of(project.pk).needed]


def test_page_links_to_what_the_next_stage_needs(client):
    project = ProjectFactory(stage="signed", enterprise=None, place=None, waived=False)
    found = links(client, project)
    assert found == [
        ("#id_enterprise", True), ("#milestones-group", True), ("#id_place", True), ("#id_enterprise", True),
    ]  # fmt: skip
    page = client.get(address(project)).content.decode()
    assert all(f'id="{href[1:]}"' in page for href, _ in found)


def test_page_of_one_who_may_only_look_has_no_links(project):
    Project.objects.update(place=None)
    viewer = Client()
    viewer.force_login(UserFactory(permissions=["projects.view_project"]))
    assert links(viewer, project) == [("#id_place", False)]
    assert "stage_reason" not in viewer.get(address(project)).content.decode()


def test_page_shows_the_log_and_folds_what_is_old(quick, project):
    for number in range(5):
        StageChangeFactory(project=project, reason=f"第{number}次")
    progress = quick.get(address(project)).context["progress"]
    assert [step.reason for step in progress.newest] == ["第4次", "第3次", "第2次"]
    assert [step.reason for step in progress.older] == ["第1次", "第0次"]


def test_page_that_comes_back_with_errors_shows_the_project_as_it_is_stored(quick, project):
    response = save(quick, project, stage="producing", place=str(PlaceFactory().pk), enterprise="")
    assert response.context_data["progress"].stage == Project(stage="started").get_stage_display()


def test_log_is_on_no_public_page(quick, project):
    StageChangeFactory(project=project, reason="内部理由", overridden="place")
    assert "内部理由" not in Client().get(project.get_absolute_url()).content.decode()
