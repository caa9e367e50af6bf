"""Sign-ins, sign-outs and failures in the audit trail: receivers of Django's and axes' signals."""

from axes.signals import user_locked_out
from django.contrib.auth import get_user_model
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import DatabaseError

from liangzhou import audit
from liangzhou.audit import Action, Result
from liangzhou.audit.limits import log, record_often
from liangzhou.audit.words import UNKNOWN_NAME


def connect() -> None:
    """Listen from now on; once, however often it is called."""
    user_logged_in.connect(signed_in, dispatch_uid="liangzhou.audit.signed_in")
    user_logged_out.connect(signed_out, dispatch_uid="liangzhou.audit.signed_out")
    user_login_failed.connect(failed, dispatch_uid="liangzhou.audit.failed")
    user_locked_out.connect(locked_out, dispatch_uid="liangzhou.audit.locked_out")


def signed_in(sender, request, user, **kwargs):
    """Nobody is let in without an entry."""
    audit.record(Action.SIGN_IN, by=user, target=user)


def signed_out(sender, request, user, **kwargs):
    """Whoever wants to leave may leave, recorded or not."""
    if user is None:
        return
    try:
        audit.record(Action.SIGN_OUT, by=user, target=user)
    except DatabaseError:
        log.exception("A sign-out could not be recorded in the audit trail")


def failed(sender, credentials, request=None, **kwargs):
    """A wrong name or password. What is tried during a lock is told by `locked_out`."""
    if not getattr(request, "axes_locked_out", False):
        _refused(Action.SIGN_IN, Result.FAILED, request, credentials)


def locked_out(sender, request, username, **kwargs):
    """The failure that locked a name at an address, and what is tried during the lock."""
    _refused(Action.LOCKED_OUT, Result.REFUSED, request, {"username": username})


def _refused(action: str, result: str, request, credentials: dict) -> None:
    try:
        account = _account(request, credentials)
    except DatabaseError:
        log.exception("%s could not be recorded in the audit trail", action)
        return
    if account is not None:  # accounts are few: what strangers do with other names cannot push theirs out
        limits = {f"account {account.pk}": 50}
        record_often(action, limits=limits, actor=account.get_username(), target=account, result=result)
    else:
        limits = {f"address {audit.address_of(request)}": 20, "unknown names": 500}
        record_often(action, limits=limits, actor=UNKNOWN_NAME, result=result)


def _account(request, credentials: dict):
    """The account of the name that was typed, in any spelling that counts as the same."""
    from liangzhou.sign_in import normalised_username

    name = normalised_username(request, {"username": credentials.get("username") or ""})
    return get_user_model().objects.filter(username__iexact=name).first() if name else None
