"""Amounts in the admin: as typed, once a month, corrected after the month was locked, own projects only."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from monthly.models import FundingRecord, InvestmentRecord
from tests.answers import body, page_of
from tests.factories import (
    FundingRecordFactory,
    IndustryChainFactory,
    InvestmentRecordFactory,
    MonthVersionFactory,
    ProjectFactory,
    ReportingMonthFactory,
    UserFactory,
)
from tests.opened_form import open_form, read_form

pytestmark = pytest.mark.django_db
ADD, LIST = "admin:monthly_fundingrecord_add", "admin:monthly_fundingrecord_changelist"
MAY, JUNE = date(2025, 5, 1), date(2025, 6, 1)
CLOSED = "2025年5月"


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


def lock(month):
    MonthVersionFactory(reporting_month=ReportingMonthFactory(month=month, state="locked"))


def new(client, project, /, **typed):
    data = open_form(client, reverse(ADD), "fundingrecord_form")
    given = {"project": project.pk, "month": "2025年5月", "origin": "other_provinces", "amount": "1.2亿", **typed}
    return client.post(reverse(ADD), data | given)


def change(client, row, **typed):
    kind = row._meta.model_name
    url = reverse(f"admin:monthly_{kind}_change", args=[row.pk])
    return client.post(url, open_form(client, url, f"{kind}_form") | typed)


def errors(response):
    assert response.status_code == 200
    return sorted(response.context["adminform"].form.errors)


def test_entry_is_kept_as_typed_and_stamped(clerk, project):
    assert new(clerk, project).status_code == 302

    row = FundingRecord.objects.get()
    assert (row.project, row.month, row.amount, row.kind) == (project, MAY, 12_000, "entry")
    assert row.created_by.username == row.history.get().history_user.username


@pytest.mark.parametrize(("typed", "fields"), [
    ({"amount": "-300万元"}, ["reason"]), ({"amount": "很多"}, ["amount"]), ({"amount": ""}, ["amount"]),
    ({"amount": "\x00"}, ["amount"]), ({"month": "2025年13月"}, ["month"]), ({"month": "2025"}, ["month"]),
    ({"origin": "moon"}, ["origin"]), ({"project": "9" * 21}, ["project"]), ({"project": "x"}, ["project"]),
    ({"kind": "correction", "reason": "补"}, ["kind"]),
])  # fmt: skip
def test_slip_is_told_at_its_field_and_nothing_is_saved(clerk, project, typed, fields):
    assert errors(new(clerk, project, **typed)) == fields
    assert FundingRecord.objects.count() == 0


def test_slip_that_blocks_and_one_that_wants_a_reason_are_those_of_the_sheet(clerk, chain):
    small = ProjectFactory(chain=chain, total_investment=5000)

    assert errors(new(clerk, small, amount="13亿", reason="真的")) == ["amount"]
    assert errors(new(clerk, small, amount="6000")) == ["reason"]
    assert errors(new(clerk, small, amount="1", month="2099年1月", reason="早")) == ["amount"]
    assert new(clerk, small, amount="6000", reason="追加投资").status_code == 302
    row = FundingRecord.objects.get()
    assert errors(change(clerk, row, amount="1.3亿")) == ["reason"]  # it was given for 6000
    assert change(clerk, row, amount="6500").status_code == 302
    assert change(clerk, row, amount="4000", reason="").status_code == 302


def test_amount_below_zero_is_kept_with_its_reason(clerk, project):
    new(clerk, project, amount="\uff0d300万元", reason="核减")  # full-width minus

    assert FundingRecord.objects.get().amount == -300


def test_second_entry_of_a_month_leads_to_the_first(clerk, project):
    row = FundingRecordFactory(project=project)

    answer = new(clerk, project)

    assert errors(answer) == ["origin"]
    assert reverse("admin:monthly_fundingrecord_change", args=[row.pk]) in answer.content.decode()
    assert new(clerk, project, origin="abroad").status_code == 302


def test_entry_is_changed_in_place_while_its_month_was_never_locked(clerk, project):
    row = FundingRecordFactory(project=project)

    answer = change(clerk, row, amount="900", origin="abroad", project="1", month="2025年6月", kind="correction")

    row.refresh_from_db()
    assert (answer.status_code, row.amount, row.origin) == (302, 900, "abroad")
    assert (row.project, row.month, row.kind, row.version) == (project, MAY, "entry", 2)


def test_origin_is_not_changed_to_one_that_has_its_entry(clerk, project):
    row = FundingRecordFactory(project=project)
    FundingRecordFactory(project=project, origin="abroad")

    assert errors(change(clerk, row, origin="abroad")) == ["origin"]


def test_locked_month_takes_a_correction_with_a_reason_and_no_entry(clerk, project):
    lock(MAY)

    entry = new(clerk, project)
    silent = new(clerk, project, kind="correction")
    assert (errors(entry), errors(silent), FundingRecord.objects.count()) == (["kind"], ["reason"], 0)
    assert [CLOSED in text for text in entry.context["adminform"].form.errors["kind"]] == [True]
    assert new(clerk, project, kind="correction", amount="-200", reason="审计核减").status_code == 302
    assert FundingRecord.objects.get().amount == -200


def test_row_of_a_locked_month_is_read_and_its_remark_kept(clerk, project):
    row = FundingRecordFactory(project=project, amount=1200)
    lock(MAY)
    url = reverse("admin:monthly_fundingrecord_change", args=[row.pk])
    page = page_of(clerk.get(url))

    link = page.one("p.waiting").one("a")
    change(clerk, row, remark="附回单")
    forged = clerk.post(url, {"amount": "1", "remark": "伪", "_version": "2"})

    row.refresh_from_db()
    told = ["储能电站", "2025年5月", row.get_origin_display(), row.get_kind_display(), "1200 万元"]
    assert page.texts("div.readonly")[:5] == told
    assert f"project={project.pk}&month=2025-05&kind=correction&origin=other_provinces" in link["href"]
    assert (forged.status_code, row.amount, row.remark) == (200, 1200, "附回单")
    prepared = open_form(clerk, link["href"], "fundingrecord_form")
    assert [prepared[name] for name in ("project", "month", "kind")] == [str(project.pk), "2025-05", "correction"]


def test_rows_of_a_locked_month_are_not_deleted(project):
    editor = Client()
    editor.force_login(UserFactory(roles=["editor"]))
    closed, opened = FundingRecordFactory(project=project), FundingRecordFactory(project=project, month=JUNE)
    lock(MAY)

    for row in (closed, opened):
        editor.post(reverse("admin:monthly_fundingrecord_delete", args=[row.pk]), {"post": "yes"})
    chosen = {"_selected_action": [closed.pk], "action": "delete_selected", "post": "yes"}
    editor.post(reverse(LIST), chosen)

    assert list(FundingRecord.objects.all()) == [closed]


def test_foreign_project_is_neither_chosen_nor_named(clerk):
    foreign = ProjectFactory(name="他人项目")
    row = FundingRecordFactory(project=foreign, evidence=ContentFile(b"%PDF-", "a.pdf"))

    answer = new(clerk, foreign)

    assert (errors(answer), "他人项目" in answer.content.decode()) == (["project"], False)
    assert clerk.get(reverse("admin:monthly_fundingrecord_evidence", args=[row.pk])).status_code == 404
    assert clerk.get(reverse(LIST)).context["cl"].result_count == 0


def test_list_is_narrowed_to_a_month_and_to_a_project(clerk, project, chain):
    FundingRecordFactory(project=project, amount=Decimal("-12000"), reason="核减")
    InvestmentRecordFactory(project=project, month=JUNE)
    FundingRecordFactory(project=ProjectFactory(chain=chain, name="乳制品"), month=JUNE)

    for query, shown in (
        ({"month": "2025-06"}, ["乳制品"]), ({"q": "储能"}, ["储能电站"]), ({"q": "chuneng"}, ["储能电站"]),
        ({"month": "x"}, []), ({"project__id__exact": project.pk}, ["储能电站"]),
    ):  # fmt: skip
        page = clerk.get(reverse(LIST), query)
        assert [row.project.name for row in page.context["cl"].result_list] == shown, query


@pytest.mark.parametrize("number", [1, 3])
def test_list_costs_the_same_for_one_row_and_for_three(clerk, project, chain, number, django_assert_num_queries):
    for _one in range(number):
        FundingRecordFactory(project=ProjectFactory(chain=chain), evidence="monthly/a.pdf")
    clerk.get(reverse(LIST))

    with django_assert_num_queries(12):
        clerk.get(reverse(LIST))


class TestEvidence:
    def test_file_is_handed_out_as_a_download_and_never_as_a_page(self, clerk, project):
        row = FundingRecordFactory(project=project)
        change(clerk, row, evidence=SimpleUploadedFile("../../回单<script>.pdf", b"%PDF-1.7 slip"))
        row.refresh_from_db()

        response = clerk.get(reverse("admin:monthly_fundingrecord_evidence", args=[row.pk]))

        assert (body(response), response["Content-Type"]) == (b"%PDF-1.7 slip", "application/octet-stream")
        assert response["Cache-Control"] == "private, no-store"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Disposition"].startswith('attachment; filename="export.pdf"; filename*=UTF-8')
        assert f"2025-05_{project.code}.pdf" in response["Content-Disposition"]
        assert Client().get("/" + row.evidence.name).status_code == 404

    def test_replaced_and_removed_files_stay_for_the_history(self, clerk, project):
        row = FundingRecordFactory(project=project, evidence=ContentFile(b"%PDF-1", "a.pdf"))
        first = row.evidence
        change(clerk, row, evidence=SimpleUploadedFile("b.pdf", b"%PDF-2"))
        change(clerk, row, **{"evidence-clear": "on"})
        row.refresh_from_db()

        assert (row.evidence.name, first.storage.exists(first.name)) == ("", True)
        past = clerk.get(reverse("admin:monthly_fundingrecord_history", args=[row.pk])).content.decode()
        assert first.name[-10:] in past

    def test_file_that_is_gone_or_was_never_there_is_not_found_and_the_form_opens(self, clerk, project):
        for name in ("monthly/2025/05/gone.pdf", "", "../../etc/passwd"):
            row = FundingRecordFactory(project=project, origin="abroad", evidence=name)
            assert clerk.get(reverse("admin:monthly_fundingrecord_evidence", args=[row.pk])).status_code == 404
            assert change(clerk, row, remark="x").status_code == 302
            row.delete()
        for key in ("x", "9" * 30, "0"):
            assert clerk.get(f"/admin/monthly/fundingrecord/{key}/evidence/").status_code == 404

    def test_wrong_file_is_told_at_its_field(self, clerk, project):
        row = FundingRecordFactory(project=project)

        assert errors(change(clerk, row, evidence=SimpleUploadedFile("a.pdf", b"<html>"))) == ["evidence"]
        assert FundingRecord.objects.get().evidence == ""


def test_investment_is_entered_like_funds_and_kept_apart(clerk, project):
    url = reverse("admin:monthly_investmentrecord_add")
    data = open_form(clerk, url, "investmentrecord_form")
    given = {"project": project.pk, "month": "2025-05", "amount": "800"}

    clerk.post(url, data | given)
    again = clerk.post(url, data | given)

    assert (errors(again), InvestmentRecord.objects.get().amount, FundingRecord.objects.count()) == (["month"], 800, 0)


def test_two_who_change_one_amount_are_told_of_each_other(clerk, project):
    row = FundingRecordFactory(project=project, amount=1200)
    url = reverse("admin:monthly_fundingrecord_change", args=[row.pk])
    opened = open_form(clerk, url, "fundingrecord_form")
    change(clerk, row, amount="900")

    answer = clerk.post(url, opened | {"amount": "800", "remark": "乙"})

    assert answer.status_code == 200
    assert FundingRecord.objects.get().amount == 900
    assert answer.context["adminform"].form["amount"].value() == "800"


@pytest.mark.parametrize(("typed", "offered"), [("900", "-300"), ("1.5亿", "13800"), ("很多", "很多")])
def test_amount_of_a_month_locked_meanwhile_is_offered_as_a_correction(clerk, project, typed, offered):
    row = FundingRecordFactory(project=project, amount=1200)
    url = reverse("admin:monthly_fundingrecord_change", args=[row.pk])
    opened = open_form(clerk, url, "fundingrecord_form")
    lock(MAY)

    answer = clerk.post(url, opened | {"amount": typed, "reason": "核减&退款", "remark": "附回单"})

    filled = read_form(answer, "fundingrecord_form")
    names = ("project", "month", "origin", "kind", "amount", "reason", "remark")
    kept = [str(project.pk), "2025-05", "other_provinces", "correction", offered, "核减&退款", "附回单"]
    assert [filled[name] for name in names] == kept
    assert ([CLOSED in str(message) for message in answer.context["messages"]], FundingRecord.objects.get().amount) == (
        [True], 1200)  # fmt: skip
    assert [one["action"] for one in page_of(answer).all("form", id="fundingrecord_form")] == [reverse(ADD)]


def test_remark_typed_while_the_month_was_locked_is_kept(clerk, project):
    row = FundingRecordFactory(project=project, amount=1200)
    url = reverse("admin:monthly_fundingrecord_change", args=[row.pk])
    opened = open_form(clerk, url, "fundingrecord_form")
    lock(MAY)

    answer = clerk.post(url, opened | {"remark": "附回单"})

    assert (answer.status_code, FundingRecord.objects.get().remark) == (302, "附回单")


NOW = datetime(2025, 6, 20, 4, tzinfo=UTC)


def test_projects_page_shows_the_months_of_the_year(clerk, project, time_machine):
    time_machine.move_to(NOW, tick=False)
    FundingRecordFactory(project=project, month=date(2025, 1, 1), amount=500)
    FundingRecordFactory(project=project, month=MAY, amount=1200)
    FundingRecordFactory(project=project, month=MAY, amount=-200, kind="correction", reason="核减")
    FundingRecordFactory(project=project, month=date(2024, 12, 1), amount=99)
    InvestmentRecordFactory(project=project, month=MAY, amount=12_000)

    table = page_of(clerk.get(reverse("admin:projects_project_change", args=[project.pk]))).one(
        "details.months-of-project"
    )

    rows = [[cell.text for cell in row.all() if cell.tag in ("td", "th")] for row in table.one("tbody").all("tr")]
    assert rows == [
        ["2025年1月", "500 万元", "500 万元", "—"],
        ["2025年2月", "—", "500 万元", "—"],
        ["2025年3月", "—", "500 万元", "—"],
        ["2025年4月", "—", "500 万元", "—"],
        ["2025年5月", "1000 万元", "1500 万元", "1.2 亿元"],
        ["2025年6月", "—", "1500 万元", "—"],
    ]
    assert [clerk.get(link["href"]).context["cl"].result_count for link in table.all("a")] == [1, 2, 1, 4, 1, 0, 0]
