"""The page of a month's report in the admin, and its files."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from liangzhou import audit
from liangzhou.exports.responses import disposition
from liangzhou.lists import is_key
from liangzhou.months import Month
from monthly import figure_choices, wording
from monthly.books import Books, FrozenBooks, LiveBooks
from monthly.models import ReportingMonth
from monthly.month_pages import page

from . import content
from .as_pdf import CannotPrint
from .editions import FORMATS, in_bytes, versions_of

DRAFT = "draft"


def show(model_admin, request, month: Month):
    """The choice of version and format, with the paragraph that the report begins with."""
    title = _("Monthly report, %(month)s") % {"month": month.label}
    back = reverse("admin:monthly_month", args=[month])
    if not _reads_all(request.user):
        return _refused(model_admin, request, month, title, back)
    versions = versions_of(month)
    books = _chosen(request, month, versions)
    with override(content.LANGUAGE):
        paragraph = wording.overall(books)
    context = {
        "choices": [
            *((str(one.number), _of_version(one)) for one in versions),
            (DRAFT, _("draft of what is there now")),
        ],
        "chosen": _name(books),
        "is_draft": books.version is None,
        "paragraph": paragraph,
        "files": [(reverse("admin:monthly_report", args=[month, name]), form.name) for name, form in FORMATS.items()],
        "back": back,
    }
    return page(model_admin, request, "month_report", month, title, **context)


def report(model_admin, request, month: Month, format: str):  # noqa: A002 - the word that addresses use
    """The report as a file. What is not in the audit trail does not leave the house."""
    if format not in FORMATS:
        raise Http404
    if not _reads_all(request.user):
        title = _("Monthly report, %(month)s") % {"month": month.label}
        return _refused(model_admin, request, month, title, reverse("admin:monthly_month", args=[month]))
    books = _chosen(request, month, versions_of(month))
    response = HttpResponse(content_type=FORMATS[format].content_type)
    if request.method != "HEAD":
        made = content.build(books)
        try:
            response.content = in_bytes(made, format)
        except CannotPrint as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(f"{reverse('admin:monthly_report_page', args=[month])}?version={_name(books)}")
        about = {"report": str(month), "version": _name(books), "format": format}
        audit.record(audit.Action.EXPORT, by=request.user, target=ReportingMonth, **about)
        response.headers["Content-Disposition"] = disposition(made.file_name, f".{format}")
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _reads_all(user) -> bool:
    """The report names every project: it is for those who may read all of them, and their amounts."""
    return figure_choices.may_read(user) and figure_choices.only(user) is None


def _refused(model_admin, request, month: Month, title: str, back: str):
    sentence = _("The report names all projects of the district: it is for those who may see all of them.")
    response = page(model_admin, request, "month_report", month, title, refusal=sentence, back=back)
    response.status_code = 403
    return response


def _chosen(request, month: Month, versions: list) -> Books:
    """The books of the version in the address; of the newest one, or as they are now, where it names none."""
    asked = request.GET.get("version", "")
    if asked == DRAFT or (not asked and not versions):
        return LiveBooks(month)
    if not asked:
        return FrozenBooks(versions[0])
    found = next((one for one in versions if is_key(asked) and one.number == int(asked)), None)
    if found is None:
        raise Http404
    return FrozenBooks(found)


def _name(books: Books) -> str:
    return DRAFT if books.version is None else str(books.version.number)


def _of_version(version) -> str:
    return _("version %(number)d") % {"number": version.number}
