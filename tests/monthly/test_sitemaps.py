"""Published months for search engines."""

import pytest

from tests.answers import xml_of
from tests.monthly.shelf import MARCH, MAY, version

pytestmark = pytest.mark.django_db
NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def listed(client, path):
    return [(one.findtext(f"{NAMESPACE}loc"), one.findtext(f"{NAMESPACE}lastmod")) for one in xml_of(client.get(path))]


def test_each_published_month_is_listed_with_the_day_of_its_newest_version(client):
    version(MARCH)
    version(MARCH)
    version(MAY, public=False)

    assert listed(client, "/sitemap-funds.xml") == [
        ("http://testserver/funds/", None),
        ("http://testserver/funds/definitions/", None),
        ("http://testserver/funds/?month=2025-03", "2025-04-06"),
    ]
    assert ("http://testserver/sitemap-funds.xml", "2025-04-06T10:00:00+08:00") in listed(client, "/sitemap.xml")


def test_withdrawn_month_is_not_listed(client):
    version(MARCH, withdrawn=True)

    assert [address for address, _ in listed(client, "/sitemap-funds.xml")] == [
        "http://testserver/funds/",
        "http://testserver/funds/definitions/",
    ]
