"""What a cell of a ledger means. Amounts, dates, texts and rows have modules of their own; all are to be had here.

A cell is what files.py gives: None, str, int, float, bool or `{"date": "2025-05-21"}`. Every
function either gives a value or raises ValidationError with a sentence for the clerk.
"""

import difflib
import re
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ledgers.cells.amounts import Amount, amount
from ledgers.cells.dates import partial_date
from ledgers.cells.rows import row_kind
from ledgers.cells.texts import (
    code,
    decimal_of,
    is_blank,
    is_error,
    refuse_errors,
    shown,
    squeezed,
    text,
    unguarded,
    unwrapped,
)

__all__ = [
    "Amount",
    "amount",
    "bare",
    "choice",
    "code",
    "is_blank",
    "is_error",
    "number",
    "partial_date",
    "row_kind",
    "shown",
    "text",
    "unguarded",
    "yes_no",
]

YES = {"是", "有", "对", "√", "✓", "✔", "☑", "y", "yes", "t", "true", "1"}
NO = {"否", "无", "没有", "不是", "×", "✗", "✘", "✕", "x", "n", "no", "f", "false", "0"}

DENYING = "未尚停拟不无待缓"  # who writes one of these means no label that is without it

_NUMBER = re.compile(r"[-+]?(\d{1,3}(,\d{3})+|\d+)?(\.\d*)?", re.ASCII)


def number(cell, *, digits: int, decimals: int, unit: str = "") -> Decimal | None:
    """A quantity that is not negative: full-width digits, grouping commas and the column's own unit are understood."""
    refuse_errors(cell)
    if is_blank(cell):
        return None
    typed = shown(cell).strip()[:40]
    normal = squeezed(unwrapped(typed)).replace("\uff0c", ",").removesuffix(squeezed(unit))
    if isinstance(cell, bool | dict) or not _NUMBER.fullmatch(normal) or not re.search(r"\d", normal):
        raise ValidationError(
            _("“%(typed)s” is not a number. Write it in figures alone, for example 100 or 12.5."),
            code="invalid",
            params={"typed": typed},
        )
    value = decimal_of(cell if isinstance(cell, int | float) else normal.replace(",", ""), decimals)
    if value < 0:
        raise ValidationError(_("A negative number is not allowed here."), code="negative")
    if -value.as_tuple().exponent > decimals and value != round(value, decimals):
        raise ValidationError(
            _("At most %(decimals)d decimals are kept."), code="precision", params={"decimals": decimals}
        )
    if value >= Decimal(10) ** (digits - decimals):
        raise ValidationError(_("This number is too large."), code="large")
    return round(value, decimals)


def yes_no(cell) -> bool | None:
    """是, √, 有, Y, 1 are True; 否, ×, 无, N, 0 are False; None where the cell says nothing."""
    refuse_errors(cell)
    normal = squeezed(shown(cell))
    if normal in YES or normal in NO:
        return normal in YES
    if is_blank(cell):
        return None
    raise ValidationError(
        _("“%(typed)s” is neither yes nor no. Write 是 or 否."), code="invalid", params={"typed": shown(cell)[:40]}
    )


def choice(cell, choices: dict[str, object]):
    """The value of a label or of one of its synonyms; None where the cell says nothing.

    `choices` is label → value, for each value its proper label first. Raises ValidationError that
    lists the proper labels and, as params["nearest"], the one that may have been meant: never 开工 for 未开工.
    """
    refuse_errors(cell)
    typed = shown(cell).strip()
    for form in (squeezed, bare):
        values = {value for label, value in choices.items() if form(str(label)) == form(typed) != ""}
        if len(values) == 1:
            return values.pop()
    if is_blank(cell):
        return None
    proper = {}
    for label, value in choices.items():
        proper.setdefault(value, str(label))
    params = {"typed": typed[:40], "legal": "、".join(proper.values())}
    denied = {sign for sign in typed if sign in DENYING}
    near = {bare(str(label)): proper[value] for label, value in choices.items() if denied <= set(proper[value])}
    if nearest := difflib.get_close_matches(bare(typed[:60]), near, 1, 0.5):
        params["nearest"] = near[nearest[0]]
        message = _("“%(typed)s” is not known here. Did you mean “%(nearest)s”? Possible are: %(legal)s.")
    else:
        message = _("“%(typed)s” is not known here. Possible are: %(legal)s.")
    raise ValidationError(message, code="choice", params=params)


def bare(label: str) -> str:
    """A label for comparing, without what stands in brackets; a label that is all brackets stays."""
    normal = squeezed(label)
    return re.sub(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕", "", normal) or normal
