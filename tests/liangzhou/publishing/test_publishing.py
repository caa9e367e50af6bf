"""The acts on the way to the public: submit, publish, return, withdraw, for one record and for many."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError

from enterprises.models import Enterprise
from liangzhou import publishing
from liangzhou.audit import AuditEntry
from liangzhou.audit.limits import REFUSALS
from liangzhou.batches import ChangeBatch, change_batch, undo
from liangzhou.history import reason_in_words
from liangzhou.publishing import ACTS, State
from projects.models import Mechanism, Opportunity, Project, ReportedIndicator
from tests.factories import (
    EnterpriseFactory,
    IndustryChainFactory,
    MechanismFactory,
    OpportunityFactory,
    ProjectFactory,
    ReportedIndicatorFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

NOON = datetime(2025, 6, 1, 4, tzinfo=UTC)
FACTORIES = {
    Project: ProjectFactory,
    Enterprise: EnterpriseFactory,
    ReportedIndicator: ReportedIndicatorFactory,
    Mechanism: MechanismFactory,
    Opportunity: OpportunityFactory,
}
STATES = {
    "draft": {},
    "waiting": {"review": "submitted"},
    "returned": {"review": "returned", "review_note": "缺来源"},
    "public": {"published": True},
}


@pytest.fixture
def editor():
    return UserFactory(roles=["editor"])


@pytest.fixture
def publisher():
    return UserFactory(roles=["publisher"])


def make(state, model=Project, **given):
    return FACTORIES[model](**{"published": False, **STATES[state], **given})


def act(code, record, by, **more):
    """Do it with one record; gives the outcome, and the record as it is then."""
    text = {"text": "缺立项文号"} if code in ("give_back", "withdraw") else {}
    rows = type(record).objects.filter(pk=record.pk)
    outcome = publishing.perform(ACTS[code], rows, by=by, **text, **more)
    record.refresh_from_db()
    return outcome


# Which way leads where


@pytest.mark.parametrize("model", FACTORIES)
def test_record_goes_the_whole_way_and_back(editor, publisher, model):
    record = make("draft", model, updated_by=editor)
    told = []
    for code, by in [("submit", editor), ("give_back", publisher), ("submit", editor), ("publish", publisher),
                     ("withdraw", publisher)]:  # fmt: skip
        assert act(code, record, by).changed == [record]
        told.append((publishing.state_of(record), record.review_note, record in model.objects.public()))
    assert told == [
        (State.WAITING, "", False), (State.RETURNED, "缺立项文号", False), (State.WAITING, "", False),
        (State.PUBLIC, "", True), (State.DRAFT, "", False),
    ]  # fmt: skip
    assert (record.version, record.updated_by) == (6, editor)


@pytest.mark.parametrize(
    ("code", "possible"),
    [("submit", ["draft", "returned"]), ("publish", ["waiting"]), ("give_back", ["waiting"]), ("withdraw", ["public"])],
)
def test_acts_begin_only_where_they_may(code, possible):
    boss = UserFactory(is_superuser=True)
    records = {state: make(state) for state in STATES}
    changed = [state for state, record in records.items() if act(code, record, boss).changed]
    assert changed == possible


def test_state_is_the_same_in_sql_and_in_memory():
    records = [make(state) for state in STATES] + [make("public", review="returned")]
    for state in State:
        found = list(Project.objects.filter(publishing.in_state(state)).order_by("pk"))
        assert found == [record for record in records if publishing.state_of(record) == state]


# Who may


ROLE_ACTS = {
    "editor": ["submit"], "task_force": ["submit"], "publisher": ["publish", "give_back", "withdraw"],
    "leader": [], "auditor": [], "service_officer": [], "administrator": [], "security": [],
}  # fmt: skip


@pytest.mark.parametrize("role", ROLE_ACTS)
def test_roles_may_do_what_is_theirs_and_nothing_else(role):
    chain = IndustryChainFactory()
    user = UserFactory(roles=[role], chains=[chain])
    starts = {"submit": "draft", "publish": "waiting", "give_back": "waiting", "withdraw": "public"}
    records = {code: make(state, chain=chain) for code, state in starts.items()}
    assert [code for code, record in records.items() if act(code, record, user).changed] == ROLE_ACTS[role]


def test_record_of_another_chain_is_left_alone_as_if_it_were_not_there():
    clerk = UserFactory(roles=["task_force"], chains=[IndustryChainFactory()])
    record = make("draft", chain=IndustryChainFactory())
    outcome = act("submit", record, clerk)
    assert (outcome.changed, outcome.already, outcome.refused, record.version) == ([], [], [], 1)
    assert not AuditEntry.objects.filter(action="submit").exists()


@pytest.mark.parametrize(("setting", "published"), [(True, False), (False, True)])
def test_last_editor_publishes_only_where_the_setting_allows_it(settings, setting, published):
    settings.PUBLISHER_IS_NOT_EDITOR = setting
    both = UserFactory(roles=["editor", "publisher"])
    record = make("waiting", updated_by=both)
    assert bool(act("publish", record, both).changed) == published
    assert record.published == published


def test_superuser_is_an_editor_like_any_other():
    boss = UserFactory(is_superuser=True)
    record = make("waiting", updated_by=boss)
    ((_record, reason),) = act("publish", record, boss).refused
    assert (bool(reason), record.published) == (True, False)


def test_acts_leave_the_last_editor_so_that_no_submitting_hides_who_wrote_it(editor):
    both = UserFactory(roles=["editor", "publisher"])
    record = make("draft", updated_by=both)
    act("submit", record, editor)
    assert (record.updated_by, act("publish", record, both).changed) == (both, [])


# What must be right first


@pytest.mark.parametrize("stage", ["reserve", "lead", "negotiating"])
@pytest.mark.parametrize(("code", "state"), [("submit", "draft"), ("publish", "waiting")])
def test_project_before_its_signing_is_refused_with_a_reason(stage, code, state):
    record = make(state, stage=stage)
    ((refused, reason),) = act(code, record, UserFactory(is_superuser=True)).refused
    assert (refused, bool(reason), record.published, record.version) == (record, True, False, 1)


def test_record_that_cannot_be_is_not_published(publisher):
    record = make("waiting")
    Project.objects.filter(pk=record.pk).update(parent=ProjectFactory(parent=record))
    ((_refused, reason),) = act("publish", record, publisher).refused
    assert bool(reason)


def test_what_was_saved_since_it_was_looked_at_is_refused(publisher):
    record = make("waiting", version=3)
    assert act("publish", record, publisher, seen={record.pk: 2}).changed == []
    assert act("publish", record, publisher, seen={}).changed == []
    assert act("publish", record, publisher, seen={record.pk: 3}).changed == [record]


# What is kept of it


def test_publishing_stamps_each_row_and_writes_its_history(editor, publisher):
    record = make("waiting", updated_by=editor, submitted_by=editor, submitted_at=NOON)
    with time_machine.travel(NOON, tick=False):
        outcome = act("publish", record, publisher)
    assert (record.published, record.published_at, record.updated_at) == (True, NOON, NOON)
    assert (record.version, record.updated_by, record.submitted_by, record.submitted_at) == (2, editor, None, None)
    past = record.history.latest("history_id")
    assert (past.history_type, past.history_user, past.history_date, past.published, past.history_batch) == (
        "~", publisher, NOON, True, outcome.batch,
    )  # fmt: skip
    assert (outcome.batch.kind, outcome.batch.by) == ("publish", publisher)


def test_withdrawing_takes_the_date_back_and_keeps_the_reason(publisher):
    record = make("public")
    before = record.updated_at
    with time_machine.travel(before + timedelta(days=1)):
        outcome = act("withdraw", record, publisher)
    assert (record.published_at, record.version, record.updated_at > before) == (None, 2, True)
    assert (outcome.batch.kind, outcome.batch.reason) == ("unpublish", "缺立项文号")


@pytest.mark.parametrize(("code", "state"), [("submit", "draft"), ("give_back", "waiting")])
def test_what_the_public_does_not_notice_moves_no_date_and_is_no_batch(code, state):
    boss, record = UserFactory(is_superuser=True), make(state)
    before = record.updated_at
    assert act(code, record, boss).batch is None
    assert (record.updated_at, record.version, ChangeBatch.objects.count()) == (before, 2, 0)
    reason = reason_in_words(record.history.latest("history_id"))
    assert (bool(reason), "publishing:" in reason, "缺立项文号" in reason) == (True, False, code == "give_back")


def test_submitting_notes_who_and_when(editor):
    record = make("returned")
    with time_machine.travel(NOON, tick=False):
        act("submit", record, editor)
    assert (record.submitted_at, record.submitted_by, record.review_note) == (NOON, editor, "")


def test_row_that_is_so_already_is_left_alone():
    boss = UserFactory(is_superuser=True)
    records = {"submit": make("waiting"), "publish": make("public"), "give_back": make("returned"),
               "withdraw": make("draft")}  # fmt: skip
    for code, record in records.items():
        outcome = act(code, record, boss)
        assert (outcome.changed, outcome.already, outcome.refused) == ([], [record], [])
        assert (record.version, record.history.count()) == (1, 1)


@pytest.mark.parametrize(("code", "state"), [("submit", "draft"), ("publish", "waiting"), ("give_back", "waiting"),
                                             ("withdraw", "public")])  # fmt: skip
def test_acts_and_refused_tries_are_in_the_audit_trail(code, state):
    boss, leader = UserFactory(is_superuser=True), UserFactory(roles=["leader"])
    record = make(state)
    act(code, record, leader), act(code, record, boss)
    action = {"give_back": "return"}.get(code, code)
    entries = AuditEntry.objects.filter(action=action).order_by("number")
    assert [(e.actor_id, e.result, e.target_kind, e.target_id) for e in entries] == [
        (leader.pk, "refused", "projects.project", str(record.pk)),
        (boss.pk, "done", "projects.project", str(record.pk)),
    ]
    assert "缺立项文号" not in str([entry.details for entry in entries])


def test_many_at_once_are_one_entry_that_names_each(publisher):
    records = [make("waiting", name=name) for name in "甲乙"]
    publishing.publish(Project.objects.all(), by=publisher)
    entry = AuditEntry.objects.get(action="publish")
    assert entry.details["records"] == {str(record.pk): record.name for record in records}


def test_refused_tries_without_end_do_not_fill_the_trail():
    leader, record = UserFactory(roles=["leader"]), make("draft")
    for _number in range(REFUSALS + 5):
        act("submit", record, leader)
    assert AuditEntry.objects.filter(action="submit", result="refused").count() == REFUSALS


def test_entry_of_many_names_the_first():
    leader, records = UserFactory(roles=["leader"]), [make("draft", Opportunity) for _number in range(22)]
    publishing.submit(Opportunity.objects.all(), by=leader)
    publishing.submit(Opportunity.objects.all(), by=UserFactory(roles=["editor"]))
    refused, done = (AuditEntry.objects.get(result=result).details for result in ("refused", "done"))
    assert [(len(told["records"]), told["count"], "keys" in told) for told in (refused, done)] == [
        (20, 22, False), (20, 22, True),
    ]  # fmt: skip
    assert done["keys"] == [record.pk for record in records]


def test_account_that_is_closed_leaves_no_trace_that_stops_the_act(publisher):
    record = make("waiting", submitted_by=UserFactory(), updated_by=UserFactory())
    get_user_model().objects.exclude(pk=publisher.pk).delete()
    assert act("publish", record, publisher).changed == [record]


# Many rows


def test_rows_stay_findable_after_publishing(publisher):
    make("waiting", Enterprise, name="武威华景领航电力有限公司")
    publishing.publish(Enterprise.objects.all(), by=publisher)
    assert Enterprise.objects.public().search("华景").count() == 1


def test_sorted_and_narrowed_lists_can_be_published(publisher):
    shown, hidden = make("waiting", name="甲"), make("waiting", name="乙")
    chosen = Project.objects.select_related("chain", "place").filter(name="甲").order_by("chain__name")
    assert publishing.publish(chosen, by=publisher).changed == [shown]
    assert not Project.objects.get(pk=hidden.pk).published


def test_cost_does_not_grow_with_the_rows(publisher, django_assert_max_num_queries):
    for number in range(100):
        make("waiting", Opportunity, name=f"机会{number}")
    with django_assert_max_num_queries(25):
        publishing.publish(Opportunity.objects.all(), by=publisher)
    assert Opportunity.objects.public().count() == 100


# Nothing else publishes


def test_taking_a_withdrawal_back_asks_what_publishing_asks(editor, publisher):
    record = make("public", updated_by=editor)
    batch = act("withdraw", record, publisher).batch
    with pytest.raises(ValidationError):
        undo.undo(batch, by=editor, reason="再公开")
    record.refresh_from_db()
    assert not record.published
    undo.undo(batch, by=publisher, reason="撤错了")
    record.refresh_from_db()
    assert record.published


def test_taking_publishing_back_asks_the_right_to_withdraw(editor, publisher):
    record = make("waiting", updated_by=editor)
    batch = act("publish", record, publisher).batch
    with pytest.raises(ValidationError):
        undo.undo(batch, by=editor, reason="不该公开")
    undo.undo(batch, by=publisher, reason="早了")
    record.refresh_from_db()
    assert publishing.state_of(record) == State.WAITING


@pytest.mark.parametrize(("role", "published"), [("editor", False), ("publisher", True)])
def test_record_that_comes_back_is_public_only_by_who_may_publish_it(role, published):
    record = make("public")
    with change_batch(ChangeBatch.Kind.DELETE, by=None) as batch:
        record.delete()
    undo.undo(batch, by=UserFactory(roles=[role]), reason="删错了")
    back = Project.objects.get()
    assert (back.published, back.published_at is not None) == (published, published)
