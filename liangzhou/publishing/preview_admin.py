"""The preview of a record: its public page as visitors will get it, and beneath, marked, what stays internal."""

from django.apps import apps
from django.contrib.admin.utils import quote
from django.db.models import Model
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from liangzhou import permissions, publishing
from liangzhou.batches.undo_plan import STAMPS
from liangzhou.fieldsets import label_of, show_value, shown
from liangzhou.forms import precision_of
from liangzhou.history.changes import UNKNOWN, in_words, person
from liangzhou.publishing.panel import badge, changes_in_words
from liangzhou.scoped_admin import not_named
from liangzhou.views import preview

WHOLE = permissions.PARTS_OF_PROJECT | permissions.PARTS_OF_COMPANY  # the field of a part that leads to its record
MOST_SHOWN = 50  # of one kind of part


class PreviewAdmin:
    """What the admin of publishable records shows before anybody publishes.

    `internal_parts` are kinds of parts that no public page shows, each with a filter that says which of them;
    of `counted_parts`, which hold personal data, only the number is told.
    """

    internal_parts: dict[str, dict] = {}
    counted_parts: tuple[str, ...] = ()

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_preview"
        wrap = self.admin_site.admin_view
        return [path("<path:object_id>/preview/", wrap(self.preview_view), name=name), *super().get_urls()]

    def preview_url(self, obj) -> str:
        """The preview, at the record where the page is a list."""
        address = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_preview", args=[quote(obj.pk)])
        _page, mark, anchor = obj.get_absolute_url().partition("#")
        return f"{address}{mark}{anchor}"

    def preview_view(self, request, object_id):
        """The public page, unchanged but for what stands above and beneath it."""
        obj = self.record_seen(request, object_id)
        response = preview(request, obj)
        response.context_data["preview"] = {
            "badge": badge(obj),
            "public": obj.is_public,
            "hindrance": "" if obj.is_public else publishing.why_not_public(obj),
            "changes": changes_in_words(obj),
            "anchor": obj.get_absolute_url().partition("#")[2],
            "change_url": reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[quote(obj.pk)]),
            "sections": [section for section in self._internal(request, obj) if section["rows"]],
        }
        return response

    def _internal(self, request, obj) -> list[dict]:
        """Everything of the record that the public never sees, as far as this person may: heading, rows of pairs."""
        if not permissions.may_read_internal(request.user, obj):
            return []
        own = [name for section in self.sections for name in section.internal]
        pairs = [(capfirst(label_of(self.model, name)), shown(obj, name) or UNKNOWN) for name in own]
        stamps = [(_("Entered"), obj.created_at, obj.created_by), (_("Last changed"), obj.updated_at, obj.updated_by)]
        pairs += [(label, f"{show_value(when)} {person(who)}") for label, when, who in stamps]
        parts = [self._part(request, obj, label, which) for label, which in self.internal_parts.items()]
        counted = [self._counted(request, obj, label) for label in self.counted_parts]
        hidden = self._hidden(obj)
        return [
            {"heading": _("Fields that stay internal"), "rows": [pairs]},
            {"heading": _("Named here, but not public themselves"), "rows": [hidden] if hidden else []},
            *parts,
            *counted,
        ]

    def _hidden(self, obj) -> list[tuple[str, str]]:
        """Links of the record to others that are not public: the page shows them as not known."""
        names = [name for section in self.sections for name in section.public]
        linked = [(name, value) for name in names if isinstance(value := getattr(obj, name), Model)]
        return [
            (capfirst(label_of(self.model, name)), not_named(value) or str(value))
            for name, value in linked
            if not getattr(value, "is_public", True)
        ]

    def _part(self, request, obj, label: str, which: dict) -> dict:
        model, whole = apps.get_model(label), WHOLE[label]
        rows = permissions.visible(request.user, model._default_manager.filter(**{whole: obj}, **which))
        precisions = {one.name for one in map(precision_of, model._meta.concrete_fields) if one}
        left_out = STAMPS | precisions | {whole, model._meta.pk.name}
        fields = [field for field in model._meta.concrete_fields if field.name not in left_out]
        links = [field.name for field in fields if field.is_relation]
        return {
            "heading": capfirst(model._meta.verbose_name_plural),
            "rows": [
                [(capfirst(field.verbose_name), _value(row, field)) for field in fields]
                for row in rows.select_related(*links)[:MOST_SHOWN]
            ],
        }

    def _counted(self, request, obj, label: str) -> dict:
        model = apps.get_model(label)
        rows = permissions.visible(request.user, model._default_manager.filter(**{WHOLE[label]: obj}))
        pair = (_("Number"), show_value(rows.count()))
        return {
            "heading": capfirst(model._meta.verbose_name_plural),
            "rows": [[pair]] if permissions.may(request.user, "view", model) else [],
        }


def _value(row, field) -> str:
    """One value of a part in words; a model's `show_<field>` goes first, as on the public pages."""
    shown = getattr(row, f"show_{field.name}", None)
    return shown() if shown else in_words(row, field)
