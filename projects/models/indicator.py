"""Figures that a source reports; never mixed with figures computed from the records."""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from liangzhou import series
from liangzhou.figures import show_figure
from liangzhou.models import (
    Publishable,
    PublishableQuerySet,
    Qualifier,
    Searchable,
    SearchableQuerySet,
    Slugged,
    Stamped,
)
from liangzhou.money import MAX_DIGITS
from liangzhou.periods import span_label
from sources.models import Cited


class IndicatorQuerySet(PublishableQuerySet, SearchableQuerySet):
    """Reported indicators."""


class IndicatorManager(models.Manager.from_queryset(IndicatorQuerySet)):
    def get_by_natural_key(self, slug):
        return self.get(slug=slug)


class ReportedIndicator(Cited, Slugged, Publishable, Searchable, Stamped):
    """One figure as a source reports it, with its period, unit, qualifier and comparison."""

    class Theme(models.TextChoices):
        INVESTMENT = "investment", _("projects and funds")
        RESERVE = "reserve", _("chains and reserve projects")
        SERVICE = "service", _("services to companies")
        INNOVATION = "innovation", _("innovation")

    class Nature(models.TextChoices):
        FLOW = "flow", _("over a period")
        STOCK = "stock", _("at a point in time")

    SEARCHED = ("name", "definition")

    name = models.CharField(_("name"), max_length=80)
    theme = models.CharField(_("theme"), max_length=12, choices=Theme)
    definition = models.TextField(_("definition"), blank=True, help_text=_("What is counted, where a source says so."))
    nature = models.CharField(_("nature"), max_length=6, choices=Nature, default=Nature.FLOW)
    period_start = models.DateField(_("first month"), null=True, blank=True, help_text=_("The first day of the month."))
    period_end = models.DateField(
        _("last month"),
        null=True,
        blank=True,
        help_text=_("The first day of the last month; empty where the source gives no end."),
    )
    value = models.DecimalField(_("value"), max_digits=MAX_DIGITS, decimal_places=4)
    unit = models.CharField(_("unit"), max_length=20, help_text=_("As the source prints it: 亿元, 项, 户, 家次, %."))
    qualifier = models.CharField(_("qualifier"), max_length=10, choices=Qualifier, default=Qualifier.EXACT)
    growth = models.DecimalField(
        _("year-on-year (%)"), max_digits=9, decimal_places=4, null=True, blank=True, help_text=_("In percent: 38.01.")
    )
    growth_qualifier = models.CharField(
        _("qualifier of the growth"), max_length=10, choices=Qualifier, default=Qualifier.EXACT
    )
    headline = models.BooleanField(_("headline"), default=False, help_text=_("Shown on the home page."))
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = IndicatorManager()

    class Meta:
        verbose_name = _("reported indicator")
        verbose_name_plural = _("reported indicators")
        permissions = [("publish_reportedindicator", _("Can publish reported indicators"))]
        ordering = ("position", "id")
        constraints = [
            models.CheckConstraint(
                name="indicator_period_in_order",
                condition=Q(period_start__isnull=True)
                | Q(period_end__isnull=True)
                | Q(period_end__gte=models.F("period_start")),
                violation_error_message=_("The last month cannot lie before the first."),
            ),
            models.UniqueConstraint(fields=["name", "period_start", "period_end", "qualifier"], name="indicator_once"),
        ]

    def __str__(self):
        return self.name

    def natural_key(self):
        return (self.slug,)

    def get_absolute_url(self):
        return f"{reverse('projects:indicator-list')}#{self.slug}"

    @property
    def shown(self) -> str:
        """The value with its qualifier and unit."""
        return show_figure(self.value, self.unit, self.qualifier)

    @property
    def shown_growth(self) -> str:
        """The growth with its sign and qualifier; empty where none is reported."""
        if self.growth is None:
            return ""
        return show_figure(self.growth, "%", self.growth_qualifier, signed=True)

    @property
    def period(self) -> str:
        """The months it speaks of; empty where the source gives none."""
        return span_label(self.period_start, self.period_end)

    @property
    def implied_base(self) -> Decimal | None:
        """The same period of last year that an exact growth implies: value ÷ (1 + growth), two decimals.

        Derived, never reported: 88.57 at +38.01% implies 64.18. None where value or growth is not
        exact, the growth leaves no base, or the unit is not money (there are no 60.44 projects).
        """
        exact = self.qualifier == self.growth_qualifier == Qualifier.EXACT
        if self.growth is None or not exact or not self.unit.endswith("元"):
            return None
        base = series.implied_base(self.value, self.growth)
        return None if base is None else series.two_places(base)
