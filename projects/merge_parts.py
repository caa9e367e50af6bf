"""What two rows for one project say differently, field by field and part by part, and in which words."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from liangzhou.figures import qualified
from liangzhou.history.changes import contents, in_words, state, told_fields
from liangzhou.money import typed_form

from .models import CreditShare, Measure, Milestone, Project, ProjectParty

KEEP, OTHER = "keep", "other"

# Fields that mean something only together: a choice is made once for all of them
TOGETHER = {
    "status": ("status", "status_reason"),
    "total_investment": ("total_investment", "investment_qualifier", "investment_undisclosed"),
}
LABELLED_BY = {
    Milestone: ("kind",),
    Measure: ("name",),
    ProjectParty: ("enterprise", "role"),
    CreditShare: ("unit",),
}
NO_CHOICE = {"internal_remark", "published"}  # both remarks are kept; what is public stays as it is


@dataclass(frozen=True)
class PartsAbove:
    """Parts that an app above this one hangs on projects, and how they are merged; registered when that app is ready.

    `hold(keep, other)` locks what their writers lock first, before the projects themselves are locked;
    `move(merge)` writes with `merge.write`, `merge.delete` and `merge.note_part`.
    """

    accessors: tuple[str, ...]  # of the parts of a project, for the preview
    hold: Callable
    move: Callable


ABOVE: list[PartsAbove] = []


@dataclass(frozen=True)
class Difference:
    """Something that both rows say and of which one is to stay. `default` is KEEP or OTHER."""

    name: str  # of the choice: a field, or `milestone:started`
    label: str
    kept: str  # in words
    other: str
    default: str = KEEP


@dataclass(frozen=True)
class Clash:
    """A part of which both projects have one: a milestone of a kind, a measure of a name, a party in a role."""

    name: str
    mine: models.Model
    theirs: models.Model

    def difference(self) -> Difference | None:
        """What is to be chosen; None where both say the same."""
        fields = part_fields(type(self.mine))
        if all(state(self.mine, one) == state(self.theirs, one) for one in fields):
            return None
        kept, other = said(self.mine), said(self.theirs)
        default = OTHER if _says_more(self.theirs, self.mine) else KEEP
        return Difference(self.name, label_of(self.mine), kept, other, default)


def field_groups() -> list[tuple[str, ...]]:
    """The fields of a project that are chosen between, those that belong together in one group."""
    beside = {name for group in TOGETHER.values() for name in group[1:]} | NO_CHOICE
    names = [field.name for field in told_fields(Project) if field.name not in beside]
    return [TOGETHER.get(name, (name,)) for name in names]


def field_differences(keep: Project, other: Project) -> list[Difference]:
    """The fields of which `other` says something else than `keep`; what only one says is there by default."""
    found = []
    for group in field_groups():
        theirs = values(other, group)
        if values(keep, group) == theirs or is_empty(other, group, apart_from=keep):
            continue
        label = str(capfirst(Project._meta.get_field(group[0]).verbose_name))
        default = OTHER if is_empty(keep, group) else KEEP
        found.append(Difference(group[0], label, words(keep, group[0]), words(other, group[0]), default))
    return found


def values(project: Project, group: tuple[str, ...]) -> tuple:
    """The stored values of a group."""
    return tuple(getattr(project, Project._meta.get_field(name).attname) for name in group)


def is_empty(project: Project, group: tuple[str, ...], *, apart_from: Project | None = None) -> bool:
    """Whether a project says nothing there; a phase of `apart_from` says nothing that could be taken over."""
    name = group[0]
    if name == "total_investment":
        return project.total_investment is None and not project.investment_undisclosed
    value = getattr(project, Project._meta.get_field(name).attname)
    if name == "parent" and apart_from is not None and value == apart_from.pk:
        return True
    return value in (None, "")


def words(project: Project, name: str) -> str:
    """What a project says in a group, as people read it, exact to the last digit."""
    if name == "total_investment":
        if project.total_investment is None:
            return _("not disclosed") if project.investment_undisclosed else "—"
        return qualified(typed_form(project.total_investment), project.investment_qualifier)
    shown = in_words(project, Project._meta.get_field(name))
    if name == "status" and project.status_reason:
        return _("%(label)s: %(value)s") % {"label": shown, "value": project.status_reason}
    return shown


def part_fields(model) -> list[models.Field]:
    """What a part says: not whose it is, nor where it stands."""
    return told_fields(model, apart_from=("project", "position", "content_type", "object_id"))


def said(part) -> str:
    """What a part says beside its label, as one line."""
    labelled = LABELLED_BY.get(type(part), ())
    changes = contents(part, [field for field in part_fields(type(part)) if field.name not in labelled])
    return "\uff1b".join(_("%(label)s: %(value)s") % {"label": c.label, "value": c.new} for c in changes)


def label_of(part) -> str:
    """A part by its kind: 开工, 装机功率, the company with its role, the unit."""
    if isinstance(part, Milestone):
        return str(part.get_kind_display())
    if isinstance(part, CreditShare):
        return str(part.unit)
    return part.name if isinstance(part, Measure) else str(part)


def _says_more(one, other) -> bool:
    """Whether the one says the fact that the other only plans or leaves open."""
    if isinstance(one, Milestone):
        return one.actual is not None and other.actual is None
    return isinstance(one, ProjectParty) and bool(one.note) and not other.note


def clashes(keep: Project, other: Project) -> list[Clash]:
    """The parts of which both projects have one."""
    found = []
    for kind, accessor, key in (
        ("milestone", "milestones", ("kind",)),
        ("measure", "measures", ("name",)),
        ("party", "parties", ("enterprise_id", "role")),
    ):
        mine = {tuple(getattr(part, name) for name in key): part for part in getattr(keep, accessor).all()}
        for part in getattr(other, accessor).all():
            own = mine.get(tuple(getattr(part, name) for name in key))
            if own is not None:
                found.append(Clash(f"{kind}:{part.pk}", own, part))
    return found


def credit_shares(keep: Project, other: Project) -> tuple[dict[int, models.Model], list]:
    """The shares of the credit after a merge: (unit -> the share that stays, those of `other` that do not).

    Of a unit that both name, the larger share stays. Where they would come to more than 100 %,
    those of `keep` stay as they are.
    """
    mine = {share.unit_id: share for share in keep.credit_shares.select_related("unit")}
    theirs = {share.unit_id: share for share in other.credit_shares.select_related("unit")}
    larger = dict(mine)
    for unit, share in theirs.items():
        if unit not in larger or share.percent > larger[unit].percent:
            larger[unit] = share
    stays = larger if sum(share.percent for share in larger.values()) <= 100 else mine
    return stays, [share for unit, share in theirs.items() if stays.get(unit) is not share]
