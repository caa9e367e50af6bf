"""Abstract bases that every app shares. The tables of the site itself are in modules of their own, imported here."""

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models.functions import Length
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from liangzhou import search
from liangzhou.accounts import Account
from liangzhou.audit import AuditEntry, AuditHead
from liangzhou.batches import ChangeBatch, InBatch
from liangzhou.demo import DemoMark
from liangzhou.figures import show_figure
from liangzhou.money import MAX_DIGITS
from liangzhou.waiting import WaitingChange

__all__ = [
    "Account",
    "AuditEntry",
    "AuditHead",
    "ChangeBatch",
    "Coded",
    "DemoMark",
    "Measurement",
    "Publishable",
    "PublishableQuerySet",
    "Qualifier",
    "QuantityField",
    "Searchable",
    "SearchableQuerySet",
    "Slugged",
    "Stamped",
    "WaitingChange",
]


class Qualifier(models.TextChoices):
    """How a figure was stated by its source."""

    EXACT = "exact", _("exact")
    ABOUT = "about", _("about (约)")
    NEARLY = "nearly", _("nearly (近)")
    OVER = "over", _("over (余, 超)")
    AT_LEAST = "at_least", _("at least (以上)")
    REACHED = "reached", _("reached (达)")
    FORECAST = "forecast", _("forecast (预计)")


class QuantityField(models.DecimalField):
    """A quantity in one unit, which is shown with it; never negative (the model adds the constraint)."""

    def __init__(self, *args, unit: str = "", **kwargs):
        self.unit = unit
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "unit": self.unit}


class Stamped(models.Model):
    """When and by whom a row was entered and last changed, and how often (the row version).

    What a model may say about batches of changes (`batches/undo.py`), each where it is needed:
    IS_LOG: what a batch wrote of it stays when the batch is taken back. WRITTEN_BY_ACTS: nobody enters
    its rows, acts do; whoever may take the act back needs no rights on them. DERIVED: names of fields
    that follow from other rows. `after_bulk_write(pks)`: a class method that brings them up to
    date after rows, or parts of them, were written in bulk. `after_set_back(changes, *, by, reason)`:
    rows have got earlier values, [(row, column -> value until now)], for what must be logged.
    `stands_for(rows)`: key -> (model, key) of the record there is now that each of the rows, by key
    and as the history remembers them, stood for: the one comes back only where the other goes.
    `stand_ins(model, rows)`: the other way round, the keys of those that stand for rows that come back.
    `must_stay(plan)`: (model, pk, columns, sentence) of what the plan must leave alone, and why.
    """

    created_at = models.DateTimeField(_("entered at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last changed"), auto_now=True, db_index=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("entered by"),
    )
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("changed by"),
    )
    version = models.PositiveIntegerField(_("row version"), default=1, editable=False)
    history = HistoricalRecords(
        inherit=True, bases=[InBatch], excluded_fields=["search_text", "search_pinyin", "name_head", "name_tail"]
    )

    class Meta:
        abstract = True

    def stamp(self, by) -> None:
        """Note who is about to save this row and count the save; does not save."""
        if self.pk is None:
            self.created_by = by
        else:
            self.version += 1
        self.updated_by = by


class PublishableQuerySet(models.QuerySet):
    """Rows that may or may not be shown to the public."""

    def public(self):
        """The rows that everybody may see. Every public surface starts here."""
        return self.filter(published=True)


# What only the acts of publishing.py change
PUBLISHING = ("published", "published_at", "review", "review_note", "submitted_at", "submitted_by")


class Publishable(models.Model):
    """A row that the public sees only once it is published.

    `updated_by` is who changed its content last; acts of publishing leave it alone (publishing.py).
    """

    published = models.BooleanField(
        _("published"),
        default=False,
        db_index=True,
        help_text=_("Shown on the public pages and in the public exports."),
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)

    class Review(models.TextChoices):
        """How far a record that is not public is on its way to the public."""

        DRAFT = "", _("draft")
        SUBMITTED = "submitted", _("waits for publishing")
        RETURNED = "returned", _("returned")

    review = models.CharField(
        _("on the way to the public"), max_length=9, choices=Review, default=Review.DRAFT, blank=True, editable=False
    )
    review_note = models.CharField(_("why it was returned"), max_length=300, blank=True, editable=False)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True, editable=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("submitted by"),
    )

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if self.published and self.published_at is None:
            self.published_at = timezone.now()
            search.also_update(kwargs, "published_at")
        if not self.published and self.published_at is not None:
            self.published_at = None
            search.also_update(kwargs, "published_at")
        super().save(*args, **kwargs)

    @property
    def is_public(self) -> bool:
        """Whether everybody may see this row; the same rule as the QuerySet's `public()`."""
        return self.published

    def begin_again(self) -> None:
        """Make it a draft, as what was deleted comes back; does not save."""
        for name in PUBLISHING:
            setattr(self, name, self._meta.get_field(name).get_default())


