"""The tables of a published month as files."""

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View

from liangzhou import exports
from liangzhou.months import Month
from monthly import tables
from monthly.books import FrozenBooks
from monthly.published import shelf
from monthly.views.asked import version_asked


class TableExport(View):
    """One table; every row says its period, as of when, from which version, and what is counted."""

    def get(self, request, format):  # noqa: A002 - the word that addresses use
        version = version_asked(request, shelf())
        name = request.GET.get("table", "")
        if name not in tables.TITLES:
            raise Http404
        table = tables.table(FrozenBooks(version), name)
        month = Month.of(version.month)
        as_of = timezone.localtime(version.locked_at).date()
        fields = [
            exports.Field(_("Period")),
            exports.Field(_("As of"), kind=exports.Kind.DATE),
            exports.Field(_("Version"), kind=exports.Kind.NUMBER),
            exports.Field(_("Definition")),
        ]
        return exports.export_response(
            format=format,
            name=f"{table.title}_{month}_v{version.number}",
            day=as_of,
            fields=[*table.fields(), *fields],
            queryset=[
                (*values, month.span, as_of, version.number, tables.meaning(table, row))
                for row, values in zip(table.rows, table.exported(), strict=True)
            ],
            head=request.method == "HEAD",
        )
