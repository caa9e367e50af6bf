"""Addresses of the pages of projects, chains, places, indicators, mechanisms and opportunities."""

from django.urls import path

from projects import views

app_name = "projects"
urlpatterns = [
    path("", views.Home.as_view(), name="home"),
    path("projects/", views.ProjectList.as_view(), name="project-list"),
    path("projects/export.<format:format>", views.ProjectList.exported(), name="project-export"),
    path("projects/<code:code>/", views.ProjectDetail.as_view(), name="project-detail"),
    path("chains/", views.ChainList.as_view(), name="chain-list"),
    path("chains/<slug:slug>/", views.ChainDetail.as_view(), name="chain-detail"),
    path("places/", views.PlaceList.as_view(), name="place-list"),
    path("places/<slug:slug>/", views.PlaceDetail.as_view(), name="place-detail"),
    path("indicators/", views.IndicatorList.as_view(), name="indicator-list"),
    path("indicators/export.<format:format>", views.IndicatorList.exported(), name="indicator-export"),
    path("mechanisms/", views.MechanismList.as_view(), name="mechanism-list"),
    path("mechanisms/<slug:slug>/", views.MechanismDetail.as_view(), name="mechanism-detail"),
    path("opportunities/", views.OpportunityList.as_view(), name="opportunity-list"),
    path("about/", views.About.as_view(), name="about"),
    path("search/", views.Search.as_view(), name="search"),
]
