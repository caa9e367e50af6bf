"""What of a record was changed since an act of publishing, as its history and that of its parts tell."""

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db.models import CASCADE

from liangzhou.batches.rights import PUBLISHING, act_of
from liangzhou.batches.undo_plan import recorded_models
from liangzhou.publishing import REASON, SUBMIT, State, state_of
from liangzhou.waiting.guards import is_internal


def changed_since(model, marks: dict) -> dict:
    """The last change of each record after its mark, by key: a historical record of it, or of a part.

    `marks` are historical records, by the keys of the records. Acts of publishing are no changes, nor are
    changes of parts that the public never sees. As many queries as there are kinds of parts, and two.
    """
    if not marks:
        return {}
    found, acts = {}, _Acts()
    first = min(mark.history_id for mark in marks.values())
    own = model.history.filter(**{f"{model._meta.pk.attname}__in": marks}, history_id__gt=first)
    for past in _in_order(own):
        mark = marks[getattr(past, model._meta.pk.attname)]
        if past.history_id > mark.history_id and not acts.holds(past):
            found[getattr(past, model._meta.pk.attname)] = past
    for part, key, more in _parts(model):
        earliest = min(mark.history_date for mark in marks.values())
        rows = part.history.filter(**{f"{key}__in": marks}, **more, history_date__gt=earliest)
        for past in _in_order(rows):
            pk = getattr(past, key)
            if past.history_date > marks[pk].history_date and past.history_batch_id != _batch(marks[pk]):
                found[pk] = max(found.get(pk, past), past, key=lambda one: one.history_date)
    return found


def changed_since_submitted(record):
    """The last change of a record that waits for publishing since it was submitted; None where there is none."""
    if state_of(record) != State.WAITING:
        return None
    submitted = record.history.filter(history_change_reason=REASON + SUBMIT.code).order_by("history_id").last()
    return changed_since(type(record), {record.pk: submitted}).get(record.pk) if submitted else None


def _in_order(rows):
    return rows.select_related("history_batch", "history_user").order_by("history_id")


def _batch(mark) -> int:
    return mark.history_batch_id or 0


class _Acts:
    """Which historical records are written by acts of publishing, or by taking such acts back."""

    def __init__(self):
        self.known: dict[int, bool] = {}

    def holds(self, past) -> bool:
        """Whether this one is."""
        batch = past.history_batch
        if batch is None:
            return (past.history_change_reason or "").startswith(REASON)
        if batch.pk not in self.known:
            self.known[batch.pk] = act_of(batch).kind in PUBLISHING
        return self.known[batch.pk]


def _parts(model):
    """(kind, column that leads to the record, what else to filter by) of the parts that the public may see."""
    for part in recorded_models():
        if is_internal(part):
            continue
        for one in part._meta.concrete_fields:
            if one.is_relation and one.related_model is model and one.remote_field.on_delete is CASCADE:
                yield part, one.attname, {}
        for one in part._meta.private_fields:
            if isinstance(one, GenericForeignKey):
                yield part, one.fk_field, {one.ct_field: ContentType.objects.get_for_model(model)}
