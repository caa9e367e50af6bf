"""What a clerk decides for rows that are in conflict or may be in the ledger already."""

import re

from django.db import models

from .models import LedgerImport, LedgerRow

Outcome, Decision = LedgerRow.Outcome, LedgerRow.Decision
AT_ONCE = 500

# What may be decided for each kind of rows; a single row may allow less
POSSIBLE = {
    Outcome.CONFLICT: (Decision.LEAVE, Decision.TAKE),
    Outcome.DUPLICATE: (Decision.LEAVE, Decision.SAME, Decision.OTHER),
}


def to_be_written(ledger_import: LedgerImport) -> models.QuerySet:
    """The rows that confirming writes: new, changed, and those that the clerk decided so."""
    wanted = (
        models.Q(outcome__in=[Outcome.NEW, Outcome.CHANGED])
        | models.Q(outcome=Outcome.CONFLICT, decision=Decision.TAKE)
        | models.Q(outcome=Outcome.DUPLICATE, decision__in=[Decision.SAME, Decision.OTHER])
    )
    return ledger_import.rows.filter(wanted).order_by("pk")


def written_by(row: LedgerRow) -> dict:
    """The values that a row writes, as it was decided."""
    which = {Outcome.CONFLICT: "take", Outcome.DUPLICATE: row.decision}.get(row.outcome, "write")
    return row.values[which]


def refused(row: LedgerRow) -> dict[str, str]:
    """The decisions that a row cannot have although rows of its kind can, and why; empty where that says itself."""
    why = row.values.get("wrong", {})
    return {
        decision: why.get(decision, "")
        for decision in POSSIBLE.get(row.outcome, ())
        if decision != Decision.LEAVE and (why.get(decision) or decision not in row.values)
    }


def possible(row: LedgerRow) -> list[str]:
    """The decisions that a row may have; none where there is nothing to decide."""
    not_these = refused(row)
    return [decision for decision in POSSIBLE.get(row.outcome, ()) if decision not in not_these]


def possible_for_some(ledger_import: LedgerImport, outcome: str) -> list[str]:
    """The decisions of a kind that at least one of its rows may have; none where nothing is to be decided."""
    rows = ledger_import.rows.filter(outcome=outcome).only("pk", "outcome", "values")
    found = [
        decision
        for decision in POSSIBLE.get(outcome, ())
        if decision != Decision.LEAVE
        and any(decision in possible(row) for row in rows.filter(values__has_key=decision).iterator(chunk_size=50))
    ]
    decided = outcome in POSSIBLE and rows.exclude(decision=Decision.LEAVE).exists()
    return [Decision.LEAVE, *found] if found or decided else []


def decide(ledger_import: LedgerImport, outcome: str, chosen: dict[str, str]) -> int:
    """Write decisions, {key of the row: decision}; returns how many rows changed theirs.

    Keys of other rows and decisions that a row cannot have are passed over.
    """
    if outcome not in POSSIBLE:
        return 0
    wanted = {int(key): choice for key, choice in chosen.items() if re.fullmatch(r"\d{1,18}", key, re.ASCII)}
    rows = ledger_import.rows.filter(pk__in=wanted, outcome=outcome)
    return _write({row: wanted[row.pk] for row in rows if wanted[row.pk] in possible(row)})


def decide_all(ledger_import: LedgerImport, outcome: str, choice: str) -> int:
    """Write one decision for all rows of a kind that may have it; returns how many changed theirs."""
    if choice not in POSSIBLE.get(outcome, ()):
        return 0
    rows = ledger_import.rows.filter(outcome=outcome).only("pk", "outcome", "decision", "values")
    return _write({row: choice for row in rows.iterator(chunk_size=AT_ONCE) if choice in possible(row)})


def _write(choices: dict[LedgerRow, str]) -> int:
    changed = [row for row, choice in choices.items() if row.decision != choice]
    for row in changed:
        row.decision = choices[row]
    LedgerRow.objects.bulk_update(changed, ["decision"], batch_size=AT_ONCE)
    return len(changed)
