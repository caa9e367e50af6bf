"""The downloads: the ledger as it is listed, the empty template, the workbook with wrong cells marked."""

from io import BytesIO

import pytest
from django.test import Client
from django.utils import translation
from openpyxl import load_workbook

from ledgers.columns import LANGUAGE, LEDGER
from ledgers.models import LedgerRow
from projects.stages import Stage
from tests.answers import body, csv_records, page_of
from tests.factories import CreditShareFactory, MeasureFactory, MilestoneFactory, ProjectFactory, UserFactory
from tests.ledgers.desk import LIST, ready, signed_in
from tests.ledgers.sheets import checked, counts, problems

pytestmark = pytest.mark.django_db

PROJECTS = "/admin/projects/project/"


@pytest.fixture
def client():
    return signed_in(["projects.view_project"])


def names(client, query=""):
    return [row["名称"] for row in csv_records(client.get(f"{LIST}export.csv{query}"))]


def test_ledger_holds_what_the_list_shows(client):
    ProjectFactory(name="冷链物流项目", stage=Stage.SIGNED)
    ProjectFactory(name="300MW独立储能电站项目", published=False)

    assert names(client) == ["300MW独立储能电站项目", "冷链物流项目"]
    assert names(client, "?stage__exact=signed") == ["冷链物流项目"]
    assert names(client, "?q=cn") == ["300MW独立储能电站项目"]
    assert names(client, "?q=不存在") == []


def test_ledger_holds_every_page_of_the_list(client):
    for number in range(51):
        ProjectFactory(name=f"第{number}个项目")

    assert [len(names(client, query)) for query in ("", "?p=2", "?p=99", "?all=")] == [51] * 4


def test_workbook_is_a_file_with_a_chinese_name(client):
    ProjectFactory(name="冷链物流项目")

    response = client.get(f"{LIST}export.xlsx")

    book = load_workbook(BytesIO(body(response)))
    assert book.worksheets[0]["B2"].value == "冷链物流项目"
    assert response["Cache-Control"] == "private, no-store"
    assert ".xlsx" in response["Content-Disposition"]
    assert "%E9%A1%B9%E7%9B%AE" in response["Content-Disposition"]


def test_ledger_is_for_those_who_may_see_projects():
    client = signed_in(["enterprises.view_enterprise"])

    assert [client.get(f"{LIST}export.{kind}").status_code for kind in ("csv", "xlsx")] == [403, 403]


PARTS = {
    "projects.view_creditshare": ["责任单位"],
    "projects.change_projectparty": ["参与方"],
    "projects.view_measure": ["产能及其他指标"],
    "enterprises.change_enterprise": ["统一社会信用代码"],
    "projects.view_milestone": ["计划签约日期", "签约日期"],
}


def headings_seen(client):
    """The headings of both formats, which are the same."""
    ProjectFactory()
    book = load_workbook(BytesIO(body(client.get(f"{LIST}export.xlsx"))))
    in_csv = list(csv_records(client.get(f"{LIST}export.csv"))[0])
    assert [cell.value for cell in book.worksheets[0][1]] == in_csv
    explained = [row[0].value for row in book.worksheets[1].iter_rows(min_row=2)]
    assert explained == in_csv
    return in_csv


@pytest.mark.parametrize("right", PARTS)
def test_columns_of_other_records_are_for_those_who_may_see_them(client, right):
    plain, more = headings_seen(client), headings_seen(signed_in(["projects.view_project", right]))

    headings = [heading for heading in more if heading not in plain]
    assert headings[: len(PARTS[right])] == PARTS[right]
    assert {column.header for column in LEDGER.values() if column.kind_of_record} & set(plain) == set()


def test_superuser_gets_every_column():
    client = Client()
    client.force_login(UserFactory(is_superuser=True))

    with translation.override(LANGUAGE):
        assert headings_seen(client) == [column.header for column in LEDGER.values()]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_ledger_of_few_columns_comes_back_unchanged(client, tmp_path, kind):
    project = MilestoneFactory(project=CreditShareFactory(project=MeasureFactory().project).project).project
    path = tmp_path / f"a.{kind}"
    path.write_bytes(body(client.get(f"{LIST}export.{kind}")))

    found = checked(path)

    assert (counts(found), problems(found)) == ({"unchanged": 1}, [])
    assert project.credit_shares.count() == project.milestones.count() == 1


@pytest.mark.parametrize("query", ["x=1", "updated_at__year=x", "id__in=x"])
def test_query_that_the_list_refuses_leads_to_the_list(client, query):
    assert client.get(f"{LIST}export.csv?{query}").url == f"{PROJECTS}?e=1"


@pytest.mark.parametrize("kind", ["xls", "json", "CSV", ""])
def test_other_formats_are_not_found(client, kind):
    assert client.get(f"{LIST}export.{kind}").status_code == 404


def ways(client, query=""):
    return [link["href"] for link in page_of(client.get(PROJECTS + query)).one("ul.object-tools").all("a")]


def test_list_of_projects_leads_to_its_ledger_under_the_same_filters(client):
    assert [f"{LIST}export.{kind}?q=cn" in ways(client, "?q=cn") for kind in ("xlsx", "csv")] == [True, True]
    assert f"{LIST}add/" not in ways(client)
    assert f"{LIST}add/" in ways(signed_in())


def test_template_is_an_empty_workbook():
    book = load_workbook(BytesIO(body(signed_in().get(f"{LIST}template.xlsx"))))

    assert (book.worksheets[0]["B1"].value, book.worksheets[0]["B2"].value) == ("名称", None)


def test_marked_workbook_bears_the_name_of_the_file():
    found = ready(LedgerRow.Outcome.WRONG, file_name="六月.csv")
    found.rows.update(cells=["1", "x"], problems=[["名称", 1, "名称太短。", ""]])

    response = signed_in().get(f"{LIST}{found.pk}/marked.xlsx")

    assert "%E5%85%AD%E6%9C%88" in response["Content-Disposition"]
    assert load_workbook(BytesIO(body(response))).worksheets[0].title == "台账"
