"""What a project says in each column of the ledger, as canonical text; the same of the file and of the database."""

from collections.abc import Callable
from decimal import Decimal

from django.db import models

from liangzhou.exports.fields import clean
from liangzhou.money import plain
from liangzhou.periods import PartialDate
from projects.models import Project


def with_parts(projects: models.QuerySet) -> models.QuerySet:
    """The projects with everything that their ledger row says: the same few queries for any number."""
    return projects.select_related("enterprise", "chain", "place", "parent").prefetch_related(
        "milestones", "measures", "parties__enterprise", "credit_shares__unit"
    )


def lines(text: str) -> str:
    """A text as a spreadsheet gives it back: without control characters, one kind of line end, no blanks around."""
    return clean(text).replace("\r\n", "\n").replace("\r", "\n").strip()


def own(name: str) -> Callable[[Project], str | bool]:
    """One of the project's own fields; related records by what identifies them."""

    def get(project: Project) -> str | bool:
        value = getattr(project, name)
        if isinstance(value, bool):
            return value
        if isinstance(value, Decimal):
            return plain(value)
        if isinstance(value, Project):
            return value.code
        return "" if value is None else lines(str(value))

    return get


def milestone(kind: str, which: str) -> Callable[[Project], str]:
    """The actual or planned date of one milestone: 2025年5月下旬."""

    def get(project: Project) -> str:
        found = next((m for m in project.milestones.all() if m.kind == kind), None)
        return date_text(getattr(found, f"{which}_date")) if found else ""

    return get


def date_text(day: PartialDate | None) -> str:
    """A date as the ledger writes it, in Chinese whatever the language; empty where not known."""
    return day.chinese if day else ""


def units(project: Project) -> str:
    """Who shares the credit: 商务局 60%、工信局 40%; a single unit with all of it stands alone."""
    return shares_text([(share.unit.name, share.percent) for share in project.credit_shares.all()])


def shares_text(shares: list[tuple[str, Decimal]]) -> str:
    """Units and their shares in %, largest first."""
    ordered = sorted(shares, key=lambda share: (-share[1], share[0]))
    if len(ordered) == 1 and ordered[0][1] == 100:
        return ordered[0][0]
    return "、".join(f"{name} {plain(percent)}%" for name, percent in ordered)


def measures(project: Project) -> str:
    """Every measure, in words."""
    return "；".join(lines(str(measure)) for measure in project.measures.all())


def parties(project: Project) -> str:
    """Every party, with its role."""
    return "；".join(lines(str(party)) for party in project.parties.all())


def state(project: Project) -> dict[str, str | bool]:
    """The whole row of a project, by column; `with_parts` makes it free of queries."""
    from ledgers.columns import LEDGER

    return {name: column.get(project) for name, column in LEDGER.items()}
