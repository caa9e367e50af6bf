"""How the admin asks permissions.py: which rows there are for somebody, what they may do, what they may choose."""

from copy import copy

from django.contrib.admin.utils import unquote
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.views import shortcut
from django.db.models import Model, Q
from django.http import Http404
from django.utils.translation import gettext as _

from liangzhou import audit, permissions
from liangzhou.lists import is_key


def may(request, act: str, record: Model | type[Model], part: type[Model] | None = None, link: str = "") -> bool:
    """Whether who is signed in may do this with a record, or with `part`s of it that refer to it by `link`.

    A record is judged as it was when the request first asked: a form changes it in memory before it is
    refused. Each question is answered once for each request.
    """
    asked = request.__dict__.setdefault("_asked_permissions", {})
    whole = isinstance(record, Model)
    label, pk = record._meta.label_lower, record.pk if whole else None
    key = (label, pk, act, part, link)
    if key in asked:
        return asked[key]
    if pk is not None:
        if (label, pk) not in asked:
            asked[label, pk] = copy(record)
        record = asked[label, pk]
    answer = permissions.may(request.user, act, part(**{link: record}) if part and whole else part or record)
    if pk is not None or not whole:  # a record that is being entered is judged anew, as it is by then
        asked[key] = answer
    return answer


def not_named(record: Model | None) -> str:
    """What stands for a related record whose name the reader of this page may not see; empty where they may.

    Outside of a request, and where nobody is signed in, nobody reads. Each record is asked about once.
    """
    request = audit.current_request.get()
    if record is None or request is None or not getattr(request, "user", None) or not request.user.is_authenticated:
        return ""
    asked, key = request.__dict__.setdefault("_named", {}), (record._meta.label_lower, record.pk)
    if key not in asked:
        asked[key] = permissions.may_name(request.user, record)
    return "" if asked[key] else _("a record that is not yours")


class ScopedChoices:
    """Choices of related records, in forms and inlines: those that somebody may see, and what is chosen already."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        related = db_field.related_model
        if not permissions.reaches_all(request.user, "view", related):
            rows = kwargs.get("queryset") or self.get_field_queryset(kwargs.get("using"), db_field, request)
            rows = related._default_manager.all() if rows is None else rows
            kwargs["queryset"] = permissions.choices(request.user, rows, chosen=self._chosen(db_field, request))
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if not permissions.reaches_all(request.user, "view", related):
            field.label_from_instance = _label  # what is chosen already may be somebody else's: it is kept, not named
        return field

    def _chosen(self, db_field, request) -> Q:
        """The record that the one being edited refers to already."""
        edited = getattr(request, "edited_record", None)
        if not isinstance(edited, self.model) or edited.pk is None:
            return Q(pk__in=[])
        return Q(pk__in=self.model._base_manager.filter(pk=edited.pk).values(db_field.attname))


def _label(record: Model) -> str:
    return not_named(record) or str(record)


class ScopedAdmin(ScopedChoices):
    """The admin of one kind of record, of which somebody may see only some."""

    def get_queryset(self, request):
        return permissions.own(request.user, super().get_queryset(request), "view")

    def has_view_permission(self, request, obj=None):
        return may(request, "view", obj or self.model)

    def has_add_permission(self, request):
        return may(request, "add", self.model)

    def has_change_permission(self, request, obj=None):
        return may(request, "change", obj or self.model)

    def has_delete_permission(self, request, obj=None):
        return may(request, "delete", obj or self.model)

    def get_form(self, request, obj=None, change=False, **kwargs):
        request.edited_record = obj
        return super().get_form(request, obj, change=change, **kwargs)

    def response_action(self, request, queryset):
        """An action reaches those of the chosen records with which it may be done; the others are as if not there."""
        chosen = self.get_actions(request).get(request.POST.get("action", ""))
        for act in getattr(chosen and chosen[0], "allowed_permissions", ()):
            for right in ("change", "delete") if act == "merge" else (act,):
                queryset = permissions.visible(request.user, queryset, right)
        return super().response_action(request, queryset)

    def get_deleted_objects(self, objs, request):
        """What keeps a record from being deleted is named only to those who may see it."""
        to_delete, counts, needed, protected = super().get_deleted_objects(objs, request)
        if protected and permissions.is_limited(request.user):
            protected = [_("Records that are not yours refer to it.")]
        return to_delete, counts, needed, protected

    def is_others(self, object_id: str) -> bool:
        """Whether there is such a record, although it is not among those that somebody sees."""
        key = unquote(object_id)
        return is_key(key) and self.model._base_manager.filter(pk=key).exists()


class ScopedInline(ScopedChoices):
    """Parts in the form of their record: they are somebody's where the record is.

    `link` names the field of the part that leads to the record.
    """

    link = ""

    def get_queryset(self, request):
        return permissions.own(request.user, super().get_queryset(request), "view")

    def may_tell(self, request, part: Model) -> bool:
        """Whether a part, as it is or was, may be told to who may see the record that it is or was a part of."""
        return True

    def has_view_permission(self, request, obj=None):
        return self._may(request, "view", obj)

    def has_add_permission(self, request, obj=None):
        return self._may(request, "add", obj)

    def has_change_permission(self, request, obj=None):
        return self._may(request, "change", obj)

    def has_delete_permission(self, request, obj=None):
        return self._may(request, "delete", obj)

    def _may(self, request, act: str, whole) -> bool:
        return may(request, act, whole or self.parent_model, self.model, self.link if whole else "")


def view_on_site(request, content_type_id: str, object_id: str):
    """Django's way to the public page of a record, whose address has its code, for those who may see the record."""
    keys = (content_type_id, object_id)
    if not all(is_key(key) for key in keys):
        raise Http404
    kind = ContentType.objects.filter(pk=content_type_id).first()
    model = kind and kind.model_class()
    if model is None or not permissions.visible(request.user, model._default_manager.filter(pk=object_id)).exists():
        raise Http404
    return shortcut(request, content_type_id, object_id)
