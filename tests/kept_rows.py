"""Rows that all tests of a module share: made once, and gone after the last of them."""

from contextlib import contextmanager

from django.apps import apps
from django.contrib.auth.models import User
from django.db import transaction

from liangzhou.waiting import WaitingChange
from monthly.models import LightThresholds, RateDefinition

OURS = ("sources", "enterprises", "projects", "monthly")
INSTALLED = (RateDefinition, LightThresholds)  # a migration made their first rows


@contextmanager
def kept_rows(django_db_blocker):
    """What is saved inside stays for every test; what a test itself changes is rolled back as ever."""
    with django_db_blocker.unblock():
        try:
            yield
        finally:
            with transaction.atomic():
                for model in [
                    *(m for m in apps.get_models() if m._meta.app_label in OURS and m not in INSTALLED),
                    WaitingChange,
                    User,
                ]:
                    model._base_manager.all()._raw_delete(using="default")
