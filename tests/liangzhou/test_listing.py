from datetime import date

import pytest
from django.http import QueryDict
from django.utils import translation

from liangzhou.columns import Cell
from liangzhou.listing import PAGE_SIZE, Listing, Notice
from projects.columns import project_columns
from projects.filters import ProjectFilter
from projects.models import Project
from projects.stages import Stage
from tests.factories import MilestoneFactory, PlaceFactory, ProjectFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def listing(query=""):
    params = query if isinstance(query, QueryDict) else QueryDict(query)
    return Listing(params, Project.objects.public(), ProjectFilter, project_columns(), "-updated", path="/projects/")


def names(query):
    return list(listing(query).queryset.values_list("name", flat=True))


# What was not understood


@pytest.mark.parametrize(
    ("query", "notices"),
    [
        ("", []),
        ("stage=signed&o=-investment&q=储能", []),
        ("utm_source=x&utm_campaign=y&from=timeline&isappinstalled=0&spm=1&scene=2&clicktime=3&enterid=4", []),
        ("o=", []),
        ("o=price", [Notice("The list cannot be sorted by “price”.")]),
        ("o=summary", [Notice("The list cannot be sorted by “summary”.")]),
        ("colour=red", [Notice("There is no filter “colour” here; it was not applied.")]),
        ("x" * 99, [Notice(f"There is no filter “{'x' * 40}” here; it was not applied.")]),
        ("q=a&q=b", [Notice("“q” was given several times; only the last one counts.")]),
        (
            "stage=lead",
            [Notice("Stage: “lead” is not one of the choices. This filter was not applied.", level="error")],
        ),
        (
            "investment_min=-5&o=x",
            [
                Notice("The list cannot be sorted by “x”."),
                Notice("Total investment from: An amount cannot be negative. This filter was not applied.", "error"),
            ],
        ),
    ],
)
def test_listing_tells_what_it_did_not_understand(query, notices):
    asked = listing(query)

    assert (asked.notices, asked.understood) == (notices, notices == [])


# Order


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ("o=investment", ["乙", "甲", "丙"]),
        ("o=-investment", ["甲", "乙", "丙"]),
        ("o=name", ["丙", "甲", "乙"]),  # bing, jia, yi
        ("o=-name", ["乙", "甲", "丙"]),
        ("o=-stage", ["丙", "乙", "甲"]),
        ("o=milestone", ["丙", "甲", "乙"]),
        ("", ["丙", "乙", "甲"]),
        ("o=price", ["丙", "乙", "甲"]),
    ],
)
def test_listing_is_sorted_as_asked(query, order):
    jia = ProjectFactory(name="甲", total_investment=9, stage=Stage.SIGNED)
    yi = ProjectFactory(name="乙", total_investment=5, stage=Stage.BUILDING)
    bing = ProjectFactory(name="丙", total_investment=None, stage=Stage.PRODUCING)
    MilestoneFactory(project=jia, actual=date(2025, 5, 21))
    MilestoneFactory(project=bing, actual=date(2024, 8, 1))
    for day, project in enumerate((jia, yi, bing), 1):
        Project.objects.filter(pk=project.pk).update(updated_at=f"2025-06-0{day}T00:00:00+08:00")

    assert names(query) == order


# Addresses


@pytest.fixture
def park():
    return PlaceFactory(name="黄羊工业园", slug="park")


def test_chips_take_filters_off_one_by_one(park):
    asked = listing("q=储能 电站&stage=signed&stage=landed&place=park&investment_min=1亿&o=name&page=3&from=x")

    words = "q=%E5%82%A8%E8%83%BD+%E7%94%B5%E7%AB%99"
    amount = "investment_min=1%E4%BA%BF"
    assert asked.chips == [
        {"label": "Search words", "value": "储能 电站",
         "remove_url": f"/projects/?stage=signed&stage=landed&place=park&{amount}&o=name"},
        {"label": "Stage", "value": "signed (签约)",
         "remove_url": f"/projects/?{words}&stage=landed&place=park&{amount}&o=name"},
        {"label": "Stage", "value": "landed (落地)",
         "remove_url": f"/projects/?{words}&stage=signed&place=park&{amount}&o=name"},
        {"label": "Place", "value": "黄羊工业园",
         "remove_url": f"/projects/?{words}&stage=signed&stage=landed&{amount}&o=name"},
        {"label": "Total investment from", "value": "1 亿元",
         "remove_url": f"/projects/?{words}&stage=signed&stage=landed&place=park&o=name"},
    ]  # fmt: skip


