"""What the lock-out of repeated failed sign-ins (django-axes) counts by, and the page it shows."""

import math
import unicodedata
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import ngettext

from liangzhou import errors

LONGEST_USERNAME = 150  # as in auth.User; full-width ligatures can grow past it


def normalised_username(request, credentials=None) -> str:
    """The name that failures are counted under: every spelling of one name is the same name."""
    typed = (credentials or request.POST).get("username") or ""
    name = unicodedata.normalize("NFKC", typed).casefold().replace("\0", "").strip()
    return name[:LONGEST_USERNAME]


def client_address(request) -> str | None:
    """The address of the browser: IPv4, or the /64 network of an IPv6 address; None over a unix socket.

    X-Forwarded-For is believed only as far as settings.TRUSTED_PROXIES proxies wrote it: each
    adds, at the end, the address it was asked from. What stands before may be made up.
    """
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    trusted = settings.TRUSTED_PROXIES
    if trusted and len(forwarded) >= trusted:
        return _address(forwarded[-trusted]) or _address(request.META.get("REMOTE_ADDR"))
    return _address(request.META.get("REMOTE_ADDR"))


def _address(text: str | None) -> str | None:
    text = (text or "").strip()
    if text.startswith("["):  # [2001:db8::1]:443
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:  # 192.0.2.1:443
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ip_network((address, 64), strict=False).network_address)  # one household has all of a /64


def locked_out(request, response=None, credentials=None):
    """The page for a user name that is locked from this address, with how long to wait."""
    seconds = math.ceil(remaining(request, credentials).total_seconds())
    minutes = math.ceil(seconds / 60)
    happened = ngettext(
        "Too many attempts to sign in with this user name have failed. Try again in %(minutes)d minute.",
        "Too many attempts to sign in with this user name have failed. Try again in %(minutes)d minutes.",
        minutes,
    ) % {"minutes": minutes}
    return errors.answer(request, 429, happened=happened, retry_after=seconds)


def remaining(request, credentials) -> timedelta:
    """How long the lock of this user name at this address lasts still; at least a second."""
    failed = AccessAttempt.objects.filter(
        username=normalised_username(request, credentials), ip_address=client_address(request)
    )
    now = timezone.now()
    latest = failed.aggregate(latest=Max("attempt_time"))["latest"] or now
    return max(latest + get_cool_off(request) - now, timedelta(seconds=1))
