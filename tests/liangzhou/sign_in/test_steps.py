"""What stands between the password and the first page: no address of the admin gets around it."""

from datetime import timedelta

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone

from liangzhou import accounts
from liangzhou.sign_in import steps as sign_in_steps
from tests.factories import AccountFactory, UserFactory
from tests.signing_in import CODE, LOGIN, PASSWORD_PAGE, SET_UP, addresses, is_open, signed_in, verified, with_phone

pytestmark = pytest.mark.django_db


def waits(page, goal="/admin/"):
    return f"{page}?next={goal}"


def with_factor(settings):
    user = UserFactory(is_superuser=True)
    with_phone(user)
    return user


def without_required_factor(settings):
    settings.TWO_FACTOR_ROLES = ["superuser"]
    return UserFactory(is_superuser=True)


def with_foreign_password(settings):
    user = UserFactory(is_superuser=True)
    accounts.require_new_password(user)
    return user


STEPS = pytest.mark.parametrize(
    ("who", "page"), [(with_factor, CODE), (without_required_factor, SET_UP), (with_foreign_password, PASSWORD_PAGE)]
)


def test_walk_knows_the_admin():
    found = set(addresses())

    assert {
        "/admin/", "/admin/autocomplete/", "/admin/jsi18n/", "/admin/r/1/1/", "/admin/projects/project/",
        "/admin/projects/project/1/history/", "/admin/projects/project/1/delete/", "/admin/ledgers/ledgerimport/",
        "/admin/auth/user/1/password/", "/admin/second-factor/off/", "/admin/no/such/page/",
    } <= found  # fmt: skip
    assert len(found) > 100


@pytest.mark.parametrize(
    ("who", "page", "method"),
    [
        (with_factor, CODE, "get"),
        (with_factor, CODE, "post"),
        (without_required_factor, SET_UP, "get"),
        (with_foreign_password, PASSWORD_PAGE, "post"),
    ],
)
def test_nothing_of_the_admin_opens_before_the_step(settings, who, page, method):
    client = signed_in(who(settings))
    pages = [path for path in addresses() if path != page]

    answers = {path: getattr(client, method)(path) for path in pages}

    assert {path: answer.headers.get("Location") for path, answer in answers.items()} == {
        path: waits(page, path) for path in pages
    }


@STEPS
def test_page_of_the_step_opens_without_the_menu(settings, who, page):
    answer = signed_in(who(settings)).get(page)

    html = answer.content.decode()
    assert (answer.status_code, 'class="menu"' in html, 'action="/admin/logout/"' in html) == (200, False, True)


@STEPS
def test_signing_out_is_open_before_the_step(settings, who, page):
    client = signed_in(who(settings))

    client.post("/admin/logout/")

    assert is_open(client) == waits(LOGIN)


@STEPS
def test_sign_in_page_leads_to_the_step(settings, who, page):
    client = signed_in(who(settings))

    answer = client.get(waits(LOGIN, "/admin/projects/project/"), follow=True)

    assert [address for address, _status in answer.redirect_chain] == [
        "/admin/projects/project/",
        waits(page, "/admin/projects/project/"),
    ]


def test_code_is_asked_before_a_new_password(settings):
    user = with_factor(settings)
    accounts.require_new_password(user)

    assert is_open(signed_in(user)) == waits(CODE)
    assert is_open(verified(user)) == waits(PASSWORD_PAGE)


def test_new_password_is_asked_before_a_phone_is_bound(settings):
    user = without_required_factor(settings)
    accounts.require_new_password(user)

    assert is_open(signed_in(user)) == waits(PASSWORD_PAGE)


@pytest.mark.parametrize(
    ("roles", "required"),
    [([], True), (["superuser"], True), (["all"], True), (["editor"], True), (["publisher"], False)],
)
def test_second_factor_is_required_by_role(settings, roles, required):
    settings.TWO_FACTOR_ROLES = roles
    editor = UserFactory(roles=["editor"], is_superuser="superuser" in roles)

    assert is_open(signed_in(editor)) == (waits(SET_UP) if required and roles else True)


@pytest.mark.parametrize(("days", "age", "due"), [(0, 1000, False), (90, 89, False), (90, 91, True)])
@pytest.mark.parametrize("kept", [True, False], ids=["noted", "since-joined"])
def test_password_expires_by_setting(settings, days, age, due, kept):
    settings.PASSWORD_EXPIRY_DAYS = days
    then = timezone.now() - timedelta(days=age)
    user = UserFactory(date_joined=timezone.now() - timedelta(days=500) if kept else then)
    if kept:
        AccountFactory(user=user, password_changed_at=then)

    assert is_open(signed_in(user)) == (waits(PASSWORD_PAGE) if due else True)


def test_step_that_falls_due_meets_an_open_session():
    user = UserFactory()
    client = signed_in(user)
    assert is_open(client) is True

    accounts.require_new_password(user)

    assert is_open(client) == waits(PASSWORD_PAGE)


def test_guard_costs_no_query_of_its_own(django_assert_num_queries):
    client = signed_in(UserFactory())
    client.get("/admin/jsi18n/")

    with django_assert_num_queries(2):  # the session; the account with all that is asked of it
        client.get("/admin/jsi18n/")


# Where it leads


GOALS = pytest.mark.parametrize(
    ("goal", "kept"),
    [
        ("/admin/", True),
        ("/admin/projects/project/?q=x&stage__exact=started", True),
        ("http://testserver/admin/", True),
        ("", False),
        ("/", False),
        ("/projects/", False),
        ("//evil.example/admin/", False),
        ("https://evil.example/admin/", False),
        ("http:///evil.example", False),
        ("javascript:alert(1)", False),
        ("/\\evil.example", False),
        ("/admin/login/", False),
        ("/admin/logout/", False),
        ("/admin/../../evil", False),
        ("\0", False),
        ("x" * 5000, False),
        ("http://[", False),
    ],
)


@GOALS
def test_goal_is_a_page_of_our_admin(goal, kept):
    assert sign_in_steps.goal_of(RequestFactory().post("/", {"next": goal})) == (goal if kept else "")


@GOALS
def test_sign_in_leads_to_own_pages_alone(goal, kept):
    user = UserFactory()

    answer = Client().post(LOGIN, {"username": user.username, "password": "Jade-and-Ochre-620602", "next": goal})

    assert answer["Location"] == (goal if kept else "/admin/")


def test_goal_is_followed_after_the_code():
    user = UserFactory()
    [recovery, *_others] = with_phone(user)
    client = signed_in(user, goal="/admin/projects/project/?q=x")

    page = client.get("/admin/projects/project/?q=x")
    asked = client.get(page["Location"]).content.decode()
    answer = client.post(CODE, {"code": recovery, "next": "/admin/projects/project/?q=x"})

    assert '<input type="hidden" name="next" value="/admin/projects/project/?q=x">' in asked
    assert answer["Location"] == "/admin/projects/project/?q=x"


def test_visitor_is_asked_for_name_and_password_alone():
    pages = (CODE, SET_UP, PASSWORD_PAGE)

    assert [Client().get(page)["Location"] for page in pages] == [waits(LOGIN, page) for page in pages]
