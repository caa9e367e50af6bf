"""The stages of a project in order, its statuses, and what each stage requires: the one table that all entry asks."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import models
from django.db.models import Case, Value, When
from django.utils.translation import gettext_lazy as _

from liangzhou.periods import PartialDate

SMALLEST_IN_STATISTICS = Decimal(500)  # 万元; below it the statistics library takes no project


class Stage(models.TextChoices):
    """How far a project has come, in order."""

    RESERVE = "reserve", _("reserve (储备)")
    LEAD = "lead", _("lead (线索)")
    NEGOTIATING = "negotiating", _("negotiating (在谈)")
    SIGNED = "signed", _("signed (签约)")
    LANDED = "landed", _("landed (落地)")
    STARTED = "started", _("started (开工)")
    BUILDING = "building", _("building (在建)")
    PRODUCING = "producing", _("producing (投产)")
    AT_CAPACITY = "at_capacity", _("at capacity (达产)")

    @property
    def order(self) -> int:
        """Its place in the row, from 0."""
        return list(type(self)).index(self)


class Status(models.TextChoices):
    """Whether a project goes on; aside from its stage."""

    NORMAL = "normal", _("normal")
    PAUSED = "paused", _("paused")
    TERMINATED = "terminated", _("terminated")


# From the signing on; reserve, leads and negotiations are internal (DOMAIN: public, internal).
PUBLIC_STAGES = tuple(stage for stage in Stage if stage.order >= Stage.SIGNED.order)


def stage_order() -> Case:
    """`Stage.order` in SQL."""
    return Case(
        *(When(stage=stage, then=Value(stage.order)) for stage in Stage), output_field=models.SmallIntegerField()
    )


@dataclass(frozen=True)
class Facts:
    """What is known of a project, as far as any stage asks for it. `investment` is in 万元."""

    enterprise: bool = False
    registered: bool = False  # the company has a credit code
    place: bool = False
    investment: Decimal | None = None
    undisclosed: bool = False
    dates: dict[str, PartialDate] = field(default_factory=dict)  # actual dates, by the kind of milestone

    def follows(self, later: str, earlier: str) -> bool:
        """Whether a milestone may have come after another one: what is not known has the benefit of the doubt."""
        if later not in self.dates or earlier not in self.dates:
            return True
        return self.dates[later].last >= self.dates[earlier].first


@dataclass(frozen=True)
class Requirement:
    """One thing that must be there from a stage on, or must not contradict another (`since` is None)."""

    name: str  # kept in the log for ever: never rename or reuse one
    since: Stage | None
    sentence: str
    field: str  # where it is mended: a field of the project's form, or "milestones"
    label: str
    met: Callable[[Facts], bool]


REQUIREMENTS = (
    Requirement(
        "enterprise",
        Stage.SIGNED,
        _("From the signing on, a project has its company."),
        "enterprise",
        _("company"),
        lambda facts: facts.enterprise,
    ),
    Requirement(
        "signed",
        Stage.SIGNED,
        _("From the signing on, the date of signing is given."),
        "milestones",
        _("date of signing"),
        lambda facts: "signed" in facts.dates,
    ),
    Requirement(
        "investment",
        Stage.SIGNED,
        _("From the signing on, the total investment is given or marked as not disclosed."),
        "total_investment",
        _("total investment"),
        lambda facts: facts.investment is not None or facts.undisclosed,
    ),
    Requirement(
        "place",
        Stage.LANDED,
        _("From the landing on, a project has its place."),
        "place",
        _("place"),
        lambda facts: facts.place,
    ),
    Requirement(
        "registered",
        Stage.LANDED,
        _("From the landing on, the company is registered: enter its credit code in its own record."),
        "enterprise",
        _("credit code of the company"),
        lambda facts: facts.registered,
    ),
    Requirement(
        "started",
        Stage.STARTED,
        _("From the start of works on, the date of the start is given."),
        "milestones",
        _("date of the start of works"),
        lambda facts: "started" in facts.dates,
    ),
    Requirement(
        "producing",
        Stage.PRODUCING,
        _("From the start of production on, its date is given."),
        "milestones",
        _("date of the start of production"),
        lambda facts: "producing" in facts.dates,
    ),
    Requirement(
        "started",  # the same gap, seen earlier: asked for and let through under one name
        None,
        _("Production has begun, so the date of the start of works is needed too."),
        "milestones",
        _("date of the start of works"),
        lambda facts: "started" in facts.dates or "producing" not in facts.dates,
    ),
    Requirement(
        "start_before_signing",
        None,
        _("The works cannot start before the contract is signed."),
        "milestones",
        _("start before signing"),
        lambda facts: facts.follows("started", "signed"),
    ),
    Requirement(
        "production_before_start",
        None,
        _("Production cannot begin before the works start."),
        "milestones",
        _("production before start"),
        lambda facts: facts.follows("producing", "started"),
    ),
    Requirement(
        "statistics_too_small",
        None,
        _("The statistics library takes only projects of 500万元 and more."),
        "total_investment",
        _("entry in the statistics library below 500万元"),
        lambda facts: (
            facts.investment is None or "registered" not in facts.dates or facts.investment >= SMALLEST_IN_STATISTICS
        ),
    ),
    Requirement(
        "statistics_before_start",
        None,
        _("A project enters the statistics library only once its works have started."),
        "milestones",
        _("entry in the statistics library before start"),
        lambda facts: facts.follows("registered", "started"),
    ),
)


def missing(stage: str, facts: Facts) -> list[Requirement]:
    """What a stage and those before it require and is not there, and what contradicts itself; each name once."""
    order = Stage(stage).order
    asked = [r for r in REQUIREMENTS if r.since is None or r.since.order <= order]
    found: dict[str, Requirement] = {}
    for requirement in asked:
        if not requirement.met(facts):
            found.setdefault(requirement.name, requirement)
    return list(found.values())


def following(stage: str) -> Stage | None:
    """The next stage; None after the last."""
    return next((other for other in Stage if other.order == Stage(stage).order + 1), None)


def ahead(stage: str, facts: Facts) -> Stage | None:
    """The furthest stage whose date is given although the stage is before it; None where the stage keeps up."""
    return next((other for other in reversed(Stage) if other in facts.dates and other.order > Stage(stage).order), None)


def labels(names: str) -> list[str]:
    """What the requirements named in a log row are called; a name that is no longer in the table stands for itself."""
    known = {requirement.name: requirement.label for requirement in reversed(REQUIREMENTS)}
    return [str(known.get(name, name)) for name in names.split()]
