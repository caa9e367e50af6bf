"""Who may do what with which record: the one place where this is decided. Every surface asks here.

A right (`projects.change_project`) comes from Django's groups; roles.py says what the roles' groups
have. A right that somebody has only by a role with a scope reaches their own records alone: the
projects of the chains of their task forces, or in the places of their duty, and what belongs to these.
"""

from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from liangzhou.roles import BY_NAME

# The field that leads from a part to the project, or to the company, that decides whose it is
PARTS_OF_PROJECT = {
    f"projects.{name}": "project"
    for name in ("milestone", "measure", "projectparty", "creditshare", "stagechange", "formercode", "instruction")
}
PARTS_OF_COMPANY = {
    "enterprises.enterprisefact": "enterprise",
    "enterprises.qualification": "enterprise",
    "enterprises.contact": "enterprise",
}
IMPLIED = {"view": ("view", "change")}  # who may change may view


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
    opts = target._meta
    rights = {f"{opts.app_label}.{right}_{opts.model_name}" for right in IMPLIED.get(act, (act,))}
    held = {right for right in rights if user.is_active and user.has_perm(right)}
    if not held:
        return False
    everywhere = desk_of(user).everywhere
    if everywhere is None or held & everywhere or isinstance(target, type):
        return True
    return _covers(user, act, target)


def visible(user, queryset: QuerySet, act: str = "view") -> QuerySet:
    """The rows with which somebody may do this; no row where they may not at all."""
    model = queryset.model
    if not may(user, act, model):
        return queryset.none()
    return queryset if reaches_all(user, act, model) else queryset.filter(_own(user, act, model))


def reaches_all(user, act: str, model: type[Model]) -> bool:
    """Whether somebody who may do this with some records of a kind may do it with all of them."""
    everywhere, opts = desk_of(user).everywhere, model._meta
    rights = {f"{opts.app_label}.{right}_{opts.model_name}" for right in IMPLIED.get(act, (act,))}
    scoped = opts.label_lower in _SCOPED
    return everywhere is None or not scoped or bool(rights & everywhere)


def why_not_own(user, project) -> str:
    """Why a project, as it is about to be saved, is not theirs to enter or to change; empty where it is."""
    desk = desk_of(user)
    if reaches_all(user, "change", type(project)) or _own_project(desk, project):
        return ""
    if desk.chains and desk.places:
        return _("The project must be of a chain of your task force, or in a place of your duty.")
    if desk.chains:
        return _("The project must be of a chain of your task force.")
    if desk.places:
        return _("The project must be in a place of your duty.")
    return _("No chain and no place is yours yet: ask who manages the roles.")


# Own records: the same rules in SQL and in memory, tied by tests


def _own_projects(desk: Desk) -> Q:
    return Q(chain__in=desk.chains) | Q(place__in=desk.places)


def _own_project(desk: Desk, project) -> bool:
    return project.chain_id in desk.chains or project.place_id in desk.places


def _projects() -> QuerySet:
    return apps.get_model("projects.Project").objects.order_by()


def _own_companies(desk: Desk, act: str) -> Q:
    """To read: public ones, of own projects, entered by oneself. To change: not where others' projects hang on."""
    own, others = _projects().filter(_own_projects(desk)), _projects().exclude(_own_projects(desk))
    carries = Exists(own.filter(enterprise=OuterRef("pk")))
    takes_part = Exists(own.filter(parties__enterprise=OuterRef("pk")))
    entered = Q(created_by=desk.user_id)
    if act == "view":
        return Q(published=True) | carries | takes_part | entered
    foreign = Exists(others.filter(enterprise=OuterRef("pk"))) | Exists(
        others.filter(parties__enterprise=OuterRef("pk"))
    )
    return (carries | entered) & ~foreign


def _own(user, act: str, model: type[Model]) -> Q:
    desk, label = desk_of(user), model._meta.label_lower
    return _SCOPED[label](desk, act, model)


def _q_project(desk, act, model):
    return _own_projects(desk)


