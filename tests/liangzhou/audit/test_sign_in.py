import pytest
from django.contrib.auth.signals import user_logged_in
from django.core.cache import cache
from django.test import Client

from liangzhou.audit import sign_in as audit_sign_in
from liangzhou.audit.words import UNKNOWN_NAME
from tests.factories import PASSWORD, UserFactory
from tests.liangzhou.audit_desk import highest, run, since

pytestmark = pytest.mark.django_db

LOGIN = "/admin/login/"


@pytest.fixture(autouse=True)
def _new_counts():
    cache.clear()


@pytest.fixture
def clerk():
    return UserFactory(username="clerk")


def sign_in(password=PASSWORD, username="clerk", address="192.0.2.1", client=None):
    form = {"username": username, "password": password}
    return (client or Client()).post(LOGIN, form, REMOTE_ADDR=address).status_code


def told(before):
    return [(entry.action, entry.result, entry.actor, entry.address) for entry in since(before)]


def test_sign_in_and_sign_out_are_recorded_once_each(clerk):
    before, browser = highest(), Client()

    sign_in(client=browser)
    browser.post("/admin/logout/", REMOTE_ADDR="192.0.2.1")

    assert told(before) == [("sign_in", "done", "clerk", "192.0.2.1"), ("sign_out", "done", "clerk", "192.0.2.1")]
    assert [entry.actor_id for entry in since(before)] == [clerk.pk] * 2


def test_failures_and_the_lock_are_recorded(clerk):
    before = highest()

    assert [sign_in("wrong") for _time in range(5)][-1] == 429
    assert sign_in() == 429

    assert told(before) == [
        *[("sign_in", "failed", "clerk", "192.0.2.1")] * 4,
        *[("locked_out", "refused", "clerk", "192.0.2.1")] * 2,  # the failure that locked, and a try during the lock
    ]
    assert {entry.target_id for entry in since(before)} == {str(clerk.pk)}


@pytest.mark.parametrize("spelling", ["clerk", "CLERK", "ｃｌｅｒｋ", " clerk "])
def test_name_of_an_account_is_recorded_as_the_account_has_it(clerk, spelling):
    before = highest()

    sign_in("wrong", username=spelling)

    assert told(before) == [("sign_in", "failed", "clerk", "192.0.2.1")]


@pytest.mark.parametrize("typed", [PASSWORD, "x" * 100_000, "a\0b", "\u202eclerk", "", "=1+1", "<b>"])
def test_name_of_nobody_may_be_a_password_and_is_not_kept(clerk, typed):
    before = highest()

    assert sign_in("wrong", username=typed) == 200

    entries = since(before)
    assert {(entry.actor, entry.target, entry.target_id) for entry in entries} <= {(UNKNOWN_NAME, "", "")}
    assert [entry.details for entry in entries] in ([], [{}])  # without a name nothing is asked


def test_stranger_with_ever_new_names_cannot_fill_the_trail_nor_hide_the_others(clerk):
    before = highest()

    for number in range(25):
        sign_in("wrong", username=f"name{number}", address="203.0.113.9")
    sign_in("wrong", address="203.0.113.9")

    entries = told(before)
    assert len(entries) == 21
    assert entries[-1] == ("sign_in", "failed", "clerk", "203.0.113.9")


def test_nobody_is_let_in_without_an_entry(clerk):
    run("ALTER TABLE liangzhou_audithead RENAME TO away")
    browser = Client(raise_request_exception=False)

    assert sign_in(client=browser) in (500, 503)
    assert browser.get("/admin/").status_code == 302


def test_refusal_stays_a_refusal_where_nothing_can_be_recorded(clerk):
    run("ALTER TABLE liangzhou_audithead RENAME TO away")

    assert [sign_in("wrong") for _time in range(5)] == [200, 200, 200, 200, 429]


def test_whoever_wants_to_leave_may_leave_where_nothing_can_be_recorded(clerk):
    browser = Client()
    browser.force_login(clerk)
    run("ALTER TABLE liangzhou_audithead RENAME TO away")

    browser.post("/admin/logout/")

    assert browser.get("/admin/").status_code == 302


def test_receivers_are_connected_once_however_often_asked():
    count = len(user_logged_in.receivers)

    audit_sign_in.connect()

    assert len(user_logged_in.receivers) == count
