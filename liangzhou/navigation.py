"""The menu, once."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

MENU = (
    (_("Home"), "projects:home"),
    (_("Projects"), "projects:project-list"),
    (_("Companies"), "enterprises:enterprise-list"),
    (_("Chains"), "projects:chain-list"),
    (_("Funds"), "monthly:funds"),
    (_("Indicators"), "projects:indicator-list"),
    (_("Mechanisms"), "projects:mechanism-list"),
    (_("Opportunities"), "projects:opportunity-list"),
    (_("About"), "projects:about"),
)


@dataclass(frozen=True)
class Entry:
    label: str
    url: str
    current: bool


def entries(path: str) -> list[Entry]:
    """The menu in the language now active, the entry that `path` lies under marked."""
    try:
        menu = [(str(label), reverse(name)) for label, name in MENU]
    except NoReverseMatch:  # the error pages of a broken url configuration must still print
        return []
    home = menu[0][1]
    return [Entry(label, url, path == url or (url != home and path.startswith(url))) for label, url in menu]
