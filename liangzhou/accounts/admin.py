"""Accounts and groups in the admin: who opens accounts grants no roles, who grants roles opens none."""

from copy import copy

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth import admin as stock
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import CharField, Count, Exists, OuterRef
from django.db.models.functions import Concat
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp.plugins.otp_totp.models import TOTPDevice

from liangzhou import accounts, rights
from liangzhou.accounts import trail as account_audit
from liangzhou.accounts import words as account_words
from liangzhou.accounts.forms import AccountForm, GroupForm, NewAccountForm, NewPasswordForm, RightsField, RolesField
from liangzhou.accounts.trail import RefusalsKept
from liangzhou.lists import GuardedList
from liangzhou.permissions import grants_to_oneself, may_reset_second_factor, powers_over
from liangzhou.roles import BY_NAME

admin.site.unregister((User, Group))  # django.contrib.auth.admin has just registered its own


@admin.register(User)
class AccountAdmin(RefusalsKept, GuardedList, stock.UserAdmin):
    """Accounts are opened and closed, never deleted: the names stay beside what they did."""

    form = AccountForm
    add_form = NewAccountForm
    change_password_form = NewPasswordForm
    add_fieldsets = ((None, {"fields": ("username", "last_name", "first_name", "email", "password1", "password2")}),)
    list_display = ("name", "username", "roles", "reach", "is_active", "last_login", "second_factor")
    list_display_links = ("name", "username")
    list_filter = ("is_active", "groups", "is_staff", "is_superuser")
    list_per_page = 50
    search_fields = ("username", "whole_name")
    search_help_text = gettext_lazy("Name or user name.")
    ordering = ("-is_active", "username")
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    filter_horizontal = ()
    actions = None
    guarded = ("groups", "user_permissions", "is_superuser", "is_active", "is_staff", "username", "password")

    # Who may

    def has_change_permission(self, request, obj=None):
        return bool(powers_over(request.user, obj))

    def has_add_permission(self, request):
        return "keep" in powers_over(request.user) and super().has_add_permission(request)

    def has_view_permission(self, request, obj=None):
        return super().has_view_permission(request, obj) or bool(powers_over(request.user))

    def has_delete_permission(self, request, obj=None):
        return False

    # The list

    def get_queryset(self, request):
        whole = Concat("last_name", "first_name", output_field=CharField())
        factor = Exists(TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True))
        found = super().get_queryset(request).annotate(whole_name=whole, has_second_factor=factor)
        return found.select_related("place_duty", "account").prefetch_related(
            "groups", "task_forces__chains", "place_duty__places"
        )

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, search_term.replace("\0", " ")[:100])

    @admin.display(description=gettext_lazy("name"), ordering="whole_name", empty_value="—")
    def name(self, obj):
        return f"{obj.last_name}{obj.first_name}" or None

    @admin.display(description=gettext_lazy("roles"))
    def roles(self, obj):
        return account_words.roles(obj)

    @admin.display(description=gettext_lazy("chains and places"))
    def reach(self, obj):
        return account_words.reach(obj)

    @admin.display(description=gettext_lazy("second factor"), boolean=True)
    def second_factor(self, obj):
        return obj.has_second_factor

    # The form

    def get_object(self, request, object_id, from_field=None):
        obj = super().get_object(request, object_id, from_field)
        if obj is not None:
            obj.shown_to = request.user  # who is led only to pages that they may open
        return obj

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return self.add_fieldsets
        powers = powers_over(request.user, obj)
        granted = ["groups" if "grant" in powers else "held_roles", "served"]
        if "crown" in powers or obj.user_permissions.exists():
            granted.append("user_permissions" if "crown" in powers else "single_rights")
        state = ["is_active", "is_staff", *(["is_superuser"] if "crown" in powers or obj.is_superuser else [])]
        account = (_("Account"), {"fields": [*state, "password_state", "factor_state", "last_login", "date_joined"]})
        parts = [account, (_("Roles"), {"fields": granted})]
        if powers == {"grant"}:
            parts.reverse()  # first what is theirs to do
        return [(None, {"fields": ["username", "last_name", "first_name", "email"]}), *parts]

    def get_readonly_fields(self, request, obj=None):
        if obj is None:
            return ()
        powers, fixed = powers_over(request.user, obj), ["username", "last_login", "date_joined"]
        if "keep" not in powers:
            fixed += ["last_name", "first_name", "email"]
        if "keep" not in powers or ("crown" not in powers and obj.pk == request.user.pk):
            fixed += ["is_active", "is_staff"]
        if "crown" not in powers:
            fixed.append("is_superuser")
        return (*fixed, "password_state", "factor_state", "held_roles", "served", "single_rights")

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "groups":
            return RolesField(queryset=Group.objects.all(), label=_("Roles"), required=False)
        if db_field.name == "user_permissions":
            help_text = _("Beside the roles, for an exception. A group says better what somebody is.")
            return RightsField(label=_("Single rights"), required=False, help_text=help_text)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description=gettext_lazy("roles"))
    def held_roles(self, obj):
        return account_words.held_roles(obj)

    @admin.display(description=gettext_lazy("chains and places"))
    def served(self, obj):
        return account_words.served(obj)

    @admin.display(description=gettext_lazy("single rights"))
    def single_rights(self, obj):
        return account_words.rights_list(obj.user_permissions)

    @admin.display(description=gettext_lazy("password"))
    def password_state(self, obj):
        return account_words.password_state(obj)

    @admin.display(description=gettext_lazy("second factor"))
    def factor_state(self, obj):
        return _("set up") if obj.has_second_factor else _("none")

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        """With the ways to the pages that are more than a field."""
        if obj is not None:
            keeps = "keep" in powers_over(request.user, obj)
            context |= {"may_set_password": keeps and obj != request.user, "factor_url": _factor_url(request, obj)}
        return super().render_change_form(request, context, add, change, form_url, obj)

    # Saving

    def save_model(self, request, obj, form, change):
        if not change:
            obj.is_staff = True  # there is nothing to sign in for but the admin
            super().save_model(request, obj, form, change)
            accounts.require_new_password(obj)
            return
        request.account_before = User.objects.get(pk=obj.pk)
        request.rights_before = account_audit.rights_of_account(request.account_before)
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if change:
            account_audit.record_account(form.instance, request.account_before, request.rights_before)
        else:
            account_audit.record_opened(form.instance)

    def user_change_password(self, request, id, form_url=""):  # noqa: A002 (Django's name)
        """A password for somebody else, who must choose another; for one's own the old one is asked."""
        user = self.get_object(request, unquote(id))
        if user is not None and "keep" not in powers_over(request.user, user):
            raise PermissionDenied
        if user == request.user:
            return HttpResponseRedirect(reverse("admin:password_change"))
        with transaction.atomic():
            return super().user_change_password(request, id, form_url)


