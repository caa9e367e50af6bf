"""The admin site: its titles and the order of its menu."""

from django.apps import apps as django_apps
from django.conf import settings
from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class LedgerAdminSite(admin.AdminSite):
    """The admin under the site's own name; apps in the order of settings, models in the order of admin.py."""

    site_title = site_header = settings.SITE_IDENTITY["name"]
    index_title = _("What do you want to work on?")
    empty_value_display = "—"
    enable_nav_sidebar = False  # the menu under the header leaves the width to the lists
    names = {"axes": _("Signing in"), "axes.AccessAttempt": _("Failed sign-ins")}  # axes speaks no Chinese
    unlisted = {"axes.AccessLog", "axes.AccessFailureLog"}  # the attempts page is enough to unlock a clerk

    def get_app_list(self, request, app_label=None):
        apps = self._build_app_dict(request, app_label)
        order = list(self._registry)
        for label, app in apps.items():
            app["name"] = self.names.get(label, app["name"])
            app["models"] = [m for m in app["models"] if m["model"]._meta.label not in self.unlisted]
            app["models"].sort(key=lambda model: order.index(model["model"]))
            for entry in app["models"]:
                entry["name"] = self.names.get(entry["model"]._meta.label, entry["name"])
        labels = [config.label for config in django_apps.get_app_configs()]
        labels.remove("liangzhou")
        labels.insert(labels.index("admin"), "liangzhou")  # what was done comes after what it was done to
        return sorted((app for app in apps.values() if app["models"]), key=lambda app: labels.index(app["app_label"]))
