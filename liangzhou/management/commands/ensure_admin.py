"""Creates the first administrator, and prints the password once."""

import secrets

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.translation import gettext as _

from liangzhou.accounts.trail import record_crowned

USERNAME = "admin"
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike: i l o 0 1
GROUPS, GROUP_LENGTH = 4, 5  # 20 of 31 letters: 99 bits


class Command(BaseCommand):
    help = "Creates the superuser admin with a random password, where there is no superuser yet."

    def add_arguments(self, parser):
        parser.add_argument("--site", default="http://127.0.0.1:8000", help="Where the site is reached.")

    def handle(self, *args, site, **options):
        users = get_user_model().objects
        if users.filter(is_superuser=True).exists():
            return
        if users.filter(username=USERNAME).exists():
            self.stderr.write(
                _("There is no superuser, and the user name admin is taken: run manage.py createsuperuser.")
            )
            return
        password = random_password()
        with transaction.atomic():
            record_crowned(users.create_superuser(USERNAME, password=password))
        self.stdout.write(_("An administrator has been created. The password is shown only this once:"))
        for line in (f"{site}/admin/", USERNAME, password):
            self.stdout.write(f"    {line}")


def random_password():
    """Twenty random letters and digits in groups of five, easy to copy by hand; with a digit, as the rules want."""
    password = ""
    while not any(letter.isdigit() for letter in password) or not any(letter.isalpha() for letter in password):
        groups = ("".join(secrets.choice(LETTERS) for _letter in range(GROUP_LENGTH)) for _group in range(GROUPS))
        password = "-".join(groups)
    return password
