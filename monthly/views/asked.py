"""Which published version an address asks for, and the address of one."""

from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse

from liangzhou.months import Month
from monthly.models import MonthVersion
from monthly.published import Shelf


def version_asked(request, shelf: Shelf) -> MonthVersion:
    """The public version of ?month= and ?version=, else the newest. Raises Http404 for what is not public."""
    version = shelf.find(request.GET.get("month", "").strip(), request.GET.get("version", "").strip())
    if version is None:
        raise Http404
    return version


def address_of(version: MonthVersion, *, numbered: bool = True) -> str:
    """The page of a month, or of one version of it."""
    asked = {"month": Month.of(version.month)} | ({"version": version.number} if numbered else {})
    return f"{reverse('monthly:funds')}?{urlencode(asked)}"
