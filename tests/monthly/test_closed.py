"""What may not happen to the amounts of a month that was locked once, whichever way it is tried."""

from decimal import Decimal as D

import pytest
from django.core.exceptions import ValidationError

from liangzhou.batches import ChangeBatch, change_batch, undo
from liangzhou.months import Month
from monthly import closed, locking
from monthly.models import FundingRecord, InvestmentRecord
from monthly.sheet import saving
from monthly.sheet.judging import Mode
from tests.factories import FundingRecordFactory, InvestmentRecordFactory, ProjectFactory, UserFactory

pytestmark = pytest.mark.django_db
MAY, JUNE = Month(2025, 5), Month(2025, 6)


@pytest.fixture
def boss():
    return UserFactory(is_superuser=True)


def lock(by, month=MAY, reason=""):
    return locking.lock(month, by=by, reason=reason)


def new(**how):
    fields = {"month": MAY.first, "origin": "abroad", "amount": D(5), **how}
    return FundingRecord(project=fields.pop("project", None) or ProjectFactory(), **fields)


def refused(row) -> bool:
    try:
        row.full_clean()
    except ValidationError as error:
        return [one.code for one in error.error_dict["__all__"]] == ["closed"]
    return False


def test_open_month_takes_entries_and_changes():
    record = FundingRecordFactory()
    record.amount = D(3)

    assert (refused(new()), refused(record), closed.why_not_deleted([record])) == (False, False, [])


@pytest.mark.parametrize("opened_again", [False, True])
def test_locked_month_takes_corrections_only(boss, opened_again):
    record = FundingRecordFactory()
    lock(boss)
    if opened_again:
        locking.unlock(MAY, by=boss, reason="补报")

    assert refused(new())
    assert not refused(new(kind="correction", reason="补报"))
    assert not refused(new(month=JUNE.first))
    assert len(closed.why_not_deleted([record, new()])) == 1


@pytest.mark.parametrize(
    "change",
    [{"amount": D(3)}, {"month": JUNE.first}, {"origin": "abroad"}, {"kind": "correction", "reason": "改"}],
    ids=lambda change: next(iter(change)),
)
def test_row_of_a_locked_month_keeps_what_figures_are_made_of(boss, change):
    record = FundingRecordFactory()
    lock(boss)
    for name, value in change.items():
        setattr(record, name, value)

    assert refused(record)


def test_row_of_a_locked_month_may_get_a_remark_and_evidence(boss):
    record = InvestmentRecordFactory()
    lock(boss)
    record.remark = "回单见附件"

    assert not refused(record)


def test_row_of_a_locked_month_is_not_deleted(boss):
    record, elsewhere = FundingRecordFactory(), FundingRecordFactory(month=JUNE.first)
    lock(boss)

    for delete in (record.delete, FundingRecord.objects.all().delete):
        with pytest.raises(ValidationError):
            delete()
    elsewhere.delete()

    assert list(FundingRecord.objects.all()) == [record]


def test_nothing_is_moved_into_a_locked_month(boss):
    record = FundingRecordFactory(month=JUNE.first)
    lock(boss)
    record.month = MAY.first

    assert refused(record)


def test_correction_that_was_deleted_does_not_come_back_into_a_locked_month(boss):
    record = FundingRecordFactory(kind="correction", reason="更正")
    past = FundingRecord.objects.get(pk=record.pk)
    record.delete()
    lock(boss)

    assert refused(past)


# Taking batches of changes back


def batch_of(boss, write):
    with change_batch(ChangeBatch.Kind.IMPORT, by=boss) as batch:
        write()
    return batch


def save(row, boss, **values):
    for name, value in values.items():
        setattr(row, name, value)
    row.stamp(boss)
    row.save()


