import getpass
import io
from decimal import Decimal

import pytest
import xlsxwriter
from django.core.management import CommandError, call_command

from ledgers.models import LedgerImport, LedgerRow
from liangzhou.audit import AuditEntry
from liangzhou.batches import ChangeBatch
from projects.models import Project
from projects.stages import Stage
from tests.factories import IndustryChainFactory, ProjectFactory, UserFactory
from tests.ledgers.sheets import csv_file

pytestmark = pytest.mark.django_db

ROWS = [["项目名称", "总投资", "领导"], ["甲项目", "1.31亿", "某"], ["乙项目", "2,000", ""]]


@pytest.fixture(autouse=True)
def wang():
    """An editor of the bureau, in whose name ledgers are brought in."""
    return UserFactory(username="wang", roles=["editor"])


def run(path, *options, by="wang"):
    """What the command prints: its lines, what it complains of, its exit status."""
    out, err, status = io.StringIO(), io.StringIO(), 0
    try:
        call_command("import_ledger", str(path), *options, by=by, stdout=out, stderr=err)
    except SystemExit as exit_:
        status = exit_.code
    return out.getvalue().splitlines(), err.getvalue(), status


def test_ledger_is_written_and_counted(tmp_path, wang):
    lines, complaints, status = run(csv_file(tmp_path / "a.csv", ROWS))

    assert (lines[-1], status) == ("new 2, changed 0, unchanged 0, conflict 0, duplicate 0, wrong 0", 0)
    assert "领导" in complaints
    assert list(Project.objects.order_by("code").values_list("name", "total_investment", "created_by")) == [
        ("甲项目", Decimal(13100), wang.pk),
        ("乙项目", Decimal(2000), wang.pk),
    ]


def test_what_is_not_read_is_told(tmp_path):
    rows = [*ROWS, ["一、续建项目"], ["合计", 13100], ["注：不含房地产"]]
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        for name, lines in (("汇总表", [["产业链", "总投资"], ["奶产业", 3]]), ("明细", rows)):
            page = book.add_worksheet(name)
            for number, line in enumerate(lines):
                page.write_row(number, 0, line)

    lines, complaints, _status = run(tmp_path / "a.xlsx", "--dry-run")

    sheet, kinds = (line for line in complaints.splitlines() if "领导" not in line)
    assert lines[-1].startswith("new 2,")
    assert "汇总表" in sheet
    assert kinds.count("1") == 3


def test_dry_run_writes_nothing_at_all(tmp_path):
    lines, _complaints, status = run(csv_file(tmp_path / "a.csv", ROWS), "--dry-run")

    assert (lines[-1], status) == ("new 2, changed 0, unchanged 0, conflict 0, duplicate 0, wrong 0", 0)
    left = [model.objects.count() for model in (Project, LedgerImport, LedgerRow, ChangeBatch)]
    assert left == [0, 0, 0, 0]


def test_wrong_row_is_named_and_nothing_is_written(tmp_path):
    path = csv_file(tmp_path / "a.csv", [*ROWS, ["丙项目", "很多", ""]])

    lines, complaints, status = run(path)

    assert (lines[-1], status) == ("new 2, changed 0, unchanged 0, conflict 0, duplicate 0, wrong 1", 1)
    assert "4" in complaints
    assert "很多" in complaints
    assert Project.objects.count() == 0


def test_other_rows_are_written_where_wrong_ones_are_left_out(tmp_path):
    path = csv_file(tmp_path / "a.csv", [*ROWS, ["丙项目", "很多", ""]])

    _lines, _complaints, status = run(path, "--leave-out-wrong")

    assert (status, Project.objects.count()) == (1, 2)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"\x00\x01", "姓名,电话\n".encode()])
def test_file_that_is_no_ledger_is_refused_in_a_sentence(tmp_path, content):
    path = tmp_path / "a.csv"
    path.write_bytes(content)

    with pytest.raises(CommandError, match=r"\S{4,}"):
        run(path)


def test_missing_file_is_refused(tmp_path):
    with pytest.raises(CommandError, match="none.csv"):
        run(tmp_path / "none.csv")


