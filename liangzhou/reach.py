"""Which records somebody reaches: their rights on kinds of records, and which records are somebody's own.

Asked by way of permissions.py. A right that somebody has only by a role with a scope reaches their own
records alone: the projects of the chains of their task forces, or in the places of their duty, and what
belongs to these.
"""

from dataclasses import dataclass

from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from liangzhou.roles import BY_NAME

# The field that leads from a part to the project, or to the company, that decides whose it is
PARTS_OF_PROJECT = {
    f"projects.{name}": "project"
    for name in (
        "milestone",
        "measure",
        "projectparty",
        "creditshare",
        "stagechange",
        "formercode",
        "instruction",
        "assignment",
    )
} | {
    "monthly.fundingrecord": "project",
    "monthly.investmentrecord": "project",
    "monthly.progressreport": "project",
    "monthly.progressphoto": "report__project",
    "monthly.annualplan": "project",
    "monthly.exemption": "project",
}
PARTS_OF_COMPANY = {
    "enterprises.enterprisefact": "enterprise",
    "enterprises.qualification": "enterprise",
    "enterprises.contact": "enterprise",
}
WITH_CITATIONS = (
    "projects.project",
    "enterprises.enterprise",
    "projects.industrychain",
    "enterprises.place",
    "projects.reportedindicator",
    "projects.opportunity",
    "projects.mechanism",
)
IMPLIED = {"view": ("view", "change")}  # who may change may view
WRITES = ("add", "change", "delete")


@dataclass(frozen=True)
class Desk:
    """What somebody reaches: `everywhere` are the rights that reach all records; the others reach their own."""

    user_id: int
    everywhere: frozenset[str] | None  # None: all that they have
    chains: frozenset[int] = frozenset()
    places: frozenset[int] = frozenset()


def roles_of(user) -> list:
    """The roles that somebody holds; one query, asked once for each user object."""
    if not hasattr(user, "_roles"):
        names = user.groups.order_by("pk").values_list("name", flat=True) if user.pk else []
        user._roles = [BY_NAME[name] for name in names if name in BY_NAME]
    return user._roles


def desk_of(user) -> Desk:
    """What somebody reaches; at most four queries, asked once for each user object."""
    if not hasattr(user, "_desk"):
        user._desk = _desk_of(user)
    return user._desk


def _desk_of(user) -> Desk:
    scopes = set() if user.is_superuser else {role.scope for role in roles_of(user) if role.scope}
    if not scopes:
        return Desk(user.pk, None)
    limited = [name for name, role in BY_NAME.items() if role.scope]
    held = Permission.objects.filter(Q(user=user) | Q(group__in=user.groups.exclude(name__in=limited)))
    everywhere = {f"{app}.{name}" for app, name in held.values_list("content_type__app_label", "codename")}
    chains = user.task_forces.exclude(chains=None).values_list("chains", flat=True) if "chain" in scopes else []
    duty = apps.get_model("enterprises.PlaceDuty").objects.filter(person=user).exclude(places=None)
    places = duty.values_list("places", flat=True) if "place" in scopes else []
    return Desk(user.pk, frozenset(everywhere), frozenset(chains), frozenset(places))


# Rights on kinds of records, and on one record


def may(user, act: str, target: type[Model] | Model) -> bool:
    """Whether somebody may view, add, change, delete, publish, … records of a kind, or this one record.

    Of a kind: whether they may with at least some. A record is judged as it is in memory, so that what is
    about to be saved, or was deleted, can be asked about too.
    """
    held = {right for right in _rights(act, target) if user.is_active and user.has_perm(right)}
    if not held:
        return False
    everywhere = desk_of(user).everywhere
    if everywhere is None or held & everywhere or isinstance(target, type):
        return True
    return _covers(user, act, target)


def visible(user, queryset: QuerySet, act: str = "view") -> QuerySet:
    """The rows with which somebody may do this; no row where they may not at all."""
    return own(user, queryset, act) if may(user, act, queryset.model) else queryset.none()


