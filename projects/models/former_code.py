"""Codes of projects that were merged into another one."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from liangzhou.models import Stamped

from .project import Project


class FormerCode(Stamped):
    """The code of a project that was merged into another: its permanent link leads there."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    project = models.ForeignKey(Project, models.CASCADE, related_name="former_codes", verbose_name=_("project"))

    class Meta:
        verbose_name = _("former code")
        verbose_name_plural = _("former codes")
        ordering = ("code",)

    def __str__(self):
        return self.code
