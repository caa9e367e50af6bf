"""What taking a batch of changes back would do to each record, and what has to stay as it is, and why."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import CASCADE, Max, Min, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from liangzhou.batches import ChangeBatch
from liangzhou.forms import precision_of
from liangzhou.history.changes import name_of, value_in_words
from liangzhou.models import Stamped

CHUNK = 500
STAMPS = {"created_at", "created_by", "updated_at", "updated_by", "version", "published_at"}

LATER_CHANGE = _("It was changed again since; the later change stays.")
CHANGED_SINCE = _("It was entered by this act and changed since: it is not deleted.")
NEEDED = _("It was entered by this act, and other records have come to need it: it is not deleted.")
BELONGS = _("It belongs to a record that stays.")
DELETED_SINCE = _("It was deleted since.")
THERE_AGAIN = _("It was deleted by this act and is there again.")
TAKEN = _("Another record has this value by now.")
IN_ITS_PLACE = _("It stood for a record that is there again and stays.")
WITHOUT_WHOLE = _("What it belonged to is not there any more.")
UNKNOWN_BEFORE = _("What it was before is not known.")


@dataclass(frozen=True)
class Kept:
    """One record, or one field of it, that stays as it is. Values are stored states: (value, precision)."""

    model: type[models.Model]
    pk: int
    reason: str
    field: models.Field | None = None
    before: tuple = (None, None)
    now: tuple = (None, None)


@dataclass
class Share:
    """What is to be done with the records of one kind. `attname` is a column as Python names it."""

    model: type[models.Model]
    set_back: dict[int, dict[str, object]] = field(default_factory=dict)  # pk -> attname -> value before the batch
    delete: set[int] = field(default_factory=set)
    create: dict[int, int] = field(default_factory=dict)  # pk -> the history row that it is made of
    emptied: dict[int, list[str]] = field(default_factory=dict)  # pk -> columns to leave empty when it is made
    wholes: dict[int, list[tuple]] = field(default_factory=dict)  # pk to be deleted -> what it is a part of
    mixed: set[int] = field(default_factory=set)  # set back only in part: may have become impossible

    def keep_field(self, pk, attname: str) -> object:
        """Set one column of a record back no longer; returns the value it would have had."""
        value = self.set_back[pk].pop(attname)
        self.mixed.add(pk)
        if not self.set_back[pk]:
            del self.set_back[pk]
        return value


@dataclass
class Plan:
    """All that taking a batch back does. Nothing is written by making one."""

    batch: ChangeBatch
    shares: dict[type[models.Model], Share] = field(default_factory=dict)
    kept: list[Kept] = field(default_factory=list)
    staying: set[tuple] = field(default_factory=set)  # (model, pk) entered by the batch that are not deleted

    @property
    def set_back(self) -> int:
        """How many records get their earlier values."""
        return sum(len(share.set_back) for share in self.shares.values())

    @property
    def deleted(self) -> int:
        """How many records go."""
        return sum(len(share.delete) for share in self.shares.values())

    @property
    def created(self) -> int:
        """How many records come back."""
        return sum(len(share.create) for share in self.shares.values())

    def __bool__(self):
        return bool(self.set_back or self.deleted or self.created)

    def keep(self, model, pk, reason, *, entered: bool = False, **of_field) -> None:
        """Note that a record, or one field of it, stays; `entered`: although the batch entered it."""
        self.kept.append(Kept(model, pk, reason, **of_field))
        if entered:
            self.staying.add((model, pk))


def recorded_models() -> list[type[models.Model]]:
    """Every kind of record whose changes are written down."""
    return [model for model in apps.get_models() if issubclass(model, Stamped)]


def is_log(model) -> bool:
    """Whether rows of a model tell what happened: they stay when what happened is taken back."""
    return getattr(model, "IS_LOG", False)


def touched(model, batch):
    """(pk, first, last) of every record of one kind that a batch touched: keys of its history rows in the batch."""
    key = model._meta.pk.attname
    rows = model.history.filter(history_batch=batch).order_by().values_list(key)
    return rows.annotate(Min("history_id"), Max("history_id")).order_by(key)


def before_and_after(model, rows: list[tuple[int, int, int]]) -> dict[int, tuple]:
    """pk -> its historical records before and after a batch, None where it was not there; `rows` as `touched` has them.

    A pk is left out whose state before the batch is not known.
    """
    key = model._meta.pk.attname
    earlier = model.history.filter(**{key: OuterRef(key)}, history_id__lt=OuterRef("history_id"))
    earlier = Subquery(earlier.order_by("-history_id").values("history_id")[:1])
    firsts = model.history.filter(history_id__in=[first for _pk, first, _last in rows]).annotate(earlier=earlier)
    before = dict(firsts.values_list("history_id", "earlier"))
    wanted = {history_id for _pk, first, last in rows for history_id in (first, last, before[first])}
    people = model.history.select_related("history_user")
    past = {row.history_id: row for row in people.filter(history_id__in=wanted)}
    found = {}
    for pk, first, last in rows:
        after = past[last] if past[last].history_type != "-" else None
        previous = past.get(before[first])
        if past[first].history_type == "+" or (previous and previous.history_type == "-"):
            found[pk] = (None, after)
        elif previous or past[first].history_type == "-":
            found[pk] = (previous or past[first], after)
    return found


def in_chunks(items: Iterable, size: int = CHUNK) -> Iterator[list]:
    """The items in lists of at most `size`."""
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk


def compared_fields(model) -> list[models.Field]:
    """The fields in which a later change is told apart: all but stamps, derived ones and a date's precision."""
    left_out = STAMPS | {model._meta.pk.name} | set(getattr(model, "DERIVED", ()))
    left_out |= {precision.name for precision in map(precision_of, model._meta.concrete_fields) if precision}
    return [f for f in model.history.model.tracked_fields if f.name not in left_out]


