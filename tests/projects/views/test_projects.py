"""The list of projects and the page of one."""

from datetime import date
from decimal import Decimal

import pytest

from liangzhou.batches import ChangeBatch
from liangzhou.batches.undo import undo
from liangzhou.models import Qualifier
from liangzhou.periods import Precision
from projects.merging import merge
from projects.models import FormerCode, Milestone, Project, ProjectParty
from projects.stages import Stage, Status
from tests.answers import facts_of, page_of, shown_names
from tests.factories import (
    EnterpriseFactory,
    FormerCodeFactory,
    IndustryChainFactory,
    MeasureFactory,
    MilestoneFactory,
    PlaceFactory,
    ProjectFactory,
    ProjectPartyFactory,
)

pytestmark = pytest.mark.django_db

HTML = '<script>alert("1")</script>&lt;b&gt; \' {{ x }} {% y %}'


def cells(page):
    """The cells of each row by the heading that a phone shows beside them."""
    return [
        {cell.attrs.get("data-label", "名称"): cell.text for cell in row.all() if cell.tag in ("th", "td")}
        for row in page.one("table.ledger").one("tbody").all("tr")
    ]


def boxes(page):
    """The names listed in each box beside the record."""
    return {box.one("h2").text: box.texts("a") for box in page.one("aside").all("section.box")}


def test_list_shows_each_projects_facts(client):
    chain, place = IndustryChainFactory(name="新能源"), PlaceFactory(name="九墩滩")
    project = ProjectFactory(
        name="储能项目", chain=chain, place=place, enterprise=EnterpriseFactory(name="华景"), stage=Stage.BUILDING,
        status=Status.PAUSED, status_reason="资金", total_investment=Decimal("131049.99"),
    )  # fmt: skip
    MilestoneFactory(project=project)

    assert cells(page_of(client.get("/projects/"))) == [
        {"名称": "储能项目华景", "产业链": "新能源", "阶段": "在建暂停", "地点": "九墩滩", "总投资": "13.1 亿元",
         "最新节点": "开工2025年5月下旬"}
    ]  # fmt: skip


def test_list_shows_a_project_of_which_nothing_is_known(client):
    ProjectFactory(name="某项目", chain=None, place=None, enterprise=None, total_investment=None, land_area=None)

    page = page_of(client.get("/projects/"))

    assert cells(page) == [
        {"名称": "某项目", "产业链": "—", "阶段": "开工", "地点": "—", "总投资": "—", "最新节点": "—"}
    ]
    assert page.one(".toolbar__summary").text == "1 项"


@pytest.mark.parametrize(
    ("amounts", "summary"),
    [
        (["130000", "13100"], "2 项 · 总投资 14.31 亿元"),
        (["130000", "13100", None, None], "4 项 · 总投资 14.31 亿元\uff08另有 2 项金额不详\uff09"),
        ([None, None], "2 项"),
        (["5000.4", "0.1"], "2 项 · 总投资 5000.5 万元"),
        ([], "0 项"),
    ],
)
def test_list_sums_up_what_is_known(client, amounts, summary):
    for amount in amounts:
        ProjectFactory(total_investment=amount and Decimal(amount))

    assert page_of(client.get("/projects/")).one(".toolbar__summary").text == summary


def test_undisclosed_amount_is_said(client):
    ProjectFactory(code="LZ000001", total_investment=None, investment_undisclosed=True)

    assert facts_of(page_of(client.get("/projects/LZ000001/")))["总投资"] == "未披露"
    assert cells(page_of(client.get("/projects/")))[0]["总投资"] == "未披露"


def test_page_shows_every_public_fact(client):
    parent = ProjectFactory(name="产业园", stage=Stage.SIGNED)
    ProjectFactory(
        name="储能项目", code="LZ000101", official_code="2501-620602-04-01-123456", parent=parent,
        stage=Stage.BUILDING, status=Status.PAUSED, status_reason="内部原因", chain=IndustryChainFactory(name="新能源"),
        place=PlaceFactory(name="九墩滩"), enterprise=EnterpriseFactory(name="华景"), land_area=Decimal("100.50"),
        total_investment=Decimal(9000), summary="简短说明。", internal_remark="内部备注",
    )  # fmt: skip

    response = client.get("/projects/LZ000101/")

    facts = facts_of(page_of(response))
    assert {label: facts[label] for label in facts if label != "编号"} == {
        "名称": "储能项目", "投资项目统一代码": "2501-620602-04-01-123456", "所属项目": "产业园", "阶段": "在建",
        "状态": "暂停", "产业链": "新能源", "地点": "九墩滩", "企业": "华景", "总投资": "9000 万元",
        "占地面积": "100.5 亩", "简介": "简短说明。", "承担企业": "华景",
    }  # fmt: skip
    assert "内部" not in response.content.decode()


