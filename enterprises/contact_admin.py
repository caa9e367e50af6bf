"""Contacts in the admin: masked for everybody, read on request by those who may, and each reading recorded."""

from copy import copy

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liangzhou import audit
from liangzhou.admin import LedgerAdmin
from liangzhou.exports import Field, Kind, export_response
from liangzhou.fieldsets import Section
from liangzhou.forms import LedgerForm
from liangzhou.history.changes import UNKNOWN, personal_data_shown
from liangzhou.permissions import may, visible

from . import forgetting
from .forms import ForgetForm
from .models import Contact

CONTACT = (Section(gettext_lazy("Contact"), internal=("enterprise", "name", "post", "phone", "email", "note")),)
EXPORTED = ("enterprise__name", "name", "post", "phone", "email", "note")
IN_PANEL = ("name", "post", "phone", "email")
WORDS = "q"  # of the address: what is searched for, which may be personal


class ContactForm(LedgerForm):
    """A contact as it is typed; `user` is set by the admin."""

    user = None

    def clean(self):
        cleaned = super().clean()
        company = cleaned.get("enterprise")
        if company and not may(self.user, "add", Contact(enterprise=company)):
            self.add_error("enterprise", _("You enter contacts of the companies of your own projects only."))
        return cleaned


class ContactAdmin(LedgerAdmin):
    """Every page is masked, until somebody who may reveal a contact asks for it: then it shows what is stored.

    A request that shows it carries `shows_contact`. The form is one: who may change a contact gets it when asking.
    """

    form = ContactForm
    sections = CONTACT
    readonly_fields = ("company", *(f"shown_{name}" for name in Contact.MASKS))
    list_display = ("shown_name", "enterprise", "post", "shown_phone", "shown_email", "changed")
    list_display_links = ("shown_name",)
    list_filter = ("updated_at",)
    list_select_related = ("enterprise", "updated_by")
    search_help_text = gettext_lazy("Company. Who may read contacts finds them by name or phone too: it is recorded.")
    autocomplete_fields = ("enterprise",)
    show_facets = admin.ShowFacets.NEVER
    ordering = ("enterprise", "id")
    actions = ("export",)

    # Who may read and change

    def may_reveal(self, request, obj=None) -> bool:
        """Whether somebody may read what is masked."""
        return may(request.user, "reveal", obj or Contact)

    def has_export_permission(self, request) -> bool:
        """Whether somebody may take contacts away; asked by the action."""
        return may(request.user, "export", Contact)

    def has_change_permission(self, request, obj=None):
        """Who changes a contact reads it; a page that masks it changes nothing, and who was erased stays so."""
        if getattr(request, "masks_contact", False) or (obj is not None and obj.erased):
            return False
        return self.may_reveal(request, obj) and super().has_change_permission(request, obj)

    def lookup_allowed(self, lookup, value, request=None):
        """Nobody finds out what is masked by asking which contacts there are with it."""
        return lookup.partition("__")[0] not in Contact.MASKS and super().lookup_allowed(lookup, value, request)

    # The list

    def get_search_fields(self, request):
        companies = ("enterprise__name", "enterprise__short_name")
        return (*companies, "name", "phone") if self.may_reveal(request) else companies

    def changelist_view(self, request, extra_context=None):
        """A search by name or phone tells who has it: it is a reading, too."""
        if request.GET.get(WORDS, "").strip() and self.has_view_permission(request) and self.may_reveal(request):
            audit.record(audit.Action.PERSONAL_READ, target=Contact, how="search")
        return super().changelist_view(request, extra_context)

    @admin.display(description=gettext_lazy("name of a person"))
    def shown_name(self, obj):
        return str(obj)

    @admin.display(description=gettext_lazy("phone"), empty_value=UNKNOWN)
    def shown_phone(self, obj):
        return obj.masked_phone or None

    @admin.display(description=gettext_lazy("e-mail"), empty_value=UNKNOWN)
    def shown_email(self, obj):
        return obj.masked_email or None

    @admin.display(description=gettext_lazy("note"), empty_value=UNKNOWN)
    def shown_note(self, obj):
        return obj.masked_note or None

    @admin.display(description=gettext_lazy("company"))
    def company(self, obj):
        url = reverse("admin:enterprises_enterprise_change", args=[obj.enterprise_id])
        return format_html('<a href="{}">{}</a>', url, obj.enterprise)

    # One contact

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("<path:object_id>/reveal/", wrap(self.reveal_view), name="enterprises_contact_reveal"),
            path("<path:object_id>/forget/", wrap(self.forget_view), name="enterprises_contact_forget"),
            *super().get_urls(),
        ]

    def get_fieldsets(self, request, obj=None):
        """Of a contact that is there: its company, which stays, and the rest masked until it is asked for."""
        if obj is None:
            return super().get_fieldsets(request, obj)
        masked = () if getattr(request, "shows_contact", False) else Contact.MASKS
        names = [f"shown_{name}" if name in masked else name for name in CONTACT[0].internal[1:]]
        about = (_("About this record"), {"fields": [("entered", "changed")]})
        return [(CONTACT[0].heading, {"fields": ["company", *names]}), about]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"user": request.user})

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Opened, it is masked. A form that was shown and is posted shows again where it comes back: recorded, too."""
        if object_id is None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        request.shows_contact = getattr(request, "shows_contact", False) or request.method == "POST"
        request.masks_contact = not request.shows_contact
        with personal_data_shown():  # to who lost a race for the same contact
            response = super().changeform_view(request, object_id, form_url, extra_context)
        if request.method == "POST" and response.status_code == 200:
            self._record_reading(request, self.get_object(request, unquote(object_id)))
        return response

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None:
            masked = getattr(request, "masks_contact", True)
            context["may_reveal"] = masked and not obj.erased and self.may_reveal(request, obj)
            context["may_change_contact"] = super().has_change_permission(request, obj)
            context["may_forget"] = not obj.erased and self.has_delete_permission(request, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def reveal_view(self, request, object_id):
        """Shows what is masked, to who asks by the button; who may change it gets the form."""
        contact = self._contact(request, object_id)
        page = reverse("admin:enterprises_contact_change", args=[contact.pk])
        if request.method != "POST":
            return HttpResponseRedirect(page)
        if not self.may_reveal(request, contact):
            raise PermissionDenied
        self._record_reading(request, contact)
        opening = copy(request)  # it opens the page, as a GET does
        opening.method, opening.shows_contact = "GET", True
        return self.changeform_view(opening, object_id, form_url=page)

    def _contact(self, request, object_id) -> Contact:
        contact = self.get_object(request, unquote(object_id))
        if contact is None:
            raise Http404
        if not self.has_view_permission(request, contact):
            raise PermissionDenied
        return contact

    def _record_reading(self, request, contact) -> None:
        if contact is not None:
            audit.record(audit.Action.PERSONAL_READ, by=request.user, target=contact)

    # Taking contacts away, and forgetting them

    @admin.action(permissions=["export"], description=gettext_lazy("Take the selected contacts away as CSV"))
    def export(self, request, queryset):
        found = visible(request.user, queryset, "export").exclude(name="").order_by("enterprise", "id")
        filters = {name: value for name, value in request.GET.items() if name != WORDS}
        searched = bool(request.GET.get(WORDS, "").strip())
        audit.record(
            audit.Action.EXPORT, target=Contact, rows=found.count(), filters=filters, searched=searched, format="csv"
        )
        return export_response(
            format="csv",
            name=str(Contact._meta.verbose_name_plural),
            fields=_columns(),
            queryset=found.values_list(*EXPORTED),
            day=timezone.localdate(),
        )

    def forget_view(self, request, object_id):
        """Asks for a reason, and on POST erases the contact."""
        contact = self._contact(request, object_id)
        if not self.has_delete_permission(request, contact):
            raise PermissionDenied
        form = ForgetForm(request.POST or None, auto_id="id_%s")
        if request.method == "POST" and form.is_valid():
            try:
                forgetting.forget(contact.pk, by=request.user, reason=form.cleaned_data["reason"])
            except ValidationError as error:
                form.add_error("reason", error)
            else:
                self.message_user(request, _("The contact was erased, its history too."), messages.SUCCESS)
                return HttpResponseRedirect(reverse("admin:enterprises_contact_change", args=[contact.pk]))
        request.current_app = self.admin_site.name
        context = {
            **self.admin_site.each_context(request),
            "title": _("Forget this person: %(name)s") % {"name": contact},
            "contact": contact,
            "opts": self.opts,
            "form": form,
        }
        return TemplateResponse(request, "admin/enterprises/contact/forget.html", context)


def _columns() -> list[Field]:
    labels = [Contact._meta.get_field(name.partition("__")[0]).verbose_name for name in EXPORTED]
    return [
        Field(str(label), Kind.CODE if name == "phone" else Kind.TEXT)
        for name, label in zip(EXPORTED, labels, strict=True)
    ]


class ContactsOfCompany:
    """What a company's form shows of its contacts: masked, each leading to its page."""

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None and may(request.user, "view", Contact):
            contacts = self.admin_site.get_model_admin(Contact)
            context["contacts"] = list(visible(request.user, obj.contacts.order_by("id")))
            context["contact_labels"] = [capfirst(contacts.opts.get_field(name).verbose_name) for name in IN_PANEL]
            context["may_add_contact"] = contacts.has_add_permission(request) and may(
                request.user, "add", Contact(enterprise=obj)
            )
        return super().render_change_form(request, context, add, change, form_url, obj)
