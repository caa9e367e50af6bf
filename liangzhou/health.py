"""What probes ask: is the process alive, and may it be sent visitors. Plain English text, for machines."""

import logging

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse
from django.views.decorators.http import require_safe

log = logging.getLogger(__name__)


@require_safe
def healthz(request):
    """200 as long as the process answers; never asks the database."""
    return _text(200, "ok")


@require_safe
def readyz(request):
    """200 where the database answers and has every migration; else 503 that says what is missing."""
    if settings.MAINTENANCE:
        return _text(503, "maintenance")
    try:
        pending = pending_migrations()
    except Error as error:
        log.error("readyz: the database does not answer: %s", error)
        return _text(503, "database does not answer")
    if pending:
        return _text(503, f"{pending} migrations pending")
    return _text(200, "ok")


def pending_migrations() -> int:
    """How many migrations the database still lacks. Raises django.db.Error where it does not answer."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _text(status: int, text: str) -> HttpResponse:
    return HttpResponse(
        f"{text}\n", status=status, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"}
    )
