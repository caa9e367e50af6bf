from copy import copy
from datetime import UTC, datetime

import pytest
import time_machine
from django.contrib import admin
from django.test import Client
from django.utils import timezone

from liangzhou import audit
from liangzhou.audit import Action, AuditEntry, AuditHead, Result
from liangzhou.audit import words as audit_words
from tests.answers import body, csv_records, page_of
from tests.factories import ProjectFactory, UserFactory
from tests.liangzhou.audit_desk import empty_trail, highest, newest, since

pytestmark = pytest.mark.django_db

LIST = "/admin/liangzhou/auditentry/"
EXPORT = f"{LIST}export.csv"


@pytest.fixture
def auditor():
    return UserFactory(username="auditor", roles=["auditor"])


@pytest.fixture
def desk(client, auditor):
    """The auditor's browser, over a trail without entries."""
    client.force_login(auditor)
    empty_trail()
    return client


def at(text, action=Action.EXPORT, **entry):
    with time_machine.travel(datetime.fromisoformat(text).replace(tzinfo=UTC), tick=False):
        return audit.record(action, **entry)


def targets(response):
    """What the rows of the list are about."""
    return [cell.text.split()[0] for cell in page_of(response).all("td.field-of_what")]


# Who may read it


@pytest.mark.parametrize(
    "who",
    [
        {"roles": [code]}
        for code in ("administrator", "security", "editor", "task_force", "place_clerk", "publisher",
                     "service_officer", "leader")
    ] + [{"is_staff": False, "roles": ["auditor"]}],
    ids=str,
)  # fmt: skip
def test_nobody_else_reads_it(client, who):
    entry = audit.record(Action.EXPORT, target="geheim")
    client.force_login(UserFactory(**who))

    answers = [client.get(url) for url in (LIST, f"{LIST}{entry.number}/change/", EXPORT)]

    assert all(answer.status_code in (302, 403) for answer in answers)
    assert all("geheim" not in answer.content.decode() for answer in answers)


@pytest.mark.parametrize("who", [{"roles": ["auditor"]}, {"is_superuser": True}], ids=str)
def test_auditor_and_superuser_read_it_and_change_nothing(client, who):
    client.force_login(UserFactory(**who))
    entry = audit.record(Action.EXPORT, target="资料")
    before = list(AuditEntry.objects.filter(number__lte=entry.number).values())
    url = f"{LIST}{entry.number}/change/"

    assert [client.get(page).status_code for page in (LIST, url)] == [200, 200]
    forged = [
        client.post(url, {"actor": "x"}), client.post(f"{LIST}{entry.number}/delete/", {"post": "yes"}),
        client.get(f"{LIST}add/"), client.post(f"{LIST}add/", {"actor": "x"}),
        client.post(LIST, {"action": "delete_selected", "_selected_action": entry.number, "post": "yes"}),
        client.post(LIST, {"form-TOTAL_FORMS": 1, "form-0-number": entry.number, "form-0-actor": "x", "_save": "1"}),
    ]  # fmt: skip
    assert [answer.status_code for answer in forged] == [403, 403, 403, 403, 200, 200]
    assert list(AuditEntry.objects.filter(number__lte=entry.number).values()) == before
    assert not page_of(client.get(url)).all("input", name="_save")


def test_end_of_the_trail_is_not_in_the_admin():
    assert AuditHead not in admin.site._registry


# The list


def test_list_shows_who_did_what_when_and_with_what_result(desk, auditor):
    at("2026-05-21 03:04:05", actor="clerk", target="示例项目", rows=3, result=Result.FAILED)

    page = page_of(desk.get(LIST))

    cells = {cell["class"].split("-")[-1]: cell.text for cell in page.one("table", id="result_list").all("td")}
    assert page.one("th.field-when").text == "2026-05-21 11:04:05"
    assert (cells["who"], cells["of_what"]) == ("clerk", "示例项目")
    assert cells["outcome"] == str(Result.FAILED.label)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["四", "三", "二", "一"]), ("?action__exact=import", ["二"]), ("?result__exact=failed", ["三"]),
        ("?account=7", ["四"]), ("?kind=auth.user", []), ("?q=clerk", ["四"]), ("?q=%E4%BA%8C", ["二"]),
        ("?since=2026-05-22", ["四", "三", "二"]), ("?until=2026-05-22", ["二", "一"]),
        ("?since=2026-05-22&until=2026-05-22", ["二"]), ("?since=2026-05-22&action__exact=import&q=", ["二"]),
        ("?account=x", []), ("?account=" + "9" * 30, []), ("?since=2026-13-99", []), ("?number=" + "9" * 30, []),
    ],
)  # fmt: skip
def test_list_is_filtered(desk, query, found):
    at("2026-05-21 15:59:59", target="一")  # 23:59:59 in Liangzhou
    at("2026-05-21 16:00:00", Action.IMPORT, target="二")
    at("2026-05-23 00:00:00", target="三", result=Result.FAILED)
    at("2026-05-24 00:00:00", target="四", by=UserFactory(pk=7, username="clerk7"))

    assert targets(desk.get(f"{LIST}{query}")) == found


