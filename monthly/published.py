"""The months that the public may be shown: published versions that were not withdrawn, as they are at this moment."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import pairwise, product

from django.core.exceptions import ValidationError
from django.db.models import Sum

from liangzhou import series
from liangzhou.money import round_wan
from liangzhou.months import Month
from monthly.models import Indicator, MonthVersion, SnapshotFunding, SnapshotTarget


@dataclass(frozen=True)
class Shelf:
    """All public versions: the newest month first, and of each month the newest version first."""

    versions: tuple[MonthVersion, ...]

    @cached_property
    def newest(self) -> MonthVersion | None:
        """The newest version of the newest month."""
        return self.versions[0] if self.versions else None

    @cached_property
    def newest_of_months(self) -> list[MonthVersion]:
        """The newest version of each month."""
        return list({version.month: version for version in reversed(self.versions)}.values())[::-1]

    def of(self, month: Month) -> list[MonthVersion]:
        """The versions of a month, the newest first."""
        return [version for version in self.versions if version.month == month.first]

    def find(self, month: str = "", number: str = "") -> MonthVersion | None:
        """The version that an address names: of the newest month, and its newest one, where it does not say.

        None for what is not public, which answers like what there never was.
        """
        if not month and not number:
            return self.newest
        try:
            wanted = Month.parse(month) if month else self.newest and Month.of(self.newest.month)
        except ValidationError:
            return None
        found = self.of(wanted) if wanted else []
        if number:
            found = [version for version in found if str(version.number) == number]
        return found[0] if found else None


def shelf() -> Shelf:
    """What is public now; one query."""
    return Shelf(tuple(MonthVersion.objects.public().order_by("-month", "-number")))


REVISED = ("ytd", "last_ytd", "growth", "target")  # completion follows from the first and the last
REVISED_SUMS = (Indicator.FUNDING.value, Indicator.OTHER_PROVINCES.value)


@dataclass(frozen=True)
class Revision:
    """A public version of a month beside the public one before it.

    `changes` are (what is summed, figure, before, now) where they differ: amounts in 万元, growth in per cent with two
    decimals; None is what was not known.
    """

    version: MonthVersion
    before: MonthVersion
    changes: tuple[tuple[str, str, Decimal | None, Decimal | None], ...]


def revisions(versions: list[MonthVersion]) -> list[Revision]:
    """Each version of one month but the first, the newest first, with what changed since the one before.

    Two queries.
    """
    if not versions:
        return []
    stated = _stated(versions)
    return [
        Revision(
            now,
            before,
            tuple(
                (*which, stated[before.pk].get(which), stated[now.pk].get(which))
                for which in product(REVISED_SUMS, REVISED)
                if stated[before.pk].get(which) != stated[now.pk].get(which)
            ),
        )
        for now, before in pairwise(versions)
    ]


def _stated(versions: list[MonthVersion]) -> dict[int, dict[tuple[str, str], Decimal | None]]:
    """What each version says of the district: {version: {(what is summed, figure): value}}."""
    month = Month.of(versions[0].month)
    sums = defaultdict(lambda: defaultdict(Decimal))
    rows = SnapshotFunding.objects.filter(project__version__in=versions).order_by()
    for version, origin, day, amount in rows.values_list("project__version", "origin", "month").annotate(
        sum=Sum("amount")
    ):
        for of in {Indicator.FUNDING.value, origin}:
            sums[version, of][Month.of(day)] += round_wan(amount)
    targets = SnapshotTarget.objects.filter(version__in=versions, scope="", indicator__in=REVISED_SUMS)
    found = {one.pk: {} for one in versions}
    for version, of in product(found, REVISED_SUMS):
        months = sums[version, of]
        growth = series.year_on_year(months, month)
        found[version][of, "ytd"] = series.year_to_date(months, month)
        found[version][of, "last_ytd"] = series.year_to_date(months, month.last_year)
        found[version][of, "growth"] = None if growth is None else series.two_places(growth)
    for version, of, value in targets.values_list("version", "indicator", "value"):
        found[version][of, "target"] = value
    return found


def withdrawn(month: Month) -> list[MonthVersion]:
    """The versions of a month that were public and no longer are, the newest first. One query."""
    gone = MonthVersion.objects.filter(month=month.first, published_at__isnull=False, withdrawn_at__isnull=False)
    return list(gone.order_by("-number"))


@dataclass(frozen=True)
class Difference:
    """A month of which a page says something else than another public version does: amounts of all funds in 万元."""

    month: Month
    here: Decimal | None
    there: Decimal | None
    version: MonthVersion  # the other one


def differences(version: MonthVersion, amounts: dict[Month, Decimal | None], public: Shelf) -> list[Difference]:
    """The months of a version that stand otherwise in their own newest version, or in the newest month of the year.

    `amounts` are those of the version, of this year and of last year. One query.
    """
    others = {Month.of(one.month): one for one in public.newest_of_months if one.pk != version.pk}
    year = [month for month in others if month.year == version.month.year]
    consulted = [version.pk, *(one.pk for month, one in others.items() if month in amounts or month in year)]
    sums = defaultdict(lambda: None)
    rows = SnapshotFunding.objects.filter(project__version__in=consulted).order_by()
    for key, day, amount in rows.values_list("project__version", "month").annotate(sum=Sum("amount")):
        sums[key, Month.of(day)] = round_wan(amount)
    found = []
    for month, here in sorted(amounts.items()):
        newest = max(year, default=month) if month.year == version.month.year else month
        for other in (others.get(one) for one in (month, newest) if one >= month):
            if other and sums[other.pk, month] != here:
                found.append(Difference(month, here, sums[other.pk, month], other))
                break
    return found
