"""Who may do what with accounts, what one account must not hold together, and rights in words.

Asked by way of permissions.py, like every rule of that kind.
"""

from collections import defaultdict

from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liangzhou.roles import BY_NAME, DUTIES, RECORDS, duty_of, rights_of_all, rights_of_work

ACTS = {
    "view": gettext_lazy("view"),
    "add": gettext_lazy("add"),
    "change": gettext_lazy("change"),
    "delete": gettext_lazy("delete"),
    "publish": gettext_lazy("publish, return and withdraw"),
    "lock": gettext_lazy("lock and open again"),
    "reveal": gettext_lazy("see names and phones in full"),
    "export": gettext_lazy("export with names and phones"),
    "grant": gettext_lazy("grant roles"),
}
WORK_IN_THE_FIELD = "projects.change_project"  # what a chain or a place is given for


def powers_over(user, account=None) -> frozenset[str]:
    """What somebody may do with an account, or with some account: `keep`, `grant`, `crown`.

    Keep: open and close it, names, passwords. Grant: give and take roles. Crown: make superusers, give single rights.
    """
    if not user.is_active or not user.is_staff:
        return frozenset()
    if user.is_superuser:
        return frozenset(("keep", "grant", "crown"))
    if account is not None and account.is_superuser:
        return frozenset()
    keeps, grants = user.has_perm("auth.change_user"), user.has_perm("liangzhou.grant_account")
    own = account is not None and account.pk == user.pk
    return frozenset(power for power, has in (("keep", keeps), ("grant", grants and not own)) if has)


def grants_to_oneself(user, people) -> bool:
    """Whether somebody would change what they reach themselves; `people` are those whose rights change."""
    return not user.is_superuser and user.pk in {person.pk for person in people}


def duties_in_conflict(permissions) -> str:
    """Why one person must not hold all these rights (projects.change_project, …), in a sentence; empty where they may.

    The administrators of the system, of security and of the audit are three people, and none works on records.
    """
    held = {duty_of(permission) for permission in permissions}
    duties = [str(name) for duty, name in DUTIES.items() if duty in held]
    if len(duties) < 2:
        return ""
    sentence = _("Nobody may hold rights of two duties that are kept apart: %(one)s, %(two)s.")
    return sentence % {"one": duties[0], "two": duties[1]}


# What accounts hold


def lock() -> None:
    """Let nobody else change who holds what until this transaction ends: two harmless changes can make a conflict."""
    list(Group.objects.select_for_update().order_by("pk").values_list("pk"))


def names_of(permissions) -> set[str]:
    """The rights in a queryset of permissions: projects.change_project."""
    rows = permissions.values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in rows}


def held(user, *, groups=None, own=None) -> set[str]:
    """The rights of an account that is no superuser; with these groups, or these rights of its own, instead of its."""
    groups = user.groups.all() if groups is None else groups
    rights = names_of(Permission.objects.filter(group__in=groups)) if groups else set()
    rights |= names_of((user.user_permissions.all() if own is None else own).order_by())
    return rights | ({WORK_IN_THE_FIELD} if serves(user) else set())


def serves(user) -> bool:
    """Whether chains or places are theirs, whatever roles they hold."""
    if user.pk is None:
        return False
    duties = apps.get_model("enterprises.PlaceDuty").objects.filter(person=user)
    return user.task_forces.exists() or duties.exists()


def in_conflict() -> list[tuple[User, str]]:
    """The active accounts that hold rights of two duties, with a sentence; superusers apart. Four queries."""
    active = User.objects.filter(is_active=True, is_superuser=False)
    users = {user.pk: user for user in active.order_by("username")}
    rights = defaultdict(set)
    columns, some = ("content_type__app_label", "codename"), active.values("pk")
    single = Permission.objects.filter(user__in=some).values_list("user", *columns)
    grouped = Permission.objects.filter(group__user__in=some).values_list("group__user", *columns)
    for pk, app, codename in (*single, *grouped):
        rights[pk].add(f"{app}.{codename}")
    members = User.objects.filter(Q(task_forces__isnull=False) | Q(place_duty__isnull=False))
    for pk in members.values_list("pk", flat=True):
        rights[pk].add(WORK_IN_THE_FIELD)
    found = ((user, duties_in_conflict(rights[pk])) for pk, user in users.items())
    return [(user, sentence) for user, sentence in found if sentence]


# Groups


def is_role(group) -> bool:
    """Whether a group is one of the roles, whose rights come with the software."""
    return group is not None and group.name in BY_NAME


def grantable(user) -> set[str]:
    """The rights that somebody may put into a group of their own making."""
    return rights_of_all() if user.is_superuser else rights_of_work()


def choosable(rights: set[str]):
    """The permissions of these names."""
    wanted = Q(pk__in=[])
    by_app = defaultdict(list)
    for right in sorted(rights):
        app, _dot, codename = right.partition(".")
        by_app[app].append(codename)
    for app, codenames in by_app.items():
        wanted |= Q(content_type__app_label=app, codename__in=codenames)
    return Permission.objects.filter(wanted).select_related("content_type")


# In words


def in_words(permissions) -> list[tuple[str, list[tuple[Permission, str]]]]:
    """Permissions by kind of record: (what it is called, [(permission, act)]), in the language of the page.

    Django's own names for them are English, whatever the language.
    """
    kinds = defaultdict(list)
    for permission in permissions:
        kind = permission.content_type
        kinds[(kind.app_label, kind.model)].append((permission, _act(permission)))
    order = list(ACTS)
    for rows in kinds.values():
        rows.sort(key=lambda row: order.index(_act_code(row[0])) if _act_code(row[0]) in ACTS else len(order))
    return [(_kind(*kind), kinds[kind]) for kind in sorted(kinds, key=_place_of_kind)]


def _place_of_kind(kind: tuple[str, str]) -> tuple:
    """Records first, in the order in which roles.py lists them."""
    label = ".".join(kind)
    return (RECORDS.index(label), "") if label in RECORDS else (len(RECORDS), label)


def _kind(app: str, model: str) -> str:
    try:
        return capfirst(apps.get_model(app, model)._meta.verbose_name)
    except LookupError:  # of an app that is not installed any more
        return f"{app}.{model}"


def _act_code(permission) -> str:
    return permission.codename.partition("_")[0]


def _act(permission) -> str:
    code = _act_code(permission)
    return str(ACTS[code]) if code in ACTS else permission.name
