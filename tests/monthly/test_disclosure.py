"""Public sums tell nothing of a single project, not even by subtraction."""

from decimal import Decimal as D

import pytest

from liangzhou.months import Month
from monthly import figures
from monthly.books import FrozenBooks
from monthly.disclosure import _too_small, disclosed, public_investment, public_lines
from monthly.models import Indicator, Origin
from projects.models import Project
from tests.factories import AnnualTargetFactory, IndustryChainFactory, InvestmentRecordFactory
from tests.monthly.shelf import MAY, fund, funded, version

pytestmark = pytest.mark.django_db
LAST_MAY = Month(2024, 5)


def lines(by="chain", indicator=Indicator.FUNDING):
    return public_lines(FrozenBooks(version()), indicator, by)


def printed(found):
    return [(one.line.label, one.line.ytd, one.line.projects) for one in found]


@pytest.fixture
def three():
    """Chains of five, two and one projects."""
    chains = [IndustryChainFactory(name=name) for name in ("大", "中", "小")]
    for chain, number in zip(chains, (5, 2, 1), strict=True):
        for _ in range(number):
            funded("100", chain=chain)
    return chains


def test_groups_of_few_projects_are_put_together(three):
    large, together = lines()

    assert printed([large]) == [("大", D(500), 5)]
    assert (together.line.key, together.line.ytd, together.line.projects) == ("other", D(300), 3)
    assert len(together.projects) == 3
    assert (large.is_together, together.is_together) == (False, True)


def test_one_small_group_takes_the_next_with_it(three):
    funded("100", chain=three[1])

    large, together = lines()

    assert (large.line.label, together.line.ytd, together.line.projects) == ("大", D(400), 4)


def test_projects_of_which_nothing_came_hide_nobody(three):
    """Two rows of 0 beside one amount would leave that amount to be read."""
    quiet = IndustryChainFactory(name="静")
    for amount in ("0", "0", "700"):
        funded(amount, chain=quiet)

    assert [line.line.label for line in lines()][:1] == ["大"]
    assert lines()[-1].line.ytd == D(1000)


def test_setting_says_how_few_are_too_few(three, settings):
    settings.PUBLIC_FUNDS_FEWEST_PROJECTS = 1

    assert printed(lines()) == [("大", D(500), 5), ("中", D(200), 2), ("小", D(100), 1)]


def test_base_of_few_projects_is_left_out_with_another_that_would_tell_it():
    """Chains that had 4, 1 and 3 projects last year: the one's base is the district's minus the others'."""
    for name, before in (("大", 4), ("中", 1), ("甲", 3)):
        chain = IndustryChainFactory(name=name)
        for number in range(5):
            project = funded("50", chain=chain)
            if number < before:
                fund(project, "40", month=LAST_MAY)

    found = {one.line.label: one for one in lines()}

    assert {name: one.line.last_ytd for name, one in found.items()} == {"大": D(160), "中": None, "甲": None}
    assert {name for name, one in found.items() if one.line.growth is None and one.base_is_left_out} == {"中", "甲"}
    assert {len(one.last_projects) for one in found.values()} == {4, 1, 3}


def test_targets_and_rates_of_chains_stay(three):
    AnnualTargetFactory(chain=three[0], indicator=Indicator.FUNDING, value=D(1000))

    assert (lines()[0].line.target, lines()[0].line.completion) == (D(1000), D(50))


def test_origins_are_put_together_too():
    for origin, number in ((Origin.OTHER_PROVINCES, 4), (Origin.ABROAD, 1), (Origin.OTHER_CITIES, 2)):
        for _ in range(number):
            funded("10", origin=origin)

    provinces, together = lines("origin")

    assert (provinces.line.key, together.line.ytd, together.line.projects) == ("other_provinces", D(30), 3)


def test_who_is_credited_is_not_shown():
    with pytest.raises(KeyError):
        lines("unit")
    with pytest.raises(KeyError):
        lines("origin", Indicator.INVESTMENT)


@pytest.mark.parametrize(
    ("groups", "small"),
    [
        ({}, ""),
        ({"a": "123", "b": ""}, ""),
        ({"a": "12", "b": "123456789"}, "ab"),
        ({"a": "12", "b": "3", "c": "456789"}, "ab"),
        ({"a": "12", "b": "1", "c": "456789"}, "abc"),  # two projects, not three
        ({"a": "1", "b": "2", "c": "345678", "d": "901"}, "abd"),
        ({"a": "1"}, "a"),
        ({"a": "1", "b": "", "c": "2"}, "abc"),
    ],
)
def test_groups_are_put_together_until_they_are_enough(groups, small):
    assert _too_small({key: set(projects) for key, projects in groups.items()}) == set(small)


@pytest.mark.parametrize("others", [[], ["0", "0", "0"]])
def test_too_few_projects_altogether_have_no_line(others):
    funded("888.88", chain=IndustryChainFactory(name="唯一链"), origin=Origin.ABROAD)
    quiet = IndustryChainFactory(name="零链")
    AnnualTargetFactory(chain=quiet, indicator=Indicator.FUNDING, value=D(1000))
    for amount in others:
        funded(amount, chain=quiet)

    assert (lines(), lines("origin")) == ([], [])


def test_base_of_one_project_is_told_by_no_line(three):
    """Not by the one that had it, and not by "nothing" beside all others."""
    fund(Project.objects.filter(chain=three[0]).first(), "40", month=LAST_MAY)

    assert [(one.line.last_ytd, one.base_is_left_out) for one in lines()] == [(None, True), (None, True)]


def test_projects_of_a_line_are_those_that_received_something(three):
    funded("0", chain=three[0])
    back = funded("5", chain=three[0])
    fund(back, "-5", kind="correction", reason="退回")

    large = lines()[0]

    assert (large.line.projects, len(large.projects)) == (5, 5)


def test_investment_of_few_projects_is_not_shown(settings):
    for number in range(3):
        made = funded("1")
        InvestmentRecordFactory(project=made, month=MAY.plus(-1).first, amount=D(100))
        if number < 2:
            InvestmentRecordFactory(project=made, month=MAY.first, amount=D(7))
            InvestmentRecordFactory(project=made, month=LAST_MAY.first, amount=D(9))
    books = FrozenBooks(version())

    found = public_investment(books)
    settings.PUBLIC_FUNDS_FEWEST_PROJECTS = 4
    hidden = public_investment(books)

    assert (found.ytd, found.month, found.last_month, found.last_ytd, found.growth) == (D(314), None, None, None, None)
    assert (hidden.ytd, hidden.month) == (None, None)


def test_total_investment_of_few_projects_is_not_told():
    for _ in range(2):
        funded("10", total_investment=D(20_000))

    counts = figures.counts(FrozenBooks(version(MAY)))
    kept = disclosed(counts)

    assert (kept.numbers, kept.projects, kept.investment) == (counts.numbers, 2, D(40_000))
    assert (counts.investments["100m"], kept.investments["100m"]) == (D(40_000), None)
