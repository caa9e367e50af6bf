"""Who may bring a ledger in, the list of imports, and the templates that are remembered."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from ledgers.models import LedgerImport, LedgerRow, LedgerTemplate
from tests.answers import page_of
from tests.factories import LedgerImportFactory, LedgerTemplateFactory, UserFactory
from tests.ledgers.desk import LIST, address, ready, signed_in

pytestmark = pytest.mark.django_db

State, Outcome = LedgerImport.State, LedgerRow.Outcome


@pytest.fixture
def client():
    return signed_in()


# Who may


PAGES = ["", "add/", "template.xlsx", "{}/change/", "{}/columns/", "{}/marked.xlsx"]
BUTTONS = ["{}/columns/", "{}/check/", "{}/decide/", "{}/options/", "{}/confirm/", "{}/discard/"]


@pytest.mark.parametrize(
    "permissions", [["projects.view_project", "projects.change_project"], ["projects.add_project"]]
)
def test_import_is_for_those_who_may_enter_and_change_projects(permissions):
    client, found = signed_in(permissions), ready(Outcome.NEW)

    opened = [client.get(LIST + page.format(found.pk)).status_code for page in PAGES]
    pressed = [client.post(LIST + page.format(found.pk)).status_code for page in BUTTONS]

    assert set(opened + pressed) == {403}
    found.refresh_from_db()
    assert found.state == State.READY


def test_visitor_is_asked_to_sign_in():
    found = ready(Outcome.NEW)

    answers = [Client().post(LIST + page.format(found.pk)) for page in BUTTONS]

    assert {answer.url.partition("?")[0] for answer in answers} == {reverse("admin:login")}


def test_colleagues_see_each_others_imports(client):
    found = ready(Outcome.NEW, by=UserFactory(last_name="李", first_name="明"))

    assert "李明" in page_of(client.get(address(found))).one("main").text


@pytest.mark.parametrize("page", sorted({*PAGES[3:], *BUTTONS}))
@pytest.mark.parametrize("key", ["0", "99999", "9" * 30, "-1", "x", "1%27", "1.0"])
def test_import_that_does_not_exist_is_not_found(client, key, page):
    assert client.get(LIST + page.format(key)).status_code == 404
    assert client.post(LIST + page.format(key)).status_code == 404


@pytest.mark.parametrize("page", ["delete", "history"])
def test_stock_pages_of_an_import_are_not_offered(client, page):
    assert client.get(address(ready(Outcome.NEW), page)).status_code == 404


# The list


def test_list_shows_the_newest_first_with_the_two_ways(client):
    LedgerImportFactory(file_name="五月.xlsx")
    ready(Outcome.NEW, Outcome.NEW, Outcome.WRONG, file_name="六月.xlsx")
    page = page_of(client.get(LIST)).one("main")

    assert page.texts("th.field-file_name") == ["六月.xlsx", "五月.xlsx"]
    assert [[int(n) for n in re.findall(r"\d+", text)] for text in page.texts("td.field-outcomes")] == [[2, 1], [0]]
    assert [link["href"] for link in page.one("ul.object-tools").all("a")] == [f"{LIST}add/", f"{LIST}template.xlsx"]
    assert page.all("input", type="checkbox") == []


def test_empty_list_says_how_to_begin(client):
    assert page_of(client.get(LIST)).one(".nothing").one("a")["href"] == f"{LIST}add/"


# Templates

TEMPLATES = "/admin/ledgers/ledgertemplate/"


def test_template_says_what_it_remembers(client):
    LedgerTemplateFactory(name="发改局月报表", meanings={"工程名": "name", "领导": "leave"})

    page = page_of(client.get(TEMPLATES)).one("main")

    assert page.texts("th.field-name") == ["发改局月报表"]
    assert "工程名 → 名称" in page.one("td.field-understood").text
    assert page.all("a.addlink") == []


def test_template_is_renamed_and_nothing_else(client):
    template = LedgerTemplateFactory()
    change = f"{TEMPLATES}{template.pk}/change/"
    fields = {"name": "商务局台账", "signature": "x", "meanings": "{}", "_version": template.version}

    boxes = [
        box["name"]
        for box in page_of(client.get(change)).one("form", id="ledgertemplate_form").all("input", type="text")
    ]
    client.post(change, fields)

    renamed = LedgerTemplate.objects.get()
    assert boxes == ["name"]
    assert (renamed.name, renamed.signature, renamed.meanings) == ("商务局台账", template.signature, {"工程名": "name"})


def test_template_is_deleted(client):
    template = LedgerTemplateFactory()

    client.post(f"{TEMPLATES}{template.pk}/delete/", {"post": "yes"})

    assert LedgerTemplate.objects.count() == 0
    assert client.get(f"{TEMPLATES}add/").status_code == 403


def test_template_has_a_history(client):
    template = LedgerTemplateFactory()
    client.post(f"{TEMPLATES}{template.pk}/change/", {"name": "商务局台账", "_version": template.version})

    page = page_of(client.get(f"{TEMPLATES}{template.pk}/history/")).one("main")

    assert "商务局台账" in page.text


@pytest.mark.parametrize(
    "query", ["q=五月", "q=%25", "state__exact=x", "state__exact=ready", "o=9", "p=99", "at__year=9999"]
)
def test_query_of_the_list_is_answered(client, query):
    ready(Outcome.NEW, file_name="五月.xlsx")

    response = client.get(f"{LIST}?{query}", follow=True)

    assert len(page_of(response).all("h1")) == 1


def test_list_finds_by_the_name_of_the_file_and_by_the_state(client):
    ready(Outcome.NEW, file_name="五月.xlsx")
    LedgerImportFactory(file_name="六月.xlsx")

    found = [
        page_of(client.get(f"{LIST}?{query}")).texts("th.field-file_name")
        for query in ("q=五月", "state__exact=checking")
    ]

    assert found == [["五月.xlsx"], ["六月.xlsx"]]
