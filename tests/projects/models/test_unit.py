"""Units and their shares of the credit: nothing is counted twice, nothing is lost."""

from decimal import Decimal

import pytest

from projects.models import Project, Unit, credit_totals
from projects.stages import Stage
from tests.factories import CreditShareFactory, ProjectFactory, UnitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def units():
    return UnitFactory(name="甲局"), UnitFactory(name="乙局")


def share(project, *percents):
    """The units' shares of one project, in their order."""
    for unit, percent in zip(Unit.objects.order_by("pk"), percents, strict=False):
        CreditShareFactory(project=project, unit=unit, percent=Decimal(percent))


def credited():
    """What each unit is credited with: projects it has a share in, projects by share, 万元."""
    found = Unit.objects.order_by("pk").with_credit(Project.objects.implemented())
    return [(unit.credited_projects, unit.converted_projects, unit.converted_investment) for unit in found]


def test_two_units_share_one_project(units):
    share(ProjectFactory(total_investment=130_000), 60, 40)

    assert credited() == [(1, Decimal("0.6"), 78_000), (1, Decimal("0.4"), 52_000)]


def test_a_reserve_project_is_never_added_to_implemented_ones(units):
    share(ProjectFactory(total_investment=130_000), 60, 40)
    share(ProjectFactory(total_investment=999_999, stage=Stage.RESERVE, published=False), 100)

    assert credited() == [(1, Decimal("0.6"), 78_000), (1, Decimal("0.4"), 52_000)]
    assert credit_totals(Project.objects.implemented()).projects == 1


def test_what_is_not_known_is_none_and_not_0(units):
    share(ProjectFactory(total_investment=None), 50)

    assert credited() == [(1, Decimal("0.5"), None), (None, 0, None)]


def test_shares_are_added_first_and_rounded_last(units):
    """A third of three projects of a yuan more each: no yuan is lost on the way."""
    for _number in range(3):
        share(ProjectFactory(total_investment=Decimal("100.0001")), "33.33", "66.67")

    assert credited() == [
        (3, Decimal("0.9999"), Decimal("99.990099990")),
        (3, Decimal("2.0001"), Decimal("200.010200010")),
    ]


def test_the_district_counts_each_project_once_and_shares_and_the_rest_make_the_whole(units):
    share(ProjectFactory(total_investment=130_000), 60, 40)
    share(ProjectFactory(total_investment=13_100), 30)
    ProjectFactory(total_investment=1_000)
    ProjectFactory(total_investment=None)

    totals = credit_totals(Project.objects.implemented())

    assert (totals.projects, totals.investment) == (4, 144_100)
    assert (totals.attributed_projects, totals.attributed_investment) == (Decimal("1.3"), 133_930)
    assert (totals.open_projects, totals.open_investment) == (Decimal("2.7"), 10_170)
    assert sum(investment for _n, _projects, investment in credited()) == totals.attributed_investment


def test_without_projects_there_is_nothing_to_share(units):
    totals = credit_totals(Project.objects.implemented())

    assert (totals.projects, totals.open_projects, totals.investment, totals.open_investment) == (0, 0, None, None)


@pytest.mark.parametrize(("percent", "shown"), [("60", "60%"), ("33.30", "33.3%"), ("100", "100%")])
def test_a_share_is_named_by_its_unit(percent, shown):
    assert (
        str(CreditShareFactory.build(unit=UnitFactory.build(name="甲局"), percent=Decimal(percent))) == f"甲局 {shown}"
    )


def test_a_share_is_worth_its_part_of_the_total_investment():
    one = CreditShareFactory(project=ProjectFactory(total_investment=130_000), percent=60)
    unknown = CreditShareFactory(project=ProjectFactory(total_investment=None), percent=60)

    assert (one.investment, unknown.investment) == (78_000, None)
