"""Files that were brought in earlier: contact data and what is not read is emptied, as it is in those brought in now."""

from django.db import migrations

from ledgers import contact_data, keeping
from ledgers.columns import LEDGER
from ledgers.headings import CONTACT
from ledgers.money_units import unit_of

OPEN = ("mapping", "checking", "ready")
AT_ONCE = 500  # rows in memory
NOTHING = {"headings": [], "meanings": [], "units": [], "samples": []}


def forget(apps, schema_editor):
    """Empty the cells of every import, one after the other."""
    imports = apps.get_model("ledgers", "LedgerImport").objects
    for pk in imports.order_by("pk").values_list("pk", flat=True).iterator():
        found = imports.get(pk=pk)
        read = {}
        for index, sheet in enumerate(found.sheets):
            rows = found.rows.filter(sheet=index)
            if not sheet.get("used", True):
                sheet.update(NOTHING)
                rows.update(cells=[])
                continue
            read[index] = _forget_columns(sheet, rows)
            _in_slices(rows.filter(outcome="skipped"), _forget_notes, ["cells"])
        if any(read.values()):
            _forget_what_was_read(found, read)
        found.save()


def _forget_columns(sheet, rows):
    """Empty the columns of a sheet that are not kept; returns which of our columns contact data was read as."""
    samples = sheet.get("samples") or [[] for _heading in sheet["headings"]]
    read, places = {}, []
    for place, heading in enumerate(sheet["headings"]):
        meaning = sheet["meanings"][place]
        below = samples[place] if place < len(samples) else []
        numbers = meaning not in LEDGER and not unit_of(heading) and contact_data.in_column(below)
        if meaning != "name" and (contact_data.in_heading(heading) or numbers):
            read |= {meaning: place} if meaning in LEDGER else {}
            sheet["meanings"][place] = CONTACT
        if sheet["meanings"][place] in keeping.GONE or not heading:
            places.append(place)
    sheet["samples"] = [
        [] if place in places else [sample for sample in below if not contact_data.in_cell(sample)]
        for place, below in enumerate(samples)
    ]
    if places:
        keeping.empty_columns(rows.filter(number__gt=sheet.get("heading_row") or 0), places)
    return read


def _forget_notes(row):
    row.cells = [None if contact_data.in_note(cell) else cell for cell in row.cells]


def _forget_what_was_read(found, read):
    """Contact data that was read as one of our columns: an open import is checked anew, a closed one says less."""
    if found.state in OPEN:
        anew = {"outcome": "waiting", "values": {}, "changes": [], "problems": []}
        found.rows.exclude(outcome="skipped").update(**anew)
        found.checked_rows, found.counts = 0, {}
        found.state = "mapping" if found.state == "mapping" else "checking"
        return

    def strip(row):
        gone = read.get(row.sheet, {})
        row.values = {
            way: {name: value for name, value in values.items() if name not in gone}
            for way, values in row.values.items()
        }
        row.changes = [] if gone else row.changes
        row.problems = [one for one in row.problems if one[1] not in gone.values()] if gone else row.problems

    _in_slices(found.rows.exclude(outcome="skipped"), strip, ["values", "changes", "problems"])


def _in_slices(rows, act, fields):
    last = 0
    while some := list(rows.filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        for row in some:
            act(row)
        rows.model.objects.bulk_update(some, fields)
        last = some[-1].pk


class Migration(migrations.Migration):
    dependencies = [("ledgers", "0001_ledgers")]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop, elidable=True)]
