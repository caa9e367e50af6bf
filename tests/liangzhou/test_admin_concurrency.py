"""Two clerks who press save in the same moment."""

import threading

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from enterprises.models import Place
from projects.models import Project
from tests.factories import MilestoneFactory, ProjectFactory, UserFactory
from tests.opened_form import open_form

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def clerks():
    clients = [Client(), Client()]
    for client in clients:
        client.force_login(UserFactory(is_superuser=True))
    return clients


def at_once(clerks, url, forms):
    """Post each clerk's form in the same moment; the status of each answer, sorted."""
    start, answers = threading.Barrier(len(clerks)), []

    def press(client, data):
        try:
            start.wait()
            answers.append(client.post(url, data).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=pair) for pair in zip(clerks, forms, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers)


@pytest.mark.parametrize("attempt", range(2))
def test_one_of_two_saves_of_a_record_wins_and_the_other_is_told(clerks, attempt):
    project = MilestoneFactory(project=ProjectFactory(summary="旧")).project
    url = reverse("admin:projects_project_change", args=[project.pk])
    forms = [open_form(client, url, "project_form") | {"summary": f"新{n}"} for n, client in enumerate(clerks)]
    assert at_once(clerks, url, forms) == [200, 302]
    project.refresh_from_db()
    assert (project.version, project.history.count()) == (2, 2)


@pytest.mark.parametrize("attempt", range(2))
def test_same_name_entered_twice_at_once_is_told_to_the_second(clerks, attempt):
    url = reverse("admin:enterprises_place_add")
    forms = [open_form(client, url, "place_form") | {"name": "黄羊工业园", "kind": "park"} for client in clerks]
    assert at_once(clerks, url, forms) == [200, 302]
    assert Place.objects.count() == 1


def test_two_projects_entered_at_once_get_two_codes(clerks):
    url = reverse("admin:projects_project_add")
    forms = [open_form(client, url, "project_form") | {"name": f"项目{n}"} for n, client in enumerate(clerks)]
    assert at_once(clerks, url, forms) == [302, 302]
    assert sorted(Project.objects.values_list("code", flat=True)) == ["LZ000001", "LZ000002"]
