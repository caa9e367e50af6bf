"""The page of what stands behind one number."""

from dataclasses import replace
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liangzhou.exports import Kind
from liangzhou.fieldsets import show_value
from liangzhou.listing import CountedPaginator
from liangzhou.months import Month
from liangzhou.views import Page
from monthly.behind import Asked, find
from monthly.books import FrozenBooks
from monthly.published import shelf
from monthly.views.asked import address_of, version_asked
from projects.columns import project_columns
from projects.models import Project

PROJECTS_A_PAGE = 50


class BehindNumber(Page):
    """A number with its definition, period, as-of date and source, and the projects that it sums: names, no amounts."""

    column_name = gettext_lazy("Funds received")
    template_name = "monthly/behind.html"

    def get_title(self):
        title = capfirst(str(self.behind.definitions[0].label))
        if len(self.behind.definitions) > 1:
            title = _("%(what)s, %(figure)s") % {"what": title, "figure": self.behind.definitions[1].label}
        return (
            _("%(figure)s: %(group)s") % {"figure": title, "group": self.behind.group} if self.behind.group else title
        )

    def way_here(self):
        return [*super().way_here(), (_("Funds received"), address_of(self.version))]

    def get_context_data(self, **kwargs):
        self.version = version_asked(self.request, shelf())
        given = self.request.GET
        asked = Asked(given.get("indicator", ""), given.get("by", ""), given.get("key", ""), given.get("figure", "ytd"))
        try:
            self.behind = find(FrozenBooks(self.version), asked)
        except (KeyError, ValueError, ValidationError) as error:
            raise Http404 from error
        return super().get_context_data(
            behind=self.behind,
            definitions_url=reverse("monthly:definitions"),
            version=self.version,
            month=Month.of(self.version.month).label,
            month_url=address_of(self.version),
            as_of=show_value(timezone.localtime(self.version.locked_at).date()),
            **self.projects(asked),
            **kwargs,
        )

    def projects(self, asked: Asked) -> dict:
        """The public projects behind the number, by name; the rest as a count."""
        public = Project.objects.public().filter(pk__in=self.behind.projects)
        count = public.count()
        paginator = CountedPaginator(public.order_by("-total_investment", "pk"), PROJECTS_A_PAGE, total=count)
        page = paginator.get_page(self.request.GET.get("page"))
        rows = page.object_list.select_related("enterprise", "chain", "place")
        return {
            "summed": len(self.behind.projects),
            "named": count,
            "others": len(self.behind.projects) - count,
            "listing": {
                "caption": _("Published projects behind the number"),
                **listed(rows),
                "pages": pages(page, asked.address(self.version)),
            },
        }


def listed(projects) -> dict:
    """Heads and cells of the list of projects: its public columns, none of which is an amount received."""
    columns = [column for column in project_columns() if column.cell]
    return {
        "header": [
            {
                "label": capfirst(column.label),
                "kind": "number" if column.kind is Kind.NUMBER else "text",
                "primary": column.primary,
            }
            for column in columns
        ],
        "rows": [
            [replace(column.cell(project), label=capfirst(column.label)) for column in columns] for project in projects
        ],
    }


def pages(page, address: str) -> dict:
    """Links to the other pages; None stands for a gap."""

    def url(number):
        return f"{address}&{urlencode({'page': number})}" if number > 1 else address

    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return {
        "number": page.number,
        "num_pages": page.paginator.num_pages,
        "items": [
            None if n == Paginator.ELLIPSIS else {"number": n, "url": url(n), "current": n == page.number}
            for n in numbers
        ],
        "previous_url": url(page.previous_page_number()) if page.has_previous() else "",
        "next_url": url(page.next_page_number()) if page.has_next() else "",
    }
