"""Places where projects stand."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from liangzhou.models import Searchable, SearchableQuerySet, Slugged, Stamped
from sources.models import Cited


class PlaceManager(models.Manager.from_queryset(SearchableQuerySet)):
    def get_by_natural_key(self, slug):
        return self.get(slug=slug)


class Place(Cited, Slugged, Searchable, Stamped):
    """A park, town, subdistrict or other township-level unit of the district. Always public."""

    class Kind(models.TextChoices):
        PARK = "park", _("park")
        TOWN = "town", _("town")
        SUBDISTRICT = "subdistrict", _("subdistrict")
        OTHER = "other", _("other unit")

    class ReferenceSystem(models.TextChoices):
        CGCS2000 = "cgcs2000", "CGCS2000"
        WGS84 = "wgs84", "WGS 84"
        GCJ02 = "gcj02", "GCJ-02"
        BD09 = "bd09", "BD-09"

    SEARCHED = ("name", "code", "summary")

    name = models.CharField(_("name"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    code = models.CharField(
        _("division code"),
        max_length=9,
        unique=True,
        null=True,
        blank=True,
        help_text=_("Nine digits of the statistical division code; empty for a park without one."),
    )
    latitude = models.DecimalField(_("latitude (°)"), max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude (°)"), max_digits=9, decimal_places=6, null=True, blank=True)
    reference_system = models.CharField(
        _("reference system"),
        max_length=10,
        choices=ReferenceSystem,
        blank=True,
        help_text=_("Of the coordinates: they differ by up to 700 m."),
    )
    summary = models.TextField(_("summary"), blank=True)

    objects = PlaceManager()

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ("kind", "code", "name")
        constraints = [
            models.CheckConstraint(
                name="place_code_is_nine_digits",
                condition=models.Q(code__isnull=True) | models.Q(code__regex=r"^[0-9]{9}$"),
                violation_error_message=_("The division code has nine digits."),
            ),
            models.CheckConstraint(
                name="place_coordinates_whole",
                condition=models.Q(latitude__isnull=True, longitude__isnull=True, reference_system="")
                | (
                    models.Q(latitude__isnull=False, longitude__isnull=False)  # a range of nothing counts as kept
                    & models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180))
                    & ~models.Q(reference_system="")
                ),
                violation_error_message=_("Latitude, longitude and their reference system belong together."),
            ),
        ]

    def __str__(self):
        return self.name

    def natural_key(self):
        return (self.slug,)

    def get_absolute_url(self):
        return reverse("projects:place-detail", args=[self.slug])

    def save(self, *args, **kwargs):
        self.code = self.code or None
        super().save(*args, **kwargs)
