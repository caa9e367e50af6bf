"""What is entered month by month, in the admin; the menu has the order in which they are imported here."""

from projects.admin import ProjectAdmin

from . import project_panel

# isort: off
from .month_admin import ReportingMonthAdmin
from .amount_admin import FundingAdmin, InvestmentAdmin
from .progress_admin import ProgressAdmin
from .target_admin import PlanAdmin, TargetAdmin
from .definition_admin import RateAdmin, ThresholdsAdmin
from .exemption_admin import ExemptionAdmin

# isort: on

__all__ = [
    "ExemptionAdmin",
    "FundingAdmin",
    "InvestmentAdmin",
    "PlanAdmin",
    "ProgressAdmin",
    "RateAdmin",
    "ReportingMonthAdmin",
    "TargetAdmin",
    "ThresholdsAdmin",
]

ProjectAdmin.panels.append(project_panel.of_project)
