import io

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from tests.liangzhou.account_desk import entries

pytestmark = pytest.mark.django_db

MADE = {"opened": True, "superuser": True, "method": "command"}


def test_superuser_made_by_a_command_is_in_the_audit():
    User.objects.create_superuser("there-before")

    call_command("createsuperuser", interactive=False, username="second", email="", stdout=io.StringIO())

    assert entries("account") == [("account", "", "second", "done", MADE)]


def test_first_administrator_is_in_the_audit():
    call_command("ensure_admin", stdout=io.StringIO())

    assert entries("account") == [("account", "", "admin", "done", MADE)]
