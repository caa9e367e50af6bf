"""The pages about a record's past: two versions, one day, going back."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from liangzhou.batches import ChangeBatch
from liangzhou.history import Entry
from projects.models import Measure, Project
from tests.factories import (
    CitationFactory,
    MeasureFactory,
    PlaceFactory,
    ProjectFactory,
    UserFactory,
)
from tests.liangzhou.history_desk import change, first_save, history_url, name_of, restore_url, saves, told
from tests.liangzhou.test_admin import FACTORIES
from tests.opened_form import open_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    return UserFactory(last_name="李", first_name="主任", is_superuser=True)


@pytest.fixture
def client(boss):
    client = Client()
    client.force_login(boss)
    return client


# The list


def test_two_newest_saves_are_marked_for_comparing(client):
    project = ProjectFactory()
    change(project, summary="一"), change(project, summary="二")
    keys = list(project.history.order_by("-history_id").values_list("history_id", flat=True))
    form = open_form(client, history_url(project), "compare_form")
    assert form == {"from": str(keys[1]), "to": str(keys[0])}


def test_act_and_its_reason_are_told_with_a_link(client):
    project = ProjectFactory()
    asked = {"act": "withdraw", "_version": "1", "text": "查实"}
    client.post(reverse("admin:projects_project_publishing", args=[project.pk]), asked)
    batch = ChangeBatch.objects.get()
    newest, oldest = saves(client.get(history_url(project)))
    assert (newest.batch, oldest.batch) == (batch, None)
    link = reverse("admin:liangzhou_changebatch_change", args=[batch.pk])
    assert f'href="{link}"' in client.get(history_url(project)).content.decode()


def test_loading_from_the_article_is_told_in_words(client):
    project = ProjectFactory.build(place=None, chain=None, enterprise=None)
    project._change_reason = "load_article: LZ000001"
    project.save()
    (entry,) = saves(client.get(history_url(project)))
    assert (bool(entry.reason), "load_article" in entry.reason) == (True, False)


def test_part_changed_alone_is_an_entry_of_its_own(client):
    with time_machine.travel(datetime(2025, 6, 1, tzinfo=UTC), tick=False) as clock:
        measure = MeasureFactory(value=300)
        clock.shift(3_600)
        change(measure, value=350)
        alone, save = saves(client.get(history_url(measure.project)))
    assert (told(alone.lines), alone.key) == ([("value", "300", "350")], None)
    assert save.key == first_save(Project).history_id


def test_other_events_come_in_between_by_time(client, monkeypatch):
    events = [Entry("~", "甲", datetime(2025, 6, day, tzinfo=UTC), title=f"事件{day}") for day in (1, 3, 9)]
    monkeypatch.setattr(type(admin.site.get_model_admin(Project)), "life_events", lambda self, obj: events)
    monkeypatch.setattr("liangzhou.admin.LedgerAdmin.history_per_page", 2)
    with time_machine.travel(datetime(2025, 6, 2, tzinfo=UTC), tick=False) as clock:
        project = ProjectFactory()
        for summary in "一二":
            clock.shift(2 * 86_400)
            change(project, summary=summary)
    pages = [
        [entry.title or entry.when.day for entry in client.get(history_url(project), {"p": p}).context["entries"]]
        for p in (1, 2)
    ]
    assert pages == [["事件9", 6, 4], ["事件3", 2, "事件1"]]


def test_history_asks_as_often_for_many_saves_as_for_few(client, django_assert_num_queries):
    project = ProjectFactory(waived=False)
    change(project, place=PlaceFactory()), MeasureFactory(project=project), CitationFactory(target=project)
    client.get(history_url(project))
    with django_assert_num_queries(26) as asked:
        client.get(history_url(project))
    for _ in range(3):
        change(project, place=PlaceFactory()), MeasureFactory(project=project), CitationFactory(target=project)
    with django_assert_num_queries(len(asked)):
        client.get(history_url(project))


# Two versions


def test_two_versions_are_compared_whichever_is_named_first(client):
    project = ProjectFactory(summary="", land_area=100)
    change(project, land_area=120)
    change(project, land_area=130, summary="新")
    first, _, last = project.history.order_by("history_id").values_list("history_id", flat=True)
    for pair in ({"from": first, "to": last}, {"from": last, "to": first}):
        response = client.get(history_url(project, "_compare"), pair)
        assert told(response.context["lines"]) == [("land_area", "100", "130"), ("summary", "—", "新")]


def test_version_compared_with_itself_shows_nothing(client):
    project = ProjectFactory()
    key = first_save(Project).history_id
    assert client.get(history_url(project, "_compare"), {"from": key, "to": key}).context["lines"] == []


@pytest.mark.parametrize("key", ["", "abc", "0", "-1", "9" * 60, "\x00", "１"])
def test_versions_that_are_not_there_are_not_found(client, settings, key):
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "RequestGuard" not in name]
    project = ProjectFactory()
    assert client.get(history_url(project, "_compare"), {"from": key, "to": key}).status_code == 404


def test_versions_of_another_record_are_not_found(client):
    project, other = ProjectFactory(), ProjectFactory()
    key = other.history.get().history_id
    assert client.get(history_url(project, "_compare"), {"from": key, "to": key}).status_code == 404


# One day


@pytest.fixture
def long_life():
    """Entered on 2 June in the evening (Beijing time), changed on 4 June, deleted on 6 June."""
    with time_machine.travel(datetime(2025, 6, 2, 15, 30, tzinfo=UTC), tick=False) as clock:
        project = ProjectFactory(summary="一")
        MeasureFactory(project=project, name="功率", value=300)
        clock.shift(2 * 86_400)
        change(project, summary="二")
        clock.shift(2 * 86_400)
        pk = project.pk
        Project.objects.get(pk=pk).delete()
    return project


def shown(response):
    return {label: value for _, pairs in response.context["sections"] for label, value in pairs}


@pytest.mark.parametrize(("day", "summary"), [("2025-06-02", "一"), ("2025年6月3日", "一"), ("2025.6.4", "二")])
def test_record_is_shown_as_it_was_at_the_end_of_a_day(client, long_life, day, summary):
    response = client.get(history_url(long_life, "_day"), {"on": day})
    summary_label = Project._meta.get_field("summary").verbose_name
    assert (shown(response)[summary_label], shown(response)[Measure._meta.get_field("value").verbose_name]) == (
        summary,
        "300",
    )


@pytest.mark.parametrize(("day", "gone"), [("2025-06-01", False), ("2025-06-06", True), ("2025-06-09", True)])
def test_record_that_was_not_there_is_told_so(client, long_life, day, gone):
    response = client.get(history_url(long_life, "_day"), {"on": day})
    assert (response.context["sections"], response.context["gone"]) == ([], gone)


@pytest.mark.parametrize("day", ["", "2025", "2025-06", "2025年6月上旬", "2025-02-30", "abc", "9" * 400, "2099-01-01"])
def test_bad_day_gets_a_sentence_at_the_field(client, long_life, day):
    response = client.get(history_url(long_life, "_day"), {"on": day})
    assert (len(response.context["day_form"].errors["on"]), response.context["day"]) == (1, None)


# Every kind of record


@pytest.mark.parametrize("factory", FACTORIES.values(), ids=lambda factory: factory._meta.model.__name__)
def test_pages_of_every_kind_of_record(client, factory):
    row = factory()
    model = type(row)
    row.stamp(None)
    row.save()
    first, second = model.history.order_by("history_id").values_list("history_id", flat=True)
    day = timezone.localdate().isoformat()
    pages = [
        client.get(history_url(row)),
        client.get(history_url(row, "_compare"), {"from": first, "to": second}),
        client.get(history_url(row, "_day"), {"on": day}),
        client.get(reverse(name_of(model, "history_restore"), args=[row.pk, first])),
    ]
    assert [page.status_code for page in pages] == [200] * 4
    assert (len(saves(pages[0])), pages[1].context["lines"], pages[3].context["plan"].anything) == (
        2,
        [],
        False,
    )


# Rights


def test_stranger_sees_none_of_the_pages():
    project = ProjectFactory()
    past = first_save(Project)
    for url in (history_url(project, "_compare"), history_url(project, "_day"), restore_url(project, past)):
        assert Client().get(url).status_code == 302
