"""What a cell of a ledger means. Amounts, dates and texts have modules of their own; all are to be had here.

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
    lists the proper labels and, as params["nearest"], the one that may have been meant.
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
    if nearest := difflib.get_close_matches(bare(typed[:60]), {bare(str(label)): 0 for label in choices}, 1, 0.5):
        params["nearest"] = next(proper[value] for label, value in choices.items() if bare(str(label)) == nearest[0])
        message = _("“%(typed)s” is not known here. Did you mean “%(nearest)s”? Possible are: %(legal)s.")
    else:
        message = _("“%(typed)s” is not known here. Possible are: %(legal)s.")
    raise ValidationError(message, code="choice", params=params)


def bare(label: str) -> str:
    """A label for comparing, without what stands in brackets; a label that is all brackets stays."""
    normal = squeezed(label)
    return re.sub(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕", "", normal) or normal


_TOTAL = re.compile(
    r"[\u4e00-\u9fff\d、.()]{0,12}?(合计|小计|总计|共计|累计合计)数?(项目数|\d+[个项]|[:(].*)?|累计|总数"
)
_NOTE = re.compile(
    r"(注|备注|说明|填表人?|填报人?|制表人?|审核人?|审批人?|负责人|经办人|联系人|联系电话|电话|单位负责人|分管领导|盖章"
    r"|单位|填报单位|填表单位|报送单位|编制单位|制表单位|单位名称|填报时间|填报日期|填表日期|报送时间|制表日期|统计时间|统计口径"
    r"|日期|时间|截止日期|截止时间|数据来源)(\([^()]*\)|\d)*:.*|注\d*[、.].*|\(?单位:?(人民币)?[亿万]?元\)?"
)


_NUMBERED = re.compile(r"\(?[一二三四五六七八九十]+[)、.:]|第[一二三四五六七八九十]+[章类项批]")


def row_kind(cells: list) -> str:
    """What a row below the headings is: record, blank, total, note, or title of a section."""
    filled = [cell for cell in cells if not (cell is None or (isinstance(cell, str) and not squeezed(cell)))]
    texts = [squeezed(cell) for cell in filled if isinstance(cell, str)]
    if not filled or (not texts and len(set(map(shown, filled))) == 1):
        return "blank"  # also a row with nothing but its number, made ready for later
    if any(_TOTAL.fullmatch(squeezed(cell)) for cell in filled[:3] if isinstance(cell, str)):
        return "total"
    if texts and filled[0] == next(cell for cell in filled if isinstance(cell, str)) and _NOTE.fullmatch(texts[0]):
        return "note"
    counted = len(filled) >= 4 and all(shown(cell) == str(place) for place, cell in enumerate(filled, 1))
    return "title" if counted or _is_title(filled) else "record"


def _is_title(filled: list) -> bool:
    """Whether a row says one thing only; two equal cells may also be a project and its company of the same name."""
    alike = len({shown(cell) for cell in filled}) == 1
    return alike and (len(filled) != 2 or _NUMBERED.match(squeezed(shown(filled[0]))) is not None)
