"""Projects from before look-alikes were looked for are found as well."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from projects.models import Project
from tests.factories import ProjectFactory

pytestmark = pytest.mark.django_db

migration = import_module("projects.migrations.0004_name_keys")


def test_the_ends_of_every_name_are_filled_in(monkeypatch):
    monkeypatch.setattr(migration, "CHUNK", 2)
    for name in ("凉州区冷链物流园一期", "雅洁食品项目", "年产8600吨乳制品"):
        ProjectFactory(name=name)
    Project.objects.update(name_head="", name_tail="")
    migration.fill(apps, SimpleNamespace(connection=connection))

    assert list(Project.objects.order_by("pk").values_list("name_head", "name_tail")) == [
        ("冷链物流", "链物流园"),
        ("雅洁食品", "雅洁食品"),
        ("年产86", "吨乳制品"),
    ]
