"""One filtered, sorted list: the same for its page, its counts and its exports."""

from dataclasses import dataclass, field, replace
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from liangzhou.columns import Cell, Column, ordering
from liangzhou.exports import Kind
from liangzhou.filters import ListFilterSet

PAGE_SIZE = 20
OWN_PARAMETERS = ("o", "page")  # of every list, beside its filters


@dataclass(frozen=True)
class Notice:
    """Something the visitor should know about the answer."""

    text: str
    level: str = "warning"


@dataclass
class Listing:
    """What a query string asks of a list. `base` are the rows that may be seen at all."""

    params: QueryDict
    base: object
    filterset_class: type[ListFilterSet]
    columns: list[Column]
    default_order: str
    path: str = ""
    notices: list[Notice] = field(default_factory=list)

    def __post_init__(self):
        self.filterset = self.filterset_class(self.params, self.base)
        self.order = self.params.get("o", "") or self.default_order
        self._ordering = ordering(self.columns, self.order, self.base.model)
        if self._ordering is None:
            self.notices.append(Notice(_("The list cannot be sorted by “%(asked)s”.") % {"asked": self.order[:40]}))
            self.order = self.default_order
            self._ordering = ordering(self.columns, self.order, self.base.model)
        unknown = _("There is no filter “%(name)s” here; it was not applied.")
        repeated = _("“%(name)s” was given several times; only the last one counts.")
        for name in self.filterset.unknown_parameters(also_known=OWN_PARAMETERS):
            self.notices.append(Notice(unknown % {"name": name[:40]}))
        for name in self.filterset.repeated_parameters(also_known=OWN_PARAMETERS):
            self.notices.append(Notice(repeated % {"name": name}))
        for name, errors in self.filterset.form.errors.items():
            label = self.filterset.filters[name].label
            for error in errors:
                said = {"filter": label, "problem": error}
                self.notices.append(
                    Notice(_("%(filter)s: %(problem)s This filter was not applied.") % said, level="error")
                )

    @property
    def understood(self) -> bool:
        """Whether everything asked was applied; an export of anything else would mislead."""
        return not self.notices

    @cached_property
    def queryset(self):
        """The rows asked for, sorted."""
        return self.filterset.narrowed().order_by(*self._ordering)

    def page(self, total: int, page_size: int = PAGE_SIZE) -> Page:
        """The page asked for; the nearest one, with a notice, where it does not exist."""
        paginator = CountedPaginator(self.queryset, page_size, total=total)
        asked = self.params.get("page", "1") or "1"
        number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 0
        nearest = min(max(number, 1), paginator.num_pages)
        if number != nearest:
            words = {"asked": asked[:20], "nearest": nearest}
            self.notices.append(Notice(_("There is no page “%(asked)s”; this is page %(nearest)s.") % words))
        return paginator.page(nearest)

    # What the templates print

    @cached_property
    def filters(self) -> list[dict]:
        """The filter form."""
        return self.filterset.groups()

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What the filter form carries along."""
        return [("o", self.order)] if self.order != self.default_order else []

    @property
    def chips(self) -> list[dict]:
        """The filters in force, each with the address of the list without it."""
        return [
            {"label": self.filterset.filters[name].label, "value": words, "remove_url": self.url_without(name, value)}
            for name, value, words in self.filterset.taken()
        ]

    @property
    def clear_url(self) -> str:
        """The list without any filter, sorted as it is."""
        params = QueryDict(mutable=True)
        params.update(dict(self.hidden))
        return self._url(params)

    def url_without(self, name: str, value: str) -> str:
        """The address of this list without one value of one filter."""
        params = self._understood_params()
        params.setlist(name, [v for v in params.getlist(name) if v != value])
        return self._url(params)

    def url_with(self, **changes: str) -> str:
        """The address of this list with some parameters changed."""
        params = self._understood_params()
        for name, value in changes.items():
            params[name] = value
        return self._url(params)

    def export_url(self, path: str) -> str:
        """The address of an export of this very list."""
        return self._url(self._understood_params(), path)

    def _understood_params(self) -> QueryDict:
        params = QueryDict(mutable=True)
        for name, value, _words in self.filterset.taken():
            params.appendlist(name, value)
        if self.order != self.default_order:
            params["o"] = self.order
        return params

    def _url(self, params: QueryDict, path: str = "") -> str:
        query = params.urlencode()
        return f"{path or self.path}?{query}" if query else path or self.path

    @property
    def header(self) -> list[dict]:
        """The heads of the page's table, with the address that sorts by each."""
        return [self._head(c) for c in self.columns if c.cell]

    def _head(self, column: Column) -> dict:
        current, descending = self.order.removeprefix("-") == column.name, self.order.startswith("-")
        number = column.kind is Kind.NUMBER
        first = "-" if number else ""
        following = ("" if descending else "-") if current else first
        return {
            "label": capfirst(column.label),
            "kind": "number" if number else "text",
            "sort_url": self.url_with(o=f"{following}{column.name}") if column.sort is not None else "",
            "sorted": ("descending" if descending else "ascending") if current else "",
            "primary": column.primary,
        }

    @property
    def sort_options(self) -> list[dict]:
        """What the list can be sorted by, for where the table's heads are not shown."""
        options = []
        default = self.default_order.removeprefix("-")
        for column in (c for c in self.columns if c.sort is not None and (c.cell or c.name == default)):
            for order in (column.name, f"-{column.name}"):
                way = _("%(column)s, descending") if order.startswith("-") else _("%(column)s, ascending")
                label = way % {"column": capfirst(column.label)}
                options.append({"label": label, "url": self.url_with(o=order), "current": order == self.order})
        return options

    def rows(self, page: Page) -> list[list[Cell]]:
        """The page's cells."""
        shown = [c for c in self.columns if c.cell]
        return [[replace(c.cell(row), label=capfirst(c.label)) for c in shown] for row in page.object_list]

    def pages(self, page: Page) -> dict:
        """Links to the other pages; None stands for a gap."""
        numbers = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
        items = [
            None if n == Paginator.ELLIPSIS else {"number": n, "url": self._page_url(n), "current": n == page.number}
            for n in numbers
        ]
        return {
            "number": page.number,
            "num_pages": page.paginator.num_pages,
            "items": items,
            "previous_url": self._page_url(page.previous_page_number()) if page.has_previous() else "",
            "next_url": self._page_url(page.next_page_number()) if page.has_next() else "",
        }

    def _page_url(self, number: int) -> str:
        return self.url_with(page=str(number)) if number > 1 else self.url_with()


class CountedPaginator(Paginator):
    """A paginator that is told the count, which the list shows anyway."""

    def __init__(self, *args, total: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.__dict__["count"] = total
