import io

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command

from projects.models import Project

# As in real life, each step is committed before the next: PostgreSQL indexes no table with checks pending.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def static_root(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path / "collected"
    return settings.STATIC_ROOT


def prepare():
    out = io.StringIO()
    call_command("prepare", site="http://127.0.0.1:9000", stdout=out)
    return out.getvalue()


def test_prepare_leaves_a_site_with_its_article_an_administrator_and_static_files(static_root):
    out = prepare()

    assert Project.objects.count() == 4
    assert get_user_model().objects.get().username == "admin"
    assert "    http://127.0.0.1:9000/admin/\n" in out
    assert (static_root / "admin" / "css" / "base.css").is_file()


def test_prepare_again_keeps_what_staff_edited(static_root):
    prepare()
    Project.objects.update(summary="改过的简介")
    get_user_model().objects.update(username="renamed")

    prepare()

    assert set(Project.objects.values_list("summary", flat=True)) == {"改过的简介"}
    assert get_user_model().objects.get().username == "renamed"
