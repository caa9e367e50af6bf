"""Nothing of a single project's money, and nothing unpublished, on any surface of the funds."""

import re

import pytest

from monthly.models import MonthVersion, Origin
from monthly.tables import TITLES
from tests.answers import body, page_of, xlsx_rows
from tests.factories import IndustryChainFactory, ReportedIndicatorFactory, UserFactory
from tests.monthly.shelf import MARCH, MAY, fund, funded, version

pytestmark = pytest.mark.django_db

# What single projects received, in 万元 and as it would be printed; no sum that is shown has these digits.
AMOUNTS = {"41357": "4.14", "29753": "2.98", "13579": "1.36", "8642.5": "0.86"}
MOMENT = r"T\d\d:\d\d:\d\d[.\d]*"  # of sitemaps and feeds: its digits are nobody's money
ELSEWHERE = ["/", "/en/", "/feed.atom", "/sitemap.xml", "/sitemap-funds.xml", "/projects/", "/search/?q=公开"]


@pytest.fixture
def world():
    """Public and unpublished projects in one chain, a month that is not published, one that was withdrawn."""
    chain, small = IndustryChainFactory(name="奶产业"), IndustryChainFactory(name="一个项目的链")
    clerk = UserFactory(username="SECRET-clerk")
    funded("41357", chain=chain, name="公开项目甲", created_by=clerk)
    funded("29753", chain=chain, name="SECRET未公开", published=False, internal_remark="SECRET-remark")
    funded("13579", chain=chain, name="公开项目乙", origin=Origin.ABROAD)
    single = funded("8642.5", chain=small, name="公开项目丙")
    ReportedIndicatorFactory(name="SECRET指标", published=False, theme="investment")
    version(MARCH, withdrawn=True)
    version(MAY)
    fund(single, "555555", kind="correction", reason="SECRET-correction")
    version(MAY, reason="SECRET-reason", public=False)
    funded("666666", month=MAY.plus(1), chain=chain, name="SECRET六月", published=False)
    version(MAY.plus(1), reason="", public=False)
    return [chain, small]


def readable(response):
    if response["Content-Type"].endswith("spreadsheetml.sheet"):
        return repr(xlsx_rows(response))
    return body(response).decode()


def surfaces(client):
    """Every address that the pages of funds lead to, in both languages, and where else they might show."""
    found = [*ELSEWHERE]
    for page in ("/funds/", "/en/funds/", "/funds/definitions/", "/funds/?month=2025-05&version=1"):
        links = [link["href"] for link in page_of(client.get(page)).one("main").all("a")]
        found += [page, *(link for link in links if "/funds/" in link)]
    found += [f"/funds/export.{kind}?table={name}" for kind in ("csv", "xlsx") for name in TITLES]
    return sorted(set(found))


def test_nothing_of_single_projects_or_unpublished_months_is_shown(client, world):
    told = re.compile("|".join(re.escape(one) for pair in AMOUNTS.items() for one in pair) + "|SECRET|555555|666666")
    addresses = surfaces(client)
    assert len(addresses) > 40

    answers = {address: client.get(address) for address in addresses}
    assert {answer.status_code for answer in answers.values()} == {200}
    texts = {
        address: re.sub(f"<svg.*?</svg>|{MOMENT}", "", readable(answer), flags=re.DOTALL)
        for address, answer in answers.items()
    }
    assert {address: told.findall(text) for address, text in texts.items() if told.search(text)} == {}


def test_sums_are_shown(client, world):
    """The control: the same walk finds the district's sum, and the public projects behind it."""
    shown = "".join(readable(client.get(address)) for address in surfaces(client))

    assert "Groups of few projects are put together" in readable(client.get("/en/funds/"))
    for mark in ("9.33", "93331.5", "公开项目甲", "公开项目乙", "公开项目丙"):
        assert mark in shown


def test_what_is_not_public_answers_like_what_there_is_not(client, world):
    single = world[1]
    pairs = [
        ("/funds/?month=2025-03", "/funds/?month=2025-02"),
        ("/funds/?month=2025-05&version=2", "/funds/?month=2025-05&version=7"),
        ("/funds/export.csv?table=chain&month=2025-06", "/funds/export.csv?table=chain&month=2025-07"),
        (
            f"/funds/behind/?indicator=funding&by=chain&key={single.pk}",
            "/funds/behind/?indicator=funding&by=chain&key=0",
        ),
        ("/funds/behind/?indicator=funding&month=2025-06", "/funds/behind/?indicator=funding&month=2025-07"),
    ]

    for hidden, nothing in pairs:
        for prefix in ("", "/en"):
            answers = [client.get(prefix + address) for address in (hidden, nothing)]
            assert [answer.status_code for answer in answers] == [404, 404]
            texts = [re.sub(r"\?[^\"]*", "", body(answer).decode()) for answer in answers]
            assert texts[0] == texts[1]


def test_kept_copies_are_not_said_to_be_good_once_a_version_is_withdrawn(client, world):
    kept = {address: client.get(address) for address in surfaces(client)}
    sums = re.compile(r"9\.33|93331\.5")
    kept = {address: copy.headers.get("ETag", "*") for address, copy in kept.items() if sums.search(readable(copy))}
    assert len(kept) > 15
    MonthVersion.objects.update(withdrawn_at="2025-07-01T00:00:00Z")

    for address, tag in kept.items():
        headers = {"if-none-match": tag, "if-modified-since": "Tue, 01 Jan 2999 00:00:00 GMT"}
        response = client.get(address, headers=headers)
        assert response.status_code in (200, 404), address
        assert sums.search(readable(response)) is None
