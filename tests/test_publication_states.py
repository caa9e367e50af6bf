"""What is not public is unseen on every surface, whichever way it came there: the states against the surfaces."""

import pytest

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
def surfaces(world, django_db_blocker):
    """Every public address that can show a record, in Chinese: its English twin asks the same rows."""
    with django_db_blocker.unblock():
        former = [f"/projects/{project.former_codes.get().code}/" for project in Project.objects.public()]
        return [address for address in addresses() if not address.startswith("/en")] + former


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
    record.delete()


STATES = {
    "submitted": lambda record: unpublished(record, review="submitted"),
    "returned": lambda record: unpublished(record, review="returned", review_note="缺来源"),
    "withdrawn": lambda record: withdraw(
        type(record).objects.filter(pk=record.pk), by=UserFactory(roles=["publisher"]), text="查实"
    ),
    "deleted": deleted,
}


def told(client, address, **headers):
    """What an answer says, with its status; without what is made anew for each."""
    response = client.get(address, headers=headers)
    text = readable(response) if response["Content-Type"].endswith("sheet") else body(response).decode()
    return response.status_code, text.partition("\n{")[0], response.headers.get("ETag")


@pytest.mark.parametrize("model", RECORDS)
@pytest.mark.parametrize("state", STATES)
def test_what_is_not_public_is_seen_nowhere(client, world, surfaces, model, state):
    """As if it had always been a draft: pages, lists, counts, facets, search, files, feed, sitemaps, redirects."""
    record = record_of(model)
    held = {address: told(client, address) for address in surfaces}
    touched = [address for address, (_status, text, _etag) in held.items() if record.name in text]
    assert len(touched) > 2
    STATES[state](record)

    for address in touched:
        etag = held[address][2]
        for headers in ({}, {"if-none-match": etag or "*"}):
            status, text, _etag = told(client, address, **headers)
            assert (status in (200, 400, 404), record.name in text) == (True, False), (address, headers)


@pytest.mark.parametrize("model", RECORDS)
def test_every_way_out_of_the_public_leaves_the_same_site(client, world, surfaces, model):
    record, sites = record_of(model), {}
    pk, before = record.pk, {address: told(client, address)[1] for address in surfaces}
    unpublished(record)
    draft = {address: told(client, address)[:2] for address in surfaces}
    moved = [address for address in surfaces if draft[address][1] != before[address]]
    assert len(moved) > 3
    for state in ("submitted", "returned", "withdrawn"):
        model.objects.filter(pk=pk).update(published=True)
        STATES[state](model.objects.get(pk=pk))
        sites[state] = {address: told(client, address)[:2] for address in moved}

    assert [state for state, site in sites.items() if site != {address: draft[address] for address in moved}] == []


def test_former_code_leads_nowhere_once_its_project_is_withdrawn(client, world):
    project = record_of(Project)
    former = f"/projects/{project.former_codes.get().code}/"
    Project.history.filter(code=project.code).update(code=project.former_codes.get().code)  # as after a merge
    assert client.get(former)["Location"] == project.get_absolute_url()
    STATES["withdrawn"](project)
    assert client.get(former).status_code == 404
