"""The ledger as a workbook or CSV that comes back unchanged, and the empty form to fill in."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import xlsxwriter
from django.db.models import QuerySet
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from enterprises.models import Place
from ledgers import states
from ledgers.columns import LANGUAGE, LEDGER, LedgerColumn
from liangzhou import demo
from liangzhou.exports import Field, Kind, rows, stream_csv
from liangzhou.exports.fields import clean
from liangzhou.exports.xlsx_parts import cut
from projects.models import IndustryChain, Unit

CELL_LENGTH = 32_767  # what a cell holds
ROWS_AT_A_TIME = 500
ROWS_TO_FILL = 500  # with drop-down lists, beyond the last project
LONGEST_LIST = 5_000

Columns = Sequence[LedgerColumn]
ALL: Columns = tuple(LEDGER.values())

XLSX_OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def ledger_rows(projects: QuerySet, columns: Columns) -> Iterator[tuple]:
    """The values of the columns, project by project, as people read them; numbers in 万元 and 亩 as text.

    Read as every export is: all projects as of one moment, and the database let go as soon as this is closed.
    """
    with closing(rows(states.with_parts(projects), chunk_size=ROWS_AT_A_TIME)) as found:
        for project in found:
            yield tuple(column.shown(column.get(project)) for column in columns)


def ledger_csv(projects: QuerySet, columns: Columns = ALL) -> Iterator[bytes]:
    """The ledger as CSV in UTF-8 with BOM, in chunks."""
    with translation.override(LANGUAGE):
        kinds = {Kind.NUMBER: Kind.TEXT}  # plain text already, which no spreadsheet reads as anything else
        fields = [Field(header=column.header, kind=kinds.get(column.kind, column.kind)) for column in columns]
        chunks = stream_csv(fields, ledger_rows(projects, columns))
    return in_language(chunks)


def in_language(chunks: Iterator) -> Iterator:
    """An iterator whose every step runs in the ledger's language, whoever takes the steps."""
    while True:
        with translation.override(LANGUAGE):
            try:
                chunk = next(chunks)
            except StopIteration:
                return
        yield chunk


def ledger_workbook(projects: QuerySet, path: Path | str, columns: Columns = ALL) -> int:
    """Write the ledger to an .xlsx file; returns the number of projects."""
    with translation.override(LANGUAGE), xlsxwriter.Workbook(str(path), XLSX_OPTIONS) as book:
        return _fill(book, ledger_rows(projects, columns), columns)


def template_workbook(path: Path | str) -> None:
    """Write the empty form: headings, drop-down lists, and the sheet that explains the columns."""
    with translation.override(LANGUAGE), xlsxwriter.Workbook(str(path), XLSX_OPTIONS) as book:
        _fill(book, iter(()), ALL)


def _fill(book: xlsxwriter.Workbook, values: Iterator[tuple], columns: Columns) -> int:
    sheet, lists = book.add_worksheet(_("Project ledger")), {}
    explained, hidden = book.add_worksheet(_("How to fill it in")), book.add_worksheet(_("Lists"))
    wrapped = book.add_format({"valign": "top", "text_wrap": True})
    texts = book.add_format({"valign": "top", "num_format": "@"})
    _head(book, sheet, columns)
    invented, count = demo.is_demo(), 0
    if invented:  # beside every record, and over every printed page
        sheet.write_string(0, len(columns), demo.HEADING)
        sheet.set_header(f"&C{demo.MARK}")
    for count, row in enumerate(values, 1):
        for index, (column, text) in enumerate(zip(columns, row, strict=True)):
            _write(sheet, count, index, column, text, texts if column.kind is Kind.CODE else wrapped)
        if invented:
            sheet.write_string(count, len(columns), demo.MARK)
    for index, column in enumerate(columns):
        lists[index] = legal_values(column)
    several = [index for index, column in enumerate(columns) if column.name == "units"]  # with their shares
    _add_lists(sheet, hidden, lists, several, count + ROWS_TO_FILL)
    sheet.autofilter(0, 0, max(count, 1), len(columns) - 1)
    _explain(book, explained, columns)
    hidden.hide()
    return count


def _head(book, sheet, columns: Columns) -> None:
    typed = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#DDEBE4", "border": 1})
    seen = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#EEEEEE", "border": 1})
    sheet.freeze_panes(1, 2)
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width, None, {"hidden": True} if column.hidden else {})
        sheet.write_string(0, index, column.header, seen if column.readonly else typed)


def _write(sheet, row: int, index: int, column: LedgerColumn, text: str, style) -> None:
    if text == "":
        return
    if column.kind is Kind.NUMBER:
        sheet.write_number(row, index, float(text), style)
    else:
        sheet.write_string(row, index, cut(clean(text), CELL_LENGTH, "…"), style)


def legal_values(column: LedgerColumn) -> list[str]:
    """What the drop-down list of a column offers; empty where anything may be typed."""
    if column.readonly:
        return []
    if column.words:
        return [str(label) for _value, label in column.words]
    if column.name == "investment_undisclosed":
        return [_("yes"), _("no")]
    named = {"chain": IndustryChain, "place": Place, "units": Unit}.get(column.name)
    return list(named.objects.order_by("pk").values_list("name", flat=True)[:LONGEST_LIST]) if named else []


def _add_lists(sheet, hidden, lists: dict[int, list[str]], several: list[int], last_row: int) -> None:
    """The lists stand in a hidden sheet: one typed into the rule may hold 255 characters only.

    A cell of the columns `several` may name more than one value.
    """
    offered = {index: values for index, values in lists.items() if values}
    longest = max(map(len, offered.values()), default=0)
    for row in range(longest):
        for place, values in enumerate(offered.values()):
            if row < len(values):
                hidden.write_string(row, place, values[row])
    for place, (index, values) in enumerate(offered.items()):
        letter = xlsxwriter.utility.xl_col_to_name(place, col_abs=True)
        sheet.data_validation(
            *(1, index, last_row, index),
            {
                "validate": "list",
                "source": f"='{hidden.get_name()}'!{letter}$1:{letter}${len(values)}",
                "error_type": "information" if index in several else "stop",
                "error_title": _("Not in the list")[:32],
                "error_message": _("Choose one of the list. What is missing there is entered in the system first.")[
                    :255
                ],
            },
        )


def _explain(book, sheet, columns: Columns) -> None:
    bold = book.add_format({"bold": True, "bg_color": "#DDEBE4", "border": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 70)
    sheet.set_column(2, 2, 50)
    for index, heading in enumerate((_("Heading"), _("What belongs there"), _("Legal values"))):
        sheet.write_string(0, index, heading, bold)
    for row, column in enumerate(columns, 1):
        said = str(column.help) or (str(capfirst(column.label)) + ".")
        if column.readonly:
            said = _("To be seen only.") if not column.help else said
        sheet.write_string(row, 0, column.header, wrapped)
        sheet.write_string(row, 1, said, wrapped)
        sheet.write_string(row, 2, "、".join(legal_values(column)[:60]), wrapped)
