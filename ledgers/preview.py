"""What the preview shows: the kinds of rows, each row as the page prints it, and how the file was read."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib.admin.views.main import PAGE_VAR
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.stages import Stage, labels

from . import decisions, keeping
from .columns import LEDGER
from .decisions import to_be_written
from .headings import CONTACT, IGNORED, LEFT_OUT
from .models import LedgerImport, LedgerRow
from .wording import close_up

Outcome, Decision = LedgerRow.Outcome, LedgerRow.Decision
SHOWN = (
    Outcome.NEW,
    Outcome.CHANGED,
    Outcome.CONFLICT,
    Outcome.DUPLICATE,
    Outcome.WRONG,
    Outcome.UNCHANGED,
    Outcome.SKIPPED,
)
FIRST_LOOK = (Outcome.WRONG, Outcome.CONFLICT, Outcome.DUPLICATE, Outcome.CHANGED, Outcome.NEW, Outcome.UNCHANGED)

MARKED = (Outcome.WRONG, Outcome.CONFLICT, Outcome.DUPLICATE)  # rows that the marked workbook explains
ASSUMED_UNIT = "万元"


@dataclass(frozen=True)
class Tab:
    """A kind of rows, how many there are, and the address that shows them."""

    label: str
    count: int
    query: str
    current: bool


@dataclass(frozen=True)
class Problem:
    """What is wrong in a row, and in which cell."""

    column: str
    where: str
    cell: str
    wrong: str
    right: str


@dataclass(frozen=True)
class LetThrough:
    """Which requirements a stage is let through without, and why; `decision` is what has to be decided for that."""

    decision: str
    without: str
    reason: str


@dataclass(frozen=True)
class Line:
    """A row of the file as the preview prints it. `stage` is that of a new project whose row gives none."""

    row: LedgerRow
    sheet: str
    changes: list
    problems: list[Problem]
    choices: list[tuple[str, str]]
    refused: list[tuple[str, str]]
    let_through: list[LetThrough]
    stage: str
    note: str

    @property
    def was_there(self) -> bool:
        """Whether there is anything that the row is compared with."""
        return self.row.project_id is not None or self.row.outcome in (Outcome.CHANGED, Outcome.CONFLICT)

    @property
    def says_what_is_right(self) -> bool:
        """Whether any problem says what would be right, beside what is wrong."""
        return any(problem.right for problem in self.problems)


@dataclass(frozen=True)
class Would:
    """How many projects a confirmation enters and changes, and how many rows it leaves out by decision."""

    new: int
    changed: int

    def __bool__(self):
        return bool(self.new or self.changed)


def query(outcome: str, page: str = "") -> str:
    """The query string of one kind of rows, and of one page of it."""
    return "?" + urlencode({"outcome": outcome} | ({PAGE_VAR: page} if page.isdecimal() else {}))


def tabs(ledger_import: LedgerImport, current: str) -> list[Tab]:
    """Every kind of rows, also those of which there are none."""
    counts = ledger_import.counts
    return [Tab(o.label, counts.get(o, 0), query(o), o == current) for o in SHOWN]


def chosen_outcome(ledger_import: LedgerImport, asked: str) -> str:
    """The kind of rows that is asked for, else the first that wants somebody to look at it."""
    if asked in SHOWN:
        return asked
    return next((o for o in FIRST_LOOK if ledger_import.counts.get(o)), Outcome.NEW)


def line(ledger_import: LedgerImport, row: LedgerRow) -> Line:
    """A row with its sheet's name, its problems placed, and what may be decided for it."""
    sheet = ledger_import.sheets[row.sheet]["name"] if row.sheet < len(ledger_import.sheets) else ""
    skipped = row.outcome == Outcome.SKIPPED
    problems = [
        Problem(column, letter(cell), _cell_text(row.cells, cell), close_up(wrong), close_up(right))
        for column, cell, wrong, right in row.problems
        if not skipped
    ]
    choices = [(decision, Decision(decision).label) for decision in decisions.possible(row)]
    refused = [(Decision(decision).label, close_up(why)) for decision, why in decisions.refused(row).items() if why]
    if len(choices) == 1 and row.decision == Decision.LEAVE:
        choices = []  # leaving it out is all that can be done
    note = _skipped(row) if skipped else ""
    return Line(row, sheet, row.changes, problems, choices, refused, _let_through(row), _first_stage(row), note)


def _let_through(row: LedgerRow) -> list[LetThrough]:
    """What an override lets through, for each way in which the row can be written."""
    ways = {"write": "", **{decision: Decision(decision).label for decision in Decision.values if decision}}
    return [
        LetThrough(str(label), "、".join(labels(" ".join(values["_overridden"]))), values.get("_reason", ""))
        for way, label in ways.items()
        if (values := row.values.get(way)) and values.get("_overridden")
    ]


