"""The desks of those who administer accounts, and what the audit trail says of their acts."""

from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from liangzhou.audit import AuditEntry
from liangzhou.roles import BY_CODE
from tests.factories import UserFactory

ANOTHER = "Ochre-Desert-4711"


def at_desk(*roles, **given):
    """A client in which somebody with these roles is signed in; `client.user` is who."""
    client = Client()
    client.user = UserFactory(roles=roles, **given)
    client.force_login(client.user)
    return client


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def page(user, name="change"):
    return reverse(f"admin:auth_user_{name}", args=[user.pk])


def group(code):
    return Group.objects.get(name=BY_CODE[code].name)


def made_here(name, *rights):
    """A group that is no role."""
    made = Group.objects.create(name=name)
    for right in rights:
        app, _dot, codename = right.partition(".")
        made.permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    return made


def account_form(user, **typed):
    """What the form of an account sends, for every field that any administrator has; None leaves one out."""
    sent = {
        "last_name": user.last_name,
        "first_name": user.first_name,
        "email": user.email,
        "is_active": "on" if user.is_active else None,
        "is_staff": "on" if user.is_staff else None,
    }
    return {name: value for name, value in (sent | typed).items() if value is not None}


def entries(*actions):
    """What the audit trail holds of these acts, oldest first: (action, who, of what, result, details)."""
    found = AuditEntry.objects.filter(action__in=actions).order_by("number")
    return [(row.action, row.actor, row.target, row.result, row.details) for row in found]


def roles_of(user):
    return sorted(user.groups.values_list("name", flat=True))
