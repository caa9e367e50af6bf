"""What the public list of companies can be narrowed by."""

from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise, LegalForm, Place, Province, Qualification
from liangzhou.filters import Facet, ListFilterSet, Words


class EnterpriseFilter(ListFilterSet):
    q = Words()
    kind = Facet("kind", choices=LegalForm.choices, not_stated=True, label=_("Legal form"))
    qualification = Facet(
        "qualifications__kind", choices=Qualification.Kind.choices, many=True, label=_("Qualification")
    )
    province = Facet("origin_province", choices=Province.choices, not_stated=True, label=_("Province of origin"))
    place = Facet("place__slug", label_path="place__name", named=Place.objects.all, not_stated=True, label=_("Place"))

    class Meta:
        model = Enterprise
        fields = []