def test_page_of_a_project_with_nothing_but_a_name_and_a_stage(client):
    project = Project(name="某项目", stage=Stage.SIGNED, published=True)
    project.save()

    page = page_of(client.get(project.get_absolute_url()))

    facts = facts_of(page)
    assert (facts["名称"], facts["阶段"], facts["状态"], facts["编号"]) == ("某项目", "签约", "正常", project.code)
    assert {facts[label] for label in facts if label not in ("名称", "阶段", "状态", "编号")} == {"—不详"}
    assert page.texts("li.step", aria_current="step") == ["签约 当前阶段"]
    assert [page.all("ol.timeline"), page.all("ol.citations")] == [[], []]
    assert list(boxes(page)) == ["下载"]


def test_page_of_english_visitors_has_english_labels(client):
    ProjectFactory(code="LZ000101", chain=None)

    page = page_of(client.get("/en/projects/LZ000101/"))

    facts = facts_of(page)
    assert (facts["Total investment"], facts["Industry chain"], facts["Stage"]) == (
        "13 亿元", "—not known", "started (开工)",
    )  # fmt: skip


def test_milestones_stand_in_order_of_time_on_stepper_and_timeline(client):
    project = ProjectFactory(code="LZ000101", stage=Stage.STARTED)
    MilestoneFactory(project=project, kind=Milestone.Kind.PRODUCING, actual=None, actual_precision="",
                     planned=date(2026, 1, 1), planned_precision=Precision.YEAR)  # fmt: skip
    MilestoneFactory(project=project, planned=date(2025, 4, 1), planned_precision=Precision.MONTH, note="先期场平")
    MilestoneFactory(project=project, kind=Milestone.Kind.SIGNED, actual=date(2024, 12, 8),
                     actual_precision=Precision.DAY)  # fmt: skip

    page = page_of(client.get("/projects/LZ000101/"))

    assert [(e.one(".event__date").text, e.one(".event__what").text) for e in page.all("li.event")] == [
        ("2024年12月8日", "签约 已实现"), ("2025年5月下旬", "开工 已实现"), ("2026年", "投产 计划"),
    ]  # fmt: skip
    notes = page.texts(".event__note")
    assert ("2025年4月" in notes[0], notes[1:]) == (True, ["先期场平"])
    assert [(s["class"].split("--")[1], s.texts(".step__date")) for s in page.all("li.step")] == [
        ("reached", ["2024年12月8日"]), ("reached", ["时间不详"]), ("current", ["2025年5月下旬"]), ("ahead", []),
        ("ahead", []), ("ahead", []),
    ]  # fmt: skip


def test_measures_and_parties_are_shown(client):
    project = ProjectFactory(code="LZ000101", enterprise=None)
    MeasureFactory(project=project, name="储能容量", value=Decimal(1200), unit="MWh", position=2)
    MeasureFactory(project=project, name="附加值", value=Decimal(30), unit="%", qualifier=Qualifier.AT_LEAST)
    MeasureFactory(project=project, name="首批算力", value=Decimal(1000), unit="P", text="已部署", position=3)
    partner = EnterpriseFactory(name="燧原科技")
    ProjectPartyFactory(project=project, enterprise=partner, role=ProjectParty.Role.TECHNOLOGY, note="联合研发")

    page = page_of(client.get("/projects/LZ000101/"))

    facts = facts_of(page)
    assert (facts["储能容量"], facts["附加值"], facts["首批算力"]) == ("1200 MWh", "30%以上", "1000 P已部署")
    assert facts["技术合作方"] == "燧原科技联合研发"
    assert page.one("main").one("a", href=partner.get_absolute_url()).text == "燧原科技"


def test_related_projects_are_phases_first_then_the_same_company_chain_or_place(client):
    one, other = EnterpriseFactory(), EnterpriseFactory()
    parent = ProjectFactory(name="产业园", chain=None)
    project = ProjectFactory(name="二期", code="LZ000102", parent=parent, enterprise=one)
    ProjectFactory(name="一期", parent=parent, chain=None)
    ProjectFactory(name="二期甲", parent=project, chain=None)
    ProjectFactory(name="同链", chain=project.chain)
    ProjectFactory(name="同地", place=project.place)
    ProjectFactory(name="同企业", enterprise=one)
    ProjectFactory(name="无关", enterprise=other)
    ProjectFactory(name="同链在谈", chain=project.chain, stage=Stage.NEGOTIATING)

    assert boxes(page_of(client.get("/projects/LZ000102/")))["相关项目"] == [
        "二期甲", "一期", "产业园", "同企业", "同地", "同链",
    ]  # fmt: skip


