"""Places: the list and the page of one."""

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy

from enterprises.fieldsets import PLACE
from enterprises.models import Place
from liangzhou.views import DetailPage, Page
from projects.models import Project
from projects.views.chains import PUBLIC_PROJECTS, SHOWN
from projects.views.projects import totals_in_words


class PlaceList(Page):
    """Parks, towns and subdistricts, with how many public projects stand in each."""

    title = gettext_lazy("Places")
    lead = gettext_lazy("Parks, towns, subdistricts and other township-level units of the district.")
    template_name = "projects/place_list.html"

    def get_context_data(self, **kwargs):
        counted = Place.objects.annotate(public_projects=PUBLIC_PROJECTS)
        places = counted.order_by(*Place._meta.ordering)  # which Django forgets where rows are grouped
        kinds = [(label, [p for p in places if p.kind == kind]) for kind, label in Place.Kind.choices]
        return super().get_context_data(kinds=[(label, found) for label, found in kinds if found], **kwargs)


class PlaceDetail(DetailPage):
    """One place with its projects and companies."""

    template_name = "projects/place_detail.html"
    sections = PLACE
    lookup = "slug"
    column_name = list_title = gettext_lazy("Places")
    list_url = reverse_lazy("projects:place-list")

    def get_queryset(self):
        return Place.objects.all()

    def extra_context(self):
        projects = Project.objects.public().filter(place=self.record)
        totals = projects.totals()
        return {
            "projects": projects.select_related("enterprise", "chain", "place")[:SHOWN],
            "more_projects": totals["count"] > SHOWN,
            "totals": totals_in_words(totals),
            "companies": self.record.enterprises.public()[:SHOWN],
        }
