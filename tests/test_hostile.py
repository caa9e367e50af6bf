"""Query strings that no link of ours makes: never an error of ours, always an answer in words."""

import re
from urllib.parse import quote, urlencode

import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from enterprises.filters import EnterpriseFilter
from projects.filters import IndicatorFilter, ProjectFilter
from tests.answers import body, page_of
from tests.factories import MilestoneFactory, QualificationFactory, ReportedIndicatorFactory
from tests.kept_rows import kept_rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_one_of_each")]

PARAMETERS = {
    "/projects/": [*ProjectFilter.base_filters, "o", "page"],
    "/enterprises/": [*EnterpriseFilter.base_filters, "o", "page"],
    "/indicators/": [*IndicatorFilter.base_filters, "o", "page"],
    "/search/": ["q"],
}
LISTS = [path for path in PARAMETERS if path != "/search/"]
FILES = [f"{path}export.csv" for path in LISTS]
PARAMETERS |= {path: PARAMETERS[path.removesuffix("export.csv")] for path in FILES}

VALUES = [
    "%", "_", "\\", "'", '"', "' OR 1=1 --", "); DROP TABLE projects_project; --", "1e999999999", "1e9", "NaN",
    "Infinity", "\u0663", "\u0663亿", "²", "½", "9" * 60, "0x10", "1_000", "-", "--code", "-__class__", "__class__",
    "search_text", "created_by__password", "code__startswith", "?", "chain' OR 1=1", "[]", "[0]", "{0.__class__}",
    "%s%n%x%d", "%(name)s", "{{ 7*7 }}", "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)", "\U0001f600", "\U0001f468\u200d\U0001f469", "\u202e反了\u202c", "\u200b", "\ufeff",
    "\uffff", "\ufdfa" * 40, "ß" * 50, "\u0130" * 50, "\u0345", "e\u0301" * 40, "\U00020000", "储" * 50, "储 " * 40,
    "a b c d e f g", "\r\nSet-Cookie: a=b", "\t", "\x1b[31m", "\x7f", "null", "*", "../../etc/passwd", "99999", "-0",
    "1,5", "1亿亿", "亿", "NEAR(a b)", 'a" OR "b',
]  # fmt: skip
RAW = [
    "", "&&&&", "=", "=&=", "q", "=x", "q=%", "q=%zz", "q=%u50a8", "q=%80", "q=%ff%fe", "q=%c0%af", "q=%ed%a0%80",
    "q=%f5%80%80%80", "q=%e5%82", "q[]=a", "q[0]=a", "q=a;b=c", "q=a?b=c", "q=a#b", "q=+", "%71=a", "q=a&q=b", "Q=a",
    "page=1&page=2", "o=name&o=-name", "stage=signed&stage=signed", "investment_min=1&investment_min=x", "next=//x",
    "&".join(f"stage=s{n}" for n in range(100)), "&".join(f"x{n}=1" for n in range(900)),
    "&".join("q=a" for _ in range(1900)), "utm_source=a&from=b", "q=\u00e5\u0082\u00a8", "q=\u00ff\u00fe",
]  # fmt: skip
REFUSED = {
    "q=%00": 400, "o=%00": 400, "stage=a%00b": 400, "x%00=1": 400, "q=" + "a" * 9000: 414, "&".join("a" * 4100): 414,
    "q=" + "%E5%82%A8" * 1000: 414, "&" * 7900: 400,
}  # fmt: skip


@pytest.fixture(scope="module")
def _one_of_each(django_db_setup, django_db_blocker):
    with kept_rows(django_db_blocker):
        milestone = MilestoneFactory()
        QualificationFactory(enterprise=milestone.project.enterprise)
        ReportedIndicatorFactory()
        yield


def answered(path, query):
    """The page, or None for a file. Fails where the site failed, or said nothing."""
    response = Client().get(path, QUERY_STRING=query)
    assert response.status_code in ((200, 400) if "export" in path else (200,)), (path, query)
    if response["Content-Type"].startswith("text/html"):
        page = page_of(response)
        assert len(page.all("h1")) == 1
        assert page.all("script") == []
        assert response.status_code == 200 or page.texts(".notice") != []
        return page
    assert body(response)[:2] in (b"\xef\xbb", b"PK")
    return None


