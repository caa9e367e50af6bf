import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from liangzhou import demo
from monthly.models import MonthVersion
from projects.models import Project
from tests.factories import DemoMarkFactory, ProjectFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def _own_database(monkeypatch):
    """The command looks whether a database was named."""
    monkeypatch.setenv("DATABASE_URL", "the one of the tests")


def load(**options):
    call_command("load_demo", projects=12, months=4, until="2025-05", **options)


@pytest.mark.usefixtures("_own_database")
def test_the_past_months_are_locked_and_public_and_the_last_one_is_open(capsys):
    load()

    assert Project.objects.count() == 12
    assert [(v.month.month, v.is_public) for v in MonthVersion.objects.order_by("month")] == [
        (2, True),
        (3, True),
        (4, True),
    ]
    assert demo.is_demo()
    assert "demo-editor" in capsys.readouterr().out


@pytest.mark.usefixtures("_own_database")
def test_real_records_are_never_joined_by_invented_ones():
    ProjectFactory()

    with pytest.raises(CommandError, match="真实"):
        load()
    assert Project.objects.count() == 1


@pytest.mark.usefixtures("_own_database")
def test_invented_records_are_not_doubled():
    DemoMarkFactory()

    with pytest.raises(CommandError, match="已有"):
        load()


@pytest.mark.parametrize("options", [{"projects": 0}, {"months": 500}, {"until": "2025-13"}])
def test_what_cannot_be_made_is_refused_in_words(options):
    with pytest.raises(CommandError):
        call_command("load_demo", **{"projects": 1, **options})


def test_without_a_database_of_its_own_named_it_makes_one(monkeypatch, capfd):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    asked = []
    monkeypatch.setattr(subprocess, "run", lambda command, **how: asked.append((command, how)) or FakeResult)

    call_command("load_demo", projects=1)

    command, how = asked[0]
    assert command[0] == sys.executable
    assert how["env"]["DATABASE_URL"] == f"sqlite:///{settings.BASE_DIR / 'demo.sqlite3'}"
    assert Project.objects.count() == 0


class FakeResult:
    """A command that ended well."""

    returncode = 0
