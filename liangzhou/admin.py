"""What every record's admin shares: search, amounts and dates as typed, stamps, the version lock, history."""

from copy import copy

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AdminTextareaWidget, AdminURLFieldWidget, RelatedFieldWidgetWrapper
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, models, transaction
from django.forms import TextInput
from django.forms.models import _get_foreign_key
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liangzhou import audit, read_only, version_lock
from liangzhou.accounts.admin import AccountAdmin, RoleAdmin
from liangzhou.admin_site import LedgerAdminSite
from liangzhou.audit.admin import AuditEntryAdmin
from liangzhou.batches import NAMED, ChangeBatch, change_batch, label_of
from liangzhou.batches.admin import ChangeBatchAdmin
from liangzhou.fieldsets import admin_fieldsets, show_value
from liangzhou.forms import (
    AutocompleteChoice,
    LedgerForm,
    MonthFormField,
    NumberFormField,
    PartsFormSet,
    partial_date_field,
    precision_of,
)
from liangzhou.history.admin import HistoryAdmin
from liangzhou.history.changes import UNKNOWN, person, row_of
from liangzhou.lists import GuardedList, is_key
from liangzhou.money import MoneyField
from liangzhou.pagination import CappedPaginator
from liangzhou.scoped_admin import ScopedAdmin, ScopedChoices, ScopedInline, may
from liangzhou.sign_in.admin import AccessAttemptAdmin
from liangzhou.waiting.admin import WaitingChangeAdmin
from liangzhou.waiting.parts import GuardedPart

__all__ = [
    "AccessAttemptAdmin",
    "AccountAdmin",
    "AuditEntryAdmin",
    "ChangeBatchAdmin",
    "LedgerAdmin",
    "LedgerAdminSite",
    "LedgerInline",
    "PartAdmin",
    "RoleAdmin",
    "TypedFields",
    "WaitingChangeAdmin",
]

LONGEST_QUERY = 100


