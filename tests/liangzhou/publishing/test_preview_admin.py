"""The preview of a record: the very page that the public will see, and beneath what stays internal."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils.text import capfirst

from enterprises.models import Enterprise
from liangzhou import publishing
from projects.models import Mechanism, Opportunity, Project, ReportedIndicator
from tests.answers import body, page_of
from tests.factories import (
    ContactFactory,
    EnterpriseFactory,
    InstructionFactory,
    ProjectFactory,
    ProjectPartyFactory,
    UserFactory,
)
from tests.kept_rows import kept_rows
from tests.leaking_world import SECRET_FORMS, World

pytestmark = pytest.mark.django_db

MODELS = [Project, Enterprise, ReportedIndicator, Mechanism, Opportunity]
WHEN = datetime(2025, 6, 1, 2, tzinfo=UTC)  # as the world's rows, so that dates of publishing are the same


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with kept_rows(django_db_blocker):
        yield World()


@pytest.fixture
def staff():
    client = Client()
    client.force_login(UserFactory(roles=["publisher"]))
    return client


def hidden(model):
    """The records of a kind that could be public, and are not."""
    return [row for row in model.objects.filter(published=False) if not publishing.why_not_public(row)]


def url(record):
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_preview", args=[record.pk])


def without_marks(html):
    """A page without the banner and the internal part, and without what each request makes anew."""
    html = re.sub(r'<div class="preview".*?</div>', "", html, flags=re.S)
    html = re.sub(r'<section class="section preview.*?</section>', "", html, flags=re.S)
    return re.sub(r"\s+", " ", html)


@pytest.mark.parametrize("model", MODELS)
def test_preview_is_the_very_page_that_the_public_gets_afterwards(client, world, staff, model):
    records = hidden(model)
    assert records
    with time_machine.travel(WHEN, tick=False):
        for record in records:
            response = staff.get(url(record))
            preview, cached = body(response).decode(), response["Cache-Control"]
            model.objects.filter(pk=record.pk).update(review="submitted", updated_at=WHEN)
            publishing.publish(model.objects.filter(pk=record.pk), by=UserFactory(is_superuser=True))
            address = record.get_absolute_url().partition("#")[0]
            public = body(client.get(address)).decode()
            assert without_marks(preview) == re.sub(r"\s+", " ", public)
            assert ("no-store" in cached, str(record) in public) == (True, True)
            model.objects.filter(pk=record.pk).update(published=False, published_at=None)


@pytest.mark.parametrize("model", MODELS)
def test_no_public_address_shows_a_preview(client, world, staff, model):
    for record in hidden(model):
        address, mark, anchor = record.get_absolute_url().partition("#")
        for query in ("", "?preview=1", f"?previewed={record.pk}", "?preview=true&_preview=on"):
            for visitor in (client, staff):
                answer = body(visitor.get(address + query)).decode()
                assert (re.findall(SECRET_FORMS, answer) if mark else str(record) in answer) in ([], False)
        assert client.get(url(record)).status_code == 302


def test_internal_part_tells_all_that_the_public_does_not_see(staff):
    company = EnterpriseFactory(name="未公开公司", published=False)
    project = ProjectFactory(enterprise=company, internal_remark="内部备注甲", status_reason="停工原因乙")
    ProjectPartyFactory(project=project, enterprise=company, note="参与说明丙")
    InstructionFactory(project=project, text="批示丁")
    page = page_of(staff.get(url(project)))
    internal = page.one("section.preview").text
    said = ("未公开公司", "内部备注甲", "停工原因乙", "参与说明丙", "批示丁")
    assert [word in internal for word in said] == [True] * 5
    assert [page.one("main").text.count(word) for word in said[1:]] == [1] * 4


def test_contacts_are_counted_and_not_named():
    editor = Client()
    editor.force_login(UserFactory(roles=["editor"]))
    contact = ContactFactory(name="赵六", phone="13800001234")
    response = editor.get(url(contact.enterprise))
    text = body(response).decode()
    assert ("赵六" in text, "13800001234" in text) == (False, False)
    assert capfirst(contact._meta.verbose_name_plural) in page_of(response).one("section.preview").texts("h3")


def test_banner_says_whether_the_public_sees_it(staff):
    banners = [page_of(staff.get(url(ProjectFactory(published=published)))).one("div.preview").text
               for published in (True, False)]  # fmt: skip
    assert banners[0] != banners[1]


def test_project_that_cannot_be_public_says_why(staff):
    page = page_of(staff.get(url(ProjectFactory(stage="lead", published=False))))
    assert len(page.one("div.preview").all("p")) == 3


@pytest.mark.parametrize("model", MODELS)
def test_preview_keeps_to_its_budget(staff, django_assert_max_num_queries, world, model):
    with django_assert_max_num_queries(45):
        staff.get(url(model.objects.first()))


def test_what_a_stage_was_let_through_without_is_told_in_words(client):
    project = ProjectFactory()  # its factory lets everything through
    client.force_login(UserFactory(is_superuser=True))

    text = client.get(reverse("admin:projects_project_preview", args=[project.pk])).content.decode()

    assert ("企业的统一社会信用代码" in text, "registered" in text) == (True, False)
