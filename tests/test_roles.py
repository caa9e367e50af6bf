"""Who may open and do what: every role at every page of the admin, with rows of their own and of others.

The table is written by hand, apart from liangzhou/roles.py: each must agree with what is meant. A page
that is in no table here fails `test_every_page_of_the_admin_is_in_a_table`.
"""

from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import timezone

from liangzhou.audit import AuditEntry
from liangzhou.roles import BY_CODE
from tests.factories import UserFactory
from tests.role_pages import ELSEWHERE, EVERYBODYS, STANDARD, WITHOUT_SCOPE
from tests.role_world import FOREIGN, ROLES, Side, give, person, shared_rows
from tests.unrendered import Unrendered

# v: view, a: add, c: change, d: delete. An upper-case letter: own ones only.
READERS = {"publisher": "v", "service_officer": "v", "leader": "v", "auditor": "v"}
STEERED = {"publisher": "v", "leader": "v", "auditor": "v"}  # who reads what is measured, month by month
FIELD = ("task_force", "place_clerk")
RIGHTS = {
    "projects.project": {**READERS, "editor": "vacd", **dict.fromkeys(FIELD, "VAC")},
    "projects.milestone": {**READERS, "editor": "vc", **dict.fromkeys(FIELD, "VC")},
    "projects.industrychain": {**READERS, "editor": "vacd", **dict.fromkeys(FIELD, "v"), "security": "v"},
    "projects.unit": {**READERS, "editor": "vacd", **dict.fromkeys(FIELD, "v"), "security": "v"},
    "projects.reportedindicator": {**READERS, "editor": "vacd"},
    "projects.opportunity": {**READERS, "editor": "vacd"},
    "projects.mechanism": {**READERS, "editor": "vacd"},
    "projects.instruction": {
        "publisher": "v",
        "auditor": "v",
        "leader": "vac",
        "editor": "vc",
        **dict.fromkeys(FIELD, "VC"),
    },
    "projects.taskforce": {"security": "vacd", "auditor": "v", "editor": "v"},
    **dict.fromkeys(
        ("monthly.fundingrecord", "monthly.investmentrecord", "monthly.progressreport", "monthly.annualplan"),
        {**STEERED, "editor": "vacd", **dict.fromkeys(FIELD, "VAC")},
    ),
    **dict.fromkeys(
        ("monthly.annualtarget", "monthly.ratedefinition", "monthly.lightthresholds", "projects.signingevent"),
        {**STEERED, "editor": "vacd", **dict.fromkeys(FIELD, "v")},
    ),
    "monthly.exemption": {**STEERED, "editor": "vacd", **dict.fromkeys(FIELD, "V")},
    "enterprises.enterprise": {
        **READERS,
        "editor": "vacd",
        "service_officer": "vac",
        **dict.fromkeys(FIELD, "VAC"),
    },
    "enterprises.place": {**READERS, "editor": "vacd", **dict.fromkeys(FIELD, "v"), "security": "v"},
    "enterprises.qualification": {
        **READERS,
        "editor": "vcd",
        "service_officer": "vcd",
        **dict.fromkeys(FIELD, "VCD"),
    },
    "enterprises.contact": {
        "auditor": "v",
        "leader": "v",
        "editor": "vacd",
        "service_officer": "vacd",
        **dict.fromkeys(FIELD, "VAC"),
    },
    "enterprises.placeduty": {"security": "vacd", "auditor": "v", "editor": "v"},
    "sources.source": {**READERS, "editor": "vacd", "service_officer": "va", **dict.fromkeys(FIELD, "va")},
    "sources.citation": {**READERS, "editor": "vcd", "service_officer": "vcd", **dict.fromkeys(FIELD, "VCD")},
    "ledgers.ledgertemplate": {"editor": "vcd", "auditor": "v", **dict.fromkeys(FIELD, "VCD")},
    "auth.user": {"administrator": "vac", "security": "vc", "auditor": "v"},
}
LIMITED = {"task_force", "place_clerk"}
PRINTED = {*LIMITED, "auditor"}  # whose pages are printed: read for what is somebody else's, and as who only reads
THOROUGH = {*LIMITED, "administrator"}  # who try each page of a past; of the others one that opens, or not, says it


def desk(role: str) -> Client:
    """The browser of somebody with a role. What the others' pages look like is not asked here, only who gets them."""
    return Client() if role in PRINTED else Unrendered()


