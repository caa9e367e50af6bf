"""Chains, places or units in order of their figures: ties share a rank, and who is not ranked is listed with why."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liangzhou import series

from .figures import NONE_KEY, Line
from .lights import ProjectLight, counted

MEASURES = {
    "completion": gettext_lazy("completion of the year's target"),
    "growth": gettext_lazy("growth against last year"),
    "ytd": gettext_lazy("year to date"),
}
GROUPS = ("chain", "place", "unit")


@dataclass(frozen=True)
class Ranked:
    """A line with its rank, by `value`, and how many of its projects show each light."""

    rank: int
    line: Line
    value: Decimal
    lights: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Excluded:
    """A line that has no rank, and why, in a sentence."""

    line: Line
    reason: str
    lights: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Ranking:
    """A table in order of rank, and what is left out of it."""

    measure: str
    ranked: tuple[Ranked, ...]
    excluded: tuple[Excluded, ...]


def ranking(lines: Iterable[Line], measure: str = "completion", lights: Mapping[str, Mapping] | None = None) -> Ranking:
    """Lines (figures.lines) ranked by one of MEASURES, the largest first; ties, as printed, share a rank (1, 2, 2, 4).

    Ties stand in the order of the lines. `lights` are the numbers of `lights_by_group`. Raises KeyError for another
    measure.
    """
    lines, lights, why = list(lines), lights or {}, WHY_NOT[measure]
    reasons = {line.key: why(line) for line in lines}
    staying = [line for line in lines if not reasons[line.key]]
    values = [getattr(line, measure) for line in staying]
    ranked = [
        Ranked(rank, line, value, lights.get(line.key, {}))
        for rank, line, value in zip(series.ranks(values), staying, values, strict=True)
    ]
    ranked.sort(key=lambda one: one.rank)
    out = [Excluded(line, reasons[line.key], lights.get(line.key, {})) for line in lines if reasons[line.key]]
    return Ranking(measure, tuple(ranked), tuple(out))


def _no_group(line: Line) -> str:
    return _("It is no group of its own: what is here has none, or is not attributed.") if line.key == NONE_KEY else ""


def _no_completion(line: Line) -> str:
    if line.key == NONE_KEY:
        return _no_group(line)
    if line.target is None:
        return _("No target is set for the year.")
    if line.target == 0:
        return _("The target of the year is zero.")
    return _("Nothing is recorded for the year yet.") if line.completion is None else ""


def _no_growth(line: Line) -> str:
    if line.key == NONE_KEY:
        return _no_group(line)
    if line.ytd is None:
        return _("Nothing is recorded for the year yet.")
    return _("Last year there was nothing above zero to compare with.") if line.growth is None else ""


def _no_sum(line: Line) -> str:
    return _no_group(line) or (_("Nothing is recorded for the year yet.") if line.ytd is None else "")


WHY_NOT: dict[str, Callable[[Line], str]] = {"completion": _no_completion, "growth": _no_growth, "ytd": _no_sum}


def lights_by_group(groups: Mapping[int, Iterable[str]], lights: Mapping[int, ProjectLight]) -> dict[str, dict]:
    """How many projects of each group show each light; `groups` says to which groups (keys of lines) a project belongs.

    A project that several units share is counted in each of them.
    """
    found = defaultdict(list)
    for project, keys in groups.items():
        for key in keys:
            if project in lights:
                found[key].append(lights[project])
    return {key: counted(those) for key, those in found.items()}
