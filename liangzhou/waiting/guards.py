"""Where changes wait for review: what of a published record may still be changed at once, and no way around it."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from liangzhou import permissions
from liangzhou.batches.undo_plan import Plan, wholes
from liangzhou.history.changes import name_of
from liangzhou.models import PUBLISHING, Publishable

# Neither shown to the public nor used to find, sort or address what is shown
INTERNAL_FIELDS = {
    "projects.project": ("status_reason", "internal_remark", "contract_amount", "signing_event"),
    "enterprises.enterprise": ("credit_code_reason", "internal_remark"),
}
INTERNAL_PARTS = (
    "projects.creditshare",
    "projects.stagechange",
    "projects.formercode",
    "projects.notthesame",
    "projects.instruction",
    "projects.assignment",
    "monthly.fundingrecord",
    "monthly.investmentrecord",
    "monthly.progressreport",
    "monthly.progressphoto",
    "monthly.annualplan",
    "monthly.exemption",
    "enterprises.contact",
)


def is_internal(model, names=None) -> bool:
    """Whether a change of rows of this kind, in these fields only (None: in any), is nothing the public could see."""
    if model._meta.label_lower in INTERNAL_PARTS:
        return True
    return names is not None and set(names) <= set(INTERNAL_FIELDS.get(model._meta.label_lower, ()))


def why_not_around(row) -> str:
    """Why a record, or a part of one, must not be changed outside of its record's form, where the change would wait."""
    if not settings.REVIEW_CHANGES or is_internal(type(row)):
        return ""
    record = next(iter(_public([(type(row), row.pk), *wholes(row, type(row))])), None)
    return _sentence(record) if record is not None else ""


def why_not_take_away(user, row) -> str:
    """Why somebody must not take a record from the public, by whatever act, in a sentence; empty where they may."""
    if not getattr(row, "published", False) or permissions.may(user, "publish", row):
        return ""
    return _("“%(name)s” is public: somebody who may publish must withdraw it first.") % {"name": name_of(row)}


def why_not_delete(user, row) -> str:
    """Why somebody must not delete a record, or a part of it outside of its record's form."""
    if permissions.waits_for_review(row):
        return _("“%(name)s” is public: withdraw it first, then delete it.") % {"name": name_of(row)}
    return why_not_take_away(user, row) or why_not_around(row)


def refuse_undo(plan: Plan) -> None:
    """Raises ValidationError where taking a batch back would change what the public sees of a record."""
    if not settings.REVIEW_CHANGES:
        return
    reached = set()
    for model, share in plan.shares.items():
        if is_internal(model):
            continue
        keys = set(share.delete) | set(share.create)
        keys |= {pk for pk, values in share.set_back.items() if not _is_unseen(model, values)}
        reached |= _with_wholes(model, keys)
    for record in _public(reached):
        raise ValidationError(_sentence(record))


def _is_unseen(model, values: dict) -> bool:
    """Whether a change of these columns is internal, or an act of publishing, which asks for a right of its own."""
    return is_internal(model, set(values) - {*PUBLISHING, "submitted_by_id"})


def _with_wholes(model, keys: set) -> set[tuple]:
    found = {(model, pk) for pk in keys}
    for row in model._base_manager.filter(pk__in=keys):
        found |= set(wholes(row, model))
    for past in model.history.filter(**{f"{model._meta.pk.attname}__in": keys}, history_type="-"):
        found |= set(wholes(past, model))
    return found


def _public(keys) -> list:
    """The published records among (model, key) pairs."""
    by_kind: dict = {}
    for model, pk in keys:
        if issubclass(model, Publishable):
            by_kind.setdefault(model, set()).add(pk)
    return [row for model, pks in by_kind.items() for row in model._base_manager.filter(pk__in=pks, published=True)]


def _sentence(record) -> str:
    said = _(
        "“%(name)s” is public, and changes of public records wait for review. "
        "Change it in its own form, or withdraw it first."
    )
    return said % {"name": name_of(record)}
