"""What the audit trail keeps of accounts and rights: what changed from what to what, and what was refused."""

from django.contrib.admin.utils import unquote
from django.contrib.auth.models import Group, User
from django.db import transaction

from liangzhou import audit, rights
from liangzhou.audit import Action, Result
from liangzhou.audit.limits import record_often
from liangzhou.sign_in import sessions

REFUSALS_AN_HOUR = 50
PERSONAL = ("last_name", "first_name", "email")  # that they changed is kept, not what to


def differences(before: dict, after: dict) -> dict:
    """What differs between two states: name -> {"from": …, "to": …}. Before it was there it had nothing."""
    pairs = {name: {"from": before.get(name), "to": after.get(name)} for name in {**before, **after}}
    return {name: pair for name, pair in pairs.items() if (pair["from"] or None) != (pair["to"] or None)}


def state_of_account(user: User) -> dict:
    """An account as far as who may enter and who is who goes."""
    return {"active": user.is_active, "staff": user.is_staff} | {name: getattr(user, name) for name in PERSONAL}


def rights_of_account(user: User) -> dict:
    """What an account may do, by name."""
    return {
        "superuser": user.is_superuser,
        "roles": sorted(user.groups.values_list("name", flat=True)),
        "single_rights": sorted(rights.names_of(user.user_permissions.order_by())),
    }


def record_opened(user: User) -> None:
    """An account was opened."""
    audit.record(Action.ACCOUNT_CHANGED, target=user, opened=True)


def record_crowned(user: User) -> None:
    """A superuser was made by a command, with a password: nobody is signed in there."""
    audit.record(Action.ACCOUNT_CHANGED, target=user, opened=True, superuser=True, method="command")


def record_account(user: User, before: User, held: dict) -> None:
    """What changed in an account and in its rights since `before` and `held`. Whoever is shut out is signed out.

    In the same transaction: sessions that were left would go on once the account is opened again.
    """
    if _may_enter(before) and not _may_enter(user):
        sessions.end_all(user)
    changed = differences(held, rights_of_account(user))
    if changed:
        audit.record(Action.RIGHTS_CHANGED, target=user, **changed)
    changed = differences(state_of_account(before), state_of_account(user))
    names = [name for name in PERSONAL if changed.pop(name, None)]
    if changed or names:
        audit.record(Action.ACCOUNT_CHANGED, target=user, **changed, **({"also": names} if names else {}))


def _may_enter(user: User) -> bool:
    return user.is_active and user.is_staff


def state_of_group(group: Group) -> dict:
    """A group with its rights."""
    return {"name": group.name, "rights": sorted(rights.names_of(group.permissions.order_by()))}


def record_rights(target, before: dict, after: dict) -> None:
    """What changed in a group, a task force or a duty; nothing where nothing did."""
    changed = differences(before, after)
    if changed:
        audit.record(Action.RIGHTS_CHANGED, target=target, **changed)


def record_refusal(request, target, reasons: list[str]) -> None:
    """Somebody tried what is not theirs."""
    limits = {f"account {request.user.pk}": REFUSALS_AN_HOUR}
    record_often(Action.REFUSED, limits=limits, target=target, result=Result.REFUSED, reasons=reasons)


class RefusalsKept:
    """An admin of what gives rights: one change at a time, and what was refused is kept.

    `guarded` are the fields that a forged form would hold.
    """

    guarded: tuple[str, ...] = ()

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """What was refused is kept outside of what is rolled back; pages that are not theirs are kept for all alike."""
        request.refusals = []
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            rights.lock()
            response = super().changeform_view(request, object_id, form_url, extra_context)
        if request.refusals:
            target = self.get_object(request, unquote(object_id)) if object_id else self.model
            record_refusal(request, target, request.refusals)
        return response

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        noted = {"acting": request.user, "refusals": getattr(request, "refusals", []), "guarded": self.guarded}
        return type(form.__name__, (form,), noted)
