"""Milestones of projects."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from liangzhou.models import Stamped
from liangzhou.periods import PartialDate, Precision, periods_of

from .project import Project


class MilestoneQuerySet(models.QuerySet):
    """Milestones; `rank` is their usual order, for two that share a date."""

    def ranked(self):
        """Annotate the usual order of the kinds."""
        kinds = [When(kind=kind, then=Value(rank)) for rank, kind in enumerate(Milestone.Kind.values)]
        return self.annotate(rank=Case(*kinds, output_field=models.SmallIntegerField()))

    def reached(self):
        """Those that have happened, ranked."""
        return self.ranked().filter(actual__isnull=False)

    def overdue(self, *, on: date):
        """Those that were planned for a period that is over before this day, and are not reached."""
        late = Q()
        for precision, first in periods_of(on).items():
            late |= Q(planned_precision=precision, planned__lt=first)
        return self.filter(late, actual__isnull=True)

    def in_time(self):
        """In order of time: what happened by its date, what is planned by its plan."""
        return self.ranked().order_by(Coalesce("actual", "planned"), "rank")

    def delete(self):
        """Delete them; their projects' latest milestones follow."""
        projects = set(self.order_by().values_list("project", flat=True))
        deleted = super().delete()
        Project.objects.filter(pk__in=projects).refresh_latest_milestone()
        return deleted

    delete.alters_data = True
    delete.queryset_only = True


class Milestone(Stamped):
    """One step of a project, planned for a date, reached on a date, each as far as known."""

    class Kind(models.TextChoices):
        SIGNED = "signed", _("contract signed (签约)")
        LANDED = "landed", _("landed (落地)")
        STARTED = "started", _("works started (开工)")
        REGISTERED = "registered", _("entered in the statistics library (入库)")
        COMPLETED = "completed", _("works completed (竣工)")
        TRIAL = "trial", _("trial run (试运行)")
        PRODUCING = "producing", _("in production (投产)")
        AT_CAPACITY = "at_capacity", _("at capacity (达产)")

    project = models.ForeignKey(Project, models.CASCADE, related_name="milestones", verbose_name=_("project"))
    kind = models.CharField(_("milestone"), max_length=12, choices=Kind)
    planned = models.DateField(_("planned"), null=True, blank=True)
    planned_precision = models.CharField(_("precision of the plan"), max_length=10, choices=Precision, blank=True)
    actual = models.DateField(_("actual"), null=True, blank=True)
    actual_precision = models.CharField(_("precision of the actual date"), max_length=10, choices=Precision, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True, help_text=_("Public."))

    objects = MilestoneQuerySet.as_manager()

    _been_of = frozenset()  # the projects that this row belonged to since it was read

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["project", "kind"], name="milestone_once"),
            models.CheckConstraint(
                name="milestone_has_a_date",
                condition=Q(planned__isnull=False) | Q(actual__isnull=False),
                violation_error_message=_("Give a planned or an actual date."),
            ),
            models.CheckConstraint(
                name="milestone_dates_have_precision",
                condition=Q(planned__isnull=True, planned_precision="")
                | (Q(planned__isnull=False) & ~Q(planned_precision="")),
            ),
            models.CheckConstraint(
                name="milestone_actual_has_precision",
                condition=Q(actual__isnull=True, actual_precision="")
                | (Q(actual__isnull=False) & ~Q(actual_precision="")),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.date}"

    @property
    def planned_date(self) -> PartialDate | None:
        """The plan, as far as known."""
        return PartialDate(self.planned, self.planned_precision) if self.planned else None

    @property
    def actual_date(self) -> PartialDate | None:
        """When it was reached, as far as known."""
        return PartialDate(self.actual, self.actual_precision) if self.actual else None

    @property
    def date(self) -> PartialDate | None:
        """The actual date, or else the planned one."""
        return self.actual_date or self.planned_date

    def clean(self):
        if self.actual and self.actual > timezone.localdate():
            raise ValidationError({"actual": _("This lies in the future: give it as planned.")})

    @classmethod
    def from_db(cls, db, field_names, values):
        row = super().from_db(db, field_names, values)
        row._been_of = frozenset({row.__dict__.get("project_id")} - {None})
        return row

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        self._been_of |= {self.project_id}
        Project.objects.filter(pk__in=self._been_of).refresh_latest_milestone()

    def delete(self, *args, **kwargs):
        deleted = super().delete(*args, **kwargs)
        Project.objects.filter(pk__in=self._been_of | {self.project_id}).refresh_latest_milestone()
        return deleted


# What is known to have happened by a later step happened no later than that step
STARTED_OR_LATER = (
    Milestone.Kind.STARTED,
    Milestone.Kind.COMPLETED,
    Milestone.Kind.TRIAL,
    Milestone.Kind.PRODUCING,
    Milestone.Kind.AT_CAPACITY,
)
PRODUCING_OR_LATER = (Milestone.Kind.PRODUCING, Milestone.Kind.AT_CAPACITY)


def first_reached(project: str, *kinds: str) -> Subquery:
    """The first actual date of milestones of these kinds (of all, where none is named), in SQL; null where none.

    `project` names the column of the outer query that holds the project's key. A date that is known to the month
    or year counts from its first day.
    """
    reached = Milestone.objects.filter(project=OuterRef(project), actual__isnull=False)
    if kinds:
        reached = reached.filter(kind__in=kinds)
    return Subquery(reached.order_by("actual").values("actual")[:1])
