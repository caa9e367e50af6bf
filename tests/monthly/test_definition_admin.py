"""Versions of definitions in the admin: what a locked month was reckoned with stays."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from monthly.models import LightThresholds, RateDefinition
from tests.answers import page_of
from tests.factories import LightThresholdsFactory, MonthVersionFactory, RateDefinitionFactory, UserFactory
from tests.opened_form import open_form

pytestmark = pytest.mark.django_db
ADD = "admin:monthly_ratedefinition_add"
NEW = {"rate": "start", "wording": "开工 ÷ 签约", "numerator_stage": "started"}


@pytest.fixture
def editor():
    made = Client()
    made.force_login(UserFactory(roles=["editor"]))
    return made


def url(row, page="change"):
    return reverse(f"admin:monthly_{row._meta.model_name}_{page}", args=[row.pk])


def test_version_is_changed_while_no_month_is_locked(editor):
    row = RateDefinitionFactory()

    editor.post(url(row), open_form(editor, url(row), "ratedefinition_form") | {"wording": "新口径"})

    assert RateDefinition.objects.get(pk=row.pk).wording == "新口径"


def test_version_of_a_locked_month_is_read_and_neither_changed_nor_deleted(editor):
    rows = RateDefinitionFactory(wording="旧口径"), LightThresholdsFactory()
    MonthVersionFactory()  # 2025-05

    for row in rows:
        page = page_of(editor.get(url(row)))
        assert [("2025年5月" in text, len(page.all(name="_save"))) for text in page.texts("p.waiting")] == [(True, 0)]
        assert editor.post(url(row), {"wording": "新", "valid_from": "2026-01", "_version": "1"}).status_code == 403
        editor.post(url(row, "delete"), {"post": "yes"})

    assert RateDefinition.objects.get(pk=rows[0].pk).wording == "旧口径"
    assert LightThresholds.objects.filter(pk=rows[1].pk).count() == 1


@pytest.mark.parametrize(("typed", "saved"), [("2025-05", 0), ("2020-01", 0), ("2025-06", 1)])
def test_new_version_holds_from_a_month_that_is_not_locked(editor, typed, saved):
    MonthVersionFactory()
    data = open_form(editor, reverse(ADD), "ratedefinition_form")

    answer = editor.post(reverse(ADD), data | NEW | {"valid_from": typed})

    assert RateDefinition.objects.filter(wording=NEW["wording"]).count() == saved
    assert saved or list(answer.context["adminform"].form.errors) == ["valid_from"]


def test_version_that_begins_after_the_locked_months_is_still_changed(editor):
    MonthVersionFactory()
    row = LightThresholdsFactory(valid_from=date(2025, 6, 1))

    editor.post(url(row), open_form(editor, url(row), "lightthresholds_form") | {"update_red_days": "90"})

    assert LightThresholds.objects.get(pk=row.pk).update_red_days == 90


def test_thresholds_out_of_order_are_told(editor):
    row = LightThresholdsFactory()

    answer = editor.post(url(row), open_form(editor, url(row), "lightthresholds_form") | {"update_red_days": "3"})

    assert (answer.status_code, LightThresholds.objects.get(pk=row.pk).update_red_days) == (200, 60)
