"""Candidates for the same project: by official code, by company and place, by name.

A sketch is what is known of a project that is entered, imported or there already. Two phases of
one project (一期, 二期), two different official codes, and pairs that staff told apart are never
candidates. What is unknown contradicts nothing.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from projects import names
from projects.models import NotTheSame, Project

ALIKE = 0.75  # names as similar as this are looked at
NEARLY_THE_SAME = 0.85  # as this, where the company or the place differs
RELATED = 0.25  # what names of one company in one place must have in common, of the shorter one

LOOKED_AT = 20_000  # projects, for each of the few queries: those changed last
COMPARED = 100  # of one block, how many a sketch is compared with: those changed last, or the ones just before it
MOST_LISTED = 5_000  # projects changed last, among which the pairs are looked for
MOST_GIVEN = 10  # candidates of one sketch: the likeliest
ENOUGH = 5  # certain look-alikes, after which no likely ones are looked for
COLUMNS = ("pk", "code", "name", "official_code", "enterprise_id", "place_id", "parent_id")

SAME_CODE = _("They have the same official project code.")
SAME_NAME = _("Their names are the same.")
SAME_BUT_PHASE = _("Their names are the same but for the phase, which only one of them says.")
NEARLY_SAME_NAME = _("Their names are nearly the same.")
SAME_COMPANY_AND_PLACE = _("They have the same company and the same place.")
SAME_COMPANY = _("They have the same company.")
SAME_PLACE = _("They have the same place.")


class Sketch(NamedTuple):
    """What is known of a project. `company`, `place` and `parent` are keys; so is `pk`, of one that is there."""

    key: Hashable
    name: str
    official_code: str | None = None
    company: int | None = None
    place: int | None = None
    pk: int | None = None
    parent: int | None = None

    @property
    def stands_in(self) -> list[tuple]:
        """The blocks that it stands in: only sketches of one block are compared."""
        return [*self._own_keys(), *_stands_in(self.name)]

    @property
    def looks_in(self) -> list[tuple]:
        """The blocks in which its look-alikes stand."""
        return [*self._own_keys(), *_looks_in(self.name)]

    def _own_keys(self) -> list[tuple]:
        keys = [("code", self.official_code)] if self.official_code else []
        if self.company is not None and self.place is not None:
            keys.append(("company", self.company, self.place))
        return keys


@lru_cache(maxsize=50_000)
def _stands_in(name: str) -> tuple[tuple, ...]:
    """The blocks of a name: its core, and its ends with each of its numbers.

    Names whose numbers contradict each other are never alike, so they need not stand together: that
    is how the right one is found where thousands begin or end alike.
    """
    bare, numbers = names.traits(name).core, names.traits(name).numbers
    ends = [(end, number) for end in _ends(name) for number in (*(numbers or ("",)), "*")]
    return (("name", bare), *ends) if bare else ()


@lru_cache(maxsize=50_000)
def _looks_in(name: str) -> tuple[tuple, ...]:
    """The blocks in which the look-alikes of a name stand, the likeliest first."""
    bare, numbers = names.traits(name).core, names.traits(name).numbers
    ends = [(end, number) for end in _ends(name) for number in ((*numbers, "") if numbers else ("*",))]
    return (("name", bare), *ends) if bare else ()


def _ends(name: str) -> tuple[tuple, tuple]:
    head, tail = names.blocking_keys(name)
    return ("head", head), ("tail", tail)


@dataclass(frozen=True)
class Candidate:
    """An existing project that may be the same, and why: whole sentences."""

    project: int
    code: str
    name: str
    why: list[str]
    certain: bool
    score: float = 0.0  # similarity of the names, 0 to 1


@dataclass(frozen=True)
class Verdict:
    """Why two sketches may be one project."""

    certain: bool
    score: float
    reasons: list = field(default_factory=list)  # sentences, not yet in any language

    @property
    def why(self) -> list[str]:
        """The reasons in the language now active."""
        return [str(reason) for reason in self.reasons]

    @property
    def rank(self) -> tuple[bool, float]:
        """The likelier, the greater."""
        return (self.certain, self.score)


def candidates(sketches: Iterable[Sketch], *, wide: bool = False) -> dict[Hashable, list[Candidate]]:
    """The existing projects that may be the same as each sketch, best first; only sketches that have any.

    At most five queries for any number of sketches (give at most 500 at once). With `wide`, the same
    company in the same place is enough, whatever the names.
    """
    sketches = list(sketches)
    known = _existing(sketches)
    apart = NotTheSame.objects.pairs(own) if (own := [s.pk for s in sketches if s.pk]) else set()
    blocks: dict[tuple, list[Sketch]] = {}
    wanted = {key for sketch in sketches for key in sketch.looks_in}
    for _code, other in known.values():
        _enter(other, blocks, wanted)
    found = {}
    for sketch in sketches:
        judged = [
            (verdict, other)
            for other, verdict in _look_alikes(sketch, blocks, wide=wide, newest_last=False)
            if not sketch.pk or (other.pk != sketch.pk and _pair(other.pk, sketch.pk) not in apart)
        ]
        if judged:
            best = sorted(judged, key=lambda one: (not one[0].certain, -one[0].score, one[1].pk))[:MOST_GIVEN]
            found[sketch.key] = [
                Candidate(other.pk, known[other.pk][0], other.name, verdict.why, verdict.certain, verdict.score)
                for verdict, other in best
            ]
    return found


def within(sketches: Iterable[Sketch], *, wide: bool = False) -> dict[Hashable, list[tuple[Hashable, list[str]]]]:
    """The look-alikes among sketches themselves: each points at those before it, likeliest first, with why."""
    found = {}
    for earlier, later, verdict in pairs(sketches, wide=wide):
        found.setdefault(later.key, []).append((verdict, earlier.key))
    best = {key: sorted(likes, key=lambda like: like[0].rank, reverse=True) for key, likes in found.items()}
    return {key: [(other, verdict.why) for verdict, other in likes[:MOST_GIVEN]] for key, likes in best.items()}


def pairs(sketches: Iterable[Sketch], *, wide: bool = False):
    """Every pair of sketches that may be one project, as (earlier, later, verdict).

    Only sketches that share a code, a company or an end of their names are compared, and each with at
    most the `COMPARED` ones before it in each such block.
    """
    blocks: dict[tuple, list[Sketch]] = {}
    for sketch in sketches:
        for other, verdict in _look_alikes(sketch, blocks, wide=wide, newest_last=True):
            yield other, sketch, verdict
        _enter(sketch, blocks)


def _enter(sketch: Sketch, blocks: dict[tuple, list[Sketch]], wanted: set[tuple] | None = None) -> None:
    for key in sketch.stands_in:
        if wanted is None or key in wanted:
            blocks.setdefault(key, []).append(sketch)


def _look_alikes(sketch: Sketch, blocks: dict[tuple, list[Sketch]], *, wide: bool, newest_last: bool):
    """The sketches in the blocks that may be the same as one, with the verdicts, until enough are certain."""
    seen, certain = set(), 0
    for key in sketch.looks_in:
        block = blocks.get(key, ())
        for other in block[-COMPARED:] if newest_last else block[:COMPARED]:
            if id(other) in seen:
                continue
            seen.add(id(other))
            verdict = compare(sketch, other, wide=wide)
            if verdict:
                yield other, verdict
                certain += verdict.certain
        if certain >= ENOUGH:
            return


def compare(a: Sketch, b: Sketch, *, wide: bool = False) -> Verdict | None:
    """Whether two sketches may be one project, and why; None where they are two."""
    if a.official_code and b.official_code:
        if a.official_code != b.official_code:
            return None
        return Verdict(True, 1.0, [SAME_CODE])
    if _phase_of_the_other(a, b):
        return None
    left, right = names.traits(a.name), names.traits(b.name)
    if left.phase and right.phase and left.phase != right.phase:
        return None
    return _by_name(a, b, left, right) or _by_company_and_place(a, b, left, right, wide=wide)


def _by_name(a: Sketch, b: Sketch, left: names.Traits, right: names.Traits) -> Verdict | None:
    score = names.similarity_of(left, right)
    contradicted = _differ(a.company, b.company) or _differ(a.place, b.place)
    if score < (NEARLY_THE_SAME if contradicted else ALIKE):
        return None
    same_name = score == 1.0 and left.phase == right.phase
    if same_name:
        why = [SAME_NAME]
    elif score == 1.0:
        why = [SAME_BUT_PHASE]
    else:
        why = [NEARLY_SAME_NAME]
    return Verdict(same_name and not contradicted, score, [*why, *_agreements(a, b)])


def _by_company_and_place(
    a: Sketch, b: Sketch, left: names.Traits, right: names.Traits, *, wide: bool
) -> Verdict | None:
    if not (_agree(a.company, b.company) and _agree(a.place, b.place)):
        return None
    if not wide and names.overlap_of(left, right) < RELATED:
        return None
    return Verdict(False, names.similarity_of(left, right), _agreements(a, b))


def _agreements(a: Sketch, b: Sketch) -> list[str]:
    company, place = _agree(a.company, b.company), _agree(a.place, b.place)
    if company and place:
        return [SAME_COMPANY_AND_PLACE]
    if company:
        return [SAME_COMPANY]
    return [SAME_PLACE] if place else []


def _agree(one, other) -> bool:
    return one is not None and one == other


def _differ(one, other) -> bool:
    return one is not None and other is not None and one != other


def _phase_of_the_other(a: Sketch, b: Sketch) -> bool:
    """Whether the one is entered as a phase of the other."""
    return (a.parent or b.parent) is not None and (_agree(a.parent, b.pk) or _agree(b.parent, a.pk))


def _existing(sketches: list[Sketch]) -> dict[int, tuple[str, Sketch]]:
    """The projects that share a block with a sketch: of each its code and what is known of it."""
    ends = [names.blocking_keys(sketch.name) for sketch in sketches]
    here = {(sketch.company, sketch.place) for sketch in sketches if None not in (sketch.company, sketch.place)}
    asked = [
        {"official_code__in": {sketch.official_code for sketch in sketches if sketch.official_code}},
        {"enterprise__in": {company for company, _place in here}, "place__in": {place for _company, place in here}},
        {"name_head__in": {head for head, _tail in ends if head}},
        {"name_tail__in": {tail for _head, tail in ends if tail}},
    ]
    known = {}
    for conditions in asked:
        if all(conditions.values()):
            rows = Project.objects.filter(**conditions).order_by("-updated_at", "-pk").values_list(*COLUMNS)
            for row in rows[:LOOKED_AT]:
                if row[0] not in known and ("enterprise__in" not in conditions or row[4:6] in here):
                    known[row[0]] = (row[1], _sketch(*row))
    return known


def _sketch(pk, _code, name, official_code, company, place, parent) -> Sketch:
    return Sketch(pk, name, official_code, company, place, pk, parent)


def _pair(one: int, other: int) -> tuple[int, int]:
    return (min(one, other), max(one, other))


@dataclass(frozen=True)
class Pair:
    """Two existing projects that may be one; the one entered first stands first."""

    first: Project
    second: Project
    why: list[str]
    certain: bool


def existing_pairs(limit: int = MOST_LISTED, *, among=None) -> tuple[list[tuple[int, int, Verdict]], bool]:
    """The existing projects that look alike, likeliest first, as (key, key, verdict); and whether any were left out.

    Looks at the `limit` projects changed last, of a QuerySet where `among` is one; pairs that staff told apart
    are not among them.
    """
    projects = Project.objects.all() if among is None else among
    rows = list(projects.order_by("-updated_at", "-pk").values_list(*COLUMNS)[: limit + 1])
    apart = NotTheSame.objects.pairs()
    sketches = sorted((_sketch(*row) for row in rows[:limit]), key=lambda sketch: sketch.pk)
    found = [(earlier.pk, later.pk, verdict) for earlier, later, verdict in pairs(sketches)]
    found = [pair for pair in found if _pair(*pair[:2]) not in apart]
    found.sort(key=lambda pair: (not pair[2].certain, -pair[2].score, -pair[1], pair[0]))
    return found, len(rows) > limit


def with_projects(found: list[tuple[int, int, Verdict]]) -> list[Pair]:
    """The pairs of one page with their projects; pairs of which one is gone are left out."""
    keys = {key for pair in found for key in pair[:2]}
    projects = Project.objects.select_related("enterprise", "place").in_bulk(keys)
    return [
        Pair(projects[one], projects[other], verdict.why, verdict.certain)
        for one, other, verdict in found
        if one in projects and other in projects
    ]


def tell_apart(one: int, other: int, *, by) -> None:
    """Remember that two projects, given by their keys, are two; once is enough."""
    first, second = _pair(one, other)
    people = {"created_by": by, "updated_by": by}
    NotTheSame.objects.get_or_create(project_a_id=first, project_b_id=second, defaults=people)
