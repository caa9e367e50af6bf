"""Every change of a project's stage: from, to, who, when, why, and what was missing."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.utils import bulk_create_with_history

from liangzhou.models import Stamped
from projects.stages import Stage, labels

from .project import Project


class StageChange(Stamped):
    """One change of the stage of one project. A log: never edited, and kept when a batch is taken back."""

    IS_LOG = True

    project = models.ForeignKey(
        Project, models.CASCADE, related_name="stage_changes", verbose_name=_("project"), editable=False
    )
    from_stage = models.CharField(_("from"), max_length=12, choices=Stage, blank=True, editable=False)
    to_stage = models.CharField(_("to"), max_length=12, choices=Stage, editable=False)
    reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)
    overridden = models.CharField(
        _("let through without"),
        max_length=300,
        blank=True,
        editable=False,
        help_text=_("The names of the requirements that were not met, separated by spaces."),
    )

    class Meta:
        verbose_name = _("change of stage")
        verbose_name_plural = _("changes of stage")
        ordering = ("id",)
        constraints = [
            models.CheckConstraint(
                name="stage_override_has_a_reason",
                condition=models.Q(overridden="") | ~models.Q(reason=""),
                violation_error_message=_("Say why the stage is right although facts are missing."),
            )
        ]

    def __str__(self):
        return f"{self.get_from_stage_display()} → {self.get_to_stage_display()}"

    def show_overridden(self) -> str:
        """What the project came to its stage without, in words."""
        return "、".join(labels(self.overridden))

    @classmethod
    def log_many(cls, changes: list["StageChange"], *, by) -> None:
        """Save the changes of many projects at once, with history."""
        for change in changes:
            change.stamp(by)
        bulk_create_with_history(changes, cls, batch_size=500, default_user=by)
