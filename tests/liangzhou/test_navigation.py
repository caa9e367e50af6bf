import pytest
from django.test.utils import override_script_prefix
from django.urls import set_urlconf
from django.utils import translation

from liangzhou.navigation import entries

CHINESE = [
    ("首页", "/"),
    ("项目", "/projects/"),
    ("企业", "/enterprises/"),
    ("产业链", "/chains/"),
    ("资金", "/funds/"),
    ("指标", "/indicators/"),
    ("工作机制", "/mechanisms/"),
    ("招商机会", "/opportunities/"),
    ("关于", "/about/"),
]
ENGLISH = [
    ("Home", "/en/"),
    ("Projects", "/en/projects/"),
    ("Companies", "/en/enterprises/"),
    ("Chains", "/en/chains/"),
    ("Funds", "/en/funds/"),
    ("Indicators", "/en/indicators/"),
    ("Mechanisms", "/en/mechanisms/"),
    ("Opportunities", "/en/opportunities/"),
    ("About", "/en/about/"),
]


def current(path):
    return [entry.url for entry in entries(path) if entry.current]


@pytest.mark.parametrize(("language", "menu"), [("zh-hans", CHINESE), ("en", ENGLISH)])
def test_menu_is_in_the_language_of_the_page(language, menu):
    with translation.override(language):
        assert [(entry.label, entry.url) for entry in entries("/")] == menu


@pytest.mark.parametrize(
    ("path", "marked"),
    [
        ("/", ["/"]),
        ("/projects/", ["/projects/"]),
        ("/projects/LZ000001/", ["/projects/"]),
        ("/enterprises/", ["/enterprises/"]),
        ("/search/", []),
        ("/projectsx/", []),
    ],
)
def test_menu_marks_the_entry_that_the_page_lies_under(path, marked):
    assert current(path) == marked


def test_menu_marks_english_pages():
    with translation.override("en"):
        assert [current("/en/"), current("/en/chains/nai/")] == [["/en/"], ["/en/chains/"]]


def test_menu_works_under_a_prefix():
    with override_script_prefix("/ledger/"):
        assert current("/ledger/projects/LZ000001/") == ["/ledger/projects/"]


def test_menu_is_empty_where_the_addresses_are_broken():
    set_urlconf("django.contrib.auth.urls")
    try:
        assert entries("/") == []
    finally:
        set_urlconf(None)
