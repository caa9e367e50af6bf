"""The audit trail, as the auditor reads it."""

import pytest
from playwright.sync_api import expect

from liangzhou import audit
from liangzhou.audit import Action, Result
from projects.models import Project
from tests.factories import UserFactory
from tests.liangzhou.audit_desk import newest

pytestmark = pytest.mark.usefixtures("article")


@pytest.fixture
def auditor():
    return UserFactory(roles=["auditor"])


@pytest.fixture
def entry(auditor):
    """An export with its filters, beside other acts."""
    project = Project.objects.get(code="LZ000001")
    audit.record(Action.SIGN_IN, result=Result.FAILED, actor="(unknown name)", times_this_hour=100)
    audit.record(Action.PUBLISH, target=project, by=auditor)
    audit.record(Action.EXPORT, target=project, by=auditor, rows=12, format="xlsx", filters={"阶段": ["开工", "在建"]})
    return newest()


def test_pages_have_no_barriers_and_keep_their_place(sign_in, sound, auditor, entry):
    change = f"/admin/liangzhou/auditentry/{entry.number}/change/"
    sound(sign_in(auditor), ["/admin/liangzhou/auditentry/", change])


def test_days_are_chosen_and_the_list_is_taken_out(sign_in, auditor, entry, scripted):
    page = sign_in(auditor, java_script_enabled=scripted)
    page.goto("/admin/liangzhou/auditentry/?action__exact=export")
    page.locator("details.choice summary").first.click()
    page.locator("#audit-until").fill("2020-01-01")
    page.locator(".audit-dates [type=submit]").click()

    expect(page.locator("#result_list tbody tr")).to_have_count(0)
    assert "action__exact=export" in page.url

    page.goto("/admin/liangzhou/auditentry/?action__exact=export")
    with page.expect_download() as download:
        page.locator(".object-tools a").click()
    assert download.value.suggested_filename.endswith(".csv")
    assert newest().target_kind == "liangzhou.auditentry"
