"""What `migrate` leaves in a database beside its tables, for one whose tables were made from the models."""

from functools import cache
from types import SimpleNamespace

from django.apps import apps
from django.db import connection
from django.db.migrations import RunPython
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.test import override_settings


@cache
def _plan():
    """Every migration there is, in the order in which they run."""
    executor = MigrationExecutor(connection)
    return [step for step, _backwards in executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)]


def write_rows():
    """The rows that migrations write, without a history as there; those that are in the database stay."""
    with override_settings(SIMPLE_HISTORY_ENABLED=False):
        for operation in (one for migration in _plan() for one in migration.operations):
            if isinstance(operation, RunPython):
                operation.code(apps, SimpleNamespace(connection=connection))


def mark_applied():
    """The database says that every migration has run."""
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    recorder.migration_qs.bulk_create(recorder.Migration(app=one.app_label, name=one.name) for one in _plan())
