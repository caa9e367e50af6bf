"""The way of records to the public and back: submit, publish, return, withdraw. Nothing else publishes.

Each act is for one record or many, is refused record by record with a reason, counts as a version with
history, and is in the audit trail, refused tries too. `updated_by`, who changed the content last, stays.
"""

from copy import copy
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from simple_history.utils import bulk_update_with_history

from liangzhou import audit, permissions
from liangzhou.audit import Action, Result
from liangzhou.audit.limits import REFUSALS, record_often
from liangzhou.batches import ChangeBatch, change_batch, label_of
from liangzhou.models import PUBLISHING, Publishable

BATCH = 500
NAMED = 20  # in one entry of the audit trail; the keys are there of all
REASON = "publishing:"  # how the reason begins that the history of a record keeps of these acts


class State(models.TextChoices):
    """Where a record is on its way to the public."""

    DRAFT = "draft", gettext_lazy("draft")
    WAITING = "waiting", gettext_lazy("waits for publishing")
    RETURNED = "returned", gettext_lazy("returned")
    PUBLIC = "public", gettext_lazy("published")


_OF_REVIEW = {
    Publishable.Review.DRAFT: State.DRAFT,
    Publishable.Review.SUBMITTED: State.WAITING,
    Publishable.Review.RETURNED: State.RETURNED,
}


def state_of(record) -> State:
    """Where a record is; of what is published, the review says nothing any more."""
    return State.PUBLIC if record.published else _OF_REVIEW[record.review]


def in_state(state: State) -> Q:
    """The records that are there; the same rule as `state_of`."""
    if state == State.PUBLIC:
        return Q(published=True)
    review = next(review for review, found in _OF_REVIEW.items() if found == state)
    return Q(published=False, review=review)


@dataclass(frozen=True)
class Act:
    """One step on the way. `right` is what it asks, `starts` where a record must be, `ends` where it is then."""

    code: str
    name: str
    action: str
    right: str
    starts: tuple[State, ...]
    ends: State
    not_there: str  # why it cannot be, where the record is elsewhere
    batch: str = ""  # the kind of batch, where the public sees a difference


SUBMIT = Act(
    "submit",
    gettext_lazy("Submit for publishing"),
    Action.SUBMIT,
    "change",
    (State.DRAFT, State.RETURNED),
    State.WAITING,
    gettext_lazy("It is public: there is nothing to submit."),
)
PUBLISH = Act(
    "publish",
    gettext_lazy("Publish"),
    Action.PUBLISH,
    "publish",
    (State.WAITING,),
    State.PUBLIC,
    gettext_lazy("It was not submitted for publishing."),
    ChangeBatch.Kind.PUBLISH,
)
GIVE_BACK = Act(
    "give_back",
    gettext_lazy("Return with a note"),
    Action.RETURN,
    "publish",
    (State.WAITING,),
    State.RETURNED,
    gettext_lazy("It does not wait for publishing."),
)
WITHDRAW = Act(
    "withdraw",
    gettext_lazy("Withdraw from the public"),
    Action.WITHDRAW,
    "publish",
    (State.PUBLIC,),
    State.DRAFT,
    gettext_lazy("It is not public."),
    ChangeBatch.Kind.UNPUBLISH,
)
ACTS = {act.code: act for act in (SUBMIT, PUBLISH, GIVE_BACK, WITHDRAW)}


@dataclass
class Outcome:
    """What became of the records that were asked for."""

    changed: list = field(default_factory=list)
    already: list = field(default_factory=list)
    refused: list[tuple[object, str]] = field(default_factory=list)  # (record, reason)
    batch: ChangeBatch | None = None  # None where the public sees no difference


def submit(records: QuerySet, *, by, seen: dict[int, int] | None = None) -> Outcome:
    """Ask for the records to be published. A note of an earlier return is cleared.

    Here and below: records that `by` may not view are left alone as if they were not there. `seen` are the
    row versions that the person looked at, by key; what was saved since is refused.
    """
    return perform(SUBMIT, records, by=by, seen=seen)


def publish(records: QuerySet, *, by, seen: dict[int, int] | None = None) -> Outcome:
    """Show the records that wait for it to the public."""
    return perform(PUBLISH, records, by=by, seen=seen)


def give_back(records: QuerySet, *, by, text: str, seen: dict[int, int] | None = None) -> Outcome:
    """Return the records that wait for publishing, with a note of at most 300 characters on what is to be mended."""
    return perform(GIVE_BACK, records, by=by, text=text, seen=seen)


