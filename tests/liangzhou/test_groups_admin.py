"""Groups in the admin: the roles are as the software has them; others hold rights on records and no more."""

import pytest
from django.contrib.auth.models import Group, Permission

from liangzhou.roles import BY_CODE, install
from tests.answers import page_of
from tests.factories import UserFactory
from tests.liangzhou.account_desk import at_desk, entries, group, made_here
from tests.liangzhou.audit_desk import is_recorded_last

pytestmark = pytest.mark.django_db

LIST, ADD = "/admin/auth/group/", "/admin/auth/group/add/"


def page(of, name="change"):
    return f"{LIST}{of.pk}/{name}/"


def keys(*rights):
    found = [Permission.objects.get(content_type__app_label=r.split(".")[0], codename=r.split(".")[1]) for r in rights]
    return [right.pk for right in found]


def held(of):
    return sorted(f"{right.content_type.app_label}.{right.codename}" for right in of.permissions.all())


# The roles


@pytest.mark.parametrize("code", BY_CODE)
@pytest.mark.parametrize("superuser", [False, True], ids=["security", "superuser"])
def test_roles_stay_as_the_software_has_them(code, superuser):
    client, role = at_desk("security", is_superuser=superuser), group(code)
    before = held(role)
    answers = [
        client.post(page(role), {"name": "改名", "permissions": []}),
        client.post(page(role, "delete"), {"post": "yes"}),
    ]
    client.post(LIST, {"action": "delete_selected", "_selected_action": [role.pk], "post": "yes"})
    assert [answer.status_code for answer in answers] == [403, 403]
    assert held(Group.objects.get(name=BY_CODE[code].name)) == before


def test_role_says_its_rights_in_words():
    shown = page_of(at_desk("security").get(page(group("administrator"))))
    rights = shown.one("dl.rights-list")
    assert dict(zip(rights.texts("dt"), rights.texts("dd"), strict=True))["用户"].count(",") == 2
    assert "Can add" not in shown.text


def test_list_tells_roles_from_groups_made_here(django_assert_num_queries):
    client = at_desk("security")
    made_here("自建组")
    UserFactory(roles=["editor"])
    client.get(LIST)
    with django_assert_num_queries(7):
        table = page_of(client.get(LIST)).one("table", id="result_list")
    names = [row.one("th").text for row in table.one("tbody").all("tr")]
    assert sorted(names) == sorted([*(role.name for role in BY_CODE.values()), "自建组"])


# Groups made here


def test_security_administrator_makes_a_group_for_records():
    client = at_desk("security", username="sec")
    chosen = keys("projects.change_project", "enterprises.view_enterprise")
    client.post(ADD, {"name": "项目专员", "permissions": chosen})
    made = Group.objects.get(name="项目专员")
    assert held(made) == ["enterprises.view_enterprise", "projects.change_project"]
    change = {"name": {"from": None, "to": "项目专员"}, "rights": {"from": None, "to": held(made)}}
    assert entries("rights") == [("rights", "sec", "项目专员", "done", change)]


@pytest.mark.parametrize(
    "right",
    ["auth.change_user", "liangzhou.grant_account", "auth.change_group", "projects.change_taskforce",
     "enterprises.add_placeduty", "liangzhou.view_auditentry", "auth.delete_user", "sessions.delete_session"],
)  # fmt: skip
@pytest.mark.parametrize("to_there", [False, True], ids=["new", "there"])
def test_administration_is_given_by_no_group_made_here(right, to_there):
    client, made = at_desk("security"), made_here("自建组", "projects.view_project")
    response = client.post(page(made) if to_there else ADD, {"name": "又一组", "permissions": keys(right)})
    assert list(response.context["adminform"].errors) == ["permissions"]
    assert (held(made), Group.objects.filter(name="又一组").exists()) == (["projects.view_project"], False)


def test_superuser_may_make_a_group_that_administers_but_not_of_two_duties():
    client = at_desk(is_superuser=True)
    client.post(ADD, {"name": "账号组", "permissions": keys("auth.add_user", "auth.change_user")})
    assert held(Group.objects.get(name="账号组")) == ["auth.add_user", "auth.change_user"]
    both = keys("auth.change_user", "projects.change_project")
    response = client.post(ADD, {"name": "都行组", "permissions": both})
    assert list(response.context["adminform"].errors) == ["permissions"]
    assert not Group.objects.filter(name="都行组").exists()


