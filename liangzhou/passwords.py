"""Rules of passwords beside Django's own, and the age of each password."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

CLASSES = 3


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
        from liangzhou.accounts import Account

        if user is not None and user.pk:
            Account.objects.update_or_create(user=user, defaults={"password_changed_at": timezone.now()})
