"""A record on its way: submitted, returned, mended, published, read by the public, withdrawn."""

import pytest
from playwright.sync_api import expect

from projects.models import Mechanism
from tests.browser.conftest import PHONE
from tests.browser.desk import STOCK, save, saved
from tests.browser.layout import faults
from tests.factories import MechanismFactory, UserFactory

pytestmark = pytest.mark.usefixtures("article")

NOTE = "缺少文件依据，请补充"


@pytest.fixture
def mechanism():
    made = MechanismFactory(name="专班包抓机制", summary="一个产业一个专班。", published=False)
    yield made
    made.delete()


def press(page, code, text=""):
    """Press one of the buttons of the panel, with what it asks for."""
    form = page.locator(f".publishing form.{code}")
    if text:
        page.locator(f".publishing details:has(form.{code}) summary").click()
        form.locator("input[name=text]").fill(text)
    form.locator("button").click()
    expect(saved(page)).to_be_visible()


def looked_at(page, axe):
    """Without barriers, and in its place at both widths."""
    axe(page, STOCK)
    assert faults(page) == []
    page.set_viewport_size(PHONE)
    assert faults(page) == []
    page.set_viewport_size({"width": 1366, "height": 768})


def test_record_goes_from_desk_to_desk_and_to_the_public(sign_in, page, axe, mechanism):
    address, form = mechanism.get_absolute_url(), f"/admin/projects/mechanism/{mechanism.pk}/change/"
    editor, publisher = (sign_in(UserFactory(roles=[role])) for role in ("editor", "publisher"))
    editor.goto(form)
    press(editor, "submit")

    publisher.goto("/admin/")
    publisher.locator(".waiting-lines a").click()
    publisher.get_by_role("link", name=mechanism.name).click()
    looked_at(publisher, axe)
    publisher.locator(".publishing .acts > a").click()
    expect(publisher.locator("h1")).to_have_text(mechanism.name)
    expect(publisher.locator("div.preview")).to_be_visible()
    looked_at(publisher, axe)
    assert page.goto(address).status == 404
    publisher.locator("div.preview a").first.click()
    press(publisher, "give_back", NOTE)

    editor.goto(form)
    expect(editor.locator(".publishing .note")).to_contain_text(NOTE)
    editor.locator("#id_summary").fill("一个产业一个专班，依据区委办文件。")
    save(editor)
    editor.goto(form)
    press(editor, "submit")

    publisher.goto(form)
    press(publisher, "publish")
    page.goto(address)
    expect(page.locator("main")).to_contain_text("依据区委办文件")

    press(publisher, "withdraw", "文件已废止")
    assert page.goto(address).status == 404
    assert Mechanism.objects.get(pk=mechanism.pk).version == 7


def test_many_are_confirmed_without_scripts(sign_in, axe, mechanism):
    Mechanism.objects.filter(pk=mechanism.pk).update(review="submitted")
    page = sign_in(UserFactory(roles=["publisher"]), java_script_enabled=False)
    page.goto("/admin/projects/mechanism/?publishing=waiting")
    page.locator("input[name=_selected_action]").first.check()
    page.locator("select[name=action]").select_option("publish")
    page.get_by_role("button", name="执行").click()
    expect(page.locator(".publishing-many li")).to_have_text([mechanism.name])
    page.locator("#publishing_many_form [type=submit]").click()
    expect(saved(page)).to_be_visible()
    assert Mechanism.objects.get(pk=mechanism.pk).published
