"""The admin of what gives people chains or places: nobody gives to themselves, and every change is in the audit."""

from copy import copy

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from liangzhou import rights
from liangzhou.accounts import people
from liangzhou.accounts.forms import RefusingForm
from liangzhou.accounts.trail import RefusalsKept, record_rights
from liangzhou.admin import LedgerAdmin
from liangzhou.forms import LedgerForm
from liangzhou.permissions import duties_in_conflict, grants_to_oneself


def why_not_give(user, person) -> str:
    """Why somebody must not give a person chains or places, in a sentence; empty where they may."""
    if grants_to_oneself(user, [person]):
        return _("Nobody gives chains or places to themselves, or takes them: ask another security administrator.")
    sentence = "" if person.is_superuser else duties_in_conflict(rights.held(person) | {rights.WORK_IN_THE_FIELD})
    if not sentence:
        return ""
    return _("%(name)s works on something else. %(sentence)s") % {
        "name": people.name_and_username(person),
        "sentence": sentence,
    }


class GrantForm(RefusingForm, LedgerForm):
    """Who gets what. `people_field` names the person or the people."""

    people_field = ""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields.get(self.people_field)
        if field is not None:
            there = self.instance.people if self.instance.pk else None
            field.queryset = people.choosable(there)

    def clean(self):
        cleaned = super().clean()
        chosen = cleaned.get(self.people_field)
        several = isinstance(self.fields.get(self.people_field), people.PeopleField)
        chosen = set(chosen or ()) if several else {chosen} - {None}
        concerned = chosen | set(self.instance.people if self.instance.pk else ())
        for person in sorted(concerned, key=lambda person: person.pk):
            own = grants_to_oneself(self.acting, [person])
            sentence = why_not_give(self.acting, person) if own or person in chosen else ""
            if sentence:
                self.refuse(self.people_field, sentence)
        return cleaned


class GrantAdmin(RefusalsKept, LedgerAdmin):
    """What the admins of task forces and of duties for places share. `state` gives what is told of a change."""

    form = GrantForm
    list_filter = ()

    def state(self, obj) -> dict:
        """What a row gives to whom, by name."""
        raise NotImplementedError

    # Who may: who may give at all, apart from what concerns themselves

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not self._is_own(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not self._is_own(request, obj)

    def _is_own(self, request, obj) -> bool:
        return obj is not None and obj.pk is not None and grants_to_oneself(request.user, obj.people)

    def check_restored(self, request, obj, parts):
        sentences = [why_not_give(request.user, person) for person in obj.people]
        return [*super().check_restored(request, obj, parts), *filter(None, sentences)]

    # Choosing

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.related_model is get_user_model():
            kwargs["form_class"] = people.PersonField
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs.setdefault("widget", people.AutocompleteChoices(db_field, self.admin_site))
        several = people.PeopleField if db_field.related_model is get_user_model() else people.SeveralField
        kwargs["form_class"] = several
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    # Saving

    def save_model(self, request, obj, form, change):
        request.state_before = self._state_there(obj)
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        record_rights(form.instance, request.state_before, self.state(form.instance))

    def after_restored(self, request, obj, before):
        super().after_restored(request, obj, before)
        record_rights(obj, self.state(before) if before else {}, self.state(obj))

    def _delete(self, request, obj) -> None:
        self._delete_rows([obj])

    def _delete_all(self, request, queryset) -> None:
        self._delete_rows(list(queryset))

    def _delete_rows(self, rows: list) -> None:
        """All of them before the first entry: who writes into the trail makes others wait, and must not wait."""
        rights.lock()
        given = [(copy(obj), self.state(obj)) for obj in rows]
        for obj in rows:
            obj.delete()
        for obj, state in given:
            record_rights(obj, state, {})

    def _state_there(self, obj) -> dict:
        there = self.model._default_manager.filter(pk=obj.pk).first() if obj.pk else None
        return self.state(there) if there else {}
