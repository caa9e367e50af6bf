"""Thin generic pages: a list, its exports, a record. Apps name the queryset, the filters and the columns."""

from copy import copy

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.encoding import iri_to_uri
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView

from liangzhou import exports
from liangzhou.columns import export_rows
from liangzhou.fieldsets import References, facts, show_value
from liangzhou.listing import PAGE_SIZE, Listing, Notice


class PageMixin:
    """What every public page says of itself: title, way there, the meta tags of government sites."""

    title = ""
    lead = ""
    column_name = ""  # the column of the site that the page belongs to
    column_type = ""
    previewed = None  # a record that this page shows as if it were public: only in `preview`, never by an address

    def public(self, model: type[Model]) -> QuerySet:
        """The records of a kind that this page may show: those that are public, and the one that is previewed."""
        rows = model.objects.public()
        if isinstance(self.previewed, model):
            rows |= model.objects.filter(pk=self.previewed.pk)
        return rows

    def get_title(self) -> str:
        return str(self.title)

    def breadcrumb(self) -> list[tuple[str, str]]:
        """(label, address) pairs from the home page on; the last one is this page."""
        return [*self.way_here(), (self.get_title(), "")]

    def way_here(self) -> list[tuple[str, str]]:
        """The pages above this one."""
        return [(_("Home"), reverse("projects:home"))]

    def page_meta(self) -> list[tuple[str, str]]:
        """The meta tags of 政府网站发展指引 (2017): site, column and, for a record, article."""
        identity = settings.SITE_IDENTITY
        column = str(self.column_name or self.get_title())
        return [
            ("SiteName", identity["name"]),
            ("SiteDomain", self.request.get_host()),
            *([("SiteIDCode", identity["site_code"])] if identity["site_code"] else []),
            ("ColumnName", column),
            ("ColumnDescription", str(self.lead) or column),
            ("ColumnKeywords", column),
            ("ColumnType", str(self.column_type or column)),
        ]

    def page_context(self) -> dict:
        return {
            "title": self.get_title(),
            "lead": self.lead,
            "breadcrumb": self.breadcrumb(),
            "page_meta": self.page_meta(),
        }


class Page(PageMixin, TemplateView):
    """A page that is neither a list nor a record."""

    def get_context_data(self, **kwargs):
        return {**super().get_context_data(**kwargs), **self.page_context()}


class ListPage(PageMixin, View):
    """A filtered, sorted, numbered list; `exported` gives the view of its exports."""

    template_name = "list.html"
    filterset_class = None
    columns = None  # a function that makes the columns in the language now active
    default_order = ""
    caption = ""
    export_name = ""
    empty = ""
    page_size = PAGE_SIZE

    def get_queryset(self):
        """The rows that the public may see at all."""
        raise NotImplementedError

    def with_related(self, queryset):
        """What the cells of one page need beside the rows."""
        return queryset

    def listing(self, request) -> Listing:
        return Listing(
            request.GET,
            self.get_queryset(),
            self.filterset_class,
            type(self).columns(),
            self.default_order,
            path=request.path,
        )

    def totals(self, queryset) -> dict:
        """At least {"count": n}; one query."""
        return {"count": queryset.order_by().count()}

    def summary(self, totals: dict) -> str:
        """One line above the table: how many rows, and what they add up to."""
        return _("%(count)s records") % totals

    def get(self, request, *args, **kwargs):
        listing = self.listing(request)
        totals = self.totals(listing.queryset)
        page = listing.page(totals["count"], self.page_size)
        page.object_list = self.with_related(page.object_list)
        context = {**self.page_context(), "listing": self.printed(listing, page, totals)}
        return TemplateResponse(request, self.template_name, context)

    def printed(self, listing: Listing, page, totals: dict) -> dict:
        """What the list's components print."""
        stem = self.request.path
        return {
            "caption": self.caption or self.get_title(),
            "summary": self.summary(totals),
            "count": totals["count"],
            "filters": listing.filters,
            "hidden": listing.hidden,
            "chips": listing.chips,
            "clear_url": listing.clear_url,
            "sort_options": listing.sort_options,
            "header": listing.header,
            "rows": listing.rows(page),
            "pages": listing.pages(page),
            "notices": listing.notices,
            "has_errors": bool(listing.filterset.form.errors),
            "action": self.request.path,
            "empty": {"text": self.empty, "suggestions": self.suggestions(listing)},
            "exports": [
                {"label": label, "url": listing.export_url(f"{stem}export.{format_}")}
                for format_, label in exports.FORMATS.items()
            ],
        }

    def suggestions(self, listing: Listing) -> list[dict]:
        """What to try where nothing matches: the list without each of the filters in force."""
        without = _("Without the filter %(label)s: %(value)s")
        tries = [{"label": without % chip, "url": chip["remove_url"]} for chip in listing.chips]
        return [*tries, {"label": _("Show everything"), "url": listing.clear_url}]

    @classmethod
    def exported(cls):
        """The view that exports this list."""
        return ListExport.as_view(page_class=cls)


