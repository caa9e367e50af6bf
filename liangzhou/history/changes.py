"""What changed in a record and its parts, in words: for the history page and for two clerks at one record.

"Parts" are the rows edited inside a record's form: milestones, measures, cited sentences. Records
of the past are those of django-simple-history, one per save, which hold the fields as they were.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from liangzhou.fieldsets import show_value
from liangzhou.forms import precision_of
from liangzhou.money import MoneyField, typed_form
from liangzhou.periods import PartialDate
from liangzhou.scoped_admin import not_named

UNKNOWN = "—"
NAMED_AFTER = {"projects.projectparty": "enterprise"}  # parts whose name is that of another record

_shows_personal: ContextVar[bool] = ContextVar("shows_personal", default=False)


@contextmanager
def personal_data_shown() -> Iterator[None]:
    """What a model's MASKS hide from the pages of a record's past is told inside, to who may read it."""
    token = _shows_personal.set(True)
    try:
        yield
    finally:
        _shows_personal.reset(token)


@dataclass(frozen=True)
class Change:
    """One field that changed, who changed it last and when. Values are in words."""

    name: str
    label: str
    old: str
    new: str
    who: str = ""
    when: datetime | None = None


@dataclass(frozen=True)
class Line:
    """One change and where it happened: empty for the record itself, else the part."""

    where: str
    change: Change
    mine: str = ""  # what the reader typed there instead; empty where that is the same


def row_of(past):
    """The row as a historical record remembers it; never to be saved."""
    row = past.instance_type(**{field.attname: getattr(past, field.attname) for field in past.tracked_fields})
    row._state.adding = False
    for field in past.tracked_fields:  # what was fetched for many at once is not fetched again for each
        if field.is_relation and past._meta.get_field(field.name).get_cached_value(past, default=None) is not None:
            field.set_cached_value(row, past._meta.get_field(field.name).get_cached_value(past))
    return row


def name_of(row) -> str:
    """What a row, of the present or of the past, is called; what it is named after may be gone, or not be shown."""
    row = row_of(row) if hasattr(row, "instance_type") else row
    try:
        hidden = row._meta.label_lower in NAMED_AFTER and not_named(getattr(row, NAMED_AFTER[row._meta.label_lower]))
        return hidden or str(row)
    except ObjectDoesNotExist:
        return f"{capfirst(row._meta.verbose_name)} {row.pk}"


def fetch_related(rows: list, fields: list[models.Field]) -> None:
    """Fetch what many historical records of one kind refer to, with one query for each field."""
    names = [field.name for field in fields if field.is_relation]
    if rows and names:
        models.prefetch_related_objects(rows, *names)


def told_fields(model: type[models.Model], apart_from: tuple[str, ...] = ()) -> list[models.Field]:
    """The fields that people type, in the model's order; a precision is told with its date."""
    precisions = {p.name for p in map(precision_of, model._meta.concrete_fields) if p is not None}
    return [
        field
        for field in model._meta.concrete_fields
        if field.editable and not field.primary_key and field.name not in {*precisions, *apart_from}
    ]


def state(row, field: models.Field) -> tuple:
    """What is compared: the stored value, with its precision where it has one. `row` may be a historical record."""
    precision = precision_of(field)
    return (getattr(row, field.attname), getattr(row, precision.attname) if precision else None)


def in_words(row, field: models.Field) -> str:
    """The value of a field as people read it, exact to the last digit; — where it is not known.

    Personal data is masked: a model's MASKS are functions that do so, by the field's name.
    """
    value, precision = state(row, field)
    if value is None or value == "":
        return UNKNOWN
    mask = getattr(field.model, "MASKS", {}).get(field.name)
    if mask and not _shows_personal.get():
        return mask(value)
    if field.is_relation:
        return _related_in_words(row, field)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, MoneyField):
        return typed_form(value)
    if isinstance(field, models.FileField):
        return _("stored file %(name)s") % {"name": str(value)[-10:]}  # enough to tell two apart
    return str(PartialDate(value, precision)) if precision else show_value(value)


def value_in_words(field: models.Field, value, precision=None) -> str:
    """As `in_words`, for a value that belongs to no row at hand."""
    beside = precision_of(field)
    return in_words(field.model(**{field.attname: value, **({beside.attname: precision} if beside else {})}), field)


def _related_in_words(row, field: models.Field) -> str:
    try:
        related = getattr(row, field.name)
    except ObjectDoesNotExist:
        related = None
    return (not_named(related) or str(related)) if related else _("a record deleted since")


def person(user) -> str:
    """The name of who did something; the system's own doings have no user."""
    return (f"{user.last_name}{user.first_name}" or user.get_username()) if user else _("the system")


def changes_between(old, new, fields: list[models.Field]) -> list[Change]:
    """The fields in which two states of one row differ. Who and when are those of `new`, if a historical record."""
    who, when = (person(new.history_user), new.history_date) if hasattr(new, "history_user") else ("", None)
    return [
        Change(
            field.name,
            capfirst(field.verbose_name),
            in_words(old, field),
            in_words(new, field),
            who,
            when,
        )
        for field in fields
        if state(old, field) != state(new, field)
    ]


def net_changes(records: list, fields: list[models.Field]) -> list[Change]:
    """What a run of historical records of one row, oldest first, comes to; the first is the state before.

    Each field names who changed it last; one that was changed and changed back is left out.
    """
    last_touch = {}
    for before, after in zip(records, records[1:], strict=False):
        for field in fields:
            if state(before, field) != state(after, field):
                last_touch[field.name] = after
    return [
        Change(
            field.name,
            capfirst(field.verbose_name),
            in_words(records[0], field),
            in_words(records[-1], field),
            person(last_touch[field.name].history_user),
            last_touch[field.name].history_date,
        )
        for field in fields
        if state(records[0], field) != state(records[-1], field)
    ]


def contents(row, fields: list[models.Field]) -> list[Change]:
    """What a row that was entered or deleted says beyond its defaults, as changes from nothing."""
    return [
        Change(field.name, capfirst(field.verbose_name), UNKNOWN, in_words(row, field))
        for field in fields
        if state(row, field)[0] not in (None, "", field.get_default())
    ]


def part_label(inline, past) -> str:
    """A part by its kind and its name at the time."""
    return f"{capfirst(inline.opts.verbose_name)} · {name_of(past)}"


def whole_row(inline, past, *, mine: str = "", gone: str = "") -> Line:
    """A part that was entered or deleted, as one line with all it says; `past` is the historical record of that.

    `gone` says what became of one that was not deleted and yet is not among the parts any more.
    """
    fields = told_fields(inline.model, apart_from=inline.link_fields())
    said = "\n".join(
        _("%(label)s: %(value)s") % {"label": change.label, "value": change.new} for change in contents(past, fields)
    )
    if getattr(past, "history_type", "") == "-":
        gone = gone or _("deleted")
    old, new = (said, gone) if gone else (UNKNOWN, said)
    who, when = (person(past.history_user), past.history_date) if hasattr(past, "history_user") else ("", None)
    change = Change("", capfirst(inline.opts.verbose_name), old, new, who, when)
    return Line("", change, mine)


def part_histories(inline, whole) -> dict[str, list]:
    """The historical records of every part that a record has or had, oldest first, by the part's key."""
    found: dict[str, list] = {}
    records = inline.model.history.filter(**inline.link_to(whole)).select_related("history_user")
    for past in records.order_by("history_id"):
        found.setdefault(str(getattr(past, inline.opts.pk.attname)), []).append(past)
    return found