def pages_of_the_admin() -> set[str]:
    """The names of every address of the admin."""

    def walk(patterns):
        for one in patterns:
            if hasattr(one, "url_patterns"):
                yield from walk(one.url_patterns)
            else:
                yield one.name

    admin = next(one for one in get_resolver().url_patterns if getattr(one, "namespace", None) == "admin")
    return {name for name in walk(admin.url_patterns) if name}


def address(label: str, page: str, *args) -> str | None:
    """The address of a page about a kind of record; None where there is no such page."""
    try:
        return reverse(f"admin:{label.replace('.', '_')}_{page}", args=args)
    except NoReverseMatch:
        return None


class Visit:
    """What one person is let do, collected: [(page, what was answered)] where it is not what the table says."""

    def __init__(self, client, role: str):
        self.client, self.role, self.wrong = client, role, []

    def expect(self, allowed: bool, said: str, url: str | None, *, post=None):
        if url is None:
            return
        response = self.client.get(url) if post is None else self.client.post(url, post)
        status = response.status_code
        # Django's admin leads away from rows that one does not see; a change that is refused is a 403 or a 404
        opened = status == 200 or (post is not None and status == 302 and "/login/" not in response["Location"])
        if opened != allowed:
            self.wrong.append((said, status))
        if self.role in LIMITED and status == 200 and FOREIGN in response.content.decode():
            self.wrong.append((said, "names what is somebody else's"))


def letters(role: str, label: str, *, own: bool) -> str:
    """What the role may do with a row of a kind."""
    held = RIGHTS[label].get(role, "")
    return held.lower() if own else "".join(letter for letter in held if letter.islower())


def try_row(visit: Visit, label: str, row, *, own: bool):
    """Every page about one row."""
    may = letters(visit.role, label, own=own)
    whose = "own" if own else "foreign"
    before = type(row)._default_manager.filter(pk=row.pk).values().get()
    visit.expect("v" in may, f"{label} view {whose}", address(label, "change", row.pk))
    if hasattr(type(row), "history"):
        try_past(visit, label, row, may, whose)
    visit.expect("d" in may, f"{label} delete {whose}", address(label, "delete", row.pk))
    if "c" not in may:
        url = address(label, "change", row.pk)
        refused = visit.client.post(url, {"name": "x", "version": before.get("version", "")}).status_code
        if refused not in (302, 403, 404):
            visit.wrong.append((f"{label} change {whose}", refused))
    if "d" not in may:
        visit.client.post(address(label, "delete", row.pk), {"post": "yes"})
    if type(row)._default_manager.filter(pk=row.pk).values().get() != before:
        visit.wrong.append((f"{label} {whose}", "was changed"))


def try_past(visit: Visit, label: str, row, may: str, whose: str):
    """The pages about what a row was; going back is a change."""
    past = type(row).history.filter(id=row.pk).first().history_id
    today = f"{timezone.localdate():%Y-%m-%d}"
    visit.expect("v" in may, f"{label} history {whose}", address(label, "history", row.pk))
    if visit.role in THOROUGH:
        for page, query in (("history_day", f"?on={today}"), ("history_compare", f"?from={past}&to={past}")):
            visit.expect("v" in may, f"{label} {page} {whose}", address(label, page, row.pk) + query)
    if "c" not in may:
        if visit.role in THOROUGH:
            visit.expect(False, f"{label} restore {whose}", address(label, "history_restore", row.pk, past))
        visit.expect(False, f"{label} restored {whose}", address(label, "history_restore", row.pk, past), post={})


@pytest.fixture
def rows(db):
    return shared_rows()


@pytest.mark.parametrize("role", ROLES)
def test_role_reaches_what_is_its_own_and_nothing_else(rows, role):
    client, somebody = desk(role), person(role)
    own, foreign = Side("自己", by=somebody), Side(FOREIGN, by=UserFactory())
    give(somebody, role, own)
    client.force_login(somebody)
    visit = Visit(client, role)

    for label in RIGHTS:
        may = letters(role, label, own=True)
        visit.expect("v" in may, f"{label} list", address(label, "changelist"))
        visit.expect("a" in may, f"{label} add", address(label, "add"))
        if label in rows:
            try_row(visit, label, rows[label], own=True)
            continue
        try_row(visit, label, own.rows[label], own=True)
        if role in LIMITED or not may:  # to the others what is somebody else's is like their own
            try_row(visit, label, foreign.rows[label], own=False)

    assert visit.wrong == []


