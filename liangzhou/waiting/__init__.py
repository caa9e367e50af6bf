"""Changes of published records that wait for a second pair of eyes (settings.REVIEW_CHANGES)."""

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from liangzhou import audit, permissions
from liangzhou.audit import Action
from liangzhou.roles import PUBLISHABLE


class WaitingChangeQuerySet(models.QuerySet):
    """Changes of published records, decided or not."""

    def of(self, record):
        """Those of one record."""
        kind = ContentType.objects.get_for_model(record)
        return self.filter(content_type=kind, object_id=record.pk)

    def waiting(self):
        """Those that somebody still has to decide on."""
        return self.filter(state=WaitingChange.State.WAITING)

    def returned_to(self, user):
        """Those that somebody has to look at again: returned, and not followed by another one of theirs."""
        newer = WaitingChange.objects.filter(
            submitted_by=user, content_type=OuterRef("content_type"), object_id=OuterRef("object_id")
        )
        mine = self.filter(submitted_by=user, state=WaitingChange.State.RETURNED)
        return mine.exclude(Exists(newer.filter(pk__gt=OuterRef("pk"))))

    def decidable_by(self, user):
        """Those that somebody may agree to or return; `permissions.why_not_decide` says of one why not."""
        wanted = [model for model in map(apps.get_model, PUBLISHABLE) if permissions.may(user, "publish", model)]
        found = Q(pk__in=[])
        for model, kind in ContentType.objects.get_for_models(*wanted).items():
            keys = permissions.visible(user, model._default_manager.order_by(), "publish").values("pk")
            found |= Q(content_type=kind, object_id__in=keys)
        rows = self.waiting().filter(found)
        return rows.exclude(submitted_by=user) if settings.PUBLISHER_IS_NOT_EDITOR else rows


class WaitingChange(models.Model):
    """What somebody typed into the form of a published record, not written before somebody else agrees."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waits for review")
        APPROVED = "approved", _("approved")
        RETURNED = "returned", _("returned")
        DROPPED = "dropped", _("dropped")

    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+", verbose_name=_("kind of record"))
    object_id = models.PositiveBigIntegerField(_("key of the record"))
    record = GenericForeignKey("content_type", "object_id")
    label = models.CharField(_("record"), max_length=200)
    typed = models.JSONField(_("what was typed"), default=dict, help_text=_("Names of form fields → lists of texts."))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING, db_index=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("changed by")
    )
    submitted_at = models.DateTimeField(_("submitted at"), auto_now_add=True)
    note = models.CharField(_("note"), max_length=300, blank=True, help_text=_("Why it was returned."))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    objects = WaitingChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change under review")
        verbose_name_plural = _("changes under review")
        ordering = ("-id",)
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id"],
                condition=models.Q(state="waiting"),
                name="one_change_waits_per_record",
            )
        ]

    def __str__(self):
        return self.label

    @property
    def is_waiting(self) -> bool:
        """Whether somebody still has to decide on it."""
        return self.state == self.State.WAITING


# Acts: the record is locked by the caller, before the change, so that two who act at once wait for each other


def concerning(record, user) -> WaitingChange | None:
    """The change of a record that waits, whoever typed it; else the one that came back to this user."""
    changes = WaitingChange.objects.of(record).select_related("submitted_by", "decided_by")
    return changes.waiting().first() or changes.returned_to(user).first()


@transaction.atomic
def submit(record, typed: dict[str, list[str]], *, by) -> WaitingChange:
    """Keep what was typed until somebody else agrees. One's own change that waits already is replaced."""
    replaced = list(WaitingChange.objects.of(record).waiting().select_for_update())
    for earlier in replaced:
        _settle(earlier, WaitingChange.State.DROPPED, by=by)
    change = WaitingChange(record=record, label=str(record)[:200], typed=typed, submitted_by=by)
    change.save(force_insert=True)
    details = {"replaces": [earlier.pk for earlier in replaced]} if replaced else {}
    audit.record(Action.SUBMIT, by=by, target=record, change=change.pk, **details)
    return change


@transaction.atomic
def approved(change: WaitingChange, *, by) -> None:
    """Note that it was agreed to and written."""
    _settle(change, WaitingChange.State.APPROVED, by=by)
    audit.record(Action.PUBLISH, by=by, target=_target(change), change=change.pk)


@transaction.atomic
def send_back(change: WaitingChange, *, by, note: str) -> None:
    """Return it to who typed it, with what is wrong."""
    _settle(change, WaitingChange.State.RETURNED, by=by, note=note)
    audit.record(Action.RETURN, by=by, target=_target(change), change=change.pk)


@transaction.atomic
def drop(change: WaitingChange, *, by) -> None:
    """Give it up: nothing of it is written."""
    _settle(change, WaitingChange.State.DROPPED, by=by)
    audit.record(Action.UNDO, by=by, target=_target(change), change=change.pk)


def _settle(change: WaitingChange, state: str, *, by, note: str = "") -> None:
    change.state, change.decided_by, change.decided_at = state, by, timezone.now()
    if note:
        change.note = note
    change.save(update_fields=["state", "decided_by", "decided_at", "note"])


def _target(change: WaitingChange):
    return change.record or change
