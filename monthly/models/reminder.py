"""Which reminders were sent to whom: none is sent twice."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Reminder(models.Model):
    """One matter that one person was reminded of in a digest."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="reminders", verbose_name=_("person")
    )
    kind = models.CharField(_("kind"), max_length=20)
    subject = models.CharField(_("subject"), max_length=80)  # what it is about, and since when: sent once for each
    sent_at = models.DateTimeField(_("sent at"))

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ("-id",)
        constraints = [models.UniqueConstraint(fields=["person", "kind", "subject"], name="reminder_once")]

    def __str__(self):
        return f"{self.kind} {self.subject}"
