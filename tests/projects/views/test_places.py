"""Places: the list and the page of one."""

from decimal import Decimal

import pytest

from enterprises.models import Place
from projects.stages import Stage
from tests.answers import facts_of, page_of
from tests.factories import EnterpriseFactory, PlaceFactory, ProjectFactory
from tests.projects.views.test_chains import section

pytestmark = pytest.mark.django_db


def test_list_groups_by_kind_and_counts_public_projects(client):
    park = PlaceFactory(name="九墩滩", kind=Place.Kind.PARK)
    PlaceFactory(name="黄羊镇", kind=Place.Kind.TOWN)
    PlaceFactory(name="东大街街道", kind=Place.Kind.SUBDISTRICT)
    ProjectFactory(place=park)
    ProjectFactory(place=park, published=False)
    ProjectFactory(place=park, stage=Stage.LEAD)

    sections = page_of(client.get("/places/")).all("section.section")

    assert [(s.one("h2").text, s.texts("li")) for s in sections] == [
        ("园区", ["九墩滩 1 项"]), ("乡镇", ["黄羊镇"]), ("街道", ["东大街街道"]),
    ]  # fmt: skip


def test_list_is_in_order_of_the_division_codes(client):
    for name, code in (("丙镇", "620602103"), ("甲镇", "620602101"), ("乙镇", "620602102"), ("丁镇", "620602100")):
        PlaceFactory(name=name, kind=Place.Kind.TOWN, code=code)

    assert page_of(client.get("/places/")).one("section.section").texts("li") == ["丁镇", "甲镇", "乙镇", "丙镇"]


def test_page_shows_facts_projects_and_companies(client):
    park = PlaceFactory(
        name="九墩滩", slug="jiuduntan", code="620602400", summary="光伏治沙。", latitude=Decimal("37.928"),
        longitude=Decimal("102.6414"), reference_system=Place.ReferenceSystem.CGCS2000,
    )  # fmt: skip
    ProjectFactory(name="储能项目", place=park, total_investment=Decimal(9000))
    ProjectFactory(name="储能线索", place=park, stage=Stage.LEAD)
    EnterpriseFactory(name="华景", place=park)

    page = page_of(client.get("/places/jiuduntan/"))

    assert facts_of(page) == {
        "名称": "九墩滩", "类别": "园区", "区划代码": "620602400", "简介": "光伏治沙。", "纬度\uff08°\uff09": "37.928",
        "经度\uff08°\uff09": "102.6414", "坐标系": "CGCS2000",
    }  # fmt: skip
    assert section(page, "项目").one("ul").texts("a") == ["储能项目"]
    assert section(page, "项目").all("a")[0].text == "1 项 · 总投资 9000 万元"
    assert section(page, "项目").all("a")[0]["href"] == "/projects/?place=jiuduntan"
    assert section(page, "企业").texts("a") == ["华景"]


def test_page_of_a_place_without_anything_says_what_is_unknown(client):
    PlaceFactory(name="黄羊镇", slug="huangyang", kind=Place.Kind.TOWN)

    page = page_of(client.get("/places/huangyang/"))

    facts = facts_of(page)
    assert (facts.pop("名称"), facts.pop("类别"), set(facts.values())) == ("黄羊镇", "乡镇", {"—不详"})
    assert section(page, "项目").one("p.note").text == "暂无已公开的项目。"
    assert section(page, "企业").one("p.note").text == "暂无已公开的企业。"


def test_empty_ledger_has_a_list_of_places(client):
    assert page_of(client.get("/places/")).one("main").text.endswith("暂无地点。")
