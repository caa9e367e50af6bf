"""Projects of somebody's that are late or silent: overdue milestones, no update, red lights."""

from datetime import date

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from liangzhou import permissions
from monthly import lights
from monthly.models import FundingRecord, InvestmentRecord, ProgressReport, Rule
from projects.models import Milestone, Project
from projects.stages import Stage, Status

from .matters import Matter, own_projects, project_url


def overdue_milestones(user, *, on: date) -> list[Matter]:
    """Steps planned for a time that is over and not reached, the oldest first; none of paused projects. One query."""
    rows = permissions.visible(user, Milestone.objects.all(), "change").overdue(on=on)
    rows = rows.filter(project__status=Status.NORMAL).select_related("project").order_by("planned", "pk")
    words = _("%(milestone)s was planned for %(date)s.")
    return [
        Matter(
            "milestone",
            f"{row.pk}:{row.planned}:{row.planned_precision}",
            str(row.project),
            f"{project_url(row.project_id)}#milestones-group",
            words % {"milestone": row.get_kind_display(), "date": row.planned_date},
        )
        for row in rows
    ]


def lit(user, *, on: date) -> list[tuple[Project, lights.ProjectLight]]:
    """Somebody's projects that have a light, with it, in the order of their names. Eight queries for any number."""
    asked = own_projects(user).implemented().filter(status=Status.NORMAL).exclude(stage=Stage.AT_CAPACITY)
    rows = list(asked.order_by("name", "pk"))
    found = lights.of_many(rows, on=on)
    return [(row, found[row.pk]) for row in rows]


def without_update(user, *, on: date, among: list | None = None) -> list[Matter]:
    """Projects in which nothing was entered for as many days as turn the light amber, unless a reason exempts them.

    `among` is what `lit` gave, where it is known already; `subject` has only the project (see `since_when`).
    """
    return [
        Matter("update", str(project.pk), str(project), project_url(project.pk), finding.sentence)
        for project, light in (lit(user, on=on) if among is None else among)
        for finding in light.findings
        if finding.rule == Rule.UPDATE and not finding.exempted_by
    ]


def red(user, *, on: date, among: list | None = None) -> list[Matter]:
    """Projects whose light is red, and why; `among` as above. Projects that are only silent are told of there."""
    return [
        Matter("red", str(project.pk), str(project), project_url(project.pk), light.sentences[0])
        for project, light in (lit(user, on=on) if among is None else among)
        if light.light == lights.Light.RED and {finding.rule for finding in light.findings} != {Rule.UPDATE}
    ]


def since_when(matters: list[Matter]) -> list[Matter]:
    """The same matters of silent projects, each with the day since which, as the light knows it. Five queries."""
    keys = [int(matter.subject) for matter in matters]
    if not keys:
        return []
    changed = dict(Project.objects.filter(pk__in=keys).values_list("pk", "updated_at"))
    for model in (Milestone, ProgressReport, FundingRecord, InvestmentRecord):
        rows = model.objects.filter(project__in=keys).order_by().values("project").annotate(last=Max("updated_at"))
        rows = rows.annotate(photo=Max("photos__updated_at" if model is ProgressReport else "updated_at"))
        for key, last, photo in rows.values_list("project", "last", "photo"):
            changed[key] = max(changed[key], last, photo or last)
    return [
        Matter(one.kind, f"{one.subject}:{timezone.localdate(changed[key])}", one.text, one.url, one.note)
        for one, key in zip(matters, keys, strict=True)
    ]
