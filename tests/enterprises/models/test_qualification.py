from datetime import date

import pytest

from enterprises.models import Qualification
from tests.factories import EnterpriseFactory, QualificationFactory
from tests.problems import problems

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"kind": "high_tech"}, "高新技术企业"),
        ({"kind": "other", "name": "绿色工厂"}, "绿色工厂"),
        ({"kind": "other"}, "其他"),
    ],
)
def test_qualification_is_named_by_its_kind_or_its_name(fields, text):
    assert str(Qualification(**fields)) == text


def test_qualifications_stand_newest_first():
    company = EnterpriseFactory()
    older = QualificationFactory(enterprise=company, granted_on=date(2021, 11, 1))
    newer = QualificationFactory(enterprise=company, granted_on=date(2024, 11, 1))

    assert list(company.qualifications.all()) == [newer, older]


def test_qualification_that_ends_before_it_begins_is_told_in_words():
    wrong = QualificationFactory.build(enterprise=EnterpriseFactory(), valid_to=date(2024, 10, 31))

    assert problems(wrong) == {"__all__": ["It cannot end before it was granted."]}


@pytest.mark.parametrize("dates", [{"granted_on": None}, {"valid_to": None}, {"valid_to": date(2024, 11, 1)}])
def test_qualification_may_leave_its_dates_open(dates):
    assert problems(QualificationFactory.build(enterprise=EnterpriseFactory(), **dates)) == {}


def test_qualification_is_dated_as_far_as_known():
    known = Qualification(granted_on=date(2024, 11, 1), granted_on_precision="month", valid_to=date(2027, 1, 1))

    assert (str(known.granted), str(known.valid_until)) == ("2024年11月", "2027年1月1日")
    assert (Qualification().granted, Qualification().valid_until) == (None, None)
