"""What leaders write on projects (批示)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from liangzhou.models import Stamped

from .project import Project


class Instruction(Stamped):
    """One instruction of a leader on one project, and what became of it. Internal."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="instructions", verbose_name=_("project"))
    text = models.TextField(_("instruction"), max_length=2000)
    due = models.DateField(_("answer wanted by"), null=True, blank=True)
    answer = models.TextField(_("what was done"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("instruction")
        verbose_name_plural = _("instructions (批示)")
        ordering = ("-id",)

    def __str__(self):
        return self.text if len(self.text) <= 40 else f"{self.text[:39]}…"
