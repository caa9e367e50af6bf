"""Filters of the public lists: what a query string asks, what each choice would give, what was wrong.

A value that cannot be understood is never dropped in silence and never an error page: the list
says which, and shows what the other filters give.
"""

import re
from dataclasses import dataclass

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liangzhou import search
from liangzhou.money import MoneyFormField, show_wan

NOT_STATED = "none"  # ?place=none: the rows where no place is stated
MAX_VALUES = 60
SHORT = 9  # facets with at most this many options are shown unfolded
# What links pick up on their way through chat programs and campaigns; they filter nothing.
CARRIED_ALONG = re.compile(r"^(utm_\w+|from|isappinstalled|spm|scene|clicktime|enterid)$")


@dataclass(frozen=True)
class Option:
    """One value of a facet, and how many rows it would give under the other filters."""

    value: str
    label: str
    count: int
    selected: bool


class ValuesField(forms.Field):
    """Several values of one parameter: ?stage=signed&stage=landed."""

    widget = forms.SelectMultiple
    SHAPE = re.compile(r"^[\w-]{1,80}$")

    def to_python(self, value):
        values = list(dict.fromkeys(v.strip() for v in value or [] if v.strip()))
        if len(values) > MAX_VALUES:
            raise ValidationError(_("At most %(most)s choices at a time."), params={"most": MAX_VALUES})
        for wrong in (v for v in values if not self.SHAPE.match(v)):
            raise ValidationError(_("“%(value)s” is not one of the choices."), params={"value": wrong[:40]})
        return values


class Facet(django_filters.Filter):
    """A filter by one dimension that shows how many rows each value has.

    `path` leads from the row to the value in the address, `label_path` to its name; `choices`
    are the fixed values of a dimension (all are shown, 0 included); `named` are the rows of the
    dimension's table, to check values and name them. `only` narrows what the dimension may show
    (a company that is not public is no value). `limit` shows only the most frequent values.
    `many`: a row may have several values. `not_stated`: rows without a value can be asked for.
    """

    field_class = ValuesField
    MOST_ZEROS = 12  # fixed choices beyond this many are shown only where they occur

    def __init__(
        self,
        path,
        *,
        label_path="",
        choices=(),
        named=None,
        only=None,
        limit=None,
        many=False,
        not_stated=False,
        **kwargs,
    ):
        super().__init__(field_name=path, **kwargs)
        self.path, self.label_path, self.choices, self.named = path, label_path, choices, named
        self.only, self.limit, self.many, self.not_stated = only or Q(), limit, many, not_stated

    def filter(self, queryset, value):
        if not value:
            return queryset
        wanted = Q(**{f"{self.path}__in": [v for v in value if v != NOT_STATED]}) & self.only
        if NOT_STATED in value and self.not_stated:
            wanted |= Q(**{self.path: ""}) if self.choices else Q(**{f"{self.path}__isnull": True})
        if self.many:
            return queryset.filter(pk__in=queryset.model._default_manager.filter(wanted).values("pk"))
        return queryset.filter(wanted)

    def names_of(self, values: list[str]) -> dict[str, str]:
        """The names of given values; a value that does not exist is missing."""
        names = {str(value): str(label) for value, label in self.choices if str(value) in values}
        if self.named is not None and values:
            key, name = self.path.rpartition("__")[2], self.label_path.rpartition("__")[2]
            names |= dict(self.named().filter(**{f"{key}__in": values}).values_list(key, name))
        if self.not_stated and NOT_STATED in values:
            names[NOT_STATED] = _("not stated")
        return names

    def counts(self, queryset) -> dict[str, tuple[str, int]]:
        """Each value that occurs, with its name and number of rows; most frequent first, "not stated" last."""
        rows = queryset.order_by().values_list(self.path, self.label_path or self.path)
        rows = rows.filter(self.only).annotate(rows=Count("pk", distinct=self.many)).order_by("-rows", self.path)
        found: dict[str, tuple[str, int]] = {}
        for value, label, count in rows:
            key, name = (NOT_STATED, _("not stated")) if value in (None, "") else (str(value), str(label))
            found[key] = (name, count + found.get(key, ("", 0))[1])
        without = found.pop(NOT_STATED, None)
        return found | {NOT_STATED: without} if without and self.not_stated else found

    def options(self, queryset, selected: list[str], names: dict[str, str]) -> list[Option]:
        """What the page offers: fixed choices in their order, or the values found; the selected ones always."""
        found = self.counts(queryset)
        shown = {str(value): str(label) for value, label in self.choices}
        if len(shown) > self.MOST_ZEROS:
            shown = {value: label for value, label in shown.items() if value in found}
        if not self.choices:
            shown = {value: found[value][0] for value in list(found)[: self.limit]}
        elif NOT_STATED in found:
            shown[NOT_STATED] = _("not stated")
        shown |= {value: name for value, name in names.items() if value not in shown}
        return [Option(v, label, found.get(v, ("", 0))[1], v in selected) for v, label in shown.items()]


