"""The second factor: the code of an app (TOTP, by django-otp) or a recovery code, and who has one."""

import base64
import math
import secrets
import unicodedata
from binascii import unhexlify
from urllib.parse import quote

import qrcode
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp.util import random_hex

from liangzhou import audit
from liangzhou.audit.limits import record_often
from liangzhou.sign_in import sessions

DIGITS = 6
RECOVERY_CODES, RECOVERY_LENGTH = 10, 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike: i l o 0 1; ten of them are 49 bits
FEW_LEFT = 3
MOST_FAILURES = 10  # that are counted: the wait ends growing at 2 ** 9 seconds, eight and a half minutes
RECORDED_AN_HOUR = 50  # wrong codes of one account, in full


# Who has one


def is_on(user) -> bool:
    """Whether somebody has a second factor. StaffBackend asks for it with the user."""
    known = getattr(user, "has_second_factor", None)
    return TOTPDevice.objects.filter(user_id=user.pk, confirmed=True).exists() if known is None else known


def is_verified(user) -> bool:
    """Whether the code was asked for in this session, and was right."""
    return getattr(user, "otp_device", None) is not None


def recovery_codes_left(user) -> int:
    """How many recovery codes somebody has not used yet."""
    return StaticToken.objects.filter(device__user_id=user.pk).count()


# Codes as typed


def plain(typed: str) -> str:
    """A code without what people type around it: spaces, hyphens, full-width spellings, capital letters."""
    text = unicodedata.normalize("NFKC", typed).casefold()
    return "".join(character for character in text if character.isalnum())


def verify(user, typed: str):
    """The device whose code this is; it is used up. A ValidationError says what is wrong.

    After a wrong code the next is looked at only after a while, twice as long each time up to some minutes: a
    stranger who knows the password must not shut the owner out for days.
    """
    code = plain(typed)
    kind, token = _kind_of(user, code)
    with transaction.atomic():
        device = _locked_device(kind, user)
        allowed, hindrance = device.verify_is_allowed() if device else (True, None)
        right = device is not None and device.verify_token(token)
        method = "app" if kind is TOTPDevice else "recovery code"
        if right:
            audit.record(audit.Action.SECOND_FACTOR, by=user, method=method)
    if right:
        return device
    _record_failure(user, audit.Result.FAILED if allowed else audit.Result.REFUSED, method)
    raise ValidationError(_wrong() if allowed else _wait(hindrance["locked_until"]))


def _locked_device(kind, user):
    device = kind.objects.select_for_update().filter(user=user, confirmed=True).order_by("pk").first()
    if device:
        device.throttling_failure_count = min(device.throttling_failure_count, MOST_FAILURES)
    return device


def _record_failure(user, result: str, method: str) -> None:
    limits = {f"account {user.pk}": RECORDED_AN_HOUR}
    record_often(audit.Action.SECOND_FACTOR, limits=limits, by=user, result=result, method=method)


def _kind_of(user, code: str):
    """Which device a code is for, and what that device knows of it."""
    if len(code) == DIGITS and code.isascii() and code.isdecimal():
        return TOTPDevice, code
    if len(code) == RECOVERY_LENGTH and set(code) <= set(LETTERS):
        return StaticDevice, _kept(user, code)
    raise ValidationError(_("A code of the app has six digits; a recovery code has ten letters and digits."))


def _wrong() -> str:
    return _("This code is wrong, or it was used before. Wait for the next one and enter that.")


def _wait(until) -> str:
    seconds = max(1, math.ceil((until - timezone.now()).total_seconds()))
    if seconds < 60:
        return ngettext(
            "Wrong codes were entered. Try again in %(count)d second.",
            "Wrong codes were entered. Try again in %(count)d seconds.",
            seconds,
        ) % {"count": seconds}
    minutes = math.ceil(seconds / 60)
    return ngettext(
        "Wrong codes were entered. Try again in %(count)d minute.",
        "Wrong codes were entered. Try again in %(count)d minutes.",
        minutes,
    ) % {"count": minutes}


def _kept(user, code: str) -> str:
    """What is kept of a recovery code: who reads the database cannot sign in with it. 96 bits in 16 characters."""
    digest = salted_hmac("liangzhou.two_factor", f"{user.pk}:{code}", algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest[:12]).decode()


# Setting up, and taking away


def new_key() -> str:
    """A secret for an app: 160 bits in hexadecimal digits."""
    return random_hex(20)


def shown_key(key: str) -> str:
    """A key as apps take it when it is typed: base32 in groups of four."""
    text = base64.b32encode(unhexlify(key)).decode()
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def address_of(user, key: str) -> str:
    """What the QR code holds: otpauth://totp/… django-otp's names the site twice, which makes the squares small."""
    secret = shown_key(key).replace(" ", "")
    return f"otpauth://totp/{quote(user.get_username())}?secret={secret}&issuer={quote(settings.OTP_TOTP_ISSUER)}"


def squares(text: str) -> tuple[int, str]:
    """A QR code: how many squares wide, margin and all, and the dark ones as the path of an SVG."""
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_L, border=4)
    code.add_data(text)
    matrix = code.get_matrix()
    dark = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(matrix) for x, is_dark in enumerate(row) if is_dark)
    return len(matrix), "".join(dark)


def first_of(key: str, typed: str) -> TOTP:
    """What the app knows of a key by its first code; a ValidationError says that the code is wrong."""
    first = TOTP(unhexlify(key))
    first.time = timezone.now().timestamp()
    code = plain(typed)
    if not (len(code) == DIGITS and code.isascii() and code.isdecimal() and first.verify(int(code), tolerance=1)):
        raise ValidationError(_("This is not the code that the app shows now. Look at the clock of the phone too."))
    return first


def set_up(user, key: str, typed: str) -> tuple[TOTPDevice, list[str]]:
    """The device of a key, once a first code shows that the app has it, and new recovery codes.

    It takes the place of what was before: sessions that were verified by that, recovery codes too, are asked again.
    A ValidationError says that the code is wrong. That code does not sign in once more.
    """
    first = first_of(key, typed)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)  # rows that name the user need not wait
        TOTPDevice.objects.filter(user=user).delete()
        device = TOTPDevice.objects.create(user=user, name="app", key=key, last_t=first.t(), drift=first.drift)
        codes = _new_codes(user)
        _record(user, "set up")
    return device, codes


@transaction.atomic
def new_recovery_codes(user) -> list[str]:
    """Ten new recovery codes, as they are shown once. Those from before are void; sessions by them are asked again."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    codes = _new_codes(user)
    _record(user, "new recovery codes")
    return codes


def _new_codes(user) -> list[str]:
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="recovery codes")
    codes = ["".join(secrets.choice(LETTERS) for _letter in range(RECOVERY_LENGTH)) for _code in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=_kept(user, code)) for code in codes)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def renewed(device):
    """The device that stands for this one after new recovery codes were made: theirs are of a new one."""
    return StaticDevice.objects.get(user_id=device.user_id) if isinstance(device, StaticDevice) else device


@transaction.atomic
def turn_off(user) -> None:
    """The owner no longer wants it."""
    _remove(user)
    _record(user, "switched off")


@transaction.atomic
def reset(user, by) -> None:
    """Somebody else takes it away, for an owner who lost it. All sessions of the owner end."""
    _remove(user)
    sessions.end_all(user)
    _record(user, "reset", by=by)


def _remove(user) -> None:
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()


def _record(user, change: str, by=None) -> None:
    audit.record(audit.Action.SECOND_FACTOR_CHANGED, by=by or user, target=user, change=change)
