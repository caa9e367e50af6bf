"""Instructions of leaders in the admin: who gives one writes it, who works on the project answers it. Internal."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from liangzhou.admin import LedgerAdmin
from liangzhou.fieldsets import Section, show_value
from liangzhou.forms import LedgerForm
from liangzhou.history.changes import UNKNOWN, person
from liangzhou.permissions import instruction_fields, may, visible

from .models import Instruction, Project

INSTRUCTION = (Section(gettext_lazy("Instruction"), internal=("project", "text", "due", "answer")),)
WRITTEN = ("text", "due", "answer")


class InstructionForm(LedgerForm):
    """An instruction as it is typed."""

    def clean_due(self):
        due = self.cleaned_data["due"]
        if due and "due" in self.changed_data and due < timezone.localdate():
            raise ValidationError(_("This day is over: give one that is still to come."), code="past")
        return due


class StateFilter(admin.SimpleListFilter):
    """What became of the instructions."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("open", _("wait for an answer")), ("overdue", _("overdue")), ("answered", _("answered"))]

    def queryset(self, request, queryset):
        if self.value() == "overdue":
            return queryset.overdue(on=timezone.localdate())
        return {"open": queryset.open, "answered": queryset.answered}.get(self.value(), queryset.all)()


class InstructionAdmin(LedgerAdmin):
    form = InstructionForm
    sections = INSTRUCTION
    readonly_fields = ("of_project",)
    list_display = ("__str__", "project", "state", "wanted_by", "given_by", "changed")
    list_filter = (StateFilter, "due", "created_at")
    list_select_related = ("project", "created_by", "updated_by")
    search_fields = ("text", "answer", "project__name", "project__code")
    search_help_text = gettext_lazy("Words of the instruction or of the answer, name or code of the project.")
    autocomplete_fields = ("project",)
    show_facets = admin.ShowFacets.NEVER
    ordering = ("-id",)

    # Who may write what

    def written_by(self, request, obj) -> tuple[str, ...]:
        """What who is signed in may write of an instruction, as it was when the request first asked."""
        asked = request.__dict__.setdefault("_instruction_fields", {})
        if obj.pk not in asked:
            asked[obj.pk] = instruction_fields(request.user, obj)
        return asked[obj.pk]

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or bool(self.written_by(request, obj)))

    def get_readonly_fields(self, request, obj=None):
        closed = [name for name in WRITTEN if obj and name not in self.written_by(request, obj)]
        return (*super().get_readonly_fields(request, obj), *closed)

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return [(INSTRUCTION[0].heading, {"fields": ["project", "text", "due"]})]
        about = (_("About this record"), {"fields": [("entered", "changed")]})
        return [(INSTRUCTION[0].heading, {"fields": ["of_project", *WRITTEN]}), about]

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Who mends an instruction that was answered meanwhile is told so."""
        if object_id is not None and request.method == "POST":
            obj = self.get_object(request, unquote(object_id))
            if obj and obj.created_by_id == request.user.pk and not self.written_by(request, obj):
                sentence = _(
                    "It was answered meanwhile: nothing was saved. Write a new instruction where one is needed."
                )
                self.message_user(request, sentence, messages.WARNING)
                return HttpResponseRedirect(_address("change", obj.pk))
            request.__dict__.pop("_instruction_fields", None)  # asked again once it is locked
        return super().changeform_view(request, object_id, form_url, extra_context)

    def check_restored(self, request, obj, parts):
        """Going back to an earlier version writes no more than the form does."""
        stored = Instruction.objects.filter(pk=obj.pk).first()
        if stored is None:
            return super().check_restored(request, obj, parts)
        allowed = instruction_fields(request.user, stored)
        fields = [field for field in Instruction._meta.concrete_fields if field.name in ("project", *WRITTEN)]
        closed = [one for one in fields if one.name not in allowed]
        if any(getattr(obj, one.attname) != getattr(stored, one.attname) for one in closed):
            return [_("You would change what is not yours to write: the text is of who gave it, until it is answered.")]
        return super().check_restored(request, obj, parts)

    # What is shown

    @admin.display(description=gettext_lazy("project"))
    def of_project(self, obj):
        url = reverse("admin:projects_project_change", args=[obj.project_id])
        return format_html('<a href="{}">{}</a>', url, obj.project)

    @admin.display(description=gettext_lazy("state"))
    def state(self, obj):
        return state_of(obj)

    @admin.display(description=gettext_lazy("answer wanted by"), ordering="due", empty_value=UNKNOWN)
    def wanted_by(self, obj):
        return show_value(obj.due) if obj.due else None

    @admin.display(description=gettext_lazy("given by"))
    def given_by(self, obj):
        return person(obj.created_by)


def state_of(instruction: Instruction) -> str:
    """What became of an instruction, in words."""
    if instruction.answer:
        return _("answered")
    return _("overdue") if instruction.is_overdue(on=timezone.localdate()) else _("waits for an answer")


class InstructionsOfProject:
    """What a project's form shows of its instructions; leaders, who do not change projects, write from there."""

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None and may(request.user, "view", Instruction):
            rows = visible(request.user, obj.instructions.select_related("created_by"))
            context["instructions"] = [_told(request.user, row) for row in rows]
            if may(request.user, "add", Instruction(project=obj)):
                context["add_instruction_url"] = f"{_address('add')}?project={obj.pk}"
        return super().render_change_form(request, context, add, change, form_url, obj)


def _told(user, row: Instruction) -> dict:
    return {
        "text": row.text,
        "answer": row.answer,
        "state": state_of(row),
        "overdue": row.is_overdue(on=timezone.localdate()),
        "due": show_value(row.due) if row.due else "",
        "who": person(row.created_by),
        "when": row.created_at,
        "url": _address("change", row.pk),
        "may_answer": not row.answer and "answer" in instruction_fields(user, row),
    }


def _address(page: str, *args) -> str:
    return reverse(f"admin:projects_instruction_{page}", args=args)


def waiting_for_answer(request) -> tuple[str, str] | None:
    """What waits for who answers instructions: (sentence, address)."""
    user = request.user
    if not (may(user, "change", Instruction) and may(user, "change", Project)):
        return None
    count = visible(user, Instruction.objects.open(), "change").count()
    sentence = ngettext(
        "%(count)d instruction waits for an answer.", "%(count)d instructions wait for an answer.", count
    )
    return (sentence % {"count": count}, f"{_address('changelist')}?state=open") if count else None
