"""Fields in which the district looks for investors."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from liangzhou.models import (
    Publishable,
    PublishableQuerySet,
    Searchable,
    SearchableQuerySet,
    Slugged,
    Stamped,
)
from sources.models import Cited

from .chain import IndustryChain


class OpportunityQuerySet(PublishableQuerySet, SearchableQuerySet):
    """Opportunities."""


class OpportunityManager(models.Manager.from_queryset(OpportunityQuerySet)):
    def get_by_natural_key(self, slug):
        return self.get(slug=slug)


class Opportunity(Cited, Slugged, Publishable, Searchable, Stamped):
    """One field in which the district looks for investors."""

    SEARCHED = ("name", "summary")

    name = models.CharField(_("name"), max_length=80, unique=True)
    chain = models.ForeignKey(
        IndustryChain,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="opportunities",
        verbose_name=_("industry chain"),
    )
    summary = models.TextField(_("summary"), blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = OpportunityManager()

    class Meta:
        verbose_name = _("opportunity")
        verbose_name_plural = _("opportunities")
        permissions = [("publish_opportunity", _("Can publish opportunities"))]
        ordering = ("position", "id")

    def __str__(self):
        return self.name

    def natural_key(self):
        return (self.slug,)

    def get_absolute_url(self):
        return f"{reverse('projects:opportunity-list')}#{self.slug}"
