"""Small workbooks and CSV files for tests, and bringing them in."""

import csv
import io
from datetime import date

import xlsxwriter

from ledgers import imports
from ledgers.models import LedgerImport


def xlsx(path, rows, *, sheet="台账", merged=()):
    """An .xlsx file of these rows; `merged` are ranges such as A1:C1 with their text."""
    with xlsxwriter.Workbook(str(path)) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        page = book.add_worksheet(sheet)
        for number, row in enumerate(rows):
            for index, value in enumerate(row):
                if isinstance(value, date):
                    page.write_datetime(number, index, value, day)
                elif value is not None:
                    page.write(number, index, value)
        for area, text in merged:
            page.merge_range(area, text)
    return path


def csv_file(path, rows, encoding="utf-8-sig"):
    """A CSV file of these rows."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def checked(path, *, by=None, **options) -> LedgerImport:
    """A file brought in and checked, unknown columns left out; `options` as the preview page sets them."""
    found = imports.start(path, path.name, by=by)
    imports.leave_unknown(found)
    for name, value in options.items():
        setattr(found, name, value)
    found.save()
    while not imports.check(found):
        found.refresh_from_db()
    found.refresh_from_db()
    return found


def confirmed(path, *, by=None, **options) -> LedgerImport:
    """A file brought in, checked and written."""
    found = checked(path, by=by, **options)
    imports.confirm(found, by=by)
    found.refresh_from_db()
    return found


def problems(found: LedgerImport) -> list:
    """What is wrong, row by row."""
    return [row.problems for row in found.rows.filter(outcome="wrong")]


def counts(found: LedgerImport) -> dict[str, int]:
    """How many rows have each outcome; those of none are left out."""
    return {name: n for name, n in found.counts.items() if n and name not in ("companies", "units", "skipped")}
