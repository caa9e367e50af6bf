"""Form bases of the admin."""

from datetime import date
from decimal import Decimal

import pytest
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms import ModelChoiceField

from enterprises.models import Enterprise
from liangzhou.forms import AutocompleteChoice, LedgerForm, MonthFormField, NumberFormField, precision_of
from liangzhou.periods import PartialDateFormField
from projects.models import Milestone, Project
from tests.factories import MilestoneFactory


class MilestoneForm(LedgerForm):
    planned = PartialDateFormField(required=False)
    actual = PartialDateFormField(required=False)

    class Meta:
        model = Milestone
        fields = ("kind", "planned", "actual")


def test_precision_is_found_beside_its_date_only():
    meta = Milestone._meta
    assert precision_of(meta.get_field("planned")) is meta.get_field("planned_precision")
    assert precision_of(meta.get_field("note")) is None


@pytest.mark.django_db
def test_form_sets_date_and_precision_together():
    milestone = MilestoneFactory()
    form = MilestoneForm({"kind": "started", "planned": "2025", "actual": ""}, instance=milestone)
    assert form.is_valid()
    changed = form.instance
    assert (changed.planned, changed.planned_precision, changed.actual, changed.actual_precision) == (
        date(2025, 1, 1),
        "year",
        None,
        "",
    )


@pytest.mark.django_db
def test_form_shows_a_date_as_far_as_it_is_known():
    form = MilestoneForm(instance=MilestoneFactory())
    assert (form["actual"].value(), form["planned"].value()) == ("2025年5月下旬", None)


@pytest.mark.django_db
@pytest.mark.parametrize(("typed", "changed"), [("2025年5月下旬", []), ("2025-05-21", ["actual"]), ("x", ["actual"])])
def test_precision_alone_is_a_change(typed, changed):
    form = MilestoneForm({"kind": "started", "planned": "", "actual": typed}, instance=MilestoneFactory())
    assert form.changed_data == changed


@pytest.mark.django_db
def test_date_that_is_none_leaves_the_stored_one_alone():
    form = MilestoneForm({"kind": "started", "planned": "", "actual": "x"}, instance=MilestoneFactory())
    assert not form.is_valid()
    assert (form.instance.actual, form.instance.actual_precision) == (date(2025, 5, 21), "ten_days")


@pytest.mark.parametrize("typed", ["2025年5月", "2025-05", "２０２５年５月", "2025-05-01", " 2025.5 "])
def test_month_is_read(typed):
    assert MonthFormField().clean(typed) == date(2025, 5, 1)


@pytest.mark.parametrize("typed", ["2025", "2025年5月下旬", "2025-05-02", "5月", "2025-13", "0000-01", "9" * 400])
def test_month_that_is_none_is_refused(typed):
    with pytest.raises(ValidationError):
        MonthFormField().clean(typed)


def test_month_is_shown_as_it_would_be_typed():
    field = MonthFormField(required=False)
    assert (field.prepare_value(date(2025, 5, 1)), field.prepare_value("x"), field.clean("")) == (
        "2025年5月",
        "x",
        None,
    )


@pytest.mark.parametrize(("typed", "changed"), [("2025-05", False), ("2025-06", True), ("", True), ("x", True)])
def test_month_has_changed_only_where_it_means_another_month(typed, changed):
    assert MonthFormField(required=False).has_changed(date(2025, 5, 1), typed) is changed


@pytest.mark.parametrize(("typed", "number"), [
    ("300", 300), ("３００", 300), ("1,234,567.5", Decimal("1234567.5")), ("-1", -1), (" 7 ", 7), ("", None),
])  # fmt: skip
def test_number_is_read(typed, number):
    assert NumberFormField(required=False).clean(typed) == number


@pytest.mark.parametrize("typed", ["1,2", "12,34", "1e999999999", "NaN", "Infinity", "sNaN", "一", "1" * 30, "1.00001"])
def test_number_that_is_none_is_refused(typed):
    with pytest.raises(ValidationError):
        NumberFormField(max_digits=20, decimal_places=4).clean(typed)


@pytest.mark.parametrize(("stored", "shown"), [("300.0000", "300"), ("0.5000", "0.5"), ("1000000", "1000000")])
def test_number_is_shown_without_padding(stored, shown):
    assert NumberFormField().prepare_value(Decimal(stored)) == shown


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["\x00", "abc", "9" * 30, "", "１", None])
def test_choice_by_typing_ignores_what_is_no_key(value):
    company = Project._meta.get_field("enterprise")
    field = ModelChoiceField(Enterprise.objects.all(), widget=AutocompleteChoice(company, admin.site))
    groups = field.widget.optgroups("enterprise", [value])
    assert [option for _, options, _ in groups for option in options if option["selected"]] == []
