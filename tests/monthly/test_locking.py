"""Locking months, opening them again, publishing and withdrawing; what is refused; two people at once."""

import threading
from datetime import date
from decimal import Decimal as D

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from liangzhou.audit import AuditEntry
from liangzhou.months import Month
from monthly import closed, locking
from monthly.models import FundingRecord, MonthVersion, ReportingMonth, SnapshotFunding
from tests.factories import FundingRecordFactory, InvestmentRecordFactory, ProjectFactory, UserFactory

MAY, APRIL = Month(2025, 5), Month(2025, 4)


@pytest.fixture
def clerk(db):
    return UserFactory(roles=["editor"])


@pytest.fixture
def publisher(db):
    return UserFactory(roles=["publisher"])


def correct(record, amount, **how):
    """A correction beside an entry."""
    return FundingRecordFactory(
        project=record.project, month=record.month, amount=D(amount), kind="correction", reason="更正", **how
    )


def trail():
    return list(AuditEntry.objects.order_by("number").values_list("action", "target", "details"))


def test_locking_makes_a_version_and_says_so_in_the_trail(clerk):
    FundingRecordFactory()

    version = locking.lock(MAY, by=clerk)

    row = ReportingMonth.objects.get(month=MAY.first)
    assert (version.number, version.month, version.locked_by, version.reason) == (1, MAY.first, clerk, "")
    assert (row.is_locked, row.updated_by, version.is_public) == (True, clerk, False)
    assert trail() == [("lock", "2025年5月", {"version": 1, "reason": "", "sha256": version.digest})]


def test_month_is_not_locked_before_earlier_ones_with_amounts(clerk):
    FundingRecordFactory(month=APRIL.first)
    InvestmentRecordFactory(month=date(2025, 2, 1))
    FundingRecordFactory(month=date(2024, 12, 1))

    with pytest.raises(ValidationError) as refused:
        locking.lock(MAY, by=clerk)

    assert "2025年2月、2025年4月" in refused.value.messages[0]
    for month in (Month(2025, 2), APRIL, MAY):
        locking.lock(month, by=clerk)
    assert MonthVersion.objects.count() == 3


def test_month_that_has_not_begun_is_not_locked(clerk):
    with pytest.raises(ValidationError):
        locking.lock(Month(2099, 1), by=clerk)

    assert MonthVersion.objects.count() == 0


def test_locking_again_needs_a_reason_and_something_new(clerk):
    record = FundingRecordFactory()
    locking.lock(MAY, by=clerk)

    with pytest.raises(ValidationError) as without_reason:
        locking.lock(MAY, by=clerk, reason="  ")
    with pytest.raises(ValidationError) as without_change:
        locking.lock(MAY, by=clerk, reason="再锁一次")
    correct(record, -200)
    again = locking.lock(MAY, by=clerk, reason="银行回单更正")

    assert list(without_reason.value.message_dict) == ["reason"]
    assert len(without_change.value.messages) == 1
    assert (again.number, again.reason, MonthVersion.objects.count()) == (2, "银行回单更正", 2)
    amounts = SnapshotFunding.objects.order_by("pk").values_list("project__version__number", "amount")
    assert list(amounts) == [(1, D(1200)), (2, D(1000))]


def test_opening_again_needs_a_reason_and_keeps_the_versions(clerk):
    FundingRecordFactory()
    locking.lock(MAY, by=clerk)

    with pytest.raises(ValidationError):
        locking.unlock(MAY, by=clerk, reason="")
    row = locking.unlock(MAY, by=clerk, reason="漏报一项")

    assert (row.is_locked, MonthVersion.objects.count(), closed.is_closed(MAY)) == (False, 1, True)
    assert trail()[-1] == ("unlock", "2025年5月", {"reason": "漏报一项"})
    with pytest.raises(ValidationError):
        locking.unlock(MAY, by=clerk, reason="再来")
    assert locking.lock(MAY, by=clerk, reason="补报完成").number == 2  # also where nothing was changed


def test_who_locked_does_not_publish(clerk, publisher, settings):
    version = locking.lock(MAY, by=clerk)

    with pytest.raises(ValidationError):
        locking.publish(version, by=clerk)
    published = locking.publish(version, by=publisher)

    assert (published.is_public, published.published_by) == (True, publisher)
    assert locking.version_on(MAY, public=True) == version
    assert [action for action, *_rest in trail()] == ["lock", "publish"]
    settings.PUBLISHER_IS_NOT_EDITOR = False
    locking.withdraw(version, by=publisher, reason="数字有误")
    assert locking.publish(version, by=clerk).is_public


