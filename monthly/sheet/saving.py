"""Writing a sheet: one transaction, all of it or nothing."""

from dataclasses import dataclass, field

from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history

from liangzhou import permissions
from liangzhou.batches import ChangeBatch, change_batch
from liangzhou.batches.undo import record_deletion
from liangzhou.months import Month
from monthly import closed, locking
from monthly.models import AnnualPlan, ProgressReport

from . import rows as sheet_rows
from .judging import Judged, Mode, judge
from .rows import Kind
from .tabs import Tab
from .typed import Typed

BATCH = 500
UPDATED_AT_ONCE = 100  # the time of one statement grows with the square of its rows


@dataclass
class Outcome:
    """What became of a form: saved, or why not. `judged` are its rows by key, `foreign` how many are not theirs."""

    mode: Mode
    judged: dict[int, Judged] = field(default_factory=dict)
    foreign: int = 0
    mode_changed: bool = False
    saved: bool = False

    @property
    def rows(self) -> list[Judged]:
        """The rows that change something, or say so wrongly."""
        return [one for one in self.judged.values() if one.changed or one.is_wrong]

    @property
    def brought(self) -> int:
        """How many cells somebody else changed meanwhile, which were brought up to date."""
        return sum(one.brought for one in self.judged.values())

    @property
    def refused(self) -> bool:
        """Whether anything keeps it from being written."""
        return bool(self.foreign) or self.mode_changed or any(one.is_wrong for one in self.judged.values())


def mode_of(month: Month, reporting_month) -> Mode:
    """How a month takes changes now; `reporting_month` is its row, None where there is none."""
    locked = reporting_month is not None and reporting_month.is_locked
    return Mode(corrects=closed.is_closed(month), locked=locked)


def save(typed: dict[int, Typed], *, month: Month, tab: Tab, opened_as: str, by) -> Outcome:
    """Judge the typed rows as the database is now, and write them all where nothing is wrong with any.

    `opened_as` is the mode that the form was opened in. Rows that are not for `by` to change are counted and
    refuse the whole form.
    """
    asked = {"month": month, "tab": tab, "opened_as": opened_as, "by": by}
    try:
        return _save(typed, **asked)
    except IntegrityError:  # a page of its own wrote the same plan or progress first: it is there by now
        return _save(typed, **asked)


def _save(typed: dict[int, Typed], *, month: Month, tab: Tab, opened_as: str, by) -> Outcome:
    with transaction.atomic():
        mode = mode_of(month, locking.hold(month, by=by))
        projects = list(sheet_rows.projects_of(month, by))
        asked = [one for one in projects if one.pk in typed]
        today = Month.of(timezone.localdate())
        found = sheet_rows.load(asked, month, tab, today=today, user=by, among=projects, lock=True)
        outcome = Outcome(mode, mode_changed=str(mode) != opened_as)
        outcome.judged = {row.project.pk: judge(row, typed[row.project.pk], mode) for row in found if row.may_write}
        outcome.foreign = len(typed) - len(outcome.judged)
        changed = [one for one in outcome.judged.values() if one.changed]
        _check_emptied(changed, by)
        if outcome.refused or not changed:
            transaction.set_rollback(True)
        else:
            label = f"{month.label} · {tab.label}"
            with change_batch(ChangeBatch.Kind.SHEET, by=by, label=label):
                _Writer(month, tab, mode, by).write(changed)
        outcome.saved = not outcome.refused
    return outcome


def _check_emptied(changed: list[Judged], by) -> None:
    """An emptied cell deletes the month's row: only for who may, and not with what else is kept in it."""
    for one in changed:
        entry = one.row.entry
        if one.amount is not None or entry is None:
            continue
        if entry.evidence or entry.remark:
            one.refuse("emptied", "month", _("This amount has evidence or a remark: write 0 if nothing came."))
        elif not permissions.may(by, "delete", entry):
            one.refuse("emptied", "month", _("You may not delete an amount: write 0 if nothing came."))


class _Writer:
    """Writes what rows change, kind by kind, with history."""

    def __init__(self, month: Month, tab: Tab, mode: Mode, by):
        self.month, self.tab, self.mode, self.by, self.now = month, tab, mode, by, timezone.now()

    def write(self, judged: list[Judged]) -> None:
        """All of it: amounts, then progress, then plans."""
        if self.mode.corrects:
            self._create([self._amount(one, Kind.CORRECTION) for one in judged if "amount" in one.changed])
        else:
            self._entries([one for one in judged if "amount" in one.changed or one.is_reason_of_amount])
        self._reports([one for one in judged if {"site", "problem"} & one.changed])
        self._plans([one for one in judged if "plan" in one.changed])

    def _amount(self, judged: Judged, kind: Kind):
        amount = judged.difference if kind == Kind.CORRECTION else judged.entry_amount
        values = {"project": judged.row.project, "month": self.month.first, **self.tab.values}
        return self.tab.model(kind=kind, amount=amount, reason=judged.shown["reason"], **values)

    def _entries(self, judged: list[Judged]) -> None:
        new, changed, gone = [], [], []
        for one in judged:
            entry = one.row.entry
            if one.amount is None:
                gone += [entry] if entry else []
            elif entry is None:
                new += [self._amount(one, Kind.ENTRY)] if "amount" in one.changed else []
            else:
                entry.amount, entry.reason = one.entry_amount, one.shown["reason"]
                changed.append(entry)
        self._create(new)
        self._update(changed, ["amount", "reason"])
        if gone:  # no locked version sums their month: the mode says so, under the lock of the month
            record_deletion(gone, by=self.by, now=self.now)
            rows = self.tab.model._base_manager.filter(pk__in=[one.pk for one in gone])
            rows._raw_delete(rows.db)

    def _reports(self, judged: list[Judged]) -> None:
        new, changed = [], []
        for one in judged:
            report = one.row.report or ProgressReport(project=one.row.project, month=self.month.first)
            report.site_progress, report.problem = one.shown["site"], one.shown["problem"]
            (changed if report.pk else new).append(report)
        self._create(new)
        self._update(changed, ["site_progress", "problem"])

    def _plans(self, judged: list[Judged]) -> None:
        new, changed = [], []
        for one in judged:
            common = {"year": self.month.year, "indicator": self.tab.common_plan}
            plan = one.row.plan or AnnualPlan(project=one.row.project, **common)
            plan.value, plan.reason = one.plan, one.reason_of_plan
            (changed if plan.pk else new).append(plan)
        self._create(new)
        self._update(changed, ["value", "reason"])

    def _create(self, rows: list[models.Model]) -> None:
        for row in rows:
            row.stamp(self.by)
        if rows:
            how = {"batch_size": BATCH, "default_user": self.by, "default_date": self.now}
            bulk_create_with_history(rows, type(rows[0]), **how)

    def _update(self, rows: list[models.Model], names: list[str]) -> None:
        """The columns that differ one by one, the stamps at once: a third of the time of one large statement."""
        if not rows:
            return
        model = type(rows[0])
        for row in rows:
            row.stamp(self.by)
            row.updated_at = self.now
        model._base_manager.bulk_update(rows, names, batch_size=UPDATED_AT_ONCE)
        stamps = {"updated_at": self.now, "updated_by": self.by, "version": F("version") + 1}
        model._base_manager.filter(pk__in=[row.pk for row in rows]).update(**stamps)
        history = model.history
        history.bulk_history_create(rows, update=True, batch_size=BATCH, default_user=self.by, default_date=self.now)
