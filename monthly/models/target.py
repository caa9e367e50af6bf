"""What is to be reached in a year: by the district, a chain, a place, a unit, or one project."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from enterprises.models import Place
from liangzhou.models import Stamped
from liangzhou.money import DECIMAL_PLACES, MAX_DIGITS
from liangzhou.periods import FIRST_YEAR, LAST_YEAR
from projects.models import IndustryChain, Project, Unit


class Indicator(models.TextChoices):
    """What targets are set for: sums of a series in 万元, or numbers of projects in 项."""

    FUNDING = "funding", _("funds received, all origins (到位资金)")
    OTHER_PROVINCES = "other_provinces", _("funds received from other provinces (省外到位资金)")
    OTHER_CITIES = "other_cities", _("funds received from other cities of the province (市外省内到位资金)")
    OTHER_DISTRICTS = "other_districts", _("funds received from other districts of the city (市内区外到位资金)")
    ABROAD = "abroad", _("funds received from abroad (境外到位资金)")
    INVESTMENT = "investment", _("investment completed (固投)")
    SIGNED = "signed", _("projects signed (签约)")
    STARTED = "started", _("projects started (开工)")
    PRODUCING = "producing", _("projects come into production (投产)")

    @property
    def counts_projects(self) -> bool:
        """Whether it is a number of projects (项) rather than an amount (万元)."""
        return self in (Indicator.SIGNED, Indicator.STARTED, Indicator.PRODUCING)


AMOUNTS = tuple(one for one in Indicator if not one.counts_projects)


def _year() -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(
        _("year"), validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]
    )


class AnnualTarget(Stamped):
    """What the district, or one chain, place or responsible unit, is to reach in a year."""

    SCOPES = ("chain", "place", "unit")

    year = _year()
    indicator = models.CharField(_("indicator"), max_length=16, choices=Indicator)
    chain = models.ForeignKey(
        IndustryChain,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="annual_targets",
        verbose_name=_("industry chain"),
    )
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="annual_targets", verbose_name=_("place")
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="annual_targets", verbose_name=_("responsible unit")
    )
    value = models.DecimalField(
        _("target"),
        max_digits=MAX_DIGITS,
        decimal_places=DECIMAL_PLACES,
        help_text=_("In 万元 for amounts (100亿元 is understood), in 项 for numbers of projects."),
    )

    class Meta:
        verbose_name = _("annual target")
        verbose_name_plural = _("annual targets")
        ordering = ("-year", "indicator", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["year", "indicator"],
                condition=Q(chain__isnull=True, place__isnull=True, unit__isnull=True),
                name="target_of_district_once",
                violation_error_message=_("There is a target for this year and indicator already."),
            ),
            *(
                models.UniqueConstraint(
                    fields=["year", "indicator", scope],
                    name=f"target_of_{scope}_once",
                    violation_error_message=_("There is a target for this year and indicator already."),
                )
                for scope in ("chain", "place", "unit")
            ),
            models.CheckConstraint(
                name="target_of_one",
                condition=Q(chain__isnull=True, place__isnull=True)
                | Q(chain__isnull=True, unit__isnull=True)
                | Q(place__isnull=True, unit__isnull=True),
                violation_error_message=_("A target is for the district, or for one chain, one place or one unit."),
            ),
            models.CheckConstraint(
                name="target_not_negative",
                condition=Q(value__gte=0),
                violation_error_message=_("A target cannot be negative."),
            ),
            models.CheckConstraint(name="target_indicator", condition=Q(indicator__in=Indicator.values)),
        ]

    def __str__(self):
        return f"{self.year} {self.get_indicator_display()}"

    @property
    def scope(self) -> str:
        """Whose target it is: "chain", "place", "unit", or "" for the district."""
        return next((name for name in self.SCOPES if getattr(self, f"{name}_id") is not None), "")

    def clean(self):
        if self.value is not None and self.indicator in Indicator.values:
            if self.value < 0:
                raise ValidationError({"value": _("A target cannot be negative.")})
            if Indicator(self.indicator).counts_projects and self.value != int(self.value):
                raise ValidationError({"value": _("A number of projects is a whole number.")})


class AnnualPlan(Stamped):
    """What one project is to receive, or to invest, in a year: what its completion is measured against. Internal."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="annual_plans", verbose_name=_("project"))
    year = _year()
    indicator = models.CharField(
        _("indicator"), max_length=16, choices=[(one.value, one.label) for one in AMOUNTS], default=Indicator.FUNDING
    )
    value = models.DecimalField(
        _("plan of the year"), max_digits=MAX_DIGITS, decimal_places=DECIMAL_PLACES, help_text=_("In 万元.")
    )
    reason = models.CharField(_("reason of the change"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("annual plan of a project")
        verbose_name_plural = _("annual plans of projects")
        ordering = ("-year", "-id")
        constraints = [
            models.UniqueConstraint(fields=["project", "year", "indicator"], name="plan_once"),
            models.CheckConstraint(
                name="plan_not_negative",
                condition=Q(value__gte=0),
                violation_error_message=_("An amount cannot be negative."),
            ),
            models.CheckConstraint(name="plan_indicator", condition=Q(indicator__in=[one.value for one in AMOUNTS])),
        ]

    def __str__(self):
        return f"{self.year} {self.get_indicator_display()}"