def _first_stage(row: LedgerRow) -> str:
    """The stage at which a row enters a new project without saying so; empty where it does not."""
    way = {Outcome.NEW: "write", Outcome.DUPLICATE: Decision.OTHER}.get(row.outcome)
    enters = way in row.values and "stage" not in row.values[way]
    return str(Stage.LEAD.label) if enters else ""


def _skipped(row: LedgerRow) -> str:
    """Why a row is no record, and how it begins."""
    why = {
        "heading": _("headings, or above them"),
        "title": _("a title"),
        "total": _("a total"),
        "note": _("a note"),
        "blank": _("nothing in it"),
        "sheet": _("on a sheet that is not used"),
    }
    kind = row.problems[0][2] if row.problems else ""
    cells = [_cell_text(row.cells, place) for place in range(len(row.cells))]
    words = " \u00b7 ".join(filter(None, dict.fromkeys(cells)))
    return f"{why.get(kind, kind)}\uff1a{words[:120]}" if words else str(why.get(kind, kind))


def letter(place: int | None) -> str:
    """The letter of a column as spreadsheets write it, counted from 0; empty for None."""
    letters = ""
    while place is not None and place >= 0:
        place, rest = divmod(place, 26)
        letters, place = chr(ord("A") + rest) + letters, place - 1
    return letters


def _cell_text(cells: list, place: int | None) -> str:
    value = cells[place] if place is not None and 0 <= place < len(cells) else None
    if isinstance(value, dict):
        return str(value.get("date", ""))
    return "" if value is None else str(value)


def decisions_for_all(ledger_import: LedgerImport, outcome: str) -> list[tuple[str, str]]:
    """The decisions that can be taken for all rows of a kind at once: what at least one of them allows."""
    return [(decision, Decision(decision).label) for decision in decisions.possible_for_some(ledger_import, outcome)]


def would_write(ledger_import: LedgerImport) -> Would:
    """How many projects would be entered and changed, decisions counted."""
    counted = to_be_written(ledger_import).order_by().values_list("outcome", "decision")
    rows = {pair[:2]: pair[2] for pair in counted.annotate(count=Count("pk"))}
    new = sum(count for (outcome, decision), count in rows.items() if decision == Decision.OTHER or outcome == "new")
    return Would(new, sum(rows.values()) - new)


def undecided(ledger_import: LedgerImport) -> int:
    """How many rows are left out because nothing else was decided for them."""
    return ledger_import.rows.filter(outcome__in=decisions.POSSIBLE, decision=Decision.LEAVE).count()


def hindrance(ledger_import: LedgerImport) -> str:
    """Why the import cannot be confirmed; empty where it can."""
    wrong = ledger_import.counts.get(Outcome.WRONG, 0)
    if wrong and not ledger_import.leave_out_wrong:
        return ngettext(
            "%(count)d row is wrong: mend the file and bring it in again, or leave rows with wrong cells out.",
            "%(count)d rows are wrong: mend the file and bring it in again, or leave rows with wrong cells out.",
            wrong,
        ) % {"count": wrong}
    return ""


@dataclass(frozen=True)
class SheetRead:
    """How one sheet was read; `unit` is what amounts are in that state none."""

    name: str
    used: bool
    unit: str


def sheets(ledger_import: LedgerImport) -> list[SheetRead]:
    """Every sheet of the file."""
    return [SheetRead(sheet["name"], sheet["used"], _unit(sheet)) for sheet in ledger_import.sheets]


def _unit(sheet: dict) -> str:
    units = dict(zip(sheet["meanings"], sheet["units"], strict=False))
    return (units["total_investment"] or ASSUMED_UNIT) if sheet["used"] and "total_investment" in units else ""


def unit_assumed(ledger_import: LedgerImport) -> str:
    """Says what amounts are taken to be where neither the heading nor what is above it states a unit; else empty."""
    used = [sheet for sheet in ledger_import.sheets if sheet["used"]]
    silent = [s["name"] for s in used if ("total_investment", "") in zip(s["meanings"], s["units"], strict=False)]
    if not silent:
        return ""
    return _(
        "No unit is stated for the amounts of “%(sheets)s”: numbers alone are read as %(unit)s. If they are %(other)s, "
        "write that into the heading, discard this import and bring the file in again."
    ) % {"sheets": "、".join(silent), "unit": ASSUMED_UNIT, "other": "亿元"}


def columns_not_read(ledger_import: LedgerImport) -> list[tuple[str, str]]:
    """(heading, why) of every column of the file that changes nothing."""
    shown_only = {column.name for column in LEDGER.values() if column.readonly}
    why = {
        LEFT_OUT: _("left out, as it was said; its cells are not kept"),
        CONTACT: keeping.why_not_kept(CONTACT),
        IGNORED: _("nothing that the ledger keeps"),
        **dict.fromkeys(shown_only, _("only shown: the ledger works it out by itself")),
    }
    found = {}
    for sheet in ledger_import.sheets:
        if sheet["used"]:
            for heading, meaning in zip(sheet["headings"], sheet["meanings"], strict=True):
                if heading and meaning in why:
                    found[heading] = why[meaning]
    return list(found.items())
