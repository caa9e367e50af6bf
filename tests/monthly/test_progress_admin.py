"""Reports of sites in the admin: their photos are seen by who may see the report, and by nobody else."""

import io
from datetime import UTC, datetime

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.urls import reverse
from PIL import Image

from monthly.models import ProgressPhoto, ProgressReport
from monthly.progress_admin import ProgressAdmin
from tests.answers import body, page_of
from tests.factories import (
    IndustryChainFactory,
    ProgressPhotoFactory,
    ProgressReportFactory,
    ProjectFactory,
    ReportingMonthFactory,
    UserFactory,
)
from tests.opened_form import add_row, open_form

pytestmark = pytest.mark.django_db
ADD = "admin:monthly_progressreport_add"


@pytest.fixture
def chain():
    return IndustryChainFactory()


@pytest.fixture
def clerk(chain):
    made = Client()
    made.force_login(UserFactory(roles=["task_force"], chains=[chain]))
    return made


@pytest.fixture
def project(chain):
    return ProjectFactory(chain=chain, name="储能电站")


def photo(name="site.jpg"):
    made = io.BytesIO()
    Image.new("RGB", (8, 6)).save(made, "JPEG")
    return SimpleUploadedFile(name, made.getvalue())


def change_url(row):
    return reverse("admin:monthly_progressreport_change", args=[row.pk])


def image_url(row):
    return reverse("admin:monthly_progressphoto_image", args=[row.pk])


def test_report_is_entered_with_its_photos_once_a_month(clerk, project):
    data = open_form(clerk, reverse(ADD), "progressreport_form")
    data |= {"project": project.pk, "month": "2025-05", "site_progress": "主体封顶"}
    add_row(data, "photos", image=photo(), caption="厂房")

    entered = clerk.post(reverse(ADD), data)
    again = clerk.post(reverse(ADD), data)

    report = ProgressReport.objects.get()
    assert (entered.status_code, report.site_progress, report.photos.get().caption) == (302, "主体封顶", "厂房")
    assert list(again.context["adminform"].form.errors) == ["month"]
    page = page_of(clerk.get(change_url(report)))
    assert [(one["src"], one["alt"]) for one in page.all("img.site-photo")] == [
        (image_url(report.photos.get()), "厂房")
    ]


@pytest.mark.parametrize(("upload", "number"), [(SimpleUploadedFile("a.heic", b"\0\0\0\x18ftypheic"), 1), (None, 13)])
def test_photo_that_cannot_be_shown_or_is_one_too_many_is_told(clerk, project, upload, number):
    report = ProgressReportFactory(project=project)
    data = open_form(clerk, change_url(report), "progressreport_form")
    for _one in range(number):
        add_row(data, "photos", image=upload or photo(), caption="")

    answer = clerk.post(change_url(report), data)

    assert (answer.status_code, ProgressPhoto.objects.count()) == (200, 0)
    assert len(page_of(answer).one("div.error-summary").all("li")) == 1


def test_photo_is_shown_to_who_may_see_its_report(clerk, project):
    report = ProgressReportFactory(project=project)
    data = open_form(clerk, change_url(report), "progressreport_form")
    add_row(data, "photos", image=photo("a.jpeg"), caption="")
    clerk.post(change_url(report), data)
    row = ProgressPhoto.objects.get()
    foreign = ProgressPhotoFactory(image=row.image.name)

    response = clerk.get(image_url(row))

    assert (response["Content-Type"], response["Content-Disposition"]) == ("image/jpeg", "inline")
    assert (response["Cache-Control"], response["X-Content-Type-Options"]) == ("private, no-store", "nosniff")
    assert body(response)[:3] == b"\xff\xd8\xff"
    assert clerk.get(image_url(foreign)).status_code == 404
    assert Client().get(image_url(row)).status_code == 302
    officer = Client()
    officer.force_login(UserFactory(roles=["service_officer"]))
    assert officer.get(image_url(row)).status_code == 403


