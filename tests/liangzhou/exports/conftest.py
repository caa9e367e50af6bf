"""Fixtures for the tests of exports."""

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def _english():
    """Sentences as they are written in the code."""
    with translation.override("en"):
        yield
