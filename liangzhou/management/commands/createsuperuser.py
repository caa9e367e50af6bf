"""Django's own command, and the entry in the audit trail of what it makes."""

from django.contrib.auth.management.commands import createsuperuser
from django.contrib.auth.models import User

from liangzhou.accounts.trail import record_crowned


class Command(createsuperuser.Command):
    def handle(self, *args, **options):
        """What is new afterwards is recorded then: while it asks its questions nobody must wait for it."""
        superusers = User.objects.filter(is_superuser=True)
        there = set(superusers.values_list("pk", flat=True))
        super().handle(*args, **options)
        for user in superusers.exclude(pk__in=there).order_by("pk"):
            record_crowned(user)
