"""What the audit trail tells of ledgers in and out, and what no ledger tells."""

import pytest

from ledgers import imports
from ledgers.reading import files
from liangzhou.audit import AuditEntry
from projects.models import Project
from projects.stages import Stage
from tests.answers import body, csv_records
from tests.factories import (
    ContactFactory,
    IndustryChainFactory,
    InstructionFactory,
    PlaceFactory,
    ProjectFactory,
    UserFactory,
)
from tests.ledgers.desk import LIST, address, ready
from tests.ledgers.sheets import checked, csv_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return UserFactory(roles=["editor"])


def told(action):
    """The entries of one kind, oldest first."""
    rows = AuditEntry.objects.filter(action=action).order_by("number")
    return [(entry.actor_id, entry.target_kind, entry.target_id, entry.result, entry.details) for entry in rows]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_export_is_recorded_with_its_filters_and_rows(client, editor, kind):
    ProjectFactory(stage=Stage.SIGNED)
    ProjectFactory(stage=Stage.SIGNED)
    ProjectFactory(stage=Stage.STARTED)
    client.force_login(editor)

    body(client.get(f"{LIST}export.{kind}?stage__exact=signed&q=&p=2"))

    details = {"format": kind, "filters": {"stage__exact": "signed"}, "rows": 2}
    assert told("export") == [(editor.pk, "projects.project", "", "done", details)]


@pytest.mark.parametrize("role", ["administrator", "security"])
def test_refused_export_leaves_the_house_with_nothing(client, role):
    ProjectFactory(name="FOREIGN")
    client.force_login(UserFactory(roles=[role]))

    response = client.get(f"{LIST}export.csv")

    assert (response.status_code, "FOREIGN" in response.content.decode(), told("export")) == (403, False, [])


def test_limited_export_holds_own_projects_and_counts_them(client):
    chain, place = IndustryChainFactory(), PlaceFactory()
    of_chain, in_place = ProjectFactory(chain=chain), ProjectFactory(place=place)
    ProjectFactory(name="FOREIGN")
    exports = {}
    for role, given in (("task_force", {"chains": [chain]}), ("place_clerk", {"places": [place]})):
        client.force_login(UserFactory(roles=[role], **given))
        exports[role] = [row["名称"] for row in csv_records(client.get(f"{LIST}export.csv"))]

    assert exports == {"task_force": [of_chain.name], "place_clerk": [in_place.name]}
    assert [entry[-1]["rows"] for entry in told("export")] == [1, 1]


def test_marked_workbook_is_recorded(client, editor):
    found = ready("wrong", "new", by=editor)
    client.force_login(UserFactory(roles=["auditor"]))
    reader = client.session["_auth_user_id"]

    body(client.get(f"{LIST}{found.pk}/marked.xlsx"))

    details = {"format": "xlsx", "filters": {"import": found.pk}, "rows": 2}
    assert told("export") == [(int(reader), "ledgers.ledgerimport", str(found.pk), "done", details)]


def test_empty_template_is_no_export(client, editor):
    client.force_login(editor)

    body(client.get(f"{LIST}template.xlsx"))

    assert told("export") == []


def test_file_that_is_brought_in_is_recorded_before_anything_is_written(editor, tmp_path):
    found = imports.start(
        csv_file(tmp_path / "六月.csv", [["项目名称"], ["甲项目"], ["乙项目"]]), "六月.csv", by=editor
    )

    details = {"file": "六月.csv", "sha256": found.sha256, "rows": 2, "step": "brought in"}
    assert told("import") == [(editor.pk, "ledgers.ledgerimport", str(found.pk), "done", details)]


def test_file_that_cannot_be_read_leaves_no_entry(editor, tmp_path):
    with pytest.raises(files.Unreadable):
        imports.start(csv_file(tmp_path / "a.csv", [["甲"]]), "a.csv", by=editor)

    assert told("import") == []


def test_confirmed_import_is_recorded_with_its_counts(editor, tmp_path):
    found = checked(csv_file(tmp_path / "a.csv", [["项目名称"], ["甲奶粉项目"], ["乙风电项目"]]), by=editor)

    imports.confirm(found, by=editor)

    _brought_in, (who, kind, key, result, details) = told("import")
    assert (who, kind, key, result) == (editor.pk, "ledgers.ledgerimport", str(found.pk), "done")
    assert (details["step"], details["written"], details["batch"], details["brought_in_by"], details["sha256"]) == (
        "confirmed",
        2,
        found.batch_id,
        editor.username,
        found.sha256,
    )
    assert details["counts"] == {name: count for name, count in found.counts.items() if isinstance(count, int)}


def test_refused_import_is_recorded_although_nothing_is_written(editor, tmp_path):
    found = checked(csv_file(tmp_path / "a.csv", [["项目名称", "总投资"], ["甲奶粉项目", "很多"]]), by=editor)

    with pytest.raises(imports.Refused) as refused:
        imports.confirm(found, by=editor)

    _brought_in, (_who, _kind, _key, result, details) = told("import")
    assert (result, details["why"], Project.objects.count()) == ("refused", str(refused.value), 0)


def test_discarded_import_is_recorded_once(client, editor):
    found = ready("new", by=editor)
    client.force_login(editor)

    client.post(address(found, "discard"))
    imports.discard(found, by=editor)

    ((who, _kind, key, result, details),) = told("import")
    assert (who, key, result, details["step"], details["counts"]) == (
        editor.pk,
        str(found.pk),
        "done",
        "discarded",
        {"new": 1},
    )


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_no_ledger_holds_contacts_or_instructions(client, kind):
    project = ProjectFactory(name="奶粉项目")
    ContactFactory(enterprise=project.enterprise, name="SECRETNAME", phone="13912345678", note="SECRETNOTE")
    InstructionFactory(project=project, text="SECRETTEXT")
    client.force_login(UserFactory(is_superuser=True))
    if kind == "csv":
        text = body(client.get(f"{LIST}export.csv")).decode()
    else:
        text = _cells(body(client.get(f"{LIST}export.xlsx")))

    assert [word in text for word in ("奶粉项目", "SECRET", "13912345678")] == [True, False, False]


def _cells(data):
    from io import BytesIO

    from openpyxl import load_workbook

    return str([list(sheet.values) for sheet in load_workbook(BytesIO(data)).worksheets])