class TypedFields(ScopedChoices):
    """How amounts, numbers, dates and months are typed, in records and in inlines."""

    form = LedgerForm
    month_fields: tuple[str, ...] = ()
    formfield_overrides = {
        MoneyField: {"widget": TextInput(attrs={"size": 24})},
        models.DecimalField: {"form_class": NumberFormField},
        models.URLField: {"assume_scheme": "https", "widget": AdminURLFieldWidget},
    }

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if precision_of(db_field):
            return partial_date_field(db_field)
        if db_field.name in self.month_fields:
            return MonthFormField(label=capfirst(db_field.verbose_name), required=not db_field.blank)
        if isinstance(db_field, models.TextField):
            kwargs.setdefault("widget", AdminTextareaWidget(attrs={"rows": 4}))
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(field.widget, RelatedFieldWidgetWrapper):  # a slip beside a choice must not cost a record
            field.widget.can_delete_related = field.widget.can_change_related = False
        return field

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", AutocompleteChoice(db_field, self.admin_site, using=kwargs.get("using")))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class LedgerAdmin(GuardedList, HistoryAdmin, TypedFields, ScopedAdmin, admin.ModelAdmin):
    """The admin of one kind of record. `sections` say which fields there are, in which order."""

    sections = ()
    paginator = CappedPaginator
    show_full_result_count = False
    list_per_page = 50
    list_max_show_all = 200
    list_select_related = ("updated_by",)
    search_fields = ("name",)  # opens the search box; where the model has a search index, that is asked

    # The list

    def get_search_results(self, request, queryset, search_term):
        """Words in Chinese or pinyin, each of which must be found; full-width letters are understood."""
        term = search_term.replace("\x00", " ")[:LONGEST_QUERY]
        found = self.search(queryset, term)
        return (found, False) if found is not None else super().get_search_results(request, queryset, term)

    def search(self, queryset, text: str):
        """The rows that hold every word of the text; None where Django's own search by `search_fields` will do."""
        return queryset.search_with_pinyin(text) if hasattr(queryset, "search_with_pinyin") else None

    @admin.display(description=gettext_lazy("last changed"), ordering="updated_at")
    def changed(self, obj):
        return self._stamp(obj.updated_at, obj.updated_by)

    @admin.display(description=gettext_lazy("entered"), ordering="created_at")
    def entered(self, obj):
        return self._stamp(obj.created_at, obj.created_by)

    def _stamp(self, when, who):
        return format_html('{} <span class="quiet">{}</span>', show_value(when), person(who))

    # The form

    def get_fieldsets(self, request, obj=None):
        fieldsets = admin_fieldsets(self.sections) or [(None, {"fields": list(self.fields or ())})]
        about = self.get_readonly_fields(request, obj)[len(self.readonly_fields) :]
        if obj is None:
            return fieldsets
        if not self.has_change_permission(request, obj):
            fieldsets = read_only.told_fieldsets(self.model, fieldsets, self.month_fields)
        return [*fieldsets, (_("About this record"), {"fields": [about]})]

    def get_readonly_fields(self, request, obj=None):
        code = ("code",) if hasattr(self.model, "CODE_PREFIX") else ()
        return (*self.readonly_fields, *code, "entered", "changed")

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        conflict = getattr(request, "version_conflict", None)
        return type(form.__name__, (form,), {"conflict": conflict}) if conflict else form

    def get_view_on_site_url(self, obj=None):
        """The public page, for records that have one which the public may see."""
        return super().get_view_on_site_url(obj) if obj is not None and getattr(obj, "is_public", True) else None

    def render_change_form(self, request, context, *args, **kwargs):
        conflict = getattr(request, "version_conflict", None)
        if conflict:
            context |= {"conflict": conflict, "errors": []}  # the conflict says what to do; the fields keep their notes
        return super().render_change_form(request, context, *args, **kwargs)

    def get_inline_formsets(self, request, formsets, inline_instances, obj=None):
        """Who may only read a record is spared the tables of parts that it does not have."""
        found = super().get_inline_formsets(request, formsets, inline_instances, obj)
        if obj is None or self.has_change_permission(request, obj):
            return found
        return [one for one in found if one.formset.initial_form_count()]

    # Saving

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        posted = request.POST
        try:
            return self._locked_changeform(request, object_id, form_url, extra_context)
        except IntegrityError:
            # Somebody saved the same unique value between our check and our write. The check now sees it.
            request.POST = posted
            return self._locked_changeform(request, object_id, form_url, extra_context)

    @transaction.atomic
    def _locked_changeform(self, request, object_id, form_url, extra_context):
        """The change form, after a look at who else saved the record; it stays locked until we have saved."""
        request.version_conflict = None
        if object_id is not None:
            obj = self._lock(request, unquote(object_id))
            if obj is not None and self.has_change_permission(request, obj):
                request.version_conflict = version_lock.check(self, request, obj)
            elif self.has_add_permission(request) and self._was_deleted(request, unquote(object_id)):
                request.version_conflict = version_lock.check_deleted(self, request, unquote(object_id))
                if request.version_conflict:
                    object_id, form_url = None, reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_add")
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _was_deleted(self, request, key: str) -> bool:
        """Whether a record that somebody might see was deleted; others may also be there, and not be theirs."""
        past = self.past_of(key).first() if is_key(key) else None
        gone = past is not None and past.history_type == "-" and not self.is_others(key)
        return gone and self.has_view_or_change_permission(request, row_of(past))

    def _lock(self, request, key: str):
        obj = self.get_object(request, key)
        if obj is not None:
            self.model._base_manager.select_for_update().filter(pk=obj.pk).first()
            obj = self.get_object(request, key)  # as it is now that nobody else can change it
        return obj

    def save_model(self, request, obj, form, change):
        if not change or form.has_changed():
            self._write(request, obj)

    def save_related(self, request, form, formsets, change):
        """A change of a part counts as a change of the record; the record is saved first."""
        if change and not form.has_changed() and any(formset.has_changed() for formset in formsets):
            self._write(request, form.instance)
        super().save_related(request, form, formsets, change)

    def save_formset(self, request, form, formset, change):
        rows = formset.save(commit=False)
        for row in formset.deleted_objects:
            row.delete()
        for row in rows:
            self._write(request, row)
        formset.save_m2m()

    def _write(self, request, row) -> None:
        row.stamp(request.user)
        row.save()

    # Deleting

    def delete_model(self, request, obj):
        gone = copy(obj)
        with change_batch(ChangeBatch.Kind.DELETE, by=request.user, label=label_of([obj])):
            self._delete(request, obj)
            audit.record(audit.Action.DELETE, by=request.user, target=gone)

    def delete_queryset(self, request, queryset):
        """One batch; each row and what goes with it leaves its history, with who deleted it."""
        first, keys = list(queryset[: NAMED + 1]), sorted(queryset.order_by().values_list("pk", flat=True))
        with change_batch(ChangeBatch.Kind.DELETE, by=request.user, label=label_of(first)):
            self._delete_all(request, queryset)
            audit.record(audit.Action.DELETE, by=request.user, target=self.model, count=len(keys), keys=keys)

    def _delete(self, request, obj) -> None:
        obj.delete()

    def _delete_all(self, request, queryset) -> None:
        queryset.delete()


