import io
import re

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.management import call_command
from django.test import RequestFactory
from django.utils import translation

from liangzhou.management.commands.ensure_admin import random_password

pytestmark = pytest.mark.django_db
User = get_user_model()


def ensure_admin(**options):
    """Runs the command; returns what it printed to the two streams."""
    out, err = io.StringIO(), io.StringIO()
    with translation.override("en"):
        call_command("ensure_admin", stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


def test_ensure_admin_creates_a_superuser_who_can_sign_in_with_the_printed_password():
    out, err = ensure_admin(site="http://127.0.0.1:9000")

    first, address, username, password = (line.strip() for line in out.splitlines())
    assert first == "An administrator has been created. The password is shown only this once:"
    assert (address, username, err) == ("http://127.0.0.1:9000/admin/", "admin", "")
    user = authenticate(RequestFactory().post("/admin/login/"), username="admin", password=password)
    assert user == User.objects.get()
    assert (user.is_superuser, user.is_staff, user.is_active) == (True, True, True)


def test_ensure_admin_says_and_changes_nothing_the_second_time():
    ensure_admin()
    before = list(User.objects.values())

    assert ensure_admin() == ("", "")
    assert list(User.objects.values()) == before


@pytest.mark.parametrize("active", [True, False])
def test_ensure_admin_leaves_alone_a_site_with_another_superuser(active):
    User.objects.create_user("clerk", is_superuser=True, is_active=active)

    assert ensure_admin() == ("", "")
    assert list(User.objects.values_list("username", flat=True)) == ["clerk"]


def test_ensure_admin_does_not_promote_an_ordinary_user_named_admin():
    User.objects.create_user("admin")

    assert ensure_admin() == (
        "",
        "There is no superuser, and the user name admin is taken: run manage.py createsuperuser.\n",
    )
    assert User.objects.get().is_superuser is False


def test_random_password_is_long_and_without_letters_that_look_alike():
    password = random_password()

    assert re.fullmatch(r"([a-hjkmnp-z2-9]{5}-){3}[a-hjkmnp-z2-9]{5}", password)
    assert random_password() != password
    validate_password(password)
