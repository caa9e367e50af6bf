"""The page of one month: its state, what is filled, what it adds up to, its versions, what can be done with it."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from liangzhou import permissions
from liangzhou.forms import MonthFormField
from liangzhou.history.changes import person
from liangzhou.months import Month
from liangzhou.periods import FIRST_YEAR

from . import closed, figure_choices, figures, locking, month_checks
from .books import Books
from .figure_choices import Asked
from .figure_tables import Table, in_words, name, number, percent, wan
from .models import Indicator, MonthVersion, ReportingMonth
from .month_differences import same_sums

SHOWN = (Indicator.FUNDING, Indicator.OTHER_PROVINCES, Indicator.INVESTMENT)
LISTED, FIRST = 200, 15  # corrections on the page of two versions, and on that of a month
UNKNOWN = "—"


class AddForm(forms.Form):
    """Which month is opened."""

    month = MonthFormField(label=capfirst(gettext_lazy("month")))
    note = forms.CharField(
        label=capfirst(gettext_lazy("note")), max_length=300, required=False, widget=forms.TextInput(attrs={"size": 60})
    )

    def clean_month(self):
        day = self.cleaned_data["month"]
        if day.year <= FIRST_YEAR:
            raise forms.ValidationError(_("This month is too early."))
        return day


def page(model_admin, request, template: str, month: Month | None, title: str, **context) -> TemplateResponse:
    """A page about months in the frame of the admin."""
    request.current_app = model_admin.admin_site.name
    frame = {**model_admin.admin_site.each_context(request), "title": title, "opts": model_admin.opts, "month": month}
    return TemplateResponse(request, f"admin/monthly/{template}.html", {**frame, **context})


def add(model_admin, request):
    """Opens a month before anything is entered in it; one that is there is led to."""
    if not model_admin.has_add_permission(request):
        raise PermissionDenied
    form = AddForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        month = Month.of(form.cleaned_data["month"])
        with transaction.atomic():
            row = locking.hold(month, by=request.user)
            if form.cleaned_data["note"]:
                row.note = form.cleaned_data["note"]
                row.stamp(request.user)
                row.save()
        return HttpResponseRedirect(address(month))
    return page(model_admin, request, "month_add", None, _("Open a month"), form=form)


def address(month: Month) -> str:
    """Where a month is shown."""
    return reverse("admin:monthly_month", args=[month])


def show(model_admin, request, month: Month):
    """Everything about one month, as far as they may see it who ask."""
    row = ReportingMonth.objects.filter(month=month.first).first()
    versions = versions_of(month)
    only = figure_choices.only(request.user)
    to_fill = month_checks.to_fill(month, only=only)
    today = timezone.localdate()
    is_open = only is None and not (row is not None and row.is_locked)
    moved = moved_since(request.user, versions[0]) if versions else ""
    context = {
        "row": row,
        "state": state_of(month, row, versions),
        "limited": only is not None,
        "filled": month_checks.projects_filled(month, only=only),
        "groups": [
            (label, [one for one in month_checks.filled_by(to_fill, by) if one.open])
            for by, label in (("chain", _("By chain")), ("place", _("By place")))
        ],
        "problems": month_checks.blocking(month, today=today) if is_open else [],
        "warnings": month_checks.warnings(month, today=today) if is_open else [],
        "table": figures_table(request, month, row, versions, moved=bool(moved)),
        "versions": [version_row(request, month, one) for one in versions],
        "changes": changes_since(request, versions[0], most=FIRST) if versions else None,
        "moved": moved,
        "compare": f"{reverse('admin:monthly_compare', args=[month])}?to=live#rows",
        "ways": _ways(month),
        "acts": _acts(request, month, row, versions),
    }
    return page(model_admin, request, "month", month, month.label, **context)


def versions_of(month: Month) -> list[MonthVersion]:
    """The versions of a month, the newest first."""
    people = ("reporting_month", "locked_by", "published_by")
    return list(MonthVersion.objects.filter(month=month.first).select_related(*people).order_by("-number"))


def state_of(month: Month, row: ReportingMonth | None, versions: list[MonthVersion]) -> dict:
    """The state of a month: its badge, and a sentence on what that means."""
    if row is not None and row.is_locked:
        words = _("Locked as version %(number)d. Amounts are only corrected, by new rows with a reason.")
        return {"look": "public", "label": row.get_state_display(), "sentence": words % {"number": versions[0].number}}
    label = ReportingMonth.State.OPEN.label
    if versions:
        words = _("Opened again after version %(number)d. Amounts are still only corrected, by new rows with a reason.")
        return {"look": "waiting", "label": label, "sentence": words % {"number": versions[0].number}}
    words = _("Amounts are entered and changed in the sheet.")
    if closed.is_closed(month):
        words = _("It was never locked, but a locked version sums it: amounts are only corrected, by new rows.")
    return {"look": "draft", "label": label, "sentence": words}


# What it adds up to


def figures_table(request, month: Month, row, versions: list[MonthVersion], *, moved: bool) -> Table | None:
    """The figures of the newest version, and as of now where that may be something else."""
    shown: list = versions[:1]
    if not versions or not row.is_locked or moved or _is_added_to(versions[0]):
        shown = [*shown, None]
    return table_of(request, month, shown)


def table_of(request, month: Month, versions: list[MonthVersion | None]) -> Table | None:
    """The month in three indicators, of each of these versions (None is as of now); None for who may not read them."""
    if not figure_choices.may_read(request.user):
        return None
    asked = [Asked(month, version) for version in versions]
    rows = [
        _figures_row(figure_choices.books_for(request.user, month, one.version), one.with_(indicator=indicator))
        for indicator in SHOWN
        for one in asked
    ]
    heads = (
        capfirst(_("indicator")),
        capfirst(_("as of")),
        _("Month (万元)"),
        _("Year to date (万元)"),
        _("Same period last year (万元)"),
        _("Growth (%)"),
        _("Annual target (万元)"),
        _("Completion (%)"),
        _("Against the pace (points)"),
        _("Projects"),
    )
    return Table(_("What the month adds up to"), heads, rows)


def _figures_row(books: Books, asked: Asked) -> list:
    line = figures.line(books, asked.indicator)
    return [
        name(in_words(asked.indicator), url=asked.address()),
        name(version_name(asked.version)),
        wan(line.month, asked.rows(by="", key="", of="month")),
        wan(line.ytd, asked.rows(by="", key="", of="ytd")),
        wan(line.last_ytd, asked.rows(by="", key="", of="last_ytd")),
        percent(line.growth, signed=True),
        wan(line.target),
        percent(line.completion),
        percent(line.ahead, signed=True),
        number(line.projects),
    ]


def version_name(version: MonthVersion | None) -> str:
    """Version 2, or that it is as of now."""
    return _("version %(number)d") % {"number": version.number} if version else _("as of now")


# Versions and what came after them


def version_row(request, month: Month, version: MonthVersion) -> dict:
    """A version in words, with what can be done with it."""
    may_publish = permissions.may(request.user, "publish", ReportingMonth)
    args = [month, version.number]
    refusal = locking.why_not_publish(version, by=request.user)
    return {
        "version": version,
        "locked_by": person(version.locked_by),
        "published_by": person(version.published_by) if version.published_at else "",
        "figures": Asked(month, version).address(),
        "publish": reverse("admin:monthly_publish", args=args) if may_publish and not refusal else "",
        "refusal": refusal if may_publish and not version.is_public else "",
        "withdraw": reverse("admin:monthly_withdraw", args=args) if may_publish and version.is_public else "",
    }


@dataclass(frozen=True)
class Changes:
    """Rows entered after a version: those that somebody may see, and how many there are besides."""

    sentence: str
    rows: list[dict]
    hidden: int = 0
    more: int = 0


def changes_since(request, version: MonthVersion, *, until: MonthVersion | None = None, most: int = LISTED) -> Changes:
    """The rows entered after a version (and before a later one), the latest first, with project, amount and reason."""
    kinds = locking.rows_since(version, until=until)
    count = sum(rows.count() for rows in kinds)
    seen = [permissions.visible(request.user, rows) for rows in kinds]
    shown = [row for rows in seen for row in rows.select_related("project", "created_by").order_by("-pk")[:most]]
    shown.sort(key=lambda row: row.created_at, reverse=True)
    visible = sum(rows.count() for rows in seen)
    sentence = ngettext(
        "%(count)d row was entered after version %(number)d.",
        "%(count)d rows were entered after version %(number)d.",
        count,
    )
    told = [_change(row) for row in shown[:most]]
    words = {"count": count, "number": version.number}
    return Changes(sentence % words, told, count - visible, max(0, visible - len(told)))


def moved_since(user, version: MonthVersion) -> str:
    """That figures are not those of a version any more although no row was entered since; empty where they are.

    A merge moves the rows of a project, and a project may be sorted into another chain or place.
    """
    if not figure_choices.may_read(user) or _is_added_to(version):
        return ""
    month = Month.of(version.month)
    if same_sums(*(figure_choices.books_for(user, month, one) for one in (version, None))):
        return ""
    words = _(
        "Projects were merged or sorted differently since: the sums are not those of version %(number)d any more."
    )
    return words % {"number": version.number}


def _is_added_to(version: MonthVersion) -> bool:
    return any(rows.exists() for rows in locking.rows_since(version))


def _change(row) -> dict:
    return {
        "at": row.created_at,
        "by": person(row.created_by),
        "project": row.project,
        "url": reverse("admin:projects_project_change", args=[row.project_id]),
        "month": Month.of(row.month).label,
        "series": row.get_origin_display() if hasattr(row, "origin") else row._meta.verbose_name,
        "is_entry": row.kind == row.Kind.ENTRY,
        "amount": wan(row.amount).text,
        "reason": row.reason or UNKNOWN,
    }


# What can be done


def _ways(month: Month) -> list[tuple[str, str]]:
    """Where one works on the month, or reads it."""
    pages = (("sheet", _("The month's sheet")), ("figures", _("Figures")), ("report_page", _("Monthly report (月报)")))
    return [(label, reverse(f"admin:monthly_{page}", args=[month])) for page, label in pages]


def _acts(request, month: Month, row: ReportingMonth | None, versions: list[MonthVersion]) -> list[tuple[str, str]]:
    """The acts on the month itself that they may do who ask: (name, address)."""
    found = []
    if permissions.may(request.user, "lock", ReportingMonth):
        lock = _("Lock again…") if versions else _("Lock this month…")
        found.append((lock, reverse("admin:monthly_lock", args=[month])))
        if row is not None and row.is_locked:
            found.append((_("Open again…"), reverse("admin:monthly_unlock", args=[month])))
    if versions:
        found.append((_("Compare versions"), reverse("admin:monthly_compare", args=[month])))
    return found


def said(request, sentence: str) -> None:
    """Tells that something was done, on the next page."""
    messages.success(request, sentence)
