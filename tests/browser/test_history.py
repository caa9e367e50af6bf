"""A record's past and batches of changes, as a clerk meets them."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from liangzhou import publishing
from liangzhou.batches import ChangeBatch, change_batch
from projects.models import Milestone, Opportunity, Project
from tests.factories import MilestoneFactory

pytestmark = pytest.mark.usefixtures("article")


@pytest.fixture
def project():
    return Project.objects.get(code="LZ000001")


def change(row, by, **values):
    for name, value in values.items():
        setattr(row, name, value)
    row.stamp(by)
    row._history_user = by
    row.save()


@pytest.fixture
def batch(project, clerk):
    """An import that changed a project, which a clerk changed again since, and did more."""
    with change_batch(ChangeBatch.Kind.IMPORT, by=clerk, label="2025年5月招商台账.xlsx") as batch:
        change(project, clerk, land_area=(project.land_area or 0) + 1, summary=f"{project.summary}。")
        MilestoneFactory(project=project, kind="trial", actual=timezone.localdate(), actual_precision="day")
        Opportunity.objects.last().delete()
    change(project, clerk, land_area=project.land_area + 1)
    yield batch
    Milestone.objects.filter(kind="trial").delete()


def addresses(project, batch):
    history = f"/admin/projects/project/{project.pk}/history/"
    saves = list(project.history.order_by("-history_id").values_list("history_id", flat=True))
    return [
        history,
        f"{history}compare/?from={saves[-1]}&to={saves[0]}",
        f"{history}day/?on={timezone.localdate():%Y-%m-%d}",
        f"{history}day/?on=2025",
        f"{history}{saves[-1]}/restore/",
        "/admin/liangzhou/changebatch/",
        f"/admin/liangzhou/changebatch/{batch.pk}/",
        f"/admin/liangzhou/changebatch/{batch.pk}/undo/",
    ]


def test_pages_have_no_barriers_and_keep_their_place(sign_in, clerk, sound, project, batch):
    sound(sign_in(clerk), addresses(project, batch))


def test_everything_works_without_scripts(sign_in, clerk, project, batch):
    page = sign_in(clerk, java_script_enabled=False)
    page.goto(f"/admin/projects/project/{project.pk}/history/")
    page.locator("#compare_form button").first.click()
    assert "/history/compare/?" in page.url
    page.go_back()
    page.locator("#id_on").fill("2025-05-21")
    page.locator("#day_form button").click()
    assert "/history/day/?on=2025-05-21" in page.url

    page.goto(f"/admin/liangzhou/changebatch/{batch.pk}/")
    page.locator("a.button").click()
    page.locator("#id_reason").fill("表错了")
    page.locator("#undo_form [type=submit]").click()
    assert ChangeBatch.objects.get(undoes=batch).reason == "表错了"
    expect(page.locator(".messagelist li").first).to_be_visible()


def test_version_is_gone_back_to(sign_in, clerk, project):
    change(project, clerk, summary="新写的简介")
    page = sign_in(clerk)
    page.goto(f"/admin/projects/project/{project.pk}/history/")
    page.locator("a[href$='/restore/']").nth(1).click()
    page.locator("#id_reason").fill("改错了")
    page.locator("#restore_form [type=submit]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    project.refresh_from_db()
    assert project.summary != "新写的简介"


def test_publishing_is_taken_back(sign_in, clerk):
    publishing.withdraw(Project.objects.filter(code="LZ000003"), by=clerk, text="查实")
    batch = ChangeBatch.objects.first()
    page = sign_in(clerk)
    page.goto(f"/admin/liangzhou/changebatch/{batch.pk}/undo/")
    page.locator("#id_reason").fill("撤错了")
    page.locator("#undo_form [type=submit]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert Project.objects.get(code="LZ000003").published
