"""A month and its cumulative as they are typed: reading both, and what follows from which."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from liangzhou import series
from liangzhou.money import LARGEST_WAN, parse_wan, plain

_BOOKED = re.compile(r"^\((.+)\)$", re.DOTALL)  # (12.00): as Excel prints what is below 0


def read(text: str) -> Decimal | None:
    """An amount in 万元, below 0 too (核减); None for nothing typed.

    Understands what `money.parse_wan` does, and brackets round it for less than 0. Raises ValidationError.
    """
    normal = unicodedata.normalize("NFKC", text).strip()
    if not normal:
        return None
    booked = _BOOKED.match(normal)
    return -parse_wan(booked[1]) + 0 if booked else parse_wan(normal, negative=True)  # no minus zero


@dataclass(frozen=True)
class Pair:
    """当月 and 累计 of one cell pair, in 万元; None where nothing stands there."""

    month: Decimal | None
    cumulative: Decimal | None


def pair_of(month: Decimal | None, before: Decimal | None) -> Pair:
    """The pair that an amount makes after the cumulative of the months before."""
    return Pair(month, None if month is None else month + (before or Decimal(0)))


def settle(typed: Pair, was: Pair, before: Decimal | None) -> Decimal | None:
    """The month's amount that a typed pair means, `was` the pair that stood there; None for not filled.

    Whichever of the two was changed leads; a cell that was emptied beside one that was filled says nothing.
    Raises ValidationError where both were changed and do not belong together, or the amount is too large.
    """
    month_led, cumulative_led = typed.month != was.month, typed.cumulative != was.cumulative
    if month_led and cumulative_led and None not in (typed.month, typed.cumulative):
        if typed.cumulative != typed.month + (before or Decimal(0)):
            sentence = _("The month %(month)s and the cumulative %(cumulative)s do not belong together: change one.")
            told = {"month": plain(typed.month), "cumulative": plain(typed.cumulative)}
            raise ValidationError(sentence % told, code="pair")
        return typed.month
    by_cumulative = cumulative_led and typed.cumulative is not None and (not month_led or typed.month is None)
    if by_cumulative:
        return _bounded(series.from_cumulative(typed.cumulative, before))
    if cumulative_led and not month_led:
        return None  # the cumulative was emptied
    return typed.month


def _bounded(amount: Decimal) -> Decimal:
    if abs(amount) > LARGEST_WAN:
        raise ValidationError(_("This amount is too large. Check whether 万元 and 亿元 were mixed up."), code="large")
    return amount
