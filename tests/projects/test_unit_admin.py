"""Units and the credit for projects in the admin."""

from decimal import Decimal

import pytest
from django.urls import reverse

from projects.models import CreditShare, Unit
from tests.answers import page_of
from tests.factories import CreditShareFactory, ProjectFactory, UnitFactory, UserFactory
from tests.opened_form import add_row, open_form
from tests.unrendered import Unrendered

pytestmark = pytest.mark.django_db

LIST = "admin:projects_unit_changelist"


@pytest.fixture
def client():
    """Forms are printed, and what becomes of what is posted is looked at only."""
    client = Unrendered("POST")
    client.force_login(UserFactory(is_superuser=True))
    return client


def credit(client, project, *shares):
    """Type shares (unit, percent) into a project's form; what is said against them."""
    url = reverse("admin:projects_project_change", args=[project.pk])
    data = open_form(client, url, "project_form")
    for unit, percent in shares:
        add_row(data, "credit_shares", unit=unit.pk, percent=percent)
    response = client.post(url, data)
    if response.status_code == 302:
        return []
    formsets = [inline.formset for inline in response.context_data["inline_admin_formsets"]]
    return [
        error
        for formset in formsets
        for error in (*formset.non_form_errors(), *(e for form in formset for es in form.errors.values() for e in es))
    ]


def test_shares_of_one_project_are_typed_in_its_form(client):
    project, one, other = ProjectFactory(), UnitFactory(), UnitFactory()

    assert credit(client, project, (one, "60"), (other, "40")) == []
    assert list(project.credit_shares.values_list("unit", "percent")) == [(one.pk, 60), (other.pk, 40)]


def test_shares_of_more_than_the_whole_are_refused(client):
    project, one, other = ProjectFactory(), UnitFactory(), UnitFactory()
    CreditShareFactory(project=project, unit=one, percent=60)

    assert len(credit(client, project, (other, "40.01"))) == 1
    assert CreditShare.objects.count() == 1


@pytest.mark.parametrize("percent", ["0", "-1", "100.5", "x", "\x00"])
def test_a_share_that_is_none_is_told_at_its_field(client, percent):
    assert credit(client, ProjectFactory(), (UnitFactory(), percent)) != []
    assert CreditShare.objects.count() == 0


def test_the_list_shows_what_each_unit_is_credited_with_and_the_district_once(client):
    one, other = UnitFactory(name="甲局"), UnitFactory(name="乙局")
    project = ProjectFactory(total_investment=130_000)
    CreditShareFactory(project=project, unit=one, percent=60)
    CreditShareFactory(project=project, unit=other, percent=40)
    ProjectFactory(total_investment=13_100)

    page = page_of(client.get(reverse(LIST)))

    listed = page.one("table", id="result_list").one("tbody").all("tr")
    rows = {row.one("th").text: row.texts("td")[3:6] for row in listed}
    totals = [row.texts("td") for row in page.one("section.credit-totals").one("tbody").all("tr")]
    assert rows == {"甲局": ["1", "0.6", "7.8 亿元"], "乙局": ["1", "0.4", "5.2 亿元"]}
    assert totals == [["1", "13 亿元"], ["1", "1.31 亿元"], ["2", "14.31 亿元"]]


def test_the_page_of_a_unit_lists_its_projects(client):
    share = CreditShareFactory(project=ProjectFactory(total_investment=130_000), percent=Decimal("33.30"))

    page = page_of(client.get(reverse("admin:projects_unit_change", args=[share.unit_id])))

    row = page.one(id="credit_shares-group").one("tr.has_original")
    assert row.texts("td") == [share.project.name, "33.3", "4.33 亿元", share.project.get_stage_display()]


def test_a_unit_is_entered_and_changed(client):
    data = open_form(client, reverse("admin:projects_unit_add"), "unit_form")
    client.post(reverse("admin:projects_unit_add"), data | {"name": "凉州区商务局"})
    unit = Unit.objects.get()
    CreditShareFactory(unit=unit)
    url = reverse("admin:projects_unit_change", args=[unit.pk])
    client.post(url, open_form(client, url, "unit_form") | {"short_name": "商务局"})

    unit.refresh_from_db()
    assert (unit.name, unit.short_name, unit.version, unit.credit_shares.count()) == ("凉州区商务局", "商务局", 2, 1)


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_any_number_of_units(client, count, django_assert_num_queries):
    for _number in range(count):
        CreditShareFactory()
    client.get(reverse(LIST))

    with django_assert_num_queries(6):
        client.get(reverse(LIST))
