"""Industry chains."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise
from liangzhou.models import Searchable, SearchableQuerySet, Slugged, Stamped
from sources.models import Cited


class IndustryChainManager(models.Manager.from_queryset(SearchableQuerySet)):
    def get_by_natural_key(self, slug):
        return self.get(slug=slug)


class IndustryChain(Cited, Slugged, Searchable, Stamped):
    """An industry chain or cluster that the district builds. Always public."""

    class ClusterTier(models.TextChoices):
        TEN_BILLION = "ten_billion", _("ten-billion-yuan cluster (百亿级)")
        EMERGING = "emerging", _("emerging cluster (新质生产力)")

    SEARCHED = ("name", "summary")

    name = models.CharField(_("name"), max_length=60, unique=True)
    is_key_chain = models.BooleanField(
        _("key chain"),
        null=True,
        blank=True,
        help_text=_("One of the district's key chains; unknown where no source says."),
    )
    cluster_tier = models.CharField(_("cluster"), max_length=12, choices=ClusterTier, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    chief = models.CharField(
        _("chain chief"),
        max_length=60,
        blank=True,
        help_text=_("The leader answerable for the chain, with the post held. Public."),
    )
    anchor_enterprise = models.ForeignKey(
        Enterprise,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="anchored_chains",
        verbose_name=_("anchor company"),
    )
    task_force = models.CharField(_("task force"), max_length=120, blank=True, help_text=_("Its name. Public."))
    atlas_url = models.URLField(_("atlas (图谱)"), blank=True, help_text=_("Link to the chain's atlas. Public."))
    plan_title = models.CharField(
        _("plan document (方案)"),
        max_length=200,
        blank=True,
        help_text=_("Title, version and year of the plan. Public."),
    )
    plan_url = models.URLField(_("link to the plan"), blank=True)

    objects = IndustryChainManager()

    class Meta:
        verbose_name = _("industry chain")
        verbose_name_plural = _("industry chains")
        ordering = ("id",)

    def __str__(self):
        return self.name

    def natural_key(self):
        return (self.slug,)

    def get_absolute_url(self):
        return reverse("projects:chain-detail", args=[self.slug])