def spaced(text):
    return re.sub(r"\s+", " ", text).strip()


@pytest.mark.parametrize("path", PARAMETERS)
def test_hostile_value_of_every_parameter_is_answered_and_shown_back(path):
    typed = [name for name in PARAMETERS[path] if name in ("q", "investment_min", "investment_max")]
    values = VALUES[FILES.index(path) :: len(FILES)] if path in FILES else VALUES  # files read what their pages read
    for number, value in enumerate(values):
        query = urlencode(dict.fromkeys([*PARAMETERS[path], "x"], value))
        page = answered(path if number % 4 else f"/en{path}", query)

        if path not in FILES:
            fields = {name: page.one("main").one("input", name=name)["value"] for name in typed}
            assert fields == dict.fromkeys(typed, value)


@pytest.mark.parametrize("parameter", ["chain", "year", "o"])
def test_choice_that_does_not_exist_is_named_in_words(parameter):
    for value in filter(spaced, VALUES):
        notice = answered("/projects/export.csv", urlencode({parameter: value})).one(".notice").text

        assert f"“{spaced(value[:40])}" in notice.replace("“ ", "“"), (parameter, value)


@pytest.mark.parametrize("name", ["x", "<b>", "储能", "__class__", "q__contains", "stage__in", "{0}", "%s", "a" * 300])
@pytest.mark.parametrize("path", LISTS)
def test_parameter_that_means_nothing_is_named_and_refused_by_files(path, name):
    page = answered(path, urlencode({name: "1"}))

    assert [f"“{name[:40]}”" in notice for notice in page.texts(".notice")] == [True]
    assert f"“{name[:40]}”" in answered(f"{path}export.csv", urlencode({name: "1"})).one(".notice").text


@pytest.mark.parametrize("path", [*LISTS, "/search/", "/projects/export.csv"])
def test_malformed_query_is_answered(path):
    for query in RAW:
        answered(path, query)


@pytest.mark.parametrize("query", REFUSED, ids=lambda query: query[:12])
@pytest.mark.parametrize("path", ["/projects/", "/en/search/", "/projects/export.csv", "/", "/feed.atom", "/about/"])
def test_query_that_no_browser_sends_is_refused_in_words(client, path, query):
    response = client.get(path, QUERY_STRING=query)

    if REFUSED[query] == 400 and "%00" not in query and path in ("/", "/feed.atom", "/about/"):
        assert response.status_code == 200  # pages that read no query
    else:
        assert response.status_code == REFUSED[query]
        assert page_of(response).texts(".error-status") == [str(REFUSED[query])]


TEXT = st.one_of(
    st.sampled_from(VALUES),
    st.text(max_size=120),
    st.text("0123456789.,亿万元eE+-%_ ", max_size=20),
    st.sampled_from(["signed", "started", "none", "2025", "name", "-investment", "储能", "1亿", "limited", "2"]),
)


@st.composite
def queries(draw, path):
    """A query string of a list's own parameters and others, some of it not even UTF-8."""
    names = st.one_of(st.sampled_from(PARAMETERS[path]), st.text(max_size=12))
    pairs = draw(st.lists(st.tuples(names, TEXT), max_size=6))
    query = urlencode([(name.replace("\0", ""), value.replace("\0", "")) for name, value in pairs])
    raw = draw(st.one_of(st.none(), st.binary(max_size=8)))
    return query if raw is None else f"{query}&q={quote(raw.replace(bytes(1), b''))}"


@pytest.mark.parametrize("path", PARAMETERS)
@settings(max_examples=15)
@given(data=st.data())
def test_any_query_is_answered(path, data):
    query = data.draw(queries(path))

    page = answered(path, query)

    asked = QueryDict(query)
    if page and "export" not in path and asked.get("q"):
        assert page.one("main").one("input", name="q")["value"] == asked["q"]
