"""What arrived or was invested in a month: two series that are never mixed."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from liangzhou.models import Stamped
from liangzhou.money import DECIMAL_PLACES, MAX_DIGITS, show_wan
from liangzhou.months import MonthField, is_first_of_month
from monthly import closed
from monthly.files import EvidenceField
from projects.models import Project


class Origin(models.TextChoices):
    """Where the money came from."""

    OTHER_PROVINCES = "other_provinces", _("from other provinces (省外)")
    OTHER_CITIES = "other_cities", _("from other cities of the province (市外省内)")
    OTHER_DISTRICTS = "other_districts", _("from other districts of the city (市内区外)")
    ABROAD = "abroad", _("from abroad (境外)")


class AmountQuerySet(models.QuerySet):
    """Amounts of projects by month."""

    def delete(self):
        """Raises ValidationError where a locked version sums a month among them."""
        closed.check_deletion(self)
        return super().delete()

    delete.alters_data = True
    delete.queryset_only = True


class MonthlyAmount(Stamped):
    """An amount of one project in one month; may be negative, with a reason. Several rows of a month add up."""

    class Kind(models.TextChoices):
        """The month's own row, of which there is one, or a later row that corrects it by a difference."""

        ENTRY = "entry", pgettext_lazy("an amount of a month", "entry")
        CORRECTION = "correction", _("correction (修订)")

    month = MonthField(_("month"))
    amount = models.DecimalField(
        _("amount of the month"),
        max_digits=MAX_DIGITS,
        decimal_places=DECIMAL_PLACES,
        help_text=_("In 万元. Of a correction: the difference. 0 says that nothing came; below 0 needs a reason."),
    )
    kind = models.CharField(_("kind of row"), max_length=10, choices=Kind, default=Kind.ENTRY)
    reason = models.CharField(
        _("reason"), max_length=300, blank=True, help_text=_("Of a correction, of an amount below 0, of a warning.")
    )
    evidence = EvidenceField(_("evidence"))
    remark = models.CharField(_("remark"), max_length=300, blank=True)

    objects = AmountQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self.month:%Y-%m} {show_wan(self.amount)}"

    def clean(self):
        if (self.kind == self.Kind.CORRECTION or (self.amount or 0) < 0) and not self.reason.strip():
            raise ValidationError({"reason": _("A correction, or an amount below 0, needs a reason.")})
        if self.month:
            closed.check(self)

    def delete(self, *args, **kwargs):
        closed.check_deletion([self])
        return super().delete(*args, **kwargs)

    @classmethod
    def must_stay(cls, plan):
        """What is in a version that was locked since."""
        return closed.must_stay(plan, cls)


def amount_constraints(prefix: str, *once: str) -> list:
    """What holds for each series: first days, known kinds, reasons, one entry for each of `once`."""
    return [
        is_first_of_month("month", f"{prefix}_month"),
        models.UniqueConstraint(fields=once, condition=Q(kind="entry"), name=f"{prefix}_entry_once"),
        models.CheckConstraint(name=f"{prefix}_kind", condition=Q(kind__in=("entry", "correction"))),
        models.CheckConstraint(
            name=f"{prefix}_reason",
            condition=Q(kind="entry", amount__gte=0) | ~Q(reason=""),
            violation_error_message=_("A correction, or an amount below 0, needs a reason."),
        ),
    ]


class FundingRecord(MonthlyAmount):
    """到位资金: money that has really arrived for a project in a month from one origin, or a correction of it."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="funding_records", verbose_name=_("project"))
    origin = models.CharField(_("origin"), max_length=16, choices=Origin)

    class Meta:
        verbose_name = _("funds received (到位资金)")
        verbose_name_plural = _("funds received (到位资金)")
        ordering = ("-month", "-id")
        indexes = [models.Index(fields=["month", "project"], name="funding_month_project")]
        constraints = [
            *amount_constraints("funding", "project", "month", "origin"),
            models.CheckConstraint(name="funding_origin", condition=Q(origin__in=Origin.values)),
        ]


class InvestmentRecord(MonthlyAmount):
    """固定资产投资: investment completed in a project in a month, or a correction of it. Never mixed with funds."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="investment_records", verbose_name=_("project"))

    class Meta:
        verbose_name = _("investment completed (固投)")
        verbose_name_plural = _("investment completed (固投)")
        ordering = ("-month", "-id")
        indexes = [models.Index(fields=["month", "project"], name="investment_month_project")]
        constraints = amount_constraints("investment", "project", "month")
