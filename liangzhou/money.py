"""Money in 万元 (ten thousand yuan): reading what people type, rounding, printing. Nowhere else.

Stored as Decimal in 万元 with four decimals, so that one yuan is exact (0.0001 万元).
1 亿元 = 10,000 万元. Add first, round last, half up.
"""

import re
import unicodedata
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

WAN_PER_YI = Decimal(10_000)
MAX_DIGITS, DECIMAL_PLACES = 15, 4  # SQLite keeps 15 digits exactly, and Django cannot read more
LARGEST_WAN = Decimal(10) ** (MAX_DIGITS - DECIMAL_PLACES) - Decimal("0.0001")

# Digits with or without grouping commas, then a unit. No exponents: Decimal("1e999999999")
# parses, and then overflows in the first sum.
_TYPED = re.compile(
    r"^(?P<sign>-?)(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d+(?:\.\d*)?|\.\d+)\s*(?P<unit>亿元?|万元?|元)?$", re.ASCII
)
_AS_TYPED = str.maketrans({"、": ",", "\u2212": "-", "\u2013": "-"})  # a minus sign is often pasted as one of these
_UNIT_IN_WAN = {
    None: Decimal(1),
    "亿": WAN_PER_YI,
    "亿元": WAN_PER_YI,
    "万": Decimal(1),
    "万元": Decimal(1),
    "元": Decimal("0.0001"),
}


def parse_wan(text: str, *, negative: bool = False) -> Decimal:
    """Read an amount as people type it and return 万元; `negative` lets amounts below zero pass.

    Understands `13亿`, `1.31亿元`, `13,100万元`, `13100` (万元 where no unit is given), `500元`
    and full-width digits. Raises ValidationError with a sentence for everything else: a wrong
    form, a negative amount, more precision than one yuan, or more than the ledger can hold.
    """
    normal = unicodedata.normalize("NFKC", text).translate(_AS_TYPED).strip()
    match = _TYPED.match(re.sub(r"\s+", "", normal)) if len(normal) <= 40 else None
    if match is None:
        raise ValidationError(
            _("“%(typed)s” is not an amount. Write for example 13亿, 1.31亿元 or 13,100万元."),
            code="invalid",
            params={"typed": text.strip()[:40]},
        )
    if match["sign"] and not negative:
        raise ValidationError(_("An amount cannot be negative."), code="negative")
    wan = Decimal(match["number"].replace(",", "")) * _UNIT_IN_WAN[match["unit"]]
    if wan > LARGEST_WAN:
        raise ValidationError(_("This amount is too large. Check whether 万元 and 亿元 were mixed up."), code="large")
    if wan != round_wan(wan):
        raise ValidationError(_("An amount is kept to the yuan: at most four decimals in 万元."), code="precision")
    return -round_wan(wan) if match["sign"] and wan else round_wan(wan)


def round_wan(wan: Decimal) -> Decimal:
    """万元 to four decimals (one yuan), half up."""
    return wan.quantize(Decimal("0.0001"), ROUND_HALF_UP)


def plain(number: Decimal | int | float | None) -> str:
    """A number without exponent or trailing zeros: 130000, 3.1786; empty where it is not known."""
    if number is None:
        return ""
    text = format(number if isinstance(number, Decimal) else Decimal(str(number)), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def split_amount(wan: Decimal) -> tuple[str, str]:
    """The number and the unit to show: 亿元 with two decimals from 1 亿元 up (once rounded), else 万元.

    Trailing zeros are dropped: 130000 -> ("13", "亿元"); 427586 -> ("42.76", "亿元").
    """
    in_wan = Decimal(wan).quantize(Decimal("0.01"), ROUND_HALF_UP)
    if abs(in_wan) >= WAN_PER_YI:
        return plain((Decimal(wan) / WAN_PER_YI).quantize(Decimal("0.01"), ROUND_HALF_UP)), "亿元"
    return plain(in_wan), "万元"


def common_unit(amounts: Iterable[Decimal | None]) -> tuple[Decimal, str]:
    """What to divide amounts of 万元 by where all of them are printed in one unit, and that unit.

    亿元 where the largest is 1 亿元 or more, else 万元.
    """
    largest = max((abs(wan) for wan in amounts if wan is not None), default=Decimal(0))
    return (WAN_PER_YI, "亿元") if largest >= WAN_PER_YI else (Decimal(1), "万元")


def show_wan(wan: Decimal | None) -> str:
    """An amount for people: `13 亿元`, `9000 万元`; — where it is not known."""
    return "—" if wan is None else " ".join(split_amount(wan))


def typed_form(wan: Decimal) -> str:
    """An amount as a clerk would type it, without losing a yuan: 13亿元, 1.31亿元, 9000万元."""
    wan = Decimal(wan)
    return f"{plain(wan / WAN_PER_YI)}亿元" if abs(wan) >= WAN_PER_YI else f"{plain(wan)}万元"


class MoneyFormField(forms.CharField):
    """A text input that reads an amount with its unit and gives 万元."""

    negative = False  # whether amounts below zero are taken

    def __init__(self, *, max_length=None, **kwargs):
        super().__init__(max_length=40, **kwargs)

    def to_python(self, value):
        text = super().to_python(value)
        return None if text in self.empty_values else parse_wan(text, negative=self.negative)

    def prepare_value(self, value):
        return typed_form(value) if isinstance(value, Decimal | int) else value

    def run_validators(self, value):
        if isinstance(value, str):
            super().run_validators(value)

    def has_changed(self, initial, data):
        try:
            typed = self.to_python(data)
        except ValidationError:
            return True
        return (None if initial is None else Decimal(initial)) != typed


class SignedMoneyFormField(MoneyFormField):
    """As MoneyFormField, for amounts that may be below zero: -300万元."""

    negative = True


class MoneyField(models.DecimalField):
    """A column of 万元; never negative (the model adds the constraint), typed with or without unit."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_digits", MAX_DIGITS)
        kwargs.setdefault("decimal_places", DECIMAL_PLACES)
        kwargs.setdefault("help_text", gettext_lazy("In 万元. 13亿, 1.31亿元 and 13,100万元 are understood."))
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs):
        return models.Field.formfield(self, **{"form_class": MoneyFormField, **kwargs})
