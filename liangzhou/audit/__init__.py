"""The audit trail: who did what, when, from where, to what, with what result. Rows are added, never changed.

Each row carries the hash of the one before it (audit/chain.py); the database refuses to change
or remove rows (audit/table.py).
"""

import unicodedata
from contextvars import ContextVar
from datetime import datetime

from django.db import models, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from liangzhou.audit import chain as audit_chain

LONGEST = 200
MOST_ITEMS, DEEPEST = 500, 5  # of one list or dict of details, and inside each other
BIGGEST = 2**63  # what readers of JSON in other languages still count exactly ends far below
END_BROKEN = "end_was_broken"  # a detail of the entry that was written where the end of the trail did not hold
HIGHEST = 2**62  # numbers beyond are nobody's: a row that was slipped in with one must not stop the trail

current_request: ContextVar = ContextVar("audited_request", default=None)  # set by AuditMiddleware


class Action(models.TextChoices):
    """What was done, or tried."""

    SIGN_IN = "sign_in", _("signing in")
    SIGN_OUT = "sign_out", _("signing out")
    LOCKED_OUT = "locked_out", _("locked out")
    SIGN_IN_UNLOCKED = "unlocked", _("sign-in unlocked")
    SECOND_FACTOR = "second_factor", _("second factor asked")
    SECOND_FACTOR_CHANGED = "factor_changed", _("second factor changed")
    PASSWORD_CHANGED = "password", _("password changed")
    ACCOUNT_CHANGED = "account", _("account changed")
    RIGHTS_CHANGED = "rights", _("rights changed")
    REFUSED = "refused", _("access refused")
    EXPORT = "export", _("export")
    IMPORT = "import", _("import")
    SUBMIT = "submit", _("submitted for publishing")
    PUBLISH = "publish", _("published")
    RETURN = "return", _("returned")
    WITHDRAW = "withdraw", _("withdrawn")
    LOCK = "lock", _("month locked")
    UNLOCK = "unlock", _("month opened again")
    DELETE = "delete", _("deleted")
    MERGE = "merge", _("merged")
    RESTORE = "restore", _("return to an earlier version")
    UNDO = "undo", _("taken back")
    PERSONAL_READ = "personal_read", _("personal data read")
    PERSONAL_FORGOTTEN = "forgotten", _("personal data erased")
    ARCHIVE = "archive", _("audit trail archived")


class Result(models.TextChoices):
    """How it ended."""

    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    REFUSED = "refused", _("refused")


class AuditEntry(models.Model):
    """One act of one person, as it was when it happened. Names are copied: accounts and records may go."""

    number = models.PositiveBigIntegerField(_("number"), primary_key=True)
    at = models.DateTimeField(_("when"), db_index=True)
    actor_id = models.PositiveBigIntegerField(_("account number"), null=True, db_index=True)
    actor = models.CharField(_("who"), max_length=LONGEST, blank=True)
    address = models.CharField(_("from where"), max_length=45, blank=True, help_text=_("Network address."))
    action = models.CharField(_("what was done"), max_length=16, choices=Action, db_index=True)
    target_kind = models.CharField(_("kind of record"), max_length=100, blank=True)
    target_id = models.CharField(_("key of the record"), max_length=40, blank=True)
    target = models.CharField(_("of what"), max_length=LONGEST, blank=True)
    result = models.CharField(_("result"), max_length=8, choices=Result)
    details = models.JSONField(_("details"), default=dict, blank=True)
    previous_hash = models.CharField(_("hash of the entry before"), max_length=64)
    hash = models.CharField(_("hash"), max_length=64)

    class Meta:
        verbose_name = _("entry of the audit trail")
        verbose_name_plural = _("audit trail")
        ordering = ("-number",)
        default_permissions = ("view",)

    def __str__(self):
        return f"{self.number} {self.get_action_display()}"