def test_group_of_a_superuser_is_changed_by_superusers_alone():
    made = made_here("账号组", "auth.change_user")
    client = at_desk("security")
    assert client.post(page(made), {"name": "改名", "permissions": []}).status_code == 403
    assert client.post(page(made, "delete"), {"post": "yes"}).status_code == 403
    assert held(made) == ["auth.change_user"]


def test_right_is_not_added_where_a_member_must_not_hold_it():
    client, made = at_desk("security"), made_here("自建组", "projects.view_project")
    member = UserFactory(username="watch", last_name="王", first_name="审", roles=["auditor"])
    member.groups.add(made)
    response = client.post(page(made), {"name": "自建组", "permissions": keys("projects.change_project")})
    (error,) = response.context["adminform"].errors["permissions"]
    assert "王审 (watch)" in error
    assert (held(made), [row[3] for row in entries("refused")]) == (["projects.view_project"], ["refused"])


def test_own_group_is_not_changed():
    client, made = at_desk("security"), made_here("自建组", "projects.view_project")
    client.user.groups.add(made)
    sent = {"name": "自建组", "permissions": keys("enterprises.view_enterprise")}
    assert [client.post(page(made), sent).status_code, client.post(page(made, "delete")).status_code] == [403, 403]
    assert held(made) == ["projects.view_project"]


def test_deleted_group_is_in_the_audit():
    client, made = at_desk("security", username="sec"), made_here("自建组", "projects.view_project")
    UserFactory(username="clerk").groups.add(made)
    assert client.post(page(made, "delete"), {"post": "yes"}).status_code == 302
    gone = {"name": "自建组", "rights": ["projects.view_project"], "members": ["clerk"]}
    assert [row[4] for row in entries("rights")] == [{name: {"from": was, "to": None} for name, was in gone.items()}]


def test_name_of_a_role_is_taken():
    response = at_desk("security").post(ADD, {"name": "审计员", "permissions": keys("projects.view_project")})
    assert list(response.context["adminform"].errors) == ["name"]


def test_groups_made_here_outlive_an_update():
    made = made_here("自建组", "projects.view_project")
    install()
    assert held(made) == ["projects.view_project"]


@pytest.mark.parametrize("role", ["administrator", "auditor"])
def test_others_read_groups_and_change_none(role):
    client, made = at_desk(role), made_here("自建组", "projects.view_project")
    assert client.get(page(made)).status_code == 200
    answers = [
        client.post(page(made), {"name": "改"}),
        client.post(ADD, {"name": "新"}),
        client.post(page(made, "delete")),
    ]
    assert [answer.status_code for answer in answers] == [403, 403, 403]


@pytest.mark.parametrize("key", ["999999", "9" * 25, "x"])
def test_permissions_that_are_not_there_are_refused(key):
    response = at_desk("security").post(ADD, {"name": "新", "permissions": [key]})
    assert list(response.context["adminform"].errors) == ["permissions"]


def test_choice_of_rights_is_grouped_and_in_words():
    shown = page_of(at_desk("security").get(ADD)).one("div.rights")
    projects = next(kind for kind in shown.all("fieldset") if kind.one("legend").text == "项目")
    assert len(projects.all("label")) == 5
    assert "Can " not in shown.text


def test_members_lead_to_their_accounts():
    member = UserFactory(username="editor1", last_name="李", first_name="招商", roles=["editor"])
    link = page_of(at_desk("auditor").get(page(Group.objects.get(name=BY_CODE["editor"].name)))).all("a")
    assert [one.text for one in link if one.attrs.get("href") == f"/admin/auth/user/{member.pk}/change/"] == [
        "李招商 (editor1)"
    ]


def test_groups_are_deleted_before_the_trail_is_locked(django_assert_max_num_queries):
    client = at_desk("security")
    made = [made_here(name, "projects.view_project").pk for name in ("甲组", "乙组")]
    with django_assert_max_num_queries(200) as asked:
        client.post(LIST, {"action": "delete_selected", "_selected_action": made, "post": "yes"})
    assert sorted(row[4]["name"]["from"] for row in entries("rights")) == ["乙组", "甲组"]
    assert is_recorded_last(asked.captured_queries, "auth_group")


def test_update_that_changes_a_role_is_in_the_audit():
    role = group("leader")
    install()
    before = held(role)
    role.permissions.remove(*keys("projects.add_instruction"))
    weaker = held(role)
    install()
    change = {"how": "update", "rights": {"from": weaker, "to": before}}
    assert entries("rights") == [("rights", "", "区领导", "done", change)]
