"""What a project's stage has come to need since a batch of changes, and what must stay when that is taken back."""

from collections import defaultdict
from collections.abc import Iterator
from copy import copy

from liangzhou.batches.undo_plan import Plan, in_chunks
from liangzhou.batches.undo_ties import introduce, past_rows

from .actions import facts_of, reached, waived
from .models import Milestone, Project, StageChange
from .stages import Requirement, missing

# The columns by which a requirement that is not about dates is met
COLUMNS = {
    "enterprise": ("enterprise_id",),
    "registered": ("enterprise_id",),
    "place": ("place_id",),
    "investment": ("total_investment", "investment_qualifier", "investment_undisclosed"),
}


def needed(plan: Plan) -> Iterator[tuple]:
    """(model, pk, columns, sentence) of what must stay, the whole record where there are no columns.

    Asked are the projects whose stage was changed since the batch: all others are again as they were.
    """
    milestones, own = plan.shares[Milestone], plan.shares[Project]
    touched = set(own.set_back)
    for chunk in in_chunks(sorted(milestones.delete | milestones.set_back.keys())):
        touched.update(Milestone.objects.filter(pk__in=chunk).order_by().values_list("project", flat=True))
    for chunk in in_chunks(sorted(touched - own.delete)):
        since = StageChange.history.filter(history_type="+", project__in=chunk, history_date__gt=plan.batch.at)
        moved = set(since.exclude(history_batch=plan.batch).values_list("project", flat=True))
        if moved:
            yield from _of_projects(plan, moved)


def _of_projects(plan: Plan, pks: set) -> Iterator[tuple]:
    rows = Project.objects.filter(pk__in=pks).select_related("enterprise").prefetch_related("milestones")
    let_through, dates = waived(list(rows)), _dates_after(plan, pks)
    for project in rows:
        known = {gap.name for gap in missing(project.stage, facts_of(project))} | let_through[project.pk]
        then = copy(project)
        for column, value in plan.shares[Project].set_back.get(project.pk, {}).items():
            setattr(then, column, value)
        introduce(plan, then, {})
        for gap in missing(then.stage, facts_of(then, reached(dates[project.pk]))):
            if gap.name not in known:
                yield from _holding(plan, project, gap)


def _dates_after(plan: Plan, pks: set) -> dict[int, list]:
    """The milestones that projects would have, by project."""
    share = plan.shares[Milestone]
    coming = [pk for pk, values in share.set_back.items() if values.get("project_id") in pks]
    found = defaultdict(list)
    for row in [*Milestone.objects.filter(project__in=pks), *Milestone.objects.filter(pk__in=coming)]:
        for column, value in share.set_back.get(row.pk, {}).items():
            setattr(row, column, value)
        if row.pk not in share.delete:
            found[row.project_id].append(row)
    for chunk in in_chunks(sorted(share.create)):
        for row in past_rows(share, chunk).values():
            found[row.project_id].append(row)
    return found


def _holding(plan: Plan, project: Project, gap: Requirement) -> Iterator[tuple]:
    """What of the plan leaves this gap: the date or the field itself, or else all that could."""
    share, back = plan.shares[Milestone], plan.shares[Project].set_back.get(project.pk, {})
    dates = [row for row in project.milestones.all() if row.pk in share.delete or row.pk in share.set_back]
    dates = [row for row in dates if row.kind == gap.name] or dates
    columns = [column for column in COLUMNS.get(gap.name, ()) if column in back]
    if columns or not dates:
        yield Project, project.pk, columns or [column for column in ("stage",) if column in back], str(gap.sentence)
    else:
        for row in dates:
            yield Milestone, row.pk, (), str(gap.sentence)
