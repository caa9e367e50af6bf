"""Form bases of the admin: dates as far as they are known, months, numbers, and saves that are refused."""

import re
import unicodedata
from datetime import date
from decimal import Decimal

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from liangzhou.money import plain
from liangzhou.periods import PartialDate, PartialDateFormField, Precision


def precision_of(field):
    """The field beside a date that says how much of it is known (`<name>_precision`); None where there is none."""
    try:
        return field.model._meta.get_field(f"{field.name}_precision")
    except FieldDoesNotExist:
        return None


def partial_date_field(db_field) -> PartialDateFormField:
    """One text input for a date and its precision."""
    widget = forms.TextInput(attrs={"size": 16})
    return PartialDateFormField(label=capfirst(db_field.verbose_name), required=not db_field.blank, widget=widget)


class MonthFormField(forms.CharField):
    """A text input that reads a month and gives its first day."""

    def __init__(self, **kwargs):
        kwargs.setdefault("help_text", _("A month: 2025年5月 or 2025-05."))
        super().__init__(max_length=30, **kwargs)

    def to_python(self, value):
        text = super().to_python(value)
        if text in self.empty_values:
            return None
        typed = PartialDate.parse(text)
        if typed.precision != Precision.MONTH and (typed.precision != Precision.DAY or typed.first.day != 1):
            raise ValidationError(_("Give a month: 2025年5月 or 2025-05."), code="month")
        return typed.first

    def prepare_value(self, value):
        return PartialDate(value, Precision.MONTH).chinese if isinstance(value, date) else value

    def run_validators(self, value):
        if isinstance(value, str):
            super().run_validators(value)

    def has_changed(self, initial, data):
        try:
            return initial != self.to_python(data)
        except ValidationError:
            return True


class NumberFormField(forms.DecimalField):
    """A text input for a number: full-width digits and grouping commas are understood, zeros are not padded."""

    def __init__(self, **kwargs):
        super().__init__(**{"widget": forms.TextInput(attrs={"inputmode": "decimal", "size": 14}), **kwargs})

    def to_python(self, value):
        if isinstance(value, str):
            value = unicodedata.normalize("NFKC", value[:60]).strip()
            if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d*)?", value, re.ASCII):
                value = value.replace(",", "")
        return super().to_python(value)

    def prepare_value(self, value):
        return plain(value) if isinstance(value, Decimal) else value


class AutocompleteChoice(AutocompleteSelect):
    """Django's choice by typing; it bears a posted value that is no key, and tells screen readers its name."""

    class Media:
        js = ("admin/js/autocomplete.js", "liangzhou/choice_names.js")  # in this order

    def optgroups(self, name, value, attr=None):
        keys = [key for key in value if re.fullmatch(r"\d{1,18}", str(key), re.ASCII)]
        return super().optgroups(name, keys, attr)


class LedgerForm(forms.ModelForm):
    """The form of a record or of one of its parts."""

    conflict = None  # what somebody else saved since this form was opened: then nothing is saved

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self._partial_dates():
            day = getattr(self.instance, name)
            if day and not isinstance(self.initial.get(name), str):
                self.initial[name] = PartialDate(day, getattr(self.instance, f"{name}_precision"))

    def _partial_dates(self) -> list[str]:
        return [name for name, field in self.fields.items() if isinstance(field, PartialDateFormField)]

    def clean(self):
        cleaned = super().clean()
        for name in self._partial_dates():
            if name in self.cleaned_data:
                typed = self.cleaned_data[name]
                self.cleaned_data[name] = typed.first if typed else None
                setattr(self.instance, f"{name}_precision", typed.precision if typed else "")
        if self.conflict:
            self._refuse()
        return cleaned

    def _refuse(self) -> None:
        """Mark the fields that both changed, and make the form invalid whatever they hold."""
        for name, note in self.conflict.notes.items():
            self.add_error(name, note)
        self.add_error(None, ValidationError(self.conflict.sentence, code="conflict"))


class ReasonForm(forms.Form):
    """Why something is done that many will see."""

    reason = forms.CharField(
        label=_("reason"),
        max_length=300,
        widget=forms.TextInput(attrs={"size": 60}),
        help_text=_("Kept in the history."),
    )


class RestoreForm(ReasonForm):
    """Why a record goes back to an earlier version, and how much of it."""

    own_only = forms.BooleanField(
        label=capfirst(_("only the record's own fields")), required=False, help_text=_("Its parts stay as they are.")
    )


class DayForm(forms.Form):
    """The day as which a record is to be seen."""

    on = PartialDateFormField(
        label=capfirst(_("as it was on")), widget=forms.TextInput(attrs={"size": 16}), help_text=_("A day: 2025-05-21.")
    )

    def clean_on(self):
        typed = self.cleaned_data["on"]
        if typed.precision != Precision.DAY:
            raise ValidationError(_("Give a day, for example 2025-05-21."), code="day")
        if typed.first > timezone.localdate():
            raise ValidationError(_("This day has not come yet."), code="future")
        return typed


class PartsFormSet(forms.BaseInlineFormSet):
    """The parts of a record, where two that trade places are told to do it one after the other.

    Django compares the rows with each other, as they will be; the database compares each row, as it
    is written, with those that are there. Rows marked for deletion are deleted first.
    """

    def add_fields(self, form, index):
        """Name every box: in a table only the head of its column does, which a screen reader does not read out."""
        super().add_fields(form, index)
        for field in form.fields.values():
            widget = getattr(field.widget, "widget", field.widget)  # inside Django's wrapper with its + and ✎
            if field.label and not widget.is_hidden:
                widget.attrs["aria-label"] = field.label

    def get_unique_error_message(self, unique_check):
        """Which rows are double, by the words at the head of their columns."""
        fields = [self.model._meta.get_field(name) for name in unique_check]
        shown = [str(capfirst(f.verbose_name)) for f in fields if f.name in self.form.base_fields]
        said = _("Two rows have the same %(fields)s: mend one, or mark it for deletion.")
        return said % {"fields": "、".join(shown)}

    def clean(self):
        super().clean()
        for form in self.forms:
            if form.has_changed() and form.is_valid() and form not in self.deleted_forms:
                self._compare_with_stored(form)

    def _compare_with_stored(self, form) -> None:
        leaving = [other.instance.pk for other in self.deleted_forms] + [form.instance.pk]
        for constraint in self.model._meta.total_unique_constraints:
            values = {
                name: getattr(form.instance, self.model._meta.get_field(name).attname) for name in constraint.fields
            }
            if None in values.values():  # the record is new, or what is unknown never clashes
                continue
            if self.model._default_manager.filter(**values).exclude(pk__in=[pk for pk in leaving if pk]).exists():
                form.add_error(None, form.instance.unique_error_message(self.model, constraint.fields))
