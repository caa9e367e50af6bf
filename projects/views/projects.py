"""The list of projects and the page of one."""

from django.db.models import Case, Q, When
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from liangzhou.fieldsets import Fact
from liangzhou.money import show_wan
from liangzhou.views import DetailPage, ListPage
from projects.columns import project_columns
from projects.fieldsets import PROJECT
from projects.filters import ProjectFilter
from projects.models import FormerCode, Milestone, Project, public_project
from projects.stages import PUBLIC_STAGES, Stage

RELATED = 6
# The milestone whose date stands under a step of the page's stepper; 在建 has none of its own.
STEP_DATES = {
    Stage.SIGNED: Milestone.Kind.SIGNED,
    Stage.LANDED: Milestone.Kind.LANDED,
    Stage.STARTED: Milestone.Kind.STARTED,
    Stage.PRODUCING: Milestone.Kind.PRODUCING,
    Stage.AT_CAPACITY: Milestone.Kind.AT_CAPACITY,
}


def totals_in_words(totals: dict) -> str:
    """`4 项 · 总投资 14.31 亿元(其中 2 项未公布)`; what is not known is counted, never taken for 0."""
    words = {"count": totals["count"], "amount": show_wan(totals["investment"])}
    unknown = totals["count"] - totals["with_investment"]
    if totals["investment"] is None:
        return ngettext("%(count)s project", "%(count)s projects", totals["count"]) % words
    if not unknown:
        return _("%(count)s projects · total investment %(amount)s") % words
    return _("%(count)s projects · total investment %(amount)s (%(unknown)s without a known amount)") % (
        words | {"unknown": unknown}
    )


class ProjectList(ListPage):
    """Published projects from the signing on."""

    title = gettext_lazy("Projects")
    lead = gettext_lazy("Published projects from the signing on. Plans, leads and negotiations are not shown.")
    export_name = gettext_lazy("projects")
    empty = gettext_lazy("No published project matches.")
    filterset_class = ProjectFilter
    columns = project_columns
    default_order = "-updated"

    def get_queryset(self):
        return Project.objects.public()

    def with_related(self, queryset):
        return queryset.select_related("enterprise", "chain", "place")

    def totals(self, queryset):
        return queryset.totals()

    def summary(self, totals):
        return totals_in_words(totals)


class ProjectDetail(DetailPage):
    """One project: facts, milestones, parties, measures, related projects, sources."""

    template_name = "projects/project_detail.html"
    sections = PROJECT
    column_name = list_title = gettext_lazy("Projects")
    list_url = reverse_lazy("projects:project-list")

    def get_queryset(self):
        return self.public(Project).select_related("enterprise", "chain", "place", "parent")

    def get(self, request, code):
        """The project; the code of a public one that was merged into another leads there."""
        try:
            return super().get(request, code=code)
        except Http404:
            former = FormerCode.objects.filter(public_project("project__"), code=code).select_related("project").first()
            if former is None or not former.was_public or Project.objects.filter(code=code).exists():
                raise
            # Not for good: a merge can be taken back, and then the page is there again
            return HttpResponseRedirect(former.project.get_absolute_url())

    def extra_context(self):
        project, milestones = self.record, list(self.record.milestones.in_time())
        parties = project.parties.of_public_companies().select_related("enterprise")
        return {
            "steps": self.steps(milestones),
            "events": [self.event(m) for m in milestones],
            "parties": [
                Fact(
                    p.get_role_display(),
                    p.enterprise.name,
                    p.enterprise.get_absolute_url(),
                    p.note,
                    self.references.of(gettext_lazy("parties")),
                )
                for p in parties
            ],
            "measures": [
                Fact(m.name, m.shown, note=m.text if m.value is not None else "", refs=self.references.of(m.name))
                for m in project.measures.all()
            ],
            "company": project.enterprise if project.enterprise and project.enterprise.is_public else None,
            "related": self.related(),
        }

    def steps(self, milestones: list[Milestone]) -> list[dict]:
        """The public stages in a row: reached, current or ahead, with the date known for each."""
        reached = {m.kind: str(m.actual_date) for m in milestones if m.actual}
        current = Stage(self.record.stage)
        states = {True: "reached", False: "ahead"}
        steps = []
        for stage in PUBLIC_STAGES:
            state = "current" if stage == current else states[stage.order < current.order]
            dated = STEP_DATES.get(stage)
            missing = _("date not known") if state == "reached" and dated else ""
            date = "" if state == "ahead" else reached.get(dated) or missing
            steps.append({"label": stage.label, "state": state, "date": date})
        return steps

    def event(self, milestone: Milestone) -> dict:
        """One line of the timeline."""
        return {
            "label": milestone.get_kind_display(),
            "date": str(milestone.date),
            "note": milestone.note,
            "state": "actual" if milestone.actual else "planned",
            "planned": str(milestone.planned_date) if milestone.actual and milestone.planned else "",
            "refs": self.references.of(Milestone.Kind(milestone.kind).label),
        }

    def related(self):
        """Phases of the same project first, then projects of the same company, chain or place."""
        project = self.record
        phases = Q(parent=project)
        if project.parent and project.parent.is_public:
            phases |= Q(pk=project.parent_id) | Q(parent=project.parent_id)
        ties = phases
        for name in ("enterprise_id", "chain_id", "place_id"):
            value = getattr(project, name)
            if value and (name != "enterprise_id" or project.enterprise.is_public):
                ties |= Q(**{name: value})
        others = Project.objects.public().filter(ties).exclude(pk=project.pk)
        others = others.order_by(Case(When(phases, then=0), default=1), "-updated_at", "-id")
        return others.select_related("enterprise", "chain", "place")[:RELATED]
