"""The tables as files."""

from decimal import Decimal as D

import pytest

from liangzhou.months import Month
from monthly import tables
from monthly.models import Indicator, Origin
from tests.answers import body, csv_records, xlsx_rows
from tests.factories import AnnualTargetFactory, IndustryChainFactory
from tests.monthly.shelf import MARCH, MAY, fund, funded, version

pytestmark = pytest.mark.django_db


@pytest.fixture
def chain():
    chain = IndustryChainFactory(name="=1+1")
    for _ in range(3):
        project = funded("1000.1234", chain=chain)
        fund(project, "500", month=Month(2024, 5))
    AnnualTargetFactory(chain=chain, indicator=Indicator.FUNDING, value=D(9000))
    return chain


def test_csv_has_every_row_with_period_date_version_and_definition(client, chain):
    version()

    response = client.get("/en/funds/export.csv?table=chain&month=2025-05&version=1")

    assert csv_records(response) == [
        {
            "Industry chain": "'=1+1", "Year to date (万元)": "3000.3702", "Same period of last year (万元)": "1500",
            "Year-on-year (%)": "100.02", "Annual target (万元)": "9000", "Completion (%)": "33.34",
            "Number of projects (项)": "3", "Period": "months 1–5 of 2025", "As of": "2025-06-05", "Version": "1",
            "Definition": csv_records(client.get("/en/funds/export.csv?table=months"))[0]["Definition"],
        }
    ]  # fmt: skip
    assert response["Content-Disposition"].startswith(
        'attachment; filename="Funds received by industry chain_2025-05_v1'
    )


def test_excel_has_the_same_rows(client, chain):
    version()

    for name in tables.TITLES:
        head, *rows = xlsx_rows(client.get(f"/funds/export.xlsx?table={name}"))
        records = csv_records(client.get(f"/funds/export.csv?table={name}"))
        assert (list(records[0]), len(rows)) == (list(head), len(records))


def test_file_of_projects_defines_each_kind(client, chain):
    version()

    rows = csv_records(client.get("/en/funds/export.csv?table=projects"))

    assert len({row["Definition"] for row in rows}) == len(rows) == 11
    assert [row["Number of projects (项)"] for row in rows][:3] == ["3", "0", "0"]


def test_file_of_origins_defines_each_origin(client, chain):
    for origin in (Origin.ABROAD, Origin.OTHER_CITIES):
        for _ in range(3 if origin is Origin.ABROAD else 1):
            funded("5", origin=origin)
    fund(chain.projects.first(), "7", origin=Origin.OTHER_DISTRICTS)
    funded("8", origin=Origin.OTHER_DISTRICTS)
    version()

    rows = csv_records(client.get("/en/funds/export.csv?table=origin"))

    assert [row["Definition"].partition(":")[0] for row in rows] == [
        "Funds received from other provinces (省外到位资金)", "Funds received from abroad (境外到位资金)",
        "Funds received, all origins (到位资金)",
    ]  # fmt: skip


def test_file_of_an_earlier_version_stays_as_it_was(client, chain):
    version(MARCH)
    version(MAY)
    funded("5000", chain=chain)
    version(MAY)

    sums = [csv_records(client.get(f"/funds/export.csv?table=chain&version={n}"))[0] for n in ("1", "2")]

    assert [list(row.values())[1] for row in sums] == ["3000.3702", "8000.3702"]


@pytest.mark.parametrize("query", ["", "table=unit", "table=x", "table=chain&month=2025-04", "table=chain&version=2"])
def test_what_there_is_not_is_not_there(client, chain, query):
    version()
    version(MARCH, public=False)

    assert client.get(f"/funds/export.csv?{query}").status_code == 404
    assert client.get("/funds/export.pdf?table=chain").status_code == 404


def test_head_request_reads_nothing(client, chain):
    version()

    response = client.head("/funds/export.csv?table=chain")

    assert (response.status_code, body(response)) == (200, b"")
