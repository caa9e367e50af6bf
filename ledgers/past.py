"""What projects said in the ledger at earlier row versions, from their history and that of their parts."""

from collections import defaultdict

from enterprises.models import Enterprise, Place
from ledgers import states
from liangzhou.periods import PartialDate
from projects.models import CreditShare, IndustryChain, Milestone, Project, Unit

WHICH = ("planned", "actual")
RELATED = {"enterprise": Enterprise, "chain": IndustryChain, "place": Place, "parent": Project}


def states_at(wanted: dict[tuple[int, int], Project]) -> dict[tuple[int, int], dict]:
    """The canonical ledger row of each (project key, row version); those that history does not know are left out.

    The same few queries for any number of projects.
    """
    if not wanted:
        return {}
    moments = _moments(wanted)
    records = Project.history.in_bulk([history_id for history_id, _until in moments.values()])
    related = {
        name: model.objects.in_bulk({getattr(r, f"{name}_id") for r in records.values() if getattr(r, f"{name}_id")})
        for name, model in RELATED.items()
    }
    pks = {pk for pk, _version in wanted}
    dates, shares = _parts(Milestone, pks), _parts(CreditShare, pks)
    units = dict(Unit.objects.values_list("pk", "name"))
    found = {}
    for (pk, version), (history_id, until) in moments.items():
        state = states.state(_project(records[history_id], related))
        state |= _dates(_just_before(dates[pk], until))
        held = [(units.get(share.unit_id, ""), share.percent) for share in _just_before(shares[pk], until)]
        found[pk, version] = state | {"units": states.shares_text(held)}
    return found


def _moments(wanted) -> dict[tuple[int, int], tuple]:
    """The historical record of each version, and when the next one was written (None where it is the last)."""
    rows = Project.history.filter(id__in={pk for pk, _version in wanted}).order_by("id", "history_id")
    of_project = defaultdict(list)
    for row in rows.values_list("id", "history_id", "version", "history_date"):
        of_project[row[0]].append(row[1:])
    found = {}
    for pk, version in wanted:
        for index, (history_id, then, _date) in enumerate(of_project[pk]):
            if then == version:
                following = of_project[pk][index + 1 : index + 2]
                found[pk, version] = history_id, following[0][2] if following else None
    return found


def _project(record, related: dict) -> Project:
    """The project as its history remembers it, with nothing left to ask the database for."""
    project = Project(**{field.attname: getattr(record, field.attname) for field in record.tracked_fields})
    for name, rows in related.items():
        setattr(project, name, rows.get(getattr(record, f"{name}_id")))
    project._prefetched_objects_cache = dict.fromkeys(("milestones", "measures", "parties", "credit_shares"), ())
    return project


def _parts(model, pks: set[int]) -> dict[int, list]:
    """Every historical record of the projects' parts of one kind, oldest first."""
    found = defaultdict(list)
    for record in model.history.filter(project_id__in=pks).order_by("history_id"):
        found[record.project_id].append(record)
    return found


def _just_before(records: list, until) -> list:
    """The parts as they stood before a moment."""
    latest = {record.id: record for record in records if until is None or record.history_date < until}
    return [record for record in latest.values() if record.history_type != "-"]


def _dates(milestones: list) -> dict[str, str]:
    """The columns of all milestones' dates."""
    found = {f"{kind}.{which}": "" for kind in Milestone.Kind for which in WHICH}
    for milestone in milestones:
        for which in WHICH:
            day = getattr(milestone, which)
            precision = getattr(milestone, f"{which}_precision")
            found[f"{milestone.kind}.{which}"] = states.date_text(PartialDate(day, precision) if day else None)
    return found
