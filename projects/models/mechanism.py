"""Mechanisms that staff and companies meet."""

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


class MechanismQuerySet(PublishableQuerySet, SearchableQuerySet):
    """Mechanisms."""


class MechanismManager(models.Manager.from_queryset(MechanismQuerySet)):
    def get_by_natural_key(self, slug):
        return self.get(slug=slug)


class Mechanism(Cited, Slugged, Publishable, Searchable, Stamped):
    """One working mechanism of the district, what it is and what this system keeps of it."""

    class Theme(models.TextChoices):
        ATTRACTION = "attraction", _("winning investment")
        SERVICE = "service", _("serving companies")
        APPROVAL = "approval", _("approvals")
        POLICY = "policy", _("policy and innovation")

    SEARCHED = ("name", "summary")

    name = models.CharField(_("name"), max_length=60, unique=True)
    theme = models.CharField(_("theme"), max_length=12, choices=Theme)
    summary = models.TextField(_("what it is"))
    kept = models.TextField(_("what this system keeps of it"), blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = MechanismManager()

    class Meta:
        verbose_name = _("mechanism")
        verbose_name_plural = _("mechanisms")
        permissions = [("publish_mechanism", _("Can publish mechanisms"))]
        ordering = ("position", "id")

    def __str__(self):
        return self.name

    def natural_key(self):
        return (self.slug,)

    def get_absolute_url(self):
        return reverse("projects:mechanism-detail", args=[self.slug])
