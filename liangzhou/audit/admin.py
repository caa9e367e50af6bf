"""The audit trail in the admin: to be read, filtered and taken out, never to be changed."""

from datetime import datetime, time, timedelta
from urllib.parse import parse_qsl, urlencode

from django import forms
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import unquote
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models.functions import Cast
from django.http import Http404, HttpResponseRedirect
from django.urls import NoReverseMatch, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from liangzhou import audit, exports, permissions
from liangzhou.audit import LONGEST, Action, AuditEntry, Result
from liangzhou.audit import words as audit_words
from liangzhou.exports import Field, Kind
from liangzhou.history.changes import person
from liangzhou.lists import ReadList, is_key
from liangzhou.pagination import CappedPaginator

ACCOUNTS_LISTED = 200


class KindFilter(admin.SimpleListFilter):
    """Entries about one kind of record."""

    title = gettext_lazy("kind of record")
    parameter_name = "kind"

    def lookups(self, request, model_admin):
        models = model_admin.admin_site._registry
        return sorted(((m._meta.label_lower, capfirst(m._meta.verbose_name)) for m in models), key=lambda kind: kind[1])

    def queryset(self, request, queryset):
        return queryset.filter(target_kind=self.value()[:LONGEST]) if self.value() else queryset


class ActorFilter(admin.SimpleListFilter):
    """Entries of one account."""

    title = gettext_lazy("who")
    parameter_name = "account"

    def lookups(self, request, model_admin):
        accounts = get_user_model().objects.filter(is_staff=True).order_by("username")[:ACCOUNTS_LISTED]
        return [(str(account.pk), person(account)) for account in accounts]

    def queryset(self, request, queryset):
        key = self.value()
        if not key:
            return queryset
        possible = is_key(key)
        return queryset.filter(actor_id=int(key)) if possible else queryset.none()


class DatesForm(forms.Form):
    """The first and the last day; either may be left open."""

    since = forms.DateField(label=gettext_lazy("from the day"), required=False)
    until = forms.DateField(label=gettext_lazy("until the day"), required=False)


class DatesFilter(admin.ListFilter):
    """Entries of some days, as two boxes: cheaper than counting the entries of every day there is."""

    title = gettext_lazy("when")
    template = "admin/liangzhou/auditentry/_dates.html"

    def __init__(self, request, params, model, model_admin):
        super().__init__(request, params, model, model_admin)
        typed = {name: (params.pop(name, None) or [""])[-1] for name in self.expected_parameters()}
        self.used_parameters = {name: value for name, value in typed.items() if value}
        self.form = DatesForm(typed)

    def has_output(self):
        return True

    def expected_parameters(self):
        return ["since", "until"]

    def choices(self, changelist):
        others = changelist.get_query_string(remove=["since", "until", "p"]).removeprefix("?")
        yield {"form": self.form, "kept": parse_qsl(others), "typed": self.used_parameters}

    def queryset(self, request, queryset):
        if not self.form.is_valid():
            return queryset.none()
        since, until = self.form.cleaned_data["since"], self.form.cleaned_data["until"]
        if since:
            queryset = queryset.filter(at__gte=_midnight(since))
        return queryset.filter(at__lt=_midnight(until) + timedelta(days=1)) if until else queryset


