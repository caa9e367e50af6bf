"""A ledger's way in: read, name its columns, check it in slices, then confirm or discard it."""

import hashlib
import re
import unicodedata
from itertools import chain, islice
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from ledgers import contact_data, headings, keeping, trail
from ledgers.cells import is_blank, row_kind
from ledgers.checking import check, finish
from ledgers.columns import LEDGER
from ledgers.headings import IGNORED, LEFT_OUT, UNKNOWN
from ledgers.models import LedgerImport, LedgerRow, LedgerTemplate
from ledgers.reading import files
from ledgers.writing import NeedsSecondPerson, Refused, confirm
from liangzhou import demo, permissions
from projects.models import Project

__all__ = [
    "NeedsSecondPerson",
    "Refused",
    "check",
    "confirm",
    "discard",
    "finish",
    "leave_unknown",
    "name_columns",
    "recheck",
    "start",
    "unknown_headings",
]

STORED_AT_ONCE = 1000
SAMPLES = 3
NAMING = {"name", "code", "row_id"}  # columns that say which project a row is of: each sheet has one
_SECTION = re.compile(r"\s*\(?[一二三四五六七八九十]+[)、.:]")  # 一、续建项目

State, Outcome = LedgerImport.State, LedgerRow.Outcome


def start(path: Path, file_name: str, *, by) -> LedgerImport:
    """Read a file, keep its rows as they are, and name the columns that can be named.

    The state is MAPPING where a heading is not known, else CHECKING. Raises `files.Unreadable` with a
    sentence; nothing is kept then.
    """
    path = Path(path)
    with path.open("rb") as file:
        fingerprint = hashlib.file_digest(file, "sha256").hexdigest()
    found = LedgerImport(file_name=file_name[-200:], sha256=fingerprint, size=path.stat().st_size, by=by)
    with files.read(path, file_name) as sheets, transaction.atomic():  # nobody waits while the file is read
        found.save()
        for index, sheet in enumerate(sheets):
            found.sheets.append(_store_sheet(found, index, sheet))
        _refuse_invented(found)
        _use_guess_where_nothing_is_known(found)
        _remember(found)
        _leave_out_sheets_without_projects(found)
        keeping.empty_left_out(found)
        found.total_rows = found.rows.filter(outcome=Outcome.WAITING).count()
        found.state = State.MAPPING if unknown_headings(found) or not _has_name(found) else State.CHECKING
        found.save()
        trail.brought_in(found, by=by)
    return found


def _refuse_invented(found: LedgerImport) -> None:
    """Records of a demonstration come back into a demonstration only."""
    if not demo.is_demo() and any(demo.HEADING in sheet["headings"] for sheet in found.sheets):
        raise files.Unreadable(_("The records of this file are invented: they never go beside real ones."))


def _store_sheet(found: LedgerImport, index: int, sheet) -> dict:
    """Keep every row of a sheet; returns what is known of its columns."""
    rows = iter(sheet.rows)
    first = list(islice(rows, headings.LOOKED_AT))
    known = headings.find(first)
    named = known or headings.guess(first)
    below = _below(first, named)
    if named:
        named.meanings = _without_codes_of_others(named, below)
        named.meanings = keeping.without_contacts(named, below)
        named.texts = keeping.heading_texts(named)
    kept = (_row(found, index, number, cells, named) for number, cells in chain(first, rows))
    while batch := list(islice(kept, STORED_AT_ONCE)):
        LedgerRow.objects.bulk_create(batch)
    return {
        "name": sheet.name,
        "used": known is not None,
        "heading_row": named.last_row if named else 0,
        "headings": named.texts if named else [],
        "meanings": named.meanings if named else [],
        "units": named.units if named else [],
        "samples": [_samples(cells) if text else [] for text, cells in zip(named.texts, below, strict=True)]
        if named
        else [],
    }


def _row(found: LedgerImport, sheet: int, number: int, cells: list, named) -> LedgerRow:
    kind = _kind(number, cells, named)
    return LedgerRow(
        ledger_import=found,
        sheet=sheet,
        number=number,
        cells=keeping.kept(cells, named, kind),
        outcome=Outcome.WAITING if kind == "record" else Outcome.SKIPPED,
        problems=[] if kind == "record" else [["", None, kind, ""]],
    )


