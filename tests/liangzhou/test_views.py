"""The generic pages: lists and their exports, records, the display cookie."""

from datetime import UTC, datetime
from decimal import Decimal
from urllib.parse import unquote

import pytest
import time_machine

from projects.models import Project
from projects.stages import Stage, Status
from tests.answers import body, csv_records, csv_rows, facts_of, page_of, shown_names, xlsx_rows
from tests.factories import (
    CitationFactory,
    EnterpriseFactory,
    IndustryChainFactory,
    MilestoneFactory,
    PlaceFactory,
    ProjectFactory,
    ReportedIndicatorFactory,
    SourceFactory,
)

pytestmark = pytest.mark.django_db

REFUSED = {
    "colour=red": "这里没有“colour”这个筛选条件",
    "stage=sold": "没有“sold”这个选项",
    "stage=signed&stage=lead": "没有“lead”这个选项",
    "chain=none-such": "没有“none-such”这个选项",
    "investment_min=much": "“much”",
    "investment_min=2亿&investment_max=1亿": "总投资不高于",
    "o=internal_remark": "不能按“internal_remark”排序",
    "o=-": "不能按“-”排序",
    "page=2": "导出不分页",
    "page=": "导出不分页",
    "q=" + "长" * 101: "关键词",
}
QUERIES = [
    "", "q=储能", "stage=signed&stage=started", "chain=chain-1", "chain=none", "place=place-0&o=-investment",
    "o=name", "o=-name", "o=investment", "o=-investment", "o=stage", "o=-milestone", "o=chain", "o=place", "year=2025",
    "year=none&o=updated", "investment_min=1亿&o=investment", "investment_min=5000万&investment_max=13亿",
    "status=paused", "status=normal&o=-stage&q=项目", "q=nothing-like-it", "utm_source=wechat&o=name",
]  # fmt: skip


@pytest.fixture
def projects():
    """Five public projects, one fact of each unlike the others', and one that is a lead."""
    chains = [IndustryChainFactory(name=name, slug=f"chain-{n}") for n, name in enumerate(["奶产业", "新能源"])]
    places = [PlaceFactory(name=name, slug=f"place-{n}") for n, name in enumerate(["黄羊镇", "九墩滩"])]
    made = [
        ProjectFactory(name="乙储能项目", stage=Stage.SIGNED, chain=chains[1], place=places[0], total_investment=None),
        ProjectFactory(name="甲乳品项目", stage=Stage.PRODUCING, chain=chains[0], place=places[0],
                       total_investment=Decimal("13100")),
        ProjectFactory(name="丁储能项目", chain=None, place=places[1], total_investment=Decimal("130000")),
        ProjectFactory(name="丙算力项目", stage=Stage.LANDED, chain=chains[1], place=None,
                       total_investment=Decimal("5000.5"), status=Status.PAUSED, status_reason="资金"),
        ProjectFactory(name="戊食品项目", chain=chains[0], place=None, total_investment=Decimal("130000")),
    ]  # fmt: skip
    MilestoneFactory(project=made[1], actual=datetime(2024, 8, 1, tzinfo=UTC).date())
    MilestoneFactory(project=made[2])
    ProjectFactory(name="己储能线索", stage=Stage.LEAD)
    return made


def refusal_of(response):
    page = page_of(response)
    return page.texts("h1"), " ".join(page.texts(".notice")), page.one("main").one("a.button")["href"]


@pytest.mark.usefixtures("projects")
@pytest.mark.parametrize("query", QUERIES)
def test_list_shows_what_its_exports_hold_in_the_same_order(client, query):
    names = shown_names(page_of(client.get(f"/projects/?{query}")))

    assert [record["名称"] for record in csv_records(client.get(f"/projects/export.csv?{query}"))] == names
    assert [row[1] for row in xlsx_rows(client.get(f"/projects/export.xlsx?{query}"))[1:]] == names


@pytest.mark.usefixtures("projects")
def test_list_in_english_shows_the_same(client):
    for query in ("", "q=储能", "status=normal&o=-stage&q=项目", "investment_min=5000万&investment_max=13亿"):
        pages = [page_of(client.get(f"{path}?{query}")) for path in ("/projects/", "/en/projects/")]
        assert shown_names(pages[0]) == shown_names(pages[1]) != [], query