def own(user, queryset: QuerySet, act: str) -> QuerySet:
    """The rows that are somebody's own to do this with, whatever their rights: those who are not limited own all."""
    if reaches_all(user, act, queryset.model):
        return queryset
    return queryset.filter(SCOPED[queryset.model._meta.label_lower](user, act, queryset.model))


def choices(user, queryset: QuerySet, *, chosen: Q) -> QuerySet:
    """The rows that somebody may choose in a form: those that they may view, and what is `chosen` there already."""
    scope = SCOPED[queryset.model._meta.label_lower](user, "view", queryset.model)
    return queryset.filter(scope | chosen if may(user, "view", queryset.model) else chosen)


def reaches_all(user, act: str, model: type[Model]) -> bool:
    """Whether somebody who may do this with some records of a kind may do it with all of them."""
    everywhere = desk_of(user).everywhere
    return everywhere is None or model._meta.label_lower not in SCOPED or bool(_rights(act, model) & everywhere)


def _rights(act: str, target: type[Model] | Model) -> set[str]:
    """The rights of which one is enough to do this with a kind of record."""
    opts = target._meta
    return {f"{opts.app_label}.{right}_{opts.model_name}" for right in IMPLIED.get(act, (act,))}


def is_limited(user) -> bool:
    """Whether somebody has a role that reaches its own records only, and no right to view that reaches all projects."""
    return not reaches_all(user, "view", apps.get_model("projects.Project"))


def why_not_own(user, record, act: str = "change") -> str:
    """Why a record, as it is about to be saved, is not theirs to enter or to change; empty where it is."""
    if reaches_all(user, act, type(record)) or _covers(user, act, record):
        return ""
    desk = desk_of(user)
    if record._meta.label_lower != "projects.project":
        return _("It would belong to a record that is not yours.")
    if desk.chains and desk.places:
        return _("The project must be of a chain of your task force, or in a place of your duty.")
    if desk.chains:
        return _("The project must be of a chain of your task force.")
    if desk.places:
        return _("The project must be in a place of your duty.")
    return _("No chain and no place is yours yet: ask who manages the roles.")


def own_choices(user) -> dict[str, frozenset[int]]:
    """The keys of the chains or places of which a project of theirs must have one, by the project's field.

    Empty where any will do: for who is not limited, and for who has both, of which one is enough.
    """
    desk = desk_of(user)
    if reaches_all(user, "change", apps.get_model("projects.Project")) or (desk.chains and desk.places):
        return {}
    return {"place": desk.places} if desk.places else {"chain": desk.chains}


def may_read_internal(user, record: Model) -> bool:
    """Whether somebody who may view a record may read also what no page shows of it: internal fields, its past."""
    return reaches_all(user, "view", type(record)) or _covers(user, "change", record)


def may_name(user, record: Model) -> bool:
    """Whether somebody may read what a record is called where another record refers to it.

    Kinds that nobody's work is limited to (chains, places, units, people) are named to everybody.
    """
    return record._meta.label_lower not in SCOPED or may(user, "view", record)


# Own records: the same rules in SQL (`visible`) and for one record (`may`), tied by tests


def _own_projects(desk: Desk, prefix: str = "") -> Q:
    return Q(**{f"{prefix}chain__in": desk.chains}) | Q(**{f"{prefix}place__in": desk.places})


def _projects() -> QuerySet:
    return apps.get_model("projects.Project").objects.order_by()


def _own_companies(user, act: str) -> Q:
    """To view: public ones, of own projects, entered by oneself. Anything else: not where others' projects hang on.

    Anybody may choose a public company for a draft: only a public project makes it theirs.
    """
    desk = desk_of(user)
    own, others = _projects().filter(_own_projects(desk)), _projects().exclude(_own_projects(desk))
    carries, entered = own.filter(enterprise=OuterRef("pk")), Q(created_by=user.pk)
    if act == "view":
        return Q(published=True) | Exists(carries) | Exists(own.filter(parties__enterprise=OuterRef("pk"))) | entered
    foreign = Exists(others.filter(enterprise=OuterRef("pk")))
    foreign |= Exists(others.filter(parties__enterprise=OuterRef("pk")))
    carried = Q(published=False) & Exists(carries) | Exists(carries.filter(published=True))
    return (carried | entered) & ~foreign


