"""What the database itself refuses, whoever writes: one row for each constraint that breaks it, past every form."""

from datetime import date
from decimal import Decimal

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, models, transaction

from projects.models import Project
from tests import monthly_constraints
from tests.factories import (
    CreditShareFactory,
    EnterpriseFactFactory,
    EnterpriseFactory,
    FormerCodeFactory,
    IndustryChainFactory,
    MeasureFactory,
    MechanismFactory,
    MilestoneFactory,
    NotTheSameFactory,
    OpportunityFactory,
    PlaceDutyFactory,
    PlaceFactory,
    ProjectFactory,
    ProjectPartyFactory,
    QualificationFactory,
    ReportedIndicatorFactory,
    SigningEventFactory,
    SourceFactory,
    StageChangeFactory,
    TaskForceFactory,
    UnitFactory,
)

APPS = ("sources", "enterprises", "projects", "monthly")
WHOLES = ("project", "enterprise", "unit", "person", "project_a", "project_b")


def twice(factory, **fields):
    """Two rows that are the same where they must differ; what they belong to is made once."""

    def write():
        first = factory(**fields)
        factory(**{name: getattr(first, name) for name in WHOLES if hasattr(first, name)} | fields)

    return write


def its_own_phase():
    project = ProjectFactory()
    Project.objects.filter(pk=project.pk).update(parent=project.pk)


HERE = {"latitude": Decimal("37.9"), "longitude": Decimal("102.6"), "reference_system": "wgs84"}
REFUSED = {
    "source_date_has_precision": [
        lambda: SourceFactory(dated=date(2025, 6, 1)),
        lambda: SourceFactory(dated_precision="day"),
    ],
    "place_code_is_nine_digits": [
        lambda: PlaceFactory(code="62060200"),
        lambda: PlaceFactory(code="\uff16" * 9),  # full-width digits
    ],
    "place_coordinates_whole": [
        lambda: PlaceFactory(**HERE | {"latitude": None}),
        lambda: PlaceFactory(**HERE | {"longitude": None}),
        lambda: PlaceFactory(**HERE | {"reference_system": ""}),
        lambda: PlaceFactory(**HERE | {"latitude": Decimal("90.1")}),
        lambda: PlaceFactory(**HERE | {"longitude": Decimal("-180.1")}),
        lambda: PlaceFactory(reference_system="wgs84"),
    ],
    "enterprise_credit_code_form": [
        lambda: EnterpriseFactory(credit_code="91620602"),
        lambda: EnterpriseFactory(credit_code="91110000600037341l"),
    ],
    "enterprise_fact_once": [twice(EnterpriseFactFactory, name="产值")],
    "enterprise_fact_says_something": [lambda: EnterpriseFactFactory(value=None, text="")],
    "qualification_ends_after_grant": [lambda: QualificationFactory(valid_to=date(2024, 10, 31))],
    "qualification_once": [twice(QualificationFactory)],
    "project_stage_known": [lambda: ProjectFactory(stage="sold"), lambda: ProjectFactory(stage="")],
    "project_status_reason": [
        lambda: ProjectFactory(status="paused"),
        lambda: ProjectFactory(status="terminated"),
        lambda: ProjectFactory(status="lost", status_reason="无"),
    ],
    "stage_override_has_a_reason": [lambda: StageChangeFactory(overridden="place")],
    "project_investment_not_negative": [lambda: ProjectFactory(total_investment=Decimal("-0.0001"))],
    "project_investment_undisclosed_or_given": [
        lambda: ProjectFactory(total_investment=0, investment_undisclosed=True),
    ],
    "project_contract_amount_positive": [lambda: ProjectFactory(contract_amount=0)],
    "project_land_positive": [lambda: ProjectFactory(land_area=0), lambda: ProjectFactory(land_area=-1)],
    "project_official_code_form": [
        lambda: ProjectFactory(official_code="2501-620602-04-01-12345"),
        lambda: ProjectFactory(official_code="2501-620602-04-01-12345\uff16"),
    ],
    "project_not_its_own_phase": [its_own_phase],
    "credit_share_once": [twice(CreditShareFactory)],
    "credit_share_percent": [
        lambda: CreditShareFactory(percent=0),
        lambda: CreditShareFactory(percent=Decimal("100.01")),
    ],
    "not_the_same_once": [twice(NotTheSameFactory)],
    "not_the_same_in_order": [
        lambda: NotTheSameFactory(project_b=ProjectFactory(), project_a=ProjectFactory()),
    ],
    "party_once": [twice(ProjectPartyFactory)],
    "measure_once": [twice(MeasureFactory, name="功率")],
    "measure_says_something": [lambda: MeasureFactory(value=None, text="")],
    "milestone_once": [twice(MilestoneFactory)],
    "milestone_has_a_date": [lambda: MilestoneFactory(actual=None, actual_precision="")],
    "milestone_dates_have_precision": [
        lambda: MilestoneFactory(planned=date(2025, 5, 1)),
        lambda: MilestoneFactory(planned_precision="day"),
    ],
    "milestone_actual_has_precision": [
        lambda: MilestoneFactory(actual_precision=""),
        lambda: MilestoneFactory(planned=date(2025, 5, 1), planned_precision="day", actual=None),
    ],
    "indicator_period_in_order": [lambda: ReportedIndicatorFactory(period_end=date(2024, 12, 1))],
    "indicator_once": [twice(ReportedIndicatorFactory, name="到位资金")],
    **monthly_constraints.REFUSED,
    **{name: [twice(factory)] for name, factory in monthly_constraints.TWICE.items()},
}
UNIQUE = {
    "sources.Source.slug": lambda value: SourceFactory(slug=value),
    "enterprises.Place.slug": lambda value: PlaceFactory(slug=value),
    "enterprises.Place.name": lambda value: PlaceFactory(name=value),
    "enterprises.Place.code": lambda value: PlaceFactory(code=value),
    "enterprises.Enterprise.code": lambda value: EnterpriseFactory(code=value),
    "enterprises.Enterprise.name": lambda value: EnterpriseFactory(name=value),
    "enterprises.Enterprise.credit_code": lambda value: EnterpriseFactory(credit_code=value),
    "projects.IndustryChain.slug": lambda value: IndustryChainFactory(slug=value),
    "projects.IndustryChain.name": lambda value: IndustryChainFactory(name=value),
    "projects.ReportedIndicator.slug": lambda value: ReportedIndicatorFactory(slug=value),
    "projects.Mechanism.slug": lambda value: MechanismFactory(slug=value),
    "projects.Mechanism.name": lambda value: MechanismFactory(name=value),
    "projects.Opportunity.slug": lambda value: OpportunityFactory(slug=value),
    "projects.Opportunity.name": lambda value: OpportunityFactory(name=value),
    "enterprises.PlaceDuty.person": lambda value: PlaceDutyFactory(
        person=User.objects.get_or_create(username=value)[0]
    ),
    "projects.TaskForce.name": lambda value: TaskForceFactory(name=value),
    "projects.FormerCode.code": lambda value: FormerCodeFactory(code=value),
    "projects.Unit.name": lambda value: UnitFactory(name=value),
    "projects.SigningEvent.name": lambda value: SigningEventFactory(name=value),
    **monthly_constraints.UNIQUE,
    "projects.Project.code": lambda value: ProjectFactory(code=value),
    "projects.Project.official_code": lambda value: ProjectFactory(official_code=value),
}
WELL_FORMED = {
    **monthly_constraints.WELL_FORMED,
    "enterprises.Place.code": "620602001",
    "enterprises.Enterprise.credit_code": "91110000600037341L",
    "projects.Project.official_code": "2501-620602-04-01-123456",
}


