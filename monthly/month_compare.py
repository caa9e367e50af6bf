"""Two versions of a month side by side, or a version and what the records say now: what differs, and why."""

from decimal import Decimal

from django.http import Http404
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from liangzhou.lists import is_key
from liangzhou.money import round_wan
from liangzhou.months import Month

from . import figure_choices, figures
from .books import Books
from .figure_tables import Table, in_words, name, percent, wan
from .figures import Line
from .locking import rows_since
from .models import Indicator, MonthVersion
from .month_differences import different_projects, different_targets
from .month_pages import address, changes_since, page, version_name, versions_of

LIVE = "live"
COMPARED = (Indicator.FUNDING, Indicator.INVESTMENT)
LISTED = 200  # projects of one page


def compare(model_admin, request, month: Month):
    """What differs between two versions in the address (`from`, `to`).

    Without them, the newest against now; where nothing was entered since, the two newest.
    """
    versions = versions_of(month)
    if not versions or not figure_choices.may_read(request.user):
        raise Http404
    old, new = _chosen(request, versions)
    before, after = (figure_choices.books_for(request.user, month, one) for one in (old, new))
    labels, projects = (version_name(old), version_name(new)), different_projects(before, after)
    context = {
        "choices": [(str(one.number), version_name(one)) for one in reversed(versions)],
        "old": old,
        "new": new,
        "old_name": labels[0],
        "new_name": labels[1],
        "tables": [_table(before, after, indicator, *labels) for indicator in COMPARED],
        "targets": _targets(before, after, *labels),
        "changes": changes_since(request, old, until=new),
        "projects": projects[:LISTED],
        "more_projects": max(0, len(projects) - LISTED),
        "limited": before.only is not None,
        "back": address(month),
    }
    return page(
        model_admin, request, "month_compare", month, _("Versions of %(month)s") % {"month": month.label}, **context
    )


def _chosen(request, versions: list[MonthVersion]) -> tuple[MonthVersion, MonthVersion | None]:
    """The two versions, the older first; None is what the records say now. A version that there is not is a 404."""
    numbers = {one.number: one for one in versions}
    first, second = request.GET.get("from", ""), request.GET.get("to", "")
    if not (first or second) and len(versions) > 1 and not any(rows.exists() for rows in rows_since(versions[0])):
        return versions[1], versions[0]
    chosen = {one: _number(one) for one in (first, second) if one not in ("", LIVE)}
    if any(number not in numbers for number in chosen.values()):
        raise Http404
    old = numbers[chosen[first]] if first in chosen else versions[0]
    new = numbers[chosen[second]] if second in chosen else None
    if new is not None and new.number < old.number:
        old, new = new, old
    return old, new


def _number(text: str) -> int:
    return int(text) if is_key(text) else -1


def _table(before: Books, after: Books, indicator: str, old: str, new: str) -> Table:
    """The district and each chain: the month, the year to date and the same period last year, and what changed."""
    heads = [capfirst(_("industry chain"))]
    for label in (_("Month (万元)"), _("Year to date (万元)"), _("Same period last year (万元)")):
        heads += [f"{label} · {old}", new, _("Difference")]
    lines = _pairs(figures.lines(before, indicator, "chain"), figures.lines(after, indicator, "chain"))
    whole = figures.line(before, indicator), figures.line(after, indicator)
    return Table(
        in_words(indicator),
        tuple(heads),
        [[name((now or then).label), *_differences(then, now)] for then, now in lines],
        total=[name(_("Total")), *_differences(*whole)],
    )


def _pairs(before: list[Line], after: list[Line]) -> list[tuple[Line | None, Line | None]]:
    then, now = ({line.key: line for line in lines} for lines in (before, after))
    return [(then.get(key), now.get(key)) for key in {**now, **then}]


def _differences(then: Line | None, now: Line | None) -> list:
    cells = []
    for attribute in ("month", "ytd", "last_ytd"):
        old, new = (getattr(line, attribute) if line else None for line in (then, now))
        difference = round_wan(Decimal(new or 0) - Decimal(old or 0))
        cells += [wan(old), wan(new), percent(difference or None, signed=True)]
    return cells


def _targets(before: Books, after: Books, old: str, new: str) -> Table | None:
    """The annual targets that are not the same; None where all are."""
    heads = (capfirst(_("target")), old, new, _("Difference"))
    rows = [
        [
            name(_("%(indicator)s, %(name)s") % words if words["name"] else words["indicator"]),
            wan(then),
            wan(now),
            percent(Decimal(now or 0) - Decimal(then or 0), signed=True),
        ]
        for indicator, whose, then, now in different_targets(before, after)
        for words in [{"indicator": in_words(indicator), "name": whose}]
    ]
    return Table(_("Targets that changed"), heads, rows) if rows else None
