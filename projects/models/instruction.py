"""What leaders write on projects (批示)."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from liangzhou.models import Stamped

from .project import Project


class InstructionQuerySet(models.QuerySet):
    """Instructions by what became of them."""

    def answered(self):
        """Those of which somebody wrote what was done."""
        return self.exclude(answer="")

    def open(self):
        """Those that wait for an answer."""
        return self.filter(answer="")

    def overdue(self, *, on: date):
        """Those that wait for an answer that was wanted before this day."""
        return self.open().filter(due__lt=on)


class Instruction(Stamped):
    """One instruction of a leader on one project, and what became of it. Internal."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="instructions", verbose_name=_("project"))
    text = models.TextField(_("instruction"), max_length=2000)
    due = models.DateField(_("answer wanted by"), null=True, blank=True)
    answer = models.TextField(_("what was done about it"), max_length=2000, blank=True)

    objects = InstructionQuerySet.as_manager()

    class Meta:
        verbose_name = _("instruction")
        verbose_name_plural = _("instructions (批示)")
        ordering = ("-id",)

    def __str__(self):
        return self.text if len(self.text) <= 40 else f"{self.text[:39]}…"

    def is_overdue(self, *, on: date) -> bool:
        """Whether an answer was wanted before this day and there is none; the same rule as the QuerySet's."""
        return not self.answer and self.due is not None and self.due < on
