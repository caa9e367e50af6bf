"""Calendar months: reading what people type, reckoning with them, storing them as their first day.

"This month" is always an argument, never read from the clock here.
"""

import calendar
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from liangzhou.periods import FIRST_YEAR, LAST_YEAR, PartialDate, Precision, month_label, span_label

MONTHS_A_YEAR = 12


@dataclass(frozen=True, order=True)
class Month:
    """One calendar month; months compare and sort in order of time."""

    year: int
    number: int  # 1 to 12

    def __post_init__(self):
        if not (FIRST_YEAR <= self.year <= LAST_YEAR and 1 <= self.number <= MONTHS_A_YEAR):
            raise ValueError(f"no such month: {self.year}-{self.number}")

    @classmethod
    def of(cls, day: date) -> "Month":
        """The month that a day lies in."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Read 2025-05, 2025/5, 2025.5, 202505, 2025年5月 and full-width forms.

        Raises ValidationError with a sentence for anything else, or a year outside 1949–2100.
        """
        typed = PartialDate.parse(text)
        if typed.precision != Precision.MONTH:
            raise ValidationError(_("Give a month: 2025年5月 or 2025-05."), code="month")
        return cls.of(typed.first)

    @property
    def first(self) -> date:
        """Its first day, as which it is stored."""
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return date(self.year, self.number, calendar.monthrange(self.year, self.number)[1])

    @property
    def january(self) -> "Month":
        """The first month of its year, where the cumulative begins again."""
        return Month(self.year, 1)

    @property
    def last_year(self) -> "Month":
        """The same month of the year before."""
        return Month(self.year - 1, self.number)

    def plus(self, months: int) -> "Month":
        """The month that lies so many months later, or earlier where the number is negative."""
        years, number = divmod(self.year * MONTHS_A_YEAR + self.number - 1 + months, MONTHS_A_YEAR)
        return Month(years, number + 1)

    def so_far(self) -> list["Month"]:
        """The months of its year up to this one, January first."""
        return [Month(self.year, number) for number in range(1, self.number + 1)]

    @property
    def label(self) -> str:
        """2025年5月, or May 2025 where the page is in English."""
        return month_label(self.first)

    @property
    def span(self) -> str:
        """The year up to this month: 2025年1—5月."""
        return span_label(self.january.first, self.first)

    def __str__(self) -> str:
        """2025-05, as in addresses and names of files."""
        return f"{self.year}-{self.number:02d}"


class MonthField(models.DateField):
    """A column that holds a month as its first day (the model adds the constraint), typed as 2025-05."""

    def formfield(self, **kwargs):
        from liangzhou.forms import MonthFormField

        return models.Field.formfield(self, **{"form_class": MonthFormField, **kwargs})


def is_first_of_month(field: str, name: str) -> models.CheckConstraint:
    """The constraint that a MonthField holds a first day."""
    return models.CheckConstraint(name=name, condition=models.Q(**{f"{field}__day": 1}))


class MonthConverter:
    """A month in an address: 2025-05."""

    regex = r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])"

    def to_python(self, value: str) -> Month:
        year, number = value.split("-")
        return Month(int(year) - 1, int(number)).plus(MONTHS_A_YEAR)  # a 404 too where there is no year before it

    def to_url(self, value) -> str:
        return str(value if isinstance(value, Month) else Month.of(value))
