"""What a cell of a ledger means as an amount of money: 13亿, 约1.31亿元, 13,100, 未披露."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ledgers.cells.texts import decimal_of, is_blank, refuse_errors, shown, unwrapped
from liangzhou.models import Qualifier
from liangzhou.money import parse_wan, plain

UNITS = ("亿元", "万元", "元")
UNDISCLOSED = {"未披露", "不披露", "未公开", "不公开", "未公布", "不公布", "保密", "涉密", "不便公开", "不对外公开"}
BEFORE = {
    "预计达到": Qualifier.FORECAST,
    "预计投资": Qualifier.FORECAST,
    "计划投资": Qualifier.FORECAST,
    "预计达": Qualifier.FORECAST,
    "拟投资": Qualifier.FORECAST,
    "预计": Qualifier.FORECAST,
    "预估": Qualifier.FORECAST,
    "计划": Qualifier.FORECAST,
    "不低于": Qualifier.AT_LEAST,
    "不少于": Qualifier.AT_LEAST,
    "至少": Qualifier.AT_LEAST,
    "≥": Qualifier.AT_LEAST,
    ">=": Qualifier.AT_LEAST,
    "超过": Qualifier.OVER,
    "突破": Qualifier.OVER,
    "超": Qualifier.OVER,
    "逾": Qualifier.OVER,
    ">": Qualifier.OVER,
    "大约": Qualifier.ABOUT,
    "大概": Qualifier.ABOUT,
    "约为": Qualifier.ABOUT,
    "约": Qualifier.ABOUT,
    "≈": Qualifier.ABOUT,
    "~": Qualifier.ABOUT,
    "接近": Qualifier.NEARLY,
    "将近": Qualifier.NEARLY,
    "近": Qualifier.NEARLY,
    "达到": Qualifier.REACHED,
    "达": Qualifier.REACHED,
}
AFTER = {
    "以上": Qualifier.AT_LEAST,
    "及以上": Qualifier.AT_LEAST,
    "左右": Qualifier.ABOUT,
    "上下": Qualifier.ABOUT,
    "余": Qualifier.OVER,
    "多": Qualifier.OVER,
    "(估算)": Qualifier.ABOUT,
    "(估)": Qualifier.ABOUT,
    "(暂估)": Qualifier.ABOUT,
}
_MORE = "余|多"
_TYPED = re.compile(
    rf"""(?:总投资|投资)?(?:额|总额)?:?
    (?P<before>{"|".join(BEFORE)})?
    (?:人民币|rmb|cny|¥)?
    (?P<number>-?[\d,、]*\.?\d*)
    (?P<between>{_MORE})?
    (?P<unit>亿|万)?(?P<within>{_MORE})?(?P<yuan>元)?
    整?(?:人民币)?
    (?P<after>{"|".join(map(re.escape, AFTER))})?""",
    re.VERBOSE | re.ASCII | re.IGNORECASE,
)
_SPOKEN = re.compile(  # 1亿3千万, 1亿3000万, 5千万
    r"(?<![\d.,、亿])(?:(?P<yi>\d{1,4})亿零?(?P<rest>\d{1,4})(?P<more>[千百]?)|(?P<number>\d{1,4}(?:\.\d+)?)(?P<times>[千百]))万",
    re.ASCII,
)
_TIMES = {"千": 1000, "百": 100, "": 1}
_FOREIGN = re.compile(r"[美欧港澳台日]元|美金|港币|\$|€|£|usd|eur|hkd", re.IGNORECASE)


@dataclass(frozen=True)
class Amount:
    """An amount in 万元 as its source states it; None where it is not known or not disclosed."""

    wan: Decimal | None = None
    qualifier: str = str(Qualifier.EXACT)
    undisclosed: bool = False


def amount(cell, *, unit: str = "万元") -> Amount:
    """An amount; `unit` (万元, 亿元, 元) is that of the column, for numbers that come without one.

    Jiao and fen of an amount in 元 are rounded half up to the yuan. Raises ValidationError for what is
    no amount, negative, else finer than a yuan, or not in yuan.
    """
    refuse_errors(cell)
    if is_blank(cell):
        return Amount()
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return Amount(_wan(cell, unit, shown(cell)))
    typed = shown(cell).strip()
    normal = re.sub(r"\s+", "", unicodedata.normalize("NFKC", unwrapped(typed)))
    if normal.strip("()") in UNDISCLOSED:
        return Amount(undisclosed=True)
    if _FOREIGN.search(normal):
        raise ValidationError(
            _("An amount is kept in yuan. Convert it and name the rate in a remark."), code="currency"
        )
    match = _TYPED.fullmatch(_SPOKEN.sub(_in_wan, normal)) if len(normal) <= 60 else None
    if match is None or not re.search(r"\d", match["number"]) or isinstance(cell, bool | dict):
        return Amount(parse_wan(typed or "?"))  # says what is wrong with it
    words = [BEFORE.get(match["before"]), *(AFTER.get(match[name]) for name in ("between", "within", "after"))]
    stated = next((word for word in words if word), Qualifier.EXACT)
    own_unit = (match["unit"] or "") + "元" if match["unit"] or match["yuan"] else unit
    return Amount(_wan(match["number"], own_unit, typed), str(stated))


def _in_wan(match: re.Match) -> str:
    """1亿3千万 as 13000万; as it was where the part in 万 comes to 1亿 itself."""
    if match["number"]:
        return f"{plain(Decimal(match['number']) * _TIMES[match['times']])}万"
    rest = int(match["rest"]) * _TIMES[match["more"]]
    return f"{int(match['yi']) * 10_000 + rest}万" if rest < 10_000 else match[0]


_GROUPED = re.compile(r"\d{1,3}([,、]\d{3})+(\.\d*)?|\d+(\.\d*)?|\.\d+", re.ASCII)


def _wan(number: int | float | str, unit: str, typed: str) -> Decimal:
    """An amount in 万元 of a number in this unit. Raises ValidationError; money.py says what is wrong."""
    if isinstance(number, str):
        if not _GROUPED.fullmatch(number):
            return parse_wan(typed)
        number = re.sub("[,、]", "", number)
    elif number == 0:
        return parse_wan("0")  # also -0.0
    exact = decimal_of(number, {"亿元": 8, "元": 2}.get(unit, 4))
    if unit == "元" and -exact.as_tuple().exponent <= 2:
        exact = exact.quantize(Decimal(1), ROUND_HALF_UP)
    meant = plain(exact)
    return parse_wan(f"{meant}{unit}" if len(meant) <= 30 else typed)
