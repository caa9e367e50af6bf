"""Field order and headings of the records of this app, and which fields are public."""

from django.utils.translation import gettext_lazy as _

from liangzhou.fieldsets import Section

ENTERPRISE = (
    Section(
        _("Company"),
        public=("name", "short_name", "credit_code", "kind"),
        internal=("credit_code_reason",),
        derived=("code",),
    ),
    Section(_("Origin and location"), public=("origin_province", "place")),
    Section(_("In words"), public=("summary",), internal=("internal_remark",)),
)

PLACE = (
    Section(_("Place"), public=("name", "kind", "code", "summary"), internal=("slug",)),
    Section(_("Coordinates"), public=("latitude", "longitude", "reference_system")),
)
