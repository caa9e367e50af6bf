"""What holds from a date to a date, or until further notice."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

IN_ORDER = _("It cannot end before it begins.")


class LastingQuerySet(models.QuerySet):
    """Rows that hold from a date to a date."""

    def on(self, day: date):
        """Those that hold on a day."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)


class Lasting(models.Model):
    """A row that holds from `since` to `until`; the model has the two dates, and the constraint `in_order`."""

    class Meta:
        abstract = True

    def clean(self):
        super().clean()
        if self.until and self.since and self.until < self.since:
            raise ValidationError({"until": IN_ORDER})


def in_order(name: str) -> models.CheckConstraint:
    """The constraint that a Lasting row does not end before it begins."""
    return models.CheckConstraint(
        name=name,
        condition=Q(until__isnull=True) | Q(until__gte=F("since")),
        violation_error_message=IN_ORDER,
    )
