"""What the figures mean."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liangzhou.months import Month
from liangzhou.views import Page
from monthly import rates
from monthly.definitions import COUNTS, FIGURES, SERIES
from monthly.published import shelf


class Definitions(Page):
    """Each figure of the page of funds in words, with its formula; the rates as they are defined at present."""

    title = gettext_lazy("What the figures of funds mean")
    lead = gettext_lazy("Every computed figure of the page of funds, in words and with its formula.")
    column_name = gettext_lazy("Funds received")
    template_name = "monthly/definitions.html"

    def way_here(self):
        return [*super().way_here(), (_("Funds received"), reverse("monthly:funds"))]

    def get_context_data(self, **kwargs):
        newest = shelf().newest
        month = Month.of(newest.month if newest else timezone.localdate())
        return super().get_context_data(
            series=SERIES, figures=FIGURES, counts=COUNTS, rates=rates.definitions(month).values(), **kwargs
        )