def withdraw(records: QuerySet, *, by, text: str, seen: dict[int, int] | None = None) -> Outcome:
    """Take the records from the public; `text` is why."""
    return perform(WITHDRAW, records, by=by, text=text, seen=seen)


def why_not(act: Act, user, record) -> str:
    """Why somebody cannot do this with a record now, in a sentence; empty where they can."""
    if act is PUBLISH:
        refusal = permissions.why_not_publish(user, record)
    else:
        refusal = "" if permissions.may(user, act.right, record) else _("You may not do this with this record.")
    if refusal:
        return refusal
    if state_of(record) not in act.starts:
        return str(act.not_there)
    return why_not_public(record) if act in (SUBMIT, PUBLISH) else ""


def why_not_public(record) -> str:
    """Why a record must not be public as it is now, whoever asks; empty where it may be."""
    trial = copy(record)
    trial.published = True
    try:
        trial.clean()
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


@transaction.atomic
def perform(act: Act, records: QuerySet, *, by, text: str = "", seen: dict[int, int] | None = None) -> Outcome:
    """One of the acts above, chosen by whoever calls."""
    outcome, now, model = Outcome(), timezone.now(), records.model
    own = permissions.visible(by, records.order_by()).values("pk")
    for record in model._default_manager.filter(pk__in=own).select_for_update().order_by("pk"):
        if _is_already(act, record) and permissions.may(by, act.right, record):
            outcome.already.append(record)
            continue
        reason = why_not(act, by, record)
        if not reason and seen is not None and seen.get(record.pk) != record.version:
            reason = _("It was changed since you opened this page: look at it as it is now.")
        if reason:
            outcome.refused.append((record, reason))
        else:
            _take(act, record, by=by, now=now, text=text)
            outcome.changed.append(record)
    _write(act, model, outcome, by=by, now=now, text=text)
    _tell_audit(act, model, outcome, by=by)
    return outcome


def _is_already(act: Act, record) -> bool:
    return not record.published if act is WITHDRAW else state_of(record) == act.ends


def _take(act: Act, record, *, by, now, text: str) -> None:
    """Give a record the values that the act leaves behind; does not save."""
    record.version += 1
    if act is SUBMIT:
        record.review, record.review_note = record.Review.SUBMITTED, ""
        record.submitted_at, record.submitted_by = now, by
        return
    if act is GIVE_BACK:
        record.review, record.review_note = record.Review.RETURNED, text
        return
    record.published = act is PUBLISH
    record.published_at = now if record.published else None
    record.updated_at = now  # what the public sees of it has changed
    record.review, record.review_note, record.submitted_at, record.submitted_by = record.Review.DRAFT, "", None, None


def _write(act: Act, model, outcome: Outcome, *, by, now, text: str) -> None:
    if not outcome.changed:
        return
    fields = [*PUBLISHING, "version", *(["updated_at"] if act.batch else [])]
    rows = {"default_user": by, "default_date": now}
    if act.batch:
        with change_batch(act.batch, by=by, label=label_of(outcome.changed), reason=text) as outcome.batch:
            bulk_update_with_history(outcome.changed, model, fields, BATCH, **rows)
    else:
        bulk_update_with_history(outcome.changed, model, fields, BATCH, default_change_reason=REASON + act.code, **rows)


def _tell_audit(act: Act, model, outcome: Outcome, *, by) -> None:
    if outcome.changed:
        details = {"batch": outcome.batch.pk} if outcome.batch else {}
        record_done(act.action, model, outcome.changed, by=by, **details)
    if outcome.refused:
        reasons = list(dict.fromkeys(reason for _record, reason in outcome.refused))
        told = _told(model, [record for record, _reason in outcome.refused])
        limits = {f"account {by.pk}": REFUSALS}
        record_often(act.action, limits=limits, by=by, result=Result.REFUSED, reasons=reasons, **told)


def record_done(action: str, model, records: list, *, by, **details) -> None:
    """One entry of the audit trail, however many the records."""
    keys = {} if len(records) == 1 else {"keys": [record.pk for record in records]}
    audit.record(action, by=by, **_told(model, records), **keys, **details)


def _told(model, records: list) -> dict:
    """What an entry says of records: of one it is the target, of many the details name the first."""
    if len(records) == 1:
        return {"target": records[0]}
    names = {str(record.pk): str(record) for record in records[:NAMED]}
    return {"target": model, "count": len(records), "records": names}
