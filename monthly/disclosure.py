"""Sums that the public may be shown by chain, place or origin without reading off what a single project received.

A group in which fewer projects than `PUBLIC_FUNDS_FEWEST_PROJECTS` received money has no line of its own: such
groups are put together, with the smallest of the others where they are too few even so, and the base of last year
is left out where it would say the same. The district's own sums are always shown.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.conf import settings
from django.db.models import Sum
from django.utils.translation import gettext as _

from liangzhou import series
from monthly import figures
from monthly.books import Books
from monthly.figures import Line
from monthly.models import Indicator

PUBLIC_BY = ("chain", "place", "origin")  # who is credited is internal
TOGETHER = "other"  # in addresses: the groups that were put together


@dataclass(frozen=True)
class PublicLine:
    """A line that may be shown, and the keys of the projects whose 累计 it sums, of this year and of last year."""

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
    if by not in PUBLIC_BY or (by == "origin" and indicator != Indicator.FUNDING):
        raise KeyError(by)
    path = "origin" if by == "origin" else books.groups(by)[0]
    month = books.month
    now = _of_projects(books, path, books.years(indicator))
    last = _of_projects(books, path, books.amounts(indicator).filter(month__lte=month.last_year.first))
    lines = [line for line in figures.lines(books, indicator, by) if line.projects or line.last_ytd or line.target]
    small = _too_small([(line.key, _nonzero(now[line.key])) for line in lines])
    own = [line for line in lines if line.key not in small]
    shown = [PublicLine(line, frozenset(now[line.key]), frozenset(last[line.key])) for line in own]
    bases = {line.key: _nonzero(last[line.key]) for line in own}
    if small:
        projects, before = (frozenset().union(*(groups[key] for key in small)) for groups in (now, last))
        put_together = _together([line for line in lines if line.key in small], len(projects))
        shown.append(PublicLine(put_together, projects, before))
        bases[TOGETHER] = len({key for group in small for key, amount in last[group].items() if amount})
    return _without_telling_bases(shown, bases)


def disclosed(counts: figures.Counts) -> figures.Counts:
    """Numbers of projects, without the total investment of those that are too few."""
    few = {name for name, number in counts.numbers.items() if 0 < number < settings.PUBLIC_FUNDS_FEWEST_PROJECTS}
    kept = {name: None if name in few - {"projects"} else wan for name, wan in counts.investments.items()}
    return figures.Counts(counts.numbers, kept)


def _of_projects(books: Books, path: str, rows) -> defaultdict[str, dict]:
    """{group: {key of a project: its sum}}."""
    found = defaultdict(dict)
    for group, project, amount in rows.values_list(path, books.project_key).annotate(sum=Sum("amount")):
        found[figures.NONE_KEY if group is None else str(group)][project] = amount
    return found


def _nonzero(amounts: dict) -> int:
    return sum(1 for amount in amounts.values() if amount)


def _too_small(sizes: Iterable[tuple[str, int]]) -> set[str]:
    """The groups to put together: those with too few projects, and more until they are enough together."""
    fewest, sizes = settings.PUBLIC_FUNDS_FEWEST_PROJECTS, sorted(sizes, key=lambda one: one[1])
    small = [(key, size) for key, size in sizes if 0 < size < fewest]
    for larger in (one for one in sizes if one[1] >= fewest):
        if not small or sum(size for _key, size in small) >= fewest:
            break
        small.append(larger)
    return {key for key, _size in small}


def _together(lines: list[Line], projects: int) -> Line:
    """Several lines as one; what only some of them have (a target) is left out."""
    sums = {
        name: series.total(getattr(line, name) for line in lines) for name in ("month", "ytd", "last_month", "last_ytd")
    }
    label = _("others, put together (%(count)d)") % {"count": len(lines)}
    growth = series.growth(sums["ytd"], sums["last_ytd"])
    return Line(key=TOGETHER, label=label, growth=growth, projects=projects, **sums)


def _without_telling_bases(lines: list[PublicLine], bases: dict[str, int]) -> list[PublicLine]:
    """Last year's sums left out where they are of too few projects, or could be reckoned from the others."""
    hidden = _too_small(bases.items())
    left_out = {"last_month": None, "last_ytd": None, "growth": None}
    return [
        replace(one, line=replace(one.line, **left_out), base_is_left_out=True) if one.line.key in hidden else one
        for one in lines
    ]
