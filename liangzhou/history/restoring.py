"""Going back to an earlier version of one record: what would change, and writing it."""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from liangzhou import audit
from liangzhou.batches import ChangeBatch, change_batch
from liangzhou.batches.undo import Written, enter_again
from liangzhou.batches.undo_plan import compared_fields, states
from liangzhou.batches.undo_ties import incoming
from liangzhou.fieldsets import label_of
from liangzhou.history.changes import Line, name_of, part_label
from liangzhou.history.versions import TOGETHER, Version, as_row, own_difference, parts_difference
from liangzhou.models import PUBLISHING, Publishable, Stamped

UNTOUCHED = PUBLISHING  # nothing is shown to the public, or taken from it, by going back


class Refused(Exception):
    """The earlier version cannot be now; `sentences` say why."""

    def __init__(self, sentences: list[str]):
        self.sentences = sentences
        super().__init__(" ".join(sentences))


@dataclass
class Restoring:
    """What going back to an earlier version would change. `now.row` is None where the record was deleted."""

    model: type[models.Model]
    now: Version
    then: Version
    own: list[Line] = field(default_factory=list)
    parts: list[Line] = field(default_factory=list)

    def __post_init__(self):
        self.own = own_difference(self.model, self.now, self.then, apart_from=UNTOUCHED)
        self.parts = parts_difference(self.now, self.then)

    @property
    def anything(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.own or self.parts or self.now.row is None)

    def row(self):
        """The record as it would be, not saved."""
        if self.now.row is not None:
            row = copy(self.now.row)
            _take_values(row, self.then.row, UNTOUCHED)
            return row
        row = as_row(self.then.row)
        row._state.adding = True
        if isinstance(row, Publishable):
            row.begin_again()
        return row

    def future_parts(self, *, with_parts: bool) -> dict[type[models.Model], list]:
        """The parts as they would be, by their kind."""
        version = self.then if with_parts else self.now
        return {inline.model: [as_row(row) for row in rows.values()] for inline, rows in version.parts}


def write(
    restoring: Restoring, *, by, reason: str, with_parts: bool, save: Callable, enter: Callable, then: Callable
) -> None:
    """Write the earlier version as one batch with history; all of it or nothing.

    `save` stamps and saves a record that is there, `enter` enters again one that was deleted, `then`
    is called with the record at the end. Raises Refused with a sentence for each thing that cannot be.
    """
    row = restoring.row()
    with change_batch(ChangeBatch.Kind.RESTORE, by=by, label=name_of(row), reason=reason):
        _check(row)
        (enter if restoring.now.row is None else save)(row)
        if with_parts:
            for (inline, now), (_inline, earlier) in zip(restoring.now.parts, restoring.then.parts, strict=True):
                _write_parts(inline, now, earlier, by=by)
        if restoring.now.row is None:
            for part in went_along(restoring):
                _try_to_enter(part, by=by)
        then(row)
        audit.record(audit.Action.RESTORE, by=by, target=row, history=restoring.then.row.history_id)


def went_along(restoring: Restoring) -> list[models.Model]:
    """What else was deleted together with a record and belonged to it, although its form does not show it: its log."""
    key = restoring.model._meta.pk.attname
    pk = getattr(restoring.then.row, key)
    gone = restoring.model.history.filter(**{key: pk}, history_type="-").latest("history_id")
    shown = {inline.model for inline, _rows in restoring.then.parts}
    found = []
    for one in incoming(restoring.model):
        if issubclass(one.model, Stamped) and one.remote_field.on_delete is models.CASCADE and one.model not in shown:
            past = one.model.history.filter(**{one.attname: pk}, history_type="-").order_by("history_id")
            together = past.filter(history_batch=gone.history_batch_id) if gone.history_batch_id else past
            found += [as_row(row) for row in together if abs(row.history_date - gone.history_date) < TOGETHER]
    return found


def _try_to_enter(part, *, by) -> None:
    """Enter a row again, unless it is there, or its place was taken meanwhile."""
    part._state.adding = True
    try:
        part.full_clean(exclude=["created_by", "updated_by"])
    except ValidationError:
        return
    bring_back(part, by=by)


def _write_parts(inline, now: dict, then: dict, *, by) -> None:
    for pk, part in now.items():
        if pk not in then:
            part._history_user = by
            part.delete()
    for pk, past in then.items():
        if pk in now and _take_values(now[pk], past, inline.link_fields()):
            _check(now[pk], inline)
            now[pk].stamp(by)
            now[pk].save()
    missing = [past for pk, past in then.items() if pk not in now]
    for past in missing:
        _enter_part(inline, as_row(past), by=by)


def _enter_part(inline, part, *, by) -> None:
    part._state.adding = True
    if inline.model._base_manager.filter(pk=part.pk).exists():
        raise Refused(
            [_("%(part)s belongs to another record now. Go back to the record's own fields only.") % {
                "part": part_label(inline, part)
            }]
        )  # fmt: skip
    _check(part, inline)
    bring_back(part, by=by)


def bring_back(row, *, by) -> None:
    """Enter a record again that was deleted, under its old key, with what is derived from it."""
    written = Written()
    written.note(enter_again(type(row), [row], by=by, now=timezone.now()))
    written.tell()


def _take_values(row, past, apart_from) -> bool:
    """Give a row the values of its past; says whether any was different."""
    changed = False
    for one in compared_fields(type(row)):
        if one.name not in apart_from:
            for column, value in states(past, one).items():
                if getattr(row, column) != value:
                    setattr(row, column, value)
                    changed = True
    return changed


def _check(row, inline=None) -> None:
    try:
        row.full_clean(exclude=["created_by", "updated_by"])
    except ValidationError as error:
        where = part_label(inline, row) if inline else ""
        raise Refused(list(_sentences(type(row), error, where))) from error


def _sentences(model, error: ValidationError, where: str):
    for name, problems in error.message_dict.items():
        label = where if name == NON_FIELD_ERRORS else capfirst(label_of(model, name))
        for problem in problems:
            yield _("%(label)s: %(value)s") % {"label": label, "value": problem} if label else problem
