"""Candidates for the same project among those that are there, and among sketches."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from projects import duplicates
from projects.duplicates import Sketch, candidates, compare, within
from projects.models import NotTheSame
from tests.factories import EnterpriseFactory, NotTheSameFactory, PlaceFactory, ProjectFactory, UserFactory

CODE = "2501-620602-04-01-123456"
OTHER_CODE = "2501-620602-04-01-654321"
NEARLY = "Their names are nearly the same."
HERE = {"company": 1, "place": 1}


def verdict(a, b, **options):
    """certain, likely or None."""
    found = compare(Sketch("a", **a), Sketch("b", **b), **options)
    return found and ("certain" if found.certain else "likely")


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ({"name": "甲", "official_code": CODE}, {"name": "乙", "official_code": CODE}, "certain"),
        ({"name": "光伏一期", "official_code": CODE}, {"name": "光伏二期", "official_code": CODE}, "certain"),
        ({"name": "储能电站", "official_code": CODE}, {"name": "储能电站", "official_code": OTHER_CODE}, None),
        ({"name": "储能电站"}, {"name": "凉州区储能电站项目"}, "certain"),
        ({"name": "储能电站", "company": 1}, {"name": "储能电站"}, "certain"),
        ({"name": "储能电站", "company": 1}, {"name": "储能电站", "company": 2}, "likely"),
        ({"name": "储能电站", "place": 1}, {"name": "储能电站", "place": 2}, "likely"),
        ({"name": "九墩滩光伏一期"}, {"name": "九墩滩光伏二期"}, None),
        ({"name": "光伏一期", **HERE}, {"name": "光伏二期", **HERE}, None),
        ({"name": "九墩滩光伏一期"}, {"name": "九墩滩光伏Ⅰ期"}, "certain"),
        ({"name": "九墩滩光伏一期"}, {"name": "九墩滩光伏"}, "likely"),
        ({"name": "年产8600吨系列乳制品精深加工"}, {"name": "年产8600吨乳制品精深加工项目"}, "likely"),
        ({"name": "雅洁食品加工", "company": 1}, {"name": "雅洁食品", "company": 2}, None),
        ({"name": "300MW独立储能电站"}, {"name": "200MW独立储能电站"}, None),
        ({"name": "乳制品加工", **HERE}, {"name": "年产8600吨乳制品", **HERE}, "likely"),
        ({"name": "乳制品加工", **HERE}, {"name": "独立储能电站", **HERE}, None),
        ({"name": "乳制品加工", **HERE}, {"name": "年产8600吨乳制品", "company": 1, "place": 2}, None),
        ({"name": "储能电站", "pk": 7}, {"name": "储能电站二期", "parent": 7}, None),
    ],
)
def test_two_sketches_are_compared(a, b, expected):
    assert verdict(a, b) == expected
    assert verdict(b, a) == expected


def test_one_company_in_one_place_is_enough_where_asked_widely():
    a = {"name": "乳制品加工", **HERE}

    assert verdict(a, {"name": "独立储能电站", **HERE}, wide=True) == "likely"
    assert verdict(a, {"name": "独立储能电站", "company": 1, "place": None}, wide=True) is None


@pytest.mark.django_db
@translation.override("en")
def test_candidates_come_likeliest_first_with_the_reasons():
    company, place = EnterpriseFactory(), PlaceFactory()
    near = ProjectFactory(name="年产8600吨系列乳制品精深加工项目", enterprise=company, place=place)
    coded = ProjectFactory(name="奶粉厂", official_code=CODE)
    ProjectFactory(name="年产500吨系列乳制品精深加工项目", enterprise=company, place=place)

    found = candidates([Sketch(3, "年产8600吨乳制品精深加工", CODE, company.pk, place.pk), Sketch(4, "雅洁食品")])

    assert {key: [(c.project, c.code, c.name, c.certain, c.why) for c in likes] for key, likes in found.items()} == {
        3: [
            (coded.pk, coded.code, "奶粉厂", True, ["They have the same official project code."]),
            (near.pk, near.code, near.name, False, [NEARLY, "They have the same company and the same place."]),
        ]
    }


@pytest.mark.django_db
def test_a_project_is_no_candidate_of_itself_nor_of_one_it_was_told_apart_from():
    one, other = ProjectFactory(name="冷链物流园"), ProjectFactory(name="冷链物流园项目")
    NotTheSameFactory(project_a=one, project_b=other)

    assert candidates([Sketch("x", one.name, pk=one.pk)]) == {}
    assert [c.project for c in candidates([Sketch("x", one.name)])["x"]] == [one.pk, other.pk]


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_candidates_take_the_same_queries_for_any_number_of_sketches(count):
    company, place = EnterpriseFactory(), PlaceFactory()
    for number in range(count):
        ProjectFactory(name=f"{number}号冷库", enterprise=company, place=place)
    sketches = [Sketch(n, f"{n}号冷库", CODE, company.pk, place.pk, pk=n + 1) for n in range(count)]

    with CaptureQueriesContext(connection) as queries:
        candidates(sketches)

    assert len(queries) == 5


@pytest.mark.django_db
def test_a_name_is_found_among_thousands_that_end_alike(monkeypatch):
    monkeypatch.setattr(duplicates, "COMPARED", 3)
    wanted = ProjectFactory(name="黄羊镇5MW光伏发电")
    for number in range(10, 20):
        ProjectFactory(name=f"黄羊镇{number}MW光伏发电")

    assert [c.project for c in candidates([Sketch("x", "黄羊镇5MW屋顶光伏发电")])["x"]] == [wanted.pk]


@translation.override("en")
def test_within_points_each_sketch_at_those_before_it():
    sketches = [
        Sketch(1, "冷链物流园一期"),
        Sketch(2, "冷链物流园二期"),
        Sketch(3, "凉州区冷链物流园(一期)"),
        Sketch(4, "雅洁食品"),
        Sketch(5, "雅洁食品加工"),
    ]

    assert within(sketches) == {3: [(1, ["Their names are the same."])], 5: [(4, [NEARLY])]}


@pytest.mark.django_db
def test_existing_pairs_come_likeliest_first_and_without_those_told_apart():
    first, same = ProjectFactory(name="冷链物流园"), ProjectFactory(name="冷链物流园项目", place=None, enterprise=None)
    near = ProjectFactory(name="黄羊冷链物流园", place=None, enterprise=None)
    duplicates.tell_apart(near.pk, same.pk, by=UserFactory())

    found, capped = duplicates.existing_pairs()

    assert [(one, other, verdict.certain) for one, other, verdict in found] == [
        (first.pk, same.pk, True),
        (first.pk, near.pk, False),
    ]
    assert capped is False
    assert duplicates.existing_pairs(limit=2)[1] is True


@pytest.mark.django_db
def test_a_pair_is_told_apart_once_and_by_somebody():
    one, other, clerk = ProjectFactory(), ProjectFactory(), UserFactory()

    duplicates.tell_apart(other.pk, one.pk, by=clerk)
    duplicates.tell_apart(one.pk, other.pk, by=clerk)

    kept = NotTheSame.objects.get()
    assert (kept.project_a, kept.project_b, kept.created_by) == (one, other, clerk)
    assert (kept.updated_by, kept.history.count()) == (clerk, 1)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer")
@pytest.mark.django_db(transaction=True)
def test_two_clerks_tell_the_same_pair_apart_at_once():
    one, other, together = ProjectFactory(), ProjectFactory(), Barrier(2)

    def tell():
        try:
            together.wait()
            duplicates.tell_apart(one.pk, other.pk, by=None)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(tell), pool.submit(tell)]:
            done.result()

    assert NotTheSame.objects.count() == 1