def _kind(number: int, cells: list, named) -> str:
    """What a row is: a record, or what it is skipped for (heading, title, total, note, blank)."""
    if named is None or number <= named.last_row:
        return "heading"
    if named.repeated_by(cells) == 1:
        return "heading"  # printed again at the top of a page
    kind = row_kind(cells)
    filled = [index for index, cell in enumerate(cells) if cell not in (None, "")]
    alone_in_name = len(filled) == 1 and named.meanings[filled[0] : filled[0] + 1] == ["name"]
    if kind == "title" and alone_in_name and not _SECTION.match(unicodedata.normalize("NFKC", str(cells[filled[0]]))):
        return "record"
    return kind


def _below(first: list, named) -> list[list]:
    """The first cells under each heading; titles and totals between them do not count."""
    records = [cells for number, cells in first if _kind(number, cells, named) == "record"]
    width = len(named.texts) if named else 0
    return [[cells[column] if column < len(cells) else None for cells in records] for column in range(width)]


def _without_codes_of_others(named, below: list[list]) -> list[str]:
    """The meanings, where 项目编号 is our code only if most cells under it look like one or are empty."""
    codes = [column for column, text in enumerate(named.texts) if headings.meaning(text) == "code"]
    ours = [column for column in codes if 2 * sum(map(_may_be_ours, below[column])) >= len(below[column])]
    found = list(named.meanings)
    for column in codes if "row_id" not in found else ():  # our own export
        found[column] = "code" if column in ours[:1] else UNKNOWN
    return found


def _may_be_ours(cell) -> bool:
    text = unicodedata.normalize("NFKC", _sample(cell)).strip("' \t").upper()
    return is_blank(cell) or re.fullmatch(rf"{Project.CODE_PREFIX}\d+", text, re.ASCII) is not None


def _samples(cells: list) -> list[str]:
    return [_sample(cell) for cell in cells if cell not in (None, "") and not contact_data.in_cell(cell)][:SAMPLES]


def _sample(cell) -> str:
    return str(cell["date"] if isinstance(cell, dict) else cell)[:60]


def _use_guess_where_nothing_is_known(found: LedgerImport) -> None:
    """Without a single known sheet, the first that has headings at all is offered for naming."""
    if not any(sheet["used"] for sheet in found.sheets):
        first = next((sheet for sheet in found.sheets if sheet["headings"]), None)
        if first is None:
            raise files.Unreadable(_("No row of headings was found: a ledger begins with the names of its columns."))
        first["used"] = True


def _leave_out_sheets_without_projects(found: LedgerImport) -> None:
    """Where one sheet names projects, another that does not is no ledger: a summary by chains beside it."""
    names = [sheet["used"] and bool(NAMING & set(sheet["meanings"])) for sheet in found.sheets]
    for index, sheet in enumerate(found.sheets):
        sheet["used"] = names[index] if any(names) else sheet["used"]
        if not sheet["used"]:
            nothing = {"headings": [], "meanings": [], "units": [], "samples": []}  # what is not read is not kept
            sheet.update(nothing)
            found.rows.filter(sheet=index).update(outcome=Outcome.SKIPPED, cells=[], problems=[["", None, "sheet", ""]])


def _remember(found: LedgerImport) -> None:
    """Give the unknown headings the meanings that a clerk gave them before, in a ledger of the same form."""
    for sheet in found.sheets:
        template = LedgerTemplate.objects.filter(signature=headings.signature(sheet["headings"])).first()
        if sheet["used"] and template:
            _apply(sheet, template.meanings)
            found.template = template


def _apply(sheet: dict, meanings: dict[str, str]) -> None:
    """Put what was said of headings; a column whose cells were not kept stays what it is."""
    sheet["meanings"] = [
        meaning if meaning in keeping.GONE else meanings.get(heading, meaning)
        for heading, meaning in zip(sheet["headings"], sheet["meanings"], strict=True)
    ]


def unknown_headings(ledger_import: LedgerImport) -> list[str]:
    """The headings, each once, of which nobody has said yet what they mean."""
    found = [
        heading
        for sheet in ledger_import.sheets
        if sheet["used"]
        for heading, meaning in zip(sheet["headings"], sheet["meanings"], strict=True)
        if meaning == UNKNOWN and heading
    ]
    return list(dict.fromkeys(found))


def _has_name(ledger_import: LedgerImport) -> bool:
    used = [set(sheet["meanings"]) for sheet in ledger_import.sheets if sheet["used"]]
    return all(meanings & NAMING for meanings in used)


