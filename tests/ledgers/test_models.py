"""An import, its rows and the templates that it is read by."""

import pytest

from ledgers.models import LedgerImport
from liangzhou.batches import undo
from projects.models import Project
from tests.factories import UserFactory
from tests.ledgers.sheets import confirmed, csv_file

pytestmark = pytest.mark.django_db


def test_import_follows_what_becomes_of_its_batch(tmp_path):
    clerk = UserFactory(is_superuser=True)
    found = confirmed(csv_file(tmp_path / "台账.csv", [["项目名称"], ["冷链物流项目"]]), by=clerk)
    batch, states = found.batch, []

    for _time in range(3):
        batch = undo.undo(batch, by=clerk, reason="导错了").batch
        found.refresh_from_db()
        states.append((found.state, Project.objects.count()))

    assert states == [
        (LedgerImport.State.UNDONE, 0),
        (LedgerImport.State.WRITTEN, 1),
        (LedgerImport.State.UNDONE, 0),
    ]
