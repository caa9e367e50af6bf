from decimal import Decimal

import pytest

from enterprises.models import Place
from tests.factories import PlaceFactory
from tests.full_width import full_width
from tests.problems import problems

pytestmark = pytest.mark.django_db

NINE_DIGITS = {"__all__": ["The division code has nine digits."]}
NOT_WHOLE = {"__all__": ["Latitude, longitude and their reference system belong together."]}
HERE = {"latitude": Decimal("37.928"), "longitude": Decimal("102.642"), "reference_system": "cgcs2000"}


def test_place_is_named_and_has_a_page():
    place = PlaceFactory(name="黄羊镇")

    assert (str(place), place.get_absolute_url()) == ("黄羊镇", "/places/huang-yang-zhen/")
    assert Place.objects.get_by_natural_key(*place.natural_key()) == place


def test_empty_codes_do_not_collide():
    assert [PlaceFactory(code="").code for _ in range(2)] == [None, None]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (None, {}),
        ("620602001", {}),
        ("62060200", NINE_DIGITS),
        ("62060200A", NINE_DIGITS),
        (full_width("620602001"), NINE_DIGITS),
        ("\u0661" * 9, NINE_DIGITS),
    ],
)
def test_code_has_nine_digits(code, said):
    assert problems(PlaceFactory.build(code=code)) == said


@pytest.mark.parametrize(
    ("coordinates", "said"),
    [
        ({}, {}),
        (HERE, {}),
        (HERE | {"latitude": Decimal(-90), "longitude": Decimal(180)}, {}),
        (HERE | {"latitude": None}, NOT_WHOLE),
        (HERE | {"longitude": None}, NOT_WHOLE),
        (HERE | {"reference_system": ""}, NOT_WHOLE),
        ({"reference_system": "wgs84"}, NOT_WHOLE),
        (HERE | {"latitude": Decimal("102.642")}, NOT_WHOLE),
        (HERE | {"longitude": Decimal("180.000001")}, NOT_WHOLE),
    ],
)
def test_coordinates_are_whole_and_on_the_globe(coordinates, said):
    assert problems(PlaceFactory.build(**coordinates)) == said


def test_places_stand_by_kind_and_code():
    for kind, code, name in (("town", "620602102", "乙"), ("town", "620602101", "丙"), ("park", None, "甲")):
        PlaceFactory(kind=kind, code=code, name=name)

    assert list(Place.objects.values_list("name", flat=True)) == ["甲", "丙", "乙"]
