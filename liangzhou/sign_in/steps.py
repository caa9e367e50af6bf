"""What is still to be done between the right password and the first page of the admin."""

from urllib.parse import urlsplit

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpResponseRedirect, QueryDict
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from liangzhou import permissions
from liangzhou.sign_in import passwords, two_factor

CODE, PASSWORD, SET_UP = "admin:second_factor_code", "admin:password_change", "admin:second_factor_setup"
NOT_PAGES = {"login", "logout", "second_factor_code"}  # of the admin: to sign in is no end to come to


def due(request) -> str:
    """The name of the page that somebody who is signed in must see first; empty where the admin is open."""
    user = request.user
    has_factor = two_factor.is_on(user)
    if has_factor and not two_factor.is_verified(user):
        return CODE
    if passwords.why_new(user):
        return PASSWORD
    if not has_factor and permissions.needs_second_factor(user):
        return SET_UP
    return ""


def is_open(request, step: str) -> bool:
    """Whether this is a page that may be opened while a step is due: the step's own, and signing out."""
    return request.path in (reverse(step), reverse("admin:logout"))


def address(step: str, goal: str) -> str:
    """The page of a step, which leads on to the goal, an address."""
    query = QueryDict(mutable=True)
    query[REDIRECT_FIELD_NAME] = goal
    return f"{reverse(step)}?{query.urlencode(safe='/')}"


def goal_of(request) -> str:
    """The address in `next`, where it is a page of our own admin; empty otherwise."""
    goal = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME) or ""
    own = url_has_allowed_host_and_scheme(goal, {request.get_host()}, require_https=request.is_secure())
    return goal if own and _is_page(urlsplit(goal).path) else ""


def _is_page(path: str) -> bool:
    if ".." in path.split("/"):  # a browser would climb out of the admin
        return False
    try:
        match = resolve(path)
    except Resolver404:
        return False
    return match.app_name == "admin" and match.url_name not in NOT_PAGES


def go_on(request) -> HttpResponseRedirect:
    """To where somebody wanted to go before the step, or to the first page."""
    return HttpResponseRedirect(goal_of(request) or reverse("admin:index"))


def keep_own_goal(request) -> None:
    """Take a `next` that is not ours out of a request, before Django's own page of signing in follows it."""
    goal = goal_of(request)
    for name in ("GET", "POST"):
        fields = getattr(request, name)
        if REDIRECT_FIELD_NAME in fields and fields[REDIRECT_FIELD_NAME] != goal:
            fields = fields.copy()
            del fields[REDIRECT_FIELD_NAME]
            setattr(request, name, fields)