def test_phases_of_a_project_that_is_not_public_are_not_tied_by_it(client):
    parent = ProjectFactory(published=False)
    for code in ("LZ000103", "LZ000104"):
        ProjectFactory(code=code, parent=parent, chain=None, place=None, enterprise=None)

    page = page_of(client.get("/projects/LZ000103/"))

    assert facts_of(page)["所属项目"] == "—不详"
    assert list(boxes(page)) == ["下载"]


def test_page_offers_its_own_row_as_a_file(client):
    ProjectFactory(code="LZ000101", name="储能项目")
    ProjectFactory(name="另一个")

    links = [a["href"] for a in page_of(client.get("/projects/LZ000101/")).one("aside").all("a", rel="nofollow")]

    assert links == ["/projects/export.csv?q=LZ000101", "/projects/export.xlsx?q=LZ000101"]
    assert [row.split(",")[1] for row in client.get(links[0]).getvalue().decode().splitlines()] == ["名称", "储能项目"]


@pytest.mark.parametrize("path", ["/projects/", "/projects/LZ000101/", "/", "/en/projects/LZ000101/"])
def test_html_in_names_is_text(client, path):
    ProjectFactory(
        name=HTML, code="LZ000101", summary=HTML, chain=IndustryChainFactory(name=HTML), place=PlaceFactory(name=HTML),
        enterprise=EnterpriseFactory(name=HTML),
    )  # fmt: skip

    page = page_of(client.get(path))

    assert page.all("script") == []
    assert HTML in page.one("main").texts("a")


@pytest.mark.parametrize("path", ["/projects/", "/projects/LZ000101/", "/", "/feed.atom", "/projects/export.xlsx"])
def test_names_as_long_as_they_may_be_are_shown_whole(client, path):
    name = "凉州区新能源及装备制造产业园储能项目"[:20].ljust(200, "长")
    ProjectFactory(name=name, code="LZ000101", summary="述" * 5000)

    response = client.get(path)

    assert response.status_code == 200
    if "xlsx" not in path:
        assert name in response.getvalue().decode()


def test_list_of_an_empty_ledger_says_so(client):
    page = page_of(client.get("/projects/"))

    assert shown_names(page) == []
    assert page.one(".empty__text").text == "没有符合条件的已公开项目。"
    assert [a["href"] for a in page.one(".empty").all("a")] == ["/projects/"]


@pytest.fixture
def merged_code():
    """The code of a public project that was merged into another one."""
    keep, other = ProjectFactory(), ProjectFactory()
    merge(keep, other, choices={}, by=None, reason="同一项目")
    return FormerCode.objects.get().code


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_link_of_a_merged_project_leads_to_the_one_that_stays_until_that_is_taken_back(client, merged_code, prefix):
    response = client.get(f"{prefix}/projects/{merged_code}/")

    address = f"{prefix}/projects/{Project.objects.get().code}/"
    assert (response.status_code, response["Location"]) == (302, address)
    undo(ChangeBatch.objects.get(), by=None, reason="不是")
    assert client.get(f"{prefix}/projects/{merged_code}/").status_code == 200


@pytest.mark.parametrize("hidden", [{"published": False}, {"published": False, "stage": Stage.LEAD}])
def test_the_link_of_a_merged_project_leads_nowhere_while_the_one_that_stays_is_internal(client, merged_code, hidden):
    Project.objects.update(**hidden)

    assert client.get(f"/projects/{merged_code}/").status_code == 404
    assert client.get("/projects/LZ000078/").status_code == 404


@pytest.mark.parametrize("hidden", [{"published": False}, {"published": False, "stage": Stage.LEAD}])
def test_the_link_of_a_project_that_was_internal_when_it_was_merged_leads_nowhere(client, hidden):
    merge(ProjectFactory(), ProjectFactory(**hidden), choices={}, by=None, reason="同一项目")

    assert client.get(f"/projects/{FormerCode.objects.get().code}/").status_code == 404


def test_the_link_of_a_project_that_is_there_again_leads_to_no_other(client):
    internal = ProjectFactory(published=False)
    FormerCodeFactory(code=internal.code)

    assert client.get(f"/projects/{internal.code}/").status_code == 404
