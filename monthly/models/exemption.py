"""Justified reasons (正当理由) for which a rule of the lights does not count."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from liangzhou.lasting import Lasting, LastingQuerySet, in_order
from liangzhou.models import Stamped
from projects.models import Project


class Rule(models.TextChoices):
    """The rules of red, amber, green."""

    START = "start", _("planned start")
    MONEY = "money", _("funds behind the pace")
    REGISTRATION = "registration", _("registration in statistics (入库)")
    UPDATE = "update", _("no update")


class Exemption(Lasting, Stamped):
    """A recorded reason why one rule of the lights does not count for a project, from a date to a date. Internal."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="exemptions", verbose_name=_("project"))
    rule = models.CharField(_("rule"), max_length=12, choices=Rule)
    reason = models.CharField(_("reason"), max_length=300)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True, help_text=_("Empty while it lasts."))

    objects = LastingQuerySet.as_manager()

    class Meta:
        verbose_name = _("justified reason")
        verbose_name_plural = _("justified reasons (正当理由)")
        ordering = ("-since", "-id")
        constraints = [
            in_order("exemption_in_order"),
            models.CheckConstraint(name="exemption_rule", condition=Q(rule__in=Rule.values)),
        ]

    def __str__(self):
        return f"{self.get_rule_display()}: {self.reason}"
