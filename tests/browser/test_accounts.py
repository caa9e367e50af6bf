"""Those who administer accounts, at their pages: nothing bars anybody, nothing lies on anything else."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk import STOCK, save, saved
from tests.factories import IndustryChainFactory, PlaceDutyFactory, PlaceFactory, TaskForceFactory, UserFactory
from tests.liangzhou.account_desk import group, roles_of

pytestmark = pytest.mark.usefixtures("database")

PAGES = {
    "administrator": ("/admin/auth/user/", "/admin/auth/user/add/", "{user}change/", "{user}password/"),
    "security": (
        "{user}change/",
        "/admin/auth/group/",
        "/admin/auth/group/add/",
        "/admin/auth/group/{role}/change/",
        "/admin/projects/taskforce/",
        "/admin/projects/taskforce/{force}/change/",
        "/admin/enterprises/placeduty/{duty}/change/",
        "/admin/enterprises/placeduty/add/",
    ),
}


@pytest.mark.parametrize("role", PAGES)
def test_pages_have_no_barriers_and_keep_their_place(sign_in, sound, role):
    user = UserFactory(roles=["task_force"])
    force = TaskForceFactory(members=[user], chains=[IndustryChainFactory()])
    duty = PlaceDutyFactory(person=user, places=[PlaceFactory()])
    keys = {"user": f"/admin/auth/user/{user.pk}/", "role": group("editor").pk, "force": force.pk, "duty": duty.pk}

    sound(sign_in(UserFactory(roles=[role])), [page.format(**keys) for page in PAGES[role]], apart_from=STOCK)


def test_security_administrator_grants_a_role_by_a_tick(sign_in):
    user = UserFactory()
    page = sign_in(UserFactory(roles=["security"]))
    page.goto(f"/admin/auth/user/{user.pk}/change/")
    page.get_by_label("招商局编辑").check()
    save(page)

    expect(saved(page)).to_be_visible()
    assert roles_of(user) == ["招商局编辑"]


def test_member_is_chosen_by_typing_a_name(sign_in):
    user, force = UserFactory(last_name="冯", first_name="能源"), TaskForceFactory()
    page = sign_in(UserFactory(roles=["security"]))
    page.goto(f"/admin/projects/taskforce/{force.pk}/change/")
    page.locator("#id_members + .select2").click()
    page.locator("#id_members + .select2 .select2-search__field").fill("冯能")
    page.locator(".select2-results__option", has_text=f"冯能源 ({user.username})").click()
    save(page)

    expect(saved(page)).to_be_visible()
    assert list(force.members.all()) == [user]
