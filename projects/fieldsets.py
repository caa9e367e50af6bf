"""Field order and headings of the records of this app, and which fields are public."""

from django.utils.translation import gettext_lazy as _

from liangzhou.fieldsets import Section

PROJECT = (
    Section(
        _("Project"),
        public=("name", "official_code", "parent", "stage", "status"),
        internal=("status_reason",),
        derived=("code",),
    ),
    Section(_("Where and who"), public=("chain", "place", "enterprise")),
    Section(
        _("Total investment"),
        public=("total_investment",),
        internal=("contract_amount", "signing_event"),
        folded=("investment_qualifier", "investment_undisclosed"),
    ),
    Section(_("Land"), public=("land_area",)),
    Section(_("In words"), public=("summary",), internal=("internal_remark",)),
)

CHAIN = (
    Section(_("Chain"), public=("name", "is_key_chain", "cluster_tier", "summary"), internal=("slug",)),
    Section(
        _("Who and how"), public=("chief", "anchor_enterprise", "task_force", "atlas_url", "plan_title", "plan_url")
    ),
)

INDICATOR = (
    Section(_("Indicator"), public=("name", "theme", "definition"), internal=("slug", "headline", "position")),
    Section(_("Period"), public=("nature", "period_start", "period_end")),
    Section(_("Figure"), public=("value", "unit", "qualifier", "growth", "growth_qualifier")),
)

MECHANISM = (Section(_("Mechanism"), public=("name", "theme", "summary", "kept"), internal=("slug", "position")),)

OPPORTUNITY = (Section(_("Opportunity"), public=("name", "chain", "summary"), internal=("slug", "position")),)
