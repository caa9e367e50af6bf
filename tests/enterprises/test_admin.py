"""Companies, places and qualifications in the admin."""

from datetime import date

import pytest
from django.urls import reverse

from enterprises.models import Enterprise, EnterpriseFact, Place, Qualification
from tests.factories import EnterpriseFactFactory, EnterpriseFactory, PlaceFactory, QualificationFactory, UserFactory
from tests.opened_form import add_row, open_form
from tests.unrendered import Unrendered

pytestmark = pytest.mark.django_db

CODE = "91110000600037341L"


@pytest.fixture
def client():
    """Forms are printed, and what becomes of what is posted is looked at only."""
    client = Unrendered("POST")
    client.force_login(UserFactory(is_superuser=True))
    return client


def enter(client, model, **typed):
    """Post a new record; its field errors, empty where it was saved."""
    name = model._meta.model_name
    url = reverse(f"admin:enterprises_{name}_add")
    response = client.post(url, open_form(client, url, f"{name}_form") | typed)
    return [] if response.status_code == 302 else list(response.context_data["adminform"].form.errors)


def edit(client, enterprise, add=(), **typed):
    """Post a company's form with changes; the errors of its inline rows."""
    url = reverse("admin:enterprises_enterprise_change", args=[enterprise.pk])
    data = open_form(client, url, "enterprise_form") | typed
    for prefix, row in add:
        add_row(data, prefix, **row)
    response = client.post(url, data)
    if response.status_code == 302:
        return []
    return [
        list(form.errors) for inline in response.context_data["inline_admin_formsets"] for form in inline.formset.forms
    ]


def test_company_is_entered_with_what_it_holds(client):
    assert enter(client, Enterprise, name="甲公司", credit_code=CODE.lower(), kind="limited") == []
    company = Enterprise.objects.get()
    assert (company.code, company.credit_code) == ("QY000001", CODE)
    rows = [
        ("qualifications", {"kind": "high_tech", "name": "", "granted_on": "2024-11-01", "valid_to": "2027-10-31",
                            "batch": "2024年第一批"}),
        ("facts", {"name": "年处理鲜奶", "qualifier": "over", "value": "10", "unit": "万吨", "text": "",
                   "position": "0"}),
    ]  # fmt: skip
    assert edit(client, company, add=rows) == []
    assert [(q.kind, q.granted_on) for q in company.qualifications.all()] == [("high_tech", date(2024, 11, 1))]
    assert [(f.name, f.value) for f in company.facts.all()] == [("年处理鲜奶", 10)]


def test_credit_code_left_empty_by_two_companies_is_unknown_for_both(client):
    assert enter(client, Enterprise, name="甲公司", credit_code="") == []
    assert enter(client, Enterprise, name="乙公司", credit_code="  ") == []
    assert list(Enterprise.objects.values_list("credit_code", flat=True)) == [None, None]


@pytest.mark.parametrize(("typed", "fields"), [
    ({"credit_code": "91110000600037341X"}, ["credit_code"]), ({"credit_code": "123"}, ["credit_code"]),
    ({"name": ""}, ["name"]), ({"name": "长" * 121}, ["name"]), ({"place": "77777"}, ["place"]),
    ({"kind": "x"}, ["kind"]), ({"summary": "\x00"}, ["summary"]),
])  # fmt: skip
def test_company_that_cannot_be_is_told_at_the_field(client, typed, fields):
    assert set(enter(client, Enterprise, **{"name": "甲公司", **typed})) == set(fields)
    assert Enterprise.objects.count() == 0


def test_wrong_check_digit_is_accepted_with_a_reason(client):
    typed = {"name": "甲公司", "credit_code": "91110000600037341X", "credit_code_reason": "执照如此"}
    assert enter(client, Enterprise, **typed) == []
    assert Enterprise.objects.get().credit_code == "91110000600037341X"


