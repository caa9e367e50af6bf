"""Nothing that is not public is seen, counted or to be guessed at, on any public surface."""

import re

import pytest
from django.urls import reverse

from enterprises.models import Enterprise, Place
from liangzhou.publishing import withdraw
from projects.columns import indicator_columns, project_columns
from projects.models import IndustryChain, Mechanism, Opportunity, Project, ReportedIndicator
from projects.stages import Stage
from tests.answers import body, csv_records, page_of, shown_names, xlsx_rows, xml_of
from tests.factories import UserFactory
from tests.kept_rows import kept_rows
from tests.leaking_world import SECRET_FORMS, World

pytestmark = pytest.mark.django_db

LISTS = ["/projects/", "/enterprises/", "/indicators/"]
PAGES = [
    "/",
    "/funds/",
    "/funds/definitions/",
    "/chains/",
    "/places/",
    "/mechanisms/",
    "/opportunities/",
    "/about/",
    *LISTS,
]
WORDS = ["SECRET", "INTERN", "PUBLIC"]  # what the marks begin with: found in part, not printed whole
FILTERS = ["chain=lonely-chain", "place=lonely-place", "enterprise=QY000101", "year=none", "o=name"]
SECTIONS = ["projects", "enterprises", "chains", "places", "mechanisms"]
ONCE = [
    "/feed.atom",
    "/sitemap.xml",
    "/robots.txt",
    *(f"/sitemap-{section}.xml" for section in ["pages", "funds", *SECTIONS]),
]
PUBLISHABLE = [Project, Enterprise, ReportedIndicator, Mechanism, Opportunity]
LATER = {"if-modified-since": "Tue, 01 Jan 2999 00:00:00 GMT"}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with kept_rows(django_db_blocker):
        yield World()


@pytest.fixture
def publisher():
    return UserFactory(roles=["publisher"])


def addresses():
    """Every public address that can show a record, in Chinese, and the pages in English."""
    records = [*Project.objects.public(), *Enterprise.objects.public(), *Mechanism.objects.public(),
               *IndustryChain.objects.all(), *Place.objects.all()]  # fmt: skip
    pages = [*PAGES, *(record.get_absolute_url() for record in records)]
    found = [f"{path}?q={word}" for path in (*LISTS, "/search/") for word in WORDS]
    exports = [f"{path}export.{kind}" for path in LISTS for kind in ("csv", "xlsx", "csv?q=SECRET", "csv?q=INTERN")]
    narrowed = [f"/projects/{kind}?{query}" for query in FILTERS for kind in ("", "export.csv")]
    return [*ONCE, *pages, *(f"/en{page}" for page in pages), *found, *exports, *narrowed]


def readable(response):
    """Everything that an answer says, its headers too; a digest and a random name may look like any number."""
    if response["Content-Type"].endswith("spreadsheetml.sheet"):
        text = repr(xlsx_rows(response))
    else:
        text = body(response).decode()
    headers = {name: value for name, value in response.items() if name not in ("ETag", "X-Request-ID")}
    return f"{text}\n{headers}"


def seen(client, pattern):
    """The marks found on every surface: {mark: the addresses that show it}."""
    found = {}
    for address in addresses():
        for mark in re.findall(pattern, readable(client.get(address))):
            found.setdefault(mark.upper(), []).append(address)
    return found


def test_nothing_internal_is_shown_anywhere(client, world):
    assert seen(client, f"{SECRET_FORMS}|INTERN\\d{{4}}") == {}


def test_everything_public_is_shown(client, world):
    """The control: the same walk finds every public mark, so it would have found the others."""
    assert sorted(seen(client, r"PUBLIC\d{4}")) == world.marks["PUBLIC"]


def test_everything_secret_is_shown_once_it_is_published_and_what_is_internal_never(client, world):
    for model in PUBLISHABLE:
        model.objects.update(published=True)
    Project.objects.update(stage=Stage.STARTED)

    assert sorted(seen(client, r"(?i)(?:SECRET|INTERN)\d{4}")) == world.marks["SECRET"]


