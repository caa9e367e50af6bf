from datetime import date
from decimal import Decimal
from itertools import product

import pytest
from django.db import transaction
from django.db.models import F, OuterRef, Value
from django.db.models.functions import Upper
from django.utils import translation
from django.utils.translation import gettext_lazy
from hypothesis import given, settings
from hypothesis import strategies as st

from liangzhou.columns import (
    Cell,
    Column,
    DecimalText,
    Joined,
    export_rows,
    figure_text,
    linked_cell,
    ordering,
    partial_date_text,
)
from liangzhou.exports import Field, Kind
from liangzhou.models import Qualifier
from liangzhou.money import LARGEST_WAN, plain
from liangzhou.periods import PartialDate, Precision
from projects.columns import project_columns
from projects.models import Measure, Project
from projects.stages import PUBLIC_STAGES
from sources.models import Source
from tests.factories import MeasureFactory, PlaceFactory, ProjectFactory, SourceFactory

pytestmark = pytest.mark.django_db

INVESTMENT = Column(name="investment", label="total investment", unit="万元", value="total_investment",
                    kind=Kind.NUMBER, sort="total_investment")  # fmt: skip
COLUMNS = [
    INVESTMENT,
    Column(name="name", label="name", value=Upper("name"), sort=Upper("name")),
    Column(name="summary", label="summary", value="summary"),
]
PUBLIC = [(stage.value, stage.label) for stage in PUBLIC_STAGES]
numbers = st.decimals(min_value=-LARGEST_WAN, max_value=LARGEST_WAN, places=4)


def test_partial_date_text_is_partial_date_chinese():
    days = [date(1949, 1, 1), date(2025, 5, 21), date(2024, 2, 29), date(2025, 12, 31), date(2025, 10, 9)]
    known = [PartialDate(day.replace(month=1, day=1), str(Precision.YEAR)) for day in days]
    known += [PartialDate(day.replace(day=1), str(Precision.MONTH)) for day in days]
    known += [PartialDate(day.replace(day=ten), str(Precision.TEN_DAYS)) for day, ten in product(days, (1, 11, 21))]
    known += [PartialDate(day, str(Precision.DAY)) for day in days]
    for each in known:
        SourceFactory(dated=each.first, dated_precision=each.precision)
    SourceFactory()

    texts = Source.objects.annotate(text=partial_date_text("dated", "dated_precision")).order_by("pk")

    assert list(texts.values_list("text", flat=True)) == [*(each.chinese for each in known), None]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_figure_text_is_measurement_shown(language):
    values = ["0", "0.5", "1000000", "0.0001", "300", "38.01", "-3.1", "10.1000", "99999999999.9999"]
    project = ProjectFactory()
    Measure.objects.bulk_create(
        Measure(project=project, name=str(n), value=Decimal(value), unit=unit, qualifier=qualifier, text="—")
        for n, (value, unit, qualifier) in enumerate(product(values, ["", "%", "MW", "吨/日"], Qualifier.values))
    )
    for text in ("鲜奶", "华东、华南", "50% of all"):
        MeasureFactory(project=project, value=None, unit="吨", text=text, qualifier=Qualifier.OVER)

    with translation.override(language):
        measures = list(Measure.objects.annotate(computed=figure_text()))
        shown = [measure.shown for measure in measures]

    assert len(shown) == 9 * 4 * len(Qualifier) + 3
    assert [measure.computed for measure in measures] == shown


@given(st.lists(numbers, min_size=1, max_size=30))
@settings(max_examples=15)
def test_decimal_text_is_plain(values):
    with transaction.atomic():
        project = ProjectFactory()
        Measure.objects.bulk_create(Measure(project=project, name=str(n), value=v) for n, v in enumerate(values))
        texts = list(Measure.objects.order_by("pk").values_list(DecimalText("value"), flat=True))
        transaction.set_rollback(True)

    assert texts == [plain(value) for value in values]


