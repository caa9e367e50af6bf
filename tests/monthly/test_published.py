"""Which versions of months are public, and what changed from one to the next."""

from decimal import Decimal as D

import pytest

from monthly.models import Origin
from monthly.published import revisions, shelf
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


def test_revisions_tell_both_sums_before_and_now():
    project = funded("885700")
    fund(project, "1000", origin=Origin.ABROAD)
    versions = [version(MAY)]
    fund(project, "-700", kind="correction", reason="退回")
    versions.append(version(MAY, 2))
    versions.append(version(MAY, 3, reason="名称更正"))

    third, second = revisions(versions[::-1])

    assert (second.version, second.before, second.ytd) == (versions[1], versions[0], (D(886_700), D(886_000)))
    assert second.provinces == (D(885_700), D(885_000))
    assert (second.changes_nothing, third.changes_nothing) == (False, True)
    assert third.version.reason == "名称更正"
    assert revisions(versions[:1]) == revisions([]) == []
