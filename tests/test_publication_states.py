"""What is not public is unseen on every surface, whichever way it came there: the states against the surfaces."""

import pytest
from django.db.models import ProtectedError
from django.test import Client

from enterprises.models import Enterprise
from liangzhou.publishing import withdraw
from projects.models import Mechanism, Opportunity, Project, ProjectParty, ReportedIndicator
from tests.answers import body
from tests.factories import UserFactory
from tests.kept_rows import kept_rows
from tests.leaking_world import World
from tests.test_leaks import addresses, readable

pytestmark = pytest.mark.django_db

RECORDS = {
    Project: "LZ000101", Enterprise: "QY000101", ReportedIndicator: None, Mechanism: None, Opportunity: None,
}  # fmt: skip


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with kept_rows(django_db_blocker):
        yield World()


@pytest.fixture(scope="module")
def site(world, django_db_blocker):
    """address -> its answer, of every public address that can show a record; in Chinese: English asks the same rows."""
    with django_db_blocker.unblock():
        former = [f"/projects/{project.former_codes.get().code}/" for project in Project.objects.public()]
        surfaces = [address for address in addresses() if not address.startswith("/en")] + former
        return {address: told(Client(), address) for address in surfaces}


def record_of(model):
    public = model.objects.public()
    return public.get(code=RECORDS[model]) if RECORDS[model] else public.get()


def unpublished(record, **values):
    type(record).objects.filter(pk=record.pk).update(published=False, published_at=None, **values)


def deleted(record):
    if isinstance(record, Enterprise):  # nothing may hang on it
        Project.objects.filter(enterprise=record).update(enterprise=None)
        ProjectParty.objects.filter(enterprise=record).delete()
    if isinstance(record, Project):
        Project.objects.filter(parent=record).update(parent=None)
    try:
        record.delete()
    except ProtectedError as error:
        for part in error.protected_objects:
            part.delete()
        record.delete()


STATES = {
    "submitted": lambda record: unpublished(record, review="submitted"),
    "returned": lambda record: unpublished(record, review="returned", review_note="缺来源"),
    "withdrawn": lambda record: withdraw(
        type(record).objects.filter(pk=record.pk), by=UserFactory(roles=["publisher"]), text="查实"
    ),
}


def told(client, address, **headers):
    """What an answer says, with its status; without what is made anew for each."""
    response = client.get(address, headers=headers)
    text = readable(response) if response["Content-Type"].endswith("sheet") else body(response).decode()
    return response.status_code, text.partition("\n{")[0], response.headers.get("ETag")


def asked_again(client, address, site):
    """The same of a reader who has the page as it was: it must not be told that nothing changed."""
    return told(client, address, **{"if-none-match": site[address][2] or "*"})[:2]


@pytest.mark.parametrize("model", RECORDS)
def test_every_way_out_of_the_public_leaves_the_site_as_if_it_had_always_been_a_draft(client, site, model):
    """Pages, lists, counts, facets, search, files, feed, sitemaps, redirects."""
    record = record_of(model)
    named = [address for address, (_status, text, _etag) in site.items() if record.name in text]
    assert len(named) > 2
    unpublished(record)
    draft = {address: told(client, address)[:2] for address in site}
    moved = [address for address in site if draft[address] != site[address][:2]]
    assert set(named) <= set(moved)
    assert [address for address, (_status, text) in draft.items() if record.name in text] == []
    for turn, (state, leave) in enumerate(STATES.items()):
        model.objects.filter(pk=record.pk).update(published=True)
        leave(model.objects.get(pk=record.pk))
        asked = moved if state == "withdrawn" else {*named, *moved[turn::2]}
        assert [one for one in asked if asked_again(client, one, site) != draft[one]] == [], state


@pytest.mark.parametrize("model", RECORDS)
def test_what_is_deleted_is_seen_nowhere(client, site, model):
    record = record_of(model)
    named = [address for address, (_status, text, _etag) in site.items() if record.name in text]
    deleted(record)

    for address in named:
        status, text = asked_again(client, address, site)
        assert (status in (200, 400, 404), record.name in text) == (True, False), address


def test_former_code_leads_nowhere_once_its_project_is_withdrawn(client, world):
    project = record_of(Project)
    former = f"/projects/{project.former_codes.get().code}/"
    Project.history.filter(code=project.code).update(code=project.former_codes.get().code)  # as after a merge
    assert client.get(former)["Location"] == project.get_absolute_url()
    STATES["withdrawn"](project)
    assert client.get(former).status_code == 404
