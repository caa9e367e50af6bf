"""Contacts and instructions in a browser: nothing bars anybody, and a person is shown by a button only."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk import STOCK, saved
from tests.factories import ContactFactory, InstructionFactory, ProjectFactory, UserFactory

PAGES = {
    "index": "/admin/",
    "contacts": "/admin/enterprises/contact/",
    "contact": "/admin/enterprises/contact/{contact}/change/",
    "forget": "/admin/enterprises/contact/{contact}/forget/",
    "company": "/admin/enterprises/enterprise/{company}/change/",
    "project": "/admin/projects/project/{project}/change/",
    "instructions": "/admin/projects/instruction/",
    "instruction": "/admin/projects/instruction/{instruction}/change/",
}


@pytest.fixture
def rows():
    project = ProjectFactory(name="年产8600吨系列乳制品精深加工项目")
    contact = ContactFactory(enterprise=project.enterprise, name="欧阳示例", email="a-very-long-address@example.com")
    instruction = InstructionFactory(project=project)
    return {
        "project": project.pk,
        "company": project.enterprise_id,
        "contact": contact.pk,
        "instruction": instruction.pk,
    }


@pytest.mark.parametrize(("role", "names"), [("editor", PAGES), ("leader", ["contact", "project"])])
def test_pages_have_no_barriers_and_keep_their_place(sign_in, sound, rows, role, names):
    page = sign_in(UserFactory(roles=[role]))

    sound(page, [PAGES[name].format(**rows) for name in names], apart_from=STOCK)


def test_person_is_shown_by_the_button_and_masked_again_afterwards(sign_in, axe, rows):
    page = sign_in(UserFactory(roles=["editor"]))
    page.goto(PAGES["contact"].format(**rows))
    assert "欧阳示例" not in page.content()

    page.locator("#reveal_form button").click()
    assert page.locator("#id_name").input_value() == "欧阳示例"
    axe(page)
    page.locator("#id_post").fill("副总经理")
    page.locator("input[name=_continue]").click()

    expect(saved(page)).to_be_visible()
    assert "欧阳示例" not in page.content()
