"""The months that the public may be shown: published versions that were not withdrawn, as they are at this moment."""

from dataclasses import dataclass
from functools import cached_property

from django.core.exceptions import ValidationError
from django.db.models import Sum

from liangzhou.months import Month
from monthly.models import MonthVersion, Origin, SnapshotFunding


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


@dataclass(frozen=True)
class Revision:
    """A public version of a month beside the public one before it: 累计 of all funds and of 省外, in 万元."""

    version: MonthVersion
    before: MonthVersion
    ytd: tuple  # before, now
    provinces: tuple  # before, now

    @property
    def changes_nothing(self) -> bool:
        """Whether both sums are what they were."""
        return self.ytd[0] == self.ytd[1] and self.provinces[0] == self.provinces[1]


def revisions(versions: list[MonthVersion]) -> list[Revision]:
    """Each version of one month but the first, the newest first, with what changed since the one before; one query."""
    if not versions:
        return []
    month = Month.of(versions[0].month)
    year = SnapshotFunding.objects.filter(month__gte=month.january.first, month__lte=month.first)
    rows = year.filter(project__version__in=versions).order_by().values_list("project__version", "origin")
    sums = {}
    for version, origin, amount in rows.annotate(sum=Sum("amount")):
        sums[version, ""] = sums.get((version, ""), 0) + amount
        sums[version, origin] = amount

    def pair(before, now, origin):
        return sums.get((before.pk, origin)), sums.get((now.pk, origin))

    pairs = zip(versions, versions[1:], strict=False)
    return [
        Revision(now, before, pair(before, now, ""), pair(before, now, Origin.OTHER_PROVINCES.value))
        for now, before in pairs
    ]
