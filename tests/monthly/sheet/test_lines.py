"""What a row prints: as stored; or as typed, beside what it was judged by."""

from decimal import Decimal as D

import pytest

from monthly import locking
from monthly.models import FundingRecord
from monthly.sheet import lines
from tests.factories import FundingRecordFactory, ProjectFactory, UserFactory
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
    again = Form(clerk, project).type(project, month="113")
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
