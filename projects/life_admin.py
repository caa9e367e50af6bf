"""What the admin of projects and milestones knows of their past: stages in the history, gates on the way back."""

from django.utils.translation import gettext as _

from .actions import facts_of, log_stage, reached, unmet, waived
from .life import stage_events
from .models import FormerCode, Milestone, Project, StageChange


class ProjectLifeAdmin:
    """A project's stages belong into its history; going back to an earlier version asks what its stage requires."""

    def life_events(self, obj):
        return stage_events(obj)

    def check_restored(self, request, obj, parts):
        """What would be missing and is not missing now."""
        if FormerCode.objects.filter(code=obj.code).exists():
            return [_("This project was merged into another one: take the merging back instead.")]
        known = _let_through(obj)
        stored = Project.objects.filter(pk=obj.pk).select_related("enterprise").first()
        if stored is not None:
            known |= {gap.name for gap in unmet(stored, facts_of(stored), known)}
        dates = reached(parts[Milestone]) if Milestone in parts else None
        return [str(gap.sentence) for gap in unmet(obj, facts_of(obj, dates), known)]

    def after_restored(self, request, obj, before):
        if before is None or before.stage != obj.stage:
            reason = request.POST.get("reason", "").strip()
            log_stage(obj, from_stage=before.stage if before else "", by=request.user, reason=reason)


class MilestoneLifeAdmin:
    """A milestone that goes back to an earlier version must not leave its project without what its stage requires."""

    def check_restored(self, request, obj, parts):
        problems = super().check_restored(request, obj, parts)
        if problems:
            return problems
        project = Project.objects.select_related("enterprise").get(pk=obj.project_id)
        stored = list(project.milestones.all())
        others = [row for row in stored if row.pk != obj.pk]
        known = waived([project])[project.pk]
        known |= {gap.name for gap in unmet(project, facts_of(project, reached(stored)), known)}
        return [str(gap.sentence) for gap in unmet(project, facts_of(project, reached([*others, obj])), known)]


def _let_through(project: Project) -> set[str]:
    """The names that were ever let through, also of a project that was deleted with its log."""
    told = StageChange.history.filter(project=project.pk).exclude(overridden="").order_by()
    deleted = {name for names in told.values_list("overridden", flat=True) for name in names.split()}
    return waived([project])[project.pk] | deleted
