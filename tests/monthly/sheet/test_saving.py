"""Saving a sheet: what is written, what is refused, two clerks at once, locked months."""

from datetime import date
from decimal import Decimal as D

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from liangzhou.batches import ChangeBatch, undo
from liangzhou.months import Month
from monthly import locking
from monthly.models import AnnualPlan, FundingRecord, InvestmentRecord, ProgressReport, ReportingMonth
from tests.factories import (
    AnnualPlanFactory,
    FundingRecordFactory,
    IndustryChainFactory,
    ProgressReportFactory,
    ProjectFactory,
    UserFactory,
)
from tests.monthly.sheet.form import MAY, Form

pytestmark = pytest.mark.django_db
APRIL = date(2025, 4, 1)


@pytest.fixture
def clerk():
    return UserFactory(roles=["editor"], last_name="赵", first_name="兰")


@pytest.fixture
def colleague():
    return UserFactory(roles=["editor"], last_name="李", first_name="明")


@pytest.fixture
def project():
    project = ProjectFactory(name="储能电站项目")
    FundingRecordFactory(project=project, month=APRIL, amount=D(100))
    return project


def amounts(project, month=MAY):
    rows = FundingRecord.objects.filter(project=project, month=month.first).order_by("pk")
    return [(row.kind, row.amount, row.reason) for row in rows]


def test_whole_row_is_written_with_history_as_one_batch(clerk, project):
    form = Form(clerk, project)
    form.type(project, month="120", plan="1,000", site="主体封顶", problem="用地")

    assert form.save().saved
    assert amounts(project) == [("entry", D(120), "")]
    report = ProgressReport.objects.get()
    assert (report.site_progress, report.problem, report.created_by) == ("主体封顶", "用地", clerk)
    plan = AnnualPlan.objects.get()
    assert (plan.year, plan.indicator, plan.value) == (2025, "funding", D(1000))
    batch = ChangeBatch.objects.get()
    assert (batch.kind, batch.by) == ("sheet", clerk)
    touched = [(one["model"].__name__, one["entered"]) for one in undo.touched_counts(batch)]
    assert sorted(touched) == [("AnnualPlan", 1), ("FundingRecord", 1), ("ProgressReport", 1)]


def test_cumulative_alone_gives_the_month(clerk, project):
    assert Form(clerk, project).type(project, cumulative="210").save().saved
    assert amounts(project) == [("entry", D(110), "")]


def test_entry_is_changed_in_place_and_its_version_counted(clerk, project):
    FundingRecordFactory(project=project, amount=D(110))

    assert Form(clerk, project).type(project, month="115").save().saved
    row = FundingRecord.objects.get(month=MAY.first)
    assert (row.amount, row.version, row.updated_by) == (D(115), 2, clerk)
    assert [past.amount for past in row.history.order_by("history_id")] == [D(110), D(115)]


def test_investment_is_a_series_of_its_own(clerk, project):
    assert Form(clerk, project, series="investment").type(project, month="80").save().saved
    assert InvestmentRecord.objects.get().amount == D(80)
    assert amounts(project) == []


def test_nothing_changed_writes_nothing(clerk, project):
    FundingRecordFactory(project=project, amount=D(110))

    assert Form(clerk, project).save().saved
    assert ChangeBatch.objects.count() == ReportingMonth.objects.count() == 0


def test_one_wrong_row_keeps_all_from_being_written(clerk, project):
    other = ProjectFactory()
    form = Form(clerk, project, other).type(project, month="110").type(other, month="十三")

    assert form.wrong() == [("unreadable", "month")]
    assert FundingRecord.objects.filter(month=MAY.first).count() == 0


def test_warning_wants_a_reason_and_takes_it(clerk, project):
    form = Form(clerk, project).type(project, month="1100")
    assert form.wrong() == [("reason", "reason")]

    assert form.type(project, reason="设备款集中到位").save().saved
    assert amounts(project) == [("entry", D(1100), "设备款集中到位")]


def test_reduction_wants_a_reason(clerk, project):
    form = Form(clerk, project).type(project, cumulative="90")
    assert form.wrong() == [("reason", "reason")]

    assert form.type(project, reason="核减重复统计").save().saved
    assert amounts(project) == [("entry", D(-10), "核减重复统计")]


def test_row_with_a_warning_is_saved_where_its_amount_stays(clerk, project):
    FundingRecordFactory(project=project, amount=D(1100))

    assert Form(clerk, project).type(project, site="基础完工").save().saved


