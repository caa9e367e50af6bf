"""Mechanisms and opportunities."""

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy

from liangzhou.fieldsets import References
from liangzhou.views import DetailPage, Page
from projects.fieldsets import MECHANISM
from projects.models import Mechanism, Opportunity


class MechanismList(Page):
    """Mechanisms by theme."""

    title = gettext_lazy("Mechanisms")
    lead = gettext_lazy(
        "How the district wins and serves investors: what each mechanism is and what is kept of it here."
    )
    template_name = "projects/mechanism_list.html"

    def get_context_data(self, **kwargs):
        mechanisms = list(Mechanism.objects.public())
        themes = [(label, [m for m in mechanisms if m.theme == theme]) for theme, label in Mechanism.Theme.choices]
        return super().get_context_data(themes=[(label, found) for label, found in themes if found], **kwargs)


class MechanismDetail(DetailPage):
    """One mechanism."""

    template_name = "projects/mechanism_detail.html"
    sections = MECHANISM
    lookup = "slug"
    column_name = list_title = gettext_lazy("Mechanisms")
    list_url = reverse_lazy("projects:mechanism-list")

    def get_queryset(self):
        return self.public(Mechanism)

    def extra_context(self):
        others = Mechanism.objects.public().filter(theme=self.record.theme).exclude(pk=self.record.pk)
        return {"others": others}


class OpportunityList(Page):
    """Fields in which the district looks for investors."""

    title = gettext_lazy("Opportunities")
    lead = gettext_lazy("Fields in which the district looks for investors, as its sources name them.")
    template_name = "projects/opportunity_list.html"

    def get_context_data(self, **kwargs):
        found = self.public(Opportunity).select_related("chain").prefetch_related("citations__source")
        entries = [(opportunity, References(opportunity.citations.all()).listed()) for opportunity in found]
        return super().get_context_data(entries=entries, **kwargs)
