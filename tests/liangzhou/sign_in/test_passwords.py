"""Which passwords are taken, and how old each is."""

import getpass
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import get_default_password_validators, validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client

from liangzhou.accounts import Account
from liangzhou.management.commands.ensure_admin import random_password
from liangzhou.sign_in import passwords
from tests.factories import UserFactory
from tests.liangzhou.audit_desk import highest, since

MORNING = datetime(2026, 3, 1, 1, tzinfo=UTC)


def refusals(password, user=None):
    """The codes of the rules that a password breaks."""
    try:
        validate_password(password, user)
    except ValidationError as problem:
        return [error.code for error in problem.error_list]
    return []


@pytest.mark.parametrize(
    ("password", "broken"),
    [
        ("Jade-ochre", []),
        ("jade-ochre-62", []),
        ("JadeOchre62", []),
        ("凉州Jade6206x", []),
        ("jadeochre62", ["password_too_uniform"]),
        ("jade-ochre-x", ["password_too_uniform"]),
        ("JADEOCHRE-X", ["password_too_uniform"]),
        ("\uff2aade-\uff11\uff12\uff13\uff14\uff15", []),  # full-width letters and digits are letters and digits
        ("Jade-62", ["password_too_short"]),
        ("P@ssw0rd", ["password_too_short", "password_too_common"]),
        ("6206022026", ["password_too_uniform"]),
        ("", ["password_too_short", "password_too_uniform"]),
    ],
)
def test_password_rules(password, broken):
    assert refusals(password) == broken


def test_common_password_is_refused_in_three_classes():
    assert refusals("1q2w3e4r5t") == ["password_too_uniform", "password_too_common"]


def test_password_like_the_name_is_refused():
    assert refusals("Wangwu-1990", User(username="wangwu1990")) == ["password_too_similar"]


def test_rules_are_told_on_the_forms():
    texts = [validator.get_help_text() for validator in get_default_password_validators()]

    assert len([text for text in texts if text]) == 4


def test_password_of_the_first_administrator_keeps_the_rules():
    assert [refusals(random_password(), User(username="admin")) for _n in range(50)] == [[]] * 50


# Age


@pytest.mark.django_db
def test_age_is_noted_whoever_sets_the_password():
    user = UserFactory()
    user.set_password("Jade-and-Ochre-1")
    with time_machine.travel(MORNING, tick=False):
        user.save()

    assert list(Account.objects.values_list("user", "password_changed_at", "must_change_password")) == [
        (user.pk, MORNING, False)
    ]


@pytest.mark.django_db
def test_first_administrator_counts_from_the_first_day(settings):
    settings.PASSWORD_EXPIRY_DAYS = 90
    with time_machine.travel(MORNING, tick=False) as clock:
        call_command("ensure_admin", stdout=StringIO())
        first = User.objects.get(username="admin")
        ages = []
        for days in (90, 1):
            clock.shift(timedelta(days=days))
            ages.append(bool(passwords.why_new(first)))

    assert ages == [False, True]


@pytest.mark.django_db
def test_createsuperuser_keeps_the_rules(monkeypatch):
    typed = iter(["short", "short", "n", "Jade-and-Ochre-1", "Jade-and-Ochre-1"])
    monkeypatch.setattr("getpass.getpass", lambda prompt="": next(typed))
    monkeypatch.setattr("builtins.input", lambda prompt="": next(typed))
    said = StringIO()

    class Terminal(StringIO):
        def isatty(self):
            return True

    call_command("createsuperuser", username="boss", email="", stdin=Terminal(), stdout=said, stderr=said)

    assert User.objects.get(username="boss").check_password("Jade-and-Ochre-1")


@pytest.mark.django_db
@pytest.mark.parametrize(("crowned", "noted"), [(True, {"superuser": True}), (False, {})])
def test_password_set_by_a_command_is_in_the_audit(monkeypatch, crowned, noted):
    clerk, before = UserFactory(username="clerk", is_superuser=crowned), highest()
    monkeypatch.setattr(getpass, "getpass", lambda prompt="": "Ochre-Desert-4711")

    call_command("changepassword", "clerk", stdout=StringIO())

    clerk.refresh_from_db()
    told = [(entry.action, entry.actor, entry.target, entry.details) for entry in since(before)]
    assert told == [("password", "", "clerk", {"method": "command"} | noted)]
    assert clerk.check_password("Ochre-Desert-4711")


@pytest.mark.django_db
def test_password_set_on_a_page_is_in_the_audit_once():
    user, acting = UserFactory(), UserFactory(is_superuser=True)
    client = Client()
    client.force_login(acting)
    before = highest()

    form = {"password1": "Ochre-Desert-4711", "password2": "Ochre-Desert-4711"}
    client.post(f"/admin/auth/user/{user.pk}/password/", form)

    told = [(entry.actor, entry.target, entry.details) for entry in since(before) if entry.action == "password"]
    assert told == [(acting.username, user.username, {"by_another": True})]
