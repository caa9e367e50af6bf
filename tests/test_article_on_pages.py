"""The article, loaded as it is delivered, read back from the pages and the files."""

import re
from decimal import Decimal

import pytest
from django.core.management import call_command

from projects.models import IndustryChain, Mechanism, Project
from tests.answers import csv_records, facts_of, page_of, shown_names, xlsx_rows
from tests.kept_rows import kept_rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("article")]

AMOUNT = "总投资\uff08万元\uff09"
GROWTH = "同比\uff08%\uff09"
STORAGE, DAIRY, FOOD, COMPUTING = "LZ000001", "LZ000002", "LZ000003", "LZ000004"
UNKNOWN = "—不详"


@pytest.fixture(scope="module")
def article(django_db_setup, django_db_blocker):
    """The article in the database for the whole of this module, and gone after it."""
    with kept_rows(django_db_blocker):
        call_command("load_article", verbosity=0)
        yield


def by_name(client, path, name="名称"):
    return {record[name]: record for record in csv_records(client.get(path))}


def by_code(client):
    return by_name(client, "/projects/export.csv", "编号")


def checked(page):
    """Which of the four ones a chain has."""
    return [item["class"].split("--")[1] for item in page.all("li.check")]


@pytest.mark.parametrize(
    ("code", "shown", "wan"),
    [(STORAGE, "13 亿元", 130_000), (DAIRY, "1.31 亿元", 13_100), (FOOD, UNKNOWN, None), (COMPUTING, UNKNOWN, None)],
)
def test_amount_of_a_project_on_its_page_and_in_its_files(client, code, shown, wan):
    page = page_of(client.get(f"/projects/{code}/"))

    assert facts_of(page)["总投资"] == shown
    assert by_code(client)[code][AMOUNT] == ("" if wan is None else str(wan))
    header, *rows = xlsx_rows(client.get("/projects/export.xlsx"))
    assert {row[0]: row[header.index(AMOUNT)] for row in rows}[code] == wan


def test_list_sums_what_is_known_and_says_what_is_not(client):
    page = page_of(client.get("/projects/?o=code"))

    assert page.one(".toolbar__summary").text == "4 项 · 总投资 14.31 亿元\uff08另有 2 项金额不详\uff09"
    assert shown_names(page) == list(Project.objects.order_by("code").values_list("name", flat=True))


def test_storage_station_says_what_the_article_says(client):
    facts = facts_of(page_of(client.get(f"/projects/{STORAGE}/")))

    said = {
        "阶段": "开工", "地点": "九墩滩光伏治沙示范园区", "企业": "武威华景领航电力有限公司",
        "产业链": "新能源及装备制造", "占地面积": "100 亩", "储能功率": "300 MW", "储能容量": "1200 MWh",
    }  # fmt: skip
    assert {label: facts[label] for label in said} == said
    assert (facts["投资项目统一代码"], facts["所属项目"]) == (UNKNOWN, UNKNOWN)


@pytest.mark.parametrize(
    ("code", "events"),
    [
        (STORAGE, ["2025年5月下旬 开工"]), (DAIRY, ["2024年8月 投产"]), (FOOD, ["2024年10月 落地"]), (COMPUTING, []),
    ],
)  # fmt: skip
def test_milestones_are_as_precise_as_the_article(client, code, events):
    page = page_of(client.get(f"/projects/{code}/"))

    shown = [f"{e.one('.event__date').text} {e.one('.event__what').text}" for e in page.all("li.event")]
    assert [re.match(r"\w+ \w+", event)[0] for event in shown] == events


@pytest.mark.parametrize("code", [STORAGE, DAIRY, FOOD, COMPUTING])
def test_every_fact_of_a_project_has_its_sentence_on_the_page(client, code):
    page = page_of(client.get(f"/projects/{code}/"))
    sentences = {c["id"]: c.one("blockquote").text for c in page.all("li.citation")}

    assert len(sentences) >= 1
    derived = ("编号", "状态", "承担企业")
    for row in page.all(".facts__row"):
        if row.all(".unknown") == [] and row.one("dt").text not in derived:
            targets = [mark.one("a")["href"].removeprefix("#") for mark in row.all("sup.ref")]
            assert targets != [], row.text
            assert [target for target in targets if target not in sentences] == []
    article_text = list(Project.objects.get(code=code).citations.values_list("quote", flat=True))
    assert list(sentences.values()) == article_text


