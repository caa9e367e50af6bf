import pytest
import time_machine
from django.core.cache import cache
from django.db import DatabaseError

from liangzhou import audit
from liangzhou.audit import Action
from liangzhou.audit import limits as audit_limits
from liangzhou.audit.limits import record_often
from tests.factories import UserFactory
from tests.liangzhou.audit_desk import highest, run, since

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _new_counts():
    cache.clear()


def told(times, limits):
    """The counts that the entries tell of, one for each entry."""
    before = highest()
    for _time in range(times):
        record_often(Action.REFUSED, limits=limits)
    return [entry.details.get("times_this_hour") for entry in since(before)]


def test_beyond_the_limit_acts_are_counted_and_now_and_then_told():
    assert told(1100, {"address 192.0.2.1": 3}) == [None, None, None, 10, 100, 1000]


def test_each_has_a_limit_of_its_own():
    assert told(5, {"a": 3}) == told(5, {"b": 3}) == [None] * 3


def test_every_limit_counts():
    assert told(5, {"a": 3, "all": 4}) == [None] * 3
    assert told(5, {"b": 3, "all": 4}) == [10]  # the tenth of all


def test_count_begins_anew_with_the_hour():
    with time_machine.travel("2026-05-21 03:30:00Z", tick=False) as clock:
        first = told(5, {"a": 3})
        clock.move_to("2026-05-21 04:00:01Z")

        assert (first, told(5, {"a": 3})) == ([None] * 3, [None] * 3)


def test_names_with_spaces_and_line_ends_are_counted(settings):
    assert told(2, {"address \r\n 张": 1}) == [None]


def test_refusal_is_told_even_where_it_cannot_be_recorded(caplog):
    run("ALTER TABLE liangzhou_audithead RENAME TO away")

    record_often(Action.REFUSED, limits={"a": 3})

    assert [record.getMessage() for record in caplog.records] == ["refused could not be recorded in the audit trail"]
    with pytest.raises(DatabaseError):
        audit.record(Action.REFUSED)


def test_somebody_who_tries_every_door_is_recorded_a_hundred_times(client):
    clerk = UserFactory(username="clerk", roles=["place_clerk"])
    client.force_login(clerk)
    before = highest()

    asked = client.get("/admin/liangzhou/auditentry/?q=geheim").wsgi_request
    token = audit.current_request.set(asked)
    for _time in range(audit_limits.REFUSALS + 5):
        audit_limits.record_refusal(asked)
    audit.current_request.reset(token)
    client.get("/admin/liangzhou/auditentry/?q=geheim")

    entries = since(before)
    assert len(entries) == audit_limits.REFUSALS
    assert {(e.action, e.result, e.actor, e.target) for e in entries} == {
        ("refused", "refused", "clerk", "/admin/liangzhou/auditentry/")
    }
    assert entries[0].details == {"method": "GET"}
