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
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from liangzhou.rights import duties_in_conflict as duties_in_conflict
from liangzhou.rights import grants_to_oneself as grants_to_oneself
from liangzhou.rights import powers_over as powers_over
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
READS, WRITES = ("view", "call"), ("add", "change", "delete")


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
    return (
        queryset
        if reaches_all(user, act, model)
        else queryset.filter(_SCOPED[model._meta.label_lower](user, act, model))
    )


def own(user, queryset: QuerySet, act: str) -> QuerySet:
    """The rows that are somebody's own to do this with, whatever their rights: those who are not limited own all."""
    if reaches_all(user, act, queryset.model):
        return queryset
    return queryset.filter(_SCOPED[queryset.model._meta.label_lower](user, act, queryset.model))


def choices(user, queryset: QuerySet, *, chosen: Q) -> QuerySet:
    """The rows that somebody may choose in a form: those that they may view, and what is `chosen` there already."""
    scope = _SCOPED[queryset.model._meta.label_lower](user, "view", queryset.model)
    return queryset.filter(scope | chosen if may(user, "view", queryset.model) else chosen)


def reaches_all(user, act: str, model: type[Model]) -> bool:
    """Whether somebody who may do this with some records of a kind may do it with all of them."""
    everywhere, opts = desk_of(user).everywhere, model._meta
    rights = {f"{opts.app_label}.{right}_{opts.model_name}" for right in IMPLIED.get(act, (act,))}
    scoped = opts.label_lower in _SCOPED
    return everywhere is None or not scoped or bool(rights & everywhere)


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


# Own records: the same rules in SQL (`visible`) and for one record (`may`), tied by tests


def _own_projects(desk: Desk, prefix: str = "") -> Q:
    return Q(**{f"{prefix}chain__in": desk.chains}) | Q(**{f"{prefix}place__in": desk.places})


def _projects() -> QuerySet:
    return apps.get_model("projects.Project").objects.order_by()


def _own_companies(user, act: str) -> Q:
    """To read: public ones, of own projects, entered by oneself. To change: not where others' projects hang on."""
    desk = desk_of(user)
    own, others = _projects().filter(_own_projects(desk)), _projects().exclude(_own_projects(desk))
    carries, entered = Exists(own.filter(enterprise=OuterRef("pk"))), Q(created_by=user.pk)
    if act in READS:
        theirs = carries | Exists(own.filter(parties__enterprise=OuterRef("pk"))) | entered
        return Q(published=True) | theirs if act == "view" else theirs
    foreign = Exists(others.filter(enterprise=OuterRef("pk")))
    foreign |= Exists(others.filter(parties__enterprise=OuterRef("pk")))
    return (carries | entered) & ~foreign


def _q_part_of_project(user, act, model) -> Q:
    return _own_projects(desk_of(user), f"{PARTS_OF_PROJECT[model._meta.label_lower]}__")


def _q_pair(user, act, model) -> Q:
    return _own_projects(desk_of(user), "project_a__") & _own_projects(desk_of(user), "project_b__")


def _q_part_of_company(user, act, model) -> Q:
    companies = apps.get_model("enterprises.Enterprise").objects.order_by()
    return Q(enterprise__in=companies.filter(_own_companies(user, _act_on_company(act, model))).values("pk"))


def _act_on_company(act: str, model) -> str:
    """A contact is not read because its company is public: personal data is of those whose company it is."""
    return "call" if model._meta.label_lower == "enterprises.contact" and act not in WRITES else act


def _q_of_any_record(user, act, model) -> Q:
    """Sentences cited, and changes that wait: as their record is."""
    act = "change" if act in WRITES else "view"
    wanted = [kind for kind in map(apps.get_model, WITH_CITATIONS) if may(user, act, kind)]
    found = Q(pk__in=[])
    for kind, content_type in ContentType.objects.get_for_models(*wanted).items():
        rows = Q() if reaches_all(user, act, kind) else Q(object_id__in=visible(user, kind.objects, act).values("pk"))
        found |= Q(content_type=content_type) & rows
    return found


