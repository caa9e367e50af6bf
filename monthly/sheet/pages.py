"""The page of the sheet, its save, and the sheet as a file."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liangzhou import audit, exports, permissions, series
from liangzhou.months import Month
from liangzhou.periods import FIRST_YEAR
from monthly.models import ReportingMonth
from monthly.slips import Severity

from . import filters, lines, rows, taking_out, typed
from .judging import Mode
from .saving import Outcome, mode_of, save
from .tabs import TABS

ROWS_PER_PAGE = 1000


class Sheet:
    """One request's sheet: what is asked, what may be seen of it, and its rows."""

    def __init__(self, request, month: Month):
        self.user, self.month, self.asked = request.user, month, filters.Asked.of(request.GET)
        tab = self.asked.tab
        if not permissions.may(self.user, "view", tab.model):
            raise PermissionDenied
        if month.year - 1 <= FIRST_YEAR:
            raise Http404  # a month is shown beside those of the year before
        self.row_of_month = ReportingMonth.objects.filter(month=month.first).first()
        self.mode = mode_of(month, self.row_of_month)
        seen = rows.who_may(self.user, "view", tab)
        self.projects = [one for one in rows.projects_of(month, self.user) if seen(one)]

    def rows(self, *, also=()) -> list[rows.Row]:
        """The rows that are asked for; those of the keys in `also` as well, which were typed into."""
        found = filters.narrowed(self.projects, self.asked, self.user)
        there = {one.pk for one in found}
        found += [one for one in self.projects if one.pk in also and one.pk not in there]
        today = Month.of(timezone.localdate())
        loaded = rows.load(found, self.month, self.asked.tab, today=today, user=self.user, among=self.projects)
        kept = {row.project.pk for row in filters.shown(loaded, self.asked)} | set(also)
        return [row for row in loaded if row.project.pk in kept]


def sheet(model_admin, request, month: Month):
    """The month's sheet; a POST saves it, or comes back with all that was typed."""
    found = Sheet(request, month)
    if request.method != "POST":
        return _page(model_admin, request, found)
    if not found.asked.tab.is_written:
        raise PermissionDenied
    posted = typed.read(request.POST)
    opened_as = request.POST.get("mode", "")
    outcome = save(posted, month=month, tab=found.asked.tab, opened_as=opened_as, by=request.user)
    if outcome.saved:
        _tell(request, outcome)
        return redirect(request.get_full_path())
    found = Sheet(request, month)  # as it is by now
    found.mode = outcome.mode  # as the rows were judged: a later one is met by the next save
    return _page(model_admin, request, found, outcome)


def _tell(request, outcome: Outcome) -> None:
    count = len(outcome.rows)
    if count:
        said = ngettext("%(count)d row saved.", "%(count)d rows saved.", count) % {"count": count}
        messages.success(request, said)
    else:
        messages.info(request, _("Nothing was changed, so nothing was saved."))
    if outcome.brought:
        messages.info(request, _brought(outcome))


def _brought(outcome: Outcome) -> str:
    said = ngettext(
        "%(count)d cell that a colleague changed meanwhile is up to date now.",
        "%(count)d cells that colleagues changed meanwhile are up to date now.",
        outcome.brought,
    )
    return said % {"count": outcome.brought}


def _page(model_admin, request, found: Sheet, outcome: Outcome | None = None):
    judged = {one.row.project.pk: one for one in outcome.rows} if outcome else {}
    all_rows = found.rows(also=judged.keys())
    first = [row for row in all_rows if row.project.pk in judged]
    paginator = Paginator(all_rows, ROWS_PER_PAGE)
    page = paginator.get_page(found.asked.page)
    on_page = [*page.object_list, *(row for row in first if row not in page.object_list)]
    printed = [lines.line(row, found.mode, judged.get(row.project.pk)) for row in on_page]
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("Sheet of %(month)s") % {"month": found.month.label},
        "lines": printed,
        "page": page,
        "columns": lines.labels(),
        "totals": lines.totals(all_rows, found.month),
        "filled": sum(row.amount is not None for row in all_rows),
        "may_write": any(row.may_write for row in on_page),
        "pace": lines.percent(series.pace(found.month)),
        **_frame(found),
        **(_refusal(found, outcome, printed) if outcome else {}),
    }
    request.current_app = model_admin.admin_site.name
    status = 403 if outcome and outcome.foreign else 200
    return TemplateResponse(request, "admin/monthly/sheet.html", context, status=status)


def _frame(found: Sheet) -> dict:
    month, asked = found.month, found.asked
    neighbours = [_neighbour(month, months, asked) for months in (-1, 1)]
    return {
        "month": month,
        "mode": found.mode,
        "state": _state(found.mode),
        "tabs": [(one.label, asked.query(series=one.key), one == asked.tab) for one in TABS],
        "tab": asked.tab,
        "asked": asked,
        "choices": filters.choices(found.projects, asked, found.user),
        "all_url": filters.Asked(tab=asked.tab).query(),
        "query": asked.query(),
        "page_query": asked.query(p="") + "&p=",
        "neighbours": [one for one in neighbours if one],
        "month_url": reverse("admin:monthly_month", args=[month]),
        "exports": [
            (label, reverse("admin:monthly_sheet_export", args=[month, name]) + asked.query())
            for name, label in exports.FORMATS.items()
        ],
        "has_projects": bool(found.projects),
        "is_future": month > Month.of(timezone.localdate()),
    }


def _neighbour(month: Month, months: int, asked) -> tuple[str, str] | None:
    try:
        other = month.plus(months)
        return other.label, reverse("admin:monthly_sheet", args=[other]) + asked.query()
    except (ValueError, NoReverseMatch):  # beyond the calendar
        return None


def _state(mode: Mode) -> str:
    if mode.locked:
        return _("Locked: an amount that you change is entered as a correction, with its reason.")
    if mode.corrects:
        return _(
            "Open, but a locked version sums it: an amount that you change is entered as a correction, with its reason."
        )
    return _("Open")


def _refusal(found: Sheet, outcome: Outcome, printed: list[lines.Line]) -> dict:
    """Why nothing was saved: sentences, and the cells to look at as (address, project, sentence)."""
    said = []
    if outcome.foreign:
        said.append(_("There are rows in the form that are not yours to change (any more). Nothing was saved."))
    if outcome.mode_changed:
        said.append(_("The month was locked or opened meanwhile. Look at your changes again, then save them."))
    if outcome.brought:
        said.append(_brought(outcome))
    places = [
        (f"#{cell.id}", line.row.project.name, slip.sentence)
        for line in printed
        for cell in line.cells.values()
        for slip in cell.said
        if slip.severity == Severity.ERROR
    ]
    return {"refused": True, "said": said, "places": places}


def export(model_admin, request, month: Month, format: str):  # noqa: A002 - the word that addresses use
    """The sheet as it is filtered, as CSV or XLSX."""
    found = Sheet(request, month)
    all_rows = found.rows()
    told = {name: value for name, value in request.GET.items() if value}
    target = found.row_of_month or ReportingMonth
    audit.record(
        audit.Action.EXPORT,
        by=request.user,
        target=target,
        sheet=str(month),
        format=format,
        filters=told,
        rows=len(all_rows),
    )
    name = _("Sheet of %(month)s, %(series)s") % {"month": month, "series": found.asked.tab.label}
    return exports.export_response(
        format=format,
        name=name,
        fields=taking_out.fields(),
        queryset=list(taking_out.values(all_rows, found.mode)),
        day=timezone.localdate(),
        head=request.method == "HEAD",
    )
