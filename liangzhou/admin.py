from django.contrib import admin


class LedgerAdminSite(admin.AdminSite):
    pass
