"""`manage.py forget_contact KEY --reason REASON --by USERNAME [--check]`: erase the personal data of a contact."""

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from enterprises import forgetting

LARGEST = 2**63 - 1


class Command(BaseCommand):
    """Again, it does nothing and says so. With --check it only says what would be erased."""

    help = "Erase name, post, phone, e-mail and note of a contact from the record and from its history."
    requires_migrations_checks = True

    def add_arguments(self, parser):
        parser.add_argument("key", type=int, help="the number of the contact, as in the address of its page")
        parser.add_argument("--reason", required=True, help="why; kept in the audit trail, without personal data")
        parser.add_argument("--by", required=True, metavar="USERNAME", help="who decided it")
        parser.add_argument("--check", action="store_true", help="only say what would be erased")

    def handle(self, *args, key: int, reason: str, by: str, check: bool, **options):
        reason = reason.strip()
        if not 0 < key <= LARGEST:
            raise CommandError(_("There is no contact %(key)s, and there never was one.") % {"key": key})
        if not reason or len(reason) > forgetting.LONGEST_REASON or "\x00" in reason:
            raise CommandError(_("Give a reason of at most %(length)d characters.") % {
                "length": forgetting.LONGEST_REASON
            })  # fmt: skip
        person = self._person(by)
        try:
            kept = forgetting.kept_of(key) if check else forgetting.forget(key, by=person, reason=reason)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(said(key, kept, check=check))

    def _person(self, username: str):
        person = get_user_model().objects.filter(username=username.replace("\x00", ""), is_active=True).first()
        if person is None:
            raise CommandError(_("There is no user “%(name)s”.") % {"name": username})
        return person


def said(key: int, kept: forgetting.Kept, *, check: bool) -> str:
    """One sentence about what was erased, or would be."""
    words = {"key": key, "saves": kept.saves}
    if not kept.anything:
        return _("Contact %(key)s was erased already: nothing to do.") % words
    if check:
        return _("Contact %(key)s and %(saves)d saves in its history would be erased. Nothing was written.") % words
    return _("Contact %(key)s and %(saves)d saves in its history were erased.") % words
