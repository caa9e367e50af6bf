from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from liangzhou.fieldsets import Fact, References, Section, admin_fieldsets, facts, public_fields, show_value, shown
from projects.fieldsets import CHAIN, PROJECT
from projects.models import Project
from projects.stages import Stage
from tests.factories import (
    CitationFactory,
    EnterpriseFactory,
    IndustryChainFactory,
    PlaceFactory,
    ProjectFactory,
    SourceFactory,
)
from tests.full_width import full_width

SECTIONS = (
    Section("A", public=("name", "stage"), internal=("status_reason",), derived=("code",)),
    Section("B", public=("total_investment",), folded=("investment_undisclosed",)),
    Section("C", internal=("internal_remark",)),
    Section("D", derived=("latest_reached",)),
)
NONE = References([])


def fact_of(obj, name, references=NONE):
    [fact] = facts(obj, (Section("", public=(name,)),), references)
    return fact


def test_admin_fieldsets_are_what_clerks_type():
    assert admin_fieldsets(SECTIONS) == [
        ("A", {"fields": ("name", "stage", "status_reason")}),
        ("B", {"fields": ("total_investment", "investment_undisclosed")}),
        ("C", {"fields": ("internal_remark",)}),
    ]


def test_public_fields_are_without_the_internal_ones():
    assert public_fields(SECTIONS) == [
        "name", "stage", "code", "total_investment", "investment_undisclosed", "latest_reached",
    ]  # fmt: skip


# Facts


@pytest.mark.django_db
def test_facts_are_public_in_order_with_unknown_ones_shown():
    project = ProjectFactory(
        name="储能电站", code="LZ000009", official_code=None, stage=Stage.STARTED, summary="", total_investment=None,
        land_area=Decimal("100.00"), chain=IndustryChainFactory(name="新能源", slug="energy"), place=None,
        enterprise=EnterpriseFactory(name="景领电力", code="QY000009"), internal_remark="内部", status_reason="内部",
    )  # fmt: skip

    assert facts(project, PROJECT, NONE) == [
        Fact("名称", "储能电站"),
        Fact("投资项目统一代码"),
        Fact("所属项目"),
        Fact("阶段", "开工"),
        Fact("状态", "正常"),
        Fact("编号", "LZ000009"),
        Fact("产业链", "新能源", url="/chains/energy/"),
        Fact("地点"),
        Fact("企业", "景领电力", url="/enterprises/QY000009/"),
        Fact("总投资"),
        Fact("占地面积", "100 亩"),
        Fact("简介"),
    ]
    assert Fact("地点").unknown is True
    assert Fact("地点", "黄羊").unknown is False


@pytest.mark.django_db
def test_facts_hide_a_company_that_is_not_public():
    project = ProjectFactory(enterprise=EnterpriseFactory(name="未公开公司", published=False))
    references = References([CitationFactory(target=project, supports="企业")])

    assert fact_of(project, "enterprise", references) == Fact("企业")


@pytest.mark.django_db
@pytest.mark.parametrize("changes", [{"published": False}, {"stage": Stage.NEGOTIATING}])
def test_facts_hide_a_project_that_is_not_public(changes):
    phase = ProjectFactory(parent=ProjectFactory(name="一期", **changes))

    assert fact_of(phase, "parent") == Fact("所属项目")


@pytest.mark.django_db
def test_facts_carry_the_numbers_of_their_sentences_in_either_language():
    project = ProjectFactory()
    source = SourceFactory()
    for supports in ("总投资、占地面积", "", full_width("总投资,阶段"), " 占地面积 , 总投资 "):
        CitationFactory(target=project, source=source, supports=supports)
    references = References(project.citations.select_related("source"))

    names = ("total_investment", "land_area", "stage", "chain")
    assert [fact_of(project, name, references).refs for name in names] == [(1, 3, 4), (1, 4), (3,), ()]
    with translation.override("en"):
        assert references.of(_("total investment")) == (1, 3, 4)
        assert references.of("Total investment") == ()


@pytest.mark.django_db
def test_references_list_each_sentence_with_its_source():
    source = SourceFactory(title="凉州", slug="liangzhou")
    first = CitationFactory(source=source, quote="第二句。", supports="阶段", position=2)
    CitationFactory(source=source, target=first.target, quote="第一句。", supports="", position=1)

    assert References(first.target.citations.all()).listed() == [
        {"number": 1, "quote": "第一句。", "source": "《凉州》", "source_url": "/about/#liangzhou", "supports": ""},
        {"number": 2, "quote": "第二句。", "source": "《凉州》", "source_url": "/about/#liangzhou", "supports": "阶段"},
    ]


@pytest.mark.parametrize(("length", "wide"), [(60, False), (61, True)])
def test_long_facts_take_the_whole_width(length, wide):
    assert fact_of(Project(summary="字" * length), "summary").wide is wide


def test_long_facts_come_last():
    project = Project(name="字" * 61, summary="短", stage=Stage.SIGNED)

    found = facts(project, (Section("", public=("name", "summary", "stage")),), NONE)

    assert [fact.label for fact in found] == ["简介", "阶段", "名称"]


# Values


@pytest.mark.parametrize(
    ("fields", "name", "text"),
    [
        ({"total_investment": Decimal("130000.0000")}, "total_investment", "13 亿元"),
        ({"total_investment": Decimal(0)}, "total_investment", "0 万元"),
        ({"investment_undisclosed": True}, "total_investment", "未披露"),
        ({}, "total_investment", ""),
        ({"land_area": Decimal("100.50")}, "land_area", "100.5 亩"),
        ({}, "land_area", ""),
        ({"stage": "producing"}, "stage", "投产"),
        ({"summary": ""}, "summary", ""),
        ({"published": False}, "published", "否"),
        ({"version": 0}, "version", "0"),
    ],
)
def test_shown_is_what_people_read(fields, name, text):
    assert shown(Project(**fields), name) == text


@pytest.mark.django_db
def test_shown_tells_unknown_from_no():
    chains = [IndustryChainFactory.build(is_key_chain=value) for value in (True, False, None)]

    assert [shown(chain, "is_key_chain") for chain in chains] == ["是", "否", ""]
    assert fact_of(chains[2], "is_key_chain").unknown is True


@pytest.mark.django_db
def test_shown_writes_coordinates_without_padding():
    assert shown(PlaceFactory.build(latitude=Decimal("37.928000")), "latitude") == "37.928"


@pytest.mark.parametrize(
    ("value", "chinese", "english"),
    [
        (True, "是", "yes"),
        (False, "否", "no"),
        (Decimal("3.1000"), "3.1", "3.1"),
        (date(2025, 5, 1), "2025年5月1日", "1 May 2025"),
        (datetime(2025, 5, 31, 16, 5, tzinfo=UTC), "2025年6月1日 00:05", "1 June 2025 00:05"),
        (7, "7", "7"),
        ("文字", "文字", "文字"),
    ],
)
def test_show_value_is_in_the_language_and_time_of_the_reader(value, chinese, english):
    assert show_value(value) == chinese
    with translation.override("en"):
        assert show_value(value) == english


@pytest.mark.django_db
def test_chain_page_shows_an_anchor_only_where_it_is_public():
    chain = IndustryChainFactory(anchor_enterprise=EnterpriseFactory(published=False))

    assert {fact.label: fact.value for fact in facts(chain, CHAIN, NONE)}["链主企业"] == ""
