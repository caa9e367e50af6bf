"""What a locked month looked like: copies that no later change of a record touches.

The names of relations and columns are those of the live tables (`project__chain…`), so that one query
serves both: see figures.py. Chains, places, units and projects are kept by key and name, for none of
them need be there for ever.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from liangzhou.money import DECIMAL_PLACES, MAX_DIGITS
from liangzhou.months import MonthField
from projects.stages import Stage, Status

from .amounts import Origin
from .month import MonthVersion
from .target import Indicator


def _amount(label, **how) -> models.DecimalField:
    return models.DecimalField(label, max_digits=MAX_DIGITS, decimal_places=DECIMAL_PLACES, **how)


class SnapshotProject(models.Model):
    """One project as it was when a month was locked."""

    version = models.ForeignKey(MonthVersion, models.CASCADE, related_name="projects", verbose_name=_("version"))
    project_key = models.BigIntegerField(_("key of the project"), db_index=True)
    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=200)
    enterprise_name = models.CharField(_("company"), max_length=200, blank=True)
    chain_key = models.BigIntegerField(_("key of the chain"), null=True)
    chain_name = models.CharField(_("industry chain"), max_length=200, blank=True)
    place_key = models.BigIntegerField(_("key of the place"), null=True)
    place_name = models.CharField(_("place"), max_length=200, blank=True)
    stage = models.CharField(_("stage"), max_length=12, choices=Stage)
    status = models.CharField(_("status"), max_length=10, choices=Status)
    implemented = models.BooleanField(_("implemented by the end of the month"), default=True)
    total_investment = _amount(_("total investment"), null=True)
    contract_amount = _amount(_("contract amount"), null=True)
    event_key = models.BigIntegerField(_("key of the signing event"), null=True)
    event_name = models.CharField(_("signing event"), max_length=120, blank=True)
    signed_on = models.DateField(_("signed"), null=True)
    started_on = models.DateField(_("started"), null=True)
    registered_on = models.DateField(_("registered"), null=True)
    producing_on = models.DateField(_("in production"), null=True)
    funds_since_signing = _amount(_("funds since signing"), null=True)
    plan = _amount(_("plan of the year"), null=True, help_text=_("Of funds of all origins, in 万元."))
    light = models.CharField(_("light"), max_length=8, blank=True)
    light_reasons = models.JSONField(_("rules that fired"), default=list)
    site_progress = models.CharField(_("site progress (形象进度)"), max_length=500, blank=True)
    problem = models.CharField(_("problem (存在问题)"), max_length=500, blank=True)
    help_needed = models.CharField(_("help needed"), max_length=500, blank=True)
    next_step = models.CharField(_("next step"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("project in a locked month")
        verbose_name_plural = _("projects in locked months")
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["version", "project_key"], name="snapshot_project_once")]

    def __str__(self):
        return self.name


class SnapshotFunding(models.Model):
    """Funds of one project in one month from one origin, as known when a month was locked."""

    project = models.ForeignKey(
        SnapshotProject, models.CASCADE, related_name="funding_records", verbose_name=_("project")
    )
    month = MonthField(_("month"))
    origin = models.CharField(_("origin"), max_length=16, choices=Origin)
    amount = _amount(_("amount of the month"))

    class Meta:
        verbose_name = _("funds in a locked month")
        verbose_name_plural = _("funds in locked months")
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["project", "month", "origin"], name="snapshot_funding_once")]

    def __str__(self):
        return f"{self.month:%Y-%m} {self.amount}"


class SnapshotInvestment(models.Model):
    """Investment completed in one project in one month, as known when a month was locked."""

    project = models.ForeignKey(
        SnapshotProject, models.CASCADE, related_name="investment_records", verbose_name=_("project")
    )
    month = MonthField(_("month"))
    amount = _amount(_("amount of the month"))

    class Meta:
        verbose_name = _("investment in a locked month")
        verbose_name_plural = _("investment in locked months")
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["project", "month"], name="snapshot_investment_once")]

    def __str__(self):
        return f"{self.month:%Y-%m} {self.amount}"


class SnapshotShare(models.Model):
    """A unit's share of the credit for one project, as it was when a month was locked."""

    project = models.ForeignKey(
        SnapshotProject, models.CASCADE, related_name="credit_shares", verbose_name=_("project")
    )
    unit_key = models.BigIntegerField(_("key of the unit"))
    unit_name = models.CharField(_("responsible unit"), max_length=80)
    percent = models.DecimalField(_("share (%)"), max_digits=5, decimal_places=2)

    class Meta:
        verbose_name = _("share in a locked month")
        verbose_name_plural = _("shares in locked months")
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["project", "unit_key"], name="snapshot_share_once")]

    def __str__(self):
        return f"{self.unit_name} {self.percent}%"


class SnapshotTarget(models.Model):
    """An annual target as it was when a month was locked."""

    version = models.ForeignKey(MonthVersion, models.CASCADE, related_name="targets", verbose_name=_("version"))
    indicator = models.CharField(_("indicator"), max_length=16, choices=Indicator)
    scope = models.CharField(_("for"), max_length=8, blank=True)  # "chain", "place", "unit", "" for the district
    scope_key = models.BigIntegerField(_("key of what it is for"), null=True)
    scope_name = models.CharField(_("name of what it is for"), max_length=200, blank=True)
    value = _amount(_("target"))

    class Meta:
        verbose_name = _("target in a locked month")
        verbose_name_plural = _("targets in locked months")
        ordering = ("id",)

    def __str__(self):
        return f"{self.get_indicator_display()} {self.scope_name}".strip()