@pytest.mark.usefixtures("projects")
@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=储能&o=name", ["丁储能项目", "乙储能项目"]),
        ("o=-investment&stage=started", ["戊食品项目", "丁储能项目"]),
        ("o=investment", ["丙算力项目", "甲乳品项目", "丁储能项目", "戊食品项目", "乙储能项目"]),
        ("o=stage&chain=chain-1", ["乙储能项目", "丙算力项目"]),
        ("o=-milestone&year=2025&year=2024", ["丁储能项目", "甲乳品项目"]),
    ],
)
def test_list_is_filtered_and_sorted(client, query, names):
    assert shown_names(page_of(client.get(f"/projects/?{query}"))) == names


def test_list_is_numbered_and_its_export_is_whole(client):
    for n in range(45):
        ProjectFactory(name=f"项目{n:02}", enterprise=None, chain=None, place=None)
    pages = [page_of(client.get(f"/projects/?o=name&page={number}")) for number in (1, 2, 3)]

    names = [name for page in pages for name in shown_names(page)]
    assert [len(shown_names(page)) for page in pages] == [20, 20, 5]
    assert names == [f"项目{n:02}" for n in range(45)]
    assert [row[1] for row in csv_rows(client.get("/projects/export.csv?o=name"))[1:]] == names
    assert pages[1].texts(".pagination__where") == ["第 2 页,共 3 页".replace(",", "\uff0c")]
    assert [a["href"] for a in pages[1].all("a.pagination__step")] == [
        "/projects/?o=name",
        "/projects/?o=name&page=3",
    ]


@pytest.mark.parametrize(
    ("asked", "shown"),
    [("3", "2"), ("0", "1"), ("-1", "1"), ("1e9", "1"), ("99999999999", "1"), ("٣", "1"), ("x", "1")],
)
def test_page_that_does_not_exist_is_said_and_the_nearest_is_shown(client, asked, shown):
    for _ in range(21):
        ProjectFactory(enterprise=None, chain=None, place=None)

    page = page_of(client.get("/projects/", {"page": asked}))

    assert page.one("nav.pagination").one("a", aria_current="page").text == shown
    assert f"“{asked}”" in page.one(".notice").text


@pytest.mark.usefixtures("projects")
def test_filters_in_force_can_be_taken_off_one_by_one(client):
    page = page_of(client.get("/projects/?stage=signed&stage=started&q=储能&investment_min=1亿&o=name"))

    assert [unquote(chip["href"]) for chip in page.all("a.chip")] == [
        "/projects/?stage=signed&stage=started&investment_min=1亿&o=name",
        "/projects/?q=储能&stage=started&investment_min=1亿&o=name",
        "/projects/?q=储能&stage=signed&investment_min=1亿&o=name",
        "/projects/?q=储能&stage=signed&stage=started&o=name",
    ]
    assert page.one("a.chips__clear")["href"] == "/projects/?o=name"


@pytest.mark.usefixtures("projects")
def test_facets_count_under_the_other_filters(client):
    page = page_of(client.get("/projects/?stage=started&q=储能"))

    options = [option for option in page.all("label.option") if option.one("input")["name"] == "stage"]
    assert [(option.one("input")["value"], option.one(".option__count").text) for option in options] == [
        ("signed", "1"), ("landed", "0"), ("started", "1"), ("building", "0"), ("producing", "0"), ("at_capacity", "0"),
    ]  # fmt: skip


@pytest.mark.usefixtures("projects")
def test_list_without_a_match_says_what_to_try(client):
    page = page_of(client.get("/projects/?q=光伏&stage=signed"))

    assert page.all("table.ledger") == []
    assert [a["href"] for a in page.one(".empty").all("a")] == [
        "/projects/?stage=signed",
        "/projects/?q=%E5%85%89%E4%BC%8F",
        "/projects/",
    ]


@pytest.mark.usefixtures("projects")
def test_exports_of_a_list_are_linked_with_what_was_understood(client):
    page = page_of(client.get("/projects/?q=储能&colour=red&stage=sold&o=name&page=7"))

    assert [a["href"] for a in page.one(".toolbar__exports").all("a")] == [
        "/projects/export.csv?q=%E5%82%A8%E8%83%BD&o=name",
        "/projects/export.xlsx?q=%E5%82%A8%E8%83%BD&o=name",
    ]


