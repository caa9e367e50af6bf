"""What is kept of an account beside Django's user: when its password was last changed."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Account(models.Model):
    """What one account has beside its user: the age of its password, and whether a new one is due."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="account", verbose_name=_("user"), primary_key=True
    )
    password_changed_at = models.DateTimeField(_("password changed at"), null=True, blank=True)
    must_change_password = models.BooleanField(
        _("must choose a new password"), default=False, help_text=_("Set when somebody else chose the password.")
    )

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        default_permissions = ()
        permissions = [("grant_account", _("Can grant roles to accounts"))]

    def __str__(self):
        return str(self.user)


def require_new_password(user) -> None:
    """Somebody else chose the password: the person must choose one at the next sign-in, before anything else."""
    Account.objects.update_or_create(user=user, defaults={"must_change_password": True})


def has_own_password(user) -> None:
    """The owner has chosen the password."""
    Account.objects.update_or_create(user=user, defaults={"must_change_password": False})
