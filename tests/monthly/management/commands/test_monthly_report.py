"""`manage.py monthly_report`: files, names, and refusals in sentences."""

import sys
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from liangzhou import demo
from liangzhou.audit import Action, AuditEntry
from monthly.models import ReportingMonth
from tests.monthly.report.locked_month import may_2025

pytestmark = pytest.mark.django_db


def run(*asked, to):
    out = StringIO()
    call_command("monthly_report", *asked, "--to", str(to), stdout=out)
    return out.getvalue().splitlines()


def test_it_writes_the_files_prints_their_paths_and_is_recorded(tmp_path):
    may_2025()

    said = run("2025-05", "--version", "1", "--format", "docx,xlsx", to=tmp_path)

    names = ["凉州区招商引资月报_2025年5月_第1版.docx", "凉州区招商引资月报_2025年5月_第1版.xlsx"]
    assert said == [str(tmp_path / name) for name in names]
    assert [path.read_bytes()[:2] for path in sorted(tmp_path.iterdir())] == [b"PK", b"PK"]
    told = AuditEntry.objects.get(action=Action.EXPORT)
    assert told.details == {
        "command": "monthly_report", "report": "2025-05", "version": "1", "format": "docx,xlsx"
    }  # fmt: skip


def test_a_file_that_was_there_is_replaced_and_that_is_said(tmp_path, capsys):
    may_2025()
    path = tmp_path / "凉州区招商引资月报_2025年5月_第1版.xlsx"
    path.write_bytes(b"old")

    run("2025-05", "--format", "docx,xlsx", to=tmp_path)

    assert path.read_bytes()[:2] == b"PK"
    assert [str(path) in line for line in capsys.readouterr().err.splitlines()] == [True]


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        (["2025-13"], "2025-13"),
        (["nonsense"], "nonsense"),
        (["1949-05"], "."),
        (["2025-04"], "2025年4月"),
        (["2025-05", "--version", "2"], "2"),
        (["2025-05", "--format", "docx,odt"], "odt"),
        (["2025-05", "--format", ","], "docx"),
    ],
)
def test_what_cannot_be_done_is_said(tmp_path, asked, word):
    may_2025()

    with pytest.raises(CommandError, match=word):
        run(*asked, to=tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_said(tmp_path):
    may_2025()

    with pytest.raises(CommandError, match="missing"):
        run("2025-05", to=tmp_path / "missing")


def test_a_file_that_cannot_be_written_is_said(tmp_path):
    may_2025()
    (tmp_path / "凉州区招商引资月报_2025年5月_第1版.xlsx").mkdir()

    with pytest.raises(CommandError, match="Is a directory"):
        run("2025-05", "--format", "xlsx", to=tmp_path)


def test_a_month_that_was_opened_again_needs_its_version_named(tmp_path):
    may_2025()
    ReportingMonth.objects.update(state="open")

    with pytest.raises(CommandError, match="2025年5月"):
        run("2025-05", to=tmp_path)
    assert len(run("2025-05", "--version", "1", "--format", "xlsx", to=tmp_path)) == 1


def test_word_and_excel_come_where_pdf_cannot(tmp_path, monkeypatch):
    may_2025()
    monkeypatch.setitem(sys.modules, "weasyprint", None)

    with pytest.raises(CommandError, match="Pango"):
        run("2025-05", to=tmp_path)

    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".docx", ".xlsx"]


def test_the_files_of_invented_records_are_named_so(tmp_path, monkeypatch):
    may_2025()
    monkeypatch.setattr(demo, "_known", {"is_demo": True, "at": float("inf")})

    assert run("2025-05", "--format", "xlsx", to=tmp_path) == [
        str(tmp_path / "演示数据_凉州区招商引资月报_2025年5月_第1版.xlsx")
    ]
