import threading
from contextlib import suppress
from datetime import UTC, datetime
from enum import IntEnum

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core import serializers
from django.db import DatabaseError, connection, transaction
from django.test import RequestFactory
from django.utils.translation import gettext_lazy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liangzhou import audit
from liangzhou.audit import Action, AuditEntry, AuditHead, Result
from liangzhou.audit import chain as audit_chain
from liangzhou.audit import verification as audit_verification
from projects.models import Project
from tests.factories import ProjectFactory, UserFactory
from tests.liangzhou.audit_desk import empty_trail, forge, highest, newest, run, since

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked():
    """The request that is being answered, from a signed-in clerk."""
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.7")
    request.user = UserFactory(username="clerk")
    token = audit.current_request.set(request)
    yield request
    audit.current_request.reset(token)


# What an entry says


def test_entry_says_who_what_where_from_and_when(asked):
    project = ProjectFactory(name="示例项目")

    with time_machine.travel(datetime(2026, 5, 21, 3, 4, 5, 678_901, UTC), tick=False):
        entry = audit.record(Action.EXPORT, target=project, rows=3)

    entry.refresh_from_db()
    assert (entry.actor_id, entry.actor, entry.address) == (asked.user.pk, "clerk", "192.0.2.7")
    assert (entry.target_kind, entry.target_id, entry.target) == ("projects.project", str(project.pk), str(project))
    assert (entry.action, entry.result, entry.details) == ("export", "done", {"rows": 3})
    assert entry.at == datetime(2026, 5, 21, 3, 4, 5, 678_000, UTC)


@pytest.mark.parametrize(
    ("target", "told"),
    [
        (None, ("", "", "")), (Project, ("projects.project", "", "")), ("a\nb", ("", "", "a b")),
        (gettext_lazy("project"), ("", "", "项目")),
    ],
)  # fmt: skip
def test_target_may_be_a_kind_a_text_or_nothing(target, told):
    entry = audit.record(Action.EXPORT, target=target)

    assert (entry.target_kind, entry.target_id, entry.target) == told


def test_outside_of_a_request_there_is_nobody_and_no_address():
    entry = audit.record(Action.SIGN_IN, actor="x" * 300, result=Result.FAILED)

    assert (entry.actor_id, entry.actor, entry.address) == (None, "x" * 200, "")


def test_somebody_who_is_not_signed_in_has_no_number(asked):
    asked.user = AnonymousUser()

    entry = audit.record(Action.EXPORT, by=asked.user)

    assert (entry.actor_id, entry.actor) == (None, "")


