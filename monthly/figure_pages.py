"""The staff page of a month's figures, the projects behind each of its numbers, and their files."""

import re

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liangzhou import audit, charts, exports, permissions
from liangzhou.history.changes import person
from liangzhou.months import Month, MonthConverter
from projects.models import Project

from . import figure_rows, figure_tables
from . import figures as sums
from .books import Books
from .figure_behind import Behind, behind
from .figure_behind import export as file_of_rows
from .figure_choices import CHOICES, Asked, asked, books_for, may_read, months_with_rows, only
from .lights import counted
from .models import Indicator, MonthVersion, ReportingMonth
from .ranking import GROUPS, MEASURES, lights_by_group, ranking
from .rates import rates

ROWS_PER_PAGE = 100
_MONTH = re.compile(MonthConverter.regex)


# The page


def figures(model_admin, request, month: Month):
    """What the books of a month say: by group, by month, ranked; numbers of projects, rates, lights."""
    there = _elsewhere(request, month)
    if there:
        return HttpResponseRedirect(there)
    wanted, books = _opened(request, month)
    lines = sums.lines(books, wanted.indicator, wanted.by)
    months = figure_tables.of_months(wanted, "", sums.months(books, wanted.indicator))
    lights = figure_rows.lights_of(books)
    found = {
        "main": _main_table(wanted, books, lines),
        "months": months,
        "chart": _chart(wanted, books),
        "ranking": _ranking(wanted, books, lines, lights),
        "counts": figure_tables.of_counts(wanted, sums.counts(books)),
        "rates": figure_tables.of_rates(wanted, rates(books)),
        "lights": figure_tables.of_lights(wanted, counted(lights.values())),
        "chooser": _chooser(wanted, books),
        "files": _files(wanted, "monthly_figures_export"),
        "notices": wanted.notices,
    }
    title = _("Figures, %(span)s") % {"span": month.span}
    return _page(model_admin, request, "figures", title, wanted, books, **found)


def _opened(request, month: Month, *, strict: bool = False) -> tuple[Asked, Books]:
    """What is asked for and the books that it is asked of, as far as whoever asks may read them."""
    if not may_read(request.user):
        raise PermissionDenied
    wanted = asked(month, request.GET, strict=strict)
    books = books_for(request.user, month, wanted.version)
    if books.only is not None and wanted.measure == "completion":  # limited books have no targets
        wanted = wanted.with_(measure="ytd")
    return wanted, books


def _elsewhere(request, month: Month) -> str:
    """The address of another month that was chosen in the form; empty where it is this one."""
    typed = request.GET.get("month", "")
    if not typed:
        return ""
    try:
        chosen = MonthConverter().to_python(typed) if _MONTH.fullmatch(typed) else month
    except ValueError:
        chosen = month
    query = request.GET.copy()
    del query["month"]
    if chosen != month:
        query.pop("version", None)  # a version is one of its month
    return asked(chosen, query).address()


def _page(model_admin, request, template: str, title: str, wanted: Asked, books: Books, **context):
    request.current_app = model_admin.admin_site.name
    frame = {**model_admin.admin_site.each_context(request), "title": title, "opts": model_admin.opts}
    about = {"asked": wanted, "month": wanted.month, "as_of": _as_of(books), "whose": _whose(request.user)}
    return TemplateResponse(request, f"admin/monthly/{template}.html", {**frame, **about, **context})


def _as_of(books: Books) -> str:
    """Which state of the records the figures are from, in a sentence."""
    version = books.version
    if version is None:
        now = timezone.localtime()
        return _("The records as they are now (%(at)s); they may still change.") % {"at": f"{now:%Y-%m-%d %H:%M}"}
    words = {
        "number": version.number,
        "at": f"{timezone.localtime(version.locked_at):%Y-%m-%d %H:%M}",
        "who": person(version.locked_by),
    }
    if version.is_public:
        return _("Version %(number)s, locked on %(at)s by %(who)s and published: it never changes.") % words
    return _("Version %(number)s, locked on %(at)s by %(who)s, not published: it never changes.") % words


def _whose(user) -> str:
    """That somebody sees figures of some projects only, in a sentence; empty where they see all."""
    if only(user) is None:
        return ""
    return _("These are the figures of your own projects alone, without the district's targets.")


def _caption(wanted: Asked) -> str:
    words = {"indicator": figure_tables.in_words(wanted.indicator), "span": wanted.month.span}
    return _("%(indicator)s, %(span)s") % words


def _main_table(wanted: Asked, books: Books, lines: list) -> figure_tables.Table:
    line = sums.line(books, wanted.indicator)
    label = _("District") if books.only is None else _("Your projects")
    whole = sums.Line(**{**vars(line), "label": label})
    return figure_tables.of_lines(wanted, _caption(wanted), lines, whole)


def _chart(wanted: Asked, books: Books) -> charts.ColumnChart | None:
    """This year's months beside last year's, with the year to date as a line; None where nothing is known."""
    lines = sums.months(books, wanted.indicator)
    now, before, total = ([getattr(line, name) for line in lines] for name in ("amount", "last_amount", "cumulative"))
    unit, (now, before, total) = charts.in_one_unit(now, before, total)
    chart = charts.column_chart(
        _caption(wanted),
        [str(line.month.number) for line in lines],
        [charts.Series(str(wanted.month.year), now), charts.Series(str(wanted.month.year - 1), before)],
        line=charts.Series(_("Year to date"), total),
        unit=unit,
        label_header=_("Month"),
    )
    return None if chart.is_empty else chart