def test_undo_leaves_what_a_version_locked_since_has(boss):
    changed, deleted = FundingRecordFactory(), FundingRecordFactory(amount=D(9))
    elsewhere, project = FundingRecordFactory(month=JUNE.first), ProjectFactory()

    def act():
        save(changed, boss, amount=D(50))
        save(elsewhere, boss, amount=D(60))
        save(new(project=project), boss)
        deleted.delete()

    batch = batch_of(boss, act)
    lock(boss)
    done = undo.undo(batch, by=boss, reason="误导入")

    assert sorted(FundingRecord.objects.values_list("month", "amount")) == [
        (MAY.first, D(5)),
        (MAY.first, D(50)),
        (JUNE.first, D(1200)),
    ]
    assert (done.set_back, done.deleted, done.created, len(done.kept)) == (1, 0, 0, 3)
    assert {one.model for one in done.kept} == {FundingRecord}


def test_undo_sets_back_what_no_later_version_has(boss):
    """A correction that was brought in after the locking is in no version: without it the newest one is right again."""
    record = FundingRecordFactory()
    lock(boss)
    batch = batch_of(boss, lambda: save(new(project=record.project, kind="correction", reason="更正"), boss))

    undo.undo(batch, by=boss, reason="更正有误")

    assert list(FundingRecord.objects.values_list("amount", flat=True)) == [D(1200)]


def test_undo_leaves_a_correction_that_a_later_month_s_version_sums(boss):
    record = FundingRecordFactory()
    lock(boss)
    batch = batch_of(boss, lambda: save(new(project=record.project, kind="correction", reason="更正"), boss))
    lock(boss, JUNE)

    with pytest.raises(ValidationError):
        undo.undo(batch, by=boss, reason="更正有误")

    assert FundingRecord.objects.count() == 2


def test_investment_is_closed_likewise(boss):
    record = InvestmentRecordFactory()
    batch = batch_of(boss, lambda: save(record, boss, amount=D(1)))
    lock(boss)

    with pytest.raises(ValidationError):
        undo.undo(batch, by=boss, reason="误")

    assert InvestmentRecord.objects.get().amount == D(1)


# What a version sums without having been locked itself


def test_months_that_a_version_sums_are_closed(boss):
    lock(boss, JUNE)

    months = [Month(2023, 6), Month(2024, 5), Month(2024, 6), Month(2024, 7), MAY, JUNE, Month(2025, 7)]

    assert sorted(closed.closed_months(months)) == [Month(2024, 5), Month(2024, 6), MAY, JUNE]
    assert (closed.is_closed(Month(2024, 5)), closed.is_closed(Month(2024, 7))) == (True, False)


def test_base_of_last_year_changes_by_corrections_only(boss):
    march, april = (FundingRecordFactory(month=Month(2024, number).first) for number in (3, 4))
    version = lock(boss)

    march.amount = D(1)
    assert refused(march)
    with pytest.raises(ValidationError):
        april.delete()
    assert refused(new(month=Month(2024, 2).first))
    correction = new(month=march.month, project=march.project, kind="correction", reason="上年数更正")
    save(correction, boss)

    assert not refused(correction)
    assert locking.corrections_since(version) == [correction]


def test_undo_leaves_the_base_of_a_version_locked_since(boss):
    base, later = (FundingRecordFactory(month=Month(2024, number).first) for number in (3, 9))

    def act():
        save(base, boss, amount=D(50))
        save(later, boss, amount=D(60))

    batch = batch_of(boss, act)
    lock(boss)
    done = undo.undo(batch, by=boss, reason="误导入")

    assert sorted(FundingRecord.objects.values_list("amount", flat=True)) == [D(50), D(1200)]
    assert (done.set_back, len(done.kept)) == (1, 1)


def test_sheet_of_a_month_that_only_a_later_version_sums_takes_corrections(boss):
    before = saving.mode_of(MAY, None)
    lock(boss, JUNE)

    after = saving.mode_of(MAY, None)

    assert (before, after) == (Mode(corrects=False, locked=False), Mode(corrects=True, locked=False))
