"""Writing what a ledger row says of a project's parts: its milestones and who shares the credit for it."""

from decimal import Decimal

from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from ledgers import readings
from liangzhou.periods import PartialDate
from projects.models import CreditShare, Milestone, Project, Unit


def write_parts(pairs: list[tuple[Project, dict]], *, by, now) -> None:
    """Bring the milestones and shares of saved projects to what their values say; with history, in bulk."""
    kinds = readings.milestone_kinds()
    dated = [(project, {n: v for n, v in values.items() if n in kinds}) for project, values in pairs]
    _write_milestones([(project, dates) for project, dates in dated if dates], kinds, by, now)
    _write_shares([(project, values["units"]) for project, values in pairs if "units" in values], by, now)
    touched = [project.pk for project, dates in dated if dates]
    if touched:
        Project.objects.filter(pk__in=touched).refresh_latest_milestone()


def _write_milestones(pairs: list, kinds: dict[str, str], by, now) -> None:
    known = {(m.project_id, m.kind): m for m in Milestone.objects.filter(project__in=[p.pk for p, _dates in pairs])}
    new, changed, gone = {}, {}, {}
    for project, dates in pairs:
        for name, text in dates.items():
            kind, which = kinds[name], name.rpartition(".")[2]
            key = (project.pk, kind)
            row = known.get(key) or new.setdefault(key, Milestone(project=project, kind=kind))
            day = PartialDate.parse(text) if text else None
            setattr(row, which, day.first if day else None)
            setattr(row, f"{which}_precision", str(day.precision) if day else "")
            if key in known:
                changed[key] = row
    for key, row in list(changed.items()):
        if row.actual is None and row.planned is None:
            gone[key] = changed.pop(key)
    created = [row for row in new.values() if row.actual or row.planned]
    _save_in_bulk(Milestone, created, changed.values(), gone.values(), by, now)


def _write_shares(pairs: list[tuple[Project, str]], by, now) -> None:
    shares = CreditShare.objects.filter(project__in=[p.pk for p, _text in pairs])
    known = {(share.project_id, share.unit_id): share for share in shares}
    units = dict(Unit.objects.values_list("name", "pk")) if pairs else {}
    new, changed, gone = [], [], dict(known)
    for project, text in pairs:
        for name, percent in readings.split_shares(text):
            share = gone.pop((project.pk, units[name]), None)
            if share is None:
                new.append(CreditShare(project=project, unit_id=units[name], percent=percent))
            elif share.percent != Decimal(percent):
                share.percent = percent
                changed.append(share)
    _save_in_bulk(CreditShare, new, changed, gone.values(), by, now)


def _save_in_bulk(model, new, changed, gone, by, now) -> None:
    new, changed = list(new), list(changed)
    for row in [*new, *changed]:
        row.stamp(by)
    if new:
        bulk_create_with_history(new, model, batch_size=200, default_user=by, default_date=now)
    if changed:
        written = {"planned", "planned_precision", "actual", "actual_precision"} if model is Milestone else {"percent"}
        fields = sorted(written | {"version", "updated_by", "updated_at"})
        for row in changed:
            row.updated_at = now
        bulk_update_with_history(changed, model, fields, batch_size=100, default_user=by, default_date=now)
    for row in gone:
        row._history_user = by
        super(model, row).delete()  # the projects' latest milestones are looked at once, afterwards
