"""Contacts in the admin: masked everywhere, shown on request, and every showing recorded."""

import pytest
from django.test import Client
from django.urls import reverse

from enterprises.models import Contact
from liangzhou.audit import Action, AuditEntry
from tests.answers import csv_records, page_of
from tests.factories import (
    ContactFactory,
    EnterpriseFactory,
    IndustryChainFactory,
    ProjectFactory,
    UserFactory,
)
from tests.liangzhou.history_desk import change, first_save, history_url, restore_url
from tests.opened_form import open_form, read_form

pytestmark = pytest.mark.django_db

PERSON = {"name": "欧阳示例", "phone": "13812345678", "email": "ouyang@example.com", "note": "周末勿扰"}
SECRETS = ("欧阳示例", "12345", "ouyang", "周末勿扰")
LIST = "/admin/enterprises/contact/"


@pytest.fixture
def contact():
    return ContactFactory(enterprise=EnterpriseFactory(name="甲公司"), **PERSON)


def signed_in(*roles, **given):
    client = Client()
    client.force_login(UserFactory(roles=list(roles), **given))
    return client


def page(contact, name="change"):
    return reverse(f"admin:enterprises_contact_{name}", args=[contact.pk])


def leaks(response):
    return [secret for secret in SECRETS if secret in response.content.decode()]


def readings():
    entries = AuditEntry.objects.filter(action__in=[Action.PERSONAL_READ, Action.EXPORT]).order_by("number")
    return [(entry.action, entry.target, entry.details) for entry in entries]


READ = (Action.PERSONAL_READ, "欧**", {})


# Masked


def pages_of(contact):
    past = first_save(Contact)
    other = contact.history.latest("history_id")
    return {
        "list": LIST,
        "search": f"{LIST}?q=甲公司",
        "change": page(contact),
        "history": history_url(contact),
        "compare": f"{history_url(contact, '_compare')}?from={past.history_id}&to={other.history_id}",
        "day": f"{history_url(contact, '_day')}?on=2026-01-01",
        "restore": restore_url(contact, past),
        "delete": page(contact, "delete"),
        "forget": page(contact, "forget"),
        "company": reverse("admin:enterprises_enterprise_change", args=[contact.enterprise_id]),
        "company's history": history_url(contact.enterprise),
        "index": "/admin/",
    }


@pytest.mark.parametrize("role", ["leader", "auditor", "editor", "service_officer"])
def test_no_page_shows_what_is_masked_until_somebody_asks(contact, role):
    change(contact, phone="13812345679", note="周末勿扰他")
    Contact.history.update(history_date="2025-12-31T00:00:00Z")
    client = signed_in(role)

    shown = {name: client.get(url) for name, url in pages_of(contact).items()}

    assert {name: leaks(response) for name, response in shown.items() if leaks(response)} == {}
    assert shown["change"].status_code == shown["day"].status_code == shown["compare"].status_code == 200
    assert "欧**" in shown["list"].content.decode()
    assert "138****5679" in shown["change"].content.decode()


def test_changes_of_what_is_masked_are_told_without_it(contact):
    change(contact, phone="13812349999", note="")
    lines = signed_in("auditor").get(history_url(contact)).context["entries"][0].lines
    assert [(line.change.name, line.change.old, line.change.new) for line in lines] == [
        ("phone", "138****5678", "138****9999"),
        ("note", "***", "—"),
    ]


def test_batches_and_taking_them_back_are_masked(contact):
    editor = signed_in("editor")
    editor.post(LIST, {"action": "delete_selected", "_selected_action": [contact.pk], "post": "yes"})
    batch = Contact.history.latest("history_id").history_batch
    told = signed_in("auditor").get(reverse("admin:liangzhou_changebatch_change", args=[batch.pk]))
    undo = editor.get(reverse("admin:liangzhou_changebatch_undo", args=[batch.pk]))
    again = editor.post(undo.request["PATH_INFO"], {"reason": "误删"}, follow=True)

    assert [leaks(told), leaks(undo), leaks(again)] == [[], [], []]
    assert (batch.label, told.status_code, undo.status_code) == ("欧**", 200, 200)
    assert Contact.objects.get().phone == PERSON["phone"]


def test_nobody_finds_out_by_asking_the_companies(contact):
    url = "/admin/enterprises/enterprise/?contacts__phone__startswith=138"
    assert [signed_in(role).get(url).status_code for role in ("leader", "editor")] == [400, 400]


@pytest.mark.parametrize("query", ["phone__startswith=138", "name=欧阳示例", "email__contains=o", "note__gt="])
def test_nobody_finds_out_by_asking_the_list(contact, query):
    assert [signed_in(role).get(f"{LIST}?{query}").status_code for role in ("leader", "editor")] == [400, 400]


