"""What search engines may read of the funds: the page, the definitions, and each published month."""

from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from liangzhou.months import Month
from monthly.published import shelf


class FundsSitemap(Sitemap):
    """The newest public version of each month, with the moment of its publication."""

    def items(self):
        return [(reverse("monthly:funds"), None), (reverse("monthly:definitions"), None), *self._months()]

    def location(self, item):
        return item[0]

    def lastmod(self, item):
        return item[1]

    def get_latest_lastmod(self):
        return max((moment for _address, moment in self._months()), default=None)

    def _months(self) -> list[tuple]:
        versions = shelf().newest_of_months
        return [(f"{reverse('monthly:funds')}?month={Month.of(one.month)}", one.published_at) for one in versions]
