"""Says whether every locked version of a month still says what was locked; exit status 1 where one does not."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from monthly import snapshots
from monthly.models import MonthVersion


class Command(BaseCommand):
    help = "Compares the snapshot of every locked version of a month with its digest; 1 where one differs."

    def handle(self, *args, **options):
        versions = MonthVersion.objects.order_by("month", "number")
        wrong = list(snapshots.each_wrong(versions))
        for version in wrong:
            self.stderr.write(_("%(version)s does not say any more what was locked.") % {"version": version})
        self.stdout.write(_("Versions looked at: %(count)d") % {"count": len(versions)})
        if wrong:
            raise CommandError(_("Locked versions that were changed: %(count)d.") % {"count": len(wrong)}, returncode=1)
        self.stdout.write(_("Every locked version is as it was."))