def test_head_requests_say_nothing_more(client, world):
    for address in addresses():
        response = client.head(address)
        assert (response.status_code in (200, 400), body(response)) == (True, b"")
        assert re.findall(SECRET_FORMS, str(dict(response.items()))) == []


def test_direct_addresses_of_what_is_not_public_are_as_unknown_as_any_other(client, world):
    hidden = [record for model in (Project, Enterprise, Mechanism) for record in model.objects.all()
              if record not in model.objects.public()]  # fmt: skip
    assert len(hidden) == 6 + 4 + 1
    for record in hidden:
        address = record.get_absolute_url()
        key = address.strip("/").rpartition("/")[2]
        nobody = "Z" * len(key)
        for prefix in ("", "/en"):
            for method in (client.get, client.head):
                response = method(prefix + address)
                other = method(prefix + address.replace(key, nobody))
                assert (response.status_code, other.status_code) == (404, 404)
                assert body(response).decode().replace(key, nobody) == body(other).decode()


@pytest.mark.parametrize("path", ["/search/", *(f"{path}export.csv" for path in LISTS)])
def test_words_that_only_hidden_records_hold_answer_like_words_that_nobody_holds(client, world, path):
    def answer(word):
        return body(client.get(path, {"q": word})).decode().replace(word, "WORD")

    searched = [row.search_text for model in PUBLISHABLE for row in model.objects.all()]
    hidden = [mark for mark in world.marks["SECRET"] if mark.lower() in " ".join(searched)]
    nothing = answer("NOTHING001")

    assert len(hidden) > 25
    for mark in [*hidden, *world.marks["INTERN"][:6]]:
        assert answer(mark) == nothing, mark


@pytest.mark.parametrize("parameter", ["enterprise", "year"])
def test_choices_that_only_hidden_records_have_answer_like_choices_that_nobody_has(client, world, parameter):
    hidden, nobody = {"enterprise": ("QY900001", "QY800001"), "year": ("1988", "1987")}[parameter]
    for path in ("/projects/", "/en/projects/", "/projects/export.csv"):
        first, second = (client.get(path, {parameter: value}) for value in (hidden, nobody))

        assert first.status_code == second.status_code
        assert body(first).decode().replace(hidden, nobody) == body(second).decode()


@pytest.mark.parametrize("bound", ["investment_min", "investment_max"])
def test_bounds_do_not_find_hidden_amounts(client, world, bound):
    near = {"investment_min": ("7777", "7778"), "investment_max": ("7777", "7776")}[bound]
    pages = [page_of(client.get("/projects/", {bound: amount})) for amount in near]

    assert shown_names(pages[0]) == shown_names(pages[1])
    assert pages[0].one(".toolbar__summary").text == pages[1].one(".toolbar__summary").text