def _q_part_of_project(desk, act, model):
    whole = PARTS_OF_PROJECT[model._meta.label_lower]
    return Q(**{f"{whole}__chain__in": desk.chains}) | Q(**{f"{whole}__place__in": desk.places})


def _q_company(desk, act, model):
    return _own_companies(desk, act)


def _companies(desk, act) -> QuerySet:
    return apps.get_model("enterprises.Enterprise").objects.order_by().filter(_own_companies(desk, act)).values("pk")


def _q_part_of_company(desk, act, model):
    # Contacts of a company that is public to read about are not: personal data follows the stricter rule
    act = "change" if model._meta.label_lower == "enterprises.contact" else act
    return Q(enterprise__in=_companies(desk, act))


def _q_generic(desk, act, model):
    """Sentences cited, and changes that wait: as their record is."""
    projects, companies = (apps.get_model(label) for label in ("projects.Project", "enterprises.Enterprise"))
    kinds = ContentType.objects.get_for_models(projects, companies)
    own = Q(content_type=kinds[projects], object_id__in=_projects().filter(_own_projects(desk)).values("pk"))
    own |= Q(content_type=kinds[companies], object_id__in=_companies(desk, act))
    return own | ~Q(content_type__in=kinds.values()) if act == "view" else own


_SCOPED = {
    "projects.project": _q_project,
    **dict.fromkeys(PARTS_OF_PROJECT, _q_part_of_project),
    "enterprises.enterprise": _q_company,
    **dict.fromkeys(PARTS_OF_COMPANY, _q_part_of_company),
    "sources.citation": _q_generic,
    "liangzhou.waitingchange": _q_generic,
}


def _covers(user, act: str, record: Model) -> bool:
    """Whether one record is somebody's own. Projects and their parts are judged in memory, others as stored."""
    desk, label = desk_of(user), record._meta.label_lower
    if label == "projects.project":
        return _own_project(desk, record)
    if label in PARTS_OF_PROJECT:
        return _own_project(desk, getattr(record, PARTS_OF_PROJECT[label]))
    if label not in _SCOPED:
        return True
    if label in PARTS_OF_COMPANY:
        company = getattr(record, PARTS_OF_COMPANY[label])
        strict = "change" if label == "enterprises.contact" else act
        return company.pk is None or type(company).objects.filter(_own_companies(desk, strict), pk=company.pk).exists()
    if label == "sources.citation":
        target = record.target
        return target is not None and _covers_target(user, act, target)
    return (
        record.pk is None or type(record)._default_manager.filter(_own(user, act, type(record)), pk=record.pk).exists()
    )


def _covers_target(user, act: str, target: Model) -> bool:
    if target._meta.label_lower in ("projects.project", "enterprises.enterprise"):
        return _covers(user, act, target)
    return act == "view"


# Acts that are more than one right


def may_import(user) -> bool:
    """Who may enter and change projects may do so by a file."""
    return user.is_active and user.has_perms(["projects.add_project", "projects.change_project"])


def why_not_publish(user, record) -> str:
    """Why somebody must not publish a record, in a sentence; empty where they may. Withdrawing asks the right alone."""
    if not may(user, "publish", record):
        return _("You may not publish: submit it, and somebody who may will look at it.")
    if settings.PUBLISHER_IS_NOT_EDITOR and record.updated_by_id == user.pk:
        return _("You changed it last: somebody else must publish it.")
    return ""


def waits_for_review(record) -> bool:
    """Whether a change of this record is shown to the public only after somebody else agreed (by setting)."""
    return settings.REVIEW_CHANGES and bool(getattr(record, "published", False))


def needs_second_factor(user) -> bool:
    """Whether the settings want a second factor of somebody."""
    wanted = set(settings.TWO_FACTOR_ROLES)
    if not wanted:
        return False
    held = {role.code for role in roles_of(user)} | ({"superuser"} if user.is_superuser else set())
    return "all" in wanted or bool(wanted & held)
