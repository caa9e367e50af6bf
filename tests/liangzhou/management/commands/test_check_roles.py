"""manage.py check_roles: who holds too much, who lacks a second factor, who is idle."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.factories import IndustryChainFactory, UserFactory

pytestmark = pytest.mark.django_db


def told():
    """(exit status, lines)."""
    out, status = StringIO(), 0
    try:
        call_command("check_roles", stdout=out)
    except SystemExit as end:
        status = end.code
    return status, out.getvalue().splitlines()


def named(lines):
    return [line.strip().split("\uff1a")[0] for line in lines if line.startswith("    ")]


def test_good_order_is_told_as_such():
    UserFactory(roles=["editor", "publisher"], last_login=timezone.now())
    status, lines = told()
    assert (status, named(lines), len(lines)) == (0, [], 4)


@pytest.mark.parametrize(
    "given",
    [
        {"roles": ["editor", "auditor"]},
        {"roles": ["administrator", "security"]},
        {"roles": ["security"], "permissions": ["projects.change_project"]},
        {"roles": ["auditor"], "chains": [IndustryChainFactory]},
    ],
    ids=["records-audit", "system-security", "single-right", "chain"],
)
def test_rights_of_two_duties_fail(given):
    if "chains" in given:
        given = given | {"chains": [make() for make in given["chains"]]}
    UserFactory(username="much", last_name="王", first_name="五", last_login=timezone.now(), **given)
    status, lines = told()
    assert (status, named(lines)) == (1, ["王五 (much)"])


def test_closed_accounts_and_superusers_are_no_conflict():
    UserFactory(roles=["editor", "auditor"], is_active=False)
    UserFactory(username="root", last_name="", first_name="", is_superuser=True, last_login=timezone.now())
    status, lines = told()
    assert (status, named(lines)) == (0, ["root"])


def test_missing_second_factors_are_listed(settings):
    settings.TWO_FACTOR_ROLES = ["editor"]
    now = timezone.now()
    UserFactory(username="without", last_name="甲", first_name="", roles=["editor"], last_login=now)
    UserFactory(roles=["leader"], last_login=now)
    TOTPDevice.objects.create(user=UserFactory(roles=["editor"], last_login=now), confirmed=True)
    assert named(told()[1]) == ["甲 (without)"]


def test_idle_accounts_are_listed():
    now = timezone.now()
    UserFactory(username="idle", last_name="甲", first_name="", last_login=now - timedelta(days=91))
    UserFactory(username="never", last_name="乙", first_name="", date_joined=now - timedelta(days=91))
    UserFactory(last_login=now - timedelta(days=89))
    UserFactory()
    assert named(told()[1]) == ["甲 (idle)", "乙 (never)"]
