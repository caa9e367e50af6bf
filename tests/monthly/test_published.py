"""Which versions of months are public, and what changed from one to the next."""

from decimal import Decimal as D

import pytest

from liangzhou.months import Month
from monthly.models import AnnualTarget, Indicator, Origin
from monthly.published import differences, revisions, shelf
from tests.factories import AnnualTargetFactory
from tests.monthly.shelf import MARCH, MAY, fund, funded, version

pytestmark = pytest.mark.django_db


def test_only_published_versions_that_were_not_withdrawn_are_on_the_shelf():
    first, second = version(MARCH), version(MARCH, 2)
    version(MAY, public=False)
    version(MAY, 2, withdrawn=True)

    assert shelf().versions == (second, first)
    assert (shelf().newest, shelf().newest_of_months) == (second, [second])


def test_newest_month_comes_first():
    march, may, later = version(MARCH), version(MAY), version(MAY, 2)

    assert (shelf().newest, shelf().newest_of_months, shelf().of(MAY)) == (later, [later, march], [later, may])


@pytest.mark.parametrize(
    ("month", "number", "found"),
    [
        ("", "", (5, 2)),
        ("2025-05", "", (5, 2)),
        ("2025年5月", "1", (5, 1)),
        ("", "1", (5, 1)),
        ("2025-03", "", (3, 1)),
        ("2025-03", "2", None),
        ("2025-04", "", None),
        ("2025-04", "1", None),
        ("2025-13", "", None),
        ("2025", "", None),
        ("很多", "", None),
        ("", "x", None),
        ("", "01", None),
        ("9" * 60, "9" * 60, None),
    ],
)
def test_shelf_finds_what_an_address_names(month, number, found):
    for made in (version(MARCH), version(MAY), version(MAY, 2)):
        made.save()

    named = shelf().find(month, number)

    assert (named and (named.month.month, named.number)) == found


def test_empty_shelf_finds_nothing():
    assert (shelf().newest, shelf().find(), shelf().find("2025-05", "1"), shelf().find("", "1")) == (None,) * 4


def test_revisions_tell_what_changed():
    """The sums, and what they are compared with: last year's base and the target."""
    project = funded("885700")
    fund(project, "1000", origin=Origin.ABROAD)
    target = AnnualTargetFactory(indicator=Indicator.FUNDING, value=D(2_000_000))
    versions = [version(MAY)]
    fund(project, "-700", kind="correction", reason="退回")
    versions.append(version(MAY, 2))
    versions.append(version(MAY, 3, reason="名称更正"))
    fund(project, "443000", month=Month(2024, 5), origin=Origin.ABROAD)
    AnnualTarget.objects.filter(pk=target.pk).update(value=D(1_900_000))
    versions.append(version(MAY, 4))

    fourth, third, second = revisions(versions[::-1])

    assert (second.version, second.before) == (versions[1], versions[0])
    assert second.changes == (
        ("funding", "ytd", D(886_700), D(886_000)),
        ("other_provinces", "ytd", D(885_700), D(885_000)),
    )
    assert (third.changes, third.version.reason) == ((), "名称更正")
    assert fourth.changes == (
        ("funding", "last_ytd", None, D(443_000)),
        ("funding", "growth", None, D("100.00")),
        ("funding", "target", D(2_000_000), D(1_900_000)),
    )
    assert revisions(versions[:1]) == revisions([]) == []


def test_differences_name_the_version_that_says_otherwise():
    """March in its own version; where that agrees, or a later one corrected it, the newest month of the year."""
    project = funded("4000", month=MARCH)
    fund(project, "100", month=Month(2024, 5))
    march, april = version(MARCH), version(MARCH.plus(1))
    fund(project, "-300", month=MARCH, kind="correction", reason="核减")
    may = version(MAY)
    said = {MARCH: D(4000), Month(2024, 3): None}

    assert [(one.month, one.here, one.there, one.version) for one in differences(april, said, shelf())] == [
        (MARCH, D(4000), D(3700), may)
    ]
    assert [(one.there, one.version) for one in differences(may, {MARCH: D(3700)}, shelf())] == [(D(4000), march)]
    assert differences(march, {MARCH: D(3700)}, shelf()) == []
