"""The list of companies and the page of one."""

from datetime import date
from decimal import Decimal

import pytest

from enterprises.models import Enterprise, Province, Qualification
from projects.models import ProjectParty
from projects.stages import Stage
from tests.answers import facts_of, page_of, shown_names
from tests.factories import (
    CitationFactory,
    EnterpriseFactFactory,
    EnterpriseFactory,
    IndustryChainFactory,
    PlaceFactory,
    ProjectFactory,
    ProjectPartyFactory,
    QualificationFactory,
)

pytestmark = pytest.mark.django_db

HTML = '<img src=x onerror="alert(1)">&amp;'


def test_list_is_in_order_of_pinyin(client):
    for name in ("稻盛云", "安泰", "重庆路桥", "博贞"):
        EnterpriseFactory(name=name)

    page = page_of(client.get("/enterprises/"))

    assert shown_names(page) == ["安泰", "博贞", "重庆路桥", "稻盛云"]
    assert page.one(".toolbar__summary").text.startswith("4 ")


def test_page_shows_every_public_fact(client):
    EnterpriseFactory(
        code="QY000101", name="博贞乳业", short_name="博贞", credit_code="91620602MA0000001X",
        credit_code_reason="内部原因", origin_province=Province.GANSU, place=PlaceFactory(name="黄羊镇"),
        summary="简介。", internal_remark="内部备注",
    )  # fmt: skip

    response = client.get("/enterprises/QY000101/")

    facts = facts_of(page_of(response))
    assert {label: value for label, value in facts.items() if label != "编号"} == {
        "名称": "博贞乳业", "简称": "博贞", "统一社会信用代码": "91620602MA0000001X", "企业类型": "有限责任公司",
        "来源省份": "甘肃省", "地点": "黄羊镇", "简介": "简介。",
    }  # fmt: skip
    assert "内部" not in response.content.decode()


def test_page_of_a_company_of_which_only_the_name_is_known(client):
    company = Enterprise(name="某公司", published=True)
    company.save()

    page = page_of(client.get(company.get_absolute_url()))

    facts = facts_of(page)
    assert (facts.pop("名称"), facts.pop("编号"), set(facts.values())) == ("某公司", company.code, {"—不详"})
    assert page.all("table") + page.all("ol.citations") == []
    assert page.one("aside").texts("h2") == ["项目"]


def test_page_shows_what_sources_say_with_their_sentences(client):
    company = EnterpriseFactory(code="QY000101")
    EnterpriseFactFactory(enterprise=company, name="年处理鲜奶", value=Decimal(10), unit="万吨")
    EnterpriseFactFactory(enterprise=company, name="产品市场", value=None, unit="", text="华东、华南")
    CitationFactory(target=company, quote="年处理鲜奶超10万吨。", supports="年处理鲜奶")

    page = page_of(client.get("/enterprises/QY000101/"))

    facts = facts_of(page)
    assert (facts["年处理鲜奶"], facts["产品市场"]) == ("超 10 万吨", "华东、华南")
    row = next(r for r in page.all(".facts__row") if r.one("dt").text == "年处理鲜奶")
    assert row.one("sup").one("a")["href"] == "#source-1"
    assert page.one("li.citation", id="source-1").one("blockquote").text == "年处理鲜奶超10万吨。"


def test_page_shows_qualifications(client):
    company = EnterpriseFactory(code="QY000101")
    QualificationFactory(enterprise=company, granted_on=date(2024, 11, 1), valid_to=date(2027, 10, 31), batch="第一批")
    QualificationFactory(enterprise=company, kind=Qualification.Kind.OTHER, name="陇原老字号", granted_on=None,
                         valid_to=None, batch="")  # fmt: skip

    rows = page_of(client.get("/enterprises/QY000101/")).one("table").one("tbody").all("tr")

    assert sorted(row.texts("th") + row.texts("td") for row in rows) == sorted([
        ["高新技术企业", "2024年11月1日", "2027年10月31日", "第一批"], ["陇原老字号", "—", "—", "—"],
    ])  # fmt: skip


def test_page_lists_the_companys_projects_parts_and_chains(client):
    company = EnterpriseFactory(code="QY000101")
    ProjectFactory(name="储能项目", enterprise=company, total_investment=Decimal(130_000), place=None)
    ProjectFactory(name="储能线索", enterprise=company, stage=Stage.LEAD)
    built = ProjectFactory(name="食品项目", enterprise=None)
    ProjectPartyFactory(project=built, enterprise=company, role=ProjectParty.Role.BUILDER)
    ProjectPartyFactory(project=ProjectFactory(name="未公开项目", published=False), enterprise=company)
    IndustryChainFactory(name="新能源", anchor_enterprise=company)

    boxes = page_of(client.get("/enterprises/QY000101/")).one("aside").all("section.box")

    assert [(box.one("h2").text, box.texts("a")) for box in boxes] == [
        ("项目", ["储能项目", "食品项目"]), ("担任链主", ["新能源"]),
    ]  # fmt: skip
    assert boxes[0].all("li")[0].one(".note").text == "开工 · 13 亿元"


@pytest.mark.parametrize("path", ["/enterprises/", "/enterprises/QY000101/", "/en/enterprises/QY000101/"])
def test_html_in_names_is_text(client, path):
    company = EnterpriseFactory(code="QY000101", name=HTML, short_name=HTML[:30], summary=HTML)
    EnterpriseFactFactory(enterprise=company, name=HTML, text=HTML, value=None)
    QualificationFactory(enterprise=company, kind=Qualification.Kind.OTHER, name=HTML, batch=HTML)

    page = page_of(client.get(path))

    assert [image["src"] for image in page.all("img")] == ["/static/liangzhou/icon.svg"]
    assert HTML in page.one("main").text


def test_names_as_long_as_they_may_be_are_shown_whole(client):
    name = "长" * 120
    EnterpriseFactory(name=name, code="QY000101")

    assert shown_names(page_of(client.get("/enterprises/"))) == [name]
    assert page_of(client.get("/enterprises/QY000101/")).one("h1").text == name


def test_list_of_an_empty_ledger_says_so(client):
    page = page_of(client.get("/enterprises/"))

    assert shown_names(page) == []
    assert [a["href"] for a in page.one(".empty").all("a")] == ["/enterprises/"]
