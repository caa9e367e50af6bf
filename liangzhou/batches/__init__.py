"""Acts that change many rows at once, each known by one batch in the history of every row it touched."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

NAMED = 3  # in a label

_current: ContextVar[int | None] = ContextVar("change_batch", default=None)


def current_batch() -> int | None:
    """The key of the batch that is being written, None outside of one; the default of every history row."""
    return _current.get()


class ChangeBatch(models.Model):
    """One act that changed many rows, or one row in a way that can be taken back whole."""

    class Kind(models.TextChoices):
        IMPORT = "import", _("import of a ledger")
        PUBLISH = "publish", _("publishing")
        UNPUBLISH = "unpublish", _("withdrawal")
        DELETE = "delete", _("deletion")
        MERGE = "merge", _("merging of two projects")
        RESTORE = "restore", _("return to an earlier version")
        UNDO = "undo", _("taking back")
        SHEET = "sheet", _("month's sheet")

    kind = models.CharField(_("act"), max_length=10, choices=Kind)
    label = models.CharField(_("of what"), max_length=200, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    at = models.DateTimeField(_("when"), auto_now_add=True, db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("who")
    )
    undoes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="undone_by", verbose_name=_("takes back")
    )

    class Meta:
        verbose_name = _("batch of changes")
        verbose_name_plural = _("batches of changes")
        ordering = ("-id",)

    def __str__(self):
        return f"{self.get_kind_display()} · {self.label}" if self.label else str(self.get_kind_display())


class InBatch(models.Model):
    """What every history row has beside the fields of its record."""

    history_batch = models.ForeignKey(
        ChangeBatch, models.SET_NULL, null=True, blank=True, default=current_batch, related_name="+"
    )

    class Meta:
        abstract = True


@contextmanager
def change_batch(kind: str, *, by, label: str = "", reason: str = "", undoes=None) -> Iterator[ChangeBatch]:
    """Every history row written inside belongs to one new batch; all of it is written, or nothing."""
    with transaction.atomic():
        batch = ChangeBatch.objects.create(kind=kind, by=by, label=label[:200], reason=reason[:300], undoes=undoes)
        token = _current.set(batch.pk)
        try:
            yield batch
        finally:
            _current.reset(token)


def label_of(records: list) -> str:
    """What a batch is called that touches these records: the first names."""
    names = "、".join(str(record) for record in records[:NAMED])
    return f"{names}…" if len(records) > NAMED else names
