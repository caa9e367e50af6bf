"""Every address of the site. Chinese pages at /…, the same with English words at /en/…."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.sitemaps.views import index as sitemap_index
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path, register_converter
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from liangzhou import health
from liangzhou.converters import CodeConverter, FormatConverter
from liangzhou.months import MonthConverter
from liangzhou.views import display
from monthly.sitemaps import FundsSitemap
from projects import sitemaps
from projects.feeds import ChangesFeed

register_converter(CodeConverter, "code")
register_converter(FormatConverter, "format")
register_converter(MonthConverter, "month")

SITEMAPS = sitemaps.SITEMAPS | {"funds": FundsSitemap()}

urlpatterns = [
    path("admin/", admin.site.urls),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("robots.txt", TemplateView.as_view(template_name="robots.txt", content_type="text/plain"), name="robots"),
    path(
        "sitemap.xml",
        require_safe(sitemap_index),
        {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap-section"},
        name="sitemap",
    ),
    path("sitemap-<section>.xml", require_safe(sitemap), {"sitemaps": SITEMAPS}, name="sitemap-section"),
    path("feed.atom", require_safe(ChangesFeed()), name="feed"),
    path("display/", display, name="display"),
    *i18n_patterns(
        path("enterprises/", include("enterprises.urls")),
        path("funds/", include("monthly.urls")),
        path("", include("projects.urls")),
        prefix_default_language=False,
    ),
]

handler400 = "liangzhou.errors.bad_request"
handler403 = "liangzhou.errors.forbidden"
handler404 = "liangzhou.errors.not_found"
handler500 = "liangzhou.errors.server_error"