def test_addresses_carry_only_what_was_understood(park):
    asked = listing("stage=wrong&place=park&q=%00&investment_min=x&colour=red&o=price&page=9&utm_source=y")

    assert asked.url_with() == "/projects/?place=park"
    assert asked.export_url("/projects/export.csv") == "/projects/export.csv?place=park"


@pytest.mark.parametrize(
    ("query", "clear_url", "hidden"),
    [
        ("", "/projects/", []),
        ("stage=signed", "/projects/", []),
        ("stage=signed&o=-updated", "/projects/", []),
        ("stage=signed&o=name", "/projects/?o=name", [("o", "name")]),
        ("stage=signed&o=wrong", "/projects/", []),
    ],
)
def test_clearing_the_filters_keeps_the_order(query, clear_url, hidden):
    asked = listing(query)

    assert (asked.clear_url, asked.hidden) == (clear_url, hidden)


def test_url_with_changes_parameters():
    asked = listing("stage=signed&o=name&page=4")

    assert asked.url_with(o="-name") == "/projects/?stage=signed&o=-name"
    assert asked.url_with(page="2") == "/projects/?stage=signed&o=name&page=2"


@pytest.mark.parametrize(
    ("query", "name_head", "investment_head"),
    [
        ("", ("", "/projects/?o=name"), ("", "/projects/?o=-investment")),
        ("o=name", ("ascending", "/projects/?o=-name"), ("", "/projects/?o=-investment")),
        ("o=-name", ("descending", "/projects/?o=name"), ("", "/projects/?o=-investment")),
        ("o=-investment", ("", "/projects/?o=name"), ("descending", "/projects/?o=investment")),
    ],
)
def test_heads_sort_and_turn_round(query, name_head, investment_head):
    heads = {head["label"]: (head["sorted"], head["sort_url"]) for head in listing(query).header}

    assert (heads["Name"], heads["Total investment"]) == (name_head, investment_head)


def test_sort_options_name_every_order_and_the_one_in_force():
    options = listing("o=-investment").sort_options

    assert [option["label"] for option in options if option["current"]] == ["Total investment, descending"]
    assert [option["url"] for option in options][-2:] == ["/projects/?o=updated", "/projects/?o=-updated"]
    assert len({option["label"] for option in options}) == len(options)


def test_rows_are_cells_with_the_labels_of_their_columns():
    ProjectFactory(name="储能电站", code="LZ000009", enterprise=None, chain=None, place=None, total_investment=None)
    asked = listing()

    cells = asked.rows(asked.page(1))[0]

    assert [head["label"] for head in asked.header] == [cell.label for cell in cells]
    assert cells[0] == Cell("储能电站", url="/en/projects/LZ000009/", primary=True, label="Name")


# Pages


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ("", 1), ("1", 1), ("3", 3), ("03", 3), ("0", 1), ("-1", 1), ("abc", 1), ("2.0", 1), ("1e1", 1),
        ("4", 3), ("999", 3), ("9" * 9, 3), ("9" * 5000, 1), ("\u0662", 1), ("\u00b2", 1), ("\x00", 1),
    ],
)  # fmt: skip
def test_page_is_the_nearest_one_with_a_notice(asked, number):
    for _ in range(3):
        ProjectFactory()
    params = QueryDict(mutable=True)
    params["page"] = asked
    list_ = listing(params)

    page = list_.page(2 * PAGE_SIZE + 1)

    assert page.number == number
    words = f"There is no page “{asked[:20]}”; this is page {number}."
    assert list_.notices == ([] if asked in ("", "1", "3", "03") else [Notice(words)])


def test_pages_link_to_the_others_with_gaps():
    asked = listing("stage=started&o=name&page=6")

    pages = asked.pages(asked.page(11 * PAGE_SIZE))

    address = "/projects/?stage=started&o=name"
    assert (pages["number"], pages["num_pages"]) == (6, 11)
    assert [item and item["number"] for item in pages["items"]] == [1, None, 4, 5, 6, 7, 8, None, 11]
    assert [item["number"] for item in pages["items"] if item and item["current"]] == [6]
    assert [item["url"] for item in pages["items"] if item][:2] == [address, f"{address}&page=4"]
    assert (pages["previous_url"], pages["next_url"]) == (f"{address}&page=5", f"{address}&page=7")


def test_pages_of_an_empty_list_are_one():
    asked = listing()

    assert asked.pages(asked.page(0)) == {
        "number": 1, "num_pages": 1, "previous_url": "", "next_url": "",
        "items": [{"number": 1, "url": "/projects/", "current": True}],
    }  # fmt: skip


def test_page_holds_a_page_of_rows():
    made = [ProjectFactory().pk for _ in range(3)]
    list_ = listing("o=code")

    assert [row.pk for row in list_.page(3).object_list] == made
