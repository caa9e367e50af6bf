"""Publishing and taking back many records at once, as one batch with stamps and history."""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from simple_history.utils import bulk_update_with_history

from liangzhou.batches import ChangeBatch, change_batch, label_of

BATCH = 500


@dataclass
class Outcome:
    """What became of the records that were asked for."""

    changed: list = field(default_factory=list)
    already: list = field(default_factory=list)
    refused: list[tuple[object, str]] = field(default_factory=list)  # (record, reason)
    batch: ChangeBatch | None = None  # None where nothing was changed


def publish(records, *, by) -> Outcome:
    """Show the records of a QuerySet to the public, all those that may be; `by` is the user who asked."""
    return _set_published(records, True, by=by)


def unpublish(records, *, by) -> Outcome:
    """Take the records of a QuerySet from the public."""
    return _set_published(records, False, by=by)


@transaction.atomic
def _set_published(records, published: bool, *, by) -> Outcome:
    outcome, now = Outcome(), timezone.now()
    model = records.model
    wanted = model._default_manager.filter(pk__in=records.order_by().values("pk"))
    for record in wanted.select_for_update().order_by("pk"):
        if record.published == published:
            outcome.already.append(record)
            continue
        record.published = published
        reason = _why_not(record)
        if reason:
            outcome.refused.append((record, reason))
            continue
        record.published_at = now if published else None
        record.stamp(by)
        record.updated_at = now
        outcome.changed.append(record)
    if outcome.changed:
        kind = ChangeBatch.Kind.PUBLISH if published else ChangeBatch.Kind.UNPUBLISH
        with change_batch(kind, by=by, label=label_of(outcome.changed)) as outcome.batch:
            _write(model, outcome.changed, by=by, now=now)
    return outcome


def _write(model, records: list, *, by, now) -> None:
    fields = ["published", "published_at", "updated_at", "updated_by", "version"]
    bulk_update_with_history(records, model, fields, batch_size=BATCH, default_user=by, default_date=now)


def _why_not(record) -> str:
    """Why a record must not be published, in words; empty where it may be."""
    try:
        record.clean()
    except ValidationError as error:
        return " ".join(getattr(error, "message_dict", {}).get("published", []))
    return ""
