"""Public pages of companies."""

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from enterprises.columns import enterprise_columns
from enterprises.fieldsets import ENTERPRISE
from enterprises.filters import EnterpriseFilter
from enterprises.models import Enterprise
from liangzhou.fieldsets import Fact
from liangzhou.views import DetailPage, ListPage

SHOWN = 20


class EnterpriseList(ListPage):
    """Companies."""

    title = _("Companies")
    lead = _("Companies that invest in the district or work in it, as far as they are published.")
    export_name = _("companies")
    filterset_class = EnterpriseFilter
    columns = enterprise_columns
    default_order = "name"

    def get_queryset(self):
        return Enterprise.objects.public()

    def with_related(self, queryset):
        return queryset.select_related("place")


class EnterpriseDetail(DetailPage):
    """One company: facts, qualifications, and whatever other apps know of it."""

    template_name = "enterprises/enterprise_detail.html"
    sections = ENTERPRISE
    column_name = list_title = _("Companies")
    list_url = reverse_lazy("enterprises:enterprise-list")

    def get_queryset(self):
        return self.public(Enterprise).select_related("place")

    def extra_context(self):
        carried = self.record.projects.public().select_related("chain", "place")
        projects = list(carried[: SHOWN + 1])
        return {
            "qualifications": self.record.qualifications.all(),
            "projects": projects[:SHOWN],
            "more_projects": len(projects) > SHOWN,
            "parts": self.record.parts.in_public_projects().select_related("project")[:SHOWN],
            "chains": self.record.anchored_chains.all(),
            "record_facts": [Fact(f.name, f.shown, refs=self.references.of(f.name)) for f in self.record.facts.all()],
        }
