"""What rates mean and when lights turn: versioned data, for places differ."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from liangzhou.models import Stamped
from liangzhou.months import MonthField, is_first_of_month
from projects.stages import Stage


class ValidFromQuerySet(models.QuerySet):
    """Versions, each of which holds from its month on until the next."""

    def on(self, month: date):
        """Those that hold in a month or held before it, the newest first."""
        return self.filter(valid_from__lte=month).order_by("-valid_from")


class Rate(models.TextChoices):
    """The rates over a cohort of signed contracts."""

    START = "start", _("start rate (开工率)")
    PRODUCTION = "production", _("production rate (投产率)")
    FUNDS = "funds", _("rate of funds received (资金到位率)")
    PERFORMANCE = "performance", _("performance rate (履约率)")


class RateDefinition(Stamped):
    """What one rate means from a month on: what is counted, of what, in which words it is shown."""

    class Basis(models.TextChoices):
        CONTRACT = "contract", _("contract amount, else total investment")
        TOTAL = "total", _("total investment")

    rate = models.CharField(_("rate"), max_length=12, choices=Rate)
    valid_from = MonthField(_("holds from"))
    numerator_stage = models.CharField(
        _("counts from stage"),
        max_length=12,
        choices=Stage,
        blank=True,
        help_text=_("For the start and production rates: this stage or a later one counts."),
    )
    without_terminated = models.BooleanField(
        _("leaves terminated contracts out"), default=False, help_text=_("Out of what the rate is a share of.")
    )
    basis = models.CharField(_("share of"), max_length=8, choices=Basis, default=Basis.CONTRACT)
    wording = models.TextField(_("definition in words"), max_length=500, help_text=_("Shown beside the figure."))
    reason = models.CharField(_("reason of the change"), max_length=300, blank=True)

    objects = ValidFromQuerySet.as_manager()

    class Meta:
        verbose_name = _("definition of a rate")
        verbose_name_plural = _("definitions of rates")
        ordering = ("rate", "-valid_from")
        constraints = [
            is_first_of_month("valid_from", "rate_definition_month"),
            models.UniqueConstraint(fields=["rate", "valid_from"], name="rate_definition_once"),
            models.CheckConstraint(name="rate_definition_rate", condition=Q(rate__in=Rate.values)),
        ]

    def __str__(self):
        return f"{self.get_rate_display()} {self.valid_from:%Y-%m}"


class LightThresholds(Stamped):
    """When a project's light turns amber and red, from a month on."""

    valid_from = MonthField(_("holds from"), unique=True)
    start_red_months = models.PositiveSmallIntegerField(
        _("start: red after (months)"),
        default=3,
        help_text=_("A planned start that was missed is amber up to so many months, then red."),
    )
    money_amber_points = models.DecimalField(
        _("money: amber from (points)"), max_digits=5, decimal_places=2, default=10
    )
    money_red_points = models.DecimalField(_("money: red above (points)"), max_digits=5, decimal_places=2, default=30)
    registration_amber_months = models.PositiveSmallIntegerField(_("入库: amber after (months)"), default=1)
    registration_red_months = models.PositiveSmallIntegerField(_("入库: red after (months)"), default=2)
    update_amber_days = models.PositiveSmallIntegerField(_("no update: amber from (days)"), default=30)
    update_red_days = models.PositiveSmallIntegerField(_("no update: red from (days)"), default=60)
    reason = models.CharField(_("reason of the change"), max_length=300, blank=True)

    objects = ValidFromQuerySet.as_manager()

    class Meta:
        verbose_name = _("thresholds of the lights")
        verbose_name_plural = _("thresholds of the lights (红黄绿灯)")
        ordering = ("-valid_from",)
        constraints = [
            is_first_of_month("valid_from", "light_thresholds_month"),
            models.CheckConstraint(
                name="light_thresholds_in_order",
                condition=Q(money_red_points__gte=F("money_amber_points"))
                & Q(registration_red_months__gte=F("registration_amber_months"))
                & Q(update_red_days__gte=F("update_amber_days")),
                violation_error_message=_("Red cannot come before amber."),
            ),
        ]

    def __str__(self):
        return f"{self.valid_from:%Y-%m}"
