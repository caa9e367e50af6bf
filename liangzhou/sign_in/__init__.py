"""Who may sign in, what the lock-out of repeated failures (django-axes) counts by, and the page it shows."""

import math
import unicodedata
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Sum
from django.utils import timezone
from django.utils.translation import ngettext
from django_otp.plugins.otp_totp.models import TOTPDevice

from liangzhou import audit, errors

LONGEST_USERNAME = 150  # as in auth.User; full-width ligatures can grow past it


class StaffBackend(ModelBackend):
    """Knows the staff alone: whoever is disabled or no staff is refused, and counted, like a wrong password."""

    def user_can_authenticate(self, user) -> bool:
        return user.is_active and user.is_staff

    def get_user(self, user_id):
        """With what every page of the admin asks of its reader, in the one query."""
        devices = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
        users = User.objects.select_related("account").annotate(has_second_factor=Exists(devices))
        user = users.filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None


class LockOut(AxesDatabaseHandler):
    """Locks a name at an address after few failures, and an address after many, whatever the names.

    The second stops who tries one password with many names. Its limit is so much higher that an office
    behind one address does not meet it by mistyping; who is signed in there stays signed in.
    """

    def is_locked(self, request, credentials=None) -> bool:
        return super().is_locked(request, credentials) or _is_address_locked(request)


def _most_at_address() -> float:
    return settings.SIGN_IN_ADDRESS_LIMIT or math.inf


def _is_address_locked(request) -> bool:
    return not hides_people(request) and failures_at(client_address(request)) >= _most_at_address()


def hides_people(request) -> bool:
    """Whether everybody comes from the address that this request came from: it says nothing, and locks nobody.

    So it is over a unix socket, and behind a proxy on this machine that TRUSTED_PROXIES does not count.
    """
    address = client_address(request)
    return address is None or ("HTTP_X_FORWARDED_FOR" in request.META and _is_loopback(address))


def _is_loopback(address: str) -> bool:
    found = ip_address(address)
    return found.is_loopback or found.is_unspecified  # `::`, to which the /64 of ::1 is cut


def failures_at(address: str) -> int:
    """How many sign-ins from an address failed within the time that a lock lasts."""
    total = _counted(address).aggregate(total=Sum("failures_since_start"))["total"]
    return total or 0


def _counted(address):
    return AccessAttempt.objects.filter(ip_address=address, attempt_time__gte=timezone.now() - get_cool_off())


def is_password_of(request, password: str) -> bool:
    """Whether this is the password of who is signed in. A wrong one counts as a failed sign-in, and locks like one."""
    user = authenticate(request, username=request.user.get_username(), password=password)
    return user is not None and user.pk == request.user.pk


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


@transaction.atomic
def unlock(attempts) -> None:
    """Forget failed sign-ins: the names may be tried again at once. All of a name at an address go together.

    The audit trail names accounts alone: what else was typed as a name may be a password.
    """
    unlocked = []
    for name, address in sorted(set(attempts.values_list("username", "ip_address")), key=str):
        AccessAttempt.objects.filter(username=name, ip_address=address).delete()
        unlocked.append((User.objects.filter(username__iexact=name).first(), address or ""))
    for account, address in unlocked:  # after all else: who writes into the trail makes others wait
        audit.record(audit.Action.SIGN_IN_UNLOCKED, target=account, at_address=address)


def locked_out(request, response=None, credentials=None):
    """The page for a user name or an address that is locked, with how long to wait."""
    waits = address_remaining(request)
    seconds = math.ceil((waits or remaining(request, credentials)).total_seconds())
    minutes = math.ceil(seconds / 60)
    happened = _too_many_here(minutes) if waits else _too_many_of_name(minutes)
    return errors.answer(request, 429, happened=happened, retry_after=seconds)


def _too_many_of_name(minutes: int) -> str:
    return ngettext(
        "Too many attempts to sign in with this user name have failed. Try again in %(minutes)d minute.",
        "Too many attempts to sign in with this user name have failed. Try again in %(minutes)d minutes.",
        minutes,
    ) % {"minutes": minutes}


def _too_many_here(minutes: int) -> str:
    return ngettext(
        "Too many attempts to sign in from your network have failed. Try again in %(minutes)d minute.",
        "Too many attempts to sign in from your network have failed. Try again in %(minutes)d minutes.",
        minutes,
    ) % {"minutes": minutes}


def remaining(request, credentials) -> timedelta:
    """How long the lock of this user name at this address lasts still; at least a second."""
    failed = AccessAttempt.objects.filter(
        username=normalised_username(request, credentials), ip_address=client_address(request)
    )
    now = timezone.now()
    latest = failed.aggregate(latest=Max("attempt_time"))["latest"] or now
    return max(latest + get_cool_off(request) - now, timedelta(seconds=1))


def address_remaining(request) -> timedelta | None:
    """How long this address is locked for all names still: until enough failures are old. None where it is not."""
    if hides_people(request):
        return None
    attempts = list(_counted(client_address(request)).order_by("attempt_time"))
    left, latest = sum(attempt.failures_since_start for attempt in attempts), None
    for attempt in attempts:
        if left < _most_at_address():
            break
        left, latest = left - attempt.failures_since_start, attempt.attempt_time
    return max(latest + get_cool_off(request) - timezone.now(), timedelta(seconds=1)) if latest else None
