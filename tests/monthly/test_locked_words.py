"""What was said in a month that is locked stays, whatever is taken back."""

import pytest
from django.core.exceptions import ValidationError

from liangzhou.batches import ChangeBatch, change_batch, undo
from liangzhou.months import Month
from monthly import locking
from monthly.models import ProgressPhoto, ProgressReport
from tests.factories import FundingRecordFactory, ProgressPhotoFactory, ProgressReportFactory, UserFactory

pytestmark = pytest.mark.django_db
MAY, JUNE = Month(2025, 5), Month(2025, 6)


@pytest.fixture
def boss():
    return UserFactory(roles=["editor"])


def batch_of(boss, *acts):
    with change_batch(ChangeBatch.Kind.SHEET, by=boss) as batch:
        for row, values in acts:
            for name, value in values.items():
                setattr(row, name, value)
            row.stamp(boss)
            row.save()
    return batch


def lock(boss, month=MAY):
    FundingRecordFactory(month=month.first)
    locking.lock(month, by=boss)


def words():
    return sorted(ProgressReport.objects.values_list("month", "site_progress"))


def test_undo_leaves_the_words_of_a_month_locked_since(boss):
    may, june = ProgressReportFactory(site_progress="一"), ProgressReportFactory(site_progress="一", month=JUNE.first)
    new = ProgressReportFactory.build(project=may.project, month=MAY.plus(-1).first, site_progress="新")
    photo = ProgressPhotoFactory(report=may, caption="厂房")
    changes = ((may, {"site_progress": "二"}), (june, {"site_progress": "二"}), (new, {}), (photo, {"caption": "塔"}))
    batch = batch_of(boss, *changes)
    for month in (MAY.plus(-1), MAY):
        lock(boss, month)

    done = undo.undo(batch, by=boss, reason="误")

    assert words() == [(MAY.plus(-1).first, "新"), (MAY.first, "二"), (JUNE.first, "一")]
    assert (ProgressPhoto.objects.get().caption, done.set_back, len(done.kept)) == ("塔", 1, 3)


def test_undo_leaves_out_the_words_that_a_locked_month_does_not_have(boss):
    report = ProgressReportFactory()
    with change_batch(ChangeBatch.Kind.DELETE, by=boss) as batch:
        report.delete()
    lock(boss)

    with pytest.raises(ValidationError):
        undo.undo(batch, by=boss, reason="误")
    assert words() == []


def test_undo_takes_back_what_was_done_before_the_month_was_opened_again(boss):
    report = ProgressReportFactory(site_progress="一")
    batch = batch_of(boss, (report, {"site_progress": "二"}))
    lock(boss)
    locking.unlock(MAY, by=boss, reason="改")

    undo.undo(batch, by=boss, reason="误")

    assert words() == [(MAY.first, "一")]
