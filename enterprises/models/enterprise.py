"""Companies."""

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc

from liangzhou.models import (
    Coded,
    Measurement,
    Publishable,
    PublishableQuerySet,
    Searchable,
    SearchableQuerySet,
    Stamped,
)
from sources.models import Cited

from .place import Place
from .provinces import Province


class LegalForm(models.TextChoices):
    """The legal form of a company."""

    LIMITED = "limited", _("limited liability company")
    JOINT_STOCK = "joint_stock", _("joint-stock company")
    STATE_OWNED = "state_owned", _("state-owned enterprise")
    FOREIGN = "foreign", _("foreign-invested enterprise")
    COOPERATIVE = "cooperative", _("farmers' cooperative")
    SOLE_TRADER = "sole_trader", _("sole trader")
    OTHER = "other", _("other")


class EnterpriseQuerySet(PublishableQuerySet, SearchableQuerySet):
    """Companies."""


class EnterpriseManager(models.Manager.from_queryset(EnterpriseQuerySet)):
    def get_by_natural_key(self, code):
        return self.get(code=code)


class Enterprise(Cited, Coded, Publishable, Searchable, Stamped):
    """One company: an investor, a builder, a partner, or one that already works in the district."""

    CODE_PREFIX = "QY"
    SEARCHED = ("name", "short_name", "code", "credit_code", "summary")

    name = models.CharField(_("name"), max_length=120, unique=True, help_text=_("The full registered name."))
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    credit_code = models.CharField(
        _("unified social credit code"),
        max_length=18,
        unique=True,
        null=True,
        blank=True,
        help_text=_("18 characters; empty where not known."),
    )
    credit_code_reason = models.CharField(
        _("why the code is right although its check fails"),
        max_length=200,
        blank=True,
        help_text=_("Only where the check digit fails and the licence really prints this code."),
    )
    kind = models.CharField(_("legal form"), max_length=12, choices=LegalForm, blank=True)
    origin_province = models.CharField(
        _("province of origin"),
        max_length=6,
        choices=Province,
        blank=True,
        help_text=_("Where the investor comes from; empty where not known."),
    )
    place = models.ForeignKey(
        Place,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="enterprises",
        verbose_name=_("place"),
        help_text=_("Where in the district it is."),
    )
    summary = models.TextField(_("summary"), blank=True)
    internal_remark = models.TextField(_("internal remark"), blank=True, help_text=_("Never shown to the public."))

    objects = EnterpriseManager()

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        permissions = [("publish_enterprise", _("Can publish companies"))]
        ordering = ("search_pinyin", "id")
        indexes = [models.Index("search_pinyin", name="enterprise_pinyin_order")]
        constraints = [
            models.CheckConstraint(
                name="enterprise_credit_code_form",
                condition=models.Q(credit_code__isnull=True) | models.Q(credit_code__regex=r"^[0-9A-Z]{18}$"),
                violation_error_message=_("The credit code has 18 digits and capital letters."),
            )
        ]

    def __str__(self):
        return self.name

    def natural_key(self):
        return (self.code,)

    def get_absolute_url(self):
        return reverse("enterprises:enterprise-detail", args=[self.code])

    def clean(self):
        self.credit_code = (self.credit_code or "").strip().upper() or None
        if self.credit_code and not uscc.is_valid(self.credit_code) and not self.credit_code_reason:
            raise ValidationError(
                {
                    "credit_code": _(
                        "The check digit of this code is wrong. Correct it, or say below why it is right."
                    ),
                }
            )

    def save(self, *args, **kwargs):
        self.credit_code = self.credit_code or None
        super().save(*args, **kwargs)


class EnterpriseFact(Measurement, Stamped):
    """One thing a source says of a company: milk handled in a year, markets served."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="facts", verbose_name=_("company"))

    class Meta(Measurement.Meta):
        verbose_name = _("fact")
        verbose_name_plural = _("facts")
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "name"], name="enterprise_fact_once"),
            models.CheckConstraint(
                name="enterprise_fact_says_something",
                condition=models.Q(value__isnull=False) | ~models.Q(text=""),
                violation_error_message=_("Give a value or words."),
            ),
        ]
