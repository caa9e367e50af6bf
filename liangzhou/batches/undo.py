"""Taking a batch of changes back, by the history rows that carry it; and taking that back again."""

from copy import copy
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, F, Max, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from liangzhou import audit
from liangzhou.batches import ChangeBatch, change_batch
from liangzhou.batches import rights as batch_rights
from liangzhou.batches.undo_plan import CHUNK, Kept, Plan, Share, compare, in_chunks, recorded_models, wholes
from liangzhou.batches.undo_publishing import Seen, why_comes_back_as_draft
from liangzhou.batches.undo_publishing import refuse as refuse_publishing
from liangzhou.batches.undo_ties import incoming, past_rows, settle
from liangzhou.history.changes import row_of
from liangzhou.models import PUBLISHING, Stamped
from liangzhou.waiting import guards as waiting_guards


@dataclass(frozen=True)
class Undone:
    """What taking a batch back has done: its own batch, how many records, and what stays."""

    batch: ChangeBatch
    set_back: int
    deleted: int
    created: int
    kept: list[Kept]


def preview(batch: ChangeBatch, *, by=None) -> Plan:
    """What `undo` would do now. Raises ValidationError where it was done already, or is not for `by` to do."""
    _refuse_twice(batch)
    plan = _plan(batch, lock=False)
    _refuse_foreign(plan, by)
    return plan


def undo(batch: ChangeBatch, *, by, reason: str) -> Undone:
    """Set back what the batch changed, delete what it entered, enter again what it deleted: all or nothing.

    What somebody changed since stays and is reported. Raises ValidationError where the batch was
    taken back already, nothing of it can be, or it reaches records that are not for `by` to change.
    """
    with transaction.atomic():
        batch = ChangeBatch.objects.select_for_update().get(pk=batch.pk)
        _refuse_twice(batch)
        plan = _plan(batch, lock=True)
        if not plan:
            raise ValidationError(_("Nothing of it can be taken back: everything was changed again since."))
        _refuse_foreign(plan, by)
        done, seen = (plan.set_back, plan.deleted, plan.created), Seen(plan)
        with change_batch(ChangeBatch.Kind.UNDO, by=by, label=batch.label, reason=reason, undoes=batch) as new:
            _write(plan, by=by, reason=reason)
            for model in _hooked("batch_undone"):
                model.batch_undone(batch, new)
            audit.record(audit.Action.UNDO, by=by, target=batch, kind=batch.kind, batch=new.pk)
            seen.tell(by=by, batch=new)
        return Undone(new, *done, plan.kept)


def touched_counts(batch: ChangeBatch) -> list[dict]:
    """For each kind of record that a batch touched: model, and how many it entered, changed and deleted."""
    found = []
    for model in recorded_models():
        key = model._meta.pk.attname
        counts = model.history.filter(history_batch=batch).aggregate(
            total=Count(key, distinct=True),
            entered=Count(key, distinct=True, filter=Q(history_type="+")),
            deleted=Count(key, distinct=True, filter=Q(history_type="-")),
        )
        if counts["total"]:
            changed = max(0, counts["total"] - counts["entered"] - counts["deleted"])
            found.append({"model": model, "changed": changed, **counts})
    return found


def _refuse_twice(batch: ChangeBatch) -> None:
    if ChangeBatch.objects.filter(undoes=batch).exists():
        raise ValidationError(_("This was taken back already."))


def _refuse_foreign(plan: Plan, by) -> None:
    refusal = by and batch_rights.why_not(by, plan)
    if refusal:
        raise ValidationError(refusal)
    if by:
        refuse_publishing(plan, by)


def _plan(batch: ChangeBatch, *, lock: bool) -> Plan:
    plan = compare(batch, lock=lock)
    settle(plan)
    waiting_guards.refuse_undo(plan)
    return plan


def _hooked(name: str) -> list:
    return [model for model in apps.get_models() if hasattr(model, name)]


def _write(plan: Plan, *, by, reason: str) -> None:
    now = timezone.now()
    order = _wholes_first(plan)
    written = Written()
    for share in reversed(order):
        for chunk in in_chunks(sorted(share.delete)):
            written.note(_delete(share, chunk, by=by, now=now))
    for share in order:
        for chunk in in_chunks(sorted(share.set_back)):
            written.note(_set_back(share, chunk, by=by, now=now, reason=reason))
    for share in order:  # last: what they are unique by is free now
        for chunk in in_chunks(sorted(share.create)):
            written.note(_create(share, chunk, by=by, now=now))
    written.tell()


class Written:
    """The keys of the records that were written, or parts of which were, where their model wants to know."""

    def __init__(self):
        self.keys: dict[type, set] = {}

    def note(self, rows: list) -> None:
        for row in rows:
            for model, pk in [(type(row), row.pk), *wholes(row, type(row))]:
                if hasattr(model, "after_bulk_write"):
                    self.keys.setdefault(model, set()).add(pk)

    def tell(self) -> None:
        for model, pks in self.keys.items():
            for chunk in in_chunks(sorted(pks)):
                model.after_bulk_write(chunk)


