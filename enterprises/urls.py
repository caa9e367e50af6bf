"""Addresses of the companies' pages."""

from django.urls import path

from enterprises import views

app_name = "enterprises"
urlpatterns = [
    path("", views.EnterpriseList.as_view(), name="enterprise-list"),
    path("export.<format:format>", views.EnterpriseList.exported(), name="enterprise-export"),
    path("<code:code>/", views.EnterpriseDetail.as_view(), name="enterprise-detail"),
]
