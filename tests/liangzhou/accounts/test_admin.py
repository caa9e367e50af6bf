"""Accounts in the admin: opening, closing, names and passwords, by the system administrator."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from tests.answers import page_of
from tests.factories import (
    PASSWORD,
    IndustryChainFactory,
    PlaceFactory,
    UserFactory,
)
from tests.liangzhou.account_desk import ANOTHER, account_form, at_desk, entries, group, page, roles_of, signed_in

pytestmark = pytest.mark.django_db

LIST, ADD = "/admin/auth/user/", "/admin/auth/user/add/"
NEW = {
    "username": "zhangsan",
    "last_name": "张",
    "first_name": "三",
    "email": "",
    "password1": ANOTHER,
    "password2": ANOTHER,
}


# Opening


def test_system_administrator_opens_an_account():
    client = at_desk("administrator", username="sys")
    response = client.post(ADD, NEW)
    user = User.objects.get(username="zhangsan")
    assert response.headers["Location"] == page(user)
    assert (user.is_staff, user.is_active, user.is_superuser, roles_of(user)) == (True, True, False, [])
    assert user.account.must_change_password
    assert entries("account") == [("account", "sys", "zhangsan", "done", {"opened": True})]


def test_opening_an_account_takes_no_forged_rights():
    client = at_desk("administrator", username="sys")
    forged = {"is_superuser": "on", "groups": [group("editor").pk], "user_permissions": ["1"]}
    client.post(ADD, NEW | forged)
    user = User.objects.get(username="zhangsan")
    assert (user.is_superuser, roles_of(user), user.user_permissions.count()) == (False, [], 0)
    reasons = {"reasons": ["groups", "user_permissions", "is_superuser"]}
    assert [(row[3], row[4]) for row in entries("refused")] == [("refused", reasons)]


@pytest.mark.parametrize("roles", [["security"], ["auditor"], ["editor"], []])
def test_nobody_else_opens_accounts(roles):
    client = at_desk(*roles)
    assert (client.get(ADD).status_code, client.post(ADD, NEW).status_code) == (403, 403)
    assert not User.objects.filter(username="zhangsan").exists()


def test_names_that_differ_in_case_or_width_are_one_name():
    UserFactory(username="ZhangSan")
    client = at_desk("administrator")
    response = client.post(ADD, NEW | {"username": "\uff5ahangsan"})
    assert list(response.context["adminform"].errors) == ["username"]


@pytest.mark.parametrize("password", ["", "short-A1", "onlysmallletters"])
def test_new_password_follows_the_rules(password):
    response = at_desk("administrator").post(ADD, NEW | {"password1": password, "password2": password})
    assert response.status_code == 200
    assert not User.objects.filter(username="zhangsan").exists()


# Changing and closing


def test_system_administrator_changes_names():
    client, user = at_desk("administrator", username="sys"), UserFactory(username="clerk", last_name="王")
    client.post(page(user), account_form(user, last_name="李", email="clerk@example.cn"))
    user.refresh_from_db()
    assert (user.last_name, user.email) == ("李", "clerk@example.cn")
    assert entries("account", "rights") == [("account", "sys", "clerk", "done", {"also": ["last_name", "email"]})]


def test_saving_without_a_change_leaves_no_entry():
    client, user = at_desk("administrator"), UserFactory(roles=["editor"])
    assert client.post(page(user), account_form(user)).status_code == 302
    assert entries("account", "rights", "refused") == []


@pytest.mark.parametrize(
    ("field", "value"),
    [("is_superuser", "on"), ("username", "root"), ("password", "x"), ("user_permissions", "{right}")],
)
def test_system_administrator_cannot_forge(field, value):
    client, user = at_desk("administrator", username="sys"), UserFactory(username="clerk", roles=["editor"])
    right = group("security").permissions.first().pk
    client.post(page(user), account_form(user, **{field: value.format(right=right)}))
    after = User.objects.get(pk=user.pk)
    assert (after.is_superuser, after.username, after.password) == (False, "clerk", user.password)
    assert (after.user_permissions.count(), roles_of(after)) == (0, ["招商局编辑"])
    assert entries("refused", "rights") == [("refused", "sys", "clerk", "refused", {"reasons": [field]})]


@pytest.mark.parametrize("chosen", [["auditor"], []])
def test_system_administrator_cannot_forge_roles(chosen):
    client, user = at_desk("administrator"), UserFactory(roles=["editor"])
    client.post(page(user), account_form(user, groups=[group(code).pk for code in chosen]))
    assert roles_of(user) == ["招商局编辑"]
    assert entries("rights") == []


def test_system_administrator_cannot_grant_to_themselves():
    client = at_desk("administrator")
    client.post(page(client.user), account_form(client.user, groups=[group("editor").pk], is_superuser="on"))
    assert (roles_of(client.user), User.objects.get(pk=client.user.pk).is_superuser) == (["系统管理员"], False)


def test_system_administrator_cannot_close_their_own_account():
    client = at_desk("administrator")
    client.post(page(client.user), account_form(client.user, is_active=None, is_staff=None))
    client.user.refresh_from_db()
    assert (client.user.is_active, client.user.is_staff) == (True, True)


def test_closing_an_account_ends_its_sessions_for_good():
    client, user = at_desk("administrator", username="sys"), UserFactory(username="clerk", roles=["editor"])
    theirs = signed_in(user)
    assert theirs.get("/admin/").status_code == 200
    client.post(page(user), account_form(user, is_active=None))
    assert theirs.get("/admin/").status_code == 302
    client.post(page(user), account_form(user))
    assert theirs.get("/admin/").status_code == 302
    shut = {"active": {"from": True, "to": False}}
    opened = {"active": {"from": False, "to": True}}
    assert [row[4] for row in entries("account")] == [shut, opened]


@pytest.mark.parametrize("roles", [["administrator"], ["security"], ["auditor"]])
def test_accounts_are_never_deleted(roles):
    client, user = at_desk(*roles), UserFactory()
    answers = [client.get(page(user, "delete")), client.post(page(user, "delete"), {"post": "yes"})]
    assert [answer.status_code for answer in answers] == [403, 403]
    client.post(LIST, {"action": "delete_selected", "_selected_action": [user.pk], "post": "yes"})
    assert User.objects.filter(pk=user.pk).exists()


def test_not_even_a_superuser_deletes_accounts():
    client, user = at_desk(is_superuser=True), UserFactory()
    assert client.post(page(user, "delete"), {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=user.pk).exists()


# Passwords


def test_system_administrator_sets_a_password_that_serves_once():
    client, user = at_desk("administrator", username="sys"), UserFactory(username="clerk")
    theirs = signed_in(user)
    client.post(
        reverse("admin:auth_user_password_change", args=[user.pk]), {"password1": ANOTHER, "password2": ANOTHER}
    )
    user = User.objects.get(pk=user.pk)
    assert (user.check_password(ANOTHER), user.account.must_change_password) == (True, True)
    assert theirs.get("/admin/").status_code == 302
    assert entries("password") == [("password", "sys", "clerk", "done", {"by_another": True})]


def test_own_password_is_changed_where_the_old_one_is_asked():
    client = at_desk("administrator")
    address = reverse("admin:auth_user_password_change", args=[client.user.pk])
    for answer in (client.get(address), client.post(address, {"password1": ANOTHER, "password2": ANOTHER})):
        assert (answer.status_code, answer.headers["Location"]) == (302, "/admin/password_change/")
    assert User.objects.get(pk=client.user.pk).check_password(PASSWORD)


@pytest.mark.parametrize(("role", "superuser"), [("security", False), ("auditor", False), ("administrator", True)])
def test_password_is_not_set_by_others_nor_for_superusers(role, superuser):
    client, user = at_desk(role, username="who"), UserFactory(username="clerk", is_superuser=superuser)
    address = reverse("admin:auth_user_password_change", args=[user.pk])
    answers = [client.get(address), client.post(address, {"password1": ANOTHER, "password2": ANOTHER})]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert User.objects.get(pk=user.pk).check_password(PASSWORD)
    assert entries("password") == []


def test_password_pages_of_nobody_are_not_found():
    client = at_desk("administrator")
    for key in ("999999", "99999999999999999999999", "x", "1%27"):
        assert client.get(f"/admin/auth/user/{key}/password/").status_code == 404


# The list and the page


def people(count):
    chain, place = IndustryChainFactory(), PlaceFactory()
    for _n in range(count):
        UserFactory(roles=["task_force", "place_clerk"], chains=[chain], places=[place])


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_as_many_queries_for_three_as_for_one(count, django_assert_num_queries):
    client = at_desk("administrator")
    people(count)
    client.get(LIST)
    with django_assert_num_queries(11):
        assert client.get(LIST).status_code == 200


def test_list_says_who_has_what():
    client = at_desk("auditor")
    chain, place = IndustryChainFactory(name="新能源"), PlaceFactory(name="工业园")
    UserFactory(
        username="clerk",
        last_name="王",
        first_name="五",
        roles=["place_clerk", "task_force"],
        chains=[chain],
        places=[place],
    )
    rows = page_of(client.get(f"{LIST}?q=王五")).one("table", id="result_list").one("tbody").all("tr")
    cells = [cell.text for cell in rows[0].all() if cell.tag in ("td", "th")]
    assert (len(rows), cells[:4]) == (1, ["王五", "clerk", "产业链专班、属地经办员", "新能源、工业园"])


@pytest.mark.parametrize(
    "query", ["last_login__year=99999", "is_active__exact=x", "q=%", "groups__id__exact=9" * 9, "o=99", "p=x"]
)
def test_list_is_not_broken_by_queries(query):
    assert at_desk("administrator").get(f"{LIST}?{query}").status_code in (200, 302)


def test_list_does_not_look_into_passwords():
    client, user = at_desk("auditor"), UserFactory()
    assert client.get(f"{LIST}?password__startswith={user.password[:5]}").status_code == 400


def test_auditor_reads_accounts_and_changes_nothing():
    client, user = at_desk("auditor"), UserFactory(last_name="王", roles=["editor"])
    shown = client.get(page(user))
    assert ("招商局编辑" in shown.content.decode(), "password/" in shown.content.decode()) == (True, False)
    assert client.post(page(user), account_form(user, last_name="李", groups=[])).status_code == 403
    assert (User.objects.get(pk=user.pk).last_name, roles_of(user)) == ("王", ["招商局编辑"])


@pytest.mark.parametrize("role", ["editor", "task_force", "place_clerk", "publisher", "service_officer", "leader"])
def test_who_works_on_records_sees_no_accounts(role):
    client, user = at_desk(role), UserFactory()
    assert [client.get(address).status_code for address in (LIST, page(user), "/admin/auth/group/")] == [403] * 3


def test_a_stranger_is_asked_to_sign_in():
    assert Client().get(LIST).status_code == 302
