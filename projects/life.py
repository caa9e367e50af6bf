"""What belongs into a project's history beside the saves of its record: the changes of its stage."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from liangzhou.history import Entry
from liangzhou.history.changes import Change, Line, person

from .models import Project, StageChange
from .stages import labels


def stage_events(project: Project) -> list[Entry]:
    """Every change of the project's stage, also of a project that was deleted; `project` needs only its key."""
    told = StageChange.history.filter(project=project.pk).select_related("created_by").order_by("history_id")
    rows = {past.id: past for past in told}
    rows |= {row.pk: row for row in StageChange.objects.filter(project=project.pk).select_related("created_by")}
    return [_event(row) for row in rows.values()]


def _event(row) -> Entry:
    title = _("stage: %(before)s → %(after)s") if row.from_stage else _("stage: %(after)s")
    names = {"before": row.get_from_stage_display(), "after": row.get_to_stage_display()}
    entry = Entry("~", person(row.created_by), row.created_at, title=title % names, reason=row.reason)
    if row.overridden:
        label = capfirst(StageChange._meta.get_field("overridden").verbose_name)
        entry.lines = [Line("", Change("overridden", label, "—", "、".join(labels(row.overridden))))]
    return entry
