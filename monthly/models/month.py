"""Months as they are reported: open or locked, and the versions that were frozen."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from liangzhou.models import Stamped
from liangzhou.months import Month, MonthField, is_first_of_month


class ReportingMonthQuerySet(models.QuerySet):
    """Reporting months."""

    def locked(self):
        """Those in which only corrections can be entered."""
        return self.filter(state=ReportingMonth.State.LOCKED)


class ReportingMonth(Stamped):
    """One month that is entered, checked, locked and published; what is not there yet is open."""

    IS_LOG = True  # a month that an act was the first to write in stays when the act is taken back

    class State(models.TextChoices):
        OPEN = "open", _("open")
        LOCKED = "locked", _("locked")

    month = MonthField(_("month"), unique=True)
    state = models.CharField(_("state"), max_length=6, choices=State, default=State.OPEN, editable=False)
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = ReportingMonthQuerySet.as_manager()

    class Meta:
        verbose_name = _("reporting month")
        verbose_name_plural = _("reporting months (月度调度)")
        ordering = ("-month",)
        permissions = [
            ("lock_reportingmonth", "Can lock and unlock months"),
            ("publish_reportingmonth", "Can publish locked months"),
        ]
        constraints = [
            is_first_of_month("month", "reporting_month_first_day"),
            models.CheckConstraint(name="reporting_month_state", condition=Q(state__in=("open", "locked"))),
        ]

    def __str__(self):
        return Month.of(self.month).label

    @property
    def is_locked(self) -> bool:
        """Whether only corrections can be entered."""
        return self.state == self.State.LOCKED


class MonthVersionQuerySet(models.QuerySet):
    """Locked versions of months."""

    def public(self):
        """What the public may be shown: published and not withdrawn."""
        return self.filter(published_at__isnull=False, withdrawn_at__isnull=True)


class MonthVersion(models.Model):
    """One locking of a month: when, by whom, why, and whether it was published. Its snapshot never changes."""

    reporting_month = models.ForeignKey(
        ReportingMonth, models.PROTECT, related_name="versions", verbose_name=_("reporting month")
    )
    month = MonthField(_("month"), editable=False)  # as the reporting month has it: lists need no join
    number = models.PositiveSmallIntegerField(_("version"))
    locked_at = models.DateTimeField(_("locked at"))
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("locked by")
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("published by")
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawal_reason = models.CharField(_("reason of the withdrawal"), max_length=300, blank=True)
    digest = models.CharField(_("digest of the snapshot"), max_length=64, blank=True)

    objects = MonthVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a month")
        verbose_name_plural = _("versions of months")
        ordering = ("-month", "-number")
        constraints = [
            models.UniqueConstraint(fields=["reporting_month", "number"], name="month_version_once"),
            models.CheckConstraint(
                name="month_version_later_has_a_reason",
                condition=Q(number=1) | ~Q(reason=""),
                violation_error_message=_("Say why the month is locked again."),
            ),
        ]

    def __str__(self):
        return _("%(month)s, version %(number)s") % {"month": Month.of(self.month).label, "number": self.number}

    @property
    def is_public(self) -> bool:
        """Whether the public may be shown it; the same rule as the QuerySet's `public()`."""
        return self.published_at is not None and self.withdrawn_at is None