def _q_part_of_project(user, act, model) -> Q:
    return _own_projects(desk_of(user), f"{PARTS_OF_PROJECT[model._meta.label_lower]}__")


def _q_pair(user, act, model) -> Q:
    return _own_projects(desk_of(user), "project_a__") & _own_projects(desk_of(user), "project_b__")


def _q_part_of_company(user, act, model) -> Q:
    companies = apps.get_model("enterprises.Enterprise").objects.order_by()
    return Q(enterprise__in=companies.filter(_own_companies(user, _act_on_company(act, model))).values("pk"))


def _act_on_company(act: str, model) -> str:
    """A contact is not read because its company is public: personal data is of those whose company it is."""
    return "change" if model._meta.label_lower == "enterprises.contact" else act


def _q_of_any_record(user, act, model) -> Q:
    """Sentences cited, and changes that wait: as their record is."""
    act = _act_on_record(act, model)
    wanted = [kind for kind in map(apps.get_model, WITH_CITATIONS) if may(user, act, kind)]
    found = Q(pk__in=[])
    for kind, content_type in ContentType.objects.get_for_models(*wanted).items():
        rows = Q() if reaches_all(user, act, kind) else Q(object_id__in=visible(user, kind.objects, act).values("pk"))
        found |= Q(content_type=content_type) & rows
    return found


def _act_on_record(act: str, model) -> str:
    """A change that waits is no more public than the draft of a record."""
    return "change" if act in WRITES or model._meta.label_lower == "liangzhou.waitingchange" else "view"


SCOPED = {
    "projects.project": lambda user, act, model: _own_projects(desk_of(user)),
    **dict.fromkeys(PARTS_OF_PROJECT, _q_part_of_project),
    "projects.notthesame": _q_pair,
    "enterprises.enterprise": lambda user, act, model: _own_companies(user, act),
    **dict.fromkeys(PARTS_OF_COMPANY, _q_part_of_company),
    "sources.citation": _q_of_any_record,
    "liangzhou.waitingchange": _q_of_any_record,
}


def _covers(user, act: str, record: Model) -> bool:
    """Whether one record is somebody's own. Projects and their parts are judged in memory, others as stored."""
    label = record._meta.label_lower
    if label == "projects.project":
        return record.chain_id in desk_of(user).chains or record.place_id in desk_of(user).places
    if label not in SCOPED:
        return True
    if label == "enterprises.enterprise":
        return _covers_company(user, act, record)
    if label in PARTS_OF_PROJECT:
        whole = _related(record, PARTS_OF_PROJECT[label])
        return whole is not None and _covers(user, act, whole)
    if label in PARTS_OF_COMPANY:
        whole = _related(record, PARTS_OF_COMPANY[label])
        return whole is not None and _covers_company(user, _act_on_company(act, type(record)), whole)
    if label == "projects.notthesame":
        return all(_covers(user, act, whole) for whole in (record.project_a, record.project_b))
    target = _related(record, "target" if label == "sources.citation" else "record")
    return target is not None and may(user, _act_on_record(act, type(record)), target)


def _covers_company(user, act: str, company) -> bool:
    stored = type(company).objects.filter(pk=company.pk)
    if company.pk is None or stored.filter(_own_companies(user, act)).exists():
        return True
    entered = company.created_by_id == user.pk or (act == "view" and company.published)
    return entered and not stored.exists()  # deleted, and about to come back


def _related(record: Model, name: str) -> Model | None:
    """The record that a part belongs to, by the names that lead there; None where it is gone."""
    try:
        for step in name.split("__"):
            record = getattr(record, step)
    except (ObjectDoesNotExist, AttributeError):  # a step that is not given leads nowhere
        return None
    return record
