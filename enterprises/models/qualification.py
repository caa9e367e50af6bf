"""What a company was recognised as."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from liangzhou.models import Stamped
from liangzhou.periods import PartialDate, Precision

from .enterprise import Enterprise


class Qualification(Stamped):
    """One recognition of a company, from a date and mostly for three years."""

    class Kind(models.TextChoices):
        HIGH_TECH = "high_tech", _("high-tech enterprise")
        SPECIALISED = "specialised", _("specialised and innovative SME (专精特新)")
        PROVINCIAL_INNOVATIVE = "provincial_innovative", _("provincial innovative enterprise")
        LITTLE_GIANT = "little_giant", _("national little giant (小巨人)")
        TECHNOLOGY_SME = "technology_sme", _("technology-based SME")
        ABOVE_SCALE = "above_scale", _("above designated size (规上)")
        OTHER = "other", _("other")

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="qualifications", verbose_name=_("company"))
    kind = models.CharField(_("kind"), max_length=24, choices=Kind)
    name = models.CharField(_("name, if other"), max_length=60, blank=True)
    granted_on = models.DateField(_("granted on"), null=True, blank=True)
    granted_on_precision = models.CharField(_("precision"), max_length=10, choices=Precision, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    valid_to_precision = models.CharField(_("precision"), max_length=10, choices=Precision, blank=True)
    batch = models.CharField(
        _("batch"), max_length=60, blank=True, help_text=_("As the notice names it: 2025年第一批.")
    )

    class Meta:
        verbose_name = _("qualification")
        verbose_name_plural = _("qualifications")
        ordering = ("-granted_on", "id")
        constraints = [
            models.CheckConstraint(
                name="qualification_ends_after_grant",
                condition=models.Q(granted_on__isnull=True)
                | models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gte=models.F("granted_on")),
                violation_error_message=_("It cannot end before it was granted."),
            ),
            models.UniqueConstraint(fields=["enterprise", "kind", "name", "granted_on"], name="qualification_once"),
        ]

    def __str__(self):
        return self.name or self.get_kind_display()

    @property
    def granted(self) -> PartialDate | None:
        """When it was granted, as far as known."""
        return PartialDate(self.granted_on, self.granted_on_precision or Precision.DAY) if self.granted_on else None

    @property
    def valid_until(self) -> PartialDate | None:
        """When it ends, as far as known."""
        return PartialDate(self.valid_to, self.valid_to_precision or Precision.DAY) if self.valid_to else None