@pytest.mark.parametrize("who", [None, "nobody"])
def test_nobody_without_a_role_opens_anything(client, rows, who):
    side = Side("自己")
    if who:
        client.force_login(UserFactory())
    visit = Visit(client, "none")

    for label in RIGHTS:
        row = rows.get(label) or side.rows[label]
        for page, args in (("changelist", ()), ("add", ()), ("change", [row.pk]), ("history", [row.pk])):
            visit.expect(False, f"{label} {page}", address(label, page, *args))

    assert visit.wrong == []


def test_every_role_is_tried():
    assert set(ROLES) == set(BY_CODE)


def test_roles_are_there_in_chinese_after_migrating(db):
    names = {"系统管理员", "安全管理员", "审计员", "招商局编辑", "产业链专班", "属地经办员"}
    names |= {"发布审核员", "企业服务专员", "区领导"}

    assert set(Group.objects.values_list("name", flat=True)) == names


# Pages of their own: (how, arguments, who may with their own row, who may with somebody else's)
OWN_BUTTON = ({"editor", *FIELD}, {"editor"})
READ_MONTHS = {"editor", *STEERED}
READ_PROJECTS = {"editor", "publisher", "service_officer", "leader", "auditor"}
SPECIAL = {
    "projects_project_preview": ("get", "projects.project", {*READ_PROJECTS, *FIELD}, READ_PROJECTS),
    "projects_project_publishing": ("get", "projects.project", {*READ_PROJECTS, *FIELD}, READ_PROJECTS),
    "enterprises_enterprise_preview": ("get", "enterprises.enterprise", {*READ_PROJECTS, *FIELD}, READ_PROJECTS),
    "enterprises_enterprise_publishing": ("get", "enterprises.enterprise", {*READ_PROJECTS, *FIELD}, READ_PROJECTS),
    "projects_project_duplicates": ("get", None, {*READ_PROJECTS, *FIELD}, None),
    "enterprises_contact_reveal": (
        "post",
        "enterprises.contact",
        {"editor", "service_officer", *FIELD},
        {"editor", "service_officer"},
    ),
    "enterprises_contact_forget": ("get", "enterprises.contact", *(2 * ({"editor", "service_officer"},))),
    "liangzhou_auditentry_changelist": ("get", None, {"auditor"}, None),
    "liangzhou_auditentry_export": ("get", None, {"auditor"}, None),
    "axes_accessattempt_changelist": ("get", None, {"administrator", "security", "auditor"}, None),
    "liangzhou_auditentry_change": ("get", "entry", {"auditor"}, None),
    "auth_group_history": ("get", "group", {"administrator", "security", "auditor"}, None),
    "auth_user_history": ("get", "person", {"administrator", "security", "auditor"}, None),
    "auth_group_changelist": ("get", None, {"administrator", "security", "auditor"}, None),
    "auth_group_add": ("get", None, {"security"}, None),
    "auth_user_password_change": ("get", "person", {"administrator"}, None),
    "second_factor_reset": ("get", "person", {"security"}, None),
    "liangzhou_changebatch_changelist": ("get", None, {*READ_PROJECTS, "security", *FIELD}, None),
    "liangzhou_changebatch_change": (
        "get",
        "liangzhou.changebatch",
        {*READ_PROJECTS, *FIELD},
        READ_PROJECTS,
    ),
    "liangzhou_waitingchange_changelist": ("get", None, {*READ_PROJECTS - {"leader"}, *FIELD}, None),
    "liangzhou_waitingchange_change": ("get", "liangzhou.waitingchange", {*READ_PROJECTS, *FIELD},
                                       READ_PROJECTS - {"leader"}),
    "liangzhou_waitingchange_preview": ("get", "liangzhou.waitingchange", {*READ_PROJECTS, *FIELD},
                                        READ_PROJECTS - {"leader"}),
    "ledgers_ledgerimport_changelist": ("get", None, {"editor", "auditor", *FIELD}, None),
    "ledgers_ledgerimport_add": ("get", None, {"editor", *FIELD}, None),
    "ledgers_ledgerimport_change": ("get", "ledgers.ledgerimport", {"editor", "auditor", *FIELD},
                                    {"editor", "auditor"}),
    "ledgers_marked": ("get", "ledgers.ledgerimport", {"editor", "auditor", *FIELD}, {"editor", "auditor"}),
    **{
        f"ledgers_{button}": ("post", "ledgers.ledgerimport", *OWN_BUTTON)
        for button in ("check", "columns", "confirm", "decide", "discard", "options")
    },
    **{
        f"monthly_{kind}_{file}": ("get", f"monthly.{kind}", {*READ_MONTHS, *FIELD}, READ_MONTHS)
        for kind, file in (("fundingrecord", "evidence"), ("investmentrecord", "evidence"), ("progressphoto", "image"))
    },
    "ledgers_template": ("get", None, {"editor", "auditor", *FIELD}, None),
    "ledgers_export": ("get", "csv", {*READ_PROJECTS, *FIELD}, None),
}  # fmt: skip


