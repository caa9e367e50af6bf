"""Those who administer accounts, at their pages: nothing bars anybody, nothing lies on anything else."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.desk import STOCK, save, saved
from tests.browser.layout import faults
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


@pytest.mark.parametrize(("role", "address"), [(role, page) for role, pages in PAGES.items() for page in pages])
def test_page_has_no_barriers_and_keeps_its_place(sign_in, axe, role, address):
    user = UserFactory(roles=["task_force"])
    force = TaskForceFactory(members=[user], chains=[IndustryChainFactory()])
    duty = PlaceDutyFactory(person=user, places=[PlaceFactory()])
    page = sign_in(UserFactory(roles=[role]))
    keys = {"role": group("editor").pk, "force": force.pk, "duty": duty.pk}
    page.goto(address.format(user=f"/admin/auth/user/{user.pk}/", **keys))

    axe(page, apart_from=STOCK)
    assert faults(page) == []
    page.set_viewport_size(PHONE)
    assert faults(page) == []


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
