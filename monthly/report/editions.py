"""Which report is meant: of which version of a month, or a draft; and in which formats it is written."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from django.utils.translation import gettext as _

from liangzhou.months import Month
from monthly.books import FrozenBooks
from monthly.models import MonthVersion

from . import as_docx, as_pdf, as_xlsx
from .structure import Report


@dataclass(frozen=True)
class Format:
    """One kind of file."""

    name: str  # on buttons
    content_type: str
    write: Callable


_OFFICE = "application/vnd.openxmlformats-officedocument."
FORMATS = {
    "docx": Format("Word", f"{_OFFICE}wordprocessingml.document", as_docx.write),
    "xlsx": Format("Excel", f"{_OFFICE}spreadsheetml.sheet", as_xlsx.write),
    "pdf": Format("PDF", "application/pdf", as_pdf.write),
}


class NotLocked(Exception):
    """Why there is no report of a month, in a sentence."""


def versions_of(month: Month) -> list[MonthVersion]:
    """The versions of a month, the newest first."""
    return list(MonthVersion.objects.filter(month=month.first).select_related("reporting_month").order_by("-number"))


def books_of(month: Month, number: int | None = None) -> FrozenBooks:
    """The books of a version, of the newest one where none is named. Raises NotLocked with a sentence."""
    versions = versions_of(month)
    if not versions:
        raise NotLocked(_("%(month)s is not locked: lock it first, then print its report.") % {"month": month.label})
    if number is None and not versions[0].reporting_month.is_locked:
        words = {"month": month.label, "number": versions[0].number}
        raise NotLocked(
            _("%(month)s was opened again after version %(number)s: lock it again, or name the version.") % words
        )
    found = next((one for one in versions if number in (None, one.number)), None)
    if found is None:
        words = {"month": month.label, "number": number, "there": "、".join(str(one.number) for one in versions[::-1])}
        raise NotLocked(_("%(month)s has no version %(number)s. There are: %(there)s.") % words)
    return FrozenBooks(found)


def in_bytes(report: Report, name: str) -> bytes:
    """The report as a file of one of FORMATS. Raises as_pdf.CannotPrint."""
    out = BytesIO()
    FORMATS[name].write(report, out)
    return out.getvalue()
