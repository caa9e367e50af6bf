"""One row against the ledger: what would change, what was changed here meanwhile, and what the stage still needs."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ledgers import past, states
from ledgers.columns import IDENTITY, LEDGER
from ledgers.matching import Said, Surroundings
from ledgers.models import LedgerRow
from ledgers.reach import like_one_of_others, parent_not_yours
from liangzhou.exports.csv_file import harmless
from liangzhou.models import Qualifier
from liangzhou.money import show_wan
from liangzhou.periods import PartialDate
from projects.models import Project
from projects.stages import Facts, Stage, Status, missing

Outcome = LedgerRow.Outcome
# The column at which the stage asks for a date, or finds it contradicted
DATED = {
    "signed": "signed.actual",
    "started": "started.actual",
    "producing": "producing.actual",
    "start_before_signing": "started.actual",
    "production_before_start": "producing.actual",
    "statistics_too_small": "registered.actual",
    "statistics_before_start": "registered.actual",
    "registered": "credit_code",
}
# Of what is never empty: an empty cell leaves it as it is
ALWAYS_THERE = ("stage", "status", "investment_qualifier")
EMPTY = {
    name: False if name in ("investment_undisclosed", "published") else "" for name in LEDGER if name not in IDENTITY
} | {"stage": str(Stage.LEAD), "status": str(Status.NORMAL), "investment_qualifier": str(Qualifier.EXACT)}


def load_pasts(said: list[Said], around: Surroundings) -> None:
    """What the projects were when the file was made, where they were changed since."""
    wanted = {}
    for one in said:
        project = around.projects.get(one.code) or around.by_pk(int(one.row_id) if one.row_id.isdecimal() else 0)
        if project and one.version is not None and one.version < project.version:
            wanted[project.pk, one.version] = project
    around.pasts = past.states_at(wanted)


def new(said: Said, around: Surroundings, override_reason: str) -> None:
    """A row that no project of the ledger fits."""
    row = said.row
    if not said.values.get("name"):
        said.wrong("name", _("A project needs a name."))
        return
    values = _without_what_stays(said, EMPTY)
    row.changes = _told(values, EMPTY)
    row.outcome = Outcome.NEW
    row.values = {"write": _complete(said, EMPTY, values, around, None, override_reason)}


def update(said: Said, project: Project, around: Surroundings, override_reason: str) -> None:
    """A row of a project that is there."""
    row, now = said.row, states.state(project)
    row.project, row.version = project, project.version
    base = around.pasts.get((project.pk, said.version))
    if said.version == project.version:
        _check_readonly(said, now)
    values = _without_what_stays(said, now)
    _check_amount(said, values, now)
    owner = around.owners.get(values.get("official_code"))
    if owner and owner.pk != project.pk:
        foreign = _("In the system this code belongs to a project that is not yours.")
        told = _("In the system this code belongs to “%(name)s”.") % {"name": owner.code}
        said.wrong("official_code", foreign if around.reach.is_foreign(owner) else told)
    clashes = []
    if base is not None:
        values = {name: value for name, value in values.items() if value != base[name]}
        clashes = [name for name in values if name in base and base[name] != now[name]]
    row.changes = _told(values, now, base=base, clashes=clashes)
    row.outcome = Outcome.CONFLICT if clashes else Outcome.CHANGED if values else Outcome.UNCHANGED
    if values:
        complete = _complete(said, now, values, around, project, override_reason)
        row.values = {"take" if clashes else "write": complete}
    row.name = row.name or project.name


def look_alike(said: Said, alike: list, around: Surroundings, override_reason: str) -> None:
    """A row that may be a project that is there: nobody but the clerk can say. `alike` are those they may change."""
    row, project = said.row, around.by_pk(alike[0].project) if alike else None
    row.outcome, row.project, row.version = Outcome.DUPLICATE, project, project.version if project else None
    ways = {"other": (EMPTY, _without_what_stays(said, EMPTY), None)}
    if project:
        now = states.state(project)
        ways = {"same": (now, _without_what_stays(said, now), project), **ways}
    first, values, _target = next(iter(ways.values()))
    row.changes = _told(values, first)
    row.values = {"wrong": {}}
    for decision, (state, values, target) in ways.items():
        trial = Said(row, dict(said.values), dict(said.raw), said.indexes)
        row.values[decision] = _complete(trial, state, values, around, target, override_reason)
        row.values["wrong"][decision] = " ".join(what for _label, _index, what, _right in trial.problems)
    for candidate in alike[:3]:
        words = {"code": candidate.code, "name": candidate.name, "why": " ".join(map(str, candidate.why))}
        said.wrong("", _("It may be %(code)s %(name)s. %(why)s") % words)
    if said.others:
        said.wrong("", like_one_of_others())


def _without_what_stays(said: Said, now: dict) -> dict:
    """The values that differ from what is there."""
    values = {}
    for name, value in said.values.items():
        if name == "stage_reason" or (name in ALWAYS_THERE and value == ""):
            continue  # a reason is kept with the change of the stage, not in the project
        value = False if value == "" and isinstance(now[name], bool) else value
        says_the_same = _is_rendered(said.raw.get(name), now[name], name) or (
            not said.clears and _is_vaguer(name, value, now[name])
        )
        if value != now[name] and not says_the_same:
            values[name] = value
    _follow_investment(said, now, values)
    return values


def _is_vaguer(name: str, value, stored) -> bool:
    """Whether a date says less than the one that is stored, and nothing against it: 2025年5月 of 2025年5月18日."""
    if not (name.endswith((".actual", ".planned")) and value and stored):
        return False
    said, known = PartialDate.parse(value), PartialDate.parse(stored)
    return said.first <= known.first and known.last <= said.last


def _is_rendered(cell, value, name: str) -> bool:
    """Whether a cell is, to the letter, what our own files write for a value."""
    if not isinstance(cell, str) or not isinstance(value, str):
        return False
    shown = states.lines(LEDGER[name].shown(value))
    return states.lines(cell) in (shown, harmless(shown)) or _is_cut(cell, shown)


def _is_cut(cell: str, shown: str) -> bool:
    """Whether a cell is a text that was cut because a cell holds no more."""
    return len(cell) > 32_000 and shown.startswith(cell[:32_000])


def _follow_investment(said: Said, now: dict, values: dict) -> None:
    """An amount that is given is not undisclosed; a new one that is stated plainly is exact."""
    if values.get("total_investment") and "investment_undisclosed" not in said.values and now["investment_undisclosed"]:
        values["investment_undisclosed"] = False
    stated = said.values.get("investment_qualifier")
    if values.get("total_investment") and not stated and now["investment_qualifier"] != Qualifier.EXACT:
        values["investment_qualifier"] = str(Qualifier.EXACT)


def _check_amount(said: Said, values: dict, now: dict) -> None:
    """万 and 亿 are easily mixed up: a jump of more than ten times is not written from a file."""
    old, new = now["total_investment"], values.get("total_investment")
    if old and new and not Decimal("0.1") <= Decimal(new) / Decimal(old) <= 10:
        words = {"old": show_wan(Decimal(old)), "new": show_wan(Decimal(new))}
        sentence = _(
            "%(new)s instead of %(old)s is a jump of more than ten times: were 万元 and 亿元 mixed up? If it is right, "
            "change it on the project's page."
        )
        said.wrong("total_investment", sentence % words)


def _check_readonly(said: Said, now: dict) -> None:
    """In a ledger that we made of this very state, a column that is only to be seen must say what is there."""
    for name in (name for name in said.raw if LEDGER[name].readonly):
        cell, value = said.raw[name], now[name]
        shown = states.lines(LEDGER[name].shown(value))
        if cell in (None, "") or states.lines(str(cell)) in (shown, harmless(shown)):
            continue
        if not _is_cut(str(cell), shown):
            said.wrong(name, _("This column is only to be seen: change it on the project's page."), shown[:200])


def _told(values: dict, now: dict, *, base: dict | None = None, clashes=()) -> list[list[str]]:
    """Label, before, in the file, and where it clashes what is here now."""
    told = []
    for name in (name for name in LEDGER if name in values):
        column = LEDGER[name]
        clash = name in clashes
        before = base[name] if clash else now.get(name, "")
        here = (column.shown(now[name]) or "—") if clash else ""
        told.append([column.header, column.shown(before) or "—", column.shown(values[name]) or "—", here])
    return told


def _complete(said: Said, now: dict, values: dict, around, project: Project | None, override_reason: str) -> dict:
    """The values to write, once what they come to is found right; else the row has problems."""
    result = now | values
    if "name" in values and not values["name"]:
        said.wrong("name", _("A project needs a name."))
    _check_rules(said, result, project, around)
    if values.get("parent") in around.unseen_parents:
        said.wrong("parent", parent_not_yours())
    reason = said.values.get("stage_reason") or override_reason
    facts = facts_of(result)
    waived = around.waived.get(project.pk, set()) if project else set()
    if project and result["stage"] == now["stage"]:  # a gap that was there before is no fault of this file
        waived = waived | {requirement.name for requirement in missing(now["stage"], facts_of(now))}
    unmet = [requirement for requirement in missing(result["stage"], facts) if requirement.name not in waived]
    if unmet and reason:
        values["_overridden"] = [requirement.name for requirement in unmet]
    elif unmet:
        for requirement in unmet:
            name = DATED.get(requirement.name, requirement.field)
            said.wrong(name, str(requirement.sentence))
    if reason and (unmet or values.get("stage", now["stage"]) != now["stage"]):
        values["_reason"] = reason
    return values


def facts_of(result: dict) -> Facts:
    """What the stage gates ask about, of a whole ledger row."""
    dates = {
        name.removesuffix(".actual"): PartialDate.parse(value)
        for name, value in result.items()
        if name.endswith(".actual") and value
    }
    return Facts(
        enterprise=bool(result["enterprise"]),
        registered=bool(result.get("credit_code")),
        place=bool(result["place"]),
        investment=Decimal(result["total_investment"]) if result["total_investment"] else None,
        undisclosed=bool(result["investment_undisclosed"]),
        dates=dates,
    )


def _check_rules(said: Said, result: dict, project: Project | None, around: Surroundings) -> None:
    """The rules that a project's own form asks, in its own words."""
    trial = Project(
        pk=project.pk if project else None,
        status=result["status"],
        status_reason=result["status_reason"],
        stage=result["stage"],
        total_investment=Decimal(result["total_investment"]) if result["total_investment"] else None,
        investment_undisclosed=bool(result["investment_undisclosed"]),
        published=bool(project and project.published),
        parent=_parent(result["parent"], project, around),
        chain_id=around.chain_keys.get(result["chain"]),
        place_id=around.places.get(result["place"]),
    )
    if why := around.reach.why_not_own(trial):
        said.wrong(around.reach.own_column, why)
    try:
        trial.clean()
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            said.wrong("stage" if name == "published" else name, " ".join(messages))


def _parent(code: str, project: Project | None, around: Surroundings) -> Project | None:
    if project and project.parent and project.parent.code == code:
        return project.parent
    return around.parents.get(code)
