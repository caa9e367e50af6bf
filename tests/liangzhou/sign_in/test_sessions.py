"""Sessions of the staff: how long they last, what counts as doing something, what ends them."""

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client

from liangzhou.sign_in import sessions
from tests.factories import UserFactory
from tests.signing_in import is_open, signed_in, verified, with_phone

pytestmark = pytest.mark.django_db

LOGIN_AGAIN = "/admin/login/?next=/admin/"


@pytest.fixture
def clock():
    with time_machine.travel("2026-03-01 09:00:00+08:00", tick=False) as clock:
        yield clock


def told(answer):
    return [str(message) for message in answer.context["messages"]]


def test_who_does_nothing_is_signed_out_told_and_led_back(clock):
    client = signed_in(UserFactory())
    page = "/admin/sources/source/?q=x"
    clock.shift(30 * 60 + 1)

    answer = client.get(page)
    asked = client.get(answer["Location"])

    assert answer["Location"] == "/admin/login/?next=/admin/sources/source/%3Fq%3Dx"
    assert [int(word) for word in "".join(told(asked)).split() if word.isdecimal()] == [30]
    assert f'name="next" value="{page}"' in asked.content.decode()
    assert (client.session.get("_auth_user_id"), Session.objects.count()) == (None, 0)
    assert told(client.get("/admin/login/")) == []


@pytest.mark.parametrize(("minutes", "pauses", "open_still"), [(30, [29, 29, 29], True), (10, [9, 9, 11], False)])
def test_doing_something_keeps_the_session(clock, settings, minutes, pauses, open_still):
    settings.IDLE_MINUTES = minutes
    client = signed_in(UserFactory())
    for pause in pauses:
        clock.shift(pause * 60)
        answer = is_open(client)

    assert answer == (True if open_still else LOGIN_AGAIN)