def test_joined_keeps_the_order_and_is_empty_where_nothing_is():
    full, bare = ProjectFactory(), ProjectFactory()
    for position, name in ((3, "third"), (1, "first"), (2, "second")):
        MeasureFactory(project=full, name=name, position=position)
    rows = Measure.objects.filter(project=OuterRef("pk"))

    joined = Project.objects.annotate(
        forwards=Joined(rows.order_by("position"), F("name")), backwards=Joined(rows.order_by("-position"), F("name"))
    )

    assert dict(joined.values_list("pk", "forwards")) == {full.pk: "first\uff1bsecond\uff1bthird", bare.pk: None}
    assert joined.get(pk=full.pk).backwards == "third\uff1bsecond\uff1bfirst"


@pytest.mark.parametrize(("asked", "order"), [("investment", [5, 90, None]), ("-investment", [90, 5, None])])
def test_ordering_puts_the_unknown_last_both_ways(asked, order):
    for amount in (90, None, 5):
        ProjectFactory(total_investment=amount)

    found = Project.objects.order_by(*ordering(COLUMNS, asked))

    assert list(found.values_list("total_investment", flat=True)) == order


@pytest.mark.parametrize(("asked", "first_to_last"), [("investment", True), ("-investment", False)])
def test_ordering_settles_ties_by_age(asked, first_to_last):
    made = [ProjectFactory(total_investment=5).pk for _ in range(3)]

    found = list(Project.objects.order_by(*ordering(COLUMNS, asked)).values_list("pk", flat=True))

    assert found == (made if first_to_last else made[::-1])


@pytest.mark.parametrize(
    ("column", "nulls_last"), [("code", False), ("investment", True), ("place", True), ("stage", True)]
)
def test_ordering_leaves_an_index_to_what_is_always_known(column, nulls_last):
    [by, _] = ordering(project_columns(), column, Project)

    assert bool(by.nulls_last) is nulls_last


def test_ordering_takes_expressions():
    for name in ("b", "C", "a"):
        ProjectFactory(name=name)

    names = Project.objects.order_by(*ordering(COLUMNS, "-name")).values_list("name", flat=True)

    assert list(names) == ["C", "b", "a"]


@pytest.mark.parametrize("asked", ["summary", "price", "--investment", "investment-", "", "-", "Investment", "pk", "?"])
def test_ordering_knows_only_columns_that_sort(asked):
    assert ordering(COLUMNS, asked) is None


@pytest.mark.parametrize(
    ("unit", "header"),
    [
        ("", "Total investment"),
        ("万元", "Total investment\uff08万元\uff09"),
        ("%", "Total investment\uff08%\uff09"),
    ],
)
def test_header_carries_the_unit(unit, header):
    assert Column(name="x", label="total investment", value="x", unit=unit).header == header


def test_export_field_words_the_choices_in_the_language_of_the_page():
    column = Column(name="stage", label=gettext_lazy("stage"), value="stage", kind=Kind.CODE, choices=PUBLIC[:2])

    assert column.export_field() == Field("阶段", Kind.CODE, {"signed": "签约", "landed": "落地"})
    with translation.override("en"):
        assert column.export_field().labels == {"signed": "signed (签约)", "landed": "landed (落地)"}
    assert INVESTMENT.export_field().labels is None


def test_export_rows_are_the_columns_in_their_order():
    ProjectFactory(name="a储能", total_investment=Decimal("130000"), summary="甲")
    constant = Column(name="constant", label="constant", value=Value("x"))

    rows = export_rows(Project.objects.select_related("chain"), [constant, *COLUMNS])

    assert list(rows) == [("x", Decimal("130000"), "A储能", "甲")]


def test_linked_cell_is_a_record_or_a_dash():
    place = PlaceFactory(name="黄羊工业园")

    assert linked_cell(place) == Cell("黄羊工业园", url="/places/huang-yang-gong-ye-yuan/")
    assert linked_cell(None) == Cell("—")
