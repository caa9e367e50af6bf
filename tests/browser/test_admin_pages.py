"""The clerks' pages: nothing bars anybody, nothing lies on anything else."""

import pytest
from playwright.sync_api import expect

from projects.models import Project
from tests.browser.desk import STOCK, add_part
from tests.factories import CreditShareFactory, ProjectFactory

pytestmark = pytest.mark.usefixtures("article")

PAGES = {
    "index": "/admin/",
    "list": "/admin/projects/project/",
    "list-filtered": "/admin/projects/project/?q=cn&stage__exact=started",
    "list-none": "/admin/projects/project/?q=不存在",
    "form": "/admin/projects/project/{project}/change/",
    "form-empty": "/admin/projects/project/add/",
    "history": "/admin/projects/project/{project}/history/",
    "delete": "/admin/projects/project/{project}/delete/",
    "password": "/admin/password_change/",
    "companies": "/admin/enterprises/enterprise/",
    "sentences": "/admin/sources/citation/",
    "duplicates": "/admin/projects/project/duplicates/",
    "merge": "/admin/projects/project/{project}/merge/{other}/",
    "units": "/admin/projects/unit/",
    "unit": "/admin/projects/unit/{unit}/change/",
}


def test_pages_have_no_barriers_and_keep_their_place(sign_in, clerk, sound):
    project, other = (Project.objects.get(code=code) for code in ("LZ000001", "LZ000002"))
    unit = CreditShareFactory(project=project).unit
    ProjectFactory(name=project.name, enterprise=project.enterprise)  # for the page of possible duplicates
    keys = {"project": project.pk, "other": other.pk, "unit": unit.pk}

    sound(sign_in(clerk), [address.format(**keys) for address in PAGES.values()], apart_from=STOCK)


def test_choices_by_typing_carry_the_names_of_their_fields(sign_in, clerk):
    page = sign_in(clerk)
    page.goto(PAGES["form-empty"])
    party = add_part(page, "parties")

    box = page.locator(f"#{party}-enterprise + .select2 [role=combobox]")
    expect(box).to_have_accessible_name("企业")
    box.click()
    expect(page.locator(".select2-search__field")).to_have_accessible_name("企业")
