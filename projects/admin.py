"""Projects, chains, indicators, opportunities and mechanisms in the admin."""

from typing import ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise
from liangzhou import permissions
from liangzhou.admin import LedgerAdmin, LedgerInline, PartAdmin
from liangzhou.fieldsets import without
from liangzhou.history.changes import UNKNOWN
from liangzhou.publishing.admin import PublishableAdmin, StateFilter
from liangzhou.publishing.always_public import AlwaysPublic
from sources.admin import CitationInline

from .actions import log_stage
from .assignment_admin import AssignmentInline, SigningEventAdmin
from .fieldsets import CHAIN, INDICATOR, MECHANISM, OPPORTUNITY, PROJECT
from .forms import MilestoneForm, MilestoneFormSet, ProjectForm
from .instruction_admin import InstructionAdmin, InstructionsOfProject, waiting_for_answer
from .life_admin import MilestoneLifeAdmin, ProjectLifeAdmin
from .merge_admin import MergeAdmin
from .models import (
    IndustryChain,
    Instruction,
    Measure,
    Mechanism,
    Milestone,
    Opportunity,
    Project,
    ProjectParty,
    ReportedIndicator,
    SigningEvent,
    TaskForce,
    Unit,
)
from .own_admin import OwnProjects
from .progress import progress_of
from .task_force_admin import TaskForceAdmin
from .unit_admin import CreditShareInline, UnitAdmin

STAGE_FIELDS = ("stage_reason", "stage_override")  # of the form, not of the record


class ProjectPartyInline(LedgerInline):
    model = ProjectParty
    fields = ("enterprise", "role", "note")
    autocomplete_fields = ("enterprise",)


class MeasureInline(LedgerInline):
    model = Measure
    fields = ("name", "qualifier", "value", "unit", "text", "position")


class MilestoneInline(LedgerInline):
    model = Milestone
    formset = MilestoneFormSet
    fields = ("kind", "planned", "actual", "note")

    def get_queryset(self, request):
        return super().get_queryset(request).in_time()

    def has_view_permission(self, request, obj=None):
        """Always: the stage that a project may have is asked together with its milestones."""
        return True


@admin.register(Project)
class ProjectAdmin(InstructionsOfProject, OwnProjects, ProjectLifeAdmin, MergeAdmin):
    form = ProjectForm
    sections = PROJECT
    inlines = (
        MilestoneInline,
        MeasureInline,
        ProjectPartyInline,
        CreditShareInline,
        AssignmentInline,
        CitationInline,
    )
    list_display = ("name", "stage", "amount", "enterprise", "chain", "place", "state", "changed")
    list_filter = ("stage", StateFilter, "status", "chain", "updated_at")
    list_select_related = ("enterprise", "chain", "place", "updated_by")
    search_help_text = _("Name, code, company, place, or pinyin (full or initials); several words narrow it down.")
    autocomplete_fields = ("parent", "place", "enterprise", "signing_event")
    internal_parts = {
        "projects.creditshare": {},
        "projects.assignment": {},
        "projects.projectparty": {"enterprise__published": False},
        "projects.stagechange": {},
        "projects.formercode": {},
        "projects.instruction": {},
    }
    ordering = ("-updated_at", "-id")
    panels: ClassVar[list] = []  # functions of (request, project): what apps above show in the form, or None

    def search(self, queryset, text):
        return queryset.mentioning(text, companies=Enterprise.objects.all(), pinyin=True)

    @admin.display(description=_("total investment"), ordering="total_investment")
    def amount(self, obj):
        return obj.show_total_investment() or UNKNOWN

    def get_fieldsets(self, request, obj=None):
        """Below the stage stands why it changes, for those who may change it."""
        fieldsets = super().get_fieldsets(request, obj)
        may_write = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        if not may_write:
            return fieldsets
        return [(heading, {**options, "fields": _with_reason(options["fields"])}) for heading, options in fieldsets]

    def save_form(self, request, form, change):
        project = super().save_form(request, form, change)
        project.asking = form  # its milestones are read next: see MilestoneFormSet
        return project

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        form.tell_apart(by=request.user)
        if obj.stage != form.from_stage or form.let_through:
            log_stage(
                obj,
                from_stage=form.from_stage,
                by=request.user,
                reason=form.cleaned_data["stage_reason"],
                overridden=form.let_through,
            )

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if change and obj:
            context["progress"] = progress_of(obj.pk)
            context["panels"] = [panel for ask in self.panels if (panel := ask(request, obj))]
        return super().render_change_form(request, context, add, change, form_url, obj)


