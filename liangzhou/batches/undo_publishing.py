"""What taking a batch back shows to the public, or takes from it: who may, what must not, what the trail says."""

from copy import copy

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from liangzhou import permissions, publishing
from liangzhou.audit import Action
from liangzhou.batches.undo_plan import Plan, Share, in_chunks
from liangzhou.models import Publishable
from liangzhou.publishing.since import changed_since
from liangzhou.waiting.guards import why_not_take_away


def refuse(plan: Plan, by) -> None:
    """Raises ValidationError where `by` may not publish, or take from the public, what the plan would."""
    for share in _publishable(plan):
        shown = {pk for pk, values in share.set_back.items() if values.get("published")}
        hidden = {pk for pk, values in share.set_back.items() if values.get("published") is False} | share.delete
        for chunk in in_chunks(sorted(shown)):
            _refuse_showing(plan, share, chunk, by)
        for chunk in in_chunks(sorted(hidden)):
            for row in share.model._base_manager.filter(pk__in=chunk, published=True):
                if refusal := why_not_take_away(by, row):
                    raise ValidationError(refusal)


def _refuse_showing(plan: Plan, share: Share, pks: list, by) -> None:
    """Public becomes only what was: what somebody wrote since goes the way that everything goes."""
    key = share.model._meta.pk.attname
    written = share.model.history.filter(history_batch=plan.batch, **{f"{key}__in": pks}).order_by("history_id")
    changed = changed_since(share.model, {getattr(past, key): past for past in written})
    for row in share.model._base_manager.filter(pk__in=pks).order_by("pk"):
        _refuse(row, permissions.why_not_publish(by, row))
        if row.pk in changed:
            _refuse(row, _("It was changed since: submit it for publishing."))
        future = copy(row)
        for column, value in share.set_back[row.pk].items():
            setattr(future, column, value)
        _refuse(row, publishing.why_not_public(future))


def _refuse(row, reason: str) -> None:
    if reason:
        raise ValidationError(_("%(name)s: %(reason)s") % {"name": row, "reason": reason})


def why_comes_back_as_draft(row, by) -> str:
    """Why a record that was public when it was deleted comes back as a draft; empty where it comes back public."""
    return permissions.why_not_publish(by, row) or publishing.why_not_public(row)


def _publishable(plan: Plan) -> list[Share]:
    return [share for model, share in plan.shares.items() if issubclass(model, Publishable)]


class Seen:
    """What the public sees of the records of a plan before it is carried out, for the trail."""

    def __init__(self, plan: Plan):
        self.shares = _publishable(plan)
        self.before = {share.model: self._public(share) for share in self.shares}

    def tell(self, *, by, batch) -> None:
        """Note in the audit trail what was published by it, and what was withdrawn."""
        for share in self.shares:
            before, now = self.before[share.model], self._public(share)
            for action, rows in ((Action.PUBLISH, now), (Action.WITHDRAW, before)):
                told = [row for pk, row in sorted(rows.items()) if pk not in (before if rows is now else now)]
                if told:
                    publishing.record_done(action, share.model, told, by=by, batch=batch.pk)

    @staticmethod
    def _public(share: Share) -> dict:
        keys = {pk for pk, values in share.set_back.items() if "published" in values}
        found = {}
        for chunk in in_chunks(sorted({*keys, *share.delete, *share.create})):
            found |= share.model._base_manager.filter(published=True).in_bulk(chunk)
        return found
