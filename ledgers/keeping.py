"""What is kept of the cells of a file: no contact data, and nothing of columns that are not read."""

import re

from django.db.models import F, Func, JSONField, QuerySet
from django.utils.translation import gettext_lazy as _

from ledgers import contact_data
from ledgers.cells.texts import shown
from ledgers.columns import LEDGER
from ledgers.headings import CONTACT, IGNORED, LEFT_OUT, Headings
from ledgers.models import LedgerImport
from ledgers.money_units import unit_of
from liangzhou.exports import Kind

GONE = (CONTACT, LEFT_OUT)  # what the columns mean whose cells were not kept
WHY = {
    CONTACT: _("Names and numbers of people are not kept: enter them on the page of the company, as contacts."),
    LEFT_OUT: _(
        "Left out, so its cells are not kept. To read this column after all, give it another heading in the file and "
        "bring that in again."
    ),
}
_COUNTER = re.compile(r"[\d.]{1,6}", re.ASCII)  # all that is kept of columns such as 序号


def why_not_kept(meaning: str) -> str:
    """Why the cells of a column were not kept, in a sentence; empty where they were."""
    return str(WHY.get(meaning, ""))


def without_contacts(named: Headings, below: list[list]) -> list[str]:
    """The meanings, where columns with contact data below them are CONTACT, whatever their headings say.

    `below` is the first cells under each heading. Amounts and codes may look like telephone numbers.
    """
    return [
        CONTACT
        if meaning not in GONE and _may_hold_contacts(text, meaning) and contact_data.in_column(cells)
        else meaning
        for text, meaning, cells in zip(named.texts, named.meanings, below, strict=True)
    ]


def _may_hold_contacts(heading: str, meaning: str) -> bool:
    column = LEDGER.get(meaning)
    if meaning == "name":
        return False
    return column.kind is Kind.TEXT if column else not unit_of(heading)


def heading_texts(named: Headings) -> list[str]:
    """The headings without those that are themselves numbers of people: a first row taken for headings."""
    return ["" if contact_data.in_cell(text) else text for text in named.texts]


def kept(cells: list, named: Headings | None, kind: str) -> list:
    """The cells of a row that may be stored, each in its place; `kind` is what the row is (record, title, total, …).

    A title over merged cells, which was read into each, stands in the first alone.
    """
    if named is None:
        return []
    if kind == "heading":
        return [_unless_it_names_people(cell) for cell in cells]
    if kind == "record":
        return _without_the_last_empty(_of_record(place, cell, named) for place, cell in enumerate(cells))
    if len(cells) > 1 and isinstance(cells[0], str) and all(cell == cells[0] for cell in cells):
        cells = cells[:1]
    return _without_the_last_empty(_of_other(place, cell, named) for place, cell in enumerate(cells))


def _of_record(place: int, cell, named: Headings):
    meaning = _meaning(place, named)
    if meaning == IGNORED:
        return cell if _COUNTER.fullmatch(shown(cell).strip()) else None
    return None if meaning in GONE else cell


def _of_other(place: int, cell, named: Headings):
    """Titles and notes mostly stand in the first column, whatever that means."""
    gone = _meaning(place, named) in GONE and (place or named.meanings[:1] == [CONTACT])
    return None if gone else _unless_it_names_people(cell)


def _meaning(place: int, named: Headings) -> str:
    """What a column means; LEFT_OUT where it has no heading, so that nobody will ever say what it means."""
    return named.meanings[place] if place < len(named.texts) and named.texts[place] else LEFT_OUT


def _unless_it_names_people(cell):
    return None if contact_data.in_note(cell) else cell


def _without_the_last_empty(cells) -> list:
    found = list(cells)
    while found and found[-1] is None:
        found.pop()
    return found


def not_kept(ledger_import: LedgerImport) -> list[tuple[str, str, str]]:
    """(sheet, heading, why) of every column of the sheets that are used whose cells were not kept."""
    return [
        (sheet["name"], heading, why_not_kept(meaning))
        for sheet in ledger_import.sheets
        if sheet["used"]
        for heading, meaning in zip(sheet["headings"], sheet["meanings"], strict=True)
        if heading and meaning in GONE
    ]


def empty_left_out(ledger_import: LedgerImport) -> None:
    """Forget the cells of the columns that are left out, on all sheets; the headings stay."""
    for index, sheet in enumerate(ledger_import.sheets):
        places = [place for place, meaning in enumerate(sheet["meanings"]) if meaning in GONE]
        for place in places:
            sheet["samples"][place : place + 1] = [[]] if place < len(sheet.get("samples", [])) else []
        if places:
            below = ledger_import.rows.filter(sheet=index, number__gt=sheet["heading_row"])
            empty_columns(below, places)


def empty_columns(rows: QuerySet, places: list[int]) -> None:
    """Empty the cells at these places, counted from 0, in one statement."""
    cells = F("cells")
    for place in places:
        cells = _Emptied(cells, place=place)
    rows.update(cells=cells)


class _Emptied(Func):
    """A list in JSON with null at one place; as it is where it is shorter."""

    output_field = JSONField()
    arity = 1

    def as_sqlite(self, compiler, connection, **context):
        template = f"json_replace(%(expressions)s, '$[{int(self.extra['place'])}]', json('null'))"
        return super().as_sql(compiler, connection, template=template, **context)

    def as_postgresql(self, compiler, connection, **context):
        template = f"jsonb_set(%(expressions)s, '{{{int(self.extra['place'])}}}', 'null', false)"
        return super().as_sql(compiler, connection, template=template, **context)
