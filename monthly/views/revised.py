"""What changed in a published month, in words: its versions, those withdrawn, and other months that say otherwise."""

from decimal import Decimal

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from liangzhou.fieldsets import show_value
from liangzhou.money import plain, show_wan
from liangzhou.months import Month
from monthly.bulletin import Bulletin, signed
from monthly.definitions import BY_NAME
from monthly.models import MonthVersion
from monthly.published import Difference, Revision, Shelf, differences, revisions, withdrawn
from monthly.views.asked import address_of

UNKNOWN = "—"


def revised(bulletin: Bulletin, public: Shelf) -> dict:
    """What the page of a month says of revisions; empty where nothing was revised. Four queries."""
    amounts = {one.month: one.amount for one in bulletin.months}
    amounts |= {one.month.last_year: one.last_amount for one in bulletin.months}
    found = {
        "versions": [of_revision(one) for one in revisions(public.of(bulletin.month))],
        "withdrawn": [of_withdrawn(one) for one in withdrawn(bulletin.month)],
        "differences": [of_difference(one) for one in differences(bulletin.version, amounts, public)],
    }
    return found if any(found.values()) else {}


def of_revision(revision: Revision) -> dict:
    """A revision as a line: the day, what was before and is now, the reason."""
    pattern = _("%(what)s: %(before)s → %(now)s")
    lines = []
    for of, figure, before, now in revision.changes:
        what = _("%(what)s, %(figure)s") % {"what": BY_NAME[of].label, "figure": BY_NAME[figure].label}
        shown = in_words(before, now, is_rate=figure == "growth")
        lines.append(pattern % {"what": capfirst(what), "before": shown[0], "now": shown[1]})
    return {
        "day": day_of(revision.version.published_at),
        "number": revision.version.number,
        "before_url": address_of(revision.before),
        "before_number": revision.before.number,
        "lines": lines or [_("The sums of the district stay as they were.")],
        "reason": revision.version.reason,
    }


def of_withdrawn(version: MonthVersion) -> str:
    """That a version was public for a time; none of its figures."""
    words = {"number": version.number, "published": day_of(version.published_at), "day": day_of(version.withdrawn_at)}
    return _("Version %(number)s was published on %(published)s and withdrawn on %(day)s.") % words


def of_difference(difference: Difference) -> dict:
    """A month that stands otherwise elsewhere, with a link to where."""
    here, there = in_words(difference.here, difference.there)
    where = {"month": Month.of(difference.version.month).label, "number": difference.version.number}
    return {
        "text": _("%(month)s: %(here)s on this page, %(there)s in another published version.")
        % {"month": difference.month.label, "here": here, "there": there},
        "url": address_of(difference.version),
        "label": _("%(month)s, version %(number)s") % where,
    }


def in_words(one: Decimal | None, other: Decimal | None, *, is_rate: bool = False) -> tuple[str, str]:
    """Two amounts that differ, to the yuan where they would read alike; or two rates."""
    if is_rate:
        return tuple(UNKNOWN if rate is None else signed(rate) for rate in (one, other))
    shown = (show_wan(one), show_wan(other))
    return shown if shown[0] != shown[1] else (f"{plain(one)} 万元", f"{plain(other)} 万元")


def day_of(moment) -> str:
    """The day of a moment, as printed."""
    return show_value(timezone.localtime(moment).date())
