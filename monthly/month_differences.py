"""What is not the same in two books of a month: its sums, its projects, its targets."""

from decimal import Decimal

from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from liangzhou.money import round_wan, show_wan
from projects.models import CreditShare
from projects.stages import Stage, Status

from .books import Books
from .models import Indicator, SnapshotProject, SnapshotShare

PLAIN = ("name", "chain_name", "place_name", "stage", "status", "total_investment")  # that need no name beside them
NAMED = (
    "enterprise_name", "contract_amount", "event_name", "signed_on", "started_on", "registered_on", "producing_on",
    "plan",
)  # fmt: skip
AMOUNTS = ("total_investment", "contract_amount", "plan")


def same_sums(before: Books, after: Books) -> bool:
    """Whether both have the same amounts of as many projects, in each chain, place and month, from each origin."""
    return _sums(before) == _sums(after)


def _sums(books: Books) -> set[tuple]:
    groups = [books.groups(by)[0] for by in ("chain", "place")]
    found = set()
    for indicator, names in ((Indicator.FUNDING, ("origin",)), (Indicator.INVESTMENT, ())):
        rows = books.amounts(indicator).values_list(*groups, "month", *names)
        for *where, amount, projects in rows.annotate(sum=Sum("amount"), projects=Count("project", distinct=True)):
            found.add((indicator, *where, round_wan(amount), projects))
    return found


# Projects


def different_projects(before: Books, after: Books) -> list[dict]:
    """The projects that are there in one only, or are described differently: name, and what changed, in words."""
    then, now = _described(before), _described(after)
    shares = _shares(before), _shares(after)
    found = []
    for key in sorted({*then, *now}):
        if key not in then:
            told = [_("not there before")]
        elif key not in now:
            told = [_("not there any more")]
        else:
            told = [*_told(then[key], now[key]), *_told_shares(*(each.get(key, []) for each in shares))]
        if told:
            found.append({"name": now.get(key, then.get(key))["name"], "changes": told})
    return found


def _described(books: Books) -> dict[int, dict]:
    return {row["project_key"]: row for row in books.projects().values("project_key", *PLAIN, *NAMED)}


def _shares(books: Books) -> dict[int, list[str]]:
    """The units of each project with their shares, in words."""
    if books.version is None:
        rows = CreditShare.objects.values_list("project_id", "unit__name", "percent")
    else:
        rows = SnapshotShare.objects.filter(project__version=books.version)
        rows = rows.values_list("project__project_key", "unit_name", "percent")
    found = {}
    for key, unit, percent in rows.order_by("pk"):
        found.setdefault(key, []).append(f"{unit} {percent.normalize():f}%")
    return {key: sorted(units) for key, units in found.items()}


def _told(then: dict, now: dict) -> list[str]:
    return [
        _change("" if field in PLAIN else _label(field), _word(field, then[field]), _word(field, now[field]))
        for field in (*PLAIN, *NAMED)
        if then[field] != now[field]
    ]


def _told_shares(then: list[str], now: list[str]) -> list[str]:
    words = ("、".join(units) or "—" for units in (then, now))
    return [_change(_("shares"), *words)] if then != now else []


def _change(what: str, old: str, new: str) -> str:
    if not what:
        return f"{old} → {new}"
    return _("%(what)s: %(old)s → %(new)s") % {"what": what, "old": old, "new": new}


def _label(field: str) -> str:
    return str(SnapshotProject._meta.get_field(field).verbose_name)


def _word(field: str, value) -> str:
    if field in AMOUNTS:
        return show_wan(value)
    if field in ("stage", "status") and value:
        return str({"stage": Stage, "status": Status}[field](value).label)
    return str(value) if value else "—"


# Targets


def different_targets(before: Books, after: Books) -> list[tuple]:
    """(indicator, name of the chain, place or unit, value before, value after) of the targets that are not the same.

    The name is empty for the district's own target; None is a target that is not there.
    """
    then, now = _targets(before), _targets(after)
    found = []
    for place in sorted({*then, *now}, key=str):
        old, new = (each.get(place, ("", None)) for each in (then, now))
        if old[1] != new[1]:
            found.append((place[0], new[0] or old[0], old[1], new[1]))
    return found


def _targets(books: Books) -> dict[tuple, tuple[str, Decimal]]:
    return {(one.indicator, one.scope, one.key): (one.name, one.value) for one in books.targets()}
