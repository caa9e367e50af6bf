"""What the rows of one slice of a ledger may mean: projects, companies, chains, places, units, found in few queries."""

import difflib
import re
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from enterprises.models import Enterprise, Place
from ledgers import readings, states
from ledgers.columns import LEDGER
from ledgers.reach import Reach, company_not_available, not_yours
from liangzhou.search import normalise
from projects import actions, duplicates
from projects.models import FormerCode, IndustryChain, Project, Unit

NOT_DISTINCTIVE = re.compile(r"(产业集群|产业链|产业|集群|链)$")

SUGGESTED_FOR = 20  # unknown companies of one slice: each suggestion costs a query
ADMINISTRATIVE = re.compile(r"(甘肃省?)?(武威市?)?(凉州区?)?区?")  # what may stand around a place's name


@dataclass
class Said:
    """What one row says: canonical values by column, what is wrong with it, and which project it names."""

    row: object
    values: dict = field(default_factory=dict)
    raw: dict = field(default_factory=dict)  # the cells, by column, of read-only columns too
    indexes: dict = field(default_factory=dict)  # where in the row each column stands
    problems: list = field(default_factory=list)
    code: str = ""
    row_id: str = ""
    version: int | None = None
    others: list = field(default_factory=list)  # look-alikes that are not theirs who bring the file in

    @property
    def clears(self) -> bool:
        """Whether an empty cell empties a value: only in a ledger that we made, which holds every value."""
        return self.version is not None

    def wrong(self, name: str, what: str, right: str = "") -> None:
        """Note what is wrong; `name` is the column, or no column's where it is the row as a whole."""
        label = LEDGER[name].header if name in LEDGER else ""
        self.problems.append([label, self.indexes.get(name), what, right])


