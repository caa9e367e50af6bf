"""Columns: one definition gives the page's cell, the sort key, and the export's SQL and header."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import Case, CharField, F, Func, Model, OrderBy, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast, Concat, ExtractDay, ExtractMonth, ExtractYear
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from liangzhou import exports
from liangzhou.exports import Kind
from liangzhou.figures import AMOUNT, patterns
from liangzhou.periods import TEN_DAYS_ZH, Precision


@dataclass(frozen=True)
class Cell:
    """What a list page prints in one cell."""

    text: str
    url: str = ""
    note: str = ""
    note_url: str = ""
    badge: str = ""
    kind: str = "text"
    label: str = ""
    primary: bool = False


def linked_cell(obj) -> Cell:
    """A record by its name, linked; — where there is none."""
    return Cell(str(obj), url=obj.get_absolute_url()) if obj else Cell("—")


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a list and of its exports.

    `value` is a field path, an expression, or a function that makes one where it is costly to make and
    no page needs it: what the export writes, computed by the database.
    `cell` makes the page's Cell from a row; without it the column is only exported.
    `sort` is the field path or expression that `?o=name` sorts by; without it the column cannot be sorted by.
    """

    name: str
    label: str
    value: object
    kind: Kind = Kind.TEXT
    unit: str = ""
    choices: list = field(default_factory=list)
    sort: object = None
    cell: Callable | None = None
    primary: bool = False

    @property
    def header(self) -> str:
        """The heading of the export, with the unit."""
        if not self.unit:
            return capfirst(self.label)
        return _("%(label)s (%(unit)s)") % {"label": capfirst(self.label), "unit": self.unit}

    def export_field(self) -> exports.Field:
        """What the exports need to know of this column, in words of the language now active."""
        labels = {value: str(label) for value, label in self.choices} or None
        return exports.Field(header=self.header, kind=self.kind, labels=labels)

    def expression(self):
        """`value` as an expression."""
        value = self.value() if callable(self.value) else self.value
        return F(value) if isinstance(value, str) else value


def export_rows(queryset: QuerySet, columns: list[Column]) -> QuerySet:
    """The queryset as tuples of the columns' values, computed by the database."""
    values = {f"column_{c.name}": c.expression() for c in columns}
    return queryset.select_related(None).annotate(**values).values_list(*values)


def ordering(columns: list[Column], asked: str, model: type[Model] | None = None) -> list | None:
    """`-total_investment` as an ordering with unknown values last; None where no such column sorts.

    With the `model`, a field that is always known is sorted without NULLS LAST, so that its index serves.
    """
    column = next((c for c in columns if c.name == asked.removeprefix("-") and c.sort is not None), None)
    if column is None:
        return None
    descending = asked.startswith("-")
    by = F(column.sort) if isinstance(column.sort, str) else column.sort
    known = (
        model
        and isinstance(column.sort, str)
        and "__" not in column.sort
        and not model._meta.get_field(column.sort).null
    )
    return [OrderBy(by, descending=descending, nulls_last=None if known else True), "-pk" if descending else "pk"]


def partial_date_text(date: str, precision: str) -> Case:
    """`PartialDate.chinese` in SQL: 2025年5月下旬. A test ties the two."""
    year = Concat(Cast(ExtractYear(date), CharField()), Value("年"))
    month = Concat(year, Cast(ExtractMonth(date), CharField()), Value("月"))
    ten = Case(
        *(When(**{f"{date}__day": day}, then=Value(name)) for day, name in TEN_DAYS_ZH.items()),
        output_field=CharField(),
    )
    day = Concat(month, Cast(ExtractDay(date), CharField()), Value("日"))
    return Case(
        When(**{precision: Precision.YEAR}, then=year),
        When(**{precision: Precision.MONTH}, then=month),
        When(**{precision: Precision.TEN_DAYS}, then=Concat(month, ten)),
        When(**{precision: Precision.DAY}, then=day),
        output_field=CharField(),
    )


class Joined(Subquery):
    """The texts of several rows as one, separated by "；": `Joined(queryset, expression)`."""

    output_field = CharField()

    def __init__(self, queryset: QuerySet, text, **extra):
        super().__init__(queryset.annotate(joined_text=text).values("joined_text"), **extra)

    def as_postgresql(self, compiler, connection, **extra):
        template = "(SELECT string_agg(joined_text, '；') FROM (%(subquery)s) AS joined_rows)"
        return super().as_sql(compiler, connection, template=template, **extra)

    def as_sqlite(self, compiler, connection, **extra):
        template = "(SELECT group_concat(joined_text, '；') FROM (%(subquery)s) AS joined_rows)"
        return super().as_sql(compiler, connection, template=template, **extra)


def figure_text() -> Case:
    """`Measurement.shown` in SQL, of the row itself: 超 10 万吨, 500 吨/日, or the words. A test ties the two."""
    number = DecimalText("value")
    amount = Case(
        When(unit="", then=number),
        When(unit="%", then=Concat(number, Value("%"))),
        default=Concat(number, Value(" "), "unit"),
    )
    qualified = []
    for qualifier, pattern in patterns().items():
        before, after = pattern.split(AMOUNT)
        qualified.append(When(qualifier=qualifier, then=Concat(Value(before), amount, Value(after))))
    return Case(
        When(value__isnull=True, then="text"),
        default=Case(*qualified, default=amount, output_field=CharField()),
        output_field=CharField(),
    )


class DecimalText(Func):
    """A decimal as text without trailing zeros: 130000, 3.1786."""

    output_field = CharField()

    def as_postgresql(self, compiler, connection, **extra):
        return super().as_sql(compiler, connection, template="trim_scale(%(expressions)s)::text", **extra)

    def as_sqlite(self, compiler, connection, **extra):
        # printf keeps 15 significant digits; the two trims drop the zeros and a point left alone
        template = "rtrim(rtrim(printf('%%%%.4f', %(expressions)s), '0'), '.')"
        return super().as_sql(compiler, connection, template=template, **extra)
