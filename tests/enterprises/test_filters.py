"""What each filter of the list of companies gives."""

import pytest

from enterprises.models import LegalForm, Province, Qualification
from tests.answers import page_of, shown_names
from tests.factories import EnterpriseFactory, PlaceFactory, QualificationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def companies():
    town = PlaceFactory(name="黄羊镇", slug="huangyang")
    first = EnterpriseFactory(name="安泰乳业", short_name="安泰", place=town, credit_code="91620602MA0000001X",
                              summary="乳品加工")  # fmt: skip
    second = EnterpriseFactory(name="博远电力", kind="", origin_province=Province.SHANGHAI)
    EnterpriseFactory(name="晨光食品", kind=LegalForm.JOINT_STOCK, origin_province="")
    EnterpriseFactory(name="隐名公司", published=False, place=town, kind=LegalForm.FOREIGN)
    QualificationFactory(enterprise=first, kind=Qualification.Kind.HIGH_TECH)
    QualificationFactory(enterprise=first, kind=Qualification.Kind.HIGH_TECH, granted_on=None, valid_to=None)
    QualificationFactory(enterprise=first, kind=Qualification.Kind.SPECIALISED)
    QualificationFactory(enterprise=second, kind=Qualification.Kind.HIGH_TECH)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, "安博晨"), ({"q": "乳业"}, "安"), ({"q": "MA0000001X"}, "安"), ({"q": "加工"}, "安"), ({"q": "隐名"}, ""),
        ({"kind": "limited"}, "安"), ({"kind": "none"}, "博"), ({"kind": ["limited", "joint_stock"]}, "安晨"),
        ({"kind": "foreign"}, ""), ({"province": "310000"}, "博"), ({"province": "none"}, "晨"),
        ({"place": "huangyang"}, "安"), ({"place": "none"}, "博晨"),
        ({"qualification": "high_tech"}, "安博"), ({"qualification": ["specialised", "high_tech"]}, "安博"),
        ({"qualification": "specialised", "q": "电力"}, ""), ({"o": "-name"}, "晨博安"),
    ],
)  # fmt: skip
def test_filter_gives_the_companies_meant(client, query, names):
    page = page_of(client.get("/enterprises/", query))

    assert ("".join(name[0] for name in shown_names(page)), page.texts(".notice")) == (names, [])
    assert page.one(".toolbar__summary").text.split(" ")[0] == str(len(names))


def test_company_with_several_qualifications_counts_once(client):
    labels = page_of(client.get("/enterprises/")).all("label.option")

    counts = {o.one("input")["value"]: o.one(".option__count").text for o in labels}
    assert (counts["high_tech"], counts["specialised"], counts["foreign"]) == ("2", "1", "0")


@pytest.mark.parametrize("query", ["kind=x", "province=999999", "place=none-such", "qualification=none", "chain=dairy"])
def test_what_does_not_exist_is_told(client, query):
    page = page_of(client.get(f"/enterprises/?{query}"))

    assert len(page.texts(".notice")) == 1
    assert len(shown_names(page)) == 3