class Number(IntEnum):
    ONE = 1


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (True, True), (None, None), (0, 0), (-(2**63), -(2**63)), (2**63, "8000000000000000"), (1.5, "1.5"),
        (Number.ONE, 1), pytest.param(10**5000, f"{10**5000:x}"[:200], id="huge"),
        ("a\0b\r\nc\u2028d\u202ee\ud800", "a b  c d e "),
        ((1, "2"), [1, "2"]), ({1: {"x": (None,)}}, {"1": {"x": [None]}}), (datetime(2026, 1, 1, tzinfo=UTC),
        "2026-01-01 00:00:00+00:00"), (gettext_lazy("project"), "项目"), ("字" * 500, "字" * 200),
        (list(range(502)), [*range(500), "… +2"]), ([[[[[[1]]]]]], [[[["[[1]]"]]]]),
    ],
)  # fmt: skip
def test_details_are_kept_as_plain_values(value, kept):
    audit.record(Action.EXPORT, value=value)

    assert newest().details == {"value": kept}


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.datetimes() | st.decimals(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(details=anything, actor=st.text(), target=st.text(), moment=st.datetimes(datetime(1990, 1, 1)))  # noqa: DTZ001
def test_hash_holds_for_whatever_was_recorded_as_the_database_gives_it_back(details, actor, target, moment):
    before = highest()
    with time_machine.travel(moment.replace(tzinfo=UTC), tick=False):
        audit.record(Action.EXPORT, actor=actor, target=target, details=details)

    entry = newest()
    assert entry.number == before + 1
    assert audit_chain.hash_of(entry) == entry.hash


def test_hash_holds_after_dumpdata_and_loaddata(asked):
    entry = audit.record(Action.EXPORT, rows=3, filters={"阶段": ["开工"]})
    stored = AuditEntry.objects.filter(pk=entry.pk)

    [loaded] = serializers.deserialize("json", serializers.serialize("json", stored))

    assert audit_chain.hash_of(loaded.object) == entry.hash


# The chain


def test_entries_follow_from_each_other_and_the_end_is_sealed():
    empty_trail()
    first, second = audit.record(Action.EXPORT), audit.record(Action.IMPORT)

    head = AuditHead.objects.get()
    assert (first.number, first.previous_hash, second.number, second.previous_hash) == (
        1, audit_chain.BEGINNING, 2, first.hash,
    )  # fmt: skip
    assert (head.number, head.hash) == (2, second.hash)
    assert audit_chain.is_sealed(head.number, head.hash, head.seal)


def test_what_is_rolled_back_leaves_no_entry_and_no_gap():
    empty_trail()
    first = audit.record(Action.EXPORT)
    with suppress(ZeroDivisionError), transaction.atomic():
        audit.record(Action.IMPORT)
        raise ZeroDivisionError
    audit.record(Action.DELETE)

    assert [(entry.number, entry.action) for entry in since(0)] == [(1, "export"), (2, "delete")]
    assert since(1)[0].previous_hash == first.hash
    assert audit_verification.verify().faults == []


def test_act_that_cannot_be_recorded_does_not_happen():
    run("ALTER TABLE liangzhou_audithead RENAME TO away")

    with suppress(DatabaseError), transaction.atomic():
        audit.record(Action.PUBLISH, target=ProjectFactory())

    assert Project.objects.count() == 0


SLIP_IN = (
    "INSERT INTO liangzhou_auditentry SELECT {}, at, actor_id, actor, address, action, target_kind, target_id, target,"
    " result, details, previous_hash, hash FROM liangzhou_auditentry WHERE number = 2"
)


@pytest.mark.parametrize(
    "attack",
    [
        "DELETE FROM liangzhou_audithead",
        "UPDATE liangzhou_audithead SET seal = 'x'",
        "UPDATE liangzhou_audithead SET number = 1",
        "UPDATE liangzhou_audithead SET number = 9000000000000000000",
        "UPDATE liangzhou_audithead SET number = 0, hash = '" + "0" * 64 + "', seal = ''",
        SLIP_IN.format("number + 1"),
        SLIP_IN.format(2**63 - 1),
    ],
)
def test_end_that_was_tampered_with_stops_nobody_and_stays_visible(attack):
    empty_trail()
    audit.record(Action.EXPORT)
    audit.record(Action.EXPORT)
    run(attack)

    entry = audit.record(Action.IMPORT)
    audit.record(Action.IMPORT)

    assert entry.number in (3, 4)
    assert audit_verification.verify().faults != []


def test_entries_removed_with_the_end_are_told_by_the_next_entry():
    empty_trail()
    for _number in range(4):
        audit.record(Action.EXPORT)
    forge("DELETE FROM liangzhou_auditentry WHERE number > 2")
    run("DELETE FROM liangzhou_audithead")

    audit.record(Action.EXPORT)

    assert newest().details == {audit.END_BROKEN: True}
    assert len(audit_verification.verify().faults) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("in_transaction", [True, False])
def test_threads_that_record_at_once_make_one_chain(in_transaction):
    threads, each = 6, 8
    start, wrong, before = threading.Barrier(threads), [], highest()

    def work(number):
        try:
            start.wait()
            for turn in range(each):
                if in_transaction:
                    with transaction.atomic():
                        ProjectFactory(code=f"LZ9{number}{turn:03d}", chain=None, place=None, enterprise=None)
                        audit.record(Action.PUBLISH, turn=turn)
                        audit.record(Action.SUBMIT, turn=turn)
                else:
                    audit.record(Action.PUBLISH, turn=turn)
                    audit.record(Action.SUBMIT, turn=turn)
        except Exception as error:  # noqa: BLE001
            wrong.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=work, args=[number]) for number in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    entries = since(before)
    first = entries[0]
    assert wrong == []
    assert [entry.number for entry in entries] == list(range(before + 1, before + 1 + 2 * threads * each))
    assert list(audit_chain.broken(entries, previous_hash=first.previous_hash, number=before)) == []
    assert AuditHead.objects.get().hash == entries[-1].hash


@pytest.mark.django_db(transaction=True)
def test_threads_that_find_no_end_make_one_between_them():
    AuditHead.objects.all().delete()
    start, numbers = threading.Barrier(4), []

    def work():
        try:
            start.wait()
            numbers.append(audit.record(Action.EXPORT).number)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(set(numbers)) == 4
    assert AuditHead.objects.count() == 1