class YearFacet(Facet):
    """A facet by year: any year may be asked for."""

    def names_of(self, values):
        return {v: self._named(v) for v in values if v == NOT_STATED or re.fullmatch(r"(19|20)\d\d", v, re.ASCII)}

    def counts(self, queryset):
        found = super().counts(queryset)
        by_year = sorted((v for v in found if v != NOT_STATED), reverse=True) + [v for v in found if v == NOT_STATED]
        return {v: (self._named(v), found[v][1]) for v in by_year}

    def _named(self, value):
        return _("not stated") if value == NOT_STATED else value


class WordsField(forms.CharField):
    """Search words."""

    def __init__(self, **kwargs):
        super().__init__(max_length=100, **kwargs)

    def to_python(self, value):
        text = super().to_python(value)
        if len(search.words(text)) > search.MAX_TERMS:
            raise ValidationError(_("At most %(most)s words at a time."), params={"most": search.MAX_TERMS})
        return text


class Words(django_filters.Filter):
    """The search box of a list."""

    field_class = WordsField

    def __init__(self, **kwargs):
        super().__init__(label=gettext_lazy("Search words"), **kwargs)

    def filter(self, queryset, value):
        return queryset.search(value) if value else queryset


class Amount(django_filters.Filter):
    """A bound on an amount: 1亿, 5000万 or 5000 (万元)."""

    field_class = MoneyFormField


class ListFilterSet(django_filters.FilterSet):
    """The filters of one list, with counts, chips and everything that was not understood."""

    def __init__(self, data: QueryDict, queryset: QuerySet):
        self.asked = data
        super().__init__(data=data, queryset=queryset)
        self._check()

    def _check(self) -> None:
        """Refuse values of a facet that do not exist, so that nobody takes an empty list for an answer."""
        self.form.full_clean()
        self.names: dict[str, dict[str, str]] = {}
        for name, facet in self.facets().items():
            values = self.form.cleaned_data.get(name) or []
            self.names[name] = facet.names_of(values)
            wrong = next((v for v in values if v not in self.names[name]), None)
            if wrong is not None:
                self.form.add_error(name, _("“%(value)s” is not one of the choices.") % {"value": wrong})
        self.check()

    def check(self) -> None:
        """What a list checks across several filters; adds errors to `self.form`."""

    def facets(self) -> dict[str, Facet]:
        """The filters that show counts."""
        return {name: f for name, f in self.filters.items() if isinstance(f, Facet)}

    def filter_queryset(self, queryset):
        return self.narrowed()

    def narrowed(self, *, without: str = "") -> QuerySet:
        """The rows under every filter that was understood, one left out if named."""
        queryset = self.queryset.all()
        for name, value in self.form.cleaned_data.items():
            if name != without and value not in (None, "", []):
                queryset = self.filters[name].filter(queryset, value)
        return queryset

    def unknown_parameters(self, also_known: tuple[str, ...]) -> list[str]:
        """Parameters that mean nothing here."""
        known = {*self.filters, *also_known}
        return [name for name in self.asked if name not in known and not CARRIED_ALONG.match(name)]

    def repeated_parameters(self, also_known: tuple[str, ...]) -> list[str]:
        """Parameters that take one value but were given several."""
        single = {*self.filters, *also_known} - set(self.facets())
        return [name for name, values in self.asked.lists() if name in single and len(set(values)) > 1]

    def groups(self) -> list[dict]:
        """The filter form: one group per filter, facets with their options."""
        return [self._group(name, filter_) for name, filter_ in self.filters.items()]

    def _group(self, name: str, filter_) -> dict:
        group = {
            "name": name,
            "label": filter_.label,
            "errors": self.form.errors.get(name, []),
            "help": filter_.extra.get("help_text", ""),
            "value": self.asked.get(name, ""),
            "options": [],
            "kind": "money" if isinstance(filter_, Amount) else "text",
        }
        if isinstance(filter_, Facet):
            selected = self.form.cleaned_data.get(name) or []
            options = filter_.options(self.narrowed(without=name), selected, self.names[name])
            group |= {"kind": "choices", "options": options, "open": bool(selected) or len(options) <= SHORT}
        return group

    def taken(self) -> list[tuple[str, str, str]]:
        """The filters in force: (parameter, its value in the address, its value in words)."""
        taken = []
        for name, value in self.form.cleaned_data.items():
            if value in (None, "", []):
                continue
            if name in self.names:
                taken += [(name, v, self.names[name][v]) for v in value]
            else:
                words = show_wan(value) if isinstance(self.filters[name], Amount) else str(value)
                taken.append((name, self.asked.get(name, ""), words))
        return taken
