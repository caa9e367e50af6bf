"""Fixtures for the tests of exports."""

import pytest
from django.db import connection
from django.db.models.expressions import RawSQL
from django.utils import translation


@pytest.fixture(autouse=True)
def _english():
    """Sentences as they are written in the code."""
    with translation.override("en"):
        yield


@pytest.fixture
def broken_at_z():
    """An expression that is "1", and that the database cannot compute for the clerk named z."""
    sql = {
        "postgresql": "CAST(1 / (CASE username WHEN 'z' THEN 0 ELSE 1 END) AS text)",
        "sqlite": "json_extract(CASE username WHEN 'z' THEN '{' ELSE '\"1\"' END, '$')",
    }
    return RawSQL(sql[connection.vendor], [])  # noqa: S611 - fixed text
