"""Arithmetic on monthly series: cumulative, year-on-year, completion, pace, rank. Pure: no database, no clock.

Amounts are Decimals in 万元 (or counts); what is not known is None and stays None. Rates are in per cent,
differences of rates in percentage points (百分点). Nothing is rounded before `two_places`, which comes last.
"""

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal

from liangzhou.months import MONTHS_A_YEAR, Month

PER_CENT = Decimal(100)


def total(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of what is known; None where nothing is."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else None


def year_to_date(amounts: Mapping[Month, Decimal | None], month: Month) -> Decimal | None:
    """累计: the sum of the months of the year up to `month`; it begins again each January. None where none is known."""
    return total(amounts.get(one) for one in month.so_far())


def cumulatives(amounts: Mapping[Month, Decimal | None], month: Month) -> dict[Month, Decimal | None]:
    """累计 at the end of each month of the year up to `month`."""
    return {one: year_to_date(amounts, one) for one in month.so_far()}


def from_cumulative(cumulative: Decimal, before: Decimal | None) -> Decimal:
    """当月 that follows from a typed 累计 and the 累计 of the month before (None or of last year: 0)."""
    return cumulative - (before or Decimal(0))


def growth(now: Decimal | None, base: Decimal | None) -> Decimal | None:
    """同比 in per cent: now ÷ base − 1. None where either is not known, or the base is not above zero.

    4766.22 against 3878.66 is +22.88.
    """
    if now is None or base is None or base <= 0:
        return None
    return (Decimal(now) / Decimal(base) - 1) * PER_CENT


def year_on_year(amounts: Mapping[Month, Decimal | None], month: Month) -> Decimal | None:
    """同比 of 累计, in per cent: the year to date against the same months of last year."""
    return growth(year_to_date(amounts, month), year_to_date(amounts, month.last_year))


def implied_base(value: Decimal, growth_percent: Decimal) -> Decimal | None:
    """The same period of last year that a reported growth implies: 88.57 at +38.01 % gives 64.18…; None at −100 %."""
    return None if growth_percent <= -PER_CENT else value / (1 + growth_percent / PER_CENT)


def share(part: Decimal | int | None, whole: Decimal | int | None) -> Decimal | None:
    """A part of a whole in per cent; None where either is not known or the whole is not above zero."""
    if part is None or whole is None or whole <= 0:
        return None
    return Decimal(part) / Decimal(whole) * PER_CENT


def completion(done: Decimal | None, target: Decimal | None) -> Decimal | None:
    """完成率 in per cent: year to date ÷ annual target. None without a target; a target of zero is none."""
    return share(done, target)


def pace(month: Month) -> Decimal:
    """序时进度 in per cent: months elapsed ÷ 12."""
    return Decimal(month.number) / MONTHS_A_YEAR * PER_CENT


def ahead(done: Decimal | None, target: Decimal | None, month: Month) -> Decimal | None:
    """How far completion is ahead of the pace, in percentage points; negative where it lags; None without a target."""
    done_percent = completion(done, target)
    return None if done_percent is None else done_percent - pace(month)


def two_places(value: Decimal) -> Decimal:
    """A rate or difference as it is printed: two decimals, half up; never −0.00."""
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP) + 0


def ranks(values: Iterable[Decimal | None]) -> list[int | None]:
    """The rank of each value, the largest first; equal ones (as printed) share a rank and the next is left out.

    1, 2, 2, 4. None is not ranked.
    """
    rounded = [None if value is None else two_places(value) for value in values]
    known = sorted((value for value in rounded if value is not None), reverse=True)
    return [None if value is None else known.index(value) + 1 for value in rounded]
