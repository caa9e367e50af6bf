"""Dates that are known only to the year, month or ten days, and spans of months.

"Today" is always an argument, never read from the clock here.
"""

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

FIRST_YEAR, LAST_YEAR = 1949, 2100
TEN_DAYS_ZH = {1: "上旬", 11: "中旬", 21: "下旬"}
TEN_DAYS_EN = {1: "early", 11: "mid", 21: "late"}


class Precision(models.TextChoices):
    """How much of a date is known."""

    YEAR = "year", gettext_lazy("year")
    MONTH = "month", gettext_lazy("month")
    TEN_DAYS = "ten_days", gettext_lazy("ten days (旬)")
    DAY = "day", gettext_lazy("day")


_TYPED = re.compile(
    r"""^(?P<year>\d{4})(?:年|[-./]|$|(?=(?:\d\d){1,2}$))   # without separators two digits each: 20251 is a slip
        (?:(?P<month>\d{1,2})(?:月|[-./]|$|(?=[上中下])|(?<=\d{6}))
           (?:(?P<ten>上旬|中旬|下旬)|(?P<day>\d{1,2})(?:日|号)?)?
        )?$""",
    re.VERBOSE | re.ASCII,
)


@dataclass(frozen=True, order=True)
class PartialDate:
    """A date and how much of it is known; `first` is the first day of the period meant."""

    first: date
    precision: str

    @classmethod
    def parse(cls, text: str) -> "PartialDate":
        """Read 2025, 2025年5月, 2025-05, 2025年5月下旬, 2025/5/21, 2025.5 and full-width forms.

        Raises ValidationError with a sentence for anything else, a day that does not exist, or
        a year outside 1949–2100.
        """
        normal = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)) if len(text) <= 30 else ""
        match = _TYPED.match(normal)
        if match is None:
            raise ValidationError(
                _("“%(typed)s” is not a date. Write for example 2025, 2025年5月, 2025年5月下旬 or 2025-05-21."),
                code="invalid",
                params={"typed": text.strip()[:30]},
            )
        year, month, day, precision = _parts(match)
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise ValidationError(
                _("The year must lie between %(first)s and %(last)s."),
                code="year",
                params={"first": FIRST_YEAR, "last": LAST_YEAR},
            )
        try:
            return cls(date(year, month, day), str(precision))
        except ValueError as error:
            raise ValidationError(
                _("“%(typed)s” does not exist in the calendar."), code="calendar", params={"typed": text.strip()}
            ) from error

    @property
    def last(self) -> date:
        """The last day of the period meant: for 2025年5月下旬 it is 31 May 2025."""
        if self.precision == Precision.YEAR:
            return date(self.first.year, 12, 31)
        month_end = calendar.monthrange(self.first.year, self.first.month)[1]
        if self.precision == Precision.MONTH:
            return self.first.replace(day=month_end)
        if self.precision == Precision.TEN_DAYS:
            return self.first.replace(day=month_end if self.first.day == 21 else self.first.day + 9)
        return self.first

    def __str__(self) -> str:
        chinese = (get_language() or "zh").startswith("zh")
        return self.chinese if chinese else self.english

    @property
    def chinese(self) -> str:
        """2025年, 2025年5月, 2025年5月下旬 or 2025年5月21日; what `parse` reads back."""
        text = f"{self.first.year}年"
        if self.precision != Precision.YEAR:
            text += f"{self.first.month}月"
        if self.precision == Precision.TEN_DAYS:
            text += TEN_DAYS_ZH[self.first.day]
        if self.precision == Precision.DAY:
            text += f"{self.first.day}日"
        return text

    @property
    def english(self) -> str:
        """2025, May 2025, late May 2025 or 21 May 2025."""
        text = str(self.first.year)
        if self.precision != Precision.YEAR:
            text = f"{calendar.month_name[self.first.month]} {text}"
        if self.precision == Precision.TEN_DAYS:
            text = f"{TEN_DAYS_EN[self.first.day]} {text}"
        if self.precision == Precision.DAY:
            text = f"{self.first.day} {text}"
        return text


def _parts(match: re.Match) -> tuple[int, int, int, Precision]:
    """Year, month and day that a typed date begins with, and how much of it is known."""
    year, month, day = int(match["year"]), int(match["month"] or 1), int(match["day"] or 1)
    if match["ten"]:
        return year, month, {"上旬": 1, "中旬": 11, "下旬": 21}[match["ten"]], Precision.TEN_DAYS
    if match["day"]:
        return year, month, day, Precision.DAY
    return year, month, day, Precision.MONTH if match["month"] else Precision.YEAR


class PartialDateFormField(forms.CharField):
    """A text input that reads a date as far as it is known and gives a PartialDate."""

    def __init__(self, **kwargs):
        kwargs.setdefault("help_text", gettext_lazy("As far as known: 2025, 2025年5月, 2025年5月下旬 or 2025-05-21."))
        super().__init__(max_length=30, **kwargs)

    def to_python(self, value):
        text = super().to_python(value)
        return None if text in self.empty_values else PartialDate.parse(text)

    def prepare_value(self, value):
        return value.chinese if isinstance(value, PartialDate) else value

    def run_validators(self, value):
        if isinstance(value, str):
            super().run_validators(value)

    def has_changed(self, initial, data):
        try:
            return initial != self.to_python(data)
        except ValidationError:
            return True


def periods_of(day: date) -> dict[str, date]:
    """The first days of the year, the month, the ten days and the day that a day lies in, by precision."""
    return {
        Precision.YEAR: day.replace(month=1, day=1),
        Precision.MONTH: day.replace(day=1),
        Precision.TEN_DAYS: day.replace(day=min(day.day - 1, 29) // 10 * 10 + 1),
        Precision.DAY: day,
    }


def month_label(day: date) -> str:
    """2025年5月, or May 2025 where the page is in English."""
    return str(PartialDate(day, Precision.MONTH))


def span_label(start: date | None, end: date | None) -> str:
    """A span of whole months, named by its first and last month.

    2025年1—5月; 2025年上半年 and 2025年 for a half and a whole year; 2024年以来 where the end is
    not known; 截至2025年5月 where the start is not known; empty where neither is.
    """
    if start is None and end is None:
        return ""
    if start is None:
        return _("up to %(month)s") % {"month": month_label(end)}
    if end is None:
        known = PartialDate(start, Precision.YEAR if start.month == 1 else Precision.MONTH)
        return _("since %(month)s") % {"month": known}
    if (start.year, start.month) == (end.year, end.month):
        return month_label(start)
    names = {
        "year": start.year,
        "first": start.month,
        "last": end.month,
        "start": month_label(start),
        "end": month_label(end),
    }
    if start.year != end.year:
        return _("%(start)s to %(end)s") % names
    whole = {
        (1, 12): _("%(year)s (whole year)"),
        (1, 6): _("first half of %(year)s"),
        (7, 12): _("second half of %(year)s"),
    }
    return whole.get((start.month, end.month), _("months %(first)s–%(last)s of %(year)s")) % names
