"""Which leader and which unit look after a project (包抓联)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from liangzhou.lasting import Lasting, LastingQuerySet, in_order
from liangzhou.models import Stamped

from .project import Project
from .unit import Unit


class Assignment(Lasting, Stamped):
    """A named leader and a liaison unit look after a project, from a date to a date. Internal."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="assignments", verbose_name=_("project"))
    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assignments",
        verbose_name=_("account of the leader"),
        help_text=_("Where the leader signs in here: the project is then on the leader's own page."),
    )
    leader_name = models.CharField(_("leader"), max_length=40, help_text=_("As the list of assignments has it."))
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assignments",
        verbose_name=_("liaison unit"),
    )
    liaison = models.CharField(_("liaison officer"), max_length=40, blank=True)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True, help_text=_("Empty while it lasts."))

    objects = LastingQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment (包抓联)")
        verbose_name_plural = _("assignments (包抓联)")
        ordering = ("-since", "-id")
        constraints = [
            in_order("assignment_in_order"),
        ]

    def __str__(self):
        return self.leader_name