@pytest.mark.parametrize(
    ("name", "value", "unit", "qualifier", "period"),
    [
        ("实施招商引资项目", "421", "项", "", "2025年1—5月"),
        ("实施招商引资项目总投资", "352.04", "亿元", "", "2025年1—5月"),
        ("省外到位资金", "88.57", "亿元", "", "2025年1—5月"),
        ("到位资金", "113.36", "亿元", "预计", "2025年上半年"),
        ("重点产业链", "8", "条", "", "—"),
        ("储备重点项目", "238", "项", "", "—"),
        ("储备重点项目总投资", "1251.46", "亿元", "", "—"),
        ("帮办代办手续", "153", "项", "", "2025年1—5月"),
        ("累计走访企业", "58", "家次", "", "2025年1—5月"),
        ("现场解决难题", "30", "项", "余\uff08超\uff09", "2025年1—5月"),
        ("企业满意度", "100", "%", "达", "2025年1—5月"),
        ("处理反馈问题", "12", "件", "", "2025年以来"),
        ("新认定省级科技创新型企业", "17", "户", "", "2024年以来"),
        ("新认定专精特新中小企业", "12", "户", "", "2024年以来"),
        ("高新技术企业", "55", "户", "达", "—"),
        ("规模以上企业中有研发活动企业占比", "38.46", "%", "达", "—"),
    ],
)
def test_reported_figure_on_the_page_and_in_the_file(client, name, value, unit, qualifier, period):
    row = next(
        row for row in page_of(client.get("/indicators/")).all("tr") if row.all("th", scope="row")
        and row.one("th").all("span")[0].text == name
    )  # fmt: skip

    spoken = {"余\uff08超\uff09": "超"}.get(qualifier, qualifier)
    figure, when, _ = row.all("td")
    record = by_name(client, "/indicators/export.csv")[name]
    amount = f"{value}%" if unit == "%" else f"{value} {unit}"
    assert figure.text == f"{spoken} {amount}".strip()
    assert when.all("span")[0].text == period
    assert row.all("sup.ref") != []
    assert (record["数值"], record["单位"], record["限定"]) == (value, unit, qualifier or "准确数")
    assert value in record["出处原文"]


def test_growth_is_reported_and_its_base_is_marked_as_derived(client):
    cells = {
        row.one("th").all("span")[0].text: row.all("td")[2]
        for row in page_of(client.get("/indicators/")).all("tr")
        if row.all("th", scope="row")
    }
    records = by_name(client, "/indicators/export.csv")

    funds, forecast = cells["省外到位资金"], cells["到位资金"]
    assert (funds.all("span")[0].text, forecast.all("span")[0].text) == ("+38.01%", "+35%以上")
    assert funds.one(".cell__note").text.startswith("推算上年同期 64.18 亿元")
    assert [name for name, cell in cells.items() if "推算" in cell.text] == ["省外到位资金"]
    assert [(r[GROWTH], r["同比限定"]) for r in (records["省外到位资金"], records["到位资金"])] == [
        ("38.01", "准确数"), ("35", "以上"),
    ]  # fmt: skip
    assert [record for record in records.values() if "64.18" in record.values()] == []


def test_home_page_shows_reported_and_recorded_apart(client):
    page = page_of(client.get("/"))

    figures = [figure.one(".figure__value").text for figure in page.all("li.figure")]
    assert figures == ["421 项", "352.04 亿元", "88.57 亿元", "113.36 亿元 预计"]
    assert page.texts(".figure__growth") == ["同比 +38.01%", "同比 +35%以上"]
    assert [len(figure.all("blockquote")) for figure in page.all("li.figure")] == [1, 1, 1, 1]
    for chart in page.all("figure.chart"):
        assert sum(int(bar.text.split(" ")[0]) for bar in chart.all(".bars__value")) == 4
    assert page.one("main").text.count("14.31 亿元") == 1


def test_sentence_that_several_figures_share_is_quoted_once(client):
    quotes = page_of(client.get("/indicators/")).texts("blockquote")

    assert len(quotes) == len(set(quotes))
    assert sum("421项" in quote and "352.04亿元" in quote and "38.01%" in quote for quote in quotes) == 1


def test_every_chain_says_that_only_the_chain_itself_is_on_record(client):
    pages = [page_of(client.get(chain.get_absolute_url())) for chain in IndustryChain.objects.all()]

    assert [checked(page) for page in pages] == [["yes", "no", "no", "no"]] * 5


def test_every_record_has_a_page_with_its_sentence(client):
    records = [*Project.objects.all(), *IndustryChain.objects.all(), *Mechanism.objects.all()]
    paths = [record.get_absolute_url() for record in records]
    paths += [f"/enterprises/{record['编号']}/" for record in csv_records(client.get("/enterprises/export.csv"))]

    assert len(paths) == 4 + 5 + 17 + 7
    assert [path for path in paths if page_of(client.get(path)).texts("blockquote") == []] == []


def test_all_fifty_township_units_and_two_parks_are_listed(client):
    sections = page_of(client.get("/places/")).all("section.section")

    assert [(s.one("h2").text, len(s.all("li"))) for s in sections][:3] == [("园区", 2), ("乡镇", 37), ("街道", 9)]
    assert len(sections[3].all("li")) == 4


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("储能", STORAGE), ("300MW", STORAGE), ("九墩滩", STORAGE), ("华景", STORAGE), ("乳制品", DAIRY),
        ("8600吨", DAIRY), ("雅洁", FOOD), ("智算", COMPUTING), ("燧原", COMPUTING), ("1000P", COMPUTING),
    ],
)  # fmt: skip
def test_project_is_found_by_the_articles_words(client, query, found):
    page = page_of(client.get("/projects/", {"q": query}))

    assert [th.one("a", href=f"/projects/{found}/").tag for th in page.all("th", scope="row")[:1]] == ["a"]
    hits = page_of(client.get("/search/", {"q": query})).one("main")
    assert len(hits.all("a", href=f"/projects/{found}/")) == 1


def test_sum_of_the_file_is_the_sum_on_the_page(client):
    amounts = [Decimal(record[AMOUNT]) for record in by_code(client).values() if record[AMOUNT]]

    assert sum(amounts) == Decimal(143_100)
