"""How far a project is, for its page in the admin: its stage, what the next one still needs, the log of stages."""

from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse

from liangzhou.history.changes import person

from .actions import facts_of
from .models import Milestone, Project
from .stages import Requirement, ahead, following, labels, missing

NEWEST = 3  # rows of the log that are shown unfolded


@dataclass(frozen=True)
class Needed:
    """One thing that is missing; `href` leads to the field where it is entered."""

    label: str
    sentence: str
    href: str


@dataclass(frozen=True)
class Step:
    """One row of the log of stages, in words; `old` and `new` are alike where only something was let through."""

    old: str
    new: str
    who: str
    when: datetime
    reason: str
    let_through: list[str]


@dataclass(frozen=True)
class Progress:
    """What the page shows. `following` is empty after the last stage, `ahead` where no date runs ahead of the stage."""

    stage: str
    following: str = ""
    ahead: str = ""
    needed: list[Needed] = field(default_factory=list)
    newest: list[Step] = field(default_factory=list)
    older: list[Step] = field(default_factory=list)


def progress_of(pk: int) -> Progress:
    """A stored project's progress: as it is in the database, whatever is being typed."""
    project = Project.objects.select_related("enterprise").get(pk=pk)
    facts, coming = facts_of(project), following(project.stage)
    log = list(project.stage_changes.select_related("created_by").order_by("-id"))
    let_through = {name for row in log for name in row.overridden.split()}
    gaps = [gap for gap in missing(coming or project.stage, facts) if gap.name not in let_through]
    dated = ahead(project.stage, facts)
    steps = [_step(row) for row in log]
    return Progress(
        stage=project.get_stage_display(),
        following=str(coming.label) if coming else "",
        ahead=str(Milestone.Kind(dated.value).label) if dated else "",
        needed=[Needed(str(gap.label), str(gap.sentence), _field_of(gap, project)) for gap in gaps],
        newest=steps[:NEWEST],
        older=steps[NEWEST:],
    )


def _field_of(gap: Requirement, project: Project) -> str:
    """A field of the project's own form, or of its company's."""
    if gap.name == "registered" and project.enterprise:
        return f"{reverse('admin:enterprises_enterprise_change', args=[project.enterprise_id])}#id_credit_code"
    return "#milestones-group" if gap.field == "milestones" else f"#id_{gap.field}"


def _step(row) -> Step:
    return Step(
        row.get_from_stage_display(),
        row.get_to_stage_display(),
        person(row.created_by),
        row.created_at,
        row.reason,
        labels(row.overridden),
    )
