"""What the public lists of projects and indicators can be narrowed by."""

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models import Enterprise, Place
from liangzhou.filters import Amount, Facet, ListFilterSet, Words, YearFacet
from projects.models import IndustryChain, Project, ReportedIndicator
from projects.stages import PUBLIC_STAGES, Status


class ProjectWords(Words):
    """Words in the project's own text or in its company's, chain's or place's name."""

    def filter(self, queryset, value):
        return queryset.mentioning(value, companies=Enterprise.objects.public()) if value else queryset


class ProjectFilter(ListFilterSet):
    q = ProjectWords()
    chain = Facet(
        "chain__slug",
        label_path="chain__name",
        named=IndustryChain.objects.all,
        not_stated=True,
        label=gettext_lazy("Industry chain"),
    )
    stage = Facet("stage", choices=[(s.value, s.label) for s in PUBLIC_STAGES], label=gettext_lazy("Stage"))
    status = Facet("status", choices=Status.choices, label=gettext_lazy("Status"))
    place = Facet(
        "place__slug", label_path="place__name", named=Place.objects.all, not_stated=True, label=gettext_lazy("Place")
    )
    year = YearFacet("latest_milestone_year", not_stated=True, label=gettext_lazy("Year of the latest milestone"))
    investment_min = Amount(
        field_name="total_investment",
        lookup_expr="gte",
        label=gettext_lazy("Total investment from"),
        help_text=gettext_lazy("For example 1亿 or 5000万."),
    )
    investment_max = Amount(field_name="total_investment", lookup_expr="lte", label=gettext_lazy("Total investment to"))
    enterprise = Facet(
        "enterprise__code",
        label_path="enterprise__name",
        named=Enterprise.objects.public,
        only=Q(enterprise__published=True),
        limit=10,
        label=gettext_lazy("Company that carries it"),
    )

    class Meta:
        model = Project
        fields = []

    def check(self):
        lowest, highest = (self.form.cleaned_data.get(f"investment_{end}") for end in ("min", "max"))
        if lowest is not None and highest is not None and lowest > highest:
            self.form.add_error("investment_max", _("The upper bound is below the lower bound."))


class IndicatorFilter(ListFilterSet):
    q = Words()
    theme = Facet("theme", choices=ReportedIndicator.Theme.choices, label=gettext_lazy("Theme"))
    nature = Facet("nature", choices=ReportedIndicator.Nature.choices, label=gettext_lazy("Nature"))

    class Meta:
        model = ReportedIndicator
        fields = []
