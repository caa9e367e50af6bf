"""Who may do what with which record: the one place where this is decided. Every surface asks here.

A right (`projects.change_project`) comes from Django's groups; roles.py says what the roles' groups
have, reach.py which records a right reaches, rights.py what goes with accounts. Here are the acts
that are more than one right.
"""

from django.apps import apps
from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from liangzhou.reach import PARTS_OF_COMPANY as PARTS_OF_COMPANY
from liangzhou.reach import PARTS_OF_PROJECT as PARTS_OF_PROJECT
from liangzhou.reach import SCOPED as SCOPED
from liangzhou.reach import WITH_CITATIONS as WITH_CITATIONS
from liangzhou.reach import choices as choices
from liangzhou.reach import desk_of as desk_of
from liangzhou.reach import is_limited as is_limited
from liangzhou.reach import may as may
from liangzhou.reach import may_name as may_name
from liangzhou.reach import may_read_internal as may_read_internal
from liangzhou.reach import own as own
from liangzhou.reach import own_choices as own_choices
from liangzhou.reach import reaches_all as reaches_all
from liangzhou.reach import roles_of as roles_of
from liangzhou.reach import visible as visible
from liangzhou.reach import why_not_own as why_not_own
from liangzhou.rights import duties_in_conflict as duties_in_conflict
from liangzhou.rights import grants_to_oneself as grants_to_oneself
from liangzhou.rights import powers_over as powers_over


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
    return {"import": may_import, "merge": may_merge, "sheet": _may_fill_in}.get(act, lambda user: False)(user)


def _may_fill_in(user) -> bool:
    """Whether somebody may fill in the sheet of a month, at least for some projects."""
    return may(user, "change", apps.get_model("monthly.FundingRecord"))


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


def ledger_templates(user, queryset: QuerySet) -> QuerySet:
    """What was said of columns, as far as somebody may read it: those limited, what they said themselves."""
    return queryset.filter(created_by=user.pk) if is_limited(user) else queryset


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