def _with_reason(fields) -> list:
    """The fields of a section, where the stage is followed by its reason."""
    return [part for name in fields for part in ((name, *STAGE_FIELDS) if name == "stage" else (name,))]


@admin.register(IndustryChain)
class IndustryChainAdmin(AlwaysPublic, LedgerAdmin):
    sections = CHAIN
    inlines = (CitationInline,)
    list_display = ("name", "is_key_chain", "cluster_tier", "chief", "anchor_enterprise", "changed")
    list_filter = ("is_key_chain", "cluster_tier")
    list_select_related = ("anchor_enterprise", "updated_by")
    search_help_text = _("Name or pinyin (full or initials).")
    autocomplete_fields = ("anchor_enterprise",)
    ordering = ("id",)

    def get_list_display(self, request):
        """Chains are for everybody to see, companies are not."""
        reads = permissions.may(request.user, "view", Enterprise)
        all_companies = reads and permissions.reaches_all(request.user, "view", Enterprise)
        return [name for name in self.list_display if name != "anchor_enterprise" or all_companies]

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        named = not (obj and obj.anchor_enterprise) or permissions.may(request.user, "view", obj.anchor_enterprise)
        return fieldsets if named else without(fieldsets, {"anchor_enterprise"})


@admin.register(ReportedIndicator)
class ReportedIndicatorAdmin(PublishableAdmin):
    sections = INDICATOR
    inlines = (CitationInline,)
    month_fields = ("period_start", "period_end")
    list_display = ("name", "figure", "growth_shown", "months", "theme", "headline", "position", "state", "changed")
    list_filter = ("theme", "headline", StateFilter, "qualifier")
    search_help_text = _("Name or pinyin (full or initials).")
    ordering = ("position", "id")

    @admin.display(description=_("value"), ordering="value")
    def figure(self, obj):
        return obj.shown

    @admin.display(description=_("year-on-year"), ordering="growth")
    def growth_shown(self, obj):
        return obj.shown_growth

    @admin.display(description=_("period"), ordering="period_end")
    def months(self, obj):
        return obj.period


@admin.register(Opportunity)
class OpportunityAdmin(PublishableAdmin):
    sections = OPPORTUNITY
    inlines = (CitationInline,)
    list_display = ("name", "chain", "position", "state", "changed")
    list_filter = (StateFilter, "chain")
    list_select_related = ("chain", "updated_by")
    search_help_text = _("Name or pinyin (full or initials).")
    ordering = ("position", "id")


@admin.register(Mechanism)
class MechanismAdmin(PublishableAdmin):
    sections = MECHANISM
    inlines = (CitationInline,)
    list_display = ("name", "theme", "position", "state", "changed")
    list_filter = ("theme", StateFilter)
    search_help_text = _("Name or pinyin (full or initials).")
    ordering = ("position", "id")


@admin.register(Milestone)
class MilestoneAdmin(MilestoneLifeAdmin, PartAdmin):
    """Dates can be mended here; a milestone is deleted in its project's form, where the stage is asked."""

    form = MilestoneForm
    whole = "project"
    fields = ("record", "kind", "planned", "actual", "note")
    list_display = ("kind", "record", "planned_on", "actual_on", "note", "changed")
    list_filter = ("kind",)
    list_select_related = ("project", "updated_by")
    search_help_text = _("Words of the project's name, or pinyin.")
    date_hierarchy = "actual"
    ordering = ("-actual", "-id")

    def search(self, queryset, text):
        """The milestones of the projects that are found."""
        projects = self.admin_site.get_model_admin(Project).search(Project.objects.all(), text)
        return queryset.filter(project__in=projects.order_by().values("pk")) if text.strip() else queryset

    @admin.display(description=_("planned"), ordering="planned")
    def planned_on(self, obj):
        return obj.planned_date

    @admin.display(description=_("actual"), ordering="actual")
    def actual_on(self, obj):
        return obj.actual_date

    # Not `has_delete_permission`: that would also keep a project from being deleted with its milestones

    def get_actions(self, request):
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    def delete_view(self, request, object_id, extra_context=None):
        raise PermissionDenied

    def render_change_form(self, request, context, *args, **kwargs):
        return super().render_change_form(request, context | {"show_delete": False}, *args, **kwargs)


admin.site.register(Unit, UnitAdmin)
admin.site.register(SigningEvent, SigningEventAdmin)
admin.site.register(Instruction, InstructionAdmin)
admin.site.waiting.append(waiting_for_answer)
admin.site.register(TaskForce, TaskForceAdmin)
