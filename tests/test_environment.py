import re
from pathlib import Path

from django.conf import settings
from django.db import connection

from tests.environment import variable_names


def test_env_example_lists_every_variable_that_settings_read():
    source = Path(settings.BASE_DIR, "liangzhou", "settings.py").read_text("utf-8")
    read = re.findall(r'\b(?:env\.\w+|environ\.get|flag|number|names|codes)\(\s*"([A-Z_]+)"', source)

    assert sorted(variable_names()) == sorted(set(read))


def test_sqlite_tests_run_on_a_file_in_wal_mode(db):
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            assert cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    else:
        assert connection.vendor == "postgresql"
