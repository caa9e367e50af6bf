"""The environment that tests run in, set before Django reads its settings (`-p` in pyproject.toml).

SQLite unless TEST_ENGINE=postgresql. Nothing of the developer's own environment or .env gets in.
"""

import os
import re
import secrets
import signal
from pathlib import Path

from tests import postgres

EXAMPLE = Path(__file__).parent.parent / ".env.example"


def variable_names():
    """Every variable that settings read, as .env.example lists them."""
    return re.findall(r"^# ([A-Z_]+)=", EXAMPLE.read_text(encoding="utf-8"), flags=re.MULTILINE)


def prepare():
    database_url = _database_url()
    for name in variable_names():
        os.environ.pop(name, None)
    os.environ |= {
        "ENV_FILE": "",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "HTTPS": "false",
        "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
        "DATABASE_URL": database_url,
        "STATICFILES_STORAGE": "django.contrib.staticfiles.storage.StaticFilesStorage",  # needs no manifest
    }


def _database_url():
    if "PYTEST_XDIST_WORKER" in os.environ:
        return os.environ["DATABASE_URL"]  # the server that the first process started serves all
    engine = os.environ.get("TEST_ENGINE", "sqlite")
    if engine == "sqlite":
        return "sqlite:////nonexistent/never-opened.sqlite3"  # tests/conftest.py names the file of the run
    if engine == "postgresql":
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # killed politely, still stop the server
        return postgres.database_url()
    raise SystemExit(f"TEST_ENGINE must be sqlite or postgresql, not {engine!r}.")


prepare()