class Surroundings:
    """Everything that the rows of a slice may name, loaded at once; `reach` is that of whoever brings them in."""

    def __init__(self, said: list[Said], *, enter_companies: bool, reach: Reach):
        self.enter_companies, self.reach = enter_companies, reach
        self.projects = self._projects(said)
        self.by_key = {project.pk: project for project in self.projects.values()}
        former = FormerCode.objects.filter(code__in={s.code for s in said if s.code}).select_related("project")
        self.former = {given_up.code: given_up.project for given_up in former}
        self.companies, self.by_credit_code = self._companies(said)
        self.unseen_companies = reach.unseen(self.companies.values())
        self.chain_keys = dict(IndustryChain.objects.values_list("name", "pk"))
        self.chains = {_chain_key(name): name for name in self.chain_keys}
        self.places = dict(Place.objects.values_list("name", "pk"))
        self.units = self._units()
        self.parents = self._parents(said)
        self.unseen_parents = reach.unseen_parents(self.parents)
        self.owners = self._owners(said)
        self.unknown_companies: dict[str, str] = {}
        self.unknown_units: dict[str, str] = {}
        self.waived = actions.waived(self.projects.values())

    def also(self, pks: set[int]) -> None:
        """Load further projects, such as those that rows look like."""
        new = pks - self.by_key.keys()
        found = list(states.with_parts(Project.objects.filter(pk__in=new))) if new else []
        self.projects |= {project.code: project for project in found}
        self.by_key |= {project.pk: project for project in found}
        self.waived |= actions.waived(found)

    def by_pk(self, pk: int) -> Project | None:
        """A loaded project by its key."""
        return self.by_key.get(pk)

    def company_once(self, name: str) -> Enterprise | None:
        """The company that had this name before it was renamed."""
        now = renamed(Enterprise, name)
        found = Enterprise.objects.filter(name=now).first() if now else None
        self.unseen_companies |= self.reach.unseen([found] if found else [])
        return found

    def companies_like(self, name: str) -> list[str]:
        """The names of companies that begin like an unknown one; of the first few unknown names of a slice."""
        if len(self.unknown_companies) > SUGGESTED_FOR:
            return []
        alike = self.reach.companies(Enterprise.objects.filter(name__startswith=name[:4]))
        return list(alike.values_list("name", flat=True)[:50])

    def project_of(self, said: Said) -> Project | None:
        """The project that a row names by its code or our row number. Raises ValidationError where they do not fit."""
        if not (said.code or said.row_id):
            return None
        found = self.projects.get(said.code) if said.code else self.by_pk(_number(said.row_id))
        into = self.former.get(said.code) if found is None else None
        if (meant := found or into) and self.reach.is_foreign(meant):
            raise ValidationError(not_yours())
        if into:
            words = {"code": said.code, "into": into.code}
            raise ValidationError(_("%(code)s was merged into %(into)s: take this row out.") % words)
        if found is None:
            raise ValidationError(_("There is no project %(code)s (any more).") % {"code": said.code or said.row_id})
        if said.row_id and said.row_id != str(found.pk):
            raise ValidationError(_("The code and the hidden row id belong to two different projects."))
        return found

    def company(self, name: str) -> Enterprise | None:
        """The company of this name, whatever the width of its brackets."""
        return self.companies.get(readings.company_key(name))

    def _projects(self, said: list[Said]) -> dict[str, Project]:
        pks = {_number(s.row_id) for s in said if s.row_id and not s.code}
        named = Q(code__in={s.code for s in said if s.code}) | Q(pk__in=pks)
        return {project.code: project for project in states.with_parts(Project.objects.filter(named))}

    def _companies(self, said: list[Said]) -> tuple[dict, dict]:
        values = [s.values for s in said]
        found = companies_named(values, credit_codes={v["credit_code"] for v in values if v.get("credit_code")})
        return found, {company.credit_code: company for company in found.values() if company.credit_code}

    def _units(self) -> dict[str, str]:
        found = {}
        for name, short in Unit.objects.values_list("name", "short_name"):
            found |= {short: name, name: name} if short else {name: name}
        return found

    def _parents(self, said: list[Said]) -> dict[str, Project]:
        codes = {s.values["parent"] for s in said if s.values.get("parent")}
        found = Project.objects.filter(code__in=codes).select_related("parent") if codes else ()
        return {project.code: project for project in found}

    def _owners(self, said: list[Said]) -> dict[str, Project]:
        """Which project has each official code of the slice."""
        codes = {s.values["official_code"] for s in said if s.values.get("official_code")}
        return {project.official_code: project for project in Project.objects.filter(official_code__in=codes)}


def _number(text: str) -> int:
    """A key as it was typed; one that no row has where it is none."""
    return int(text) if re.fullmatch(r"\d{1,18}", text, re.ASCII) else 0


def companies_named(values: list[dict], *, credit_codes=()) -> dict[str, Enterprise]:
    """The companies that rows name or whose codes are given, by `company_key` of their names; in one query."""
    names = {v["enterprise"] for v in values if v.get("enterprise")}
    spelled = {spelling for name in names for spelling in _spellings(name)}
    found = Enterprise.objects.filter(Q(name__in=spelled) | Q(credit_code__in=credit_codes))
    return {readings.company_key(company.name): company for company in found}


def _spellings(name: str) -> set[str]:
    """A company's name with brackets of either width."""
    half = name.replace("\uff08", "(").replace("\uff09", ")")
    return {name, half, half.replace("(", "\uff08").replace(")", "\uff09")}


def _chain_key(name: str) -> str:
    text = normalise(name).replace(" ", "")
    while NOT_DISTINCTIVE.search(text) and len(text) > 1:
        shorter = NOT_DISTINCTIVE.sub("", text)
        if not shorter:
            break
        text = shorter
    return text


# What a row names, by our names for it. Each raises ValidationError where we do not know it.


def renamed(model, name: str) -> str:
    """What a record that once had this name is called now; empty where none had, or several."""
    pks = set(model.history.filter(name=name).values_list("id", flat=True))
    names = list(model.objects.filter(pk__in=pks).values_list("name", flat=True)) if pks else []
    return names[0] if len(names) == 1 else ""