class PartAdmin(GuardedPart, LedgerAdmin):
    """A part of a record that also has a list of its own; it is entered in its record's form.

    `whole` names the field that leads to the record. A change of the part counts as a change of the record.
    """

    whole = ""
    readonly_fields = ("record",)
    show_facets = admin.ShowFacets.NEVER

    def has_add_permission(self, request):
        return False

    @admin.display(description=gettext_lazy("record"))
    def record(self, obj):
        whole = getattr(obj, self.whole)
        if whole is None:
            return UNKNOWN
        opts = whole._meta
        return format_html(
            '<a href="{}">{}</a>', reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[whole.pk]), whole
        )

    def _lock(self, request, key: str):
        obj = self.get_object(request, key)
        if obj is not None:
            self._lock_whole(obj)  # the record before its part, as the record's own form does: neither waits forever
        return super()._lock(request, key)

    def _lock_whole(self, part):
        whole = getattr(part, self.whole)
        return whole and type(whole)._base_manager.select_for_update().filter(pk=whole.pk).first()

    def check_restored(self, request, obj, parts):
        try:
            there = getattr(obj, self.whole) is not None
        except ObjectDoesNotExist:
            there = False
        gone = _("The record that it was a part of is not there any more.")
        return super().check_restored(request, obj, parts) if there else [gone]

    def _delete(self, request, obj) -> None:
        self._count_in_whole(request, obj)
        super()._delete(request, obj)

    def _delete_all(self, request, queryset) -> None:
        for obj in queryset:
            self._delete(request, obj)

    def _enter_again(self, request, row) -> None:
        self._count_in_whole(request, row)
        super()._enter_again(request, row)

    def _write(self, request, row) -> None:
        self._count_in_whole(request, row)
        super()._write(request, row)

    def _count_in_whole(self, request, row) -> None:
        whole = self._lock_whole(row)
        if whole:
            super()._write(request, whole)


class LedgerInline(TypedFields, ScopedInline, admin.TabularInline):
    """The parts of a record, edited in its form."""

    formset = PartsFormSet
    extra = 0

    @property
    def link(self) -> str:
        """The field that leads from a part to its record."""
        return self._link.name

    def link_fields(self) -> tuple[str, ...]:
        """The fields that tie a part to its record."""
        return (self.link,)

    def get_fields(self, request, obj=None):
        fields = super().get_fields(request, obj)
        return read_only.told(self.model, fields) if self._only_read(request, obj) else fields

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        return (*fields, *filter(callable, self.get_fields(request, obj)))

    def _only_read(self, request, obj) -> bool:
        return obj is not None and not (self.has_change_permission(request, obj) and may(request, "change", obj))

    def link_to(self, whole) -> dict:
        """The filter that finds the parts of a record, also in the history."""
        return {self._link.attname: whole.pk}

    @property
    def _link(self):
        return _get_foreign_key(self.parent_model, self.model, fk_name=self.fk_name)
