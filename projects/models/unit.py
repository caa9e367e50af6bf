"""The units that win projects, and how they share the credit for one."""

from dataclasses import dataclass
from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, DecimalField, ExpressionWrapper, F, OuterRef, Subquery, Sum
from django.utils.translation import gettext_lazy as _

from enterprises.models import Place
from liangzhou.models import Searchable, SearchableQuerySet, Stamped
from liangzhou.money import plain

from .project import Project

WHOLE = Decimal(100)  # per cent
EXACT = DecimalField(max_digits=24, decimal_places=8)
CREDITED = ExpressionWrapper(F("percent") * F("project__total_investment"), output_field=EXACT)


class UnitQuerySet(SearchableQuerySet):
    """Units."""

    def with_credit(self, projects):
        """Annotate what each unit is credited with, of the given projects only.

        `credited_projects` is how many it has a share in, `credit_percent` the sum of its shares in per
        cent (100 is one project), `credit_investment` the sum of its shares of their total investment in
        万元 × 100, None where none is known. Rounding and the division by 100 come last: see `Unit`.
        """
        shares = CreditShare.objects.filter(unit=OuterRef("pk"), project__in=projects.order_by().values("pk"))
        shares = shares.order_by().values("unit")
        return self.annotate(
            credited_projects=Subquery(shares.annotate(n=Count("pk")).values("n")),
            credit_percent=Subquery(shares.annotate(n=Sum("percent", output_field=EXACT)).values("n")),
            credit_investment=Subquery(shares.annotate(n=Sum(CREDITED)).values("n")),
        )


@dataclass(frozen=True)
class CreditTotals:
    """The district's total, each project counted once, and how much of it units share. Amounts in 万元.

    Numbers of projects are converted: 0.6 is 60 % of the credit for one. An amount is None where none is known.
    """

    projects: int
    investment: Decimal | None
    attributed_projects: Decimal
    attributed_investment: Decimal | None

    @property
    def open_projects(self) -> Decimal:
        """What no unit is credited with."""
        return self.projects - self.attributed_projects

    @property
    def open_investment(self) -> Decimal | None:
        """The total investment that no unit is credited with."""
        return None if self.investment is None else self.investment - (self.attributed_investment or 0)


def credit_totals(projects) -> CreditTotals:
    """What units share of the given projects, and what is left. Two queries."""
    whole = projects.totals()
    shares = CreditShare.objects.filter(project__in=projects.order_by().values("pk")).order_by()
    shared = shares.aggregate(shared=Sum("percent", output_field=EXACT), investment=Sum(CREDITED))
    return CreditTotals(
        projects=whole["count"],
        investment=whole["investment"],
        attributed_projects=(shared["shared"] or Decimal(0)) / WHOLE,
        attributed_investment=None if shared["investment"] is None else shared["investment"] / WHOLE,
    )


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

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("responsible unit")
        verbose_name_plural = _("responsible units")
        ordering = ("name",)

    def __str__(self):
        return self.short_name or self.name

    @property
    def converted_projects(self) -> Decimal:
        """Its share of projects, 1 for each whole one; of a unit read by `with_credit`."""
        return (self.credit_percent or Decimal(0)) / WHOLE

    @property
    def converted_investment(self) -> Decimal | None:
        """Its share of their total investment in 万元, None where none is known; of a unit read by `with_credit`."""
        return None if self.credit_investment is None else self.credit_investment / WHOLE


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
        return f"{self.unit} {plain(self.percent)}%"

    @property
    def investment(self) -> Decimal | None:
        """Its share of the project's total investment in 万元, None where that is not known."""
        whole = self.project.total_investment
        return None if whole is None else whole * self.percent / WHOLE
