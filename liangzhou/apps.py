"""The site as a Django app, and the admin under our own titles."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class LiangzhouConfig(AppConfig):
    name = "liangzhou"
    verbose_name = _("Changes of many records")
    default = True

    def ready(self):
        post_migrate.connect(_install_search, dispatch_uid="liangzhou.search")


class LedgerAdminConfig(admin_apps.AdminConfig):
    default = False
    default_site = "liangzhou.admin_site.LedgerAdminSite"


def _install_search(using, **kwargs):
    from liangzhou import search

    search.install(using)