def arguments(kind: str | None, side: Side) -> list:
    if kind in (None, "csv"):
        return [kind] if kind else []
    made = {
        "person": lambda: UserFactory().pk,
        "group": lambda: Group.objects.first().pk,
        "entry": lambda: AuditEntry.objects.latest("number").pk,
    }
    return [made[kind]() if kind in made else side.rows[kind].pk]


@pytest.mark.parametrize("role", ROLES)
def test_role_opens_its_pages_and_no_others(db, role):
    client, somebody = desk(role), person(role)
    own, foreign = Side("自己", by=somebody), Side(FOREIGN, by=UserFactory())
    give(somebody, role, own)
    client.force_login(somebody)
    wrong = []

    for name, (how, kind, with_own, with_foreign) in SPECIAL.items():
        for allowed, side in ((with_own, own), (with_foreign, foreign)):
            if allowed is None:
                continue
            response = getattr(client, how)(reverse(f"admin:{name}", args=arguments(kind, side)))
            led_away = response.status_code == 302 and response["Location"].partition("?")[0] in AWAY
            if (response.status_code in (403, 404) or led_away) == (role in allowed):
                wrong.append((name, "own" if side is own else "foreign", response.status_code))
            text = text_of(response) if response.streaming or role in LIMITED else ""  # a file is read to its end
            if role in LIMITED and FOREIGN in text:
                wrong.append((name, "names what is somebody else's"))

    assert wrong == []


AWAY = {"/admin/", "/admin/login/"}


def text_of(response) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode("utf-8", "replace")


@pytest.mark.parametrize("role", sorted(LIMITED))
@pytest.mark.parametrize(
    ("model", "field", "mark"),
    [("projects", "project.parent", "项目"), ("projects", "project.enterprise", "有限公司")],
)
def test_role_finds_no_foreign_row_by_autocomplete(client, db, role, model, field, mark):
    own = Side("自己")
    Side(FOREIGN)
    client.force_login(person(role, own))
    name, _dot, field_name = field.partition(".")

    answer = client.get(
        reverse("admin:autocomplete"),
        {"app_label": model, "model_name": name, "field_name": field_name, "term": mark},
    )

    assert [one["text"] for one in answer.json()["results"]] == [f"自己{mark}"]


def test_every_page_of_the_admin_is_in_a_table():
    kinds = {label.replace(".", "_") for label in RIGHTS}
    listed = {f"{kind}_{page}" for kind in kinds for page in STANDARD} | SPECIAL.keys() | EVERYBODYS | ELSEWHERE.keys()
    listed |= {f"projects_{kind}_{page}" for kind in WITHOUT_SCOPE for page in ("preview", "publishing")}

    assert sorted(pages_of_the_admin() - listed - UNREACHABLE) == []


# Addresses that Django's admin makes for every model and that lead nowhere: tried below
UNREACHABLE = {
    f"{kind}_{page}"
    for kind in ("liangzhou_auditentry", "liangzhou_changebatch", "liangzhou_waitingchange", "ledgers_ledgerimport",
                 "axes_accessattempt")
    for page in ("add", "delete", "history", "history_compare", "history_day", "history_restore", "change")
} - {"liangzhou_auditentry_change"}  # fmt: skip


@pytest.mark.parametrize("name", sorted(UNREACHABLE - SPECIAL.keys() - ELSEWHERE.keys()))
def test_nobody_writes_what_the_system_writes(client, db, name):
    pages_there = pages_of_the_admin()
    if name not in pages_there:
        return
    client.force_login(UserFactory(is_superuser=True))
    entries = AuditEntry.objects.count()
    args = [] if name.endswith("_add") else [1]

    answer = client.post(reverse(f"admin:{name}", args=args), {"post": "yes"})

    assert answer.status_code in (302, 403, 404, 405)
    assert AuditEntry.objects.count() >= entries


def test_tests_named_elsewhere_are_there():
    assert [path for path in ELSEWHERE.values() if not (Path(__file__).parent / path).exists()] == []
