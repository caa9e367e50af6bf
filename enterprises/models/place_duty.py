"""Who answers for which places."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
from django.utils.translation import gettext_lazy as _

from liangzhou.models import Stamped

from .place import Place


class PlaceDuty(Stamped):
    """One person with the parks, towns and subdistricts whose projects are theirs to enter."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="place_duty", verbose_name=_("person")
    )
    places = models.ManyToManyField(Place, related_name="duties", verbose_name=_("places"))

    class Meta:
        verbose_name = _("duty for places")
        verbose_name_plural = _("duties for places")
        ordering = ("person",)

    def __str__(self):
        return self.person.get_full_name() or self.person.get_username()

    @property
    def people(self):
        """Those whose rights it decides on: the one person."""
        return get_user_model().objects.filter(pk=self.person_id)
