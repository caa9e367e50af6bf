"""Reading the rows of an export from the database, a piece at a time."""

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, nullcontext

from django.db import connections, transaction
from django.db.models import QuerySet

ROWS_AT_A_TIME = 2000


def rows(queryset: QuerySet, *, chunk_size: int = ROWS_AT_A_TIME) -> Iterator:
    """What a queryset finds, records or the tuples of `values_list`, in constant memory; all as of one moment.

    Close the iterator to let go of the database at once. Nothing is asked before the first row is.
    """
    # PostgreSQL: outside a transaction the server would compute every row before it sends the
    # first (a cursor WITH HOLD). SQLite needs none, and would hold up every writer in one,
    # since our transactions take its write lock (transaction_mode IMMEDIATE).
    in_transaction = connections[queryset.db].vendor == "postgresql"
    block = transaction.atomic(using=queryset.db) if in_transaction else nullcontext()
    with block, closing(queryset.iterator(chunk_size=chunk_size)) as found:
        yield from found


@contextmanager
def closed_after(source: Iterable[tuple]) -> Iterator[None]:
    """Close the rows' iterator, and so their cursor and transaction, whatever happens."""
    try:
        yield
    finally:
        if hasattr(source, "close"):
            source.close()
