"""Where every fact comes from: sources, and the sentences cited from them."""

import re

from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from liangzhou.columns import Joined
from liangzhou.models import Stamped
from liangzhou.periods import PartialDate, Precision


class SourceQuerySet(models.QuerySet):
    """Documents that facts were taken from."""

    def public(self):
        """The sources that a public record cites; what only internal records cite is internal too."""
        cited = models.Q(pk__in=[])
        for model in filter(lambda model: issubclass(model, Cited), apps.get_models()):
            rows = model.objects.public() if hasattr(model.objects, "public") else model.objects.all()
            kind = ContentType.objects.get_for_model(model)
            cited |= models.Q(content_type=kind, object_id__in=rows.order_by().values("pk"))
        citations = Citation.objects.filter(cited, source=models.OuterRef("pk"))
        return self.filter(models.Exists(citations.order_by()))


class SourceManager(models.Manager.from_queryset(SourceQuerySet)):
    def get_by_natural_key(self, slug):
        return self.get(slug=slug)


class Source(Stamped):
    """One document that facts were taken from: a newspaper article, a register, a notice."""

    class Kind(models.TextChoices):
        ARTICLE = "article", _("newspaper article")
        REGISTER = "register", _("official register or code list")
        NOTICE = "notice", _("government notice")
        COMPANY = "company", _("company's own statement")
        OTHER = "other", _("other")

    slug = models.SlugField(_("address"), max_length=80, unique=True, help_text=_("Short name in Latin letters."))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.ARTICLE)
    title = models.CharField(_("title"), max_length=200)
    authors = models.CharField(_("authors"), max_length=200, blank=True)
    publisher = models.CharField(_("publisher"), max_length=100, blank=True, help_text=_("Empty where not known."))
    dated = models.DateField(_("published on"), null=True, blank=True, help_text=_("Empty where not known."))
    dated_precision = models.CharField(_("precision of the date"), max_length=10, choices=Precision, blank=True)
    url = models.URLField(_("link"), blank=True)
    note = models.TextField(_("note"), blank=True, help_text=_("What a reader must know: damage, what it speaks of."))

    objects = SourceManager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ("title",)
        constraints = [
            models.CheckConstraint(
                name="source_date_has_precision",
                condition=models.Q(dated__isnull=True, dated_precision="")
                | (models.Q(dated__isnull=False) & ~models.Q(dated_precision="")),
                violation_error_message=_("A date and its precision belong together."),
            )
        ]

    def __str__(self):
        return (
            f"《{self.title.removeprefix('《').removesuffix('》')}》" if self.kind == self.Kind.ARTICLE else self.title
        )

    def natural_key(self):
        return (self.slug,)

    def get_absolute_url(self):
        return f"{reverse('projects:about')}#{self.slug}"

    @property
    def date(self) -> PartialDate | None:
        """When it was published, as far as known."""
        return PartialDate(self.dated, self.dated_precision) if self.dated else None


class Citation(Stamped):
    """One sentence of a source, and which facts of which row it supports."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="citations", verbose_name=_("source"))
    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+", verbose_name=_("kind of record"))
    object_id = models.PositiveBigIntegerField(_("record"))
    target = GenericForeignKey("content_type", "object_id")
    quote = models.TextField(_("sentence"), help_text=_("Word for word, as the source prints it."))
    supports = models.CharField(
        _("supports"),
        max_length=300,
        blank=True,
        help_text=_(
            "Names of the facts it supports, as the page shows them, separated by 、 — for example "
            "总投资、占地面积. Empty: the record as a whole."
        ),
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("cited sentence")
        verbose_name_plural = _("cited sentences")
        ordering = ("position", "id")
        indexes = [models.Index(fields=["content_type", "object_id", "position"], name="citation_target")]

    def __str__(self):
        return self.quote if len(self.quote) <= 40 else f"{self.quote[:40]}…"

    @property
    def labels(self) -> list[str]:
        """The names of the facts it supports, each once."""
        labels = [label.strip() for label in re.split(r"[、,\uff0c]", self.supports)]
        return [label for label in dict.fromkeys(labels) if label]


class Cited(models.Model):
    """A row whose facts can be backed by sentences; they go when it goes."""

    citations = GenericRelation(Citation, verbose_name=_("cited sentences"))

    class Meta:
        abstract = True


def cited_sentences(model: type[models.Model]) -> Joined:
    """Every sentence cited for a row, as one text, for exports of `model`."""
    kind = ContentType.objects.get_for_model(model)
    rows = Citation.objects.filter(content_type=kind, object_id=models.OuterRef("pk")).order_by("position", "pk")
    return Joined(
        rows, Concat("quote", models.Value("（"), "source__title", models.Value("）"), output_field=models.TextField())
    )
