"""The rows of one file against each other: the same project twice, one credit code for two companies."""

from django.db.models import Count
from django.utils.translation import gettext as _

from ledgers import readings
from ledgers.columns import LEDGER
from ledgers.models import LedgerImport, LedgerRow
from liangzhou.batches.undo_plan import in_chunks
from projects import duplicates

Outcome = LedgerRow.Outcome
WRITTEN_FIELDS = ["name", "outcome", "decision", "project", "version", "values", "changes", "problems"]


def compare(ledger_import: LedgerImport) -> None:
    """Mark each row that an earlier one of the file contradicts or says already."""
    _mark(ledger_import, _same_target(ledger_import), _duplicate)
    _mark(ledger_import, _same_new(ledger_import), _duplicate)
    _mark(ledger_import, _same_official_code(ledger_import), _wrong("official_code"))
    _mark(ledger_import, _other_codes(ledger_import), _wrong("credit_code"))


def save(rows) -> None:
    """Write what was found out about rows that are there."""
    # An insert that finds every row there already: three times as fast as bulk_update with its CASEs
    LedgerRow.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=WRITTEN_FIELDS)


# What is found: the key of a row → the key of the earlier one, and what to say with %(row)s for that


def _same_target(ledger_import: LedgerImport) -> dict[int, tuple[int, str]]:
    """Of several rows for one project the first counts."""
    rows = ledger_import.rows.filter(project__isnull=False).exclude(outcome__in=[Outcome.DUPLICATE, Outcome.WRONG])
    several = rows.order_by().values("project").annotate(count=Count("pk")).filter(count__gt=1)
    first, found = {}, {}
    sentence = _(
        "The same project stands in %(row)s already. If this is a new project, empty its code and the two hidden "
        "columns at the end."
    )
    for pk, project in rows.filter(project__in=several.values("project")).values_list("pk", "project"):
        if first.setdefault(project, pk) != pk:
            found[pk] = first[project], sentence
    return found


def _same_new(ledger_import: LedgerImport) -> dict[int, tuple[int, str]]:
    """New rows that look like an earlier new row."""
    fresh = ledger_import.rows.filter(outcome=Outcome.NEW).values_list("pk", "values")
    sketches = [
        duplicates.Sketch(
            key=pk,
            name=values["write"].get("name", ""),
            official_code=values["write"].get("official_code", ""),
            company=values["write"].get("enterprise") or None,
            place=values["write"].get("place") or None,
        )
        for pk, values in fresh.iterator(chunk_size=1000)
    ]
    sentence = _("It looks like %(row)s.")
    return {
        pk: (found[0][0], "".join([sentence, *(str(why).replace("%", "%%") for why in found[0][1])]))
        for pk, found in duplicates.within(sketches, wide=True).items()
    }


def _same_official_code(ledger_import: LedgerImport) -> dict[int, tuple[int, str]]:
    """Rows that give a project the official code that an earlier row gives another one."""
    rows = ledger_import.rows.filter(outcome__in=[Outcome.NEW, Outcome.CHANGED]).values_list("pk", "values")
    first, found = {}, {}
    for pk, values in rows.iterator(chunk_size=1000):
        code = values["write"].get("official_code")
        if code and first.setdefault(code, pk) != pk:
            found[pk] = first[code], _("%(row)s gives this code to another project.")
    return found


def _other_codes(ledger_import: LedgerImport) -> dict[int, tuple[int, str]]:
    """Rows that give a company another credit code than an earlier row, or another company the same."""
    rows = ledger_import.rows.filter(outcome__in=[Outcome.NEW, Outcome.CHANGED])
    by_code, by_company, found = {}, {}, {}
    for pk, values, known in rows.values_list("pk", "values", "project__enterprise__name").iterator(chunk_size=1000):
        said = values["write"]
        code, company = said.get("credit_code"), readings.company_key(said.get("enterprise") or known or "")
        if code and company:
            first, other = by_code.setdefault(code, (pk, company))
            if other != company:
                found[pk] = first, _("%(row)s gives this code to another company.")
            first, other = by_company.setdefault(company, (pk, code))
            if other != code:
                found[pk] = first, _("%(row)s gives this company another code.")
    return found


# What is done about it


def _mark(ledger_import: LedgerImport, found: dict[int, tuple[int, str]], mark) -> None:
    for some in in_chunks(found.items()):
        places = _places(ledger_import, [first for _pk, (first, _sentence) in some])
        rows = LedgerRow.objects.in_bulk([pk for pk, _pair in some])
        for pk, (first, sentence) in some:
            mark(rows[pk], sentence % {"row": places[first]})
        save(rows.values())


def _places(ledger_import: LedgerImport, pks: list[int]) -> dict[int, str]:
    """Where each row stands, in words; with the sheet where the file has several that are used."""
    several = sum(1 for sheet in ledger_import.sheets if sheet["used"]) > 1
    words = _("row %(number)s of sheet “%(sheet)s”") if several else _("row %(number)s of this file")
    rows = LedgerRow.objects.filter(pk__in=pks).values_list("pk", "sheet", "number")
    names = [sheet["name"] for sheet in ledger_import.sheets]
    return {pk: words % {"sheet": names[sheet], "number": number} for pk, sheet, number in rows}


def _duplicate(row: LedgerRow, sentence: str) -> None:
    row.values = {"other": row.values.get("write", {})} if row.outcome == Outcome.NEW else {}
    row.outcome = Outcome.DUPLICATE
    row.problems = [*row.problems, ["", None, sentence, ""]]


def _wrong(column: str):
    def mark(row: LedgerRow, sentence: str) -> None:
        row.outcome = Outcome.WRONG
        row.problems = [*row.problems, [LEDGER[column].header, None, sentence, ""]]

    return mark