def _midnight(day) -> datetime:
    if not 1900 < day.year < 9000:
        raise IncorrectLookupParameters
    return timezone.make_aware(datetime.combine(day, time.min))


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadList, admin.ModelAdmin):
    list_display = ("when", "who", "what", "of_what", "outcome", "noted", "address")
    list_display_links = ("when",)
    list_filter = (DatesFilter, "action", "result", ActorFilter, KindFilter)
    list_per_page = 50
    list_max_show_all = 200
    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    search_fields = ("actor", "target", "address")
    search_help_text = gettext_lazy("Who, of what, or from where.")
    ordering = ("-number",)
    sortable_by = ()
    actions = None
    change_form_template = "admin/liangzhou/auditentry/change_form.html"
    fields = ("number", "when", "who", "address", "what", "kind", "record", "outcome", "all_noted", "hash")
    readonly_fields = fields

    # Who may read it; nobody may change it

    def has_view_permission(self, request, obj=None):
        return permissions.may(request.user, "view", AuditEntry)

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    # Pages

    def get_urls(self):
        export = self.admin_site.admin_view(require_safe(self.export_view))
        return [path("export.csv", export, name="liangzhou_auditentry_export"), *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        query = request.GET.copy()
        query.pop("p", None)
        url = reverse("admin:liangzhou_auditentry_export")
        context = {"export_url": f"{url}?{query.urlencode()}" if query else url}
        return super().changelist_view(request, (extra_context or {}) | context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """One entry, with ways to its record and to others like it; where there is none, that is said."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        entry = self.get_object(request, unquote(object_id))
        if entry is None:
            raise Http404
        return super().change_view(request, object_id, form_url, (extra_context or {}) | _ways_on(request, entry))

    def history_view(self, request, object_id, extra_context=None):
        """An entry has no past."""
        return HttpResponseRedirect(reverse("admin:liangzhou_auditentry_change", args=[object_id]))

    def export_view(self, request):
        """What the list shows, as a CSV file; itself an export that the trail tells of."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            rows = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(reverse("admin:liangzhou_auditentry_changelist") + "?e=1")
        if request.method == "GET":
            filters = {name: request.GET.getlist(name) for name in request.GET}
            told = audit.record(Action.EXPORT, target=AuditEntry, filters=filters, rows=rows.count(), format="csv")
            rows = rows.filter(number__lt=told.number)  # a long file is read while it is sent: as it was counted
        return exports.export_response(
            format="csv",
            name=str(self.opts.verbose_name_plural),
            day=timezone.localdate(),
            fields=_fields(),
            queryset=rows.annotate(told=Cast("details", audit_words.ToldField())).values_list(*COLUMNS),
            head=request.method == "HEAD",
        )

    # Cells

    @admin.display(description=gettext_lazy("when"), ordering="number")
    def when(self, obj):
        return f"{timezone.localtime(obj.at):%Y-%m-%d %H:%M:%S}"

    @admin.display(description=gettext_lazy("who"))
    def who(self, obj):
        return audit_words.who(obj.actor) or "—"

    @admin.display(description=gettext_lazy("what was done"))
    def what(self, obj):
        return obj.get_action_display()

    @admin.display(description=gettext_lazy("kind of record"))
    def kind(self, obj):
        return _kinds().get(obj.target_kind, obj.target_kind) or "—"

    @admin.display(description=gettext_lazy("of what"))
    def of_what(self, obj):
        if not (obj.target and obj.target_kind):
            return obj.target or self.kind(obj)
        return format_html('{} <span class="quiet">{}</span>', obj.target, self.kind(obj))

    @admin.display(description=gettext_lazy("of what"))
    def record(self, obj):
        return obj.target or "—"

    @admin.display(description=gettext_lazy("result"))
    def outcome(self, obj):
        return format_html('<span class="audit-{}">{}</span>', obj.result, obj.get_result_display())

    @admin.display(description=gettext_lazy("details"))
    def noted(self, obj):
        text = audit_words.in_one_line(obj.details)
        return (f"{text[:80]}\u2026" if len(text) > 80 else text) or "—"

    @admin.display(description=gettext_lazy("details"))
    def all_noted(self, obj):
        rows = format_html_join("", "<div><dt>{}</dt><dd>{}</dd></div>", audit_words.told(obj.details))
        return format_html('<dl class="audit-details">{}</dl>', rows) if rows else "—"


def _kinds() -> dict[str, str]:
    return {model._meta.label_lower: capfirst(model._meta.verbose_name) for model in apps.get_models()}


def _ways_on(request, entry: AuditEntry) -> dict:
    """Addresses beside an entry: its record, the entries of the same account, those about the same record."""
    entries = reverse("admin:liangzhou_auditentry_changelist")
    about = {"kind": entry.target_kind, "target_id": entry.target_id}
    return {
        "record_url": _record_url(request, entry),
        "same_actor_url": f"{entries}?account={entry.actor_id}" if entry.actor_id else "",
        "same_target_url": f"{entries}?{urlencode(about)}" if entry.target_id else "",
    }


def _record_url(request, entry: AuditEntry) -> str:
    """The page of the record that an entry is about, where there is one still and the reader may open it."""
    try:
        model = apps.get_model(entry.target_kind)
        url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[entry.target_id])
        record = model._base_manager.filter(pk=model._meta.pk.to_python(entry.target_id)).first()
    except (LookupError, ValueError, OverflowError, forms.ValidationError, NoReverseMatch):
        return ""
    return url if record is not None and permissions.may(request.user, "view", record) else ""


COLUMNS = (
    "number", "at", "actor", "actor_id", "address", "action", "target_kind", "target_id", "target", "result", "told",
    "hash",
)  # fmt: skip


def _fields() -> list[Field]:
    """The fields of COLUMNS."""
    names = {entry_field.name: capfirst(entry_field.verbose_name) for entry_field in AuditEntry._meta.fields}
    return [
        Field(names["number"], Kind.NUMBER),
        Field(names["at"], Kind.MOMENT),
        Field(names["actor"], labels={audit_words.UNKNOWN_NAME: audit_words.who(audit_words.UNKNOWN_NAME)}),
        Field(names["actor_id"], Kind.CODE),
        Field(names["address"]),
        Field(names["action"], labels=dict(Action.choices)),
        Field(names["target_kind"], labels=_kinds()),
        Field(names["target_id"], Kind.CODE),
        Field(names["target"]),
        Field(names["result"], labels=dict(Result.choices)),
        Field(names["details"]),
        Field(names["hash"], Kind.CODE),
    ]
