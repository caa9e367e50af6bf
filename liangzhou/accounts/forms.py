"""The forms of accounts and groups: what is asked before an account is opened, closed or given rights."""

from django import forms
from django.contrib.auth.forms import AdminPasswordChangeForm, AdminUserCreationForm
from django.contrib.auth.models import Group, Permission, User
from django.core.exceptions import ValidationError
from django.forms.models import ModelChoiceIteratorValue
from django.template import loader
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from liangzhou import accounts, audit, rights
from liangzhou.accounts.people import SeveralField, name_and_username
from liangzhou.accounts.words import in_order
from liangzhou.permissions import duties_in_conflict
from liangzhou.roles import BY_NAME

NAMED = 5


class BoxesWidget(forms.CheckboxSelectMultiple):
    """Boxes to tick, by a template of ours."""

    use_fieldset = True

    def _render(self, template_name, context, renderer=None):
        return mark_safe(loader.render_to_string(template_name, context))  # noqa: S308 (the template escapes)


class RolesWidget(BoxesWidget):
    """Roles, each with what it is for."""

    template_name = "admin/accounts/roles_choice.html"


class RightsWidget(BoxesWidget):
    """Rights, by kind of record."""

    template_name = "admin/accounts/rights_choice.html"


class _RolesIterator(forms.models.ModelChoiceIterator):
    """The roles in the order in which they are written down, then the groups that were made here."""

    def __iter__(self):
        return iter([self.choice(group) for group in in_order(self.queryset)])


class RolesField(SeveralField):
    """The roles and groups of an account."""

    iterator = _RolesIterator
    widget = RolesWidget

    def label_from_instance(self, obj):
        role = BY_NAME.get(obj.name)
        about = role.about if role else _("A group that was made here.")
        return format_html('<strong>{}</strong> <span class="quiet">{}</span>', obj.name, about)


class _RightsIterator(forms.models.ModelChoiceIterator):
    """Rights by kind of record, in words."""

    def __iter__(self):
        for kind, rows in rights.in_words(self.queryset):
            yield kind, [(ModelChoiceIteratorValue(right.pk, right), act) for right, act in rows]


class RightsField(SeveralField):
    """Single rights."""

    iterator = _RightsIterator
    widget = RightsWidget

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("queryset", Permission.objects.none())
        super().__init__(*args, **kwargs)


class RefusingForm(forms.ModelForm):
    """A form that notes what it refused. `acting` is who asks; `guarded` are the fields that a forger would add."""

    acting = None
    guarded: tuple[str, ...] = ()
    refusals: list[str] = []

    def clean(self):
        cleaned = super().clean()
        self.refusals += [name for name in self.guarded if name in self.data and name not in self.fields]
        return cleaned

    def refuse(self, field: str | None, sentence: str) -> None:
        self.refusals.append(sentence)
        self.add_error(field, ValidationError(sentence, code="refused"))


class NewAccountForm(RefusingForm, AdminUserCreationForm):
    """A new account: whoever it is for chooses another password at the first sign-in."""

    usable_password = None

    class Meta(AdminUserCreationForm.Meta):
        fields = ("username", "last_name", "first_name", "email")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password1"].required = self.fields["password2"].required = True


class NewPasswordForm(AdminPasswordChangeForm):
    """A password that somebody else chooses: it serves for one sign-in."""

    usable_password = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password1"].required = self.fields["password2"].required = True

    def save(self, commit=True):
        user = super().save(commit)
        accounts.require_new_password(user)
        audit.record(audit.Action.PASSWORD_CHANGED, target=user, by_another=True)
        return user


class AccountForm(RefusingForm):
    """An account that is there. Which fields it has is for those who ask it: accounts/admin.py."""

    class Meta:
        model = User
        fields = "__all__"  # noqa: DJ007 (the admin names them)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "user_permissions" in self.fields:
            self.fields["user_permissions"].queryset = _with_held(self.acting, self.instance.user_permissions.all())

    def clean(self):
        cleaned = super().clean()
        if {"groups", "user_permissions", "is_superuser"} & set(self.changed_data):
            self._keep_duties_apart()
        if {"is_active", "is_staff", "is_superuser"} & set(self.changed_data):
            self._keep_a_superuser()
        return cleaned

    def _will_be(self, name: str) -> bool:
        return self.cleaned_data.get(name, getattr(self.instance, name))

    def _keep_duties_apart(self) -> None:
        if self._will_be("is_superuser"):
            return
        chosen = {"groups": self.cleaned_data.get("groups"), "own": self.cleaned_data.get("user_permissions")}
        sentence = duties_in_conflict(rights.held(self.instance, **chosen))
        if sentence:
            self.refuse("groups" if "groups" in self.fields else None, sentence)

    def _keep_a_superuser(self) -> None:
        user, able = self.instance, all(map(self._will_be, ("is_active", "is_staff", "is_superuser")))
        if able or not (user.is_superuser and user.is_active and user.is_staff):
            return
        others = User.objects.filter(is_superuser=True, is_active=True, is_staff=True).exclude(pk=user.pk)
        if not others.exists():
            self.refuse(None, _("This is the last superuser: open another one first."))


class GroupForm(RefusingForm):
    """A group that is no role."""

    class Meta:
        model = Group
        fields = ("name", "permissions")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "permissions" in self.fields:
            there = self.instance.permissions.all() if self.instance.pk else Permission.objects.none()
            self.fields["permissions"].queryset = _with_held(self.acting, there)

    def clean_permissions(self):
        chosen = self.cleaned_data["permissions"]
        added = rights.names_of(chosen)
        sentence = duties_in_conflict(added)
        if sentence:
            self.refuse("permissions", sentence)
        elif self.instance.pk and "permissions" in self.changed_data:
            self._ask_for_members(added)
        return chosen

    def _ask_for_members(self, added: set[str]) -> None:
        """A right in a group is a right of each of its members, who may hold others elsewhere."""
        members = self.instance.user_set.filter(is_superuser=False).order_by("username")
        kept = [(user, duties_in_conflict(self._elsewhere(user) | added)) for user in members]
        conflicts = [(user, sentence) for user, sentence in kept if sentence]
        if conflicts:
            names = "\u3001".join(name_and_username(user) for user, _sentence in conflicts[:NAMED])
            sentence = _("%(names)s would hold too much. %(sentence)s")
            self.refuse("permissions", sentence % {"names": names, "sentence": conflicts[0][1]})

    def _elsewhere(self, user) -> set[str]:
        return rights.held(user, groups=user.groups.exclude(pk=self.instance.pk))


def _with_held(user, there):
    """What somebody may choose from, and what is chosen already: only superusers open what holds more."""
    return rights.choosable(rights.grantable(user) | rights.names_of(there.order_by()))
