"""What the audit trail is told of ledgers in and out."""

from ledgers.models import LedgerImport
from liangzhou import audit
from liangzhou.audit import Action, Result
from projects.models import Project


def brought_in(found: LedgerImport, *, by) -> None:
    """A file was taken in: nothing of it is written yet, but its rows are kept and can be looked at."""
    about = {"file": found.file_name, "sha256": found.sha256, "rows": found.total_rows}
    audit.record(Action.IMPORT, by=by, target=found, step="brought in", **about)


def written(found: LedgerImport, *, by, rows: int) -> None:
    """A file was confirmed: how many rows it wrote, and who had brought it in."""
    batch = found.batch_id
    audit.record(Action.IMPORT, by=by, target=found, step="confirmed", written=rows, batch=batch, **_about(found))


def refused(found: LedgerImport, *, by, why: str) -> None:
    """A confirmation was refused and nothing was written. Call it outside of what was rolled back."""
    audit.record(Action.IMPORT, by=by, target=found, result=Result.REFUSED, step="confirmed", why=why, **_about(found))


def discarded(found: LedgerImport, *, by) -> None:
    """A file was given up."""
    audit.record(Action.IMPORT, by=by, target=found, step="discarded", **_about(found))


def _about(found: LedgerImport) -> dict:
    counts = {name: count for name, count in found.counts.items() if isinstance(count, int)}
    brought_in_by = found.by.get_username() if found.by else ""
    return {"brought_in_by": brought_in_by, "sha256": found.sha256, "counts": counts}


def taken_out(*, format: str, filters: dict, rows: int, by=None, actor: str = "") -> None:  # noqa: A002 - see taking_out
    """A ledger leaves the house. Call it before the download starts: what is not recorded does not leave."""
    audit.record(Action.EXPORT, by=by, actor=actor, target=Project, format=format, filters=filters, rows=rows)


def given_back(found: LedgerImport, *, by) -> None:
    """The rows of a file that was brought in leave the house again, marked."""
    rows = found.rows.count()
    audit.record(Action.EXPORT, by=by, target=found, format="xlsx", filters={"import": found.pk}, rows=rows)
