"""The site as a Django app, and the admin under our own titles."""

from axes.apps import AppConfig as AxesAppConfig
from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.contrib.auth.signals import user_logged_in
from django.core import checks
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class LiangzhouConfig(AppConfig):
    name = "liangzhou"
    verbose_name = _("Accounts, changes and audit")
    default = True

    def ready(self):
        from liangzhou.audit import sign_in as audit_sign_in
        from liangzhou.audit import table as audit_table
        from liangzhou.sign_in import sessions

        audit_sign_in.connect()
        checks.register(audit_table.check_rights, checks.Tags.security, deploy=True)
        user_logged_in.connect(sessions.begin, dispatch_uid="liangzhou.sessions")
        post_migrate.connect(_install_search, sender=self, dispatch_uid="liangzhou.search")
        post_migrate.connect(_install_roles, sender=self, dispatch_uid="liangzhou.roles")


class LedgerAdminConfig(admin_apps.AdminConfig):
    default = False
    default_site = "liangzhou.admin_site.LedgerAdminSite"

    def ready(self):
        super().ready()
        from django.contrib import admin
        from django_otp.plugins.otp_static.models import StaticDevice
        from django_otp.plugins.otp_totp.models import TOTPDevice

        admin.site.unregister([TOTPDevice, StaticDevice])  # their pages show everybody's keys


class AxesConfig(AxesAppConfig):
    default = False
    verbose_name = _("Signing in")


def _install_search(using, **kwargs):
    from liangzhou import search

    search.install(using)


def _install_roles(using, **kwargs):
    """Once all tables are there; a database that is only partly migrated gets them with the rest."""
    from django.db import connections

    from liangzhou import roles
    from liangzhou.audit import table as audit_table

    tables = connections[using].introspection.table_names()
    if {"auth_group_permissions", "liangzhou_auditentry"} <= set(tables):
        roles.install(using)
        audit_table.install(using)