@pytest.mark.usefixtures("projects")
@pytest.mark.parametrize("query", [query for query in REFUSED if not query.startswith("page")])
def test_list_says_what_it_did_not_understand(client, query):
    response = client.get(f"/projects/?{query}")

    assert response.status_code == 200
    assert REFUSED[query] in " ".join(page_of(response).texts(".notice"))


@pytest.mark.usefixtures("projects")
@pytest.mark.parametrize("query", REFUSED)
@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_export_of_what_was_not_understood_is_refused_in_words(client, query, format):  # noqa: A002
    response = client.get(f"/projects/export.{format}?{query}")

    assert (response.status_code, response["Content-Type"]) == (400, "text/html; charset=utf-8")
    assert "Content-Disposition" not in response
    headings, notices, back = refusal_of(response)
    assert headings == ["未生成导出文件"]
    assert REFUSED[query] in notices
    assert back.partition("?")[0] == "/projects/"


def test_refused_export_leads_back_to_what_was_understood(client):
    response = client.get("/en/projects/export.csv?q=储能&colour=red&o=name")

    assert refusal_of(response)[2] == "/en/projects/?q=%E5%82%A8%E8%83%BD&o=name"


@time_machine.travel(datetime(2025, 6, 3, 20, tzinfo=UTC), tick=False)  # the 4th in Beijing
@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/projects/export.csv", "项目_2025-06-04.csv"),
        ("/enterprises/export.xlsx", "企业_2025-06-04.xlsx"),
        ("/indicators/export.csv", "报道指标_2025-06-04.csv"),
        ("/en/projects/export.csv", "projects_2025-06-04.csv"),
    ],
)
def test_export_is_named_after_the_list_and_the_day(client, path, name):
    assert unquote(client.get(path)["Content-Disposition"].partition("filename*=UTF-8''")[2]) == name


@pytest.mark.parametrize("path", ["/projects/export.csv", "/projects/export.xlsx"])
def test_head_of_an_export_reads_nothing(client, path, django_assert_num_queries):
    ProjectFactory()
    client.get(path)  # the kinds of records are looked up once per process

    with django_assert_num_queries(0):
        response = client.head(path)

    assert (response.status_code, body(response)) == (200, b"")


def test_record_has_the_meta_tags_of_government_sites(client, settings):
    settings.SITE_IDENTITY = settings.SITE_IDENTITY | {"site_code": "6206020001"}
    with time_machine.travel(datetime(2025, 6, 3, 20, 30, tzinfo=UTC), tick=False):
        project = ProjectFactory(name="独立储能电站", code="LZ000007", summary="建成后维持电网稳定。")
    source = SourceFactory(title="凉州新高地")
    CitationFactory.create_batch(2, target=project, source=source)

    page = page_of(client.get("/projects/LZ000007/"))

    assert [(meta["name"], meta["content"]) for meta in page.all("meta") if "name" in meta.attrs][-13:] == [
        ("SiteName", "凉州区招商引资项目台账"),
        ("SiteDomain", "testserver"),
        ("SiteIDCode", "6206020001"),
        ("ColumnName", "项目"),
        ("ColumnDescription", "项目"),
        ("ColumnKeywords", "项目"),
        ("ColumnType", "项目"),
        ("ArticleTitle", "独立储能电站"),
        ("PubDate", "2025-06-04 04:30"),
        ("ContentSource", "《凉州新高地》"),
        ("Keywords", "独立储能电站"),
        ("Description", "建成后维持电网稳定。"),
        ("Url", "http://testserver/projects/LZ000007/"),
    ]


def test_list_has_the_meta_tags_of_a_column(client):
    page = page_of(client.get("/enterprises/"))

    metas = {meta.attrs.get("name"): meta["content"] for meta in page.all("meta") if "content" in meta.attrs}
    assert (metas["SiteName"], metas["ColumnName"], metas["ColumnType"]) == ("凉州区招商引资项目台账", "企业", "企业")
    assert "ArticleTitle" not in metas
    assert "SiteIDCode" not in metas


def test_record_says_when_it_was_changed_and_where_it_stays(client):
    with time_machine.travel(datetime(2025, 6, 3, 20, 30, tzinfo=UTC), tick=False):
        ProjectFactory(code="LZ000007")

    foot = page_of(client.get("/projects/LZ000007/")).one("p.record-foot")

    assert "2025年6月4日 04:30" in foot.text
    assert foot.one("a")["href"] == foot.one("a").text == "http://testserver/projects/LZ000007/"