@admin.register(Group)
class RoleAdmin(RefusalsKept, GuardedList, stock.GroupAdmin):
    """The roles, to be read, and groups made here, which hold rights on records."""

    form = GroupForm
    list_display = ("name", "kind", "about", "members")
    list_filter = ()
    search_fields = ("name",)
    ordering = ("pk",)
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    filter_horizontal = ()
    readonly_fields = ("about", "people")
    guarded = ("name", "permissions")

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self._is_theirs(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self._is_theirs(request, obj)

    def _is_theirs(self, request, group) -> bool:
        """Roles come with the software. Others: not one's own group, nor what holds more than one may give."""
        if group is None or request.user.is_superuser:
            return not rights.is_role(group)
        more = rights.names_of(group.permissions.order_by()) - rights.grantable(request.user)
        return not (rights.is_role(group) or more or grants_to_oneself(request.user, group.user_set.all()))

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(member_count=Count("user"))

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(request, queryset, search_term.replace("\0", " ")[:100])

    @admin.display(description=gettext_lazy("kind"))
    def kind(self, obj):
        return _("role") if rights.is_role(obj) else _("group made here")

    @admin.display(description=gettext_lazy("what it is for"), empty_value="—")
    def about(self, obj):
        return BY_NAME[obj.name].about if rights.is_role(obj) else None

    @admin.display(description=gettext_lazy("members"), ordering="member_count")
    def members(self, obj):
        return obj.member_count

    @admin.display(description=gettext_lazy("members"))
    def people(self, obj):
        return account_words.people(obj.user_set.order_by("username"))

    @admin.display(description=gettext_lazy("rights"))
    def rights_in_words(self, obj):
        return account_words.rights_list(obj.permissions)

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return [(None, {"fields": ["name", "permissions"]})]
        changes = self.has_change_permission(request, obj)
        about = ["about"] if rights.is_role(obj) else []
        return [(None, {"fields": ["name", *about, "permissions" if changes else "rights_in_words", "people"]})]

    def get_readonly_fields(self, request, obj=None):
        return (*self.readonly_fields, "rights_in_words")

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "permissions":
            return RightsField(label=_("Rights"), required=False)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change):
        there = Group.objects.get(pk=obj.pk) if change else None
        request.group_before = account_audit.state_of_group(there) if there else {}
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        after = account_audit.state_of_group(form.instance)
        account_audit.record_rights(form.instance, request.group_before, after)

    def delete_model(self, request, obj):
        self._delete([obj])

    def delete_queryset(self, request, queryset):
        self._delete(list(queryset))

    @transaction.atomic
    def _delete(self, groups: list) -> None:
        """All of them before the first entry: who writes into the trail makes others wait, and must not wait."""
        rights.lock()
        gone = [(copy(group), account_audit.state_of_group(group) | _members_of(group)) for group in groups]
        for group in groups:
            group.delete()
        for group, state in gone:
            account_audit.record_rights(group, state, {})


def _members_of(group) -> dict:
    return {"members": sorted(group.user_set.values_list("username", flat=True))}


def _factor_url(request, user) -> str:
    """The page that takes a lost second factor away; empty where that is not theirs to do, or nothing is lost."""
    if not (user.has_second_factor and may_reset_second_factor(request.user, user)):
        return ""
    return reverse("admin:second_factor_reset", args=[user.pk])
