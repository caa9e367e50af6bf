"""Says which accounts hold too much, lack what they should have, or lie idle."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from liangzhou import rights
from liangzhou.accounts.people import name_and_username
from liangzhou.permissions import needs_second_factor

IDLE_DAYS = 90


class Command(BaseCommand):
    help = "Lists accounts with rights of two duties, superusers, missing second factors, accounts long unused."

    def handle(self, *args, **options):
        conflicts = rights.in_conflict()
        self._tell(_("Rights of two duties in one hand:"), [(user, sentence) for user, sentence in conflicts])
        self._tell(
            _("Superusers, who may do everything; close them once the administrators have their roles:"), _supers()
        )
        self._tell(_("No second factor, although the settings want one:"), _without_factor())
        self._tell(_("Not used for %(days)d days:") % {"days": IDLE_DAYS}, _idle())
        if conflicts:
            raise SystemExit(1)

    def _tell(self, heading: str, found) -> None:
        found = list(found)
        self.stdout.write(heading if found else f"{heading} {_('none')}")
        for user, note in found:
            self.stdout.write(f"    {name_and_username(user)}" + (f"\uff1a{note}" if note else ""))


def _active():
    return User.objects.filter(is_active=True).order_by("username")


def _supers():
    return [(user, "") for user in _active().filter(is_superuser=True)]


def _without_factor():
    factor = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
    users = _active().filter(~Exists(factor), is_staff=True).prefetch_related("groups")
    return [(user, "") for user in users if needs_second_factor(user)]


def _idle():
    since = timezone.now() - timedelta(days=IDLE_DAYS)
    never = Q(last_login=None, date_joined__lt=since)
    for user in _active().filter(never | Q(last_login__lt=since)):
        last = user.last_login
        yield user, _("last sign-in %(day)s") % {"day": timezone.localdate(last)} if last else _("never signed in")
