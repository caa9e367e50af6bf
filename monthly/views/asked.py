"""Which published version an address asks for."""

from django.http import Http404

from monthly.models import MonthVersion
from monthly.published import Shelf


def version_asked(request, shelf: Shelf) -> MonthVersion:
    """The public version of ?month= and ?version=, else the newest. Raises Http404 for what is not public."""
    version = shelf.find(request.GET.get("month", "").strip(), request.GET.get("version", "").strip())
    if version is None:
        raise Http404
    return version
