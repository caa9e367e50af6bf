import re

import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from enterprises.models import Place
from liangzhou import search
from projects.models import Project
from tests.factories import PlaceFactory, ProjectFactory
from tests.full_width import full_width

pytestmark = pytest.mark.django_db

on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="triggers are SQLite's way")
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="GIN is PostgreSQL's way")


def found(query):
    return {place.name for place in Place.objects.search(query)}


def execute(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        (full_width("300MW/1200MWh") + "独立储能", "300mw/1200mwh独立储能"),
        ("  稻盛云\u3000智算\n\t中心 ", "稻盛云 智算 中心"),
        ("Straße", "strasse"),
        ("a\x00b\x1fc\x7fd", "a b c d"),
        ("㎡", "m2"),
        ("", ""),
        (" \u3000", ""),
    ],
)
def test_normalise_folds_width_case_and_spaces(text, normal):
    assert search.normalise(text) == normal


@given(st.text())
def test_normalise_changes_nothing_the_second_time(text):
    assert search.normalise(search.normalise(text)) == search.normalise(text)


def test_terms_are_the_different_words_at_most_five():
    assert search.terms("") == []
    assert search.terms(" \u3000\x00 ") == []
    assert search.terms("储能 储能\u3000MW mw") == ["储能", "mw"]
    assert search.terms("一 二 三 四 五 六") == ["一", "二", "三", "四", "五"]
    assert search.words("一 二 三 四 五 六") == ["一", "二", "三", "四", "五", "六"]


@pytest.mark.parametrize(
    ("text", "pinyin"),
    [
        ("储能", "chuneng cn"),
        ("300MW独立储能", "300mwdulichuneng 300mwdlcn"),
        ("稻盛云(武威)", "daoshengyunwuwei dsyww"),
        ("P1000", "p1000 p1000"),
        ("", ""),
    ],
)
def test_pinyin_is_full_and_initials(text, pinyin):
    assert search.pinyin(text) == pinyin


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("凉州工业园区", "liang-zhou-gong-ye-yuan-qu"),
        ("300MW 储能", "300mw-chu-neng"),
        ("光伏+综合应用", "guang-fu-zong-he-ying-yong"),
        ("《》", ""),
    ],
)
def test_pinyin_slug_is_an_address_in_latin_letters(text, slug):
    assert search.pinyin_slug(text) == slug


LETTERS = "储能电站凉州独立奶业园0123MWmwhPkß%_\\\"'“”-*() \u3000" + full_width("300MW")
texts = st.text(LETTERS, max_size=20) | st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)


@st.composite
def rows_and_queries(draw):
    """Texts of rows, and queries of which many are cut out of them."""
    rows = draw(st.lists(texts, min_size=1, max_size=5))
    row = draw(st.sampled_from(rows))
    start = draw(st.integers(0, max(len(row) - 1, 0)))
    cut = row[start : start + draw(st.integers(1, 6))]
    return rows, [cut, full_width(cut).upper(), f"{cut} {draw(texts)[:2]}", draw(texts)[:3]]


@given(rows_and_queries())
@settings(max_examples=60)
def test_search_equals_looking_through_every_text(drawn):
    rows, queries = drawn
    with transaction.atomic():
        Project.objects.bulk_create(Project(name="项目", code=f"T{n}", summary=row) for n, row in enumerate(rows))
        whole = {f"T{n}": search.normalise(f"项目 T{n}  {row}") for n, row in enumerate(rows)}
        for query in queries:
            expected = {code for code, text in whole.items() if all(term in text for term in search.terms(query))}
            assert set(Project.objects.search(query).values_list("code", flat=True)) == expected, query
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("query", "hit"),
    [
        ("储能", True), ("300MW", True), ("300mw", True), (full_width("300MW"), True), ("00MW/12", True),
        ("储", True), ("储能 电站", True), ("电站 储能", True), ("九墩滩50%", True), ("50%光", True), ("a_b", True),
        ("c\\d", True), ('"引号"', True), ("o'brien", True), ("300MW*", False), ("储电", False), ("50_光", False),
        ("%", True), ("_", True), ("a%b", False), ("储能 光热", False), ("储能 OR 光热", False), ('储能" OR "', False),
    ],
)  # fmt: skip
def test_search_takes_every_sign_as_itself(query, hit):
    name = '300MW/1200MWh独立储能电站 九墩滩50%光伏 a_b c\\d "引号" O\'Brien'
    PlaceFactory(name=name)
    PlaceFactory(name="无关")

    assert found(query) == ({name} if hit else set())


