import csv
import io

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from openpyxl import load_workbook

from liangzhou import demo
from projects.models import Project
from tests.answers import body
from tests.factories import DemoMarkFactory, ProjectFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def marked():
    DemoMarkFactory()
    demo.forget()


def test_a_database_without_the_mark_is_real_and_asked_again_only_after_a_while(django_assert_num_queries):
    demo.forget()

    with django_assert_num_queries(1):
        assert [demo.is_demo(), demo.is_demo()] == [False, False]


def test_once_known_the_mark_is_not_asked_for_again(marked, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert [demo.is_demo(), demo.is_demo()] == [True, True]


def test_every_page_of_invented_records_says_so(marked, client):
    banner = "演示环境:所有记录均为虚构。".replace(":", "\uff1a")
    client.force_login(UserFactory(is_superuser=True))

    popup = reverse("admin:projects_project_changelist") + "?_popup=1"
    for address in (*map(reverse, ("projects:home", "projects:project-list", "admin:index")), popup):
        assert client.get(address).text.count(banner) == 1


def test_a_page_of_real_records_has_no_banner(client):
    assert "demo-banner" not in client.get(reverse("projects:home")).text


def test_each_row_of_an_export_of_invented_records_says_so(marked, client):
    ProjectFactory.create_batch(2)
    address = reverse("projects:project-export", args=["csv"])

    response = client.get(address)
    rows = list(csv.reader(io.StringIO(body(response).decode("utf-8-sig"))))

    assert [row[0] for row in rows] == [demo.HEADING, demo.MARK, demo.MARK]
    assert "%E6%BC%94%E7%A4%BA%E6%95%B0%E6%8D%AE_" in response["Content-Disposition"]


def test_each_row_of_a_workbook_of_invented_records_says_so(marked, client):
    ProjectFactory()

    response = client.get(reverse("projects:project-export", args=["xlsx"]))
    sheet = load_workbook(io.BytesIO(body(response))).active

    assert [row[0] for row in sheet.iter_rows(values_only=True)] == [demo.HEADING, demo.MARK]


def test_what_is_mailed_of_invented_records_says_so(marked):
    assert demo.marked("提醒") == f"[{demo.MARK}] 提醒"


def test_the_article_never_goes_beside_invented_records(marked):
    with pytest.raises(CommandError):
        call_command("load_article")

    assert Project.objects.count() == 0
