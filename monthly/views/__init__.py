"""Public pages of funds, month by month: published versions only, never live records."""

from .behind import BehindNumber
from .definitions import Definitions
from .export import TableExport
from .funds import Funds

__all__ = ["BehindNumber", "Definitions", "Funds", "TableExport"]
