"""Failed sign-ins in the admin: who may read and unlock them, in words of ours."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.utils import timezone

from liangzhou import sign_in
from liangzhou.audit import AuditEntry
from tests.factories import PASSWORD, UserFactory
from tests.liangzhou.audit_desk import is_recorded_last
from tests.signing_in import LOGIN, signed_in

pytestmark = pytest.mark.django_db

LIST = "/admin/axes/accessattempt/"
ADDRESS = "203.0.113.9"


def fail(name, times=5, browser="Firefox"):
    for _n in range(times):
        Client(REMOTE_ADDR=ADDRESS, HTTP_USER_AGENT=browser).post(LOGIN, {"username": name, "password": "wrong"})


def attempt(user, password=PASSWORD):
    return Client(REMOTE_ADDR=ADDRESS).post(LOGIN, {"username": user.username, "password": password}).status_code


@pytest.fixture
def locked():
    """A clerk who is locked at one address, by failures in two browsers."""
    clerk = UserFactory(username="zhang")
    fail("zhang", times=3)
    fail("zhang", times=2, browser="Edge")
    assert attempt(clerk) == 429
    return clerk


@pytest.mark.parametrize(
    ("who", "status", "unlocked"),
    [
        ({"roles": ["administrator"]}, 302, True),
        ({"roles": ["security"]}, 302, True),
        ({"is_superuser": True}, 302, True),
        ({"roles": ["auditor"]}, 403, False),
        ({"roles": ["editor"]}, 403, False),
    ],
)
def test_who_may_unlock_and_it_is_recorded(locked, who, status, unlocked):
    [row, _other] = AccessAttempt.objects.all()
    acting = UserFactory(username="li", **who)

    answer = signed_in(acting).post(f"{LIST}{row.pk}/delete/", {"post": "yes"})

    entries = AuditEntry.objects.filter(action="unlocked").values_list("actor", "target", "details")
    told = [("li", "zhang", {"at_address": ADDRESS})] if unlocked else []
    assert (answer.status_code, list(entries), attempt(locked)) == (status, told, 302 if unlocked else 429)


def test_several_are_unlocked_at_once(locked):
    fail("nobody-at-all")
    client = signed_in(UserFactory(roles=["administrator"]))
    keys = list(AccessAttempt.objects.values_list("pk", flat=True))

    client.post(LIST, {"action": "delete_selected", "_selected_action": keys, "post": "yes"})

    told = AuditEntry.objects.filter(action="unlocked").order_by("target").values_list("target", flat=True)
    assert (AccessAttempt.objects.count(), list(told)) == (0, ["", "zhang"])


def test_locks_are_taken_away_before_the_trail_is_locked(locked, django_assert_max_num_queries):
    fail("nobody-at-all")
    with django_assert_max_num_queries(30) as asked:
        sign_in.unlock(AccessAttempt.objects.all())

    assert is_recorded_last(asked.captured_queries, "axes_accessattempt")


def test_list_tells_who_is_locked_whatever_the_browser(locked):
    fail("nobody-at-all", times=1)
    client = signed_in(UserFactory(roles=["auditor"]))

    def names(query):
        return sorted(row.username for row in client.get(f"{LIST}{query}").context["cl"].result_list)

    assert names("") == ["nobody-at-all", "zhang", "zhang"]
    assert names("?locked=yes") == ["zhang", "zhang"]
    assert names("?locked=no&q=a") == ["nobody-at-all"]


def test_lock_that_is_over_is_told_no_more(locked):
    client = signed_in(UserFactory(roles=["auditor"]))  # who signs in sweeps out what is old
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=31))

    assert [len(client.get(f"{LIST}?locked={ask}").context["cl"].result_list) for ask in ("yes", "no")] == [0, 2]


def test_nothing_that_was_sent_with_the_attempt_is_shown(locked):
    row = AccessAttempt.objects.first()
    client = signed_in(UserFactory(is_superuser=True))

    page = client.get(f"{LIST}{row.pk}/change/").content.decode()

    assert ("zhang" in page, ADDRESS in page, "csrfmiddlewaretoken=" in page, "next=" in page) == (
        True,
        True,
        False,
        False,
    )
    assert client.post(f"{LIST}{row.pk}/change/", {"username": "x"}).status_code == 403
    assert client.get(f"{LIST}add/").status_code == 403


@pytest.mark.parametrize("path", ["/admin/axes/accesslog/", "/admin/axes/accessfailurelog/"])
def test_other_logs_of_axes_have_no_page(path):
    assert signed_in(UserFactory(is_superuser=True)).get(path).status_code == 404


@pytest.mark.parametrize("query", ["attempt_time__year=99999", "q=%EF%BF%BF", "locked=perhaps", "_facets=True", "p=x"])
def test_hostile_queries_break_nothing(locked, query):
    client = signed_in(UserFactory(roles=["auditor"]))

    assert client.get(f"{LIST}?{query}", follow=True).status_code == 200
