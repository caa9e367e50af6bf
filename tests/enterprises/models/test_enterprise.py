import pytest
from django.db.models import ProtectedError

from enterprises.models import Enterprise, EnterpriseFact
from tests.factories import EnterpriseFactFactory, EnterpriseFactory, PlaceFactory, ProjectPartyFactory
from tests.problems import problems

pytestmark = pytest.mark.django_db

VALID = "91110000600037341L"  # a code whose check character is right
WRONG_CHECK = "91110000600037341K"
CHECK_FAILS = "The check digit of this code is wrong. Correct it, or say below why it is right."


def test_company_is_named_and_has_a_page():
    company = EnterpriseFactory(name="景领电力", code="QY000009")

    assert (str(company), company.get_absolute_url()) == ("景领电力", "/enterprises/QY000009/")
    assert Enterprise.objects.get_by_natural_key(*company.natural_key()) == company


@pytest.mark.parametrize(
    ("typed", "reason", "kept", "said"),
    [
        (VALID, "", VALID, {}),
        (VALID.lower(), "", VALID, {}),
        (None, "", None, {}),
        ("", "", None, {}),
        ("  ", "", None, {}),
        (WRONG_CHECK, "", WRONG_CHECK, {"credit_code": [CHECK_FAILS]}),
        (WRONG_CHECK, "营业执照如此", WRONG_CHECK, {}),
        ("9111000060003734", "", "9111000060003734", {"credit_code": [CHECK_FAILS]}),
        (
            "9111000060003734", "营业执照如此", "9111000060003734",
            {"__all__": ["The credit code has 18 digits and capital letters."]},
        ),
        (
            "91110000-00037341L", "营业执照如此", "91110000-00037341L",
            {"__all__": ["The credit code has 18 digits and capital letters."]},
        ),
    ],
)  # fmt: skip
def test_credit_code_is_checked_and_may_be_right_for_a_reason(typed, reason, kept, said):
    company = EnterpriseFactory.build(credit_code=typed, credit_code_reason=reason)

    assert (problems(company), company.credit_code) == (said, kept)


def test_empty_credit_codes_do_not_collide():
    assert [EnterpriseFactory(credit_code="").credit_code for _ in range(2)] == [None, None]


def test_company_is_known_once_by_name_and_by_credit_code():
    EnterpriseFactory(name="景领电力", credit_code=VALID)

    assert problems(EnterpriseFactory.build(name="景领电力", credit_code=VALID)) == {
        "name": ["Company with this Name already exists."],
        "credit_code": ["Company with this Unified social credit code already exists."],
    }


def test_companies_stand_in_the_order_of_their_pinyin():
    names = ["甘肃泰康制药", "宝德计算机", "武威华景", "甘肃博贞原"]
    for name in names:
        EnterpriseFactory(name=name)

    found = Enterprise.objects.values_list("name", flat=True)

    assert list(found) == ["宝德计算机", "甘肃博贞原", "甘肃泰康制药", "武威华景"]


def test_company_with_a_part_in_a_project_cannot_be_deleted():
    party = ProjectPartyFactory()

    with pytest.raises(ProtectedError):
        party.enterprise.delete()


def test_place_of_a_company_cannot_be_deleted():
    company = EnterpriseFactory(place=PlaceFactory())

    with pytest.raises(ProtectedError):
        company.place.delete()


def test_facts_go_with_their_company_and_stand_in_their_order():
    company = EnterpriseFactory()
    second = EnterpriseFactFactory(enterprise=company, position=2)
    first = EnterpriseFactFactory(enterprise=company, position=1)

    assert list(company.facts.all()) == [first, second]
    company.delete()
    assert EnterpriseFact.objects.count() == 0


def test_fact_that_says_nothing_is_told_in_words():
    fact = EnterpriseFactFactory.build(enterprise=EnterpriseFactory(), value=None, text="")

    assert problems(fact) == {"__all__": ["Give a value or words."]}
