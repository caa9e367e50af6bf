"""Reported indicators."""

from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liangzhou.fieldsets import References
from liangzhou.money import plain
from liangzhou.views import ListPage
from projects.columns import indicator_columns
from projects.filters import IndicatorFilter
from projects.models import ReportedIndicator


class IndicatorList(ListPage):
    """Figures that a source reports, grouped by theme, each with its sentence."""

    title = gettext_lazy("Reported indicators")
    lead = gettext_lazy("Figures as their sources print them. They are not computed from the records of this site.")
    export_name = gettext_lazy("indicators")
    empty = gettext_lazy("No published indicator matches.")
    template_name = "projects/indicator_list.html"
    filterset_class = IndicatorFilter
    columns = indicator_columns
    default_order = "name"

    def get_queryset(self):
        return ReportedIndicator.objects.public()

    def with_related(self, queryset):
        return queryset.prefetch_related("citations__source")

    def printed(self, listing, page, totals):
        entries = sorted((self.entry(i) for i in page.object_list), key=lambda e: e["theme_order"])
        groups = [(theme, list(found)) for theme, found in groupby(entries, key=lambda e: e["theme"])]
        return super().printed(listing, page, totals) | {"groups": groups}

    def entry(self, indicator: ReportedIndicator) -> dict:
        """One figure with all that it needs not to be misread."""
        base = indicator.implied_base
        derived = _("The same period of last year, derived: %(base)s %(unit)s = %(value)s ÷ (1 + %(growth)s%%).") % {
            "base": plain(base), "unit": indicator.unit, "value": plain(indicator.value),
            "growth": plain(indicator.growth),
        } if base is not None else ""  # fmt: skip
        return {
            "indicator": indicator, "theme": indicator.get_theme_display(), "derived": derived,
            "theme_order": ReportedIndicator.Theme.values.index(indicator.theme),
            "citations": References(indicator.citations.all()).listed(),
        }  # fmt: skip
