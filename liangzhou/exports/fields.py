"""What a column of an export is, and the text of its values that both formats share."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from django.utils import timezone
from django.utils.translation import gettext as _

from liangzhou.money import plain


class Kind(StrEnum):
    """What the values of a column are."""

    TEXT = "text"
    CODE = "code"  # an identifier: text, even where it is all digits
    NUMBER = "number"
    DATE = "date"
    MOMENT = "moment"  # a date and time with its zone; shown in the site's zone, to the second
    URL = "url"


@dataclass(frozen=True)
class Field:
    """One column of an export. `labels` turns stored values into words; what it does not know stays as stored."""

    header: str
    kind: Kind = Kind.TEXT
    labels: Mapping | None = None


# Control characters but tab and line ends, halves of surrogate pairs, and what XML forbids.
_REMOVED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def clean(value: object) -> str:
    """A value as text that CSV and XML can hold; control characters are removed. None is empty."""
    if value is None:
        return ""
    text = str(value)
    return text if text.isprintable() else _REMOVED.sub("", text)


def number_text(value: Decimal | int | float | None) -> str:
    """A number without exponent, grouping or trailing zeros; empty where it is not known or not a number."""
    text = plain(value)
    return text if text[-1:].isdigit() else ""


def local(moment: datetime) -> datetime:
    """A moment by the site's clock, whoever asks, to the second. Raises ValueError where it has no zone."""
    return timezone.localtime(moment, timezone.get_default_timezone()).replace(microsecond=0, tzinfo=None)


def worded(field: Field) -> dict | None:
    """The labels of a field in the language now active; None where it has none."""
    return {value: clean(words) for value, words in field.labels.items()} if field.labels else None


def broken_off() -> str:
    """What the last row of a broken export says, in the language now active, with a place for `count`."""
    return _("This export broke off after %(count)d rows and is not complete. Please try again later.")
