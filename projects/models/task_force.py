"""Who works on which chains."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from liangzhou.models import Stamped

from .chain import IndustryChain


class TaskForce(Stamped):
    """One task force (专班): its members enter and follow the projects of its chains."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="task_forces", verbose_name=_("members")
    )
    chains = models.ManyToManyField(
        IndustryChain, blank=True, related_name="task_forces", verbose_name=_("industry chains")
    )

    class Meta:
        verbose_name = _("task force")
        verbose_name_plural = _("task forces")
        ordering = ("name",)

    def __str__(self):
        return self.name

    @property
    def people(self):
        """Those whose rights it decides on."""
        return self.members.all()
