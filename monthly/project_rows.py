"""What the admins of what belongs to a project share: whose project, found by its words, amounts as they are typed."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liangzhou import permissions
from liangzhou.admin import LedgerAdmin
from liangzhou.fieldsets import admin_fieldsets
from liangzhou.forms import LedgerForm
from liangzhou.history.changes import UNKNOWN
from liangzhou.money import MoneyFormField, SignedMoneyFormField
from liangzhou.months import Month
from projects.models import Project

MOST_MONTHS = 36  # in the list's filter; older ones are found by typing their address


class ProjectRowForm(LedgerForm):
    """A row of a project as it is typed; `user` is set by the admin. There is one row of each `once`, if any."""

    user = None
    once: tuple[str, ...] = ()

    def clean(self):
        cleaned = super().clean()
        project = cleaned.get("project")
        if project and not permissions.may(self.user, "add", self._meta.model(project=project)):
            self.add_error("project", _("You enter this for your own projects only."))
        elif self.once and (twin := self._twin()):
            self.add_error(self.once[-1] if self.once[-1] in self.fields else None, self._is_there(twin))
        return cleaned

    def value_of(self, name: str):
        """What a field would hold once saved: typed here, or as it is stored."""
        return self.cleaned_data.get(name) if name in self.fields else getattr(self.instance, name, None)

    def _twin(self):
        wanted = {name: self.value_of(name) for name in ("project", *self.once)}
        if any(value in (None, "") for value in wanted.values()):
            return None
        return self.twins().filter(**wanted).exclude(pk=self.instance.pk).first()

    def twins(self):
        """The rows of which there is one only."""
        return self._meta.model._default_manager.all()

    def _is_there(self, twin) -> str:
        opts = twin._meta
        address = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[twin.pk])
        return format_html(_('There is one already: <a href="{}">change it there</a>.'), address)


class MonthFilter(admin.SimpleListFilter):
    """The month of the rows: those that there are, the latest first; in the address as 2025-05."""

    title, parameter_name = gettext_lazy("month"), "month"

    def lookups(self, request, model_admin):
        days = model_admin.get_queryset(request).order_by("-month").values_list("month", flat=True).distinct()
        return [(str(Month.of(day)), Month.of(day).label) for day in days[:MOST_MONTHS]]

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        try:
            return queryset.filter(month=Month.parse(self.value()).first)
        except ValidationError:
            return queryset.none()


class YearFilter(admin.SimpleListFilter):
    """The year of the rows: those that there are, the latest first."""

    title, parameter_name = gettext_lazy("year"), "year"

    def lookups(self, request, model_admin):
        years = model_admin.get_queryset(request).order_by("-year").values_list("year", flat=True).distinct()
        return [(str(year), str(year)) for year in years]

    def queryset(self, request, queryset):
        value = self.value()
        if not value:
            return queryset
        return queryset.filter(year=value) if value.isdecimal() and len(value) == 4 else queryset.none()


class AmountsAsTyped:
    """Amounts of plain decimal columns are typed with their unit; `signed` ones may be below zero."""

    money: tuple[str, ...] = ()
    signed: tuple[str, ...] = ()

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name not in (*self.money, *self.signed):
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        kind = SignedMoneyFormField if db_field.name in self.signed else MoneyFormField
        made = kind(
            label=capfirst(db_field.verbose_name), required=not db_field.blank, help_text=db_field.help_text, **kwargs
        )
        made.widget.attrs |= {"size": 24, "inputmode": "text"}
        return made


class ProjectRowAdmin(AmountsAsTyped, LedgerAdmin):
    """The admin of rows that belong to projects.

    `fixed` are fields that are only read once the row is there; `shown_as` names the methods that tell a field
    where it is only read.
    """

    form = ProjectRowForm
    month_fields = ("month",)
    fixed: tuple[str, ...] = ("project",)
    shown_as: dict[str, str] = {"project": "of_project"}
    autocomplete_fields = ("project",)
    list_select_related = ("project", "updated_by")
    search_help_text = gettext_lazy("Name, code or company of the project, or pinyin.")
    show_facets = admin.ShowFacets.NEVER

    # The form

    def fixed_fields(self, request, obj) -> tuple[str, ...]:
        """The fields that are only read in a row that is there."""
        return self.fixed

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"user": request.user})

    def get_fieldsets(self, request, obj=None):
        fieldsets = admin_fieldsets(self.sections)
        if obj is None:
            return fieldsets
        told = self._only_read(request, obj)
        told = [
            (
                heading,
                {**how, "fields": [self.shown_as.get(name, name) if name in told else name for name in how["fields"]]},
            )
            for heading, how in fieldsets
        ]
        return [*told, (_("About this record"), {"fields": [("entered", "changed")]})]

    def get_readonly_fields(self, request, obj=None):
        told = self._only_read(request, obj) if obj is not None else ()
        return (*super().get_readonly_fields(request, obj), *(self.shown_as.get(name, name) for name in told))

    def _only_read(self, request, obj) -> tuple[str, ...]:
        if self.has_change_permission(request, obj):
            return self.fixed_fields(request, obj)
        return tuple(name for section in self.sections for name in section.internal)

    # What is shown

    @admin.display(description=gettext_lazy("project"), ordering="project__name")
    def of_project(self, obj):
        if obj.project_id is None:
            return UNKNOWN
        url = reverse("admin:projects_project_change", args=[obj.project_id])
        return format_html('<a href="{}">{}</a>', url, obj.project)

    @admin.display(description=gettext_lazy("month"), ordering="month")
    def of_month(self, obj):
        return Month.of(obj.month).label if obj.month else UNKNOWN

    # The list

    def search(self, queryset, text):
        """The rows of the projects that are found."""
        if not text.strip():
            return queryset
        projects = self.admin_site.get_model_admin(Project).search(Project.objects.all(), text)
        return queryset.filter(project__in=projects.order_by().values("pk"))
