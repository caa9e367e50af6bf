from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from threading import Barrier

import pytest
import time_machine
from django.db import IntegrityError, connections, models, transaction

from enterprises.models import Enterprise, EnterpriseFact, Place
from liangzhou.models import Measurement, QuantityField
from projects.models import IndustryChain, Measure, Project
from tests.factories import (
    EnterpriseFactory,
    IndustryChainFactory,
    MechanismFactory,
    PlaceFactory,
    ProjectFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

MAY, JUNE = datetime(2025, 5, 21, tzinfo=UTC), datetime(2025, 6, 1, tzinfo=UTC)


# Stamped


def test_stamp_notes_who_entered_and_who_changed_and_counts():
    wang, li = UserFactory(), UserFactory()
    place = PlaceFactory.build()

    place.stamp(wang)
    place.save()
    assert (place.created_by, place.updated_by, place.version) == (wang, wang, 1)

    place.stamp(li)
    place.save()
    place.refresh_from_db()
    assert (place.created_by, place.updated_by, place.version) == (wang, li, 2)


def test_stamped_rows_outlive_their_clerk():
    wang = UserFactory()
    place = PlaceFactory(created_by=wang, updated_by=wang)

    wang.delete()

    place.refresh_from_db()
    assert (place.created_by, place.updated_by) == (None, None)


def test_every_save_is_in_the_history_without_computed_fields():
    place = PlaceFactory(name="黄羊")
    place.name = "清源"
    place.save()
    key = place.pk
    place.delete()

    history = Place.history.filter(id=key).order_by("history_id")
    assert list(history.values_list("history_type", "name")) == [("+", "黄羊"), ("~", "清源"), ("-", "清源")]
    assert {field.name for field in Place.history.model._meta.fields} & {"search_text", "search_pinyin"} == set()


# Publishable


def test_publishing_stamps_the_moment_and_taking_back_clears_it():
    with time_machine.travel(MAY, tick=False):
        project = ProjectFactory(published=True)
    assert project.published_at == MAY

    with time_machine.travel(JUNE, tick=False):
        project.save()
        assert project.published_at == MAY
        project.published = False
        project.save()
        assert project.published_at is None
        project.published = True
        project.save(update_fields=["published"])

    project.refresh_from_db()
    assert (project.published, project.published_at) == (True, JUNE)


def test_taking_back_clears_the_moment_where_a_save_names_its_fields():
    project = ProjectFactory(published=True)
    project.published = False

    project.save(update_fields=["published"])

    project.refresh_from_db()
    assert (project.published, project.published_at) == (False, None)


def test_public_is_what_is_published():
    shown, _ = EnterpriseFactory(published=True), EnterpriseFactory(published=False)

    assert list(Enterprise.objects.public()) == [shown]
    assert [enterprise.is_public for enterprise in Enterprise.objects.order_by("pk")] == [True, False]


# Coded


def test_codes_are_given_in_a_row_with_a_prefix_of_their_own():
    assert [ProjectFactory().code for _ in range(2)] + [EnterpriseFactory(code="").code] == [
        "LZ000001", "LZ000002", "QY000003",
    ]  # fmt: skip


def test_code_of_a_deleted_row_is_never_given_again():
    ProjectFactory()
    ProjectFactory().delete()
    Project.objects.all().delete()

    assert ProjectFactory().code == "LZ000003"


def test_codes_of_another_form_do_not_count():
    ProjectFactory(code="LZ000041")
    for code in ("LZ00099", "XX000099", "LZ00009A", "lz000099", "LZ-000099"):
        ProjectFactory(code=code)

    assert ProjectFactory().code == "LZ000042"


def test_codes_grow_longer_when_six_digits_are_used_up():
    ProjectFactory(code="LZ999999")

    assert [ProjectFactory().code for _ in range(2)] == ["LZ1000000", "LZ1000001"]


def test_code_stays_when_a_row_is_saved_again():
    project = ProjectFactory()
    ProjectFactory()
    project.name = "乳制品"
    project.save()

    assert Project.objects.get(name="乳制品").code == "LZ000001"


def test_code_is_found_by_search():
    project = ProjectFactory()
    ProjectFactory()

    assert list(Project.objects.search("lz000001")) == [project]


def test_save_that_fails_for_another_reason_is_not_taken_for_a_taken_code():
    EnterpriseFactory(name="甲")
    second = EnterpriseFactory.build(name="甲")

    with pytest.raises(IntegrityError), transaction.atomic():
        second.save()

    assert (second.code, second.pk) == ("", None)


@pytest.mark.django_db(transaction=True)
def test_clerks_who_save_at_once_get_different_codes():
    both = Barrier(3)

    def enter(clerk):
        both.wait()
        try:
            return [Project.objects.create(name=f"项目{clerk}-{number}").code for number in range(3)]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as clerks:
        given = [code for codes in clerks.map(enter, range(3)) for code in codes]

    assert sorted(given) == [f"LZ00000{number}" for number in range(1, 10)]


# Slugged


def test_address_is_the_pinyin_of_the_name():
    assert PlaceFactory(name="黄羊工业园区").slug == "huang-yang-gong-ye-yuan-qu"


def test_address_that_is_taken_is_numbered():
    PlaceFactory(name="外省", slug="huang-yang-zhen-3")
    names = ("黄羊镇", "黄羊、镇", "黄羊 镇", "黄-羊-镇")

    assert [PlaceFactory(name=name).slug for name in names] == [
        "huang-yang-zhen", "huang-yang-zhen-2", "huang-yang-zhen-4", "huang-yang-zhen-5",
    ]  # fmt: skip


def test_address_that_only_begins_alike_is_free():
    PlaceFactory(name="黄羊镇区")

    assert PlaceFactory(name="黄羊镇").slug == "huang-yang-zhen"


def test_address_that_was_typed_stays():
    place = PlaceFactory(name="黄羊镇", slug="park")
    place.name = "清源镇"
    place.save()

    assert Place.objects.get(name="清源镇").slug == "park"


def test_address_of_a_name_without_letters_is_the_kind_of_record():
    assert [IndustryChainFactory(name=name).slug for name in ("《》", "——")] == ["industrychain", "industrychain-2"]


def test_long_address_fits_its_column():
    names = ("装" * 60, "装" * 59)

    slugs = [IndustryChainFactory(name=name).slug for name in names]

    base = "-".join(["zhuang"] * 10)
    assert slugs == [base, f"{base}-2"]


def test_address_is_written_where_a_save_names_its_fields():
    chain = IndustryChainFactory(name="奶产业")
    IndustryChain.objects.update(slug="")
    chain.refresh_from_db()

    chain.save(update_fields=["summary"])

    assert IndustryChain.objects.get().slug == "nai-chan-ye"


# Searchable


def test_search_text_holds_every_searched_field_and_pinyin_the_name():
    company = EnterpriseFactory(name="景领电力", short_name="景领", code="QY000009", summary="独立储能 300MW")

    assert company.search_text == "景领电力 景领 qy000009 独立储能 300mw"
    assert company.search_pinyin == "jinglingdianli jldl"


def test_search_text_follows_a_save_that_names_its_fields():
    mechanism = MechanismFactory(name="白名单", summary="甲")
    mechanism.name, mechanism.summary = "容缺受理", "乙"

    mechanism.save(update_fields=["name"])

    mechanism.refresh_from_db()
    assert (mechanism.name, mechanism.summary, mechanism.search_pinyin) == ("容缺受理", "甲", "rongqueshouli rqsl")


# Measurement, QuantityField


@pytest.mark.parametrize("model", [Measure, EnterpriseFact])
@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"value": Decimal("500.0000"), "unit": "吨/日"}, "500 吨/日"),
        ({"value": Decimal(10), "unit": "万吨", "qualifier": "over"}, "超 10 万吨"),
        ({"value": Decimal(10), "unit": "万吨", "text": "去年"}, "10 万吨"),
        ({"value": Decimal(0), "unit": "项"}, "0 项"),
        ({"text": "华东、华南", "qualifier": "over"}, "华东、华南"),
    ],
)
def test_measurement_is_a_figure_or_words(model, fields, shown):
    row = model(name="销往", **fields)

    assert isinstance(row, Measurement)
    assert (row.shown, str(row)) == (shown, f"销往 {shown}")


@pytest.mark.parametrize("value", ["99999999999.9999", "-99999999999.9999", "0.0001"])
def test_measurement_keeps_every_digit_that_can_be_typed(value):
    project = ProjectFactory()
    Measure.objects.create(project=project, name="产值", value=Decimal(value))

    assert Measure.objects.get().value == Decimal(value)


def test_quantity_field_remembers_its_unit_in_migrations():
    field = QuantityField("land", unit="亩", max_digits=12, decimal_places=2)

    _name, path, args, kwargs = field.deconstruct()
    copy = QuantityField(*args, **kwargs)

    assert (path, copy.unit, copy.max_digits) == ("liangzhou.models.QuantityField", "亩", 12)
    assert isinstance(copy, models.DecimalField)
