"""Fixtures for every test: the database they run on, and what keeps runs quick and alike."""

import os

import hypothesis
import pytest
from _pytest import runner
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.backends.base.introspection import BaseDatabaseIntrospection
from django.test import override_settings
from django.utils import translation

from liangzhou import demo
from tests import migrated
from tests.liangzhou.audit_desk import empty_trail

# A busy machine must not fail a test, and one commit must not pass today and fail tomorrow.
hypothesis.settings.register_profile("suite", deadline=None, derandomize=True)
hypothesis.settings.load_profile("suite")


DATABASE = {"db", "transactional_db", "live_server", "django_db_setup"}


def pytest_collection_modifyitems(config, items):
    """What asks no database is the same on both: pytest-django lets no other test open one."""
    if os.environ.get("TEST_ENGINE") == "postgresql":
        kept = [item for item in items if DATABASE & {*item.fixturenames} or item.get_closest_marker("django_db")]
        config.hook.pytest_deselected(items=[item for item in items if item not in {*kept}])
        items[:] = kept


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords():
    """The real hashing takes a third of a second, on purpose."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _chinese():
    """A request in English leaves its language behind in the thread."""
    with translation.override("zh-hans"):
        yield


@pytest.fixture(autouse=True)
def _real_records(monkeypatch):
    """Nothing asks the database whether its records are invented, unless a test forgets what is known of it."""
    monkeypatch.setattr(demo, "_known", {"is_demo": False, "at": float("inf")})


@pytest.fixture(autouse=True)
def _nothing_counted():
    """What the audit trail counts by the hour is kept in the cache, and accounts of different tests share numbers."""
    cache.clear()


@pytest.fixture(scope="module")
def breaking_urls():
    """Pages that break beside those of the site, for a whole module: reading all addresses anew takes a while."""
    with override_settings(ROOT_URLCONF="tests.liangzhou.breaking_urls"):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Made from the models (`--nomigrations`), the database holds and says what it does after migrating."""
    settings.MIGRATION_MODULES = {}
    with django_db_blocker.unblock():
        migrated.write_rows()
        migrated.mark_applied()


@pytest.fixture(scope="session", autouse=True)
def _audit_outlives_transactions():
    """A test with real transactions empties every table after it; the audit trail refuses, as it should."""
    names = BaseDatabaseIntrospection.django_table_names
    kept = {"liangzhou_auditentry", "liangzhou_audithead"}
    patch = pytest.MonkeyPatch()
    patch.setattr(
        BaseDatabaseIntrospection,
        "django_table_names",
        lambda self, *args, **kwargs: [name for name in names(self, *args, **kwargs) if name not in kept],
    )
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def _trail_is_left_empty(request, django_db_blocker):
    """So the trail is emptied by who may: others count on finding nothing in it."""
    yield
    marker = request.node.get_closest_marker("django_db")
    real = {"transactional_db", "live_server"} & set(request.fixturenames)
    if real or (marker and marker.kwargs.get("transaction")):
        with django_db_blocker.unblock():
            empty_trail()
            migrated.write_rows()  # the test took them along


@pytest.fixture(scope="session", autouse=True)
def _files_apart(tmp_path_factory):
    """What tests upload does not lie among the files of whoever runs them."""
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, tmp_path_factory):
    """SQLite in a file, as in real life: WAL, and threads that wait for each other's locks."""
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


def _roomy(run, *args):
    return run(*args)


# Python 3.11 and 3.12 keep frames in pieces of 16 kB and ask the system for each anew: a template rendered across the
# end of one costs a sixth more time. A frame this large gets a piece of 1 MB, of which half is left for all others.
_roomy.__code__ = _roomy.__code__.replace(co_stacksize=70_000)


def pytest_runtest_protocol(item, nextitem):
    return _roomy(runner.pytest_runtest_protocol, item, nextitem)
