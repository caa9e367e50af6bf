import pytest
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

from liangzhou.context import language_switch, site


def request_for(path, **cookies):
    request = RequestFactory().get(path)
    request.COOKIES.update(cookies)
    return request


@pytest.mark.parametrize(
    ("active", "path", "switch"),
    [
        ("zh-hans", "/", {"lang": "en", "label": "English", "url": "/en/"}),
        ("en", "/en/", {"lang": "zh-hans", "label": "中文", "url": "/"}),
        (
            "zh-hans", "/projects/?q=%E5%82%A8%E8%83%BD&stage=signed&stage=landed",
            {"lang": "en", "label": "English", "url": "/en/projects/?q=%E5%82%A8%E8%83%BD&stage=signed&stage=landed"},
        ),
        (
            "en", "/en/projects/LZ000001/?o=-name",
            {"lang": "zh-hans", "label": "中文", "url": "/projects/LZ000001/?o=-name"},
        ),
        ("zh-hans", "/nothing-here/?a=1", {"lang": "en", "label": "English", "url": "/nothing-here/?a=1"}),
        ("zh-hans", "//example.com/", {"lang": "en", "label": "English", "url": "/%2Fexample.com/"}),
    ],
)  # fmt: skip
def test_language_switch_leads_to_the_same_page(active, path, switch):
    request = RequestFactory().get("/")
    request.path = path.partition("?")[0]
    request.META["QUERY_STRING"] = path.partition("?")[2]
    with translation.override(active):
        assert language_switch(request) == switch


@pytest.mark.parametrize(
    ("cookie", "classes"),
    [
        ("", ""),
        ("large", "large"),
        ("contrast-large", "large contrast"),
        ("large-large", "large"),
        ('"><script>', ""),
        ("LARGE-other", ""),
    ],
)
def test_site_shows_the_page_as_the_browser_asked(cookie, classes):
    assert site(request_for("/", display=cookie))["display_classes"] == classes


def test_site_asks_no_database_and_names_the_site(settings):
    settings.SITE_IDENTITY = {"name": "凉州区招商引资项目台账", "phone": ""}

    context = site(request_for("/projects/"))

    assert context["site"] == {
        "name": "凉州区招商引资项目台账",
        "phone": "",
        "tagline": "招商引资项目、企业与产业链",
    }
    assert [entry.url for entry in context["navigation"] if entry.current] == ["/projects/"]


def test_site_reaches_every_template(rf):
    template = engines["django"].from_string("{{ site.name }} {{ language_switch.lang }}")

    assert template.render({}, rf.get("/")) == "凉州区招商引资项目台账 en"
