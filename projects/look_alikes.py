"""The question that a form asks once: is this project one of those that are there already?"""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from liangzhou import permissions

from . import duplicates
from .models import Project

LISTED = _("A project like this is there already. Look at the list; if this is another one, say so there.")
OF_OTHERS = _("A project like this is there already, of somebody else. Ask the bureau; if this is another one, say so.")
ASKED_OF = ("name", "official_code", "enterprise", "place")  # a change of these asks the question


@dataclass(frozen=True)
class LookAlike:
    """An existing project that may be the one in the form, and why."""

    project: Project
    why: list[str]
    certain: bool


class LookAlikeMixin(forms.ModelForm):
    """Refuses a project that looks like another one until the box `not_the_same` is ticked.

    The templates print the box only where there is one (`admin/projects/_look_alikes.html`). What is not
    for the reader to see is only counted, and never told apart for good: that is for who sees both.
    """

    not_the_same = forms.BooleanField(label=_("It is another project: save it."), required=False)
    look_alikes: list[LookAlike] = []
    look_alikes_of_others = 0
    by = None  # who types

    def _post_clean(self):
        """After the model's own checks: the project in the form is now as it was typed."""
        super()._post_clean()
        if self.errors or not set(ASKED_OF) & set(self.changed_data):
            return
        found = look_alikes_of(self.instance)
        self.look_alikes = [one for one in found if permissions.may(self.by, "view", one.project)]
        self.look_alikes_of_others = len(found) - len(self.look_alikes)
        if found and not self.cleaned_data.get("not_the_same"):
            sentence = LISTED if self.look_alikes else OF_OTHERS
            self.add_error("not_the_same", ValidationError(sentence, code="look_alike"))

    def tell_apart(self, *, by) -> None:
        """Once the project is saved: remember that it is none of those that were listed; nobody is asked again."""
        for alike in self.look_alikes:
            duplicates.tell_apart(self.instance.pk, alike.project.pk, by=by)


def look_alikes_of(project: Project) -> list[LookAlike]:
    """The projects that may be the same as one that is being typed, likeliest first."""
    sketch = duplicates.Sketch(
        "typed",
        project.name,
        project.official_code,
        project.enterprise_id,
        project.place_id,
        project.pk,
        project.parent_id,
    )
    found = duplicates.candidates([sketch], wide=True).get("typed", [])
    projects = Project.objects.select_related("enterprise", "place").in_bulk([one.project for one in found])
    return [LookAlike(projects[one.project], one.why, one.certain) for one in found if one.project in projects]
