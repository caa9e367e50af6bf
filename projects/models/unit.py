"""The units that win projects, and how they share the credit for one."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from enterprises.models import Place
from liangzhou.models import Searchable, SearchableQuerySet, Stamped

from .project import Project


class Unit(Searchable, Stamped):
    """A bureau, park, town or other unit that answers for projects. Internal."""

    SEARCHED = ("name", "short_name")

    name = models.CharField(_("name"), max_length=80, unique=True)
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    place = models.ForeignKey(
        Place,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="units",
        verbose_name=_("place"),
        help_text=_("Where the unit is a park, town or subdistrict."),
    )

    objects = SearchableQuerySet.as_manager()

    class Meta:
        verbose_name = _("responsible unit")
        verbose_name_plural = _("responsible units")
        ordering = ("name",)

    def __str__(self):
        return self.short_name or self.name


class CreditShare(Stamped):
    """A unit's share of the credit for a project; the shares of one project come to at most 100 %."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="credit_shares", verbose_name=_("project"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="credit_shares", verbose_name=_("responsible unit"))
    percent = models.DecimalField(
        _("share (%)"),
        max_digits=5,
        decimal_places=2,
        default=100,
        validators=[MinValueValidator(0.01), MaxValueValidator(100)],
    )

    class Meta:
        verbose_name = _("share of the credit")
        verbose_name_plural = _("shares of the credit")
        ordering = ("-percent", "id")
        constraints = [
            models.UniqueConstraint(fields=["project", "unit"], name="credit_share_once"),
            models.CheckConstraint(
                name="credit_share_percent",
                condition=models.Q(percent__gt=0, percent__lte=100),
                violation_error_message=_("A share lies above 0 and at most at 100 %."),
            ),
        ]

    def __str__(self):
        return f"{self.unit} {self.percent.normalize():f}%"