def test_wrong_day_is_told_at_its_box(desk):
    page = page_of(desk.get(f"{LIST}?since=2026-02-30"))

    assert page.one("input", id="audit-since")["aria-invalid"] == "true"
    assert page.one(id="audit-since-error").text != ""


@pytest.mark.parametrize(
    "query", ["?since=9999-12-31", "?until=0001-01-01", "?at__year=99999", "?number__gt=x", "?p=x", "?o=9.-3", "?xyz=1"]
)
def test_hostile_query_is_no_error(desk, query):
    assert desk.get(f"{LIST}{query}").status_code in (200, 302)
    assert desk.get(f"{EXPORT}{query}").status_code in (200, 302)


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_as_much_for_three_entries_as_for_one(desk, django_assert_num_queries, count):
    for number in range(count):
        audit.record(Action.EXPORT, target=f"表{number}", rows=1)
    desk.get(LIST)

    with django_assert_num_queries(8):
        desk.get(LIST)


# One entry


def test_entry_tells_its_details_in_words(desk):
    entry = at(
        "2026-05-21 03:04:05", actor=audit_words.UNKNOWN_NAME, rows=3, filters={"阶段": ["开工", "<b>"]}, own=None
    )

    page = page_of(desk.get(f"{LIST}{entry.number}/change/"))

    told = {row.one("dt").text: row.one("dd").text for row in page.one("dl.audit-details").all("div")}
    assert told == dict(audit_words.told(entry.details))
    assert set(told.values()) == {"3", "阶段\uff1a开工、<b>", "—"}


def test_entry_leads_to_its_record_where_the_reader_may_see_it(desk):
    project = ProjectFactory()
    entry = audit.record(Action.PUBLISH, target=project)
    gone = audit.record(Action.DELETE, target=ProjectFactory())
    odd = [audit.record(Action.EXPORT, target="x"), audit.record(Action.EXPORT, target=AuditEntry)]
    type(project).objects.exclude(pk=project.pk).delete()

    def links(entry):
        page = page_of(desk.get(f"{LIST}{entry.number}/change/"))
        return [link["href"] for link in page.one("p.audit-links").all("a")]

    address = f"/admin/projects/project/{project.pk}/change/"
    assert links(entry) == [address, f"{LIST}?kind=projects.project&target_id={project.pk}"]
    assert links(gone) == [f"{LIST}?kind=projects.project&target_id={gone.target_id}"]
    assert [links(entry) for entry in odd] == [[], []]


def test_links_beside_an_entry_find_the_others(desk):
    project, user = ProjectFactory(), UserFactory()
    for other in (project, ProjectFactory(), project):
        audit.record(Action.PUBLISH, target=other, by=user)

    assert len(targets(desk.get(f"{LIST}?kind=projects.project&target_id={project.pk}"))) == 2
    assert len(targets(desk.get(f"{LIST}?account={user.pk}"))) == 3


@pytest.mark.parametrize("key", ["999999", "9" * 30, "x", "1_00"])
def test_entry_that_is_not_there_is_not_found(desk, key):
    assert desk.get(f"{LIST}{key}/change/").status_code == 404


# CSV


def test_file_holds_the_filtered_list_and_is_an_export_itself(desk, auditor):
    at("2026-05-21 03:04:05", target="一")
    wanted = at("2026-05-22 03:04:05", Action.IMPORT, target="=1+1", actor="clerk", rows=3)

    response = desk.get(f"{EXPORT}?action__exact=import")

    [row] = csv_records(response)
    assert list(row.values())[:3] == ["2", "2026-05-22 11:04:05", "clerk"]
    assert list(row.values())[-4:] == [
        "'=1+1", str(Result.DONE.label), audit_words.in_one_line({"rows": 3}), wanted.hash,
    ]  # fmt: skip
    told = newest()
    assert (told.action, told.actor, told.target_kind) == ("export", "auditor", "liangzhou.auditentry")
    assert told.details == {"filters": {"action__exact": ["import"]}, "rows": 1, "format": "csv"}


def test_asking_for_the_file_alone_is_no_export(desk):
    assert desk.head(EXPORT).status_code == 200
    assert desk.post(EXPORT).status_code == 405
    assert since(0) == []


def test_file_of_many_entries_is_whole(desk):
    blank = AuditEntry(at=timezone.now(), action=Action.EXPORT, result=Result.DONE)
    rows = [copy(blank) for _row in range(1005)]
    for number, row in enumerate(rows, start=highest() + 1):
        row.number = number
    AuditEntry.objects.bulk_create(rows)

    lines = body(desk.get(EXPORT)).decode().splitlines()

    assert len(lines) == 1 + 1005  # the head; not the entry of this very export


def test_stranger_is_asked_to_sign_in():
    assert Client().get(EXPORT).status_code == 302


def test_entry_without_details_says_so(client):
    client.force_login(UserFactory(is_superuser=True))
    entry = audit.record("sign_out", actor="clerk")

    text = client.get(f"{LIST}{entry.number}/change/").content.decode()

    assert "None" not in text