def test_search_for_nothing_gives_everything():
    PlaceFactory(name="黄羊"), PlaceFactory(name="九墩滩")

    assert found("") == found(" \u3000") == {"黄羊", "九墩滩"}


def test_index_follows_a_change():
    place = PlaceFactory(name="黄羊工业园")
    place.name = "九墩滩示范园"

    place.save(update_fields=["name"])

    assert [found("黄羊"), found("九墩滩")] == [set(), {"九墩滩示范园"}]


def test_index_follows_a_deletion():
    PlaceFactory(name="黄羊工业园").delete()
    PlaceFactory(name="黄羊镇")

    assert found("黄羊") == {"黄羊镇"}


def test_index_follows_changes_in_bulk():
    Place.objects.bulk_create(Place(name=name, slug=name[0], kind="town") for name in ("黄羊镇", "谢河镇"))
    assert found("黄羊") == {"黄羊镇"}
    towns = list(Place.objects.all())
    for town in towns:
        town.name = f"凉州{town.name}"

    Place.objects.bulk_update(towns, ["name"])
    assert found("凉州 河镇") == {"凉州谢河镇"}

    Place.objects.filter(search_text__contains="谢河").update(search_text="清源")
    assert [found("谢河"), found("清源")] == [set(), {"凉州谢河镇"}]


def test_index_is_asked_through_a_relation():
    project = ProjectFactory(place=PlaceFactory(name="黄羊工业园"))
    ProjectFactory(place=None)

    assert list(Project.objects.filter(place__search_text__holds="黄羊")) == [project]


@pytest.mark.parametrize(
    ("query", "hit"), [("chuneng", True), ("cn", True), ("CN", True), ("dlcn 300mw", True), ("chunneng", False)]
)
def test_search_with_pinyin_finds_full_pinyin_and_initials(query, hit):
    project = ProjectFactory(name="300MW独立储能电站", summary="")

    assert list(Project.objects.search_with_pinyin(query)) == ([project] if hit else [])


def test_pinyin_is_for_staff_alone():
    ProjectFactory(name="独立储能电站")

    assert list(Project.objects.search("chuneng")) == []


def test_install_may_run_again():
    PlaceFactory(name="黄羊工业园")
    connection.check_constraints()  # PostgreSQL makes no index beside checks that are still due

    search.install()
    search.install()

    assert found("黄羊") == {"黄羊工业园"}


@on_sqlite
def test_install_mends_a_table_whose_triggers_were_dropped():
    place = PlaceFactory(name="黄羊工业园")
    PlaceFactory(name="清源镇").delete()
    execute("DROP TRIGGER enterprises_place_search_text_pieces_update_of_search_text")
    place.name = "九墩滩示范园"
    place.save()
    assert found("九墩滩") == set()

    search.install()

    assert [found("黄羊"), found("九墩滩"), found("清源")] == [set(), {"九墩滩示范园"}, set()]
    place.name = "清源镇"
    place.save()
    assert [found("九墩滩"), found("清源")] == [set(), {"清源镇"}]


@on_sqlite
def test_sqlite_answers_from_the_index():
    plan = Project.objects.search("储能").order_by().explain()

    assert re.findall(r"SCAN (\S+) VIRTUAL TABLE", plan) == ["projects_project_search_text_pieces"]


@on_postgresql
def test_postgresql_answers_from_the_index():
    execute("SET LOCAL enable_seqscan = off")

    plan = Project.objects.search("储能").order_by().explain()

    assert re.findall(r"Index Scan on (\w+)", plan) == ["projects_project_search_text_pieces"]


@on_postgresql
def test_install_mends_a_missing_index():
    execute("DROP INDEX enterprises_place_search_text_pieces")

    search.install()

    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, "enterprises_place")
    assert "enterprises_place_search_text_pieces" in constraints


def test_search_refuses_other_databases():
    compiler = Project.objects.search("储能").query.get_compiler(using="default")

    with pytest.raises(NotImplementedError):
        search.Holds(None, "储能").as_sql(compiler, connection)
