"""What a cell of a ledger says as text or as a code, and whether it says anything."""

import re
import unicodedata
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from liangzhou.money import plain

EXACT = 10**15  # from here on Excel no longer keeps every digit of a whole number
NOISE = Decimal("1e-12")  # of a number: what sums of binary fractions add to it

BLANK = {"", "无", "暂无", "待定", "未知", "不详", "n/a", "na", "null", "none"}

_ERRORS = re.compile(
    r"#(REF!|N/A|NAME\?|VALUE!|DIV/0!|NULL!|NUM!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|UNKNOWN!|GETTING_DATA|FORMULA!)"
)
_STROKES = re.compile(r"[-‐‑‒–—―−_/\\.…]+")
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_HAN = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
_WRAPPED = re.compile(rf"(?<=[{_HAN}])[ \t\u3000]*\n\s*(?=[{_HAN}])")  # a line end that only wraps Chinese text
_GUARDED = re.compile(r"'(?='*(\s*[=+\-@＝＋－＠]|[\t\r\n]))|\t(?=\w*\d)")  # see liangzhou/exports/csv_file.py
_AS_FORMULA = re.compile(r'="([^"]*)"')


def is_error(cell) -> bool:
    """Whether the cell shows an error of Excel's (#REF!), or a formula whose result is not in the file."""
    return isinstance(cell, str) and _ERRORS.fullmatch(cell.strip()) is not None


def is_blank(cell) -> bool:
    """Whether a cell says that nothing is known: empty, /, —, 无, 待定, N/A. Not for columns of text."""
    if not isinstance(cell, str):
        return cell is None
    normal = squeezed(cell)
    return normal in BLANK or _STROKES.fullmatch(normal) is not None


def squeezed(text: str) -> str:
    """A text for comparing: half width, no blanks, small letters."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))).casefold()


def refuse_errors(cell) -> None:
    """Raise ValidationError where the cell shows an error of Excel's."""
    if is_error(cell):
        raise ValidationError(
            _("The cell shows the error %(error)s. Mend its formula, or type the value itself."),
            code="excel_error",
            params={"error": cell.strip()},
        )


def unguarded(text: str) -> str:
    """A text without the sign that our CSV puts before what spreadsheets would run (') or damage (a tab)."""
    return text[1:] if _GUARDED.match(text) else text


def unwrapped(text: str) -> str:
    """A code or a number without what people do to keep it a text: ="620602", '620602, a tab before it."""
    wrapped = _AS_FORMULA.fullmatch(text.strip())
    return (wrapped[1] if wrapped else text).strip("'\u2018\u2019` \t\r\n\u3000")


def shown(cell) -> str:
    """A cell as its spreadsheet shows it: 620602 for 620602.0, 0.3 for 0.30000000000000004, 2025-05-21."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, dict):
        return str(cell.get("date", "")).replace("T", " ")
    if isinstance(cell, int | float):
        return _number_shown(cell)
    return str(cell)


def _number_shown(number: int | float) -> str:
    if isinstance(number, int):
        return str(number) if abs(number) < 10**40 else f"{Decimal(number):.14e}"
    text = f"{number:.15g}"
    return plain(Decimal(text)) if "e" in text and abs(number) < 10**40 else text


def text(cell, *, max_length: int, lines: bool = False) -> str:
    """A text without guards, invisible characters and needless blanks; `lines` keeps its line ends."""
    refuse_errors(cell)
    raw = _SURROGATE.sub("", _INVISIBLE.sub("", unguarded(shown(cell))))
    raw = re.sub(r"\r\n?|[\v\f\x85\u2028\u2029]", "\n", raw)
    if lines:
        kept = [" ".join(line.split()) for line in raw.split("\n")]
        value = re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()
    else:
        value = " ".join(_WRAPPED.sub("", raw).split())
    if len(value) > max_length:
        raise ValidationError(
            _("The text is %(over)d characters too long: at most %(most)d are kept."),
            code="max_length",
            params={"over": len(value) - max_length, "most": max_length},
        )
    return value


_DAMAGED = re.compile(r"\d(\.\d+)?E\+\d+|\d{16,}\.0*", re.ASCII)
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))


def code(cell) -> str:
    """An identifier: half width, capital letters, no blanks; empty where there is none.

    Raises ValidationError for what Excel has made a number, and so lost the last digits of, or a date.
    """
    refuse_errors(cell)
    if isinstance(cell, bool | dict):
        raise _no_code(cell)
    if isinstance(cell, int | float):
        return _code_of_number(cell)
    seen = _SURROGATE.sub("", _INVISIBLE.sub("", shown(cell)))
    normal = re.sub(r"\s+", "", unwrapped(unicodedata.normalize("NFKC", seen))).translate(_DASHES).upper()
    if _DAMAGED.fullmatch(normal):
        raise _digits_lost()
    whole = re.fullmatch(r"(\d+)\.0*", normal, re.ASCII)
    return whole[1] if whole else normal


def _code_of_number(number: int | float) -> str:
    if abs(number) >= EXACT:
        raise _digits_lost()
    if number < 0 or number != number // 1:  # also NaN
        raise _no_code(number)
    return str(int(number))


def _no_code(cell) -> ValidationError:
    return ValidationError(
        _("“%(typed)s” is not a code. Format the column as text and type the code again."),
        code="code",
        params={"typed": shown(cell)[:40]},
    )


def _digits_lost() -> ValidationError:
    return ValidationError(
        _("Excel made a number of this code and lost its last digits. Format the column as text and type it again."),
        code="digits_lost",
    )


def decimal_of(number: int | float | str, decimals: int) -> Decimal:
    """A number as it was meant: what lies within the noise of binary fractions is rounded away.

    Decimals beyond `decimals` that are no noise are kept. Raises ValidationError for NaN, infinity
    and more than 18 digits before the point.
    """
    exact = Decimal(repr(number) if isinstance(number, float) else number)
    if not exact.is_finite() or exact.adjusted() > 17:
        raise ValidationError(_("This number is too large."), code="large")
    rounded = exact.quantize(Decimal(1).scaleb(-decimals)) + 0
    return rounded if abs(exact - rounded) <= abs(exact) * NOISE else exact
