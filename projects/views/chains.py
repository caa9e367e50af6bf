"""Industry chains: the list and the page of one, with its "four ones"."""

from django.db.models import Count, Q
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models import Enterprise
from liangzhou.views import DetailPage, Page
from projects.fieldsets import CHAIN
from projects.models import IndustryChain, Project, public_project
from projects.views.projects import totals_in_words

SHOWN = 20
PUBLIC_PROJECTS = Count("projects", filter=public_project("projects__"))


class ChainList(Page):
    """Every chain and cluster on record."""

    title = gettext_lazy("Industry chains")
    lead = gettext_lazy(
        "The chains and clusters that are on record. A source may count more chains than it names; none is invented."
    )
    template_name = "projects/chain_list.html"

    def get_context_data(self, **kwargs):
        chains = IndustryChain.objects.annotate(public_projects=PUBLIC_PROJECTS)
        chains = chains.order_by(*IndustryChain._meta.ordering)  # which Django forgets where rows are grouped
        return super().get_context_data(chains=chains, **kwargs)


class ChainDetail(DetailPage):
    """One chain: what it is, the four ones, its figures, projects, companies and opportunities."""

    template_name = "projects/chain_detail.html"
    sections = CHAIN
    lookup = "slug"
    column_name = list_title = gettext_lazy("Industry chains")
    list_url = reverse_lazy("projects:chain-list")

    def get_queryset(self):
        return IndustryChain.objects.select_related("anchor_enterprise")

    def extra_context(self):
        projects = Project.objects.public().filter(chain=self.record)
        totals = projects.totals()
        carrying = Enterprise.objects.public().filter(Q(projects__in=projects) | Q(parts__project__in=projects))
        return {
            "four_ones": self.four_ones(),
            "projects": projects.select_related("enterprise", "chain", "place")[:SHOWN],
            "more_projects": totals["count"] > SHOWN,
            "totals": totals_in_words(totals),
            "companies": carrying.distinct()[:SHOWN],
            "opportunities": self.record.opportunities.public(),
        }

    def four_ones(self) -> list[dict]:
        """一条链、一专班、一图谱、一方案: which of the four are on record."""
        chain = self.record
        items = [
            (_("One chain (一条链)"), chain.name, ""),
            (_("One task force (一专班)"), chain.task_force, ""),
            (_("One atlas (一图谱)"), chain.atlas_url and _("see the atlas"), chain.atlas_url),
            (_("One plan (一方案)"), chain.plan_title, chain.plan_url),
        ]
        return [
            {"label": label, "state": "yes" if text else "no", "text": text, "url": url} for label, text, url in items
        ]
