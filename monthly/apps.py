"""Month by month, as a Django app."""

from django.apps import AppConfig
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _


class MonthlyConfig(AppConfig):
    name = "monthly"
    verbose_name = _("Month by month")

    def ready(self):
        from django.contrib import admin

        admin.site.panels += [_panel("of_leader"), _panel("of_clerk")]


def _panel(name: str):
    """A part of the admin's first page, imported when it is asked for: the admin's modules are not loaded yet."""
    return lambda request: import_string(f"monthly.desk.panel.{name}")(request)
