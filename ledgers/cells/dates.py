"""What a cell of a ledger means as a date, as far as it is known: serials, 2025.5, 2025年5月底."""

import re
import unicodedata
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ledgers.cells.texts import is_blank, refuse_errors, shown, squeezed, unwrapped
from liangzhou.periods import FIRST_YEAR, LAST_YEAR, PartialDate, Precision

DAY_ZERO = date(1899, 12, 30)  # serial 1 is 1 January 1900; Excel's 29 February 1900 shifts all later days by one
FIRST_SERIAL = (date(FIRST_YEAR, 1, 1) - DAY_ZERO).days  # 17899
LAST_SERIAL = (date(LAST_YEAR, 12, 31) - DAY_ZERO).days  # 73415
FIRST_SERIAL_AS_TEXT = (date(2000, 1, 1) - DAY_ZERO).days  # as text 20251 is rather a slip of the pen

_WITH_TIME = re.compile(r"(\d{4}[-/.]\d{1,2}[-/.]\d{1,2})[T\s]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?", re.ASCII)
_SHORT_YEAR = re.compile(r"\d{2}(年|[-./]\d).*", re.ASCII)
_VAGUE = re.compile(r"\d{4}年?(上半年|下半年|年?[初中底末]|[第]?[一二三四1-4]季度|q[1-4])", re.IGNORECASE | re.ASCII)
_PART_OF_MONTH = re.compile(r"(?<=\d)月?(?:份)?(初|中|底|末)$|月份(?=$|[上中下]旬)", re.ASCII)
# Words of a date that is not there yet
_NOT_YET = re.compile(
    r"[×✕✗✘]|0(\.0*)?|未定|[尚还暂]未[^\d]*|待(定|建|签约?|开工|建设|投产|达产|落地|入库)"
    r"|未(签约?|签订|开工|动工|开建|建设|建成|落地|注册|入库|纳统|竣工|完工|试产|投产|达产|开始|实施|启动|确定|明确)",
    re.ASCII,
)
_TEN_DAYS = {"初": "月上旬", "中": "月中旬", "底": "月下旬", "末": "月下旬", None: "月"}


def partial_date(cell) -> PartialDate | None:
    """A date as far as it is known; None where the cell says nothing, or not yet: 未开工, ×, 0.

    Raises ValidationError.
    """
    refuse_errors(cell)
    if is_blank(cell) or (not isinstance(cell, bool) and _NOT_YET.fullmatch(squeezed(unwrapped(shown(cell))))):
        return None
    if isinstance(cell, bool):
        raise _not_a_date(shown(cell))
    if isinstance(cell, dict):
        return PartialDate.parse(shown(cell)[:10])
    if isinstance(cell, int | float):
        return _of_number(cell)
    return _of_text(unicodedata.normalize("NFKC", unwrapped(cell)).strip())


def _of_number(number: int | float) -> PartialDate:
    if not abs(number) < 10**9:
        raise _not_a_date(shown(number))
    if FIRST_SERIAL <= number < LAST_SERIAL + 1:
        return _of_serial(int(number))
    if number == int(number):
        return PartialDate.parse(str(int(number)))
    text = f"{number:.12g}"
    if re.fullmatch(r"\d{4}\.1", text, re.ASCII):
        raise ValidationError(
            _("%(typed)s may be January or October, since Excel drops the zero. Write %(year)s-01 or %(year)s-10."),
            code="ambiguous",
            params={"typed": text, "year": text[:4]},
        )
    if not re.fullmatch(r"\d{4}\.\d{1,2}", text, re.ASCII):
        raise _not_a_date(text)
    return PartialDate.parse(text)


def _of_serial(days: int) -> PartialDate:
    return PartialDate(DAY_ZERO + timedelta(days=days), str(Precision.DAY))


def _of_text(typed: str) -> PartialDate:
    if timed := _WITH_TIME.fullmatch(typed):
        return PartialDate.parse(timed[1])
    text = re.sub(r"\s+", "", typed)
    text = re.sub(r"[。·]", ".", text)
    if re.fullmatch(r"\d{5}", text, re.ASCII) and FIRST_SERIAL_AS_TEXT <= int(text) <= LAST_SERIAL:
        return _of_serial(int(text))
    if _SHORT_YEAR.fullmatch(text):
        raise ValidationError(
            _("“%(typed)s”: write the year with four digits, for example 2025年5月."),
            code="short_year",
            params={"typed": typed[:30]},
        )
    if _VAGUE.fullmatch(text):
        raise ValidationError(
            _("“%(typed)s” is no date that can be kept. Write the year alone or the month: 2025 or 2025年6月."),
            code="vague",
            params={"typed": typed[:30]},
        )
    return PartialDate.parse(_PART_OF_MONTH.sub(lambda match: _TEN_DAYS[match[1]], text))


def _not_a_date(typed: str) -> ValidationError:
    return ValidationError(
        _("“%(typed)s” is not a date. Write for example 2025, 2025年5月, 2025年5月下旬 or 2025-05-21."),
        code="invalid",
        params={"typed": typed[:30]},
    )
