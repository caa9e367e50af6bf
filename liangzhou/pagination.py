"""Pages of a list whose exact length is not worth its price."""

from django.core.paginator import Paginator
from django.utils.functional import cached_property

LIMIT = 10_000


class CappedPaginator(Paginator):
    """Counts up to 10,000 and then says "over 10,000": at a million rows a full count costs more than the page."""

    limit = LIMIT

    @cached_property
    def count(self) -> int:
        """How many rows there are, at most one more than the limit."""
        rows = self.object_list
        if hasattr(rows, "order_by"):
            return rows.order_by()[: self.limit + 1].count()
        return min(len(rows), self.limit + 1)

    @property
    def capped(self) -> bool:
        """Whether there are more rows than were counted."""
        return self.count > self.limit
