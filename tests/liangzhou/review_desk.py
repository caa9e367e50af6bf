"""What the tests of changes that wait share: an editor and a publisher at their desks, and a public project."""

from django.test import Client
from django.urls import reverse

from liangzhou.waiting import WaitingChange
from tests.factories import MilestoneFactory, ProjectFactory, UserFactory
from tests.opened_form import open_form
from tests.unrendered import Unrendered


def signed_in(user, client=None) -> Client:
    """Somebody at their desk. What becomes of what they send is looked at, and not printed, unless by a `client`."""
    client = client or Unrendered("POST")
    client.force_login(user)
    client.user = user
    return client


def desk(*roles, **kwargs) -> Client:
    """Somebody new with these roles, signed in."""
    return signed_in(UserFactory(roles=roles, **kwargs))


def public_project(**kwargs):
    return MilestoneFactory(project=ProjectFactory(published=True, **{"summary": "旧的说法", **kwargs})).project


def form_url(record):
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])


def page_url(change, page="change"):
    return reverse(f"admin:liangzhou_waitingchange_{page}", args=[change.pk])


def opened(client, record):
    return open_form(client, form_url(record), f"{record._meta.model_name}_form")


def type_into(client, record, **values):
    """Open the form, type, press save."""
    return client.post(form_url(record), opened(client, record) | values)


def waiting_change(client, record, **values) -> WaitingChange:
    """What waits after somebody changed a public record."""
    assert type_into(client, record, **(values or {"summary": "新的说法"})).status_code == 302
    return WaitingChange.objects.of(record).waiting().get()


def decide(client, change, act, **values):
    return client.post(page_url(change), {"act": act, **values})


def refused(response):
    """Why nothing was saved: the sentences that stand above the form."""
    return list(response.context_data["adminform"].form.non_field_errors())
