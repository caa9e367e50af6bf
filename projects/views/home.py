"""The home page and the page about the data."""

from typing import ClassVar

from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from liangzhou.charts import Bar, BarChart, bar_chart
from liangzhou.fieldsets import show_value
from liangzhou.filters import NOT_STATED
from liangzhou.money import show_wan
from liangzhou.views import Page
from projects.models import IndustryChain, Opportunity, Project, ReportedIndicator
from projects.stages import PUBLIC_STAGES
from projects.views.projects import totals_in_words
from sources.models import Source

HEADLINES, CHANGES, BARS = 8, 5, 8


class Home(Page):
    """What this is; what is reported; what is recorded, apart from it; what is new."""

    title = gettext_lazy("Home")
    template_name = "projects/home.html"
    panels: ClassVar = []  # functions of a request: the template of a further part and what it prints, or None

    def breadcrumb(self):
        return []

    def get_context_data(self, **kwargs):
        projects = Project.objects.public()
        changes = list(projects.select_related("enterprise")[:CHANGES])
        newest = F("period_end").desc(nulls_last=True)
        headlines = ReportedIndicator.objects.public().filter(headline=True).order_by("position", newest, "-pk")
        return super().get_context_data(
            headlines=headlines.prefetch_related("citations__source")[:HEADLINES],
            totals=totals_in_words(projects.totals()),
            further=[part for make in self.panels if (part := make(self.request))],
            charts=[self.by_stage(projects), self.by_chain(projects), self.by_place(projects)],
            changes=[self.change(project) for project in changes],
            opportunities=Opportunity.objects.public()[:CHANGES],
            data_as_of=show_value(changes[0].updated_at) if changes else "",
            **kwargs,
        )

    def change(self, project: Project) -> dict:
        return {
            "title": project.name,
            "url": project.get_absolute_url(),
            "when": show_value(timezone.localdate(project.updated_at)),
            "text": project.get_stage_display(),
        }

    def by_stage(self, projects) -> BarChart:
        found = {stage: (count, amount) for stage, count, amount in projects.totals_by("stage")}
        rows = [(stage.value, stage.label, *found.get(stage, (0, None))) for stage in PUBLIC_STAGES]
        return self.chart(_("Projects by stage"), "stage", _("Stage"), rows)

    def by_chain(self, projects) -> BarChart:
        return self.chart(
            _("Projects by chain"), "chain", _("Industry chain"), projects.totals_by("chain__slug", "chain__name")
        )

    def by_place(self, projects) -> BarChart:
        return self.chart(_("Projects by place"), "place", _("Place"), projects.totals_by("place__slug", "place__name"))

    def chart(self, title, parameter, label_header, rows) -> BarChart:
        """Bars of numbers of projects, each linked to the list it counts."""
        address = reverse("projects:project-list")
        rows = sorted(rows, key=lambda row: not row[0])  # "not stated" comes last
        bars = [
            Bar(
                label or _("not stated"),
                count,
                self.in_words(count, amount),
                url=f"{address}?{parameter}={value or NOT_STATED}",
            )
            for value, label, count, amount in rows
        ]
        note = (
            _("The %(shown)s most frequent of %(all)s.") % {"shown": BARS, "all": len(bars)} if len(bars) > BARS else ""
        )
        return bar_chart(title, bars[:BARS], note=note, table_headers=(label_header, _("Projects")))

    def in_words(self, count: int, amount) -> str:
        words = {"count": count, "amount": show_wan(amount)}
        if amount is None:
            return ngettext("%(count)s project", "%(count)s projects", count) % words
        return _("%(count)s · %(amount)s") % words


class About(Page):
    """Sources, definitions, units, and what is not known."""

    title = gettext_lazy("About the data")
    lead = gettext_lazy("Where the data comes from, what the words mean, and what is not known.")
    template_name = "projects/about.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            sources=Source.objects.public(), stages=PUBLIC_STAGES, chain_count=IndustryChain.objects.count(), **kwargs
        )