class AuditHead(models.Model):
    """The last entry that was written, sealed: entries missing at the end show. One row; its lock orders writers."""

    number = models.PositiveBigIntegerField(_("number"), default=0)
    hash = models.CharField(_("hash"), max_length=64, default=audit_chain.BEGINNING)
    seal = models.CharField(_("seal"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("end of the audit trail")
        verbose_name_plural = _("end of the audit trail")
        default_permissions = ()

    def __str__(self):
        return str(self.number)


@transaction.atomic
def record(action: str, *, by=None, target=None, result: str = Result.DONE, actor: str = "", **details) -> AuditEntry:
    """Add one entry to the trail, in the transaction that is open: the act and its entry are kept together.

    `by` is the user, of the present request where not given; `actor` a name that was typed, where nobody
    is signed in. `target` is a record, a model class or a text. `details` hold plain values, lists and dicts
    of them: never passwords, phones or names of contacts. Others wait from here to the end of the transaction,
    so write it last. What is refused is written outside of the transaction that is rolled back. Raises what the
    database raises: an act that cannot be recorded must not happen.
    """
    request = current_request.get()
    user = by if by is not None else _user_of(request)
    head, number, previous_hash, broken = _end()
    entry = AuditEntry(
        number=number,
        at=_now(),
        actor_id=user.pk if user else None,
        actor=_clean(user.get_username() if user else actor),
        address=address_of(request),
        action=action,
        result=result,
        details=_plain(details) | ({END_BROKEN: True} if broken else {}),
        previous_hash=previous_hash,
        **_named(target),
    )
    entry.hash = audit_chain.hash_of(entry)
    entry.save(force_insert=True)
    seal = audit_chain.seal_of(entry.number, entry.hash)
    AuditHead.objects.filter(pk=head).update(number=entry.number, hash=entry.hash, seal=seal)
    return entry


def _now() -> datetime:
    """The present moment, to the millisecond: `dumpdata` carries no more, and the hash must hold after `loaddata`."""
    now = timezone.now()
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def _end() -> tuple[int, int, str, bool]:
    """The end of the trail, locked: (its key, number of the next entry, hash before it, whether it was tampered with).

    A tampered end must not stop the site, and must not heal unseen: the next entry carries a mark that
    `verify_audit` finds, under the hash of that entry.
    """
    head = AuditHead.objects.select_for_update().order_by("pk").first()
    if head is None:
        AuditHead.objects.get_or_create(pk=1)  # whoever is first makes it; the others wait for it
        head = AuditHead.objects.select_for_update().get(pk=1)
    is_sealed = audit_chain.is_sealed(head.number, head.hash, head.seal)
    if not is_sealed or head.number == 0:
        last = _last_entry()
        number, last_hash = (last.number, last.hash) if last else (0, audit_chain.BEGINNING)
        return head.pk, number + 1, last_hash, bool(last) or not is_sealed
    if AuditEntry.objects.filter(number=head.number + 1).exists():  # somebody wrote rows without the application
        return head.pk, max(_last_entry().number, head.number) + 1, head.hash, True
    return head.pk, head.number + 1, head.hash, False


def _last_entry() -> AuditEntry | None:
    return AuditEntry.objects.filter(number__lt=HIGHEST).order_by("-number").first()


def _user_of(request):
    user = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated else None


def address_of(request) -> str:
    """The network address a request came from; empty where there is none."""
    from liangzhou.sign_in import client_address

    return (client_address(request) or "") if request is not None else ""


def _named(target) -> dict:
    if target is None:
        return {}
    if isinstance(target, str | Promise):
        return {"target": _clean(str(target))}
    kind = target._meta.label_lower
    if isinstance(target, type):
        return {"target_kind": kind}
    return {"target_kind": kind, "target_id": _clean(str(target.pk))[:40], "target": _clean(str(target))}


# Controls (PostgreSQL refuses null, logs trip over line ends), invisible marks (a name could be shown backwards),
# halves of characters, ends of lines and paragraphs
_UNPRINTED = ("Cc", "Cf", "Cs", "Zl", "Zp")


def _clean(text: str) -> str:
    return "".join(" " if unicodedata.category(c) in _UNPRINTED else c for c in text[: 2 * LONGEST])[:LONGEST]


def _plain(value, depth: int = 0):
    """A detail as JSON keeps it on every database: texts, whole numbers, true, false, null, lists and dicts."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value) if -BIGGEST <= value < BIGGEST else _clean(f"{value:x}")
    if depth < DEEPEST and isinstance(value, dict):
        items = list(value.items())[:MOST_ITEMS]
        left = {"\u2026": len(value) - MOST_ITEMS} if len(value) > MOST_ITEMS else {}
        return {_clean(str(key)): _plain(item, depth + 1) for key, item in items} | left
    if depth < DEEPEST and isinstance(value, list | tuple | set | frozenset):
        items = list(value)[:MOST_ITEMS]
        left = [f"\u2026 +{len(value) - MOST_ITEMS}"] if len(value) > MOST_ITEMS else []
        return [*(_plain(item, depth + 1) for item in items), *left]
    return _clean(str(value))
