"""One search across everything that is public."""

from django import forms
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models import Enterprise, Place
from liangzhou.filters import WordsField
from liangzhou.views import Page
from projects.models import IndustryChain, Mechanism, Opportunity, Project, ReportedIndicator

SHOWN = 5


class SearchForm(forms.Form):
    q = WordsField(required=False)


class Search(Page):
    """The first hits of each kind, and how many there are."""

    title = gettext_lazy("Search")
    template_name = "projects/search.html"

    def get_context_data(self, **kwargs):
        form = SearchForm(self.request.GET)
        query = form.cleaned_data["q"] if form.is_valid() else ""
        groups = self.groups(query) if query else []
        return super().get_context_data(
            query=self.request.GET.get("q", ""),
            errors=form.errors.get("q", []),
            asked=query,
            groups=[g for g in groups if g["count"]],
            **kwargs,
        )

    def groups(self, query: str) -> list[dict]:
        companies = Enterprise.objects.public()
        return [
            self.group(
                _("Projects"),
                Project.objects.public().mentioning(query, companies=companies),
                query,
                "projects:project-list",
            ),
            self.group(_("Companies"), companies.search(query), query, "enterprises:enterprise-list"),
            self.group(_("Industry chains"), IndustryChain.objects.search(query), query),
            self.group(_("Places"), Place.objects.search(query), query),
            self.group(
                _("Reported indicators"),
                ReportedIndicator.objects.public().search(query),
                query,
                "projects:indicator-list",
            ),
            self.group(_("Mechanisms"), Mechanism.objects.public().search(query), query),
            self.group(_("Opportunities"), Opportunity.objects.public().search(query), query),
        ]

    def group(self, label: str, found, query: str, list_name: str = "") -> dict:
        """Hits of one kind: all where no list shows them, else the first and a link to the list."""
        hits = found if not list_name else found[:SHOWN]
        return {
            "label": label,
            "count": found.count(),
            "hits": [(str(hit), hit.get_absolute_url()) for hit in hits],
            "all_url": f"{reverse(list_name)}?{urlencode({'q': query})}" if list_name else "",
        }
