"""Lists of the admin that no hostile query string or key breaks, and lists that are only read."""

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.db import DataError

LONGEST_KEY = 18  # digits: what every key of a database holds


def is_key(text: str) -> bool:
    """Whether a text could be the key of a row."""
    return text.isascii() and text.isdecimal() and len(text) <= LONGEST_KEY


class GuardedList:
    """A list that answers in words what no link or form of its own would ask."""

    def changelist_view(self, request, extra_context=None):
        """Keys that no row can have are left out of what an action is asked to do."""
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        possible = [key for key in chosen if is_key(key)]
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


class ReadList(GuardedList):
    """A list of what only the system writes: nobody adds, changes or deletes a row by hand."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
