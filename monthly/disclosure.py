"""Sums that the public may be shown by chain, place or origin without reading off what a single project received.

A group in which fewer projects than `PUBLIC_FUNDS_FEWEST_PROJECTS` received money has no line of its own: such
groups are put together, with the smallest of the others where they are too few even so; where all groups together
are too few there is no line at all. The base of last year is left out where it would say the same. A project
"received" what its rows come to: rows of 0, or money taken back as a whole, make nobody one of many.

The district's sums of all origins, and from other provinces, are always shown: they are what the district reports.
Their projects are named only where there are enough of them. The other origins have no sum of their own but in the
table by origin, and investment in fixed assets is shown only where enough projects have some.

Accepted: who subtracts one month from the next, one version from another, or what is named behind them, can learn
what a group (or the district) got in between, which may be one project's; and what is not from other provinces may
be. To hide that as well would mean to hide the months.
"""

from collections import defaultdict
from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from decimal import Decimal

from django.conf import settings
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from liangzhou import series
from liangzhou.money import round_wan
from liangzhou.months import Month
from monthly import figures
from monthly.books import Books
from monthly.figures import Line
from monthly.models import Indicator

PUBLIC_BY = ("chain", "place", "origin")  # who is credited is internal
TOGETHER = "other"  # in addresses: the groups that were put together


@dataclass(frozen=True)
class PublicLine:
    """A line that may be shown, and the keys of the projects that received its 累计, of this year and of last year."""

    line: Line
    projects: frozenset[int]
    last_projects: frozenset[int]
    base_is_left_out: bool = False

    @property
    def is_together(self) -> bool:
        """Whether it is several small groups."""
        return self.line.key == TOGETHER


def public_lines(books: Books, indicator: str, by: str) -> list[PublicLine]:
    """The lines of a table, small groups put together; a constant number of queries.

    Raises KeyError for what the public is not shown.
    """
    if by not in PUBLIC_BY or indicator != Indicator.FUNDING:
        raise KeyError(by)
    path = "origin" if by == "origin" else books.groups(by)[0]
    now = _receivers_by_group(books, path, books.years(indicator))
    last = _receivers_by_group(books, path, books.amounts(indicator).filter(month__lte=books.month.last_year.first))
    lines = [line for line in figures.lines(books, indicator, by) if line.projects or line.last_ytd or line.target]
    small = _too_small({line.key: now[line.key] for line in lines})
    shown = [PublicLine(line, now[line.key], last[line.key]) for line in lines if line.key not in small]
    if small:
        projects, before = (frozenset().union(*(groups[key] for key in small)) for groups in (now, last))
        if is_few(projects):  # then these are all the groups that received anything
            return []
        put_together = _together([line for line in lines if line.key in small], len(projects))
        shown.append(PublicLine(put_together, projects, before))
    return _without_telling_bases(shown)


def public_investment(books: Books) -> Line:
    """Investment in fixed assets of the district, without what too few projects make up. Three queries."""
    line, month = figures.line(books, Indicator.INVESTMENT), books.month
    rows = books.amounts(Indicator.INVESTMENT).values_list(books.project_key, "month", "amount")
    sums = defaultdict(lambda: defaultdict(Decimal))
    for project, day, amount in rows:
        for name, months in _periods(month).items():
            if day in months:
                sums[name][project] += amount
    few = {name for name in _periods(month) if is_few(_receivers(sums[name]))}
    if "ytd" in few:
        return Line(key="", label="")
    hidden = dict.fromkeys(few)
    return replace(line, **hidden, **({"growth": None} if "last_ytd" in few else {}))


def _periods(month: Month) -> dict[str, Set]:
    """The months that the sums of a line add up."""
    year, last = ({one.first for one in of.so_far()} for of in (month, month.last_year))
    return {"month": {month.first}, "ytd": year, "last_month": {month.last_year.first}, "last_ytd": last}


def is_few(projects: Set) -> bool:
    """Whether a sum of these projects would tell something of one of them; of none it tells nothing."""
    return 0 < len(projects) < settings.PUBLIC_FUNDS_FEWEST_PROJECTS


def receivers(books: Books, rows: QuerySet) -> frozenset[int]:
    """The keys of the projects whose rows do not come to 0. One query."""
    return _receivers(dict(rows.values_list(books.project_key).annotate(sum=Sum("amount"))))


def _receivers(sums: Mapping) -> frozenset[int]:
    return frozenset(project for project, amount in sums.items() if round_wan(amount))


def disclosed(counts: figures.Counts) -> figures.Counts:
    """Numbers of projects, without the total investment of those that are too few."""
    few = {name for name, number in counts.numbers.items() if 0 < number < settings.PUBLIC_FUNDS_FEWEST_PROJECTS}
    kept = {name: None if name in few - {"projects"} else wan for name, wan in counts.investments.items()}
    return figures.Counts(counts.numbers, kept)


def _receivers_by_group(books: Books, path: str, rows: QuerySet) -> defaultdict[str, frozenset[int]]:
    """{group: the projects that received something in it}."""
    sums = defaultdict(dict)
    for group, project, amount in rows.values_list(path, books.project_key).annotate(sum=Sum("amount")):
        sums[figures.NONE_KEY if group is None else str(group)][project] = amount
    return defaultdict(frozenset, {group: _receivers(amounts) for group, amounts in sums.items()})


def _too_small(groups: Mapping[str, Set]) -> set[str]:
    """The groups to put together: those of too few projects, and more until they are enough together.

    A project of several groups counts once. Where all that received something are too few even together, the
    groups of nothing are with them: beside them it would be plain whose the rest is.
    """
    by_size = sorted(groups.items(), key=lambda one: len(one[1]))
    small = [key for key, projects in by_size if is_few(projects)]
    together = set().union(*(groups[key] for key in small))
    for key, projects in by_size:
        if is_few(together) and key not in small and projects:
            small.append(key)
            together |= projects
    return set(groups) if is_few(together) else set(small)


def _together(lines: list[Line], projects: int) -> Line:
    """Several lines as one; what only some of them have (a target) is left out."""
    sums = {
        name: series.total(getattr(line, name) for line in lines) for name in ("month", "ytd", "last_month", "last_ytd")
    }
    label = _("others, put together (%(count)d)") % {"count": len(lines)}
    growth = series.growth(sums["ytd"], sums["last_ytd"])
    return Line(key=TOGETHER, label=label, growth=growth, projects=projects, **sums)


def _without_telling_bases(lines: list[PublicLine]) -> list[PublicLine]:
    """Last year's sums left out where they are of too few projects, or could be reckoned from the others."""
    hidden = _too_small({one.line.key: one.last_projects for one in lines})
    left_out = {"last_month": None, "last_ytd": None, "growth": None}
    return [
        replace(one, line=replace(one.line, **left_out), base_is_left_out=True) if one.line.key in hidden else one
        for one in lines
    ]
