"""The projects' admin for those who reach only the projects of their chains or places: what it offers, what it asks."""

from django.contrib import admin
from django.db.models import Q

from liangzhou import permissions


class OwnProjects:
    """What a role with a scope changes in the form and the list of projects; nothing for everybody else."""

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"by": request.user})

    def get_list_filter(self, request):
        """Only the chains of the projects that somebody sees."""
        filters = super().get_list_filter(request)
        if not permissions.is_limited(request.user):
            return filters
        return [(name, admin.RelatedOnlyFieldListFilter) if name == "chain" else name for name in filters]

    def get_autocomplete_fields(self, request):
        """A few places of one's own are chosen from a list, not looked for."""
        names = super().get_autocomplete_fields(request)
        return [name for name in names if name not in permissions.own_choices(request.user)]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        keys = permissions.own_choices(request.user).get(db_field.name)
        if keys is not None:
            rows = db_field.related_model._default_manager.all()
            kwargs["queryset"] = rows.filter(Q(pk__in=keys) | self._chosen(db_field, request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