def _ranking(wanted: Asked, books: Books, lines: list, lights: dict) -> figure_tables.Table | None:
    """For chains, places and units; None for the rest, which nobody answers for."""
    if wanted.by not in GROUPS:
        return None
    numbers = lights_by_group(figure_rows.groups_of(books, wanted.by), lights)
    return figure_tables.of_ranking(wanted, ranking(lines, wanted.measure, numbers))


def _chooser(wanted: Asked, books: Books) -> list[dict]:
    """The form above the tables: name, label, (value, words, chosen) of each choice."""
    versions = MonthVersion.objects.filter(month=wanted.month.first).order_by("number")
    version = str(wanted.version.number) if wanted.version else ""
    named = _("Version %(number)s")
    months = sorted({wanted.month, *months_with_rows()}, reverse=True)
    measures = [one for one in MEASURES.items() if books.only is None or one[0] != "completion"]
    choices = {
        "month": (_("Month"), [(str(one), one.label) for one in months], str(wanted.month)),
        "version": (
            _("Version of the records"),
            [("", _("as they are now")), *((str(v.number), named % {"number": v.number}) for v in versions)],
            version,
        ),
        "indicator": (_("Indicator"), [(one, Indicator(one).label) for one in CHOICES["indicator"]], wanted.indicator),
        "by": (_("Grouped by"), list(sums.BY.items()), wanted.by),
        "measure": (_("Ranked by"), measures, wanted.measure),
    }
    return [
        {"name": name, "label": label, "options": [(value, words, value == chosen) for value, words in options]}
        for name, (label, options, chosen) in choices.items()
    ]


def _files(wanted: Asked, name: str, **more: str) -> list[tuple[str, str]]:
    return [(label, wanted.address(name, format=form, **more)) for form, label in exports.FORMATS.items()]


# What is behind a number


def rows(model_admin, request, month: Month):
    """The projects behind a number, with their amounts and the rows of these."""
    wanted, books = _opened(request, month, strict=True)
    found = _behind_or_404(books, wanted, request)
    page = Paginator(found.rows, ROWS_PER_PAGE).get_page(request.GET.get("p"))
    _add_records(books, found, page.object_list)
    keys = [row.key for row in page.object_list]
    seen = permissions.visible(request.user, Project.objects.filter(pk__in=keys))
    query = {name: value for name, value in request.GET.items() if name not in ("p", "version", "indicator")}
    context = {
        "found": found,
        "page": page,
        "lines": [(row, found.cells(row)) for row in page.object_list],
        "page_range": page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1),
        "query": wanted.rows(**{"by": "", **query}),
        "linked": set(seen.order_by().values_list("pk", flat=True)),
        "heads": found.heads(),
        "summary": _summary(found),
        "back": wanted.with_(by=found.by).address() if found.by else wanted.address(),
        "files": _files(wanted, "monthly_rows_export", **{"by": "", **query}),
    }
    return _page(model_admin, request, "figure_rows", found.title, wanted, books, **context)


def _behind_or_404(books: Books, wanted: Asked, request) -> Behind:
    try:
        return behind(books, wanted, request.GET)
    except (ValueError, KeyError) as error:
        raise Http404 from error


def _add_records(books: Books, found: Behind, rows: list) -> None:
    if found.is_amounts:
        figure_rows.add_records(books, found.indicator, found.by, found.key, list(found.months), rows)


def _summary(found: Behind) -> str:
    """How many projects, and what they come to."""
    count = len(found.rows)
    if found.total is None:
        return ngettext("%(count)d project", "%(count)d projects", count) % {"count": count}
    words = {"count": count, "total": figure_tables.wan(found.total).text}
    if found.is_amounts:
        return ngettext("%(count)d project · %(total)s 万元", "%(count)d projects · %(total)s 万元", count) % words
    said = ngettext(
        "%(count)d project · total investment %(total)s 万元",
        "%(count)d projects · total investment %(total)s 万元",
        count,
    )
    return said % words


# Files


def export(model_admin, request, month: Month, format: str):  # noqa: A002 - the word that addresses use
    """The table of groups as a file."""
    wanted, books = _opened(request, month, strict=True)
    table = _main_table(wanted, books, sums.lines(books, wanted.indicator, wanted.by))
    return _file(request, wanted, format, table.caption, table.fields(), table.values())


def export_rows(model_admin, request, month: Month, format: str):  # noqa: A002 - the word that addresses use
    """The rows behind a number as a file: each row of amounts, or each project."""
    wanted, books = _opened(request, month, strict=True)
    found = _behind_or_404(books, wanted, request)
    _add_records(books, found, found.rows)
    fields, values = file_of_rows(found)
    return _file(request, wanted, format, found.title, fields, values)


def _file(request, wanted: Asked, form: str, title: str, fields: list, values: list[tuple]):
    """What is not in the audit trail does not leave the house."""
    filters = {name: value[:40] for name, value in request.GET.items() if len(name) <= 12}
    head = request.method == "HEAD"
    if not head:
        about = {"month": str(wanted.month), "format": form, "filters": filters, "rows": len(values)}
        audit.record(audit.Action.EXPORT, by=request.user, target=ReportingMonth, **about)
    return exports.export_response(
        format=form, name=title, fields=fields, queryset=values, day=timezone.localdate(), head=head
    )