def chain_named(around: Surroundings, text: str) -> str:
    """Our name of an industry chain."""
    found = around.chains.get(_chain_key(text))
    found = found or renamed(IndustryChain, text)
    if not found:
        raise _unknown(_("“%(said)s” is not a chain in the system."), text, around.chains.values())
    return found


def place_named(around: Surroundings, text: str) -> str:
    """Our name of a place; a part of the name will do where only one place has it."""
    if text in around.places:
        return text
    inside = [name for name in around.places if name in text and ADMINISTRATIVE.fullmatch(text.replace(name, "", 1))]
    holding = inside or [name for name in around.places if len(text) > 1 and text in name]
    if len(holding) == 1:
        return holding[0]
    if once := renamed(Place, text):
        return once
    likely = holding or [name for name in around.places if name in text]
    raise _unknown(_("“%(said)s” is not a place in the system."), text, around.places, likely)


def units_named(around: Surroundings, text: str) -> str:
    """The units and shares, by our names of the units."""
    shares = []
    for name, percent in readings.split_shares(text):
        known = around.units.get(name) or renamed(Unit, name)
        if not known:
            around.unknown_units[name] = name
            if not around.enter_companies:
                raise _unknown(_("“%(said)s” is not a unit in the system."), name, around.units)
        shares.append((known or name, percent))
    return states.shares_text(shares)


def company_named(around: Surroundings, name: str, code: str) -> tuple[str, str]:
    """Our name of a company and its credit code, found by the code first, then by the name."""
    by_code = around.by_credit_code.get(code) if code else None
    if by_code and by_code.pk in around.unseen_companies:
        raise ValidationError({"credit_code": company_not_available()})
    if by_code:
        other = name and readings.company_key(name) != readings.company_key(by_code.name)
        if other and renamed(Enterprise, name) != by_code.name:
            raise ValidationError(
                {"credit_code": _("In the system this code belongs to “%(name)s”.") % {"name": by_code.name}}
            )
        return by_code.name, code
    known = around.company(name) or around.company_once(name) if name else None
    if known and known.pk in around.unseen_companies:
        raise ValidationError({"enterprise": company_not_available()})
    if known and code and known.credit_code:
        raise ValidationError(
            {"credit_code": _("In the system this company has the code %(code)s.") % {"code": known.credit_code}}
        )
    if code and not readings.credit_code_checks(code):
        raise ValidationError({"credit_code": _("The check digit of this code is wrong: compare it with the licence.")})
    if known is None:
        _unknown_company(around, name, code)
    return (known.name, code or known.credit_code or "") if known else (name, code)


def _unknown_company(around: Surroundings, name: str, code: str) -> None:
    if not name:
        raise ValidationError({"credit_code": _("No company in the system has this code, and the row names none.")})
    around.unknown_companies[name] = code
    if not around.enter_companies:
        sentence = _("“%(said)s” is not in the system. Enter the company first, or let unknown companies be entered.")
        raise ValidationError({"enterprise": _unknown(sentence, name, around.companies_like(name)).messages})


def parent_named(around: Surroundings, code: str) -> str:
    """The code of a project that is there."""
    if code not in around.parents:
        raise ValidationError(_("There is no project %(code)s.") % {"code": code})
    return code


def _unknown(sentence: str, text: str, names, likely=()) -> ValidationError:
    near = list(likely)[:3] or difflib.get_close_matches(text, [n for n in names if n], n=3, cutoff=0.5)
    said = sentence % {"said": text[:60]}
    if near:
        said = _("%(sentence)s Did you mean: %(names)s?") % {"sentence": said, "names": "、".join(near)}
    return ValidationError(said)


def sketch(said: Said, around: Surroundings) -> duplicates.Sketch:
    """A row as look-alikes are looked for."""
    company = around.company(said.values.get("enterprise", ""))
    return duplicates.Sketch(
        key=said.row.pk,
        name=said.values.get("name", ""),
        official_code=said.values.get("official_code", ""),
        company=company.pk if company else None,
        place=around.places.get(said.values.get("place", "")),
    )
