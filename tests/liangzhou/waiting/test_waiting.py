"""Which changes wait, for whom, and what becomes of them."""

import pytest

from liangzhou import permissions, waiting
from liangzhou.audit import AuditEntry
from liangzhou.waiting import WaitingChange
from tests.factories import IndustryChainFactory, MechanismFactory, ProjectFactory, UserFactory, WaitingChangeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _settings(settings):
    settings.REVIEW_CHANGES = settings.PUBLISHER_IS_NOT_EDITOR = True


@pytest.fixture
def clerk():
    return UserFactory(roles=["editor"])


@pytest.fixture
def publisher():
    return UserFactory(roles=["publisher"])


def test_own_change_that_waits_is_replaced(clerk):
    project = ProjectFactory()
    first = waiting.submit(project, {"name": ["甲"]}, by=clerk)
    second = waiting.submit(project, {"name": ["乙"]}, by=clerk)
    first.refresh_from_db()
    assert (first.state, first.decided_by, second.state) == ("dropped", clerk, "waiting")
    assert waiting.concerning(project, clerk) == second
    told = AuditEntry.objects.filter(action="submit").order_by("number").values_list("details", flat=True)
    assert list(told) == [{"change": first.pk}, {"change": second.pk, "replaces": [first.pk]}]


def test_record_of_another_kind_with_the_same_key_has_changes_of_its_own(clerk):
    project = ProjectFactory()
    other = MechanismFactory(pk=project.pk)
    waiting.submit(project, {}, by=clerk)
    assert (waiting.concerning(other, clerk), WaitingChange.objects.of(other).count()) == (None, 0)


@pytest.mark.parametrize(
    ("act", "state", "words"),
    [
        (lambda change, by: waiting.approved(change, by=by), "approved", "publish"),
        (lambda change, by: waiting.send_back(change, by=by, note="请写明来源"), "returned", "return"),
        (lambda change, by: waiting.drop(change, by=by), "dropped", "undo"),
    ],
)
def test_decision_is_noted_with_who_and_in_the_audit_trail(publisher, act, state, words):
    change = WaitingChangeFactory()
    act(change, publisher)
    change.refresh_from_db()
    entry = AuditEntry.objects.latest("number")
    assert (change.state, change.decided_by, change.decided_at is not None) == (state, publisher, True)
    assert (entry.action, entry.actor_id, entry.details) == (words, publisher.pk, {"change": change.pk})


def test_returned_change_is_its_typists_until_they_send_off_another(clerk, publisher):
    project = ProjectFactory()
    change = waiting.submit(project, {}, by=clerk)
    waiting.send_back(change, by=publisher, note="请写明来源")
    assert (waiting.concerning(project, clerk), waiting.concerning(project, publisher)) == (change, None)
    newer = waiting.submit(project, {}, by=clerk)
    waiting.approved(newer, by=publisher)
    assert (waiting.concerning(project, clerk), WaitingChange.objects.returned_to(clerk).count()) == (None, 0)


def test_what_waits_goes_before_what_was_returned(clerk, publisher):
    project, other = ProjectFactory(), UserFactory(roles=["editor"])
    waiting.send_back(waiting.submit(project, {}, by=clerk), by=publisher, note="请写明来源")
    change = waiting.submit(project, {}, by=other)
    assert waiting.concerning(project, clerk) == change


def test_rule_of_who_decides_is_the_same_in_sql_and_for_one(settings, clerk, publisher):
    chain = IndustryChainFactory()
    boss = UserFactory(is_superuser=True)
    limited = UserFactory(roles=["task_force"], chains=[chain])
    changes = [WaitingChangeFactory(submitted_by=by) for by in (clerk, publisher, boss, limited)]
    changes.append(WaitingChangeFactory(target=ProjectFactory(chain=chain)))
    changes.append(WaitingChangeFactory(target=MechanismFactory()))
    for separate in (True, False):
        settings.PUBLISHER_IS_NOT_EDITOR = separate
        for user in (clerk, publisher, boss, limited):
            one_by_one = {change for change in changes if not permissions.why_not_decide(user, change)}
            assert set(WaitingChange.objects.decidable_by(user)) == one_by_one
    assert {permissions.why_not_decide(publisher, change) for change in changes} == {""}


def test_nobody_decides_on_a_change_of_what_is_gone(publisher):
    change = WaitingChangeFactory()
    change.record.delete()
    assert permissions.why_not_decide(publisher, WaitingChange.objects.get()) != ""
