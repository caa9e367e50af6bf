"""Choosing people: what they are called in choices, and who can be chosen."""

import re

from django import forms
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet

from liangzhou.history.changes import person


def name_and_username(user) -> str:
    """The name of somebody and, since names repeat, the user name."""
    name = person(user)
    return name if name == user.get_username() else f"{name} ({user.get_username()})"


def who_can_work() -> QuerySet:
    """The people who can be given something to do: open accounts of staff."""
    return get_user_model().objects.filter(is_active=True, is_staff=True)


def choosable(already) -> QuerySet:
    """Who can be chosen where `already`, a queryset or none, has been: those stay, even if closed meanwhile."""
    found = who_can_work()
    if already is None:
        return found
    return get_user_model().objects.filter(Q(pk__in=found.values("pk")) | Q(pk__in=already.values("pk")))


class PersonField(forms.ModelChoiceField):
    """One person."""

    def label_from_instance(self, obj):
        return name_and_username(obj)


class SeveralField(forms.ModelMultipleChoiceField):
    """Some rows; a key that no row can have is told as wrong, which SQLite would trip over."""

    def clean(self, value):
        for key in value if isinstance(value, list | tuple) else ():
            if not re.fullmatch(r"\d{1,18}", str(key), re.ASCII):
                raise forms.ValidationError(
                    self.error_messages["invalid_pk_value"], code="invalid_pk_value", params={"pk": str(key)[:20]}
                )
        return super().clean(value)


class PeopleField(SeveralField):
    """Some people."""

    def label_from_instance(self, obj):
        return name_and_username(obj)


class AutocompleteChoices(AutocompleteSelectMultiple):
    """Django's choice of several by typing; it bears a posted value that is no key, and tells readers its name."""

    class Media:
        js = ("admin/js/autocomplete.js", "liangzhou/choice_names.js")  # in this order

    def build_attrs(self, base_attrs, extra_attrs=None):
        """Without the cross that takes all away at once: it stands in a list of which it is no item."""
        return super().build_attrs(base_attrs, extra_attrs) | {"data-allow-clear": "false"}

    def optgroups(self, name, value, attr=None):
        keys = [key for key in value if re.fullmatch(r"\d{1,18}", str(key), re.ASCII)]
        return super().optgroups(name, keys, attr)


class AutocompleteView(AutocompleteJsonView):
    """The choices that are found by typing: of people, the name and the user name and nothing else."""

    def get_queryset(self):
        found = super().get_queryset()
        return found.filter(is_active=True, is_staff=True) if found.model is get_user_model() else found

    def serialize_result(self, obj, to_field_name):
        result = super().serialize_result(obj, to_field_name)
        return result | {"text": name_and_username(obj)} if isinstance(obj, get_user_model()) else result
