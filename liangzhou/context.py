"""What every template may print. Error pages use it too: it needs no database."""

from django.conf import settings
from django.urls import translate_url
from django.utils.http import escape_leading_slashes
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from liangzhou import demo, navigation
from liangzhou.views import DISPLAY_CLASSES, DISPLAY_COOKIE


def site(request) -> dict:
    """The site's identity, the menu, the language switch and how this browser shows the site."""
    chosen = request.COOKIES.get(DISPLAY_COOKIE, "").split("-")
    return {
        "site": settings.SITE_IDENTITY | {"tagline": _("Investment projects, companies and industry chains")},
        "navigation": navigation.entries(request.path),
        "language_switch": language_switch(request),
        "is_demo": demo.is_demo(),
        "display_classes": " ".join(name for name in DISPLAY_CLASSES if name in chosen),
    }


def language_switch(request) -> dict:
    """The same page in the other language; never another host, whatever the path begins with."""
    code, label = ("zh-hans", "中文") if (get_language() or "").startswith("en") else ("en", "English")
    return {"lang": code, "label": label, "url": translate_url(escape_leading_slashes(request.get_full_path()), code)}
