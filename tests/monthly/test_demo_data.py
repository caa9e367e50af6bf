import pytest
from django.db import transaction

from liangzhou.months import Month
from monthly import demo_data, figures
from monthly.books import LiveBooks
from monthly.models import FundingRecord, ProgressReport
from projects.models import Project

pytestmark = pytest.mark.django_db
MAY = Month(2025, 5)


@pytest.fixture
def made():
    demo_data.make(projects=40, seed=7, until=MAY, months=12)


def test_every_invented_record_is_named_as_invented(made):
    assert Project.objects.count() == 40
    assert Project.objects.exclude(name__startswith=demo_data.MARK).count() == 0


def test_sites_are_told_of_month_by_month_with_what_comes_next(made):
    reports = ProgressReport.objects.all()

    assert set(reports.values_list("month", flat=True)) == {Month(2025, number).first for number in range(1, 6)}
    assert [one for one in reports if not (one.site_progress and one.next_step)] == []


def made_and_undone(seed):
    with transaction.atomic():
        demo_data.make(projects=12, seed=seed, until=MAY, months=12)
        found = [*Project.objects.values_list("name", "stage"), *FundingRecord.objects.values_list("month", "amount")]
        transaction.set_rollback(True)
    return found


def test_the_same_seed_makes_the_same_records():
    first = made_and_undone(7)

    assert made_and_undone(7) == first
    assert made_and_undone(8) != first


def test_invented_funds_lie_in_the_months_asked_for_and_below_the_investment(made):
    months = set(FundingRecord.objects.values_list("month", flat=True))
    over = [
        project
        for project in Project.objects.prefetch_related("funding_records")
        if sum(row.amount for row in project.funding_records.all()) > project.total_investment
    ]

    assert (min(months) >= Month(2024, 6).first, max(months), over) == (True, MAY.first, [])
    assert figures.line(LiveBooks(MAY), "funding").target > 0
