"""Which fields a record shows, in which order, under which heading, and which of them the public sees."""

from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import formats, timezone, translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from liangzhou.models import QuantityField
from liangzhou.money import MoneyField, plain, show_wan
from liangzhou.periods import PartialDate, Precision

WIDE = 60  # characters from which a fact takes the whole width


@dataclass(frozen=True)
class Section:
    """One heading and its fields. `public` are shown on the page, `internal` only in the admin."""

    heading: str
    public: tuple[str, ...] = ()
    internal: tuple[str, ...] = ()
    derived: tuple[str, ...] = ()  # shown on the page, not typed by anybody
    folded: tuple[str, ...] = ()  # public and typed, shown as part of another field


@dataclass(frozen=True)
class Fact:
    """One line of a record's page."""

    label: str
    value: str = ""
    url: str = ""
    note: str = ""
    refs: tuple[int, ...] = ()
    wide: bool = False

    @property
    def unknown(self) -> bool:
        """Shown as —, never hidden."""
        return self.value in ("", None)


def admin_fieldsets(sections: tuple[Section, ...]) -> list:
    """The sections as the admin's `fieldsets`: what clerks type, public and internal."""
    typed = [(s.heading, s.public + s.folded + s.internal) for s in sections]
    return [(heading, {"fields": fields}) for heading, fields in typed if fields]


def without(fieldsets: list, names: set[str]) -> list:
    """An admin's `fieldsets` without some fields, also where a function of the same name tells a field."""
    left = [
        (heading, {**how, "fields": [one for one in how["fields"] if getattr(one, "__name__", one) not in names]})
        for heading, how in fieldsets
    ]
    return [(heading, how) for heading, how in left if how["fields"]]


def public_fields(sections: tuple[Section, ...]) -> list[str]:
    """The names of every field that the public sees."""
    return [name for section in sections for name in section.public + section.derived + section.folded]


class References:
    """Which numbered sentences support which fact, by the fact's Chinese label."""

    def __init__(self, citations):
        self.citations = list(citations)
        self._numbers: dict[str, tuple[int, ...]] = {}
        for number, citation in enumerate(self.citations, 1):
            for label in citation.labels:
                self._numbers[label] = (*self._numbers.get(label, ()), number)

    def of(self, label) -> tuple[int, ...]:
        """The numbers of the sentences that support a fact; `label` may be lazily translated."""
        with translation.override("zh-hans"):
            return self._numbers.get(str(label), ())

    def listed(self) -> list[dict]:
        """What the page prints under the record: number, sentence, source."""
        return [
            {
                "number": number,
                "quote": c.quote,
                "source": str(c.source),
                "source_url": c.source.get_absolute_url(),
                "supports": c.supports,
            }
            for number, c in enumerate(self.citations, 1)
        ]


def facts(obj: models.Model, sections: tuple[Section, ...], references: References) -> list[Fact]:
    """The record's public facts in order, long ones last. Unknown values are there, marked unknown."""
    found = [_fact(obj, name, references) for s in sections for name in s.public + s.derived]
    return sorted(found, key=lambda fact: fact.wide)


def _fact(obj, name: str, references: References) -> Fact:
    label = label_of(type(obj), name)
    value = getattr(obj, name)
    linked = isinstance(value, models.Model)
    if linked and not getattr(value, "is_public", True):
        return Fact(capfirst(label))
    url = value.get_absolute_url() if linked and hasattr(value, "get_absolute_url") else ""
    text = shown(obj, name)
    return Fact(capfirst(label), text, url=url, refs=references.of(label), wide=len(text) > WIDE)


def label_of(model: type[models.Model], name: str):
    """The field's own label; for a property its `short_description`."""
    try:
        return model._meta.get_field(name).verbose_name
    except FieldDoesNotExist:
        return getattr(model, name).fget.short_description


def shown(obj: models.Model, name: str) -> str:
    """One field's value as people read it; empty where it is not known. A model's `show_<field>` goes first."""
    if hasattr(obj, f"show_{name}"):
        return getattr(obj, f"show_{name}")()
    value = getattr(obj, name)
    if value in (None, ""):
        return ""
    try:
        field = obj._meta.get_field(name)
    except FieldDoesNotExist:
        return str(value)
    if isinstance(field, QuantityField):
        return f"{plain(value)} {field.unit}"
    if isinstance(field, MoneyField):
        return show_wan(value)
    if field.choices:
        return str(getattr(obj, f"get_{name}_display")())
    return show_value(value)


def show_value(value) -> str:
    """A bare value as people read it: yes/no, a number without zeros, a day, a moment in local time."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Decimal):
        return plain(value)
    if hasattr(value, "hour"):
        local = timezone.localtime(value)
        return f"{PartialDate(local.date(), Precision.DAY)} {formats.date_format(local, 'H:i')}"
    if hasattr(value, "year"):
        return str(PartialDate(value, Precision.DAY))
    return str(value)
