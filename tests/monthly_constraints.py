"""What the database refuses of what is entered month by month: see test_constraints.py, which tries each."""

from datetime import date
from decimal import Decimal

from tests.factories import (
    AnnualPlanFactory,
    AnnualTargetFactory,
    AssignmentFactory,
    ExemptionFactory,
    FundingRecordFactory,
    IndustryChainFactory,
    InvestmentRecordFactory,
    LightThresholdsFactory,
    MonthVersionFactory,
    PlaceFactory,
    ProgressReportFactory,
    RateDefinitionFactory,
    ReminderFactory,
    ReportingMonthFactory,
    SnapshotFundingFactory,
    SnapshotInvestmentFactory,
    SnapshotProjectFactory,
    SnapshotShareFactory,
    UnitFactory,
)

SECOND = date(2025, 5, 2)  # no first day of a month
OVER = {"since": date(2025, 5, 1), "until": date(2025, 4, 30)}


def twice_the_same(factory, **fields):
    """Two rows of the same fields; what they refer to is made when it is tried."""

    def write():
        given = {name: make() if callable(make) else make for name, make in fields.items()}
        for _row in range(2):
            factory(**given)

    return write


def of_both(first, second):
    return lambda: AnnualTargetFactory(**{first[0]: first[1](), second[0]: second[1]()})


def amounts(factory, prefix, **more):
    """What holds for each of the two series."""
    return {
        f"{prefix}_month": [lambda: factory(month=SECOND)],
        f"{prefix}_kind": [lambda: factory(kind="guess")],
        f"{prefix}_reason": [lambda: factory(amount=Decimal("-0.01")), lambda: factory(kind="correction")],
        **more,
    }


CHAIN, PLACE, UNIT = ("chain", IndustryChainFactory), ("place", PlaceFactory), ("unit", UnitFactory)
REFUSED = {
    "assignment_in_order": [lambda: AssignmentFactory(**OVER)],
    "reporting_month_first_day": [lambda: ReportingMonthFactory(month=SECOND)],
    "reporting_month_state": [lambda: ReportingMonthFactory(state="lost")],
    "month_version_once": [twice_the_same(MonthVersionFactory, reporting_month=ReportingMonthFactory)],
    "month_version_later_has_a_reason": [lambda: MonthVersionFactory(number=2)],
    **amounts(FundingRecordFactory, "funding", funding_origin=[lambda: FundingRecordFactory(origin="moon")]),
    **amounts(InvestmentRecordFactory, "investment"),
    "rate_definition_month": [lambda: RateDefinitionFactory(valid_from=SECOND)],
    "rate_definition_once": [twice_the_same(RateDefinitionFactory)],
    "rate_definition_rate": [lambda: RateDefinitionFactory(rate="luck")],
    "light_thresholds_month": [lambda: LightThresholdsFactory(valid_from=SECOND)],
    "light_thresholds_in_order": [
        lambda: LightThresholdsFactory(money_red_points=Decimal("9.99")),
        lambda: LightThresholdsFactory(registration_red_months=0),
        lambda: LightThresholdsFactory(update_red_days=29),
    ],
    "exemption_in_order": [lambda: ExemptionFactory(**OVER)],
    "exemption_rule": [lambda: ExemptionFactory(rule="luck")],
    "progress_month": [lambda: ProgressReportFactory(month=SECOND)],
    "target_of_district_once": [twice_the_same(AnnualTargetFactory)],
    "target_of_chain_once": [twice_the_same(AnnualTargetFactory, chain=IndustryChainFactory)],
    "target_of_place_once": [twice_the_same(AnnualTargetFactory, place=PlaceFactory)],
    "target_of_unit_once": [twice_the_same(AnnualTargetFactory, unit=UnitFactory)],
    "target_of_one": [of_both(CHAIN, PLACE), of_both(CHAIN, UNIT), of_both(PLACE, UNIT)],
    "target_not_negative": [lambda: AnnualTargetFactory(value=Decimal("-0.0001"))],
    "target_indicator": [lambda: AnnualTargetFactory(indicator="luck")],
    "plan_not_negative": [lambda: AnnualPlanFactory(value=Decimal("-0.0001"))],
    "plan_indicator": [lambda: AnnualPlanFactory(indicator="signed")],  # a project is one: its plan is an amount
    "snapshot_project_once": [twice_the_same(SnapshotProjectFactory, version=MonthVersionFactory, project_key=1)],
}
TWICE = {  # two parts of the same project, or of the same person
    "funding_entry_once": FundingRecordFactory,
    "investment_entry_once": InvestmentRecordFactory,
    "progress_once": ProgressReportFactory,
    "plan_once": AnnualPlanFactory,
    "reminder_once": ReminderFactory,
    "snapshot_funding_once": SnapshotFundingFactory,
    "snapshot_investment_once": SnapshotInvestmentFactory,
    "snapshot_share_once": SnapshotShareFactory,
}
UNIQUE = {
    "monthly.ReportingMonth.month": lambda value: ReportingMonthFactory(month=value),
    "monthly.LightThresholds.valid_from": lambda value: LightThresholdsFactory(valid_from=value),
}
WELL_FORMED = dict.fromkeys(UNIQUE, date(2025, 5, 1))
