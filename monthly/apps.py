"""Month by month, as a Django app."""

from django.apps import AppConfig
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _


class MonthlyConfig(AppConfig):
    name = "monthly"
    verbose_name = _("Month by month")

    def ready(self):
        from django.contrib import admin

        from liangzhou.sign_in import idle
        from monthly.merging import PARTS
        from projects.merge_parts import ABOVE
        from projects.views import Home

        Home.panels.append(_panel("bulletin.panel"))
        admin.site.panels += [_panel("desk.panel.of_leader"), _panel("desk.panel.of_clerk")]
        ABOVE.append(PARTS)
        idle.TABLES["admin:monthly_sheet"] = _panel("sheet.kept.table")


def _panel(name: str):
    """A function of a request, imported when it is asked for: the admin's modules are not loaded yet."""
    return lambda request: import_string(f"monthly.{name}")(request)
