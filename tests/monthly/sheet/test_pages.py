"""The page of the sheet: who sees which rows, what is shown of them, its form, its files."""

from datetime import date
from decimal import Decimal as D

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from liangzhou.audit import AuditEntry
from liangzhou.months import Month
from monthly.models import FundingRecord
from projects.models import Milestone
from projects.stages import Stage, Status
from tests.factories import (
    AnnualPlanFactory,
    CreditShareFactory,
    FundingRecordFactory,
    InvestmentRecordFactory,
    MilestoneFactory,
    ProjectFactory,
    UserFactory,
)
from tests.monthly.sheet.form import MAY, Form, address

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    user = UserFactory(roles=["editor"])
    client.force_login(user)
    return user


def names(answer):
    return [line.row.project.name for line in answer.context["lines"]]


def test_rows_are_signed_by_then_and_not_terminated_or_have_amounts(client, editor):
    ended = {"status": Status.TERMINATED, "status_reason": "投资方退出"}
    ProjectFactory(name="在建")
    ProjectFactory(name="在谈", stage=Stage.NEGOTIATING, published=False)
    ProjectFactory(name="终止", **ended)
    ProjectFactory(name="暂停", status=Status.PAUSED, status_reason="用地")
    FundingRecordFactory(project=ProjectFactory(name="终止有资金", **ended), month=date(2025, 2, 1))
    InvestmentRecordFactory(project=ProjectFactory(name="终止有固投", **ended), month=date(2025, 3, 1))
    later = ProjectFactory(name="六月签约", stage=Stage.SIGNED)
    MilestoneFactory(project=later, kind=Milestone.Kind.SIGNED, actual=date(2025, 6, 1))

    answer = client.get(address())

    assert set(names(answer)) == {"在建", "暂停", "终止有资金", "终止有固投"}
    states = {line.row.project.name: bool(line.state) for line in answer.context["lines"]}
    assert states == {"在建": False, "暂停": True, "终止有资金": True, "终止有固投": True}


def test_figures_of_a_row_and_of_all(client, editor):
    project = ProjectFactory(name="甲")
    for month, amount in (("2024-04", 60), ("2024-05", 40), ("2024-06", 7), ("2025-03", 50), ("2025-05", 80)):
        FundingRecordFactory(project=project, month=Month.parse(month).first, amount=D(amount))
    FundingRecordFactory(project=project, origin="abroad", amount=D(1000))
    AnnualPlanFactory(project=project, value=D(260))
    FundingRecordFactory(project=ProjectFactory(name="乙"), month=date(2025, 1, 1), amount=D(70))

    answer = client.get(address())

    (line,) = [line for line in answer.context["lines"] if line.row.project == project]
    expected = {"before": "50", "month": "80", "cumulative": "130", "last_year": "100", "plan": "260"}
    expected |= {"growth": "30.00%", "completion": "434.62%", "ahead": "+392.95"}  # the plan is of all origins
    assert line.numbers == expected
    totals = answer.context["totals"]
    assert (totals["before"], totals["month"], totals["cumulative"], totals["growth"]) == (
        "120",
        "80",
        "200",
        "100.00%",
    )
    assert (answer.context["filled"], line.plan_note != "") == (1, True)


@pytest.mark.parametrize("role", ["leader", "auditor", "publisher"])
def test_who_only_reads_gets_no_form(client, role):
    FundingRecordFactory()
    client.force_login(UserFactory(roles=[role]))

    answer = client.get(address())

    assert (answer.status_code, answer.context["may_write"]) == (200, False)
    assert b'name="was-' not in answer.content


@pytest.mark.parametrize("role", ["administrator", "service_officer"])
def test_others_do_not_get_in(client, role):
    client.force_login(UserFactory(roles=[role]))

    assert client.get(address()).status_code == 403


def test_place_clerk_sees_own_projects_and_no_other_name(client):
    own, other = ProjectFactory(name="我的项目"), ProjectFactory(name="别人的项目")
    client.force_login(UserFactory(roles=["place_clerk"], places=[own.place]))

    answer = client.get(address())
    refused = client.post(address(), {"mode": "00", f"was-{other.pk}": "|||||", f"m-{other.pk}": "5"})

    assert names(answer) == ["我的项目"]
    assert "别人的项目" not in answer.content.decode() + refused.content.decode()
    assert (refused.status_code, FundingRecord.objects.count()) == (403, 0)


def test_all_origins_are_only_read(client, editor):
    project = FundingRecordFactory().project
    FundingRecordFactory(project=project, origin="abroad", amount=D(300))

    answer = client.get(address(query="?series=funding"))

    (line,) = answer.context["lines"]
    assert (line.numbers["month"], answer.context["may_write"]) == ("1,500", False)
    assert client.post(address(query="?series=funding"), {"mode": "00"}).status_code == 403


