"""What of a sheet is shown: which projects, in which order, by the words of the address."""

from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models import Enterprise
from liangzhou import permissions, search
from liangzhou.lists import is_key
from monthly.models import AnnualPlan, FundingRecord
from projects.models import CreditShare, Project

from .rows import Row
from .tabs import Tab, tab_of

SCOPES = ("chain", "place", "unit")
UNFILLED, WARNED = "unfilled", "warned"
ORDERS = {"chain": gettext_lazy("by chain"), "code": gettext_lazy("by code")}


@dataclass(frozen=True)
class Asked:
    """The words of an address, as far as they mean something."""

    tab: Tab
    own: bool = False
    chain: int | None = None
    place: int | None = None
    unit: int | None = None
    show: str = ""
    words: str = ""
    order: str = "chain"
    page: str = "1"

    @classmethod
    def of(cls, query) -> "Asked":
        """What a QueryDict asks for; what means nothing is left out."""
        keys = {name: int(query[name]) for name in SCOPES if is_key(query.get(name, ""))}
        return cls(
            tab=tab_of(query.get("series", "")),
            own=query.get("who") == "own",
            show=query.get("show") if query.get("show") in (UNFILLED, WARNED) else "",
            words=query.get("q", "").replace("\x00", "").strip()[:100],
            order=query.get("o") if query.get("o") in ORDERS else "chain",
            page=query.get("p", "1"),
            **keys,
        )

    def query(self, **other) -> str:
        """The address's words, some of them changed."""
        words = {
            "series": self.tab.key,
            "who": "own" if self.own else "",
            "chain": self.chain,
            "place": self.place,
            "unit": self.unit,
            "show": self.show,
            "q": self.words,
            "o": "" if self.order == "chain" else self.order,
        }
        return "?" + urlencode({name: value for name, value in (words | other).items() if value})

    @property
    def is_narrowed(self) -> bool:
        """Whether some rows are left out."""
        return any((self.own, self.chain, self.place, self.unit, self.show, self.words))


@dataclass
class Choice:
    """One list to choose from: its name in the address, its label, (value, label, whether chosen)."""

    name: str
    label: str
    options: list[tuple[str, str, bool]] = field(default_factory=list)


def offers_own(user) -> bool:
    """Whether what somebody may fill in is less than what they see, so that the two can be told apart."""
    kinds = (Project, FundingRecord, AnnualPlan)
    sees = all(permissions.reaches_all(user, "view", kind) for kind in kinds)
    return (
        sees
        and permissions.may(user, "change", FundingRecord)
        and not permissions.reaches_all(user, "change", FundingRecord)
    )


def narrowed(projects: list[Project], asked: Asked, user) -> list[Project]:
    """The projects that are asked for, in their order; what depends on amounts is left to `shown`."""
    found = [one for one in projects if asked.chain in (None, one.chain_id) and asked.place in (None, one.place_id)]
    if asked.unit is not None:
        of_unit = set(CreditShare.objects.filter(unit=asked.unit).values_list("project", flat=True))
        found = [one for one in found if one.pk in of_unit]
    if asked.words:
        companies = permissions.visible(user, Enterprise.objects.order_by())
        named = Project.objects.order_by().mentioning(asked.words, companies=companies, pinyin=True)
        keys = set(named.values_list("pk", flat=True))
        found = [one for one in found if one.pk in keys]
    return sorted(found, key=_by_chain if asked.order == "chain" else lambda one: one.code)


def _by_chain(project: Project) -> tuple:
    """Chains by the sound of their names, projects without one last; then by the sound of theirs."""
    chain = project.chain
    return (chain is None, chain.search_pinyin if chain else "", project.search_pinyin, project.pk)


def shown(rows: list[Row], asked: Asked) -> list[Row]:
    """The rows that are asked for by what they say."""
    if asked.own:
        rows = [row for row in rows if row.may_write]
    if asked.show == UNFILLED:
        return [row for row in rows if row.amount is None]
    return [row for row in rows if row.slips()] if asked.show == WARNED else rows


def choices(projects: list[Project], asked: Asked, user) -> list[Choice]:
    """The lists that the page offers, of what the sheet has before anything is left out."""
    chains = {one.chain_id: str(one.chain) for one in projects if one.chain}
    places = {one.place_id: str(one.place) for one in projects if one.place}
    shares = CreditShare.objects.filter(project__in=[one.pk for one in projects]).select_related("unit").order_by()
    units = {one.unit_id: str(one.unit) for one in shares}
    found = [
        _choice("chain", _("Industry chain"), _("all chains"), chains, asked.chain),
        _choice("place", _("Place"), _("all places"), places, asked.place),
        _choice("unit", _("Responsible unit"), _("all units"), units, asked.unit),
        Choice("show", _("Rows"), _options(_("all rows"), _kinds(), asked.show)),
        Choice("o", _("Order"), [(name, str(label), name == asked.order) for name, label in ORDERS.items()]),
    ]
    if offers_own(user):
        found.insert(0, Choice("who", _("Whose"), _options(_("all"), {"own": _("own")}, "own" if asked.own else "")))
    return [one for one in found if len(one.options) > 1]


def _kinds() -> dict[str, str]:
    return {UNFILLED: _("not filled in"), WARNED: _("with warnings")}


def _choice(name: str, label: str, nothing: str, names: dict, chosen: int | None) -> Choice:
    ordered = dict(sorted(names.items(), key=lambda pair: search.pinyin(pair[1])))
    return Choice(name, label, _options(nothing, ordered, chosen))


def _options(nothing: str, names: dict, chosen) -> list[tuple[str, str, bool]]:
    options = [(str(value), label, value == chosen) for value, label in names.items()]
    return [("", nothing, not chosen), *options]