@transaction.atomic
def name_columns(ledger_import: LedgerImport, meanings: dict[str, str], *, template_name: str = "", by) -> None:
    """Say what headings mean: one of our columns, or LEFT_OUT. Remembered for ledgers of the same form.

    Raises ValidationError, by heading where one is at fault.
    """
    meanings = {heading: LEFT_OUT if said == IGNORED else said for heading, said in meanings.items()}
    errors = {h: _("There is no such column.") for h, m in meanings.items() if m not in {*LEDGER, LEFT_OUT}}
    errors |= _named_too_late(ledger_import, meanings)
    for sheet in (sheet for sheet in ledger_import.sheets if sheet["used"]):
        _apply(sheet, meanings)
        taken: dict[str, str] = {}
        for heading, meaning in zip(sheet["headings"], sheet["meanings"], strict=True):
            if meaning in LEDGER and meaning in taken:
                words = {"column": LEDGER[meaning].header, "heading": taken[meaning]}
                errors[heading] = _("“%(column)s” is already read from the column “%(heading)s”.") % words
            taken.setdefault(meaning, heading)
    if errors:
        raise ValidationError(errors)
    if not _has_name(ledger_import):
        raise ValidationError(_("Say which column holds the name of the project: without it nothing can be read."))
    for heading in unknown_headings(ledger_import):
        raise ValidationError({heading: _("Say what this column means, or leave it out.")})
    _keep_template(ledger_import, meanings, template_name, by)
    keeping.empty_left_out(ledger_import)
    recheck(ledger_import)


def _named_too_late(ledger_import: LedgerImport, meanings: dict[str, str]) -> dict[str, str]:
    """What is said of columns whose cells are gone, and why it cannot be said any more."""
    used = [sheet for sheet in ledger_import.sheets if sheet["used"]]
    pairs = {pair for sheet in used for pair in zip(sheet["headings"], sheet["meanings"], strict=True)}
    here = {heading for heading, meaning in pairs if meaning not in keeping.GONE}
    gone = {heading: meaning for heading, meaning in pairs if meaning in keeping.GONE and heading not in here}
    why = {heading: keeping.why_not_kept(meaning) for heading, meaning in gone.items()}
    return {heading: why[heading] for heading, said in meanings.items() if heading in why and said != LEFT_OUT}


def _keep_template(ledger_import: LedgerImport, meanings: dict[str, str], name: str, by) -> None:
    for sheet in (sheet for sheet in ledger_import.sheets if sheet["used"]):
        said = {heading: meanings[heading] for heading in sheet["headings"] if heading in meanings}
        if said:
            template = LedgerTemplate.objects.filter(signature=headings.signature(sheet["headings"])).first()
            if template and not permissions.may_rename_template(by, template):
                ledger_import.template = template
                continue  # what was said now holds for this file; what others said of the next ones stays
            template = template or LedgerTemplate(signature=headings.signature(sheet["headings"]))
            template.name = (name or template.name or ledger_import.file_name)[:100]
            template.meanings = {**template.meanings, **said}
            template.stamp(by)
            template.save()
            ledger_import.template = template


@transaction.atomic
def leave_unknown(ledger_import: LedgerImport) -> list[str]:
    """Leave every unknown column out, for those who cannot be asked; returns the headings."""
    unknown = unknown_headings(ledger_import)
    for sheet in ledger_import.sheets:
        _apply(sheet, dict.fromkeys(unknown, LEFT_OUT))
    if not _has_name(ledger_import):
        raise files.Unreadable(_("No column holds the name of a project: without it nothing can be read."))
    keeping.empty_left_out(ledger_import)
    ledger_import.state = State.CHECKING
    ledger_import.save()
    return unknown


@transaction.atomic
def recheck(ledger_import: LedgerImport, **options) -> None:
    """Look at every row again, under other options (`enter_companies`, `override_reason`, `leave_out_wrong`)."""
    for name, value in options.items():
        setattr(ledger_import, name, value)
    ledger_import.rows.exclude(outcome=Outcome.SKIPPED).update(
        outcome=Outcome.WAITING
    )  # what was decided stays where the row still says the same of the same project
    ledger_import.state, ledger_import.checked_rows, ledger_import.counts = State.CHECKING, 0, {}
    ledger_import.save()


def discard(ledger_import: LedgerImport, *, by) -> None:
    """Give an import up; its rows are forgotten. What was written before stays."""
    over = [State.WRITTEN, State.UNDONE, State.DISCARDED]
    with transaction.atomic():
        changed = LedgerImport.objects.filter(pk=ledger_import.pk).exclude(state__in=over)
        if changed.update(state=State.DISCARDED):
            ledger_import.rows.all().delete()
            trail.discarded(ledger_import, by=by)
    ledger_import.refresh_from_db()
