"""The stages of a project in order, its statuses, and which of them the public sees."""

from django.db import models
from django.db.models import Case, Value, When
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    """How far a project has come, in order."""

    RESERVE = "reserve", _("reserve (储备)")
    LEAD = "lead", _("lead (线索)")
    NEGOTIATING = "negotiating", _("negotiating (在谈)")
    SIGNED = "signed", _("signed (签约)")
    LANDED = "landed", _("landed (落地)")
    STARTED = "started", _("started (开工)")
    BUILDING = "building", _("building (在建)")
    PRODUCING = "producing", _("producing (投产)")
    AT_CAPACITY = "at_capacity", _("at capacity (达产)")

    @property
    def order(self) -> int:
        """Its place in the row, from 0."""
        return list(type(self)).index(self)


class Status(models.TextChoices):
    """Whether a project goes on; aside from its stage."""

    NORMAL = "normal", _("normal")
    PAUSED = "paused", _("paused")
    TERMINATED = "terminated", _("terminated")


# From the signing on; reserve, leads and negotiations are internal (DOMAIN: public, internal).
PUBLIC_STAGES = tuple(stage for stage in Stage if stage.order >= Stage.SIGNED.order)


def stage_order() -> Case:
    """`Stage.order` in SQL."""
    return Case(
        *(When(stage=stage, then=Value(stage.order)) for stage in Stage), output_field=models.SmallIntegerField()
    )
