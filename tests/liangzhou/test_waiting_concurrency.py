"""Two people who decide on one change, or type one, in the same moment."""

import threading

import pytest
from django.db import connection

from liangzhou.waiting import WaitingChange
from projects.models import Project
from tests.factories import UserFactory
from tests.liangzhou.review_desk import (
    form_url,
    opened,
    page_url,
    public_project,
    signed_in,
    waiting_change,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _review(settings):
    settings.REVIEW_CHANGES = True


@pytest.fixture
def people():
    return [signed_in(UserFactory(is_superuser=True)) for _number in range(2)]


def at_once(*posts):
    """Send (client, address, values) in the same moment; the status of each answer, sorted."""
    start, answers = threading.Barrier(len(posts)), []

    def press(client, url, data):
        try:
            start.wait()
            answers.append(client.post(url, data).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=post) for post in posts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers)


def editor():
    return signed_in(UserFactory(is_superuser=True))


@pytest.mark.parametrize("attempt", range(2))
def test_two_reviewers_at_once_write_a_change_once(people, attempt):
    project = public_project()
    url = page_url(waiting_change(editor(), project))
    assert at_once(*((one, url, {"act": "approve"}) for one in people)) == [200, 302]
    project.refresh_from_db()
    assert (project.summary, project.version, project.history.count()) == ("新的说法", 2, 2)


@pytest.mark.parametrize("attempt", range(2))
def test_agreeing_and_returning_at_once_end_in_one_of_them(people, attempt):
    project = public_project()
    change = waiting_change(editor(), project)
    posts = [{"act": "approve"}, {"act": "return", "note": "请写明来源"}]
    assert at_once(*((one, page_url(change), post) for one, post in zip(people, posts, strict=True))) == [200, 302]
    change.refresh_from_db()
    written = Project.objects.get(pk=project.pk).summary == "新的说法"
    assert (change.state == "approved") == written


@pytest.mark.parametrize("attempt", range(2))
def test_two_editors_at_once_leave_one_change_waiting(people, attempt):
    project = public_project()
    posts = [(one, form_url(project), opened(one, project) | {"summary": f"新{n}"}) for n, one in enumerate(people)]
    assert at_once(*posts) == [200, 302]
    assert WaitingChange.objects.filter(state="waiting").count() == 1


@pytest.mark.parametrize("attempt", range(2))
def test_replacing_and_agreeing_at_once_never_publish_what_was_not_looked_at(people, attempt):
    """Either is first: the earlier change is written and the later one meets it, or it is replaced and refused."""
    project, typist = public_project(), people[0]
    change = waiting_change(typist, project)
    data = opened(typist, project) | {"summary": "没人看过的说法"}
    at_once((typist, form_url(project), data), (people[1], page_url(change), {"act": "approve"}))
    assert Project.objects.get(pk=project.pk).summary != "没人看过的说法"
