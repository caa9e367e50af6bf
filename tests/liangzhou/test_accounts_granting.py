"""Roles in the admin: granted by the security administrator, never to oneself, never of two duties; superusers."""

import pytest
from django.contrib.auth.models import Permission, User

from liangzhou.permissions import duties_in_conflict
from liangzhou.roles import BY_CODE
from tests.answers import page_of
from tests.factories import IndustryChainFactory, PlaceFactory, UserFactory
from tests.liangzhou.account_desk import account_form, at_desk, entries, group, made_here, page, roles_of

pytestmark = pytest.mark.django_db


def keys(*codes):
    return [group(code).pk for code in codes]


# Granting


def test_security_administrator_grants_roles():
    client, user = at_desk("security", username="sec"), UserFactory(username="clerk", roles=["editor"])
    client.post(page(user), {"groups": keys("publisher", "leader")})
    assert roles_of(user) == ["区领导", "发布审核员"]
    change = {"roles": {"from": ["招商局编辑"], "to": ["区领导", "发布审核员"]}}
    assert entries("rights", "account") == [("rights", "sec", "clerk", "done", change)]


def test_granted_role_counts_from_the_next_request():
    client, theirs = at_desk("security"), at_desk()
    assert theirs.get("/admin/projects/project/").status_code == 403
    client.post(page(theirs.user), {"groups": keys("leader")})
    assert theirs.get("/admin/projects/project/").status_code == 200
    client.post(page(theirs.user), {"groups": []})
    assert theirs.get("/admin/projects/project/").status_code == 403


@pytest.mark.parametrize(
    ("field", "value"),
    [("is_superuser", "on"), ("is_active", ""), ("is_staff", ""), ("username", "root"), ("password", "x")],
)
def test_security_administrator_cannot_forge(field, value):
    client, user = at_desk("security", username="sec"), UserFactory(username="clerk")
    client.post(page(user), {field: value, "last_name": "改", "email": "a@example.cn"})
    after = User.objects.get(pk=user.pk)
    assert (after.is_superuser, after.is_active, after.is_staff, after.username) == (False, True, True, "clerk")
    assert (after.password, after.last_name, after.email) == (user.password, user.last_name, user.email)
    assert entries("refused", "account") == [("refused", "sec", "clerk", "refused", {"reasons": [field]})]


def test_security_administrator_cannot_forge_single_rights():
    client, user = at_desk("security"), UserFactory()
    client.post(page(user), {"user_permissions": [Permission.objects.first().pk]})
    assert user.user_permissions.count() == 0


def test_security_administrator_grants_nothing_to_themselves():
    client = at_desk("security", username="sec")
    assert client.get(page(client.user)).context["has_change_permission"] is False
    assert client.post(page(client.user), {"groups": keys("security", "administrator")}).status_code == 403
    assert roles_of(client.user) == ["安全管理员"]
    assert [row[:4] for row in entries("refused", "rights")] == [("refused", "sec", page(client.user), "refused")]


def test_groups_that_are_not_there_are_refused():
    client, user = at_desk("security"), UserFactory(roles=["editor"])
    for key in ("999999", "x", "99999999999999999999"):
        response = client.post(page(user), {"groups": [key]})
        assert list(response.context["adminform"].errors) == ["groups"]
    assert roles_of(user) == ["招商局编辑"]


def test_security_administrator_sees_each_role_with_what_it_is_for():
    page_shown = page_of(at_desk("security").get(page(UserFactory())))
    labels = page_shown.one("div.roles").texts("label")
    assert labels == [f"{role.name} {role.about}" for role in BY_CODE.values()]


def test_page_shows_chains_and_places():
    chain, place = IndustryChainFactory(name="新能源"), PlaceFactory(name="工业园")
    user = UserFactory(roles=["task_force", "place_clerk"], chains=[chain], places=[place])
    shown = page_of(at_desk("security").get(page(user))).one("div.field-served")
    assert (shown.texts("span.quiet"), len(shown.all("a"))) == (["新能源", "工业园"], 2)
    shown = page_of(at_desk("administrator").get(page(user))).one("div.field-served")
    assert (shown.texts("span.quiet"), len(shown.all("a"))) == (["新能源", "工业园"], 0)


# Duties that are kept apart


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("administrator", "security"),
        ("administrator", "auditor"),
        ("administrator", "editor"),
        ("security", "auditor"),
        ("security", "leader"),
        ("auditor", "publisher"),
    ],
)
def test_roles_of_two_duties_are_refused(one, other):
    client, user = at_desk("security", username="sec"), UserFactory(username="clerk", roles=[one])
    response = client.post(page(user), {"groups": keys(one, other)})
    assert list(response.context["adminform"].errors) == ["groups"]
    assert roles_of(user) == [BY_CODE[one].name]
    (refused,) = entries("refused", "rights")
    assert refused[:4] == ("refused", "sec", "clerk", "refused")