class Coded(models.Model):
    """A row with a code of our own, given once and never reused by hand: `LZ000001`."""

    CODE_PREFIX = ""
    CODE_DIGITS = 6
    ATTEMPTS = 50  # one is lost for every code that somebody else was given meanwhile

    code = models.CharField(
        _("code"),
        max_length=20,
        unique=True,
        blank=True,
        editable=False,
        help_text=_("Given by the system; part of the permanent link."),
    )

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if self.code:
            super().save(*args, **kwargs)
            return
        for attempt in range(self.ATTEMPTS):  # two clerks may reach for the same number at once
            self.code = self.next_code()
            try:
                with transaction.atomic():
                    super().save(*args, **kwargs)
                return
            except IntegrityError:
                taken = type(self)._default_manager.filter(code=self.code).exists()
                self.code = ""
                if not taken or attempt == self.ATTEMPTS - 1:
                    raise

    @classmethod
    def next_code(cls) -> str:
        """The code after the highest one ever given, deleted rows included: a permanent link never changes hands."""
        pattern = rf"^{cls.CODE_PREFIX}[0-9]{{{cls.CODE_DIGITS},}}$"
        longest_first = (Length("code").desc(), "-code")
        given = [
            rows.filter(code__startswith=cls.CODE_PREFIX, code__regex=pattern)
            .order_by(*longest_first)
            .values_list("code", flat=True)
            .first()
            or cls.CODE_PREFIX + "0"
            for rows in (cls._default_manager, cls.history)
        ]
        latest = max(int(code[len(cls.CODE_PREFIX) :]) for code in given)
        return f"{cls.CODE_PREFIX}{latest + 1:0{cls.CODE_DIGITS}d}"


class Slugged(models.Model):
    """A row whose address is made of its name's pinyin, unless a clerk types a better one."""

    slug = models.SlugField(
        _("address"),
        max_length=80,
        unique=True,
        blank=True,
        help_text=_("Part of the link, in Latin letters; made from the name where left empty."),
    )

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self.slug:
            base = search.pinyin_slug(self.slug_source())[:70].rstrip("-") or self._meta.model_name
            taken = set(type(self)._default_manager.filter(slug__startswith=base).values_list("slug", flat=True))
            numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
            self.slug = base if base not in taken else next(slug for slug in numbered if slug not in taken)
            search.also_update(kwargs, "slug")
        super().save(*args, **kwargs)

    def slug_source(self) -> str:
        """The text that the address is made of."""
        return self.name


class Measurement(models.Model):
    """A named figure with its unit, or a named statement in words."""

    name = models.CharField(_("what is measured"), max_length=60)
    value = models.DecimalField(_("value"), max_digits=MAX_DIGITS, decimal_places=4, null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    qualifier = models.CharField(_("qualifier"), max_length=10, choices=Qualifier, default=Qualifier.EXACT)
    text = models.CharField(_("in words"), max_length=300, blank=True, help_text=_("Where it is not a figure."))
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        abstract = True
        ordering = ("position", "id")

    def __str__(self):
        return f"{self.name} {self.shown}".strip()

    @property
    def shown(self) -> str:
        """The figure with its qualifier and unit, or the statement: `500 吨/日`, `超 10 万吨`."""
        return show_figure(self.value, self.unit, self.qualifier) if self.value is not None else self.text


class SearchableQuerySet(models.QuerySet):
    """Rows that can be found by words in Chinese or by pinyin."""

    def search(self, text: str):
        """The rows whose own text holds every word of the query; all rows for an empty query."""
        found = self
        for term in search.terms(text):
            found = found.filter(search_text__holds=term)
        return found

    def search_with_pinyin(self, text: str):
        """As `search`, where a word in Latin letters may also be pinyin, full or initials (for staff)."""
        found = self
        for term in search.terms(text):
            found = found.filter(models.Q(search_text__holds=term) | models.Q(search_pinyin__holds=term))
        return found

    def bulk_create(self, objs, *args, **kwargs):
        objs = list(objs)
        for obj in objs:
            obj.fill_search()
        return super().bulk_create(objs, *args, **kwargs)

    def bulk_update(self, objs, fields, *args, **kwargs):
        objs = list(objs)
        for obj in objs:
            obj.fill_search()
        return super().bulk_update(objs, {*fields, *self.model.COMPUTED}, *args, **kwargs)


class Searchable(models.Model):
    """A row that search finds by the fields that SEARCHED names."""

    SEARCHED: tuple[str, ...] = ("name",)
    COMPUTED = ("search_text", "search_pinyin")

    search_text = search.SearchTextField()
    search_pinyin = search.SearchTextField()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        self.fill_search()
        search.also_update(kwargs, *self.COMPUTED)
        super().save(*args, **kwargs)

    def fill_search(self) -> None:
        """Compute what search looks in. The first searched field is the name; only it has pinyin."""
        texts = [str(getattr(self, name) or "") for name in self.SEARCHED]
        self.search_text = search.normalise(" ".join(texts))
        self.search_pinyin = search.pinyin(texts[0])
