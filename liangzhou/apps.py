"""The site as a Django app, and the admin under our own titles."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.db.models.signals import post_migrate


class LiangzhouConfig(AppConfig):
    name = "liangzhou"
    default = True

    def ready(self):
        post_migrate.connect(_install_search, dispatch_uid="liangzhou.search")


class LedgerAdminConfig(admin_apps.AdminConfig):
    default = False
    default_site = "liangzhou.admin.LedgerAdminSite"


def _install_search(using, **kwargs):
    from liangzhou import search

    search.install(using)
