"""The downloads: the ledger as it is listed, the empty template, the workbook with wrong cells marked."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from ledgers.models import LedgerRow
from projects.stages import Stage
from tests.answers import body, csv_records, page_of
from tests.factories import ProjectFactory
from tests.ledgers.desk import LIST, ready, signed_in

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
