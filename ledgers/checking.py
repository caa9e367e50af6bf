"""Checking a ledger in slices: for every row what it would change, what is wrong with it, or what it clashes with."""

from collections import Counter

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count
from django.utils import translation

from ledgers import comparing, matching, within
from ledgers.columns import IDENTITY, LANGUAGE, LEDGER
from ledgers.matching import Said, Surroundings
from ledgers.models import LedgerImport, LedgerRow
from ledgers.reach import Reach, not_yours
from ledgers.within import save
from projects import duplicates

State, Outcome = LedgerImport.State, LedgerRow.Outcome
REFERENCES = {"chain": matching.chain_named, "place": matching.place_named, "units": matching.units_named}


@transaction.atomic
def check(ledger_import: LedgerImport, *, rows: int = 500) -> bool:
    """Check the next rows of an import; True when all are. Then the state is READY and the counts are there."""
    ledger_import = LedgerImport.objects.select_for_update().get(pk=ledger_import.pk)
    if ledger_import.state != State.CHECKING:
        return True
    waiting = list(ledger_import.rows.filter(outcome=Outcome.WAITING)[:rows])
    with translation.override(LANGUAGE):
        if waiting:
            _check_rows(ledger_import, waiting)
            ledger_import.checked_rows += len(waiting)
        done = len(waiting) < rows
        if done:
            finish(ledger_import)
    ledger_import.save()
    return done


def _check_rows(ledger_import: LedgerImport, rows: list[LedgerRow]) -> None:
    known: dict = {}
    said = [read(row, ledger_import.sheets[row.sheet], known) for row in rows]
    reach = Reach(ledger_import.by)
    around = Surroundings(said, enter_companies=ledger_import.enter_companies, reach=reach)
    for one in said:
        _resolve(one, around)
    alike = _look_alikes(said, around)
    comparing.load_pasts(said, around)
    for one in said:
        _decide(one, around, alike.get(one.row.pk, []), ledger_import.override_reason)
    save(rows)
    for key, names in (("companies", around.unknown_companies), ("units", around.unknown_units)):
        ledger_import.counts[key] = sorted({*ledger_import.counts.get(key, []), *names})


def read(row: LedgerRow, sheet: dict, known: dict) -> Said:
    """What the cells of a row say, by column; what cannot be read is among the problems.

    `known` remembers what cells of this slice were read as: most say what others say too.
    """
    said = Said(row)
    cells = {
        name: (index, row.cells[index] if index < len(row.cells) else None)
        for index, name in enumerate(sheet["meanings"])
        if name in LEDGER
    }
    for name in (name for name in IDENTITY if name in cells):
        said.indexes[name] = cells[name][0]
        _read_identity(said, name, *cells[name])
    for name in (name for name in cells if name not in IDENTITY):
        index, cell = cells[name]
        said.indexes[name] = index
        said.raw[name] = cell
        if not LEDGER[name].readonly:
            _read_cell(said, name, cell, sheet["units"][index], known)
    row.name = str(said.values.get("name", ""))[:200]
    return said


def _read_identity(said: Said, name: str, index: int, cell) -> None:
    try:
        text = LEDGER[name].read(cell)
    except ValidationError as error:
        said.wrong(name, " ".join(error.messages))
        return
    if name == "row_version":
        said.version = int(text) if text.isdecimal() and len(text) < 10 else None
    else:
        setattr(said, name, text)


def _read_cell(said: Said, name: str, cell, unit: str, known: dict) -> None:
    key = (name, type(cell), str(cell), unit)
    if key not in known:
        try:
            value = LEDGER[name].read(cell, unit)
            known[key] = (value if isinstance(value, dict) else {name: value}), ""
        except ValidationError as error:
            known[key] = {}, " ".join(error.messages)
    values, wrong = known[key]
    if wrong:
        said.wrong(name, wrong)
    for column, part in values.items():
        if part != "" or said.clears:
            # What a cell says in passing (约13亿) gives way to a column of its own.
            said.values[column] = said.values.get(column, part) if column != name else part


def _resolve(said: Said, around: Surroundings) -> None:
    """Put our names for what the row names."""
    for name, named in REFERENCES.items():
        if said.values.get(name):
            _try(said, name, lambda named=named, name=name: named(around, said.values[name]))
    if said.values.get("parent"):
        _try(said, "parent", lambda: matching.parent_named(around, said.values["parent"]))
    company, code = said.values.get("enterprise", ""), said.values.pop("credit_code", "")
    if not (company or code):
        if "enterprise" in said.values:
            said.values["credit_code"] = ""  # it goes with the company
        return
    try:
        said.values["enterprise"], said.values["credit_code"] = matching.company_named(around, company, code)
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            said.wrong(name, " ".join(messages))


def _try(said: Said, name: str, named) -> None:
    try:
        said.values[name] = named()
    except ValidationError as error:
        said.wrong(name, " ".join(error.messages))


def _look_alikes(said: list[Said], around: Surroundings) -> dict[int, list]:
    """The projects that each row without a code of ours may be; those of others are noted with the row."""
    anonymous = [s for s in said if not (s.code or s.row_id) and s.values.get("name")]
    found = duplicates.candidates([matching.sketch(s, around) for s in anonymous], wide=True) if anonymous else {}
    own = around.reach.own_projects({one.project for candidates in found.values() for one in candidates})
    for one in anonymous:
        candidates = found.get(one.row.pk, [])
        found[one.row.pk] = [candidate for candidate in candidates if candidate.project in own]
        one.others = [candidate for candidate in candidates if candidate.project not in own]
    around.also({candidates[0].project for candidates in found.values() if candidates})
    return found


def _decide(said: Said, around: Surroundings, alike: list, override_reason: str) -> None:
    """The outcome of one row, with all that the preview shows and the writing needs."""
    row = said.row
    before = (row.project_id, row.changes)  # what a decision was about, if there is one
    row.values, row.changes, row.project, row.version = {}, [], None, None
    try:
        target = around.project_of(said)
    except ValidationError as error:
        said.wrong("code", " ".join(error.messages))
        target = None
    certain = [candidate for candidate in (*alike, *said.others) if candidate.certain]
    if target is None and len(certain) == 1 and certain[0] in said.others:
        said.wrong("name", not_yours())
    elif target is None and len(certain) == 1:
        target = around.by_pk(certain[0].project)
    if said.problems:
        row.outcome = Outcome.WRONG
    elif target is not None:
        comparing.update(said, target, around, override_reason)
    elif alike or said.others:
        comparing.look_alike(said, alike, around, override_reason)
    else:
        comparing.new(said, around, override_reason)
    if said.problems and row.outcome != Outcome.DUPLICATE:
        row.outcome = Outcome.WRONG
    row.problems = said.problems
    if (row.project_id, row.changes) != before:
        row.decision = LedgerRow.Decision.LEAVE


def finish(ledger_import: LedgerImport) -> None:
    """Compare the rows of the file with each other, and count."""
    within.compare(ledger_import)
    rows = ledger_import.rows.values_list("outcome").annotate(count=Count("pk")).order_by()
    counts = Counter(dict(rows))
    kept = {key: ledger_import.counts.get(key, []) for key in ("companies", "units")}
    ledger_import.counts = {outcome.value: counts[outcome] for outcome in Outcome if outcome != Outcome.WAITING} | kept
    ledger_import.state = State.READY
