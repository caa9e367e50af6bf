"""Who may see a batch of changes, and who may take it back: permissions.py, asked about all that a batch touched."""

from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from liangzhou import permissions
from liangzhou.batches import ChangeBatch
from liangzhou.batches.undo_plan import Plan, Share, in_chunks, is_log, recorded_models, wholes
from liangzhou.batches.undo_ties import past_rows
from liangzhou.history.changes import row_of
from liangzhou.permissions import may

OPPOSITE = (("entered", "delete"), ("changed", "change"), ("deleted", "add"))
PUBLISHING = (ChangeBatch.Kind.PUBLISH, ChangeBatch.Kind.UNPUBLISH)


def lacking(user, counts: list[dict], batch: ChangeBatch | None = None) -> list[type[models.Model]]:
    """The kinds of records with which somebody may not do what taking a batch back does; `counts` by `touched_counts`.

    What only acts write is not asked about. Publishing is taken back by whoever may publish.
    """
    asked = [count for count in counts if not _is_the_systems(count["model"])]
    if batch is not None and act_of(batch).kind in PUBLISHING:
        wanted = [(one["model"], "publish") for one in asked]
    else:
        wanted = [(one["model"], right) for one in asked for number, right in OPPOSITE if one[number]]
    return list(dict.fromkeys(model for model, right in wanted if not may(user, right, model)))


def may_undo(user, batch: ChangeBatch, counts: list[dict]) -> bool:
    """Whether somebody may take a batch back: what they did themselves, or what they may set right by hand."""
    if all(_is_the_systems(count["model"]) for count in counts):
        return False
    own = batch.by_id == user.pk and permissions.may_repeat(user, act_of(batch).kind)
    return own or not lacking(user, counts, batch)


def act_of(batch: ChangeBatch) -> ChangeBatch:
    """What was done in the first place: taking back is as much of the act as the act itself."""
    while batch.undoes is not None:
        batch = batch.undoes
    return batch


def why_not(user, plan: Plan) -> str:
    """Why somebody must not do what a plan would do, in a sentence: it reaches records of others."""
    reached = all(_reaches(user, plan, share) for share in plan.shares.values())
    return "" if reached else _("It touches records that are not yours: ask the bureau to take it back.")


def _reaches(user, plan: Plan, share: Share) -> bool:
    """Whether all that a share writes is somebody's own, as it is and as it would be."""
    model = share.model
    if permissions.reaches_all(user, "change", model):
        return True
    for chunk in in_chunks(sorted({*share.set_back, *share.delete})):
        rows = model._base_manager.filter(pk__in=chunk)
        if permissions.own(user, rows, "change").count() < rows.count():
            return False
        for row in rows:
            for column, value in share.set_back.get(row.pk, {}).items():
                setattr(row, column, value)
            if permissions.why_not_own(user, row):
                return False
    past = [row_of(row) for row in past_rows(share, sorted(share.create)).values()]
    alone = [row for row in past if not any(_comes_back(plan, *whole) for whole in wholes(row, model))]
    return not any(permissions.why_not_own(user, row, "add") for row in alone)


def _comes_back(plan: Plan, model, pk) -> bool:
    """Whether a record comes back by the plan, too: then its parts are asked about with it."""
    return model in plan.shares and pk in plan.shares[model].create


def _is_the_systems(model) -> bool:
    return is_log(model) or getattr(model, "WRITTEN_BY_ACTS", False)


def seen_by(user) -> Q:
    """Which batches somebody may see: those that touched a kind of record that they may view; their own, if limited."""
    if permissions.is_limited(user):
        return Q(by=user.pk)
    kinds = recorded_models()
    seen = [model for model in kinds if may(user, "view", model)]
    if {model for model in kinds if not _is_the_systems(model)} <= set(seen):
        return Q()
    touched = (Q(Exists(model.history.filter(history_batch=OuterRef("pk")))) for model in seen)
    return reduce(or_, touched, Q(pk__in=[]))


def may_see(user, batch: ChangeBatch) -> bool:
    """Whether somebody may see something of a batch; what it is called tells of its records, too."""
    wanted = seen_by(user)
    return not wanted or ChangeBatch.objects.filter(wanted, pk=batch.pk).exists()


def may_name(user, batch: ChangeBatch | None) -> bool:
    """Whether the history of a record may tell what a batch is called: its name is that of other records, too."""
    return batch is not None and (batch.by_id == user.pk or not permissions.is_limited(user))
