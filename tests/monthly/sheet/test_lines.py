"""What a row prints: as stored; or as typed, beside what it was judged by."""

from decimal import Decimal as D

import pytest

from monthly import locking
from monthly.models import FundingRecord, Indicator, Origin
from monthly.sheet import lines
from tests.factories import AnnualPlanFactory, FundingRecordFactory, ProjectFactory, UserFactory
from tests.monthly.sheet.form import MAY, Form

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    return UserFactory(roles=["editor"])


def refused_then(clerk, project, later):
    """The line of a refused form, printed after somebody else did something meanwhile; and the form's Outcome."""
    FundingRecordFactory(project=project, amount=D(110))
    outcome = Form(clerk, project).type(project, month="113", site="封" * 501).save()
    later()
    now = Form(clerk, project)
    return lines.line(now.opened[0], now.mode, outcome.judged[project.pk]), outcome


def test_refused_row_stands_beside_what_it_was_judged_by(clerk):
    project = ProjectFactory()
    line, _outcome = refused_then(clerk, project, lambda: FundingRecord.objects.update(amount=D(114)))

    assert (line.cells["month"].value, line.cells["month"].was, line.numbers["month"]) == ("113", "110", "110")
    again = Form(clerk, project).type(project, month="113", cumulative="113")
    again.data[f"was-{project.pk}"] = line.was
    assert again.wrong() == [("conflict", "month")]
    assert FundingRecord.objects.get().amount == D(114)


def test_refused_row_is_printed_as_the_month_was_then(clerk):
    project = ProjectFactory()
    line, outcome = refused_then(clerk, project, lambda: locking.lock(MAY, by=clerk))

    assert (str(outcome.mode), line.cells["problem"].writable) == ("00", True)
    again = Form(clerk, project).type(project, month="113")
    again.data["mode"] = str(outcome.mode)
    assert again.save().mode_changed


def test_plan_of_all_origins_is_measured_by_all_of_them(clerk):
    project = ProjectFactory()
    FundingRecordFactory(project=project, amount=D(100))
    FundingRecordFactory(project=project, amount=D(50), origin=Origin.ABROAD)
    AnnualPlanFactory(project=project, value=D(600))
    form = Form(clerk, project)

    row = lines.line(form.opened[0], form.mode).numbers
    total = lines.totals(form.opened, MAY)

    assert (row["cumulative"], row["completion"], total["completion"]) == ("100", "25.00%", "25.00%")


def test_plan_of_one_origin_is_measured_by_that_one(clerk):
    project = ProjectFactory()
    FundingRecordFactory(project=project, amount=D(100))
    FundingRecordFactory(project=project, amount=D(50), origin=Origin.ABROAD)
    AnnualPlanFactory(project=project, value=D(400), indicator=Indicator.OTHER_PROVINCES)
    form = Form(clerk, project)

    assert lines.line(form.opened[0], form.mode).numbers["completion"] == "25.00%"
