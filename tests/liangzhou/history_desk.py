"""What the tests of a record's past share: addresses, saves, and what a page tells."""

from datetime import timedelta

import time_machine
from django.urls import reverse
from django.utils import timezone

from tests.opened_form import open_form


def name_of(model, page):
    return f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"


def history_url(row, page=""):
    return reverse(name_of(type(row), f"history{page}"), args=[row.pk])


def restore_url(row, past):
    return reverse(name_of(type(row), "history_restore"), args=[getattr(past, "id", row.pk), past.history_id])


def change(row, **values):
    for name, value in values.items():
        setattr(row, name, value)
    row.stamp(None)
    row.save()


def first_save(model):
    return model.history.earliest("history_id")


def restore(client, url, **typed):
    data = open_form(client, url, "restore_form")
    return client.post(url, data | {"reason": "改错了"} | typed, follow=True)


def two_minutes_later():
    return time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False)


def saves(response):
    """The entries of a history, without the changes of stage."""
    return [entry for entry in response.context["entries"] if not entry.title]


def told(lines):
    return [(line.change.name, line.change.old, line.change.new) for line in lines]
