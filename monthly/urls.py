"""Addresses of the public pages of funds, month by month."""

from django.urls import path

from monthly import views

app_name = "monthly"
urlpatterns = [
    path("", views.Funds.as_view(), name="funds"),
    path("behind/", views.BehindNumber.as_view(), name="behind"),
    path("definitions/", views.Definitions.as_view(), name="definitions"),
    path("export.<format:format>", views.TableExport.as_view(), name="export"),
]
