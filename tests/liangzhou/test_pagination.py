"""Pages of a list whose exact length is not worth its price."""

import pytest

from enterprises.models import Place
from liangzhou.pagination import LIMIT, CappedPaginator
from tests.factories import PlaceFactory


class OfThree(CappedPaginator):
    limit = 3


def test_limit_is_ten_thousand():
    assert (LIMIT, CappedPaginator.limit) == (10_000, 10_000)


@pytest.mark.parametrize(("length", "count", "capped"), [(0, 0, False), (3, 3, False), (4, 4, True), (50, 4, True)])
def test_count_stops_one_beyond_the_limit(length, count, capped):
    paginator = OfThree(range(length), per_page=2)
    assert (paginator.count, paginator.capped) == (count, capped)


@pytest.mark.django_db
def test_count_of_rows_is_one_query_that_stops(django_assert_num_queries):
    for _ in range(5):
        PlaceFactory()
    with django_assert_num_queries(1) as queries:
        paginator = OfThree(Place.objects.select_related("updated_by"), per_page=2)
        assert (paginator.count, paginator.num_pages) == (4, 2)
    assert "LIMIT 4" in queries[0]["sql"]
