"""Instructions to answer, and instructions that wait for an answer."""

from datetime import date

import pytest

from monthly.desk import instructions
from tests.factories import InstructionFactory, UserFactory
from tests.monthly.desk.cast import TODAY, a_clerk, told

pytestmark = pytest.mark.django_db


def test_instructions_are_told_when_late_or_due_in_three_days():
    clerk, project = a_clerk()
    late = InstructionFactory(project=project, due=date(2025, 6, 23))
    today = InstructionFactory(project=project, due=TODAY)
    soon = InstructionFactory(project=project, due=date(2025, 6, 27))
    InstructionFactory(project=project, due=date(2025, 6, 28))
    InstructionFactory(project=project)
    InstructionFactory(project=project, due=date(2025, 6, 1), answer="已办")
    InstructionFactory(due=date(2025, 6, 1))  # of somebody else's project

    assert told(instructions.to_answer(clerk, on=TODAY)) == [
        ("instruction_late", f"{late.pk}:2025-06-23"),
        ("instruction_due", f"{today.pk}:2025-06-24"),
        ("instruction_due", f"{soon.pk}:2025-06-27"),
    ]


def test_leader_answers_nothing_and_waits_for_answers_to_their_own():
    leader = UserFactory(roles=["leader"])
    open_ended = InstructionFactory(created_by=leader)
    late = InstructionFactory(created_by=leader, due=date(2025, 6, 23))
    InstructionFactory(created_by=leader, answer="已办")
    InstructionFactory()

    assert instructions.to_answer(leader, on=TODAY) == []
    assert told(instructions.given(leader, on=TODAY)) == [
        ("given_late", f"{late.pk}:2025-06-23"), ("given", f"{open_ended.pk}:None"),
    ]  # fmt: skip
