"""Parts of published records in the lists of their own: where changes wait for review, nothing is changed there."""

from django.conf import settings
from django.contrib.admin.utils import unquote
from django.db import transaction

from liangzhou.waiting import guards as waiting_guards
from liangzhou.waiting.form import Hold


class GuardedPart:
    """For the admin of parts: what a published record's form would keep for review cannot be saved or deleted here."""

    def _locked_changeform(self, request, object_id, form_url, extra_context):
        if not settings.REVIEW_CHANGES or object_id is None:
            return super()._locked_changeform(request, object_id, form_url, extra_context)
        with transaction.atomic():
            part = self._lock(request, unquote(object_id))
            why_not = waiting_guards.why_not_around(part) if part is not None else ""
            request.hold = Hold(why_not) if why_not else None
            return super()._locked_changeform(request, object_id, form_url, extra_context)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        hold = getattr(request, "hold", None)
        return type(form.__name__, (form,), {"conflict": hold}) if hold else form

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        why_not = waiting_guards.why_not_around(obj) if obj is not None and obj.pk is not None else ""
        if why_not:
            context |= dict.fromkeys(("show_save", "show_save_and_continue", "show_save_and_add_another"), False)
            context["held"] = why_not
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_deleted_objects(self, objs, request):
        """A part of what is public goes by its record's form."""
        to_delete, counts, needed, protected = super().get_deleted_objects(objs, request)
        reasons = [reason for obj in objs if (reason := waiting_guards.why_not_around(obj))]
        return to_delete, counts, needed, [*protected, *dict.fromkeys(reasons)]
