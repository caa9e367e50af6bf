"""What the pages of accounts and groups say of them, in words."""

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from liangzhou import rights
from liangzhou.accounts.people import name_and_username
from liangzhou.fieldsets import show_value
from liangzhou.history.changes import UNKNOWN
from liangzhou.permissions import may
from liangzhou.roles import BY_NAME, ROLES

ORDER = {role.name: number for number, role in enumerate(ROLES)}
LISTED = 200


def in_order(groups) -> list:
    """The roles as they are written down, then the groups that were made here."""
    return sorted(groups, key=lambda group: (ORDER.get(group.name, len(ORDER)), group.name))


def _listed(names) -> str:
    return "\u3001".join(names) or UNKNOWN


def roles(user) -> str:
    """The names of the roles and groups of an account; a superuser is called one."""
    return _listed([*([_("superuser")] if user.is_superuser else []), *(g.name for g in in_order(user.groups.all()))])


def reach(user) -> str:
    """The names of the chains and places that are theirs."""
    chains = {chain.name for force in user.task_forces.all() for chain in force.chains.all()}
    duty = getattr(user, "place_duty", None)
    return _listed([*sorted(chains), *sorted(place.name for place in (duty.places.all() if duty else ()))])


def held_roles(user) -> str:
    """The roles, each with what it is for."""
    groups = in_order(user.groups.all())
    rows = ((group.name, BY_NAME[group.name].about if rights.is_role(group) else "") for group in groups)
    return format_html_join("", '<div>{} <span class="quiet">{}</span></div>', rows) or UNKNOWN


def served(user) -> str:
    """The task forces and the duty by which chains and places are theirs, each with its names."""
    duty = getattr(user, "place_duty", None)
    rows = [(force, str(force), force.chains.all()) for force in user.task_forces.all()]
    rows += [(duty, _("Duty for places"), duty.places.all())] if duty else []
    lines = ((_linked(row, name, user.shown_to), _listed(thing.name for thing in things)) for row, name, things in rows)
    return format_html_join("", '<div>{} <span class="quiet">{}</span></div>', lines) or UNKNOWN


def rights_list(permissions) -> str:
    """Rights by kind of record, as a list."""
    kinds = rights.in_words(permissions.select_related("content_type"))
    return render_to_string("admin/accounts/rights_list.html", {"kinds": kinds}) if kinds else UNKNOWN


def people(users) -> str:
    """The names of people, each leading to the account."""
    rows = [(_linked(user, name_and_username(user)),) for user in users[: LISTED + 1]]
    more = [("…",)] if len(rows) > LISTED else []
    return format_html_join("", "<div>{}</div>", [*rows[:LISTED], *more]) or UNKNOWN


def password_state(user) -> str:
    """How old the password is, and whether another one is due."""
    account = getattr(user, "account", None)
    if not user.has_usable_password():
        return _("none: nobody can sign in")
    if account is None or account.password_changed_at is None:
        return UNKNOWN
    when = show_value(account.password_changed_at)
    if account.must_change_password:
        return _("set at %(when)s by somebody else; a new one must be chosen") % {"when": when}
    return _("set at %(when)s") % {"when": when}


def _linked(row, name: str, shown_to=None) -> str:
    opts = row._meta
    if shown_to is not None and not may(shown_to, "view", row):
        return name
    url = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row.pk])
    return format_html('<a href="{}">{}</a>', url, name)