def test_month_and_cumulative_that_do_not_belong_together(clerk, project):
    assert Form(clerk, project).type(project, month="10", cumulative="120").wrong() == [("pair", "cumulative")]


def test_emptied_month_is_no_longer_filled_and_the_history_keeps_it(clerk, project):
    FundingRecordFactory(project=project, amount=D(110))

    assert Form(clerk, project).type(project, month="", cumulative="").save().saved
    assert amounts(project) == []
    newest = FundingRecord.history.order_by("-history_id").first()
    assert (newest.history_type, newest.amount, newest.history_user) == ("-", D(110), clerk)


@pytest.mark.parametrize("kept", [{"evidence": "monthly/x.pdf"}, {"remark": "银行回单"}])
def test_month_with_evidence_or_a_remark_is_not_emptied(clerk, project, kept):
    FundingRecordFactory(project=project, amount=D(110), **kept)

    assert Form(clerk, project).type(project, month="", cumulative="").wrong() == [("emptied", "month")]
    assert amounts(project) == [("entry", D(110), "")]


def test_month_is_emptied_only_by_who_may_delete(project):
    FundingRecordFactory(project=project, amount=D(110))
    member = UserFactory(roles=["task_force"], chains=[project.chain])

    assert Form(member, project).type(project, month="", cumulative="").wrong() == [("emptied", "month")]
    assert amounts(project) == [("entry", D(110), "")]


def test_words_about_a_month_that_has_not_begun_are_refused(clerk, project):
    year = timezone.localdate().year + 1
    form = Form(clerk, project, month=Month(year, 1)).type(project, site="封顶", problem="用地", plan="100")

    assert form.wrong() == [("future", "site"), ("future", "problem")]
    assert form.type(project, site="", problem="").save().saved


def test_reason_alone_is_told_to_stand_beside_an_amount(clerk, project):
    assert Form(clerk, project).type(project, reason="因为").wrong() == [("lonely", "reason")]


@pytest.mark.parametrize(
    ("text", "reason", "expected"),
    [
        ("2000", "", [("reason", "reason")]),
        ("2000", "追加投资", []),
        ("", "不要了", [("emptied", "plan")]),
        ("-1", "减少", [("negative", "plan")]),
    ],
)
def test_target_that_is_changed_wants_a_reason(clerk, project, text, reason, expected):
    AnnualPlanFactory(project=project, value=D(1000))
    form = Form(clerk, project).type(project, plan=text, reason=reason)

    assert form.wrong() == expected
    assert AnnualPlan.objects.get().value == (D(1000) if expected else D(2000))


def test_texts_that_are_too_long_are_refused(clerk, project):
    form = Form(clerk, project).type(project, site="字" * 501, problem="字" * 500)

    assert form.wrong() == [("long", "site")]


# Two clerks


def test_cell_that_both_changed_is_a_conflict_and_saving_again_writes(clerk, colleague, project):
    mine, theirs = Form(clerk, project), Form(colleague, project)
    assert theirs.type(project, month="112").save().saved
    outcome = mine.type(project, month="113", site="封顶").save()

    (row,) = outcome.rows
    assert [(one.code, one.cell) for one in row.slips] == [("conflict", "month")]
    assert all(word in row.slips[0].sentence for word in ("李明", "112", "113"))
    assert (row.shown["month"], row.shown["cumulative"], row.shown["site"]) == ("113", "213", "封顶")
    assert amounts(project) == [("entry", D(112), "")]

    again = Form(clerk, project).type(project, month="113", cumulative="213", site="封顶")
    assert again.save().saved
    assert amounts(project) == [("entry", D(113), "")]


def test_cells_that_only_the_colleague_changed_are_brought_up_to_date(clerk, colleague, project):
    mine, theirs = Form(clerk, project), Form(colleague, project)
    assert theirs.type(project, month="112", site="封顶").save().saved

    outcome = mine.type(project, problem="缺电").save()
    assert (outcome.saved, outcome.brought) == (True, 2)
    assert amounts(project) == [("entry", D(112), "")]
    report = ProgressReport.objects.get()
    assert (report.site_progress, report.problem) == ("封顶", "缺电")


def test_same_value_typed_by_both_is_no_conflict(clerk, colleague, project):
    mine, theirs = Form(clerk, project), Form(colleague, project)
    theirs.type(project, month="112").save()

    assert mine.type(project, month="112").save().saved


def test_cumulative_typed_on_months_that_changed_meanwhile_is_looked_at_again(clerk, project):
    mine = Form(clerk, project).type(project, cumulative="210")
    FundingRecord.objects.update(amount=D(90))

    assert mine.wrong() == [("conflict", "cumulative")]
    assert amounts(project) == []