@pytest.mark.parametrize("right", ["projects.change_project", "enterprises.export_contact", "projects.publish_project"])
def test_rights_count_rather_than_names_of_groups(right):
    client, user = at_desk("security"), UserFactory()
    made = made_here("自建组", right)
    response = client.post(page(user), {"groups": [*keys("auditor"), made.pk]})
    assert (list(response.context["adminform"].errors), roles_of(user)) == (["groups"], [])


def test_single_rights_count_too():
    client, user = at_desk("security"), UserFactory(permissions=["projects.change_project"])
    response = client.post(page(user), {"groups": keys("administrator")})
    assert (list(response.context["adminform"].errors), roles_of(user)) == (["groups"], [])


@pytest.mark.parametrize("given", ["chains", "places"])
def test_who_has_chains_or_places_administers_nothing(given):
    things = {"chains": [IndustryChainFactory], "places": [PlaceFactory]}[given]
    user = UserFactory(**{given: [make() for make in things]})
    response = at_desk("security").post(page(user), {"groups": keys("security")})
    assert (list(response.context["adminform"].errors), roles_of(user)) == (["groups"], [])


@pytest.mark.parametrize("role", BY_CODE.values(), ids=BY_CODE)
def test_no_role_is_in_conflict_with_itself(role):
    assert duties_in_conflict(role.permissions()) == ""


def test_every_two_roles_of_one_duty_go_together():
    work = [role.permissions() for role in BY_CODE.values() if role.duty == "records"]
    assert duties_in_conflict(set().union(*work)) == ""


def test_viewing_goes_with_every_duty():
    assert duties_in_conflict({"auth.change_user", "projects.view_project", "auth.view_user"}) == ""


# Superusers


@pytest.fixture
def root():
    return at_desk(is_superuser=True, username="root")


def test_superuser_does_both_and_makes_superusers(root):
    user = UserFactory(username="clerk")
    right = Permission.objects.get(codename="change_project")
    sent = account_form(user, groups=keys("editor"), is_superuser="on", user_permissions=[right.pk])
    assert root.post(page(user), sent).status_code == 302
    user = User.objects.get(pk=user.pk)
    assert (user.is_superuser, roles_of(user), user.user_permissions.count()) == (True, ["招商局编辑"], 1)
    change = {
        "superuser": {"from": False, "to": True},
        "roles": {"from": [], "to": ["招商局编辑"]},
        "single_rights": {"from": [], "to": ["projects.change_project"]},
    }
    assert entries("rights") == [("rights", "root", "clerk", "done", change)]


def test_superuser_keeps_duties_apart_too(root):
    user = UserFactory()
    response = root.post(page(user), account_form(user, groups=keys("editor", "auditor")))
    assert (list(response.context["adminform"].errors), roles_of(user)) == (["groups"], [])


def test_superuser_is_the_exception_until_they_are_none(root):
    user = UserFactory(is_superuser=True, roles=["editor", "auditor"])
    assert (
        root.post(page(user), account_form(user, is_superuser="on", groups=keys("editor", "auditor"))).status_code
        == 302
    )
    response = root.post(page(user), account_form(user, groups=keys("editor", "auditor")))
    assert list(response.context["adminform"].errors) == ["groups"]


@pytest.mark.parametrize("gone", ["is_active", "is_staff", "is_superuser"])
def test_last_superuser_stays(root, gone):
    UserFactory(is_superuser=True, is_active=False)
    UserFactory(is_superuser=True, is_staff=False)
    response = root.post(page(root.user), account_form(root.user, is_superuser="on") | {gone: ""})
    assert response.status_code == 200
    after = User.objects.get(pk=root.user.pk)
    assert (after.is_active, after.is_staff, after.is_superuser) == (True, True, True)


def test_superuser_who_is_not_the_last_may_be_closed(root):
    other = UserFactory(is_superuser=True)
    assert root.post(page(other), account_form(other, is_superuser="on", is_active=None)).status_code == 302
    assert not User.objects.get(pk=other.pk).is_active


@pytest.mark.parametrize("role", ["administrator", "security"])
def test_superusers_are_edited_by_superusers_alone(role):
    client, other = at_desk(role), UserFactory(is_superuser=True, last_name="王", roles=["editor"])
    sent = account_form(other, last_name="李", is_active=None, groups=[])
    assert client.post(page(other), sent).status_code == 403
    after = User.objects.get(pk=other.pk)
    assert (after.last_name, after.is_active, after.is_superuser, roles_of(after)) == ("王", True, True, ["招商局编辑"])
