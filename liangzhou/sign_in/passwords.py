"""Rules of passwords beside Django's own, the age of each password, and when a new one is due."""

import unicodedata
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

CLASSES = 3


class LengthValidator(MinimumLengthValidator):
    """Django's own, with a sentence that is in our catalogue."""

    def get_error_message(self) -> str:
        return _("This password is too short. It must contain at least %(length)d characters.") % {
            "length": self.min_length
        }


class ThreeClassesValidator:
    """A password mixes at least three of: small letters, capital letters, digits, other signs."""

    def validate(self, password: str, user=None) -> None:
        if len({_class_of(character) for character in password}) < CLASSES:
            raise ValidationError(self.get_help_text(), code="password_too_uniform")

    def get_help_text(self) -> str:
        return _("Mix at least three kinds: small letters, capital letters, digits, other signs.")


def _class_of(character: str) -> str:
    return {"Ll": "small", "Lu": "capital", "Nd": "digit"}.get(unicodedata.category(character), "other")


class AgeKeeper:
    """Accepts every password, and notes when it was set: Django tells validators of it, whoever set it."""

    def validate(self, password: str, user=None) -> None:
        return None

    def get_help_text(self) -> str:
        return ""

    def password_changed(self, password: str, user=None) -> None:
        if user is not None and user.pk:
            _note_new(user)


@transaction.atomic
def _note_new(user) -> None:
    """When it was set; and in the audit trail, where no page did it: pages record who did it themselves."""
    from liangzhou import audit
    from liangzhou.accounts import Account

    Account.objects.update_or_create(user=user, defaults={"password_changed_at": timezone.now()})
    if audit.current_request.get() is None:
        noted = {"superuser": True} if user.is_superuser else {}
        audit.record(audit.Action.PASSWORD_CHANGED, target=user, method="command", **noted)


def why_new(user) -> str:
    """Why somebody must choose a new password before anything else, in a sentence; empty where not."""
    account = getattr(user, "account", None)
    if account and account.must_change_password:
        return _("Somebody else chose your password. Choose your own, which nobody else knows.")
    days = settings.PASSWORD_EXPIRY_DAYS
    since = (account and account.password_changed_at) or user.date_joined
    if days and timezone.now() - since > timedelta(days=days):
        return _("Your password is more than %(days)d days old. Choose a new one.") % {"days": days}
    return ""
