"""The staff page of figures: who sees what, every number opens to its rows, files are in the trail."""

from datetime import date
from decimal import Decimal as D

import pytest
from django.test import Client

from liangzhou.audit import Action, AuditEntry
from liangzhou.months import Month
from monthly import locking
from monthly.models import Indicator, Origin
from projects.stages import Stage
from tests.answers import csv_rows, page_of, xlsx_rows
from tests.factories import (
    AnnualTargetFactory,
    FundingRecordFactory,
    IndustryChainFactory,
    MilestoneFactory,
    ProjectFactory,
    SigningEventFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
PAGE, ROWS = "/admin/monthly/reportingmonth/2025-05/figures/", "/admin/monthly/reportingmonth/2025-05/rows/"


def signed_in(**how) -> Client:
    client = Client()
    client.force_login(UserFactory(**how))
    return client


@pytest.fixture
def chain():
    return IndustryChainFactory(name="奶产业")


@pytest.fixture
def projects(chain):
    """Two projects of two chains, with funds in May of this year and of last year."""
    other = IndustryChainFactory(name="数字产业")
    made = []
    for n, of in enumerate([chain, other], start=1):
        project = ProjectFactory(name=f"第{n}个项目", chain=of, stage=Stage.BUILDING)
        MilestoneFactory(project=project, kind="signed", actual=date(2025, 1, 5), actual_precision="day")
        FundingRecordFactory(project=project, amount=D(1000 * n))
        FundingRecordFactory(project=project, amount=D(500), month=date(2024, 5, 1))
        made.append(project)
    return made


def table(client, address, which=0) -> list[list[str]]:
    """The cells of one of the page's tables."""
    answer = client.get(address)
    assert answer.status_code == 200
    rows = page_of(answer).all("table")[which].all("tr")
    return [[cell.text for cell in row.walk() if cell.tag in ("th", "td")] for row in rows][1:]


def links(client, address) -> list[str]:
    """Where the numbers of the page lead."""
    found = [one["href"] for one in page_of(client.get(address)).all("a")]
    return list(dict.fromkeys(one for one in found if "/rows/" in one))


def test_page_shows_the_figures_of_each_chain_and_of_the_district(projects, chain):
    AnnualTargetFactory(chain=chain, value=D(2000))
    AnnualTargetFactory(value=D(12_000))

    *chains, district = table(signed_in(roles=["leader"]), PAGE)

    assert chains == [
        ["数字产业", "2,000.00", "2,000.00", "500.00", "+300.00", "—", "—", "—", "1", "—"],
        ["奶产业", "1,000.00", "1,000.00", "500.00", "+100.00", "2,000.00", "50.00", "+8.33", "1", "1"],
    ]
    assert district[1:] == ["3,000.00", "3,000.00", "1,000.00", "+200.00", "12,000.00", "25.00", "-16.67", "2", "—"]


@pytest.mark.parametrize("by", ["chain", "place", "unit", "origin", "size", "phase"])
def test_every_number_opens_to_its_rows(projects, by):
    client = signed_in(roles=["leader"])

    found = links(client, f"{PAGE}?by={by}")

    assert len(found) > 12
    assert {client.get(address).status_code for address in found} == {200}


def test_rows_are_the_projects_with_their_amounts_and_corrections(projects, chain):
    FundingRecordFactory(project=projects[0], amount=D(-40), kind="correction", reason="重复上报")
    client = signed_in(roles=["leader"])

    rows = table(client, f"{ROWS}?by=chain&key={chain.pk}&of=month")

    assert rows[0][:7] == [f"第1个项目{projects[0].code} · {projects[0].enterprise}", "奶产业",
                           str(projects[0].place), "960.00", "960.00", "500.00", "500.00"]  # fmt: skip
    assert rows[1][0].count("重复上报") == 1
    assert "-40 万元" in rows[1][0]


def test_locked_version_keeps_its_figures_and_rows_after_a_correction(projects):
    version = locking.lock(Month(2025, 5), by=UserFactory(is_superuser=True))
    FundingRecordFactory(project=projects[0], amount=D(77), kind="correction", reason="补报")
    client = signed_in(roles=["leader"])

    assert table(client, f"{PAGE}?version={version.number}")[-1][1] == "3,000.00"
    assert table(client, PAGE)[-1][1] == "3,077.00"
    assert table(client, f"{ROWS}?version={version.number}&of=month")[0][3] == "2,000.00"


def test_clerk_of_a_chain_sees_the_figures_of_own_projects_alone(projects, chain):
    client = signed_in(roles=["task_force"], chains=[chain])

    page = client.get(PAGE).content.decode()
    names = [row[0] for row in table(client, f"{ROWS}?of=ytd")][::2]

    assert [row[1] for row in table(client, PAGE)] == ["1,000.00", "1,000.00"]
    assert ("数字产业" in page, "2,000.00" in page) == (False, False)
    assert [name[:5] for name in names] == ["第1个项目"]
    assert client.get(f"{ROWS}?count=projects").content.decode().count("第2个项目") == 0


def test_clerk_of_a_place_sees_no_other_in_a_locked_month(projects):
    version = locking.lock(Month(2025, 5), by=UserFactory(is_superuser=True))
    client = signed_in(roles=["place_clerk"], places=[projects[1].place])

    for address in (f"{PAGE}?version={version.number}", f"{ROWS}?version={version.number}&light=none"):
        assert "第1个项目" not in client.get(address).content.decode()
    assert table(client, f"{PAGE}?version={version.number}")[-1][1] == "2,000.00"


@pytest.mark.parametrize("role", ["service_officer", "administrator", "security"])
def test_who_may_not_see_months_gets_nothing(projects, role):
    client = signed_in(roles=[role])

    assert [client.get(address).status_code for address in (PAGE, ROWS)] == [403, 403]


def test_right_to_see_months_alone_shows_no_amounts(projects):
    client = signed_in(permissions=["monthly.view_reportingmonth"])

    answers = [client.get(address).status_code for address in (PAGE, ROWS, f"{PAGE[:-1]}.csv", f"{ROWS[:-1]}.csv")]

    assert answers == [403] * 4


@pytest.mark.parametrize(
    "query",
    [
        "version=7",
        "version=x",
        "by=colour",
        "by=chain&key=x",
        "by=chain&key=99999999999999999999",
        "of=year",
        "at=2025-06",
        "at=2025-13",
        "at=x",
        "count=all",
        "rate=start&cohort=year&key=1900",
        "rate=start&cohort=age",
        "rate=start&part=half",
        "rate=x",
        "light=blue",
        "light=red&by=origin",
        "indicator=signed",
    ],
)
def test_rows_that_no_link_asks_for_are_not_there(projects, query):
    client = signed_in(roles=["leader"])

    assert client.get(f"{ROWS}?{query}").status_code == 404
    assert client.get(f"{ROWS[:-1]}.csv?{query}").status_code == 404


def test_choice_that_is_not_understood_is_told(projects):
    client = signed_in(roles=["leader"])

    answer = client.get(f"{PAGE}?by=colour&measure=beauty")

    assert (answer.status_code, len(page_of(answer).all("span.warning"))) == (200, 2)
    assert client.get(f"{PAGE}?version=2").status_code == 404


def test_other_month_of_the_form_is_another_address(projects):
    client = signed_in(roles=["leader"])

    there = client.get(f"{PAGE}?month=2024-05&version=3&by=place")
    nowhere = client.get(f"{PAGE}?month=9999-99&by=place")

    assert there["Location"] == PAGE.replace("2025", "2024") + "?indicator=funding&by=place&measure=completion"
    assert nowhere["Location"] == f"{PAGE}?indicator=funding&by=place&measure=completion"


def test_table_is_taken_out_as_a_file_and_told_to_the_trail(projects):
    client = signed_in(roles=["leader"])

    rows = xlsx_rows(client.get(f"{PAGE[:-1]}.xlsx?by=origin&indicator=funding"))

    assert [row[1] for row in rows[1:]] == [3000, None, None, None, 3000]
    entry = AuditEntry.objects.get(action=Action.EXPORT)
    assert (entry.details["month"], entry.details["rows"], entry.details["format"]) == ("2025-05", 5, "xlsx")


def test_rows_are_taken_out_each_with_its_reason(projects, chain):
    FundingRecordFactory(project=projects[0], amount=D(-40), kind="correction", reason="=1+1")
    client = signed_in(roles=["leader"])

    rows = csv_rows(client.get(f"{ROWS[:-1]}.csv?by=chain&key={chain.pk}&of=month"))

    assert [row[5:6] + row[8:] for row in rows[1:]] == [
        ["2025-05", "1000", "100", "1000", ""],
        ["2025-05", "-40", "100", "-40", "'=1+1"],
    ]
    assert AuditEntry.objects.filter(action=Action.EXPORT).count() == 1


def test_month_without_any_rows_has_an_empty_page():
    client = signed_in(roles=["leader"])

    assert [row[1:] for row in table(client, PAGE.replace("2025", "1999"))[1:]] == [["—"] * 7 + ["0", "—"]]
    assert client.get(PAGE.replace("2025", "1949")).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_page_takes_the_same_number_of_queries(number, django_assert_num_queries):
    for _n in range(number):
        project = ProjectFactory(stage=Stage.BUILDING, signing_event=SigningEventFactory())
        MilestoneFactory(project=project, kind="signed", actual=date(2025, 1, 5), actual_precision="day")
        FundingRecordFactory(project=project, origin=Origin.ABROAD)
    client = signed_in(roles=["leader"])
    client.get(PAGE)

    with django_assert_num_queries(27):
        client.get(PAGE)
    with django_assert_num_queries(12):
        client.get(f"{ROWS}?of=ytd&indicator={Indicator.ABROAD}")
