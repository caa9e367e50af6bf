"""Locking months, opening them again, publishing and withdrawing what was locked.

Each act is one transaction, and is written to the audit trail. What cannot be raises ValidationError with a
sentence; rights are asked by the pages.
"""

from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from liangzhou import audit
from liangzhou.months import Month

from . import month_checks, snapshots
from .models import FundingRecord, InvestmentRecord, MonthVersion, ReportingMonth

State = ReportingMonth.State


# What others ask


def hold(month: Month, *, by=None) -> ReportingMonth:
    """The row of a month, locked until the transaction ends; it is made where there is none yet.

    Every writer of amounts calls this first, inside its transaction, before it reads anything (`hold_all` for
    several months): then no row slips in between what a locking reads and what it writes. Who writes a month
    waits for who writes, or locks, another month of the same year.
    """
    return hold_all([month], by=by)[month]


def hold_all(months: Iterable[Month], *, by=None) -> dict[Month, ReportingMonth]:
    """As `hold`, for several months: in order of time, so that nobody waits for who waits for them.

    January stands for its year, whichever month of it is written: who locks a month reads two whole years. Where
    it is made only for that, nobody has opened it (`created_by` is empty), and lists leave it out.
    """
    asked = set(months)
    wanted = sorted({one for month in asked for one in (month.january, month)})
    return {month: _hold_one(month, by if month in asked else None) for month in wanted}


def _hold_one(month: Month, by) -> ReportingMonth:
    rows = ReportingMonth.objects.select_for_update().filter(month=month.first)
    row = rows.first()
    if row is None:
        made = {"created_by": by, "updated_by": by}
        ReportingMonth.objects.get_or_create(month=month.first, defaults=made)  # whoever is first makes it
        row = rows.get()
    return row


def version_on(month: Month, *, public: bool) -> MonthVersion | None:
    """The newest version of a month, `public`: of those that the public may be shown; None where there is none."""
    versions = MonthVersion.objects.filter(month=month.first)
    return (versions.public() if public else versions).order_by("-number").first()


def corrections_since(version: MonthVersion) -> list[FundingRecord | InvestmentRecord]:
    """The rows entered after a version was locked that belong to the two years it sums, the latest first."""
    found = [row for rows in rows_since(version) for row in rows.select_related("project", "created_by")]
    return sorted(found, key=lambda row: (row.created_at, row.pk), reverse=True)


def rows_since(version: MonthVersion, *, until: MonthVersion | None = None) -> list[QuerySet]:
    """The same as two QuerySets, of funds and of investment; `until` a later version was locked."""
    month = Month.of(version.month)
    scope = {"month__gte": month.last_year.january.first, "month__lte": month.first}
    scope |= {"created_at__gt": version.locked_at}
    scope |= {"created_at__lte": until.locked_at} if until else {}
    return [kind.objects.filter(**scope) for kind in (FundingRecord, InvestmentRecord)]


# The acts


@transaction.atomic
def lock(month: Month, *, by, reason: str = "") -> MonthVersion:
    """Freeze a month as its next version; the first one needs no reason.

    A month that is locked can be locked again where something has changed since. Raises ValidationError.
    """
    hold(month.last_year.january)
    row = hold(month, by=by)
    last, reason = version_on(month, public=False), reason.strip()
    if problems := month_checks.blocking(month, today=timezone.localdate()):
        raise ValidationError(problems)
    if last and not reason:
        raise ValidationError({"reason": _("Say why the month is locked again.")})
    version = MonthVersion.objects.create(
        reporting_month=row,
        month=month.first,
        number=last.number + 1 if last else 1,
        locked_at=timezone.now(),
        locked_by=by,
        reason=_fitting(reason),
    )
    version.digest = snapshots.write(version)
    if last and row.is_locked and version.digest == last.digest:
        raise ValidationError(_("Nothing has changed since version %(number)d.") % {"number": last.number})
    version.save(update_fields=["digest"])
    _set_state(row, State.LOCKED, by)
    audit.record(audit.Action.LOCK, by=by, target=row, version=version.number, reason=reason, sha256=version.digest)
    return version


@transaction.atomic
def unlock(month: Month, *, by, reason: str) -> ReportingMonth:
    """Open a month again: its versions stay, and amounts are still only corrected. Raises ValidationError."""
    row, reason = hold(month, by=by), reason.strip()
    if not row.is_locked:
        raise ValidationError(_("The month is open."))
    if not reason:
        raise ValidationError({"reason": _("Say why the month is opened again.")})
    _fitting(reason)
    _set_state(row, State.OPEN, by)
    audit.record(audit.Action.UNLOCK, by=by, target=row, reason=reason)
    return row


@transaction.atomic
def publish(version: MonthVersion, *, by) -> MonthVersion:
    """Show a version to the public, in place of earlier ones. Raises ValidationError."""
    version = _held(version)
    if refusal := why_not_publish(version, by=by):
        raise ValidationError(refusal)
    version.published_at, version.published_by = timezone.now(), by
    version.withdrawn_at, version.withdrawal_reason = None, ""  # the audit trail remembers an earlier withdrawal
    version.save(update_fields=["published_at", "published_by", "withdrawn_at", "withdrawal_reason"])
    audit.record(audit.Action.PUBLISH, by=by, target=version)
    return version


def why_not_publish(version: MonthVersion, *, by) -> str:
    """Why a version cannot be published by somebody who may publish months; empty where it can."""
    if version.is_public:
        return _("This version is public.")
    newest = MonthVersion.objects.filter(month=version.month).aggregate(n=Max("number"))["n"]
    if version.number < newest:
        return _("There is a later version: publish version %(number)d.") % {"number": newest}
    if not version.reporting_month.is_locked:
        return _("The month is open again: lock it first.")
    if settings.PUBLISHER_IS_NOT_EDITOR and by is not None and version.locked_by_id == by.pk:
        return _("You locked it: somebody else must publish it.")
    return ""


@transaction.atomic
def withdraw(version: MonthVersion, *, by, reason: str) -> MonthVersion:
    """Take a version from the public, who see the public version before it, if there is one. Raises ValidationError."""
    version, reason = _held(version), reason.strip()
    if not version.is_public:
        raise ValidationError(_("This version is not public."))
    if not reason:
        raise ValidationError({"reason": _("Say why it is withdrawn.")})
    version.withdrawn_at, version.withdrawal_reason = timezone.now(), _fitting(reason)
    version.save(update_fields=["withdrawn_at", "withdrawal_reason"])
    audit.record(audit.Action.WITHDRAW, by=by, target=version, reason=reason)
    return version


def _held(version: MonthVersion) -> MonthVersion:
    """The version as it is now that nobody else can change it, nor its month."""
    hold(Month.of(version.month))
    return MonthVersion.objects.select_for_update(of=("self",)).select_related("reporting_month").get(pk=version.pk)


def _set_state(row: ReportingMonth, state: str, by) -> None:
    row.state = state
    row.stamp(by)
    row.save()


def _fitting(reason: str) -> str:
    most = MonthVersion._meta.get_field("reason").max_length
    if len(reason) > most:
        raise ValidationError({"reason": _("At most %(most)d characters.") % {"most": most}})
    return reason