@pytest.mark.parametrize(("known", "typed", "field"), [
    ({"name": "甲公司"}, {"name": "甲公司"}, "name"),
    ({"name": "甲公司", "credit_code": CODE}, {"name": "乙公司", "credit_code": CODE.lower()}, "credit_code"),
])  # fmt: skip
def test_company_entered_twice_is_told_at_the_field(client, known, typed, field):
    EnterpriseFactory(**known)
    assert enter(client, Enterprise, **typed) == [field]


@pytest.mark.parametrize("row", [
    {"granted_on": "2024-13-01", "valid_to": ""}, {"granted_on": "0000-01-01", "valid_to": ""},
    {"granted_on": "2024-01-01", "valid_to": "2023-01-01"}, {"granted_on": "去年", "valid_to": ""},
])  # fmt: skip
def test_qualification_with_impossible_dates_is_told_in_words(client, row):
    company = EnterpriseFactory()
    rows = [("qualifications", {"kind": "high_tech", "name": "", "batch": "", **row})]
    assert len(edit(client, company, add=rows)[0]) == 1
    assert Qualification.objects.count() == 0


def test_qualification_entered_twice_is_told_in_words(client):
    known = QualificationFactory()
    row = {"kind": known.kind, "name": "", "granted_on": "2024-11-01", "valid_to": "", "batch": ""}
    assert edit(client, known.enterprise, add=[("qualifications", row)]) == [[], ["__all__"]]
    assert Qualification.objects.count() == 1


def test_facts_that_trade_names_are_told_in_words(client):
    company = EnterpriseFactory()
    EnterpriseFactFactory(enterprise=company, name="甲")
    EnterpriseFactFactory(enterprise=company, name="乙")
    assert edit(client, company, **{"facts-0-name": "乙", "facts-1-name": "甲"}) == [["__all__"], ["__all__"]]
    assert list(EnterpriseFact.objects.values_list("name", flat=True)) == ["甲", "乙"]


def test_places_without_a_code_are_many(client):
    assert enter(client, Place, name="甲园", kind="park", code="") == []
    assert enter(client, Place, name="乙园", kind="park", code=" ") == []
    assert list(Place.objects.values_list("code", flat=True)) == [None, None]


@pytest.mark.parametrize(("typed", "fields"), [
    ({"code": "62060"}, ["__all__"]), ({"code": "６２０６０２００１"}, ["__all__"]), ({"code": "6206020019"}, ["code"]),
    ({"latitude": "37.9"}, ["__all__"]),
    ({"latitude": "91", "longitude": "0", "reference_system": "wgs84"}, ["__all__"]),
    ({"latitude": "1e999999999"}, ["latitude"]), ({"longitude": "NaN"}, ["longitude"]), ({"slug": "中 文"}, ["slug"]),
    ({"name": ""}, ["name"]), ({"kind": ""}, ["kind"]),
])  # fmt: skip
def test_place_that_cannot_be_is_told_in_words(client, typed, fields):
    assert enter(client, Place, **{"name": "甲园", "kind": "park", **typed}) == fields
    assert Place.objects.count() == 0


@pytest.mark.parametrize(("typed", "field"), [({"name": "甲园"}, "name"), ({"code": "620602001"}, "code"),
                                              ({"slug": "jia"}, "slug")])  # fmt: skip
def test_place_entered_twice_is_told_at_the_field(client, typed, field):
    PlaceFactory(name="甲园", code="620602001", slug="jia")
    assert enter(client, Place, **{"name": "乙园", "kind": "park", **typed}) == [field]


def test_qualifications_are_found_by_company(client):
    QualificationFactory(enterprise=EnterpriseFactory(name="武威华景领航电力有限公司"))
    QualificationFactory(enterprise=EnterpriseFactory(name="甘肃雅洁食品有限公司"))
    response = client.get(reverse("admin:enterprises_qualification_changelist"), {"q": "雅洁"})
    assert [q.enterprise.name for q in response.context_data["cl"].result_list] == ["甘肃雅洁食品有限公司"]
