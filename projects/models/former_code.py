"""Codes of projects that were merged into another one."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from liangzhou.models import Stamped
from projects.stages import PUBLIC_STAGES

from .project import Project


class FormerCode(Stamped):
    """The code of a project that was merged into another: its permanent link leads there."""

    WRITTEN_BY_ACTS = True

    code = models.CharField(_("code"), max_length=20, unique=True)
    project = models.ForeignKey(Project, models.CASCADE, related_name="former_codes", verbose_name=_("project"))

    class Meta:
        verbose_name = _("former code")
        verbose_name_plural = _("former codes")
        ordering = ("code",)

    def __str__(self):
        return self.code

    @property
    def was_public(self) -> bool:
        """Whether everybody could see the project of this code when it was merged."""
        last = Project.history.filter(code=self.code).order_by("-history_id").first()
        return last is not None and last.published and last.stage in PUBLIC_STAGES

    @classmethod
    def stands_for(cls, rows: dict) -> dict:
        """The project of each code, where it is there again."""
        found = dict(Project.objects.filter(code__in=[row.code for row in rows.values()]).values_list("code", "pk"))
        return {pk: (Project, found[row.code]) for pk, row in rows.items() if row.code in found}

    @classmethod
    def stand_ins(cls, model, rows: dict) -> set:
        """The former codes of projects that are about to be there again."""
        codes = [row.code for row in rows.values()] if model is Project else []
        return set(cls.objects.filter(code__in=codes).values_list("pk", flat=True))