def test_progress_that_both_changed_is_a_conflict(clerk, colleague, project):
    ProgressReportFactory(project=project, site_progress="打桩")
    mine, theirs = Form(clerk, project), Form(colleague, project)
    theirs.type(project, site="封顶").save()

    assert mine.type(project, site="装修").wrong() == [("conflict", "site")]
    assert ProgressReport.objects.get().site_progress == "封顶"


# Locked months


@pytest.fixture
def locked(colleague, project):
    FundingRecordFactory(project=project, amount=D(110))
    for number in range(1, 6):
        month = Month(2025, number)
        if number >= 4:
            locking.lock(month, by=colleague)
    return project


def test_locked_month_takes_corrections_of_the_difference(clerk, locked):
    form = Form(clerk, locked).type(locked, month="105")
    assert form.wrong() == [("reason", "reason")]

    assert form.type(locked, reason="银行回单更正").save().saved
    assert amounts(locked) == [("entry", D(110), ""), ("correction", D(-5), "银行回单更正")]
    assert Form(clerk, locked).opened[0].amount == D(105)


def test_locked_month_is_corrected_where_nothing_was_filled(clerk, locked):
    late = ProjectFactory()

    assert Form(clerk, late).type(late, month="0", reason="补报").save().saved
    assert amounts(late) == [("correction", D(0), "补报")]


@pytest.mark.parametrize("cell", ["site", "problem"])
def test_texts_of_a_locked_month_stay(clerk, locked, cell):
    assert Form(clerk, locked).type(locked, **{cell: "改"}).wrong() == [("locked", cell)]


def test_amount_of_a_locked_month_is_not_taken_away(clerk, locked):
    assert Form(clerk, locked).type(locked, month="", cumulative="", reason="误").wrong() == [("emptied", "month")]


def test_month_that_was_opened_again_takes_corrections_and_texts(clerk, colleague, locked):
    locking.unlock(MAY, by=colleague, reason="补报进度")

    assert Form(clerk, locked).type(locked, month="111", reason="更正", site="封顶").save().saved
    assert amounts(locked)[1] == ("correction", D(1), "更正")
    assert ProgressReport.objects.get().site_progress == "封顶"


def test_form_opened_before_the_locking_is_not_written(clerk, colleague, project):
    form = Form(clerk, project).type(project, month="110", reason="说明")
    FundingRecordFactory(month=MAY.first, project=ProjectFactory())
    locking.lock(Month(2025, 4), by=colleague)
    locking.lock(MAY, by=colleague)

    outcome = form.save()
    assert (outcome.saved, outcome.mode_changed) == (False, True)
    assert amounts(project) == []


# Whose


def test_row_of_somebody_else_refuses_the_form(project):
    mine = ProjectFactory(chain=IndustryChainFactory())
    member = UserFactory(roles=["task_force"], chains=[mine.chain])
    form = Form(member, mine, project).type(mine, month="5").type(project, month="5")

    outcome = form.save()
    assert (outcome.saved, outcome.foreign, [row.row.project for row in outcome.rows]) == (False, 1, [mine])
    assert FundingRecord.objects.filter(month=MAY.first).count() == 0


def test_who_only_reads_writes_nothing(project):
    outcome = Form(UserFactory(roles=["leader"]), project).type(project, month="5").save()

    assert (outcome.saved, outcome.foreign, amounts(project)) == (False, 1, [])


def test_own_batch_is_taken_back_by_who_filled_the_sheet_in(project):
    member = UserFactory(roles=["task_force"], chains=[project.chain])
    Form(member, project).type(project, month="110").save()

    undo.undo(ChangeBatch.objects.get(), by=member, reason="填错了")
    assert amounts(project) == []


def test_number_of_queries_does_not_follow_the_number_of_rows(clerk, project):
    Form(clerk, project).type(project, month="1", reason="说明").save()  # the month's row is there, rights are known
    counts = []
    for number in (3, 30):
        projects = [ProjectFactory(name=f"甲{number}号示例{n}") for n in range(number)]
        for one in projects[::2]:
            FundingRecordFactory(project=one, amount=D(1))
        form = Form(clerk, *projects)
        for one in projects:
            form.type(one, month="20", plan="100", site="打桩", reason="说明")
        with CaptureQueriesContext(connection) as queries:
            assert form.save().saved
        counts.append(len(queries))
    assert counts == [26, 26]
