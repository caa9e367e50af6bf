"""Everything between installing the site and serving it; safe to repeat at every start."""

from django.core.management import call_command
from django.core.management.base import BaseCommand

from liangzhou import demo


class Command(BaseCommand):
    help = "Updates the database, loads the article, creates the first administrator, collects the static files."
    requires_system_checks = []  # migrate runs them

    def add_arguments(self, parser):
        parser.add_argument("--site", default="http://127.0.0.1:8000", help="Where the site is reached.")

    def handle(self, *args, site, **options):
        streams = {"stdout": self.stdout, "stderr": self.stderr}
        call_command("migrate", verbosity=0, interactive=False, skip_checks=False, **streams)
        if not demo.is_demo():
            call_command("load_article", **streams)
        call_command("ensure_admin", site=site, **streams)
        call_command("collectstatic", verbosity=0, interactive=False, **streams)
