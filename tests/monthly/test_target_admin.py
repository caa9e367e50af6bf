from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from liangzhou.money import typed_form
from monthly.models import AnnualPlan, AnnualTarget, Indicator
from monthly.target_admin import parse_target, shown_target
from tests.factories import AnnualPlanFactory, AnnualTargetFactory, IndustryChainFactory, ProjectFactory, UserFactory
from tests.full_width import full_width
from tests.opened_form import open_form

COUNT = "A number of projects is a whole number: 120 or 120项."
TARGETS, PLANS = "admin:monthly_annualtarget_add", "admin:monthly_annualplan_add"


@pytest.fixture
def editor(db):
    made = Client()
    made.force_login(UserFactory(roles=["editor"]))
    return made


@pytest.mark.parametrize(("typed", "indicator", "value"), [
    ("200亿元", Indicator.FUNDING, 2_000_000), ("88.57亿", Indicator.OTHER_PROVINCES, 885_700),
    ("120项", Indicator.SIGNED, 120), (full_width("1,200") + " 项", Indicator.STARTED, 1200),
    ("0", Indicator.PRODUCING, 0),
])  # fmt: skip
def test_target_is_read_as_an_amount_or_as_a_number_of_projects(typed, indicator, value):
    assert parse_target(typed, indicator) == Decimal(value)


@pytest.mark.parametrize("typed", ["1.5", "13亿", "-3", "many", "1e3", "9" * 12, "\x00"])
def test_number_of_projects_is_refused_in_a_sentence(typed):
    with translation.override("en"), pytest.raises(ValidationError) as refused:
        parse_target(typed, Indicator.SIGNED)

    assert refused.value.messages == [COUNT]


@given(value=st.integers(0, 10**8), counted=st.booleans())
def test_target_is_read_as_it_is_shown(value, counted):
    indicator = Indicator.SIGNED if counted else Indicator.INVESTMENT
    typed = shown_target(Decimal(value), indicator) if counted else typed_form(Decimal(value))

    assert parse_target(typed, indicator) == value


def test_targets_are_entered_each_once(editor):
    chain = IndustryChainFactory()
    new = open_form(editor, reverse(TARGETS), "annualtarget_form") | {"year": "2025", "indicator": "signed"}

    assert editor.post(reverse(TARGETS), new | {"value": "120项", "chain": chain.pk}).status_code == 302
    assert editor.post(reverse(TARGETS), new | {"value": "300"}).status_code == 302
    again = editor.post(reverse(TARGETS), new | {"value": "310", "chain": chain.pk})

    assert [(one.scope, one.value) for one in AnnualTarget.objects.order_by("pk")] == [("chain", 120), ("", 300)]
    assert again.status_code == 200


def test_target_opens_as_it_would_be_typed_and_is_mended(editor):
    target = AnnualTargetFactory(indicator=Indicator.SIGNED, value=120)
    url = reverse("admin:monthly_annualtarget_change", args=[target.pk])
    data = open_form(editor, url, "annualtarget_form")

    answer = editor.post(url, data | {"value": "13亿"})
    editor.post(url, data | {"value": "130"})

    target.refresh_from_db()
    assert (data["value"], list(answer.context["adminform"].form.errors), target.value) == ("120项", ["value"], 130)


def test_plan_of_a_project_is_entered_once_for_a_year(editor):
    plan = AnnualPlanFactory(value=12_000)
    data = open_form(editor, reverse(PLANS), "annualplan_form")
    new = data | {"project": plan.project_id, "year": "2025", "indicator": "funding", "value": "1.5亿"}

    again = editor.post(reverse(PLANS), new)
    editor.post(reverse(PLANS), new | {"year": "2026"})

    assert list(again.context["adminform"].form.errors) == ["indicator"]
    assert list(AnnualPlan.objects.order_by("year").values_list("year", "value")) == [(2025, 12_000), (2026, 15_000)]


def test_plan_is_changed_with_a_reason_of_its_own(editor):
    plan = AnnualPlanFactory(value=12_000, reason="年初下达")
    url = reverse("admin:monthly_annualplan_change", args=[plan.pk])
    data = open_form(editor, url, "annualplan_form")

    refused = [editor.post(url, data | {"value": "1亿", "reason": said}) for said in ("", "年初下达")]
    saved = editor.post(url, data | {"value": "1亿", "reason": "区政府调任务"})

    plan.refresh_from_db()
    assert [list(one.context["adminform"].form.errors) for one in refused] == [["reason"], ["reason"]]
    assert (saved.status_code, plan.value, plan.reason) == (302, 10_000, "区政府调任务")


def test_task_force_plans_its_own_projects_only(db):
    chain, foreign = IndustryChainFactory(), ProjectFactory(name="他人项目")
    client = Client()
    client.force_login(UserFactory(roles=["task_force"], chains=[chain]))
    own = ProjectFactory(chain=chain)
    data = open_form(client, reverse(PLANS), "annualplan_form") | {
        "year": "2025",
        "value": "1亿",
        "indicator": "funding",
    }

    refused = client.post(reverse(PLANS), data | {"project": foreign.pk})
    client.post(reverse(PLANS), data | {"project": own.pk})

    assert ("他人项目" in refused.content.decode(), AnnualPlan.objects.get().project) == (False, own)