def test_record_links_each_fact_to_its_sentences(client):
    project = ProjectFactory(code="LZ000007", total_investment=Decimal("130000"))
    CitationFactory(target=project, quote="总投资13亿元。", supports="总投资、占地面积", position=1)
    CitationFactory(target=project, quote="占地面积100亩。", supports="占地面积", position=2)

    page = page_of(client.get("/projects/LZ000007/"))

    rows = page.all(".facts__row")
    refs = {row.one("dt").text: [mark.one("a")["href"] for mark in row.all("sup.ref")] for row in rows}
    assert (refs["总投资"], refs["占地面积"]) == (["#source-1"], ["#source-1", "#source-2"])
    assert [(c["id"], c.one("blockquote").text) for c in page.all("li.citation")] == [
        ("source-1", "总投资13亿元。"),
        ("source-2", "占地面积100亩。"),
    ]
    assert facts_of(page)["总投资"] == "13 亿元"


@pytest.mark.parametrize("factory", [ProjectFactory, EnterpriseFactory])
def test_record_that_is_withdrawn_is_gone_even_for_who_has_a_copy(client, factory):
    record = factory()
    address = record.get_absolute_url()
    etag = client.get(address)["ETag"]
    copy = {"if-none-match": etag, "if-modified-since": "Tue, 01 Jan 2999 00:00:00 GMT"}
    assert client.get(address, headers=copy).status_code == 304

    type(record).objects.update(published=False)

    assert client.get(address, headers=copy).status_code == 404


def test_list_of_indicators_is_the_same_in_page_and_export(client):
    for n, theme in enumerate(["service", "investment", "investment"]):
        ReportedIndicatorFactory(name=f"指标{n}", theme=theme, position=n, value=Decimal(10 - n))

    for query in ("", "o=value", "theme=investment&o=-value", "q=指标2"):
        exported = csv_records(client.get(f"/indicators/export.csv?{query}"))
        by_theme = sorted(exported, key=lambda record: record["主题"] != "项目与资金")  # the page groups by theme
        assert shown_names(page_of(client.get(f"/indicators/?{query}"))) == [record["名称"] for record in by_theme]


class TestDisplay:
    def test_choice_is_kept_in_a_cookie_and_shown_on_every_page(self, client):
        response = client.post("/display/", {"large": "on", "contrast": "on", "next": "/projects/?q=1"})

        cookie = response.cookies["display"]
        assert (response.status_code, response["Location"]) == (303, "/projects/?q=1")
        assert (cookie.value, cookie["max-age"], cookie["samesite"], cookie["httponly"]) == (
            "large-contrast", 31536000, "Lax", True,
        )  # fmt: skip
        assert page_of(client.get("/about/")).one("html")["class"] == "large contrast"
        assert page_of(client.get("/no/such/page/")).one("html")["class"] == "large contrast"

    def test_last_value_of_a_setting_counts(self, client):
        client.post("/display/", "large=off&contrast=on&large=on", content_type="application/x-www-form-urlencoded")

        assert page_of(client.get("/")).one("html")["class"] == "large contrast"

    def test_choice_is_taken_back(self, client):
        client.post("/display/", {"large": "on"})
        client.post("/display/", {"large": "off", "contrast": "off"})

        assert page_of(client.get("/")).one("html")["class"] == ""

    def test_cookie_of_somebody_elses_making_sets_no_other_class(self, client):
        client.cookies["display"] = 'large-"><script>-evil'

        assert page_of(client.get("/")).one("html")["class"] == "large"

    @pytest.mark.parametrize(
        "address",
        [
            "https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example", "javascript:alert(1)",
            "projects/", "http:///elsewhere.example", "", "\thttps://elsewhere.example",
        ],
    )  # fmt: skip
    def test_it_leads_to_no_other_site(self, client, address):
        assert client.post("/display/", {"next": address})["Location"] == "/"

    def test_it_needs_no_token_and_only_takes_forms(self, client):
        strict = type(client)(enforce_csrf_checks=True)

        assert strict.post("/display/", {"large": "on"}).status_code == 303
        assert strict.get("/display/").status_code == 405


def test_pages_do_not_count_who_may_not_be_seen(client, projects):
    page = page_of(client.get("/projects/"))

    assert len(projects) == 5 == Project.objects.public().count() == Project.objects.count() - 1
    assert page.one(".toolbar__summary").text.startswith("5 项")
