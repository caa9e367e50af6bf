"""Who takes part in a project, and what it is measured by."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise
from liangzhou.models import Measurement, Stamped

from .project import Project


class PartyQuerySet(models.QuerySet):
    """Companies' parts in projects."""

    def of_public_companies(self):
        """For the page of a project, which is public or previewed itself."""
        return self.filter(enterprise__published=True)

    def in_public_projects(self):
        """For the page of a company, which is public or previewed itself."""
        return self.filter(project__in=Project.objects.public())

    def public(self):
        """Parts of which both the project and the company are public."""
        return self.of_public_companies().in_public_projects()


class ProjectParty(Stamped):
    """A company's part in a project, beside the one that carries it."""

    class Role(models.TextChoices):
        INVESTOR = "investor", _("investor")
        BUILDER = "builder", _("builder")
        OPERATOR = "operator", _("operator")
        TECHNOLOGY = "technology", _("technology partner")
        SUPPLIER = "supplier", _("supplier")
        OTHER = "other", _("other")

    project = models.ForeignKey(Project, models.CASCADE, related_name="parties", verbose_name=_("project"))
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="parts", verbose_name=_("company"))
    role = models.CharField(_("role"), max_length=12, choices=Role)
    note = models.CharField(_("note"), max_length=200, blank=True, help_text=_("Public."))

    objects = PartyQuerySet.as_manager()

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["project", "enterprise", "role"], name="party_once")]

    def __str__(self):
        return f"{self.enterprise} · {self.get_role_display()}"


class Measure(Measurement, Stamped):
    """One measure of a project: its capacity, its output, the jobs it gives."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="measures", verbose_name=_("project"))

    class Meta(Measurement.Meta):
        verbose_name = _("measure")
        verbose_name_plural = _("capacity and other measures")
        constraints = [
            models.UniqueConstraint(fields=["project", "name"], name="measure_once"),
            models.CheckConstraint(
                name="measure_says_something",
                condition=Q(value__isnull=False) | ~Q(text=""),
                violation_error_message=_("Give a value or words."),
            ),
        ]