_SCOPED = {
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
    if label not in _SCOPED:
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
    return target is not None and may(user, "change" if act in WRITES else "view", target)


def _covers_company(user, act: str, company) -> bool:
    stored = type(company).objects.filter(pk=company.pk)
    if company.pk is None or stored.filter(_own_companies(user, act)).exists():
        return True
    entered = company.created_by_id == user.pk or (act == "view" and company.published)
    return entered and not stored.exists()  # deleted, and about to come back


def _related(record: Model, name: str) -> Model | None:
    """The record that a part belongs to; None where it is gone."""
    try:
        return getattr(record, name)
    except ObjectDoesNotExist:
        return None


# Acts that are more than one right


def may_import(user) -> bool:
    """Who may enter and change projects may do so by a file."""
    return user.is_active and user.has_perms(["projects.add_project", "projects.change_project"])


def may_merge(user, *projects) -> bool:
    """Whoever merges changes the one project and deletes the other; without projects: whether they may at all."""
    kind = apps.get_model("projects.Project")
    return all(may(user, act, one) for act in ("change", "delete") for one in projects or (kind,))


def may_repeat(user, act: str) -> bool:
    """Whether somebody may still do what a batch of changes did: then they may take back what they did themselves.

    Other acts are taken back by whoever may do the opposite of them by hand.
    """
    return {"import": may_import, "merge": may_merge}.get(act, lambda user: False)(user)


def _brings_in_all(user) -> bool:
    return may_import(user) and reaches_all(user, "change", apps.get_model("projects.Project"))


def _looks_at_all_imports(user) -> bool:
    """A file holds whatever projects its owner has: it is shown to who may see, or enter, all projects."""
    projects = apps.get_model("projects.Project")
    reviews = settings.REVIEW_CHANGES and may(user, "publish", projects)
    looks = reviews or may(user, "view", apps.get_model("ledgers.LedgerImport"))
    return _brings_in_all(user) or (looks and may(user, "view", projects) and reaches_all(user, "view", projects))


def may_see_imports(user) -> bool:
    """Whether somebody may open the pages of ledgers that were brought in, at least of some."""
    return may_import(user) or _looks_at_all_imports(user)


def imports(user, queryset: QuerySet, act: str = "view") -> QuerySet:
    """The imports of ledgers that somebody may see ("view") or go on with ("change"): those limited, their own."""
    if _brings_in_all(user) or (act == "view" and _looks_at_all_imports(user)):
        return queryset
    return queryset.filter(by=user.pk) if may_import(user) else queryset.none()


def may_rename_template(user, template) -> bool:
    """Whether somebody may rename or delete what was said of columns: who is limited, what they said themselves."""
    return _brings_in_all(user) or (may_import(user) and template.created_by_id == user.pk)


def why_not_confirm(user, ledger_import, *, reviewed: bool) -> str:
    """Why somebody must not write an import, in a sentence; empty where they may.

    `reviewed`: it changes what is published, and such changes wait for review.
    """
    if not reviewed:
        own = imports(user, type(ledger_import)._default_manager.filter(pk=ledger_import.pk), "change")
        return "" if own.exists() else _("You may not bring this ledger in.")
    if ledger_import.by_id is None:
        return _("Nobody knows any more who brought this file in: bring it in again.")
    if ledger_import.by_id == user.pk:
        return _("You brought this file in: somebody else, who may publish projects, must confirm it.")
    if not may(user, "publish", apps.get_model("projects.Project")):
        return _("Somebody who may publish projects must confirm it.")
    return ""


def why_not_publish(user, record) -> str:
    """Why somebody must not publish a record, in a sentence; empty where they may. Withdrawing asks the right alone."""
    if not may(user, "publish", record):
        return _("You may not publish: submit it, and somebody who may will look at it.")
    if settings.PUBLISHER_IS_NOT_EDITOR and record.updated_by_id == user.pk:
        return _("You changed it last: somebody else must publish it.")
    return ""


def not_last_editor(user) -> Q:
    """Which records the last rule of `why_not_publish` leaves to this publisher."""
    return ~Q(updated_by=user) if settings.PUBLISHER_IS_NOT_EDITOR else Q()


def waits_for_review(record) -> bool:
    """Whether a change of this record is shown to the public only after somebody else agreed (by setting)."""
    return settings.REVIEW_CHANGES and bool(getattr(record, "published", False))


def why_not_decide(user, change) -> str:
    """Why somebody must not agree to a change that waits, or return it, in a sentence; empty where they may."""
    record = change.record
    if record is None:
        return _("The record is not there any more.")
    if not may(user, "publish", record):
        return _("Somebody who may publish this record must decide on it.")
    if settings.PUBLISHER_IS_NOT_EDITOR and change.submitted_by_id == user.pk:
        return _("You typed it: somebody else must decide on it.")
    return ""


def needs_second_factor(user) -> bool:
    """Whether the settings want a second factor of somebody."""
    wanted = set(settings.TWO_FACTOR_ROLES)
    if not wanted:
        return False
    held = {role.code for role in roles_of(user)} | ({"superuser"} if user.is_superuser else set())
    return "all" in wanted or bool(wanted & held)


def may_reset_second_factor(user, other) -> bool:
    """Who grants roles may take away the second factor of who lost it, never their own; superusers' only superusers."""
    return (
        user.is_active
        and user.has_perm("liangzhou.grant_account")
        and user.pk != other.pk
        and (user.is_superuser or not other.is_superuser)
    )


def instruction_fields(user, instruction) -> tuple[str, ...]:
    """What somebody may write: the text who gives it, until it is answered; the answer who may change the project."""
    new = instruction.pk is None
    gives = (new or instruction.created_by_id == user.pk) and not instruction.answer
    names = ("text", "due") if gives and may(user, "add", instruction) else ()
    if not new and may(user, "change", instruction) and may(user, "change", instruction.project):
        return (*names, "answer")
    return names
