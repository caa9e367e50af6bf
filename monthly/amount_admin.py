"""Funds received and investment completed in the admin: a month's entry, and corrections once it was locked."""

from copy import copy
from decimal import Decimal

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect, QueryDict
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liangzhou import permissions
from liangzhou.fieldsets import Section
from liangzhou.history.changes import UNKNOWN
from liangzhou.money import parse_wan, plain, show_wan
from liangzhou.months import Month

from . import closed, locking
from .file_admin import OVERRIDES, hand_out, link_to
from .models import FundingRecord, InvestmentRecord
from .models.amounts import MonthlyAmount
from .project_rows import MonthFilter, ProjectRowAdmin, ProjectRowForm
from .sheet.rows import Row, load
from .sheet.tabs import TABS
from .slips import OF_ANOTHER_AMOUNT, Severity, slips, wants_new_reason

Kind = MonthlyAmount.Kind
FUNDING = (
    Section(gettext_lazy("Funds of a month"), internal=("project", "month", "origin", "kind", "amount", "reason")),
    Section(gettext_lazy("Evidence"), internal=("evidence", "remark")),
)
INVESTMENT = (
    Section(gettext_lazy("Investment of a month"), internal=("project", "month", "kind", "amount", "reason")),
    Section(gettext_lazy("Evidence"), internal=("evidence", "remark")),
)


class AmountForm(ProjectRowForm):
    """An amount as it is typed: the entry of a month that no locked version sums, else a correction."""

    def clean(self):
        cleaned = super().clean()
        month = cleaned.get("month")
        if month is None:
            return cleaned
        locking.hold(Month.of(month))
        if cleaned.get("kind") == Kind.CORRECTION and not closed.is_closed(Month.of(month)):
            sentence = _("%(month)s was never locked: change its entry, a correction is not needed.")
            self.add_error("kind", sentence % {"month": Month.of(month).label})
        return cleaned

    def _post_clean(self):
        super()._post_clean()
        if not self.errors and "amount" in self.changed_data:
            self._check_month()

    def _check_month(self):
        """What looks wrong with the month as it would be: the same as in the month's sheet."""
        stored = self._stored()
        others = sum((one.amount for one in stored.records if one.pk != self.instance.pk), Decimal(0))
        amount = others + self.instance.amount
        found = [one for one in slips(stored.figures(amount)) if one.cell != "project"]
        for slip in found:
            if slip.severity == Severity.ERROR:
                self.add_error("amount", slip.sentence)
            elif not self.instance.reason:
                self.add_error("reason", slip.sentence)
        stays = bool(self.instance.reason) and "reason" not in self.changed_data
        if stays and wants_new_reason(found, amount, stored.slips(), stored.amount):
            self.add_error("reason", OF_ANOTHER_AMOUNT)

    def _stored(self) -> Row:
        """The project's row in the sheet of the month, as it is stored."""
        row, origin = self.instance, getattr(self.instance, "origin", "")
        tab = next(one for one in TABS if one.is_written and one.model is type(row) and one.origin == origin)
        today = Month.of(timezone.localdate())
        return load([row.project], Month.of(row.month), tab, today=today, user=self.user, among=[row.project])[0]

    def twins(self):
        """A month has one entry (of each origin); corrections may be many."""
        kind = self.value_of("kind")
        return (
            self._meta.model.objects.filter(kind=Kind.ENTRY) if kind == Kind.ENTRY else self._meta.model.objects.none()
        )

    def _update_errors(self, errors):
        """That a month is closed is said where the kind of row is chosen."""
        found = getattr(errors, "error_dict", {})
        said = [error for error in found.get(NON_FIELD_ERRORS, []) if error.code == "closed"]
        if said and "kind" in self.fields:
            found[NON_FIELD_ERRORS] = [error for error in found[NON_FIELD_ERRORS] if error.code != "closed"]
            found.setdefault("kind", []).extend(said)
            if not found[NON_FIELD_ERRORS]:
                del found[NON_FIELD_ERRORS]
        super()._update_errors(errors)


class FundingForm(AmountForm):
    """Funds: one entry of each origin."""

    once = ("month", "origin")


class InvestmentForm(AmountForm):
    """Investment: one entry a month."""

    once = ("month",)


def _differs(request, obj) -> bool:
    """Whether a form that was opened before its month was closed changes what figures are made of."""
    origin = getattr(obj, "origin", None)
    amount_differs = "amount" in request.POST and _difference(request, obj) != "0"
    return amount_differs or request.POST.get("origin", origin) != origin


def _difference(request, obj) -> str:
    """The typed amount less the stored one, in 万元; what cannot be read stays as it was typed."""
    typed = request.POST.get("amount", "")
    try:
        return plain(parse_wan(typed, negative=True) - obj.amount)
    except ValidationError:
        return typed


