"""What a project said in the ledger at an earlier row version, from its history and that of its parts."""

from ledgers import states
from liangzhou.changes import row_of
from liangzhou.periods import PartialDate
from projects.models import CreditShare, Milestone, Project


def states_at(wanted: dict[tuple[int, int], Project]) -> dict[tuple[int, int], dict]:
    """The canonical ledger row of each (project key, row version); those that history does not know are left out.

    Asked for rows that were changed since a file was made, so a few queries each are well spent.
    """
    found = {}
    for (pk, version), project in wanted.items():
        then = Project.history.filter(id=pk, version=version).order_by("-history_id").first()
        if then is not None:
            following = Project.history.filter(id=pk, history_id__gt=then.history_id).order_by("history_id").first()
            found[pk, version] = _state(project, then, following.history_date if following else None)
    return found


def _state(project: Project, then, until) -> dict:
    """The row as it was; what a project does not hold itself, its parts held before `until`."""
    row = states.with_parts(Project.objects.filter(pk=project.pk)).get()
    remembered = row_of(then)
    for field in Project._meta.concrete_fields:
        if field.name in {f.name for f in then.tracked_fields} and field.attname in remembered.__dict__:
            setattr(row, field.attname, getattr(remembered, field.attname))
    state = states.state(row)
    dates = {(part.kind, which): _date(part, which) for part in _parts(Milestone, row, until) for which in WHICH}
    for kind in Milestone.Kind:
        for which in WHICH:
            state[f"{kind}.{which}"] = dates.get((kind.value, which), "")
    shares = [(share.unit.name, share.percent) for share in _parts(CreditShare, row, until)]
    state["units"] = states.shares_text(shares)
    return state


WHICH = ("planned", "actual")


def _date(part, which: str) -> str:
    day = getattr(part, which)
    return PartialDate(day, getattr(part, f"{which}_precision")).chinese if day else ""


def _parts(model, project: Project, until) -> list:
    """A project's parts of one kind as history has them just before a moment."""
    records = model.history.filter(project_id=project.pk)
    if until is not None:
        records = records.filter(history_date__lt=until)
    latest = {}
    for past in records.order_by("history_id"):
        latest[past.id] = past
    return [past for past in latest.values() if past.history_type != "-"]