def test_only_the_newest_version_of_a_locked_month_is_published(clerk, publisher):
    record = FundingRecordFactory()
    first = locking.lock(MAY, by=clerk)
    correct(record, 5)
    second = locking.lock(MAY, by=clerk, reason="更正")

    with pytest.raises(ValidationError):
        locking.publish(first, by=publisher)
    locking.unlock(MAY, by=clerk, reason="再看")
    with pytest.raises(ValidationError):
        locking.publish(second, by=publisher)
    with pytest.raises(ValidationError):
        locking.publish(locking.lock(MAY, by=publisher, reason="补锁"), by=publisher)

    assert locking.version_on(MAY, public=True) is None


def test_withdrawing_needs_a_reason_and_shows_the_version_before(clerk, publisher):
    record = FundingRecordFactory()
    first = locking.publish(locking.lock(MAY, by=clerk), by=publisher)
    correct(record, 5)
    second = locking.publish(locking.lock(MAY, by=clerk, reason="更正"), by=publisher)

    with pytest.raises(ValidationError):
        locking.withdraw(second, by=publisher, reason=" ")
    withdrawn = locking.withdraw(second, by=publisher, reason="数字有误")

    assert (withdrawn.is_public, withdrawn.withdrawal_reason) == (False, "数字有误")
    assert (locking.version_on(MAY, public=True), locking.version_on(MAY, public=False)) == (first, second)
    with pytest.raises(ValidationError):
        locking.withdraw(second, by=publisher, reason="再次")


def test_corrections_since_are_the_rows_that_the_version_would_have_summed(clerk):
    record = FundingRecordFactory()
    version = locking.lock(MAY, by=clerk)
    march = FundingRecordFactory(month=date(2025, 3, 1))
    last_year = InvestmentRecordFactory(month=date(2024, 11, 1))
    later = correct(record, -1)
    FundingRecordFactory(month=date(2025, 6, 1)), FundingRecordFactory(month=date(2023, 12, 1))

    assert locking.corrections_since(version) == [later, last_year, march]


def test_a_reason_that_is_too_long_is_refused_in_words(clerk):
    locking.lock(MAY, by=clerk)

    with pytest.raises(ValidationError) as refused:
        locking.unlock(MAY, by=clerk, reason="长" * 301)

    assert list(refused.value.message_dict) == ["reason"]


def test_held_month_is_made_once_and_january_stands_for_the_year(db):
    with transaction.atomic():
        first, second = locking.hold(MAY), locking.hold(MAY)

    assert (first.pk, first.month) == (second.pk, MAY.first)
    assert list(ReportingMonth.objects.values_list("month", flat=True)) == [MAY.first, MAY.january.first]


# At once


def together(*acts):
    """Run the acts at the same moment; what each gave, or the error it raised."""
    start, outcomes = threading.Barrier(len(acts)), {}

    def run(number, act):
        try:
            start.wait()
            outcomes[number] = act()
        except ValidationError as error:
            outcomes[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [outcomes[number] for number in range(len(acts))]


@pytest.mark.django_db(transaction=True)
def test_two_people_who_lock_at_once_make_one_version():
    people = [UserFactory(), UserFactory()]
    FundingRecordFactory()

    outcomes = together(*(lambda by=by: locking.lock(MAY, by=by) for by in people))

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["MonthVersion", "ValidationError"]
    assert MonthVersion.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(3))
def test_no_row_slips_in_between_reading_and_the_snapshot(attempt):
    """What is written at the same moment is in the snapshot, or was entered after it: never neither."""
    clerk, project, other = UserFactory(), ProjectFactory(), ProjectFactory()
    FundingRecordFactory(project=project, amount=D(1))

    @transaction.atomic
    def write():
        locking.hold(MAY)
        return FundingRecord.objects.create(
            project=other, month=MAY.first, origin="abroad", amount=D(7), kind="correction", reason="补报"
        )

    version, row = together(lambda: locking.lock(MAY, by=clerk), write)

    kept = SnapshotFunding.objects.filter(project__version=version, amount=D(7)).count()
    assert (kept, locking.corrections_since(version)) in ((1, []), (0, [row]))
