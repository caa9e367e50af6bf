"""What tests of signing in share: browsers that sign in, phones that show codes, all addresses of the admin."""

import re
from binascii import unhexlify

from django.test import Client
from django.urls import URLPattern, get_resolver
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from liangzhou.sign_in import two_factor
from tests.factories import PASSWORD

LOGIN, CODE, SET_UP, PASSWORD_PAGE = (
    "/admin/login/",
    "/admin/second-factor/code/",
    "/admin/second-factor/set-up/",
    "/admin/password_change/",
)
KEY = "3132333435363738393031323334353637383930"


def with_phone(user, **values):
    """A second factor of somebody, whose phone has KEY; the recovery codes come with it."""
    TOTPDevice.objects.create(user=user, name="app", key=KEY, **values)
    return two_factor.new_recovery_codes(user)


def code(key=KEY, later=0):
    """What the phone shows now, or some seconds later."""
    clock = TOTP(unhexlify(key))
    clock.time = timezone.now().timestamp() + later
    return f"{clock.token():06d}"


def signed_in(user, password=PASSWORD, goal=""):
    """A browser in which somebody typed name and password."""
    client = Client()
    answer = client.post(LOGIN, {"username": user.username, "password": password, "next": goal})
    assert answer.status_code == 302
    return client


def verified(user):
    """A browser in which somebody typed the code too."""
    client = signed_in(user)
    assert client.post(CODE, {"code": code()}).status_code == 302
    return client


def is_open(client):
    """Whether the first page of the admin opens; where not, the test hears where it leads."""
    answer = client.get("/admin/")
    return answer.status_code == 200 or answer["Location"]


def addresses():
    """An address of every page of the admin, with a value for each key; apart from signing in and out."""
    [resolver] = [one for one in get_resolver().url_patterns if getattr(one, "namespace", None) == "admin"]
    return sorted({f"/admin/{part}" for part in _parts(resolver.url_patterns)} - {"/admin/logout/", LOGIN})


def _parts(patterns):
    for pattern in patterns:
        part = str(pattern.pattern).replace("<format:format>", "csv")
        part = re.sub(r"<[^>]+>", "1", part)
        if isinstance(pattern, URLPattern):
            yield "projects/" if part.startswith("^") else "no/such/page/" if part.startswith("(") else part
        else:
            yield from (part + rest for rest in _parts(pattern.url_patterns))