def test_session_ends_after_its_hours_however_busy(clock, settings):
    client = signed_in(UserFactory())
    for _pause in range(settings.SESSION_COOKIE_AGE // (29 * 60)):
        clock.shift(29 * 60)
        assert is_open(client) is True
    clock.shift(29 * 60)

    assert is_open(client) == LOGIN_AGAIN


def test_session_is_written_at_most_once_a_minute(clock, django_assert_num_queries):
    client = signed_in(UserFactory())
    clock.shift(59)
    with django_assert_num_queries(2):
        client.get("/admin/jsi18n/")
    clock.shift(1)
    with django_assert_num_queries(5):  # and a savepoint, the row, the savepoint's end
        client.get("/admin/jsi18n/")
    clock.shift(59)
    with django_assert_num_queries(2):
        client.get("/admin/jsi18n/")


def test_script_that_asks_by_itself_does_not_keep_the_session(clock):
    client = signed_in(UserFactory())
    for _minute in range(30):
        clock.shift(60)
        assert client.get("/admin/jsi18n/", headers={"accept": "application/json"}).status_code == 200
    clock.shift(60)

    polled = client.get("/admin/jsi18n/", headers={"accept": "application/json"})
    answer = client.get("/admin/")

    assert (polled.status_code, polled["Content-Type"]) == (401, "application/json")
    assert (answer["Location"], len(told(client.get(LOGIN_AGAIN)))) == (LOGIN_AGAIN, 1)


def test_form_that_comes_too_late_says_that_nothing_was_saved(clock):
    client = signed_in(UserFactory(is_superuser=True))
    clock.shift(31 * 60)
    typed = {
        "title": "凉州区招商引资工作会议纪要第三号",
        "slug": "short",
        "password": "Jade-and-Ochre-620602",
        "initial-note": "what the page itself had put there",
        "note": "<script>alert(1)</script> 请加快推进",
    }

    answer = client.post("/admin/sources/source/add/", typed)

    html = answer.content.decode()
    assert answer.status_code == 403
    assert answer.context["texts"] == [typed["title"], typed["note"]]
    assert ("&lt;script&gt;alert(1)" in html, "<script>alert" in html) == (True, False)
    assert 'href="/admin/login/?next=/admin/sources/source/add/"' in html
    assert is_open(client) == LOGIN_AGAIN


def test_form_of_many_short_fields_keeps_them_all(clock):
    client = signed_in(UserFactory(is_superuser=True))
    clock.shift(31 * 60)
    amounts = {f"row-{number}-amount": str(number) for number in range(20)}
    typed = amounts | {"row-TOTAL_FORMS": "20", "row-20-amount": " ", "csrfmiddlewaretoken": "x"}

    answer = client.post("/admin/sources/source/add/", typed)

    assert answer.context["fields"] == list(amounts.items())
    assert '<th scope="row">row-7-amount</th><td>7</td>' in answer.content.decode()


def test_script_of_an_open_page_counts_but_ends_no_idle_session(clock):
    client = signed_in(UserFactory(is_superuser=True))
    script = {"x-requested-with": "XMLHttpRequest"}
    clock.shift(29 * 60)
    typing = client.get("/admin/jsi18n/", headers=script)
    clock.shift(29 * 60)
    typing_still = client.get("/admin/jsi18n/", headers=script)
    clock.shift(31 * 60)

    asked = client.get("/admin/jsi18n/", headers=script)
    answer = client.post("/admin/sources/source/add/", {"note": "what was typed into that page"})

    assert (typing.status_code, typing_still.status_code, asked.status_code, answer.status_code) == (200, 200, 401, 403)
    assert answer.context["texts"] == ["what was typed into that page"]


def test_form_of_a_stranger_is_refused_and_shows_nothing(clock):
    user = UserFactory()
    client = signed_in(user)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    clock.shift(31 * 60)

    answer = strict.post("/admin/sources/source/add/", {"note": "words that a stranger made up"})

    assert (answer.status_code, "words that a stranger" in answer.content.decode()) == (403, False)


def test_signing_in_and_out_after_a_pause_just_work(clock):
    user = UserFactory()
    leaving, coming = signed_in(user), signed_in(user)
    clock.shift(31 * 60)

    left = leaving.post("/admin/logout/")
    answer = coming.post("/admin/login/", {"username": user.username, "password": "Jade-and-Ochre-620602"})

    assert (left.status_code, answer["Location"], is_open(coming)) == (302, "/admin/", True)


def test_code_is_asked_again_after_a_pause(clock):
    user = UserFactory()
    with_phone(user)
    client = verified(user)
    clock.shift(31 * 60)

    assert is_open(client) == LOGIN_AGAIN


def test_public_pages_cost_the_signed_in_no_query(clock, django_assert_num_queries):
    client = signed_in(UserFactory())
    visitor = Client()
    clock.shift(31 * 60)
    visitor.get("/robots.txt")

    with django_assert_num_queries(0):
        client.get("/robots.txt")
        client.get("/no/such/page/")


# What ends them


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}])
def test_account_that_is_disabled_is_out_at_once(change):
    user = UserFactory()
    first, second = signed_in(user), signed_in(user)
    type(user).objects.filter(pk=user.pk).update(**change)

    assert [is_open(first), is_open(second)] == [LOGIN_AGAIN, LOGIN_AGAIN]


@pytest.mark.parametrize("shut", ["is_active", "is_staff"])
def test_account_that_is_let_in_again_is_not_signed_in(shut):
    user, administrator = UserFactory(), UserFactory(is_superuser=True)
    client, acting = signed_in(user), signed_in(administrator)
    form = {"username": user.username, "last_name": "", "first_name": "", "email": ""}
    form |= {"is_active": "on", "is_staff": "on"}
    page = f"/admin/auth/user/{user.pk}/change/"

    for sent in ({name: value for name, value in form.items() if name != shut}, form):
        assert acting.post(page, sent).status_code == 302
    user.refresh_from_db()

    assert (user.is_active, user.is_staff, is_open(client), is_open(acting)) == (True, True, LOGIN_AGAIN, True)


def test_end_all_ends_the_sessions_of_one_account():
    user, other = UserFactory(), UserFactory()
    clients = [signed_in(user), signed_in(user), signed_in(other)]

    assert sessions.end_all(user) == 2
    assert [is_open(client) for client in clients] == [LOGIN_AGAIN, LOGIN_AGAIN, True]
