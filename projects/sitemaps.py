"""What search engines may read: fixed pages and every published record."""

from django.contrib.sitemaps import Sitemap
from django.db.models import Max
from django.urls import reverse

from enterprises.models import Enterprise, Place
from projects.models import IndustryChain, Mechanism, Project


class PagesSitemap(Sitemap):
    """The pages that are always there."""

    def items(self):
        names = (
            "home",
            "project-list",
            "chain-list",
            "place-list",
            "indicator-list",
            "mechanism-list",
            "opportunity-list",
            "about",
        )
        return [*(f"projects:{name}" for name in names), "enterprises:enterprise-list"]

    def location(self, item):
        return reverse(item)


class RecordsSitemap(Sitemap):
    """The pages of one kind of record; `rows` gives those that are public."""

    def __init__(self, rows):
        self.rows = rows

    def items(self):
        return self.rows().order_by("pk")

    def lastmod(self, item):
        return item.updated_at

    def get_latest_lastmod(self):
        return self.rows().aggregate(latest=Max("updated_at"))["latest"]  # Django would read every row


SITEMAPS = {
    "pages": PagesSitemap(),
    "projects": RecordsSitemap(lambda: Project.objects.public()),
    "enterprises": RecordsSitemap(lambda: Enterprise.objects.public()),
    "chains": RecordsSitemap(lambda: IndustryChain.objects.all()),
    "places": RecordsSitemap(lambda: Place.objects.all()),
    "mechanisms": RecordsSitemap(lambda: Mechanism.objects.public()),
}