class ListExport(View):
    """The list as a file: the same filters, the same order, every public column."""

    page_class = None

    def get(self, request, format):  # noqa: A002 - the word that addresses use
        if format not in exports.FORMATS:
            raise Http404
        page = self.page_class()
        page.setup(request)
        listing = page.listing(request)
        listing.path = request.path.removesuffix(f"export.{format}")  # where a refusal leads back to
        if "page" in request.GET:
            listing.notices.append(Notice(_("An export has no pages.")))
        if not listing.understood:
            context = {
                "title": _("This export was not made"),
                "notices": listing.notices,
                "list_url": listing.url_with(),
                "lead": _("A file that ignores a filter would mislead."),
            }
            return render(request, "export_refused.html", context, status=400)
        return exports.export_response(
            format=format,
            name=str(page.export_name or page.get_title()),
            day=timezone.localdate(),
            fields=[column.export_field() for column in listing.columns],
            queryset=export_rows(listing.queryset, listing.columns),
            head=request.method == "HEAD",
        )


class DetailPage(PageMixin, View):
    """One record: its facts with the sentences that support them. Only what the public may see is found."""

    template_name = ""
    sections = ()
    lookup = "code"
    list_title = ""
    list_url = ""

    def get_queryset(self):
        """The rows that the public may see at all."""
        raise NotImplementedError

    def get_title(self):
        return str(self.record)

    def way_here(self):
        return [*super().way_here(), (str(self.list_title), str(self.list_url))]

    def page_meta(self):
        record = self.record
        sources = ", ".join(dict.fromkeys(str(c.source) for c in self.references.citations))
        published = getattr(record, "published_at", None) or record.created_at
        return [
            *super().page_meta(),
            ("ArticleTitle", str(record)),
            ("PubDate", timezone.localtime(published).strftime("%Y-%m-%d %H:%M")),
            *([("ContentSource", sources)] if sources else []),
            ("Keywords", str(record)),
            ("Description", getattr(record, "summary", "") or str(record)),
            ("Url", self.request.build_absolute_uri(record.get_absolute_url())),
        ]

    def extra_context(self) -> dict:
        """What this kind of record shows beside its facts."""
        return {}

    def get(self, request, **kwargs):
        try:
            self.record = self.get_queryset().get(**{self.lookup: kwargs[self.lookup]})
        except self.get_queryset().model.DoesNotExist as error:
            raise Http404 from error
        self.references = References(self.record.citations.select_related("source"))
        context = {
            **self.page_context(),
            "record": self.record,
            "sections": [{"heading": _("Facts"), "facts": facts(self.record, self.sections, self.references)}],
            "citations": self.references.listed(),
            "last_changed": show_value(self.record.updated_at),
            "permanent_url": request.build_absolute_uri(self.record.get_absolute_url()),
            **self.extra_context(),
        }
        return TemplateResponse(request, self.template_name, context)


def preview(request, record: Model) -> TemplateResponse:
    """The public page of a record as visitors would get it if the record were public; not rendered yet.

    For staff pages alone: whoever calls has asked whether this person may see the record.
    """
    address = record.get_absolute_url().partition("#")[0]
    found = resolve(address)
    visit = copy(request)
    visit.method, visit.user, visit._messages = "GET", AnonymousUser(), []
    visit.path = visit.path_info = address
    visit.META = {**request.META, "REQUEST_METHOD": "GET", "PATH_INFO": address, "QUERY_STRING": ""}
    visit.GET = QueryDict()
    return found.func.view_class.as_view(previewed=record)(visit, *found.args, **found.kwargs)


DISPLAY_COOKIE = "display"
DISPLAY_CLASSES = ("large", "contrast")


@csrf_exempt  # it changes nothing but how this browser shows the site
@require_POST
def display(request):
    """Large type and high contrast, kept in a cookie for a year."""
    chosen = [name for name in DISPLAY_CLASSES if request.POST.get(name) == "on"]
    address = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    location = iri_to_uri(address) if safe and address.startswith("/") else "/"
    response = HttpResponse(status=303, headers={"Location": location})
    if chosen:
        year = 365 * 24 * 3600
        response.set_cookie(
            DISPLAY_COOKIE,
            "-".join(chosen),
            max_age=year,
            samesite="Lax",
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
        )
    else:
        response.delete_cookie(DISPLAY_COOKIE)
    patch_vary_headers(response, ["Cookie"])
    return response
