"""Changes of published records that wait for a second pair of eyes (settings.REVIEW_CHANGES)."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _


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
