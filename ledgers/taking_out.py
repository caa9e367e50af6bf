"""The downloads: the ledger as the list of projects shows it, an empty template, a file with its wrong cells marked."""

from functools import partial
from pathlib import Path

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ALL_VAR, ERROR_FLAG, PAGE_VAR
from django.core.exceptions import PermissionDenied
from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from liangzhou import permissions
from liangzhou.exports.responses import CONTENT_TYPES, disposition
from projects.models import Project

from . import marked, trail, workbook
from .columns import seen_by
from .downloads import workbook_response
from .models import LedgerImport


def ledger(admin, request, format: str):  # noqa: A002 - the word that addresses use
    """All projects that the list of the admin shows with the same words and filters; columns as one may see them."""
    projects = admin.admin_site.get_model_admin(Project)
    if not projects.has_view_permission(request):
        raise PermissionDenied
    try:
        queryset = _listed(projects, request)
    except IncorrectLookupParameters:
        return redirect(reverse("admin:projects_project_changelist", query={ERROR_FLAG: 1}))
    columns = seen_by(request.user)
    filters = {name: value for name, value in request.GET.items() if value}
    trail.taken_out(by=request.user, format=format, filters=filters, rows=queryset.count())
    name = f"{capfirst(Project._meta.verbose_name_plural)}_{timezone.localdate():%Y-%m-%d}"
    if format == "xlsx":
        return workbook_response(partial(workbook.ledger_workbook, queryset, columns=columns), name)
    headers = {"Content-Disposition": disposition(name, ".csv"), "X-Content-Type-Options": "nosniff"}
    chunks = workbook.ledger_csv(queryset, columns)
    return StreamingHttpResponse(chunks, content_type=CONTENT_TYPES["csv"], headers=headers)


def _listed(projects, request):
    """The rows of all pages of a change list. Raises IncorrectLookupParameters."""
    asked = request.GET.copy()
    for name in (PAGE_VAR, ALL_VAR):
        asked.pop(name, None)
    request.GET = asked
    return projects.get_changelist_instance(request).queryset


def template(admin, request):
    """An empty ledger to fill in."""
    return workbook_response(workbook.template_workbook, _("Template of the ledger"))


def marked_workbook(admin, request, pk: int):
    """What was brought in, with the wrong cells marked and explained."""
    seen = permissions.imports(request.user, LedgerImport.objects.select_related("by"))
    ledger_import = get_object_or_404(seen, pk=pk)
    trail.given_back(ledger_import, by=request.user)
    name = _("%(file)s with wrong cells marked") % {"file": Path(ledger_import.file_name).stem}
    return workbook_response(partial(marked.marked_workbook, ledger_import), name)
