"""Projects that look alike and are not the same."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from liangzhou.models import Stamped

from .project import Project


class NotTheSameQuerySet(models.QuerySet):
    """Decisions that two projects are two."""

    def pairs(self, keys=None) -> set[tuple[int, int]]:
        """The pairs told apart, the smaller key first; with `keys`, those that name one of them."""
        rows = self if keys is None else self.filter(Q(project_a__in=keys) | Q(project_b__in=keys))
        return set(rows.values_list("project_a_id", "project_b_id"))


class NotTheSame(Stamped):
    """Two projects that look alike, of which staff said that they are two."""

    WRITTEN_BY_ACTS = True

    project_a = models.ForeignKey(Project, models.CASCADE, related_name="+", verbose_name=_("project"))
    project_b = models.ForeignKey(Project, models.CASCADE, related_name="+", verbose_name=_("other project"))

    objects = NotTheSameQuerySet.as_manager()

    class Meta:
        verbose_name = _("pair told apart")
        verbose_name_plural = _("pairs told apart")
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["project_a", "project_b"], name="not_the_same_once"),
            models.CheckConstraint(name="not_the_same_in_order", condition=Q(project_a__lt=F("project_b"))),
        ]

    def __str__(self):
        return f"{self.project_a} ≠ {self.project_b}"