def _wholes_first(plan: Plan) -> list[Share]:
    """The shares, those whose records others refer to before those that do."""
    needs = {
        model: {one.related_model for one in model._meta.concrete_fields if one.is_relation} - {model}
        for model in plan.shares
    }
    try:
        order = TopologicalSorter(needs).static_order()
        return [plan.shares[model] for model in order if model in plan.shares]
    except CycleError:
        return list(plan.shares.values())


def record_deletion(rows: list, *, by, now) -> None:
    """Write the history of rows that are deleted in bulk."""
    if not rows:
        return
    history = type(rows[0]).history.model
    entries = [
        history(
            history_type="-",
            history_date=now,
            history_user=by,
            **{one.attname: getattr(row, one.attname) for one in history.tracked_fields},
        )
        for row in rows
    ]
    history.objects.bulk_create(entries, batch_size=CHUNK)


def _delete(share: Share, pks: list, *, by, now) -> list:
    rows = list(share.model._base_manager.filter(pk__in=pks))
    record_deletion(rows, by=by, now=now)
    for one in incoming(share.model):
        if one.null and one.db_constraint and not issubclass(one.model, Stamped):
            one.model._base_manager.filter(**{f"{one.attname}__in": pks}).update(**{one.attname: None})
    # Nothing hangs on them and their history is written: no need to fetch and tell of each one again.
    share.model._base_manager.filter(pk__in=pks)._raw_delete(share.model._base_manager.db)
    return rows


def _set_back(share: Share, pks: list, *, by, now, reason: str) -> list:
    rows = list(share.model._base_manager.filter(pk__in=pks).order_by("pk"))
    earlier = [copy(row) for row in rows]
    changes, columns = [], set()
    for row in rows:
        values = share.set_back[row.pk]
        changes.append((row, {column: getattr(row, column) for column in values}))
        for column, value in values.items():
            setattr(row, column, value)
        editor = row.updated_by_id
        row.stamp(by)
        row.updated_at = now
        if is_publishing(values):
            row.updated_by_id = editor
        columns |= values.keys()
    names = {one.name for one in share.model._meta.concrete_fields if one.attname in columns}
    _write_back(share.model, rows, names, by=by, now=now)
    if hasattr(share.model, "after_set_back"):
        share.model.after_set_back(changes, by=by, reason=reason)
    return earlier + rows  # also of what they belonged to until now


def is_publishing(values: dict) -> bool:
    """Whether only acts of publishing are taken back, by columns: the last editor of the record stays who it was."""
    return {name.removesuffix("_id") for name in values} <= set(PUBLISHING)


def _write_back(model, rows: list, names: set[str], *, by, now) -> None:
    if not rows:
        return
    found_by = names & set(getattr(model, "SEARCHED", ()))
    manager = model._default_manager if found_by else model._base_manager  # what search looks in follows
    manager.bulk_update(rows, sorted(names), batch_size=CHUNK)
    written = model._base_manager.filter(pk__in=[row.pk for row in rows])
    written.update(updated_at=now, version=F("version") + 1)
    edited = [row.pk for row in rows if row.updated_by_id == (by and by.pk)]
    model._base_manager.filter(pk__in=edited).update(updated_by=by)
    model.history.bulk_history_create(rows, update=True, batch_size=CHUNK, default_user=by, default_date=now)


def _create(share: Share, pks: list, *, by, now) -> list:
    past = past_rows(share, pks)
    rows = [row_of(past[pk]) for pk in pks]
    for row in rows:
        if by is not None and getattr(row, "published", False) and why_comes_back_as_draft(row, by):
            row.begin_again()
        for column in share.emptied.get(row.pk, ()):
            setattr(row, column, None)
    return enter_again(share.model, rows, by=by, now=now)


def enter_again(model, rows: list, *, by, now) -> list:
    """Write rows that were deleted, under their old keys, with history.

    What is derived from them is not brought up to date: see `Written`.
    """
    entered = {row.pk: row.created_at for row in rows}
    users = _people({row.created_by_id for row in rows})
    versions = _last_versions(model, list(entered))
    for row in rows:
        row.created_by_id = row.created_by_id if row.created_by_id in users else None
        row.version = versions[row.pk] + 1
        row.updated_by, row.updated_at = by, now
        row._state.adding = True
    model._default_manager.bulk_create(rows, batch_size=CHUNK)
    for row in rows:  # entering sets it to this moment
        row.created_at = entered[row.pk]
    last = model.history.filter(**{model._meta.pk.attname: OuterRef("pk")}).order_by("-history_id")
    written = model._base_manager.filter(pk__in=list(entered))
    written.update(created_at=Subquery(last.values("created_at")[:1]))
    model.history.bulk_history_create(rows, batch_size=CHUNK, default_user=by, default_date=now)
    return rows


def _last_versions(model, pks: list) -> dict[int, int]:
    """The row versions that deleted records had last, by their keys."""
    key = model._meta.pk.attname
    return dict(model.history.filter(**{f"{key}__in": pks}).order_by().values_list(key).annotate(Max("version")))


def _people(keys: set) -> set:
    return set(get_user_model()._base_manager.filter(pk__in=keys).values_list("pk", flat=True))
