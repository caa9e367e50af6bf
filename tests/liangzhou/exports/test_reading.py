from contextlib import closing

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection

from liangzhou.exports import rows

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def other_connection():
    """A second visitor's connection to the same database."""
    other = connection.copy()
    yield other
    other.close()


def clerks(*names):
    for name in names:
        User.objects.create(username=name)
    return User.objects.order_by("username").values_list("username", "is_staff")


def open_cursors():
    """Server-side cursors of this connection that stand open, and whether each is WITH HOLD."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT is_holdable FROM pg_cursors WHERE name LIKE '_django_curs_%%'")
        return [holdable for (holdable,) in cursor.fetchall()]


def test_rows_gives_every_tuple():
    assert list(rows(clerks("a", "b", "c"), chunk_size=2)) == [("a", False), ("b", False), ("c", False)]
    assert not connection.in_atomic_block


def test_rows_asks_nothing_before_the_first_row(django_assert_num_queries):
    queryset = clerks("a")

    with django_assert_num_queries(0):
        rows(queryset)


def test_rows_stands_in_a_transaction_only_on_postgresql():
    with closing(rows(clerks("a", "b"), chunk_size=1)) as found:
        next(found)

        assert connection.in_atomic_block == (connection.vendor == "postgresql")
        assert open_cursors() == ([False] if connection.vendor == "postgresql" else [])


def test_rows_lets_go_of_the_database_when_closed_early():
    found = rows(clerks("a", "b", "c"), chunk_size=1)
    next(found)
    found.close()

    assert not connection.in_atomic_block
    assert open_cursors() == []


def test_rows_lets_go_of_the_database_when_reading_fails(broken_at_z):
    queryset = clerks("a", "b", "z").annotate(broken=broken_at_z).values_list("username", "broken")
    found = rows(queryset, chunk_size=1)

    assert next(found) == ("a", "1")
    with pytest.raises(DatabaseError):
        list(found)

    assert not connection.in_atomic_block
    assert User.objects.count() == 3


def test_rows_holds_up_no_writer_and_shows_one_moment(other_connection):
    with closing(rows(clerks("a", "b", "c"), chunk_size=1)) as found:
        first = next(found)
        with other_connection.cursor() as cursor:
            cursor.execute("UPDATE auth_user SET username = 'd' WHERE username = 'c'")

        assert [first, *found] == [("a", False), ("b", False), ("c", False)]
    assert User.objects.filter(username="d").exists()
