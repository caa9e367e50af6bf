"""Reported indicators."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liangzhou.fieldsets import References
from liangzhou.money import plain
from liangzhou.views import ListPage
from projects.columns import indicator_columns
from projects.filters import IndicatorFilter
from projects.models import ReportedIndicator


@dataclass(frozen=True)
class Entry:
    """One figure with all that it needs not to be misread."""

    indicator: ReportedIndicator
    refs: tuple[int, ...]

    @property
    def derived(self) -> str:
        """The base that an exact growth implies, with its formula; empty where none follows."""
        base = self.indicator.implied_base
        if base is None:
            return ""
        return _("The same period of last year, derived: %(base)s %(unit)s = %(value)s ÷ (1 + %(growth)s%%).") % {
            "base": plain(base),
            "unit": self.indicator.unit,
            "value": plain(self.indicator.value),
            "growth": plain(self.indicator.growth),
        }


class IndicatorList(ListPage):
    """Figures that a source reports, grouped by theme, each with the sentence that reports it."""

    title = gettext_lazy("Reported indicators")
    lead = gettext_lazy("Figures as their sources print them. They are not computed from the records of this site.")
    export_name = gettext_lazy("indicators")
    empty = gettext_lazy("No published indicator matches.")
    template_name = "projects/indicator_list.html"
    filterset_class = IndicatorFilter
    columns = indicator_columns
    default_order = "name"
    page_size = 200  # a bulletin is read whole, and links lead to its lines

    def get_queryset(self):
        return self.public(ReportedIndicator)

    def with_related(self, queryset):
        return queryset.prefetch_related("citations__source")

    def printed(self, listing, page, totals):
        shown = list(page.object_list)
        sentences = self.sentences(shown)
        numbers = {(c.source_id, c.quote): number for number, c in enumerate(sentences, 1)}
        entries = [Entry(i, tuple(numbers[c.source_id, c.quote] for c in i.citations.all())) for i in shown]
        groups = [
            (label, [e for e in entries if e.indicator.theme == theme])
            for theme, label in ReportedIndicator.Theme.choices
        ]
        return super().printed(listing, page, totals) | {
            "groups": [(label, found) for label, found in groups if found],
            "citations": References(sentences).listed(),
        }

    def sentences(self, indicators: list[ReportedIndicator]) -> list:
        """Each sentence once, however many figures it reports."""
        found = {(c.source_id, c.quote): c for i in indicators for c in i.citations.all()}
        return list(found.values())
