"""What is entered month by month, in the admin."""

from .month_admin import ReportingMonthAdmin

__all__ = ["ReportingMonthAdmin"]
