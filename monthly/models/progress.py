"""What a project's site looks like at the end of a month, and what it needs."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from liangzhou.models import Stamped
from liangzhou.months import MonthField, is_first_of_month
from monthly import locked_words
from monthly.files import check_file, private_path
from projects.models import Project


class ProgressReport(Stamped):
    """One project at the end of one month: its site (形象进度), its problems, the help it needs. Internal."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="progress_reports", verbose_name=_("project"))
    month = MonthField(_("month"))
    site_progress = models.CharField(_("site progress (形象进度)"), max_length=500, blank=True)
    problem = models.CharField(_("problem (存在问题)"), max_length=500, blank=True)
    help_needed = models.CharField(_("help needed"), max_length=500, blank=True)
    next_step = models.CharField(_("next step"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("progress of a month")
        verbose_name_plural = _("progress by month")
        ordering = ("-month", "-id")
        constraints = [
            is_first_of_month("month", "progress_month"),
            models.UniqueConstraint(fields=["project", "month"], name="progress_once"),
        ]

    def __str__(self):
        return f"{self.month:%Y-%m} {self.site_progress}"[:60]

    @classmethod
    def must_stay(cls, plan):
        """What was locked since."""
        return locked_words.must_stay(plan, cls)


class ProgressPhoto(Stamped):
    """A photo of a project's site in one month. Internal."""

    report = models.ForeignKey(ProgressReport, models.CASCADE, related_name="photos", verbose_name=_("progress"))
    image = models.ImageField(_("photo"), upload_to=private_path, max_length=120, validators=[check_file])
    caption = models.CharField(_("caption"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ("id",)

    def __str__(self):
        return self.caption or self.image.name

    @classmethod
    def must_stay(cls, plan):
        """What stands beside words that were locked since."""
        return locked_words.must_stay(plan, cls, "report__month")
