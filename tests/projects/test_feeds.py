"""The Atom feed of published projects."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
import time_machine

from liangzhou.models import Qualifier
from projects.models import Project
from projects.stages import Stage
from tests.answers import xml_of
from tests.factories import IndustryChainFactory, PlaceFactory, ProjectFactory

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


def entries(client):
    return xml_of(client.get("/feed.atom")).findall(f"{ATOM}entry")


def text(element, name):
    return element.find(f"{ATOM}{name}").text


def test_feed_says_whose_it_is_and_where_it_stands(client):
    feed = xml_of(client.get("/feed.atom"))

    assert feed.tag == f"{ATOM}feed"
    assert text(feed, "title") == "凉州区招商引资项目台账"
    assert {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")} == {
        "alternate": "http://testserver/projects/",
        "self": "http://testserver/feed.atom",
    }
    assert text(feed, "updated").endswith("+00:00")


def test_entry_tells_the_project_with_its_days(client):
    with time_machine.travel(datetime(2025, 6, 1, 2, tzinfo=UTC), tick=False):
        project = ProjectFactory(
            name="储能项目 <一期> & 二期", code="LZ000101", stage=Stage.BUILDING, total_investment=Decimal(130_000),
            chain=IndustryChainFactory(name="新能源"), place=PlaceFactory(name="九墩滩"), summary="简介<b>。",
        )  # fmt: skip
    with time_machine.travel(datetime(2025, 6, 2, 2, tzinfo=UTC), tick=False):
        project.save()

    (entry,) = entries(client)

    assert {name: text(entry, name) for name in ("title", "id", "published", "updated", "summary")} == {
        "title": "储能项目 <一期> & 二期",
        "id": "http://testserver/projects/LZ000101/",
        "published": "2025-06-01T02:00:00+00:00",
        "updated": "2025-06-02T02:00:00+00:00",
        "summary": "在建 · 总投资 13 亿元 · 新能源 · 九墩滩 · 简介<b>。",
    }
    assert entry.find(f"{ATOM}link").get("href") == "http://testserver/projects/LZ000101/"


def test_entries_are_public_and_the_last_changed_come_first(client):
    for day, name in ((1, "旧"), (3, "新"), (2, "中")):
        with time_machine.travel(datetime(2025, 6, day, tzinfo=UTC), tick=False):
            ProjectFactory(name=name)
    ProjectFactory(name="在谈", stage=Stage.NEGOTIATING)
    ProjectFactory(name="未公开", published=False)

    assert [text(entry, "title") for entry in entries(client)] == ["新", "中", "旧"]


@pytest.mark.parametrize(
    ("given", "amount"),
    [
        ({"total_investment": Decimal(5000), "investment_qualifier": Qualifier.AT_LEAST}, " · 总投资 5000 万元以上"),
        ({"total_investment": None, "investment_undisclosed": True}, " · 总投资 未披露"),
        ({"total_investment": None}, ""),
    ],
)
def test_entry_says_of_the_amount_what_is_known(client, given, amount):
    ProjectFactory(chain=None, place=None, **given)

    assert text(entries(client)[0], "summary") == f"开工{amount}"


def test_feed_holds_fifty_entries(client):
    ProjectFactory.create_batch(51, chain=None, place=None, enterprise=None)

    assert len(entries(client)) == 50


def test_control_characters_that_were_pasted_in_do_not_break_the_feed(client):
    chain = IndustryChainFactory(name="新\x07能源")
    ProjectFactory(name="储能\x0b项目", chain=chain, place=None, summary="一\x0c二\x1b", total_investment=None)

    (entry,) = entries(client)

    assert (text(entry, "title"), text(entry, "summary")) == ("储能项目", "开工 · 新能源 · 一二")


def test_feed_is_not_unchanged_once_a_project_is_withdrawn(client):
    older, newer = ProjectFactory(name="旧项目"), ProjectFactory(name="新项目")
    for withdrawn in (older, newer):
        response = client.get("/feed.atom")
        copy = {"if-none-match": response["ETag"], "if-modified-since": "Tue, 01 Jan 2999 00:00:00 GMT"}
        assert client.get("/feed.atom", headers=copy).status_code == 304
        Project.objects.filter(pk=withdrawn.pk).update(published=False)

        for headers in (copy, {"if-modified-since": copy["if-modified-since"]}):
            again = client.get("/feed.atom", headers=headers)
            assert (again.status_code, withdrawn.name in again.content.decode()) == (200, False)


def test_feed_of_an_empty_ledger_is_a_feed(client):
    assert entries(client) == []


def test_pages_point_to_the_feed(client):
    assert 'type="application/atom+xml" href="/feed.atom"' in client.get("/en/about/").content.decode()
