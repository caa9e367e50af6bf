"""Ledgers of a demonstration: marked on their way out, and refused by a database of real records."""

import pytest
from openpyxl import load_workbook

from ledgers import imports, workbook
from ledgers.reading.files import Unreadable
from liangzhou import demo
from projects.models import Project
from tests.factories import DemoMarkFactory, ProjectFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ledger(tmp_path):
    """A workbook that a demonstration gave out."""
    mark = DemoMarkFactory()
    demo.forget()
    ProjectFactory()
    path = tmp_path / "ledger.xlsx"
    workbook.ledger_workbook(Project.objects.all(), path)
    mark.delete()
    return path


def test_each_project_of_a_ledger_says_that_it_is_invented(ledger):
    last = [row[-1] for row in load_workbook(ledger).worksheets[0].iter_rows(values_only=True)]

    assert last == [demo.HEADING, demo.MARK]


def test_an_invented_ledger_comes_back_into_a_demonstration(ledger):
    assert imports.start(ledger, "ledger.xlsx", by=UserFactory()).total_rows == 1


def test_an_invented_ledger_never_goes_beside_real_records(ledger):
    demo.forget()

    with pytest.raises(Unreadable):
        imports.start(ledger, "ledger.xlsx", by=UserFactory())
