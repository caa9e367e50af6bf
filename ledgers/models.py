"""Ledgers that were brought in: the file, its rows as they were read, and what is to become of each."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from liangzhou.models import ChangeBatch, Stamped
from projects.models import Project


class LedgerTemplate(Stamped):
    """What the columns of one bureau's ledger mean, as a clerk said once; known again by its headings."""

    name = models.CharField(_("name"), max_length=100, help_text=_("Whose ledger it is: 发改局月报表."))
    signature = models.CharField(_("headings"), max_length=64, unique=True, editable=False)
    meanings = models.JSONField(
        _("meanings"),
        default=dict,
        help_text=_("Heading → our column; empty where the column is left out."),
    )

    class Meta:
        verbose_name = _("ledger template")
        verbose_name_plural = _("ledger templates")
        ordering = ("name", "id")

    def __str__(self):
        return self.name


class LedgerImport(models.Model):
    """One file that somebody brought in. Nothing of it is in the ledger before it is `WRITTEN`."""

    class State(models.TextChoices):
        MAPPING = "mapping", _("columns to be named")
        CHECKING = "checking", _("being checked")
        READY = "ready", _("ready to be confirmed")
        WRITTEN = "written", _("written")
        UNDONE = "undone", _("taken back")
        DISCARDED = "discarded", _("discarded")

    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(_("fingerprint"), max_length=64)
    size = models.PositiveBigIntegerField(_("size (bytes)"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.CHECKING, db_index=True)
    at = models.DateTimeField(_("brought in at"), auto_now_add=True, db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("who")
    )
    template = models.ForeignKey(
        LedgerTemplate, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("ledger template")
    )
    sheets = models.JSONField(
        _("sheets"), default=list, help_text=_("Of each sheet: its name, its headings, what each column means.")
    )
    total_rows = models.PositiveIntegerField(_("rows"), default=0)
    checked_rows = models.PositiveIntegerField(_("rows checked"), default=0)
    enter_companies = models.BooleanField(
        _("enter unknown companies"),
        default=False,
        help_text=_("Companies that the ledger names and we do not know are entered too, unpublished."),
    )
    leave_out_wrong = models.BooleanField(
        _("leave rows with wrong cells out"),
        default=False,
        help_text=_("Otherwise nothing is written while any is wrong."),
    )
    override_reason = models.CharField(
        _("why stages are let through"),
        max_length=300,
        blank=True,
        help_text=_("Where given, a stage is taken over although facts that it requires are missing; logged."),
    )
    counts = models.JSONField(_("counts"), default=dict, blank=True)
    batch = models.OneToOneField(
        ChangeBatch, models.PROTECT, null=True, blank=True, related_name="ledger_import", verbose_name=_("batch")
    )

    class Meta:
        verbose_name = _("import of a ledger")
        verbose_name_plural = _("imports of ledgers")
        ordering = ("-id",)

    def __str__(self):
        return self.file_name

    @classmethod
    def batch_undone(cls, batch: ChangeBatch, undo: ChangeBatch) -> None:
        """Asked by `batches.undo`: an import whose batch is taken back is undone, until that is taken back too."""
        undone = True
        while batch.undoes:
            batch, undone = batch.undoes, not undone
        cls.objects.filter(batch=batch).update(state=cls.State.UNDONE if undone else cls.State.WRITTEN)


class LedgerRow(models.Model):
    """One row of a file as it was read, what it would change, and what is wrong with it."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("not checked yet")
        SKIPPED = "skipped", _("not a record")
        NEW = "new", _("new")
        CHANGED = "changed", _("changed")
        UNCHANGED = "unchanged", _("unchanged")
        CONFLICT = "conflict", _("conflict")
        DUPLICATE = "duplicate", _("duplicate")
        WRONG = "wrong", _("wrong")

    class Decision(models.TextChoices):
        LEAVE = "", _("leave it out")
        TAKE = "take", _("take what the file says")
        SAME = "same", _("it is that project: bring it up to date")
        OTHER = "other", _("it is another project: enter it")

    ledger_import = models.ForeignKey(
        LedgerImport, models.CASCADE, related_name="rows", verbose_name=_("import of a ledger")
    )
    sheet = models.PositiveSmallIntegerField(_("sheet"), default=0, help_text=_("From 0, in the order of the file."))
    number = models.PositiveIntegerField(_("row"), help_text=_("From 1, as spreadsheets count."))
    cells = models.JSONField(_("cells as they were read"), default=list)
    name = models.CharField(_("project"), max_length=200, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, default=Outcome.WAITING)
    decision = models.CharField(_("decision"), max_length=5, choices=Decision, default=Decision.LEAVE, blank=True)
    project = models.ForeignKey(
        Project,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
        verbose_name=_("project in the ledger"),
    )
    version = models.PositiveIntegerField(_("row version when checked"), null=True, blank=True)
    values = models.JSONField(_("what would be written"), default=dict, blank=True)
    changes = models.JSONField(_("changes"), default=list, blank=True)
    problems = models.JSONField(_("problems"), default=list, blank=True)

    class Meta:
        verbose_name = _("row of a ledger")
        verbose_name_plural = _("rows of ledgers")
        ordering = ("id",)
        indexes = [models.Index(fields=["ledger_import", "outcome", "id"], name="ledger_row_outcome")]

    def __str__(self):
        return f"{self.number} {self.name}"
