"""What a locked version keeps: copies of projects, amounts, shares, targets, lights and progress; their digest.

Written in as many statements as there are tables and batches, however many projects there are. Everything is
read by way of `LiveBooks`, so that a version says what the live figures said at that moment.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db.models import QuerySet, Sum
from django.utils import translation

from liangzhou.batches.undo_plan import in_chunks
from liangzhou.money import round_wan
from liangzhou.months import Month
from projects.models import CreditShare, Project

from . import lights
from .books import LiveBooks, described
from .models import (
    Indicator,
    MonthVersion,
    ProgressReport,
    SnapshotFunding,
    SnapshotInvestment,
    SnapshotProject,
    SnapshotShare,
    SnapshotTarget,
)

AT_ONCE = 1000  # rows of one INSERT
KEYS_AT_ONCE = 500  # of one IN
COPIED = (  # from a project as the books describe it
    "project_key", "code", "name", "enterprise_name", "chain_key", "chain_name", "place_key", "place_name", "stage",
    "status", "total_investment", "contract_amount", "event_key", "event_name", "signed_on", "started_on",
    "registered_on", "producing_on", "funds_since_signing", "plan",
)  # fmt: skip
TEXTS = ("site_progress", "problem", "help_needed", "next_step")
DIGESTED = (  # what a digest says, by table; a column added later stands in none: old digests hold
    ("projects", SnapshotProject, "version", ("implemented", *COPIED, "light", "light_reasons", *TEXTS)),
    ("funds", SnapshotFunding, "project__version", ("project__project_key", "month", "origin", "amount")),
    ("investment", SnapshotInvestment, "project__version", ("project__project_key", "month", "amount")),
    ("shares", SnapshotShare, "project__version", ("project__project_key", "unit_key", "unit_name", "percent")),
    ("targets", SnapshotTarget, "version", ("indicator", "scope", "scope_key", "scope_name", "value")),
)


def write(version: MonthVersion) -> str:
    """Copy everything into a version that has nothing yet; returns its digest.

    The sentences of the lights are kept in the language of the site, whoever locks.
    """
    with translation.override(settings.LANGUAGE_CODE):
        _copy(version)
    return digest(version)


def _copy(version: MonthVersion) -> None:
    books = LiveBooks(Month.of(version.month))
    funds = _sums(books, Indicator.FUNDING, "origin")
    investment = _sums(books, Indicator.INVESTMENT)
    keys = _write_projects(version, books, {key for key, *_rest in (*funds, *investment)})
    _insert(
        SnapshotFunding(project_id=keys[key], month=month, origin=origin, amount=round_wan(amount))
        for key, month, origin, amount in funds
    )
    _insert(
        SnapshotInvestment(project_id=keys[key], month=month, amount=round_wan(amount))
        for key, month, amount in investment
    )
    _write_shares(keys)
    _insert(
        SnapshotTarget(
            version=version,
            indicator=one.indicator,
            scope=one.scope,
            scope_key=one.key,
            scope_name=one.name,
            value=one.value,
        )
        for one in books.targets()
    )


def digest(version: MonthVersion) -> str:
    """SHA-256 over all that a version keeps, in an order that no database decides."""
    whole = hashlib.sha256()
    for table, model, path, columns in DIGESTED:
        whole.update(f"{table}\n".encode())
        rows = model.objects.filter(**{path: version}).order_by().values_list(*columns).iterator()
        for line in sorted(json.dumps([_plain(value) for value in row], sort_keys=True) for row in rows):
            whole.update(f"{line}\n".encode())
    return whole.hexdigest()


def _plain(value):
    if isinstance(value, Decimal):
        return f"{value:.4f}"
    return value.isoformat() if isinstance(value, date) else value


def _sums(books: LiveBooks, indicator: str, *names: str) -> list[tuple]:
    """(key of the project, month, *names, amount): what each project has in each month, corrections added."""
    rows = books.amounts(indicator).values_list(books.project_key, "month", *names)
    return list(rows.annotate(sum=Sum("amount")))


def _write_projects(version: MonthVersion, books: LiveBooks, with_amounts: set[int]) -> dict[int, int]:
    """The key of each project's copy. Those with amounts that are not implemented are there, and not counted."""
    implemented = books.projects()
    judged = lights.of_many(implemented, on=books.month.last, month=books.month)
    others = with_amounts - {row.pk for row in implemented}
    more = [row for keys in in_chunks(sorted(others), KEYS_AT_ONCE) for row in _others(books.month, keys)]
    texts = {row.project_id: row for row in ProgressReport.objects.filter(month=version.month)}
    copies = []
    for row in (*implemented, *more):
        light, said = judged.get(row.pk), texts.get(row.pk)
        copies.append(
            SnapshotProject(
                version=version,
                implemented=row.pk not in others,
                light=light.light if light else "",
                light_reasons=light.reasons() if light else [],
                **{name: getattr(row, name) for name in COPIED},
                **{name: getattr(said, name) for name in TEXTS if said},
            )
        )
    _insert(copies)
    return {row.project_key: row.pk for row in copies}


def _others(month: Month, keys: Iterable[int]) -> QuerySet:
    return described(Project.objects.filter(pk__in=keys).with_dates(), month).order_by()


def _write_shares(keys: dict[int, int]) -> None:
    shares = CreditShare.objects.order_by().values_list("project_id", "unit_id", "unit__name", "percent")
    _insert(
        SnapshotShare(project_id=keys[key], unit_key=unit, unit_name=name, percent=percent)
        for key, unit, name, percent in shares
        if key in keys
    )


def _insert(rows: Iterable) -> None:
    for some in in_chunks(rows, AT_ONCE):
        type(some[0]).objects.bulk_create(some)


def each_wrong(versions: Iterable[MonthVersion]) -> Iterator[MonthVersion]:
    """The versions that do not say any more what was locked."""
    return (version for version in versions if digest(version) != version.digest)