class TestCounts:
    def test_lists_count_only_what_is_public(self, client, world):
        summaries = [page_of(client.get(path)).one(".toolbar__summary").text for path in LISTS]

        assert summaries == ["2 项 · 总投资 2000 万元", "2 条", "1 条"]
        assert [len(csv_records(client.get(f"{path}export.csv"))) for path in LISTS] == [2, 2, 1]

    @pytest.mark.parametrize("path", LISTS)
    def test_facets_offer_and_count_only_what_is_public(self, client, world, path):
        rows = len(csv_records(client.get(f"{path}export.csv")))
        offered = {}
        for option in page_of(client.get(path)).all("label.option"):
            box = option.one("input")
            offered.setdefault(box["name"], {})[box["value"]] = int(option.one(".option__count").text)

        assert [name for name, counts in offered.items() if sum(counts.values()) > rows] == []
        values = {name: [value for value, count in counts.items() if count] for name, counts in offered.items()}
        expected = {
            "/projects/": {"chain": ["chain"], "place": ["place"], "stage": ["started"], "status": ["paused"],
                           "year": ["2025"], "enterprise": ["QY000101"]},
            "/enterprises/": {"kind": ["limited"], "qualification": ["other"], "province": ["620000"],
                              "place": ["place", "none"]},
            "/indicators/": {"theme": ["investment"], "nature": ["flow"]},
        }  # fmt: skip
        assert values == expected[path]

    def test_home_chains_and_places_count_only_what_is_public(self, client, world):
        home = page_of(client.get("/"))

        assert [sum(int(bar.text.split(" ")[0]) for bar in chart.all(".bars__value"))
                for chart in home.all("figure.chart")] == [2, 2, 2]  # fmt: skip
        assert len(home.all("li.change")) == 2
        assert len(home.all("li.figure")) == 1
        chains = page_of(client.get("/chains/")).all("li.card")
        assert [card.one(".card__meta").texts("li")[-1] for card in chains] == ["2 项", "0 项", "0 项"]
        places = page_of(client.get("/places/")).one("section.section").all("li")
        assert sorted(place.texts(".note") for place in places) == [[], ["2 项"]]

    def test_search_and_files_for_machines_count_only_what_is_public(self, client, world):
        headings = page_of(client.get("/search/?q=PUBLIC")).one("main").texts("h2")

        assert [heading.rpartition(" ")[2] for heading in headings] == ["(2)", "(2)", "(2)", "(1)", "(1)", "(1)", "(1)"]
        assert [len(xml_of(client.get(f"/sitemap-{section}.xml"))) for section in SECTIONS] == [2, 2, 3, 2, 1]
        assert len(xml_of(client.get("/feed.atom")).findall("{http://www.w3.org/2005/Atom}entry")) == 2

    def test_last_change_of_hidden_records_moves_no_public_date(self, client, world):
        before = {path: body(client.get(path)) for path in ("/sitemap.xml", "/feed.atom", "/")}
        for record in (Project.objects.get(code="LZ900001"), Enterprise.objects.get(code="QY900001")):
            record.save()

        assert {path: body(client.get(path)) for path in before} == before


class TestWithdrawal:
    def test_copies_of_what_is_withdrawn_are_not_said_to_be_still_good(self, client, world, publisher):
        """Who asks whether his copy is still good gets the new page, or hears that there is none."""
        stays = {world.chain.name, world.chain.summary, world.place.name, world.place.summary}
        stays |= {chain.name for chain in IndustryChain.objects.all()}
        goes = re.compile("|".join(sorted(set(world.marks["PUBLIC"]) - stays)))
        kept = {address: client.get(address) for address in addresses()}
        kept = {address: response for address, response in kept.items() if goes.search(readable(response))}
        assert len(kept) > 35
        for model in PUBLISHABLE:
            withdraw(model.objects.public(), by=publisher, text="查实")

        for address, copy in kept.items():
            for headers in (LATER, {**LATER, "if-none-match": copy.headers.get("ETag", "*")}):
                response = client.get(address, headers=headers)
                assert response.status_code in (200, 400, 404), address
                assert goes.findall(readable(response)) == [], address

    def test_project_of_a_withdrawn_company_stays_without_it(self, client, world, publisher):
        name = world.company.name
        assert name in body(client.get("/projects/LZ000101/")).decode()

        withdraw(Enterprise.objects.filter(pk=world.company.pk), by=publisher, text="查实")

        for address in addresses():
            assert name not in readable(client.get(address)), address
        assert client.get("/projects/LZ000101/").status_code == 200


@pytest.mark.parametrize("make", [project_columns, indicator_columns])
def test_sorting_by_an_internal_field_is_refused(client, world, make):
    known = {column.name for column in make()}
    for name in ("internal_remark", "status_reason", "created_by__username", "search_text", "version", "pk"):
        assert name not in known
        page = page_of(client.get("/projects/", {"o": name}))
        assert len(page.texts(".notice")) == 1


def test_nobody_but_staff_reaches_the_desk(client, world):
    for name in ("index", "projects_project_changelist", "enterprises_enterprise_changelist", "jsi18n"):
        response = client.get(reverse(f"admin:{name}"))
        assert (response.status_code, response["Location"].partition("?")[0]) == (302, "/admin/login/")
