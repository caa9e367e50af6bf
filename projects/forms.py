"""Forms of the admin that ask what a project's stage requires before anything is saved."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from liangzhou import permissions
from liangzhou.forms import LedgerForm, PartsFormSet

from .actions import facts_of, reached, unmet, waived
from .look_alikes import LookAlikeMixin
from .models import Project, StageChange
from .stages import Requirement


class OwnProjectForm(LedgerForm):
    """A project, which must be of whoever types it: of their chains, or in their places. `by` is set by the admin."""

    by = None

    def _post_clean(self):
        super()._post_clean()
        reason = permissions.why_not_own(self.by, self.instance)
        if reason and not {"chain", "place"} & set(self.errors):
            wanted = "chain" if permissions.desk_of(self.by).chains else "place"
            self.add_error(wanted if wanted in self.fields else None, ValidationError(reason, code="not_own"))


class ProjectForm(LookAlikeMixin, OwnProjectForm):
    """A project, with why its stage changes; `let_through` are the names of what is missing and was let pass."""

    stage_reason = forms.CharField(
        label=_("reason of the stage"),
        required=False,
        max_length=StageChange._meta.get_field("reason").max_length,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=_("Why the stage changes. Kept in the log of stages, never shown to the public."),
    )
    stage_override = forms.BooleanField(
        label=_("let it through although facts are missing"),
        required=False,
        help_text=_("Only where a fact cannot be found out any more. Needs the reason above; both stay in the log."),
    )
    let_through: tuple[str, ...] = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.from_stage = "" if self.instance._state.adding else self.instance.stage

    def ask_stage(self, dates: dict) -> list[str]:
        """Compare the project as typed with its stage; `dates` are the actual dates typed beside it.

        Tells what is missing at the fields of this form and returns what is to be told at the milestones.
        """
        project = self.instance
        gaps = unmet(project, facts_of(project, dates), waived([project])[project.pk])
        if gaps and self.cleaned_data.get("stage_override"):
            if self.cleaned_data.get("stage_reason"):
                self.let_through = tuple(gap.name for gap in gaps)
            else:
                self.add_error("stage_reason", _("Say why the stage is right although facts are missing."))
            return []
        if not gaps and self.cleaned_data.get("stage_reason") and project.stage == self.from_stage:
            self.add_error("stage_reason", _("The stage does not change and nothing is missing: leave this empty."))
        return self._tell(gaps)

    def _tell(self, gaps: list[Requirement]) -> list[str]:
        for gap in gaps:
            if gap.field in self.fields:
                self.add_error(gap.field, gap.sentence)
        return [gap.sentence for gap in gaps if gap.field not in self.fields]


class MilestoneFormSet(PartsFormSet):
    """A project's milestones as typed; with them the project is complete, so here its stage is asked.

    `asking` is set on the project by the admin once its own form is valid.
    """

    def clean(self):
        super().clean()
        form = getattr(self.instance, "asking", None)
        if form is None:
            return
        sentences = form.ask_stage(self._dates())
        if sentences and not any(self.errors):
            raise ValidationError(sentences)

    def is_valid(self):
        """Also whether the stage may be as it is: what is missing may be told at the project's own fields only."""
        valid = super().is_valid()
        form = getattr(self.instance, "asking", None)
        return valid and (form is None or not form.errors)

    def _dates(self) -> dict:
        kept = [form for form in self.forms if not self._should_delete_form(form)]
        return reached(form.instance for form in kept if form.has_changed() or form.instance.pk)


class MilestoneForm(LedgerForm):
    """One milestone in the list of its own: what it would leave its project without is told at the date."""

    def _post_clean(self):
        super()._post_clean()
        if not self.errors and self.instance.project_id:
            for sentence in self._gaps():
                self.add_error("actual", sentence)

    def _gaps(self) -> list[str]:
        """What would be missing and is not missing now."""
        project = Project.objects.select_related("enterprise").get(pk=self.instance.project_id)
        stored = list(project.milestones.all())
        typed = [self.instance if row.pk == self.instance.pk else row for row in stored]
        known = waived([project])[project.pk]
        known |= {gap.name for gap in unmet(project, facts_of(project, reached(stored)), known)}
        return [gap.sentence for gap in unmet(project, facts_of(project, reached(typed)), known)]
