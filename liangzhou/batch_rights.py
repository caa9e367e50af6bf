"""Who may see a batch of changes, and who may take it back."""

from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Exists, OuterRef, Q

from liangzhou.batches import ChangeBatch
from liangzhou.undo_plan import is_log, recorded_models

# What an act asked of whoever did it: who still has these rights may take their own act back.
# Acts that are not here are taken back by whoever may do the opposite of them by hand.
RIGHTS_OF_ACT = {
    ChangeBatch.Kind.IMPORT: ("projects.add_project", "projects.change_project"),
    ChangeBatch.Kind.MERGE: ("projects.change_project", "projects.delete_project"),
}
OPPOSITE = (("entered", "delete"), ("changed", "change"), ("deleted", "add"))


def may(user, act: str, model: type[models.Model]) -> bool:
    """Whether somebody may view, add, change or delete records of a kind; who may change them may view them."""
    rights = {"view": ("view", "change")}.get(act, (act,))
    label, name = model._meta.app_label, model._meta.model_name
    return any(user.has_perm(f"{label}.{right}_{name}") for right in rights)


def lacking(user, counts: list[dict]) -> list[type[models.Model]]:
    """The kinds of records with which somebody may not do what taking a batch back does; `counts` by `touched_counts`.

    What only acts write is not asked about.
    """
    asked = [count for count in counts if not _is_the_systems(count["model"])]
    wanted = [(one["model"], right) for one in asked for number, right in OPPOSITE if one[number]]
    return list(dict.fromkeys(model for model, right in wanted if not may(user, right, model)))


def may_undo(user, batch: ChangeBatch, counts: list[dict]) -> bool:
    """Whether somebody may take a batch back: what they did themselves, or what they may set right by hand."""
    if all(_is_the_systems(count["model"]) for count in counts):
        return False
    return _may_take_own_back(user, batch) or not lacking(user, counts)


def _may_take_own_back(user, batch: ChangeBatch) -> bool:
    act = batch
    while act.undoes is not None:  # taking back is as much of the act as the act itself
        act = act.undoes
    rights = RIGHTS_OF_ACT.get(act.kind)
    return batch.by_id == user.pk and rights is not None and user.has_perms(rights)


def _is_the_systems(model) -> bool:
    return is_log(model) or getattr(model, "WRITTEN_BY_ACTS", False)


def seen_by(user) -> Q:
    """Which batches somebody may see: those that touched a kind of record that they may view."""
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