def test_log_of_the_admin_names_nobody(contact):
    editor = signed_in("editor")
    url = page(contact, "reveal")
    editor.post(page(contact), read_form(editor.post(url), "contact_form") | {"phone": "13812340000"})
    assert leaks(editor.get("/admin/")) == []
    assert leaks(editor.get(LIST)) == []
    assert contact.history.count() == 2


# Shown on request


def test_contact_is_shown_on_request_and_that_is_recorded(contact):
    editor = signed_in("editor")

    response = editor.post(page(contact, "reveal"))

    assert leaks(response) == list(SECRETS)
    assert "no-store" in response["Cache-Control"]
    assert readings() == [READ]


@pytest.mark.parametrize("role", ["leader", "auditor"])
def test_contact_is_not_shown_without_the_right(contact, role):
    client = signed_in(role)
    assert "reveal_form" not in client.get(page(contact)).content.decode()
    response = client.post(page(contact, "reveal"))
    assert (response.status_code, leaks(response), readings()) == (403, [], [])


def test_contact_is_shown_to_who_may_not_change_it(contact):
    client = signed_in(permissions=["enterprises.view_contact", "enterprises.reveal_contact"])
    response = client.post(page(contact, "reveal"))
    assert leaks(response) == list(SECRETS)
    assert page_of(response).all("input", name="phone") == []
    assert readings() == [READ]


def test_asking_by_an_address_shows_nothing(contact):
    response = signed_in("editor").get(page(contact, "reveal"), follow=True)
    assert (response.redirect_chain, leaks(response), readings()) == ([(page(contact), 302)], [], [])


def test_button_needs_its_token(contact):
    client = Client(enforce_csrf_checks=True)
    client.force_login(UserFactory(roles=["editor"]))
    assert (client.post(page(contact, "reveal")).status_code, readings()) == (403, [])


def test_who_may_change_but_not_read_changes_nothing(contact):
    client = signed_in(permissions=["enterprises.view_contact", "enterprises.change_contact"])
    assert leaks(client.get(page(contact))) == []
    assert client.post(page(contact), {"name": "别人", "_version": "1"}).status_code == 403
    assert Contact.objects.get().name == PERSON["name"]


def test_contacts_that_are_not_there_are_not_found(contact):
    editor = signed_in("editor")
    assert [editor.post(f"{LIST}{key}/reveal/").status_code for key in ("0", "999", "x", "9" * 30)] == [404] * 4


# Changing and adding


def test_contact_is_changed_from_what_was_shown(contact):
    editor = signed_in("editor")
    typed = read_form(editor.post(page(contact, "reveal")), "contact_form") | {"phone": "13899990000"}
    assert editor.post(page(contact), typed).status_code == 302
    assert (Contact.objects.get().phone, Contact.objects.get().version) == ("13899990000", 2)
    assert readings() == [READ]


def test_saving_without_a_change_leaves_no_trace(contact):
    editor = signed_in("editor")
    typed = read_form(editor.post(page(contact, "reveal")), "contact_form")
    assert editor.post(page(contact), typed).status_code == 302
    assert (Contact.objects.get().version, contact.history.count()) == (1, 1)


def test_form_that_comes_back_with_an_error_is_shown_again_and_recorded(contact):
    editor = signed_in("editor")
    typed = read_form(editor.post(page(contact, "reveal")), "contact_form") | {"email": "x"}
    response = editor.post(page(contact), typed)
    assert list(response.context["adminform"].form.errors) == ["email"]
    assert readings() == [READ, READ]


def test_second_clerk_loses_no_number_that_looks_alike_masked(contact):
    editor = signed_in("editor")
    typed = read_form(editor.post(page(contact, "reveal")), "contact_form") | {"phone": "13800005678"}
    change(contact, phone="13899995678")
    response = editor.post(page(contact), typed)
    lines = [(line.change.new, line.mine) for line in response.context["conflict"].lines]
    assert lines == [("13899995678", "13800005678")]
    assert response.context["adminform"].form["phone"].value() == "13800005678"


def test_contact_is_added_from_its_company(contact):
    officer = signed_in("service_officer")
    company = officer.get(reverse("admin:enterprises_enterprise_change", args=[contact.enterprise_id]))
    link = next(a["href"] for a in page_of(company).one("section.contacts").all("a") if "/add/" in a["href"])
    data = open_form(officer, link, "contact_form")
    response = officer.post(link, data | {"name": "李示例", "phone": "13900000000"}, follow=True)
    assert "李示例" not in response.content.decode()
    assert list(Contact.objects.order_by("pk").values_list("enterprise", "name")) == [
        (contact.enterprise_id, "欧阳示例"),
        (contact.enterprise_id, "李示例"),
    ]


