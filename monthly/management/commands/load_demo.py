"""`manage.py load_demo`: invented projects, marked as such, into a database of their own."""

import os
import secrets
import subprocess
import sys

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Enterprise
from liangzhou import demo
from liangzhou.months import MONTHS_A_YEAR, Month
from liangzhou.roles import BY_CODE
from monthly import demo_data, locking
from projects.models import Assignment, IndustryChain, Project, TaskForce
from projects.stages import Stage
from sources.models import Source

FILE = "demo.sqlite3"
MOST_LOCKED = 5_000  # projects up to which all past months are locked; beyond, only those of the year
REAL = (Project, Enterprise, Source, IndustryChain)  # where one of these is, somebody works
NAMES = {"demo-editor": "演示编辑", "demo-publisher": "演示审核员", "demo-leader": "演示领导", "demo-clerk": "演示专班"}
ACCOUNTS = {"demo-editor": "editor", "demo-publisher": "publisher", "demo-leader": "leader", "demo-clerk": "task_force"}


class Command(BaseCommand):
    help = (
        "Invented projects with months of funds, into a database of their own: DATABASE_URL where it is set and empty, "
        "else demo.sqlite3. Never beside real records."
    )
    requires_system_checks = []  # migrate runs them

    def add_arguments(self, parser):
        parser.add_argument("--projects", type=int, default=400)
        parser.add_argument("--seed", type=int, default=1, help="The same seed and last month give the same data.")
        parser.add_argument(
            "--months", type=int, help="How many months have funds; else those since last year's January."
        )
        parser.add_argument("--until", default="", help="The last of them: 2025-05; else the month before this one.")

    def handle(self, *args, projects, seed, months, until, **options):
        try:
            last = Month.parse(until) if until else Month.of(timezone.localdate()).plus(-1)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        months = MONTHS_A_YEAR + last.number if months is None else months
        if not 1 <= projects <= 10_000_000 or not 1 <= months <= 10 * MONTHS_A_YEAR:
            raise CommandError(_("Give 1 to 10,000,000 projects and 1 to 120 months."))
        if not os.environ.get("DATABASE_URL"):
            return self._elsewhere()
        self._refuse_real_records()  # before anything is changed, the tables too
        call_command("migrate", verbosity=0, interactive=False)
        demo_data.make(projects=projects, seed=seed, until=last, months=months, tell=self._tell)
        demo.forget()
        password = secrets.token_urlsafe(12)
        people = {name: self._account(name, role, password) for name, role in ACCOUNTS.items()}
        _give_work(people, last)
        _lock(people, last, min(months - 1, last.number - 1 if projects > MOST_LOCKED else months))
        names = {"projects": projects, "people": ", ".join(people), "password": password}
        self.stdout.write(_("Made %(projects)d invented projects. Sign in as %(people)s with %(password)s") % names)
        return None

    def _elsewhere(self):
        """The same command again, for the file beside the real database."""
        path = settings.BASE_DIR / FILE
        self.stdout.write(_("The invented records go into %(path)s.") % {"path": path})
        environment = {**os.environ, "DATABASE_URL": f"sqlite:///{path}"}
        status = subprocess.run([sys.executable, *sys.argv], env=environment, check=False).returncode  # noqa: S603
        if status:
            sys.exit(status)
        self.stdout.write(_("Look at them with: make demo"))

    def _refuse_real_records(self):
        there = set(connection.introspection.table_names())
        held = {model for model in (demo.DemoMark, *REAL) if model._meta.db_table in there and model.objects.exists()}
        if demo.DemoMark in held:
            raise CommandError(_("This database holds invented records already. Take an empty one for others."))
        if held:
            raise CommandError(_("This database holds real records: invented ones never go beside them."))

    def _tell(self, progress: str):
        self.stdout.write(progress)

    def _account(self, name: str, role: str, password: str) -> User:
        person = User.objects.create_user(name, f"{name}@example.invalid", password, is_staff=True)
        person.last_name = NAMES[name]
        person.save(update_fields=["last_name"])
        person.groups.add(Group.objects.get(name=BY_CODE[role].name))
        return person


def _give_work(people: dict, last: Month) -> None:
    """A leader with projects, and a clerk with chains."""
    force = TaskForce.objects.create(name=f"{demo_data.MARK}产业链专班")
    force.members.add(people["demo-clerk"])
    force.chains.set(IndustryChain.objects.order_by("pk")[:2])
    followed = Project.objects.filter(stage__in=(Stage.SIGNED, Stage.LANDED, Stage.BUILDING)).order_by("pk")[:9]
    Assignment.objects.bulk_create(
        Assignment(
            project=project,
            leader=people["demo-leader"],
            leader_name=f"{demo_data.MARK}区领导",
            since=last.last_year.first,
        )
        for project in followed
    )


def _lock(people: dict, last: Month, months: int) -> None:
    """The past months are locked and published; the last one is still open."""
    for back in range(months, 0, -1):
        version = locking.lock(last.plus(-back), by=people["demo-editor"])
        locking.publish(version, by=people["demo-publisher"])
