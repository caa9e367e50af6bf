"""Records without a state of publishing: what is saved of them is shown to the public at once."""

from django.conf import settings
from django.utils.translation import gettext as _


class AlwaysPublic:
    """For their admin: where changes of other records wait for review, the form says that these do not."""

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        writes = self.has_add_permission(request) if obj is None else self.has_change_permission(request, obj)
        if settings.REVIEW_CHANGES and writes:
            context["always_public"] = _("This is always public: what is saved is shown at once.")
        return super().render_change_form(request, context, add, change, form_url, obj)