def our_models():
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label in APPS and not hasattr(model, "instance_type")  # what simple_history makes
    ]


def constraint(name):
    return next(c for model in our_models() for c in model._meta.constraints if c.name == name)


def names_it(error, name):
    """Whether the database's message names the constraint, or for SQLite the columns that must be unique together."""
    broken = constraint(name)
    if connection.vendor == "sqlite" and isinstance(broken, models.UniqueConstraint):
        return all(field in str(error) for field in broken.fields)
    return name in str(error)


def test_every_constraint_is_broken_here_once():
    assert set(REFUSED) == {c.name for model in our_models() for c in model._meta.constraints}


def test_every_unique_field_is_broken_here_once():
    assert set(UNIQUE) == {
        f"{model._meta.label}.{field.name}"
        for model in our_models()
        for field in model._meta.local_concrete_fields
        if field.unique and not field.primary_key
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "write"),
    [pytest.param(name, write, id=f"{name}-{n}") for name, writes in REFUSED.items() for n, write in enumerate(writes)],
)
def test_database_refuses(name, write):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        write()

    assert names_it(refused.value, name)


@pytest.mark.django_db
@pytest.mark.parametrize("field", UNIQUE)
def test_database_refuses_the_second(field):
    value = WELL_FORMED.get(field, "same")
    UNIQUE[field](value)

    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        UNIQUE[field](value)

    assert field.rpartition(".")[2] in str(refused.value)