def states(row, one: models.Field) -> dict[str, object]:
    """A field's column and those that go with it, with the row's values."""
    beside = [precision_of(one)] if precision_of(one) else []
    if one.name == "published":
        beside = [one.model._meta.get_field("published_at")]
    return {each.attname: getattr(row, each.attname) for each in (one, *beside)}


def _same(row, other, one: models.Field) -> bool:
    precision = precision_of(one)
    return all(getattr(row, f.attname) == getattr(other, f.attname) for f in (one, precision) if f)


def _state(row, one: models.Field) -> tuple:
    precision = precision_of(one)
    return getattr(row, one.attname), getattr(row, precision.attname) if precision else None


class _Reader:
    """Compares before, after and now of the records of one kind, chunk by chunk, and notes it in the plan."""

    def __init__(self, plan: Plan, model, *, lock: bool):
        self.plan, self.model, self.lock = plan, model, lock
        self.share = Share(model)
        self.fields = compared_fields(model)

    def read(self, rows: list[tuple[int, int, int]]) -> None:
        """One chunk of what `touched` gives."""
        ends = before_and_after(self.model, rows)
        current = self.model._base_manager.filter(pk__in=[pk for pk, _first, _last in rows]).order_by("pk")
        now = {row.pk: row for row in (current.select_for_update() if self.lock else current)}
        for pk, _first, _last in rows:
            if pk in ends:
                self._record(pk, *ends[pk], now.get(pk))
            else:
                self.plan.keep(self.model, pk, UNKNOWN_BEFORE)

    def _record(self, pk, before, after, now) -> None:
        if before is None and after is not None:
            self._entered(pk, after, now)
        elif before is not None and after is None:
            self._deleted(pk, before, now)
        elif before is not None:
            self._changed(pk, before, after, now)

    def _entered(self, pk, after, now) -> None:
        if now is not None and not is_log(self.model):
            same = now.version == after.version and all(_same(now, after, one) for one in self.fields)
            if same:
                self.share.delete.add(pk)
                self.share.wholes[pk] = wholes(after, self.model)
            else:
                self.plan.keep(self.model, pk, CHANGED_SINCE, entered=True)

    def _deleted(self, pk, before, now) -> None:
        if now is None:
            self.share.create[pk] = before.history_id
        else:
            self.plan.keep(self.model, pk, THERE_AGAIN)

    def _changed(self, pk, before, after, now) -> None:
        if now is None:
            self.plan.keep(self.model, pk, DELETED_SINCE)
            return
        values = {}
        for one in self.fields:
            if _same(before, after, one) or _same(now, before, one):
                continue
            if _same(now, after, one):
                values |= states(before, one)
            else:
                self._keep_later(pk, one, before, now)
        if values:
            self.share.set_back[pk] = values
            if now.version != after.version:
                self.share.mixed.add(pk)

    def _keep_later(self, pk, one, before, now) -> None:
        self.plan.keep(self.model, pk, LATER_CHANGE, field=one, before=_state(before, one), now=_state(now, one))


def wholes(row, model) -> list[tuple]:
    """(model, pk) of every record that a row goes with when that is deleted; `row` may be a historical record."""
    found = [
        (one.related_model, getattr(row, one.attname))
        for one in model._meta.concrete_fields
        if one.is_relation and one.remote_field.on_delete is CASCADE and issubclass(one.related_model, Stamped)
    ]
    for one in model._meta.private_fields:
        if isinstance(one, GenericForeignKey):
            kind = ContentType.objects.get_for_id(getattr(row, model._meta.get_field(one.ct_field).attname))
            found.append((kind.model_class(), getattr(row, one.fk_field)))
    return [(whole, pk) for whole, pk in found if whole is not None and pk is not None]


def compare(batch, *, lock: bool) -> Plan:
    """Before, after and now of every record of a batch; with `lock` they stay as they are until the transaction ends.

    What one record's fate means for another is not looked at yet.
    """
    plan = Plan(batch)
    for model in recorded_models():
        reader = _Reader(plan, model, lock=lock)
        plan.shares[model] = reader.share
        for chunk in in_chunks(touched(model, batch)):
            reader.read(chunk)
    return plan


def told(kept: list[Kept]) -> list[dict]:
    """What stays, in words, for a page: kind, name, model, pk, field, before, now, reason, exists."""
    rows: dict[type[models.Model], dict] = {}
    for model in {one.model for one in kept}:
        rows[model] = model._base_manager.in_bulk({one.pk for one in kept if one.model is model})
    return [
        {
            "model": one.model,
            "kind": one.model._meta.verbose_name,
            "pk": one.pk,
            "name": _name(one, rows[one.model].get(one.pk)),
            "exists": one.pk in rows[one.model],
            "field": one.field.verbose_name if one.field else "",
            "before": value_in_words(one.field, *one.before) if one.field else "",
            "now": value_in_words(one.field, *one.now) if one.field else "",
            "reason": one.reason,
        }
        for one in kept
    ]


def _name(kept: Kept, row) -> str:
    if row is None:
        row = kept.model.history.filter(**{kept.model._meta.pk.attname: kept.pk}).order_by("-history_id").first()
    return name_of(row)
