"""The reason in a row: whose it is, when it must be there, and when it must be another one than stands there."""

from datetime import date
from decimal import Decimal as D

import pytest

from monthly.models import AnnualPlan, FundingRecord
from tests.factories import AnnualPlanFactory, FundingRecordFactory, ProjectFactory, UserFactory
from tests.monthly.sheet.form import MAY, Form

pytestmark = pytest.mark.django_db
MISSING = [("reason", "reason")]


@pytest.fixture
def clerk():
    return UserFactory(roles=["editor"])


@pytest.fixture
def project():
    project = ProjectFactory(total_investment=D(10_000))
    FundingRecordFactory(project=project, month=date(2025, 4, 1), amount=D(100))
    return project


def entry(project, amount, reason=""):
    return FundingRecordFactory(project=project, month=MAY.first, amount=D(amount), reason=reason)


def kept(project):
    row = FundingRecord.objects.get(project=project, month=MAY.first)
    return row.amount, row.reason


@pytest.mark.parametrize("amount", [-5, 20_000, 2000])
def test_reason_that_an_amount_needs_is_not_taken_away(clerk, project, amount):
    entry(project, amount, "说明")

    assert Form(clerk, project).type(project, reason="").wrong() == MISSING
    assert kept(project) == (D(amount), "说明")


def test_reason_that_nothing_needs_is_taken_away(clerk, project):
    entry(project, 110, "说明")

    assert Form(clerk, project).type(project, reason="").save().saved
    assert kept(project) == (D(110), "")


def test_reason_is_reworded_where_the_amount_stays(clerk, project):
    entry(project, -5, "核减")

    assert Form(clerk, project).type(project, reason="核减重复统计").save().saved
    assert kept(project) == (D(-5), "核减重复统计")


def test_reason_of_a_plan_leaves_the_amount_its_own(clerk, project):
    entry(project, -5, "核减")
    AnnualPlanFactory(project=project, value=D(1000))

    assert Form(clerk, project).type(project, plan="2000", reason="追加投资").save().saved
    assert kept(project) == (D(-5), "核减")
    assert AnnualPlan.objects.get().reason == "追加投资"


def test_first_plan_keeps_the_reason_that_was_typed_for_it(clerk, project):
    other = ProjectFactory()
    form = Form(clerk, project, other).type(project, plan="2000", reason="年初下达")
    form.type(other, plan="500", month="-5", reason="核减")

    assert form.save().saved
    reasons = AnnualPlan.objects.values_list("project", "reason")
    assert dict(reasons) == {project.pk: "年初下达", other.pk: ""}
    assert kept(other) == (D(-5), "核减")


@pytest.mark.parametrize("reason", ["核减", ""])
def test_reason_of_the_amount_is_none_of_the_plan(clerk, project, reason):
    entry(project, -5, "核减")
    AnnualPlanFactory(project=project, value=D(1000))

    assert Form(clerk, project).type(project, plan="2000", reason=reason).wrong() == MISSING


@pytest.mark.parametrize(
    ("stood", "typed", "expected"),
    [
        (110, "2000", MISSING),  # written while nothing was doubtful
        (2000, "9000", MISSING),  # as doubtful, and much more
        (2000, "20000", MISSING),  # doubtful in another way
        (-5, "-80", MISSING),
        (2000, "2100", []),
        (2000, "110", []),
    ],
)
def test_reason_of_another_amount_explains_nothing(clerk, project, stood, typed, expected):
    entry(project, stood, "说明")
    form = Form(clerk, project).type(project, month=typed)

    assert form.wrong() == expected
    if expected:
        assert form.type(project, reason="设备款集中到位").save().saved
    assert kept(project)[0] == D(typed)