@pytest.mark.parametrize(("typed", "field"), [
    ({"name": ""}, "name"), ({"name": "\x00"}, "name"), ({"email": "x"}, "email"),
    ({"enterprise": "9" * 30}, "enterprise"),
])  # fmt: skip
def test_contact_that_cannot_be_is_told_at_the_field(contact, typed, field):
    editor = signed_in("editor")
    data = {"enterprise": contact.enterprise_id, "name": "李示例", **typed}
    response = editor.post(f"{LIST}add/", data)
    assert list(response.context["adminform"].form.errors) == [field]


# Whose


def field_worker(project):
    return signed_in("task_force", chains=[project.chain])


def test_task_force_reaches_contacts_of_its_own_projects_only(contact):
    own = ContactFactory(enterprise=ProjectFactory(chain=IndustryChainFactory()).enterprise, name="李示例")
    client = field_worker(own.enterprise.projects.get())
    ProjectFactory(chain=IndustryChainFactory(), enterprise=contact.enterprise)

    listed = client.get(LIST).context["cl"].result_list
    answers = [client.post(page(one, "reveal")).status_code for one in (own, contact)]
    client.post(f"{LIST}add/", {"enterprise": contact.enterprise_id, "name": "赵示例"})

    assert (list(listed), answers) == ([own], [200, 404])
    assert list(Contact.objects.filter(name="赵示例")) == []
    company = client.get(reverse("admin:enterprises_enterprise_change", args=[contact.enterprise_id]))
    assert (leaks(company), company.content.decode().count("欧**")) == ([], 0)


# Searching


def test_search_by_phone_is_for_those_who_may_read_and_is_recorded(contact):
    found = [list(signed_in(role).get(f"{LIST}?q=13812345678").context["cl"].result_list)
             for role in ("editor", "leader", "auditor")]  # fmt: skip
    assert found == [[contact], [], []]
    assert readings() == [(Action.PERSONAL_READ, "", {"how": "search"})]


# Taking away


def take(client, *contacts, query=""):
    keys = [one.pk for one in contacts]
    return client.post(f"{LIST}{query}", {"action": "export", "_selected_action": keys}, follow=True)


def test_chosen_contacts_are_taken_away_and_that_is_recorded(contact):
    formula = ContactFactory(name="=1+1", phone="", email="")
    ContactFactory(name="别人")
    rows = csv_records(
        take(signed_in("editor"), contact, formula, query="?q=&updated_at__gte=2020-01-01 00:00:00%2B08:00")
    )
    company, phone = (str(Contact._meta.get_field(name).verbose_name) for name in ("enterprise", "phone"))
    assert [(row[company], row[phone]) for row in rows] == [("甲公司", "13812345678"), (formula.enterprise.name, "")]
    assert readings() == [
        (
            Action.EXPORT,
            "",
            {
                "rows": 2,
                "filters": {"updated_at__gte": "2020-01-01 00:00:00+08:00"},
                "searched": False,
                "format": "csv",
            },
        )
    ]
    assert "'=1+1" in [value for row in rows for value in row.values()]


@pytest.mark.parametrize("role", ["leader", "auditor", "task_force"])
def test_nobody_takes_contacts_away_without_the_right(contact, role):
    client = signed_in(role)
    response = take(client, contact)
    assert response["Content-Type"].startswith("text/html")
    assert (leaks(response), readings()) == ([], [])


# Forgetting


def test_contact_is_forgotten_by_the_button(contact):
    editor = signed_in("editor")
    data = open_form(editor, page(contact, "forget"), "forget_form")
    response = editor.post(page(contact, "forget"), data | {"reason": "本人要求"}, follow=True)
    assert (Contact.objects.get().erased, response.status_code) == (True, 200)
    assert [response.content.decode().count(f'id="{name}_form"') for name in ("contact", "reveal")] == [1, 0]


def test_reason_that_names_the_person_is_refused(contact):
    editor = signed_in("editor")
    response = editor.post(page(contact, "forget"), {"reason": "欧阳示例要求"})
    assert list(response.context["form"].errors) == ["reason"]
    assert Contact.objects.get().name == PERSON["name"]


@pytest.mark.parametrize("role", ["leader", "task_force"])
def test_who_may_not_delete_does_not_make_forget(contact, role):
    assert signed_in(role).post(page(contact, "forget"), {"reason": "x"}).status_code in (403, 404)
    assert Contact.objects.get().name == PERSON["name"]


# Cost


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_as_many_queries_for_many_as_for_one(count, django_assert_num_queries):
    for _number in range(count):
        ContactFactory()
    client = signed_in("editor")
    client.get(LIST)
    with django_assert_num_queries(7):
        client.get(LIST)
