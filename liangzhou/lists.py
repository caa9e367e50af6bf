"""Lists of the admin that no hostile query string or key breaks."""

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.db import DataError


class GuardedList:
    """A list that answers in words what no link or form of its own would ask."""

    def changelist_view(self, request, extra_context=None):
        """Keys that no row can have are left out of what an action is asked to do."""
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        possible = [key for key in chosen if key.isascii() and key.isdecimal() and len(key) < 19]
        if possible != chosen:
            request.POST = request.POST.copy()
            request.POST.setlist(ACTION_CHECKBOX_NAME, possible)
        return super().changelist_view(request, extra_context)

    def get_changelist_instance(self, request):
        """Hostile query strings (year 9999, NUL bytes) are told as wrong parameters rather than as an error."""
        try:
            return super().get_changelist_instance(request)
        except (ValueError, OverflowError, DataError) as error:
            raise IncorrectLookupParameters(error) from error
