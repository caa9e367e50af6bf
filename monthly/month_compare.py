"""Two versions of a month side by side, or a version and what the records say now: what differs, and why."""

from decimal import Decimal

from django.http import Http404
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from liangzhou.lists import is_key
from liangzhou.money import round_wan, show_wan
from liangzhou.months import Month
from projects.stages import Stage, Status

from . import figure_choices, figures
from .books import Books
from .figure_tables import Table, in_words, name, percent, wan
from .figures import Line
from .models import Indicator, MonthVersion
from .month_pages import address, changes_since, page, version_name, versions_of

LIVE = "live"
COMPARED = (Indicator.FUNDING, Indicator.INVESTMENT)
SORTED_BY = ("name", "chain_name", "place_name", "stage", "status", "total_investment")
LISTED = 200  # projects of one page


def compare(model_admin, request, month: Month):
    """What differs between two versions in the address (`from`, `to`); without one the newest against now."""
    versions = versions_of(month)
    if not versions or not figure_choices.may_read(request.user):
        raise Http404
    old, new = _chosen(request, versions)
    before, after = (figure_choices.books_for(request.user, month, one) for one in (old, new))
    context = {
        "choices": [(str(one.number), version_name(one)) for one in reversed(versions)],
        "old": old,
        "new": new,
        "old_name": version_name(old),
        "new_name": version_name(new),
        "tables": [_table(before, after, indicator, version_name(old), version_name(new)) for indicator in COMPARED],
        "changes": changes_since(request, old, until=new),
        "projects": different_projects(before, after)[:LISTED],
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


def different_projects(before: Books, after: Books) -> list[dict]:
    """The projects that are there in one only, or are sorted differently: name, and what changed, in words."""
    then, now = ({row[0]: row[1:] for row in _sorted_by(books)} for books in (before, after))
    found = []
    for key in sorted({*then, *now}):
        if then.get(key) == now.get(key):
            continue
        if key not in then or key not in now:
            label, told = (
                (now.get(key) or then[key])[0],
                [_("not there before") if key in now else _("not there any more")],
            )
        else:
            label, told = now[key][0], _told(then[key], now[key])
        found.append({"name": label, "changes": told})
    return found


def _sorted_by(books: Books):
    return books.projects().values_list("project_key", *SORTED_BY)


def _told(then: tuple, now: tuple) -> list[str]:
    pairs = zip(SORTED_BY, then, now, strict=True)
    return [f"{_word(field, old)} → {_word(field, new)}" for field, old, new in pairs if old != new]


def _word(field: str, value) -> str:
    if field == "total_investment":
        return show_wan(value)
    if field in ("stage", "status") and value:
        return str({"stage": Stage, "status": Status}[field](value).label)
    return value or "—"
