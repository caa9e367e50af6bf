"""Printing a figure with its unit and its qualifier (余, 以上, 预计 …)."""

from decimal import Decimal

from django.utils.translation import pgettext

from liangzhou.money import plain

AMOUNT = "%(amount)s"


def patterns() -> dict[str, str]:
    """How each qualifier is worded around the amount, in the language now active."""
    return {
        "about": pgettext("figure", "about %(amount)s"),
        "nearly": pgettext("figure", "nearly %(amount)s"),
        "over": pgettext("figure", "over %(amount)s"),
        "at_least": pgettext("figure", "at least %(amount)s"),
        "reached": pgettext("figure", "reached %(amount)s"),
        "forecast": pgettext("figure", "forecast %(amount)s"),
    }


def show_figure(value: Decimal | None, unit: str, qualifier: str, *, signed: bool = False) -> str:
    """`35% 以上`, `预计 113.36 亿元`, `超 10 万吨`; — where the value is not known.

    `signed` puts a plus before what is more than 0: `+38.01%`, `预计 +35%`.
    """
    if value is None:
        return "—"
    number = f"+{plain(value)}" if signed and value > 0 else plain(value)
    amount = f"{number}%" if unit == "%" else f"{number} {unit}".strip()
    return qualified(amount, qualifier)


def qualified(amount: str, qualifier: str) -> str:
    """An amount in words with its qualifier: `约 5 亿元`."""
    return patterns().get(qualifier, AMOUNT) % {"amount": amount}
