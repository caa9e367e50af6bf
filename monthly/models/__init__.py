"""Funds, investment and progress by month; targets; months and their locked versions; what figures mean."""

from .amounts import FundingRecord, InvestmentRecord, Origin
from .definition import LightThresholds, Rate, RateDefinition
from .exemption import Exemption, Rule
from .month import MonthVersion, ReportingMonth
from .progress import ProgressPhoto, ProgressReport
from .reminder import Reminder
from .snapshot import SnapshotFunding, SnapshotInvestment, SnapshotProject, SnapshotShare, SnapshotTarget
from .target import AnnualPlan, AnnualTarget, Indicator

__all__ = [
    "AnnualPlan",
    "AnnualTarget",
    "Exemption",
    "FundingRecord",
    "Indicator",
    "InvestmentRecord",
    "LightThresholds",
    "MonthVersion",
    "Origin",
    "ProgressPhoto",
    "ProgressReport",
    "Rate",
    "RateDefinition",
    "Reminder",
    "ReportingMonth",
    "Rule",
    "SnapshotFunding",
    "SnapshotInvestment",
    "SnapshotProject",
    "SnapshotShare",
    "SnapshotTarget",
]
