"""The leader's page."""

from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from liangzhou import permissions
from liangzhou.months import Month
from monthly.models import ReportingMonth
from projects.models import Project

from . import instructions, leader_month
from . import leader as leader_facts


def leader(model_admin, request):
    """This month against target, one's projects, what is red and why, what waits.

    For who may view projects and months: a light tells of funds.
    """
    user, today = request.user, timezone.localdate()
    if not all(permissions.may(user, "view", model) for model in (Project, ReportingMonth)):
        raise PermissionDenied
    books = leader_month.books_of(user, on=today)
    projects = leader_facts.projects_of(user, on=today)
    calls = leader_facts.calls_for_help(user, projects, books.month if books else Month.of(today).plus(-1))
    given = instructions.given(user, on=today)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("This month and my projects") if projects.assigned else _("This month and red projects"),
        "month": leader_month.facts(books) if books else None,
        "projects": projects,
        "waiting": leader_facts.waiting(given, calls, user),
        "calls": calls,
        "given": given,
    }
    request.current_app = model_admin.admin_site.name
    return TemplateResponse(request, "admin/monthly/leader.html", context)