def test_filters_narrow_the_rows(client, editor):
    one, other = ProjectFactory(name="储能电站"), ProjectFactory(name="冷链中心")
    FundingRecordFactory(project=one, amount=D(9_000_000))
    share = CreditShareFactory(project=other)
    asked = {
        f"chain={one.chain_id}": ["储能电站"],
        f"place={other.place_id}": ["冷链中心"],
        f"unit={share.unit_id}": ["冷链中心"],
        "show=unfilled": ["冷链中心"],
        "show=warned": ["储能电站"],
        "q=lengl": ["冷链中心"],
        "o=code": ["储能电站", "冷链中心"],
        "who=own": ["储能电站", "冷链中心"],
        "chain=x&place=-1&unit=99999999999999999999&show=x&o=x&series=x&p=x": ["储能电站", "冷链中心"],
        "chain=999999": [],
        "q=%27": [],
    }

    assert {query: sorted(names(client.get(address(query=f"?{query}")))) for query in asked} == {
        query: sorted(found) for query, found in asked.items()
    }


def test_nothing_there_says_what_to_do(client, editor):
    assert client.get(address()).context["has_projects"] is False
    ProjectFactory()
    answer = client.get(address(query="?chain=999999"))
    assert (answer.context["has_projects"], names(answer)) == (True, [])


def test_save_leads_back_to_the_same_rows(client, editor):
    project = ProjectFactory()
    form = Form(editor, project).type(project, month="12")
    here = address(query="?show=unfilled")

    assert client.post(here, form.data).url == here
    assert FundingRecord.objects.get().amount == D(12)


def test_what_is_wrong_comes_back_as_typed(client, editor):
    project = ProjectFactory(name="储能电站")
    form = Form(editor, project).type(project, month="十二", site="封\x00顶", plan="5")

    answer = client.post(address(query="?chain=999999"), form.data)

    (line,) = answer.context["lines"]
    assert [line.cells[name].value for name in ("month", "site", "plan")] == ["十二", "封 顶", "5"]
    assert [(href, name) for href, name, _said in answer.context["places"]] == [(f"#m-{project.pk}", "储能电站")]


@pytest.mark.parametrize("token", ["", "|", "x|y|z|||", "NaN|||||", "1e999999999|1|1|||", "|" * 300, "1|2|3|4|5|6"])
def test_hostile_forms_are_no_error(client, editor, token):
    project = ProjectFactory()
    data = {"mode": "zz", f"was-{project.pk}": token, f"m-{project.pk}": "5", "was-x": "", "was-" + "9" * 30: "1"}

    assert client.post(address(), data).status_code == 200
    assert FundingRecord.objects.count() == 0


def test_a_month_at_the_end_of_the_calendar_has_a_sheet(client, editor):
    ProjectFactory()

    assert client.get(address(Month(2099, 12))).status_code == 200
    assert client.get(address(Month(1951, 1))).status_code == 200
    assert client.get(address(Month(1950, 12))).status_code == 404


def test_number_of_queries_does_not_follow_the_number_of_rows(client, editor):
    counts = []
    for number in (3, 27):
        for n in range(number):
            FundingRecordFactory(project=ProjectFactory(name=f"甲{number}号示例{n}"))
        client.get(address())
        with CaptureQueriesContext(connection) as queries:
            client.get(address())
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_sheet_leaves_as_csv_and_is_in_the_trail(client, editor):
    FundingRecordFactory(project=ProjectFactory(name="=储能电站"), amount=D("12.5"))
    ProjectFactory(name="冷链中心")

    answer = client.get(address().replace("sheet/", "sheet.csv") + "?q=储能")

    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[1].split(",")[1] == "'=储能电站"
    assert lines[1].split(",")[5:8] == ["", "12.5", "12.5"]
    entry = AuditEntry.objects.get(action="export")
    assert (entry.details["rows"], entry.details["sheet"]) == (1, "2025-05")


def test_sheet_leaves_as_a_workbook(client, editor, tmp_path):
    FundingRecordFactory(project=ProjectFactory(name="储能电站"), amount=D("12.5"))
    answer = client.get(address(MAY).replace("sheet/", "sheet.xlsx"))
    (tmp_path / "a.xlsx").write_bytes(b"".join(answer.streaming_content))

    rows = list(load_workbook(tmp_path / "a.xlsx").active.values)
    assert (len(rows), rows[1][1], rows[1][6]) == (2, "储能电站", 12.5)