@pytest.mark.parametrize(
    ("by", "sentence"),
    [
        (None, "--by 用户名"),
        ("", "--by 用户名"),
        ("nobody", "nobody"),
        ("reader", "reader"),
        ("gone", "gone"),
    ],
)
def test_ledger_is_brought_in_by_somebody_who_may(tmp_path, by, sentence):
    UserFactory(username="reader", roles=["auditor"])
    UserFactory(username="gone", roles=["editor"], is_active=False)

    with pytest.raises(CommandError, match=sentence):
        run(csv_file(tmp_path / "a.csv", ROWS), "--dry-run", by=by)

    assert LedgerImport.objects.count() == 0


def test_scope_of_who_brings_it_in_holds(tmp_path):
    own, other = IndustryChainFactory(name="奶产业"), IndustryChainFactory(name="风电产业")
    UserFactory(username="li", roles=["task_force"], chains=[own])
    rows = [["项目名称", "产业链"], ["甲项目", own.name], ["乙项目", other.name]]

    lines, complaints, status = run(csv_file(tmp_path / "a.csv", rows), "--leave-out-wrong", by="li")

    assert (lines[-1], status) == ("new 1, changed 0, unchanged 0, conflict 0, duplicate 0, wrong 1", 1)
    assert list(Project.objects.values_list("name", "created_by__username")) == [("甲项目", "li")]


def test_change_of_a_published_project_waits_for_a_second_person(tmp_path, settings):
    settings.REVIEW_CHANGES = True
    project = ProjectFactory(code="LZ000001", published=True)
    path = csv_file(tmp_path / "a.csv", [["编号", "总投资"], [project.code, "14亿"]])

    with pytest.raises(CommandError) as refused:
        run(path)

    found = LedgerImport.objects.get()
    assert f"/admin/ledgers/ledgerimport/{found.pk}/change/" in str(refused.value)
    assert (found.state, found.counts["changed"]) == (LedgerImport.State.READY, 1)
    project.refresh_from_db()
    assert project.total_investment == Decimal(130_000)


def test_export_is_recorded_with_the_account_of_the_machine(tmp_path):
    ProjectFactory()
    call_command("export_ledger", str(tmp_path / "a.csv"), stdout=io.StringIO())

    entry = AuditEntry.objects.get(action="export")
    assert (entry.actor_id, entry.actor, entry.target_kind, entry.result) == (
        None,
        getpass.getuser(),
        "projects.project",
        "done",
    )
    assert entry.details == {"format": "csv", "filters": {"command": "export_ledger"}, "rows": 1}


def test_export_in_somebodys_name_holds_what_they_may_see(tmp_path):
    chain = IndustryChainFactory()
    own = ProjectFactory(chain=chain)
    ProjectFactory(name="FOREIGN")
    person = UserFactory(username="li", roles=["task_force"], chains=[chain])

    call_command("export_ledger", str(tmp_path / "a.csv"), by="li", stdout=io.StringIO())

    text = (tmp_path / "a.csv").read_text("utf-8-sig")
    assert (own.name in text, "FOREIGN" in text) == (True, False)
    entry = AuditEntry.objects.get(action="export")
    assert (entry.actor_id, entry.details["rows"]) == (person.pk, 1)


@pytest.mark.parametrize("by", ["nobody", "officer"])
def test_export_is_refused_to_who_may_not_see_projects(tmp_path, by):
    UserFactory(username="officer", roles=["security"])

    with pytest.raises(CommandError, match=by):
        call_command("export_ledger", str(tmp_path / "a.csv"), by=by)

    assert (list(tmp_path.iterdir()), AuditEntry.objects.filter(action="export").count()) == ([], 0)


def test_export_and_import_follow_one_another(tmp_path):
    ProjectFactory(name="甲项目", stage=Stage.LEAD)
    out = io.StringIO()
    call_command("export_ledger", str(tmp_path / "a.xlsx"), stdout=out)

    lines, _complaints, status = run(tmp_path / "a.xlsx")

    assert "1" in out.getvalue()
    assert (lines[-1], status) == ("new 0, changed 0, unchanged 1, conflict 0, duplicate 0, wrong 0", 0)


@pytest.mark.parametrize("name", ["a.pdf", "a"])
def test_export_names_the_two_kinds_of_file(tmp_path, name):
    with pytest.raises(CommandError, match=r"\.xlsx"):
        call_command("export_ledger", str(tmp_path / name))
