"""What somebody may only read in the admin: amounts and dates as people read them, as far as they are known."""

from collections.abc import Callable
from functools import cache

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst

from liangzhou.fieldsets import shown
from liangzhou.forms import precision_of
from liangzhou.history.changes import UNKNOWN, in_words
from liangzhou.models import QuantityField
from liangzhou.periods import PartialDate, Precision
from liangzhou.permissions import SCOPED
from liangzhou.scoped_admin import not_named


def told(model: type[models.Model], names, months: tuple[str, ...] = ()) -> list:
    """The fields of a form, where those that Django would show to the last zero, or day, are told in words.

    `months` are dates of which only the month is meant.
    """
    return [_teller(model, name, name in months) or name if isinstance(name, str) else name for name in names]


def told_fieldsets(model: type[models.Model], fieldsets, months: tuple[str, ...] = ()) -> list:
    """The same for a whole form."""
    return [(heading, {**options, "fields": told(model, options["fields"], months)}) for heading, options in fieldsets]


@cache
def _teller(model: type[models.Model], name: str, month: bool) -> Callable | None:
    """What Django's admin shows instead of a field; None where the field itself will do."""
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:  # of the admin
        return None
    if field.is_relation:
        return _link_teller(field, name) if field.related_model._meta.label_lower in SCOPED else None
    if not (month or isinstance(field, models.DecimalField) or precision_of(field)):
        return None

    def tell(row) -> str:
        value = getattr(row, name)
        if month and value:
            return PartialDate(value, Precision.MONTH).chinese
        return (shown(row, name) if isinstance(field, QuantityField) else in_words(row, field)) or UNKNOWN

    tell.__name__, tell.short_description = name, capfirst(field.verbose_name)
    return tell


def _link_teller(field, name: str) -> Callable:
    """A related record with its link, for those who may see it."""

    def tell(row):
        related = getattr(row, name)
        if related is None or not_named(related):
            return in_words(row, field)
        opts = related._meta
        address = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[related.pk])
        return format_html('<a href="{}">{}</a>', address, related)

    tell.__name__, tell.short_description = name, capfirst(field.verbose_name)
    return tell
