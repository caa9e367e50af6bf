"""Sends each person one e-mail of what newly waits for them."""

from datetime import date

from django.core.mail import EmailMessage
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from monthly import reminders


class Command(BaseCommand):
    help = (
        "Mails everybody, in one digest, what newly waits for them: months not filled in, overdue milestones, projects "
        "without an update, what came back, instructions. Each matter is told once; run it every day."
    )

    def add_arguments(self, parser):
        parser.add_argument("--on", metavar="DATE", type=date.fromisoformat, help="As of this day: 2026-01-31.")
        parser.add_argument("--dry-run", action="store_true", help="Show the mails; send and remember nothing.")

    def handle(self, *args, on, dry_run, **options):
        on = on or timezone.localdate()
        with reminders.only_run() as alone:
            if not alone:
                self.stdout.write(_("Another run is under way: nothing was sent."))
                return
            outcome = reminders.send_all(on=on, show=self._show if dry_run else None)
        self._tell(outcome, dry_run=dry_run)

    def _show(self, mail: EmailMessage) -> None:
        self.stdout.write(f"{mail.subject}\n\n{mail.body}\n{'-' * 70}")

    def _tell(self, outcome: reminders.Outcome, *, dry_run: bool) -> None:
        said = _("%(name)s: %(count)d to tell.") if dry_run else _("%(name)s: %(count)d told.")
        for name, count in outcome.sent.items():
            self.stdout.write(said % {"name": name, "count": count})
        if not outcome.sent:
            self.stdout.write(_("Nothing new to tell."))
        if outcome.without_address:
            names = "、".join(outcome.without_address)
            self.stdout.write(_("No e-mail address is known of: %(names)s.") % {"names": names})
        if outcome.failed:
            failed = "、".join(f"{name} ({error})" for name, error in outcome.failed.items())
            raise CommandError(_("Not sent, and tried again with the next run: %(names)s.") % {"names": failed})