def test_who_only_reads_sees_photos_and_no_fields(project):
    row = ProgressPhotoFactory(report=ProgressReportFactory(project=project, problem="缺水"))
    reader = Client()
    reader.force_login(UserFactory(roles=["leader"]))

    page = page_of(reader.get(change_url(row.report)))

    assert [one["src"] for one in page.all("img.site-photo")] == [image_url(row)]
    assert ("缺水" in page.texts("div.readonly"), page.all("input", type="file")) == (True, [])


def test_words_of_a_locked_month_stay_and_its_photos_may_still_come(clerk, project):
    report = ProgressReportFactory(project=project, site_progress="封顶", problem="用地")
    ReportingMonthFactory(state="locked")
    data = open_form(clerk, change_url(report), "progressreport_form")
    add_row(data, "photos", image=photo(), caption="")

    clerk.post(change_url(report), data)
    late = clerk.post(change_url(report), data | {"site_progress": "主体<b>封顶", "problem": "用地 "})
    new = open_form(clerk, reverse(ADD), "progressreport_form") | {"project": project.pk, "month": "2025-05"}
    refused = clerk.post(reverse(ADD), new)

    report.refresh_from_db()
    assert ("site_progress" in data, report.site_progress, report.photos.count()) == (False, "封顶", 1)
    assert (late.status_code, ["主体<b>封顶" in text for text in page_of(late).texts("p.waiting")]) == (200, [True])
    assert "用地" not in page_of(late).texts("p.waiting")[0]
    assert list(refused.context["adminform"].form.errors) == ["month"]
    assert ["2025年5月" in text for text in page_of(clerk.get(change_url(report))).texts("p.waiting")] == [True]


def test_photos_of_a_locked_month_keep_their_captions_and_stay(project):
    editor = Client()
    editor.force_login(UserFactory(roles=["editor"]))
    row = ProgressPhotoFactory(report=ProgressReportFactory(project=project), caption="厂房")
    ReportingMonthFactory(state="locked")
    url = change_url(row.report)
    page = page_of(editor.get(url))
    data = open_form(editor, url, "progressreport_form")

    editor.post(url, data | {"photos-0-caption": "改", "photos-0-image": photo("b.jpg"), "photos-0-DELETE": "on"})

    kept = ProgressPhoto.objects.get()
    assert (kept.caption, kept.image.name) == ("厂房", row.image.name)
    assert page.all("input", name="photos-0-DELETE") == []
    assert "disabled" in page.one("input", name="photos-0-caption").attrs


def test_reports_of_a_month_locked_meanwhile_are_not_deleted(project):
    editor = Client()
    editor.force_login(UserFactory(roles=["editor"]))
    kept, opened = ProgressReportFactory(project=project), ProgressReportFactory(project=project, month="2025-06-01")
    ReportingMonthFactory(state="locked")

    for row in (kept, opened):
        editor.post(reverse("admin:monthly_progressreport_delete", args=[row.pk]), {"post": "yes"})
    request, said = RequestFactory().post("/"), []
    request.user = UserFactory(roles=["editor"])
    asked = ProgressAdmin(ProgressReport, admin.site)
    asked.message_user = lambda request, sentence, level: said.append(sentence)
    asked.delete_queryset(request, ProgressReport.objects.all())

    assert (list(ProgressReport.objects.all()), ["2025年5月" in one for one in said]) == ([kept], [True])


def test_nothing_is_reported_of_a_month_that_has_not_begun(clerk, project, time_machine):
    time_machine.move_to(datetime(2025, 5, 31, 17, tzinfo=UTC), tick=False)  # 1 June in Wuwei
    data = open_form(clerk, reverse(ADD), "progressreport_form") | {"project": project.pk, "site_progress": "封顶"}

    future = clerk.post(reverse(ADD), data | {"month": "2025-07"})
    present = clerk.post(reverse(ADD), data | {"month": "2025-06"})

    assert (list(future.context["adminform"].form.errors), present.status_code) == (["month"], 302)