class AmountAdmin(ProjectRowAdmin):
    """What the admins of the two series share."""

    signed = ("amount",)
    formfield_overrides = {**ProjectRowAdmin.formfield_overrides, **OVERRIDES}
    fixed = ("project", "month", "kind")
    shown_as = {**ProjectRowAdmin.shown_as, "month": "of_month", "amount": "in_wan", "evidence": "evidence_link"}
    list_display = ("of_month", "of_project", "in_wan", "kind", "reason", "evidence_link", "changed")
    list_display_links = ("of_month",)
    readonly_fields = ()
    ordering = ("-month", "-id")

    # What of a row may still be changed

    def fixed_fields(self, request, obj):
        """In a month that a locked version sums, only what no figure is made of."""
        closed_too = [name for name in ("origin", "amount") if hasattr(obj, name) and self._is_closed(request, obj)]
        return (*self.fixed, *closed_too)

    def _is_closed(self, request, obj) -> bool:
        asked = request.__dict__.setdefault("_months_closed", {})
        if obj.month not in asked:
            asked[obj.month] = closed.is_closed(Month.of(obj.month))
        return asked[obj.month]

    @transaction.atomic
    def _locked_changeform(self, request, object_id, form_url, extra_context):
        """The month is held before the row is: who locks months does it in this order, too."""
        if object_id is not None and (obj := self.get_object(request, unquote(object_id))) is not None:
            locking.hold(Month.of(obj.month))
            request.__dict__.pop("_months_closed", None)
            if self.has_change_permission(request, obj) and self._is_closed(request, obj) and _differs(request, obj):
                return self._offer_correction(request, obj, extra_context)
        return super()._locked_changeform(request, object_id, form_url, extra_context)

    def _offer_correction(self, request, obj, extra_context):
        """Who changed an amount of a month that was closed meanwhile gets the form of a correction, filled in."""
        self.message_user(request, closed.why_not_deleted([obj])[0], messages.WARNING)
        if not permissions.may(request.user, "add", self.model(project=obj.project)):
            return HttpResponseRedirect(self._address("change", obj.pk))
        filled = QueryDict(self._correction(obj), mutable=True)
        filled.update({name: request.POST[name] for name in ("reason", "remark") if name in request.POST})
        filled["amount"] = _difference(request, obj)
        request = copy(request)  # the log tells of the one that came
        request.method, request.GET = "GET", filled
        return super()._locked_changeform(request, None, self._address("add"), extra_context)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None and self._is_closed(request, obj):
            context |= {"held": self._how_corrected(request, obj), "show_delete": False}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _how_corrected(self, request, obj) -> str:
        sentence = closed.why_not_deleted([obj])[0]
        if not permissions.may(request.user, "add", self.model(project=obj.project)):
            return sentence
        address = f"{self._address('add')}?{self._correction(obj)}"
        return format_html('{} <a href="{}">{}</a>', sentence, address, _("Enter a correction"))

    def _correction(self, obj) -> str:
        """What the form of a correction of a row begins with, as an address has it."""
        origin = f"&origin={obj.origin}" if hasattr(obj, "origin") else ""
        return f"project={obj.project_id}&month={Month.of(obj.month)}&kind={Kind.CORRECTION}{origin}"

    def _address(self, page: str, *args) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}", args=args)

    def get_deleted_objects(self, objs, request):
        """What a locked month is made of stays."""
        to_delete, counts, needed, protected = super().get_deleted_objects(objs, request)
        return to_delete, counts, needed, [*protected, *closed.why_not_deleted(objs)]

    # What is shown

    @admin.display(description=gettext_lazy("amount of the month"), ordering="amount")
    def in_wan(self, obj):
        return show_wan(obj.amount)

    @admin.display(description=gettext_lazy("evidence"), empty_value=UNKNOWN)
    def evidence_link(self, obj):
        return link_to(obj.evidence) or None

    # The file

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_evidence"
        view = self.admin_site.admin_view(self.evidence_view)
        return [path("<path:object_id>/evidence/", view, name=name), *super().get_urls()]

    def evidence_view(self, request, object_id):
        """Hands out the file, as a download."""
        return hand_out(request, self.model, object_id, "evidence")


@admin.register(FundingRecord)
class FundingAdmin(AmountAdmin):
    """到位资金."""

    form = FundingForm
    sections = FUNDING
    list_display = ("of_month", "of_project", "origin", "in_wan", "kind", "reason", "evidence_link", "changed")
    list_filter = (MonthFilter, "origin", "kind", "project__chain", "project__place")


@admin.register(InvestmentRecord)
class InvestmentAdmin(AmountAdmin):
    """固投."""

    form = InvestmentForm
    sections = INVESTMENT
    list_filter = (MonthFilter, "kind", "project__chain", "project__place")
