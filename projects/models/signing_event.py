"""Events at which contracts are signed (签约活动)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from liangzhou.models import Searchable, SearchableQuerySet, Stamped


class SigningEvent(Searchable, Stamped):
    """One event at which contracts were signed: a fair, a conference, a visit. Internal."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    held_on = models.DateField(_("held on"), null=True, blank=True)

    objects = SearchableQuerySet.as_manager()

    class Meta:
        verbose_name = _("signing event")
        verbose_name_plural = _("signing events")
        ordering = ("-held_on", "-id")

    def __str__(self):
        return self.name
