"""What each filter of the lists of projects and indicators gives."""

from datetime import date
from decimal import Decimal

import pytest

from projects.models import Milestone, ReportedIndicator
from projects.stages import Stage, Status
from tests.answers import page_of, shown_names
from tests.factories import (
    EnterpriseFactory,
    IndustryChainFactory,
    MilestoneFactory,
    PlaceFactory,
    ProjectFactory,
    ProjectPartyFactory,
    ReportedIndicatorFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def projects():
    """甲 to 丁, unlike in everything that can be asked for."""
    dairy = IndustryChainFactory(name="奶产业", slug="dairy")
    energy = IndustryChainFactory(name="新能源", slug="energy")
    park, town = PlaceFactory(name="九墩滩", slug="jiuduntan"), PlaceFactory(name="黄羊镇", slug="huangyang")
    one = EnterpriseFactory(name="华景电力", code="QY000101")
    two = EnterpriseFactory(name="博贞乳业", code="QY000102")
    hidden = EnterpriseFactory(name="隐名公司", code="QY000103", published=False)
    made = {
        "甲": {"chain": energy, "place": park, "enterprise": one, "total_investment": Decimal(130_000)},
        "乙": {"chain": dairy, "place": town, "enterprise": two, "total_investment": Decimal(13_100),
               "stage": Stage.PRODUCING},
        "丙": {"chain": None, "place": None, "enterprise": None, "total_investment": None, "stage": Stage.LANDED},
        "丁": {"chain": energy, "place": town, "enterprise": hidden, "total_investment": Decimal("9999.9999"),
               "status": Status.PAUSED, "status_reason": "资金"},
    }  # fmt: skip
    made = {name: ProjectFactory(name=f"{name}项目", **given) for name, given in made.items()}
    MilestoneFactory(project=made["甲"])
    MilestoneFactory(project=made["乙"], actual=date(2024, 8, 1))
    MilestoneFactory(project=made["乙"], kind=Milestone.Kind.SIGNED, actual=date(2023, 1, 1))
    MilestoneFactory(project=made["丁"], actual=None, actual_precision="", planned=date(2025, 1, 1),
                     planned_precision="year")  # fmt: skip
    ProjectPartyFactory(project=made["丙"], enterprise=two)
    return made


def asked(client, **query):
    page = page_of(client.get("/projects/", {"o": "code", **query}))
    return "".join(name[0] for name in shown_names(page)), page.texts(".notice")


def options(client, name, **query):
    """(value, label, count) of each choice of one facet."""
    labels = page_of(client.get("/projects/", query)).all("label.option")
    return [
        (option.one("input")["value"], option.one(".option__label").text, option.one(".option__count").text)
        for option in labels
        if option.one("input")["name"] == name
    ]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"q": "项目"}, "甲乙丙丁"), ({"q": "甲项"}, "甲"), ({"q": "华景"}, "甲"), ({"q": "新能源"}, "甲丁"),
        ({"q": "黄羊"}, "乙丁"), ({"q": "博贞"}, "乙丙"), ({"q": "隐名"}, ""), ({"q": "QY000103"}, ""),
        ({"chain": "energy"}, "甲丁"), ({"chain": ["dairy", "energy"]}, "甲乙丁"), ({"chain": "none"}, "丙"),
        ({"chain": ["none", "dairy"]}, "乙丙"),
        ({"stage": "started"}, "甲丁"), ({"stage": ["landed", "producing"]}, "乙丙"), ({"stage": "signed"}, ""),
        ({"status": "paused"}, "丁"), ({"status": "normal"}, "甲乙丙"),
        ({"place": "huangyang"}, "乙丁"), ({"place": "none"}, "丙"),
        ({"year": "2025"}, "甲"), ({"year": "2024"}, "乙"), ({"year": "2023"}, ""), ({"year": "none"}, "丙丁"),
        ({"enterprise": "QY000101"}, "甲"), ({"enterprise": ["QY000101", "QY000102"]}, "甲乙"),
        ({"investment_min": "1亿"}, "甲乙"), ({"investment_min": "1.31亿元"}, "甲乙"),
        ({"investment_min": "13101"}, "甲"),
        ({"investment_max": "13,100万元"}, "乙丁"), ({"investment_min": "0", "investment_max": "9999.9999万"}, "丁"),
        ({"investment_min": "13亿", "investment_max": "13亿"}, "甲"), ({"investment_min": "１３亿"}, "甲"),
        ({"chain": "energy", "place": "huangyang", "status": "paused", "investment_max": "1亿"}, "丁"),
        ({"chain": "", "q": " ", "investment_min": "", "page": ""}, "甲乙丙丁"),
    ],
)  # fmt: skip
def test_filter_gives_the_projects_meant(client, query, names):
    assert asked(client, **query) == (names, [])


@pytest.mark.parametrize("code", ["QY000103", "QY999999", "none", "1"])
def test_company_that_is_not_public_is_as_unknown_as_one_that_does_not_exist(client, code):
    names, notices = asked(client, enterprise=code)

    assert names == "甲乙丙丁"
    assert len(notices) == 1
    assert f"没有“{code}”这个选项" in notices[0]


def test_bounds_the_wrong_way_round_are_told(client):
    names, notices = asked(client, investment_min="2亿", investment_max="1亿")

    assert (names, len(notices)) == ("甲", 1)
    assert "总投资不高于" in notices[0]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("chain", [("energy", "新能源", "2"), ("dairy", "奶产业", "1"), ("none", "未注明", "1")]),
        ("place", [("huangyang", "黄羊镇", "2"), ("jiuduntan", "九墩滩", "1"), ("none", "未注明", "1")]),
        ("year", [("2025", "2025", "1"), ("2024", "2024", "1"), ("none", "未注明", "2")]),
        ("enterprise", [("QY000101", "华景电力", "1"), ("QY000102", "博贞乳业", "1")]),
        ("status", [("normal", "正常", "3"), ("paused", "暂停", "1"), ("terminated", "终止", "0")]),
    ],
)
def test_facet_shows_how_many_projects_each_choice_would_give(client, name, found):
    assert options(client, name) == found
    for value, _, count in found:
        assert len(asked(client, **{name: value})[0]) == int(count)


def test_facet_counts_under_the_other_filters_not_under_itself(client):
    assert options(client, "chain", chain="dairy", place="huangyang") == [
        ("dairy", "奶产业", "1"), ("energy", "新能源", "1"),
    ]  # fmt: skip


def test_choice_taken_is_offered_even_where_it_gives_nothing(client):
    chosen = options(client, "chain", chain="dairy", place="jiuduntan")

    assert chosen == [("energy", "新能源", "1"), ("dairy", "奶产业", "0")]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"theme": "service"}, ["走访"]), ({"nature": "stock"}, ["户数"]), ({"q": "资金"}, ["资金"]),
        ({"q": "口径"}, ["户数"]),
    ],
)  # fmt: skip
def test_indicators_are_filtered(client, query, names):
    ReportedIndicatorFactory(name="走访", theme=ReportedIndicator.Theme.SERVICE)
    ReportedIndicatorFactory(name="资金")
    ReportedIndicatorFactory(name="户数", nature=ReportedIndicator.Nature.STOCK, definition="口径")

    assert shown_names(page_of(client.get("/indicators/", query))) == names
