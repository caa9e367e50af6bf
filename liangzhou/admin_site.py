"""The admin site: its titles, the order of its menu, and who may open its pages."""

from functools import update_wrapper

from django.apps import apps as django_apps
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseRedirect
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect

from liangzhou import permissions
from liangzhou.scoped_admin import view_on_site
from liangzhou.sign_in import steps as sign_in_steps

# What Django's own pages say and its Chinese catalogue lacks: ours has it
gettext_noop("Model name"), gettext_noop("Add link"), gettext_noop("Change or view list link")


class LedgerAdminSite(admin.AdminSite):
    """The admin under the site's own name; apps in the order of settings, models in the order of admin.py."""

    site_title = site_header = settings.SITE_IDENTITY["name"]
    index_title = _("What do you want to work on?")
    empty_value_display = "—"
    enable_nav_sidebar = False  # the menu under the header leaves the width to the lists

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.waiting = []  # functions of a request: what waits for whoever asks, as (sentence, address), or None
        self.panels = []  # functions of a request: a part of the first page (monthly/desk/panel.py), or None

    def index(self, request, extra_context=None):
        """Above the list of records stands what waits for the one who reads it; nothing is said twice."""
        panels = [panel for ask in self.panels if (panel := ask(request))]
        covered = {address for panel in panels for address in panel.covers}
        lines = [line for ask in self.waiting if (line := ask(request))]
        own = {
            "waiting_lines": lines,
            "shown_lines": [line for line in lines if line[1] not in covered],
            "panels": panels,
            "limited": permissions.is_limited(request.user),
        }
        return super().index(request, {**own, **(extra_context or {})})

    # Who may open a page

    def has_permission(self, request):
        """Staff, once everything is done that belongs to signing in."""
        return self._is_staff(request) and not sign_in_steps.due(request)

    def _is_staff(self, request) -> bool:
        return super().has_permission(request)

    def admin_view(self, view, cacheable=False):
        """Whoever still has to enter a code, or to choose a password, is led there from every page."""
        guarded = super().admin_view(view, cacheable)

        def inner(request, *args, **kwargs):
            step = sign_in_steps.due(request) if self._is_staff(request) else ""
            if not step:
                return guarded(request, *args, **kwargs)
            if sign_in_steps.is_open(request, step):
                return never_cache(csrf_protect(view))(request, *args, **kwargs)
            return HttpResponseRedirect(sign_in_steps.address(step, request.get_full_path()))

        return update_wrapper(inner, view)

    @method_decorator(never_cache)
    @method_decorator(login_not_required)
    def login(self, request, extra_context=None):
        sign_in_steps.keep_own_goal(request)
        if request.method == "GET" and self._is_staff(request):
            return sign_in_steps.go_on(request)
        return super().login(request, extra_context)

    def password_change(self, request, extra_context=None):
        from liangzhou.sign_in.password_page import OwnPasswordView

        request.current_app = self.name
        context = self.each_context(request) | (extra_context or {})
        done = reverse("admin:password_change_done", current_app=self.name)
        return OwnPasswordView.as_view(success_url=done, extra_context=context)(request)

    def get_urls(self):
        from liangzhou.sign_in import two_factor_pages

        on_site = path("r/<content_type_id>/<object_id>/", self.admin_view(view_on_site), name="view_on_site")
        return [*two_factor_pages.urls(self), on_site, *super().get_urls()]

    def autocomplete_view(self, request):
        from liangzhou.accounts.people import AutocompleteView

        return AutocompleteView.as_view(admin_site=self)(request)

    # The menu

    def get_app_list(self, request, app_label=None):
        apps = self._build_app_dict(request, app_label)
        order = list(self._registry)
        for app in apps.values():
            app["models"].sort(key=lambda model: order.index(model["model"]))
        labels = [config.label for config in django_apps.get_app_configs()]
        labels.remove("liangzhou")
        labels.insert(labels.index("admin"), "liangzhou")  # what was done comes after what it was done to
        return sorted((app for app in apps.values() if app["models"]), key=lambda app: labels.index(app["app_label"]))
