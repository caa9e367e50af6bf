"""Writes that touch several rows of projects: stages and their log."""

from collections import defaultdict

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from .models import Project, StageChange
from .stages import Facts, Requirement, missing


def facts_of(project: Project, dates: dict | None = None) -> Facts:
    """What is known of a project as it stands in memory.

    `dates` are its actual dates by kind of milestone; read from the database where not given.
    """
    company = project.enterprise
    return Facts(
        enterprise=company is not None,
        registered=bool(company and company.credit_code),
        place=project.place_id is not None,
        investment=project.total_investment,
        undisclosed=project.investment_undisclosed,
        dates=dates_of(project) if dates is None else dates,
    )


def dates_of(project: Project) -> dict:
    """The actual dates of a project's milestones, by kind; from the prefetched rows where there are some."""
    if project.pk is None:
        return {}
    return reached(project.milestones.all())


def reached(milestones) -> dict:
    """The actual dates of milestones, by kind."""
    return {row.kind: row.actual_date for row in milestones if row.actual}


def waived(projects) -> dict[int, set[str]]:
    """The names of the requirements ever let through, by project; in one query. Unsaved projects have none."""
    known = projects
    if not isinstance(projects, models.QuerySet):
        known = [project.pk for project in projects if project.pk]
    names = defaultdict(set)
    log = StageChange.objects.filter(project__in=known).exclude(overridden="").order_by()
    for project, overridden in log.values_list("project", "overridden"):
        names[project].update(overridden.split())
    return names


def unmet(project: Project, facts: Facts, waived_names) -> list[Requirement]:
    """What the project's stage requires and is not there, apart from what was let through before."""
    return [requirement for requirement in missing(project.stage, facts) if requirement.name not in waived_names]


def log_stage(project: Project, *, from_stage: str, by, reason: str = "", overridden=()) -> StageChange:
    """Write that the project came to its present stage; `overridden` are the names of what was let through.

    `from_stage` is empty for a new project. Raises ValidationError where something is let through
    without a reason.
    """
    reason = reason.strip()
    if overridden and not reason:
        raise ValidationError(_("Say why the stage is right although facts are missing."))
    change = StageChange(
        project=project,
        from_stage=from_stage,
        to_stage=project.stage,
        reason=reason,
        overridden=" ".join(overridden),
    )
    change.stamp(by)
    change._history_user = by
    change.save()
    return change
